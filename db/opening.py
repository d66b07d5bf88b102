"""Opening a store: look at what it stands on, back it up before its schema changes, bring it to the newest schema."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from db.backup import backup
from db.catalogue import load_catalogue
from db.distribution import undistributed
from db.engine import StoreError
from db.indexes import missing
from db.reference import in_step
from db.revisions import NEWER, head, is_known, revision_of
from db.roles import role_faults
from db.settings import Settings
from db.surroundings import (
    NO_SPACE,
    Fault,
    clock_fault,
    free_bytes,
    library_fault,
    read_only,
    share_fault,
    space_fault,
)

log = logging.getLogger(__name__)
BACKUPS = "backups"


def open_store(engine: sa.Engine, *, loading: bool = False) -> tuple[Fault, ...]:
    """Checks the surroundings, backs an older store up and migrates it; returns what is worth a warning. Indexes that a load
    has left out are built, unless it is `loading` again.

    Raises StoreError with the sentence where the store must not be opened: on a network share, with a clock a day
    behind, of a newer program, or where the backup before a change of schema cannot be made."""
    faults = look_around(engine)
    for fault in faults:
        if fault.refuses:
            raise StoreError(fault.sentence)
        log.warning("%s", fault.sentence, extra={"fault": fault.code})
    with engine.connect() as connection:
        held = revision_of(connection)
        ready = held == head() and (loading or not missing(connection))
        if ready and in_step(connection, load_catalogue()) and not undistributed(connection):
            return faults
    if held is not None and held != head():
        before_upgrade(engine, held)
    from db.migrations import upgrade  # Alembic and the sums, which a store that needs neither does not wait for

    upgrade(engine)
    return faults


def _roles(engine: sa.Engine) -> tuple[Fault, ...]:
    if engine.dialect.name != "postgresql":
        return ()
    with engine.connect() as connection:
        if revision_of(connection) != head():
            return ()  # not made or migrated yet; whoever migrates it must own it anyway
    return role_faults(engine)


def look_around(engine: sa.Engine) -> tuple[Fault, ...]:
    """Every fault of library, disk, clock and schema; an empty tuple where all is well."""
    found: list[Fault | None] = []
    path = store_file(engine)
    if engine.dialect.name == "sqlite":
        found.append(library_fault())
    if path is not None:
        found.append(share_fault(path))
    found.append(space_fault(folder_of(engine)))
    with engine.connect() as connection:
        held = revision_of(connection)
        if held is not None and not is_known(held):
            found.append(Fault("schema", NEWER, refuses=True))
        elif held is not None and set(_STAMPED) <= set(sa.inspect(connection).get_table_names()):
            found.append(clock_fault(connection))
    return (*(fault for fault in found if fault is not None), *_roles(engine))


_STAMPED = ("import_batch", "audit_event")


def before_upgrade(engine: sa.Engine, held: str) -> Path:
    """The copy of a store of revision `held`, made before it is migrated. Raises StoreError where it cannot be made."""
    folder = folder_of(engine) / BACKUPS
    path, size = store_file(engine), 0
    if path is not None:
        size = path.stat().st_size
        free = free_bytes(path.parent)
        if free is not None and free < 2 * size + NO_SPACE:
            raise StoreError(
                f"数据库要升级结构,升级前须先备份,约需 {(2 * size + NO_SPACE) / 1e6:.0f} MB 空间,"
                f"{path.parent} 只剩 {free / 1e6:.0f} MB。请清理磁盘后重试,数据没有改动。"
            )
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    ending = "sqlite3" if engine.dialect.name == "sqlite" else "dump"
    try:
        made = backup(engine, folder / f"before-{held}-to-{head()}-{stamp}.{ending}")
    except StoreError as fault:
        raise StoreError(f"升级数据库结构前的备份没有成功,数据没有改动。{fault}") from fault
    log.warning("升级数据库结构(%s 到 %s),已先备份到 %s。", held, head(), made)
    return made


def unready(engine: sa.Engine) -> tuple[str, ...]:
    """Why the store cannot be worked with right now, as codes for the log; empty where it can."""
    try:
        with engine.connect() as connection:
            if revision_of(connection) != head():
                return ("schema",)
            if engine.dialect.name == "postgresql":
                off = connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
                return ("read_only",) if off else ()
    except Exception as error:
        return (f"database: {type(error).__name__}",)
    path = store_file(engine)
    if path is not None and (read_only(path) or read_only(path.parent)):
        return ("read_only",)
    free = free_bytes(folder_of(engine))
    return ("space",) if free is not None and free < NO_SPACE else ()


def store_file(engine: sa.Engine) -> Path | None:
    """The file of a SQLite store; None for one in memory and for PostgreSQL."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def folder_of(engine: sa.Engine) -> Path:
    """Where the store's automatic backups go: beside a SQLite file, else into the data folder."""
    path = store_file(engine)
    return path.parent if path is not None else Settings.from_environment().data_dir
