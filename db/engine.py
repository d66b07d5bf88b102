"""URL to Engine. SQLite: WAL, synchronous FULL, writers take their lock at once. PostgreSQL: psycopg 3."""

from __future__ import annotations

import logging
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from db.faults import sentence_of
from db.settings import Settings, with_driver
from db.versions import watch

log = logging.getLogger(__name__)

SAFE_SQLITE = (3, 51, 3)  # earlier ones can corrupt a WAL store when two processes reset the log at once
BUSY_MS = 10_000
RUNS = 75  # connections above those that wait in the pool: each run of a page holds one until its end
WRITER_LOCK = 0x6564755F  # PostgreSQL advisory lock: one writer at a time, as in SQLite
_WRITES = "edu_writes"
SPREAD = (
    "edu_spread"  # of a connection: whether its tables lie on several nodes (db.distribution); not there until asked
)


class StoreError(Exception):
    """A fault of the store that a person can mend; the message is a Chinese sentence that says how."""


def make_engine(url: str | None = None, *, sees_everything: bool = True) -> sa.Engine:
    """The engine of a URL (default: the settings). On PostgreSQL its connections see every row, also under a role that row
    security holds for; without `sees_everything` such a role sees nothing until a transaction says its scope.
    Raises StoreError where the URL or path is unusable."""
    text = with_driver(url) if url else Settings.from_environment().database_url
    try:
        parsed = make_url(text)
    except ArgumentError as error:
        raise StoreError(
            "数据库地址写法不对,请检查 EDU_DATABASE_URL,例如 postgresql://用户:密码@主机/库名。"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    if parsed.get_backend_name() == "postgresql":
        # Readers see one state from their first to their last query; writers wait for their turn instead.
        engine = sa.create_engine(parsed, isolation_level="REPEATABLE READ", pool_pre_ping=True, max_overflow=RUNS)
        sa.event.listen(engine, "connect", _without_compiling)
        if sees_everything:
            sa.event.listen(engine, "connect", _say_everything)
        watch(engine)
        return engine
    raise StoreError(f"不支持数据库类型 {parsed.get_backend_name()},请使用 sqlite 或 postgresql。")


@contextmanager
def write(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One write transaction: it waits for other writers at its start, commits whole or leaves nothing.

    Raises StoreError where the disk is full or read-only, or the database busy or gone; nothing is stored then."""
    try:
        with _writing(engine) as connection:
            yield connection
    except DBAPIError as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        raise StoreError(sentence) from error


@contextmanager
def _writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as raw:
        if engine.dialect.name == "sqlite":
            with raw.execution_options(**{_WRITES: True}) as connection, connection.begin():
                yield connection
            return
        with raw.execution_options(isolation_level="READ COMMITTED") as connection, connection.begin():
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK), _one_way()))
            yield connection


def _one_way() -> sa.ColumnElement[str]:
    """Until the transaction ends, Citus uses one connection to each node, which sees all that was written before; to a plain
    PostgreSQL it is a word without meaning."""
    return sa.func.set_config("citus.multi_shard_modify_mode", "sequential", True)


def settle(engine: sa.Engine, seconds: float = 20.0) -> bool:
    """Before the program ends: wait for a write in progress, put SQLite's log into its file, close what is open. False
    where the write went on longer than `seconds`; it is then undone when the process ends, as by any crash."""
    try:
        if engine.dialect.name == "sqlite":
            raw = engine.raw_connection()
            try:
                driver: Any = raw.driver_connection
                driver.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
                driver.execute("BEGIN IMMEDIATE")
                driver.execute("ROLLBACK")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()
        else:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK)))
    except Exception as error:  # whatever it is, the program is ending; pysqlite3's errors are not those of sqlite3
        log.warning("the store was not settled: %s", type(error).__name__)
        return False
    finally:
        engine.dispose()
    return True


def moment() -> datetime:
    """Now, in UTC, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _sqlite_engine(url: URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        _make_folder(Path(url.database))
    held = {} if url.database in (None, "", ":memory:") else {"max_overflow": RUNS}
    engine = sa.create_engine(url, module=sqlite_module(), **held)
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    watch(engine)
    return engine


def sqlite_module() -> ModuleType:
    """The bundled SQLite where it is installed, else the one of Python with a warning when it is too old."""
    try:
        import pysqlite3.dbapi2 as bundled
    except ImportError:
        if sqlite3.sqlite_version_info < SAFE_SQLITE:
            warnings.warn(
                f"当前 SQLite 版本为 {sqlite3.sqlite_version},低于 3.51.3,多个程序同时写入时有损坏数据的风险;"
                "请安装 pysqlite3,或只运行一个写入程序。",
                RuntimeWarning,
                stacklevel=2,
            )
        return sqlite3
    module: ModuleType = bundled
    return module


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(path)
        with path.open("ab"):
            pass
    except OSError as error:
        raise StoreError(
            f"无法建立数据库文件 {path}({error.strerror or '路径是文件夹'})。"
            "请检查该位置能否写入,或用 EDU_DATA_DIR 指定别的文件夹。"
        ) from error


def _without_compiling(connection: Any, _record: object) -> None:
    """Statements name thousands of units, so that PostgreSQL takes them for costly and compiles what then takes milliseconds."""
    connection.execute("SET jit = off")
    connection.commit()


def _say_everything(connection: Any, record: Any) -> None:
    with connection.cursor() as cursor:
        asked = "EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')"
        _, has_citus = cursor.execute(f"SELECT set_config('edu.scope', '/', false), {asked}").fetchone()
    connection.commit()
    if not has_citus:
        record.info[SPREAD] = False


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin on its own: _on_begin does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    [mode] = cursor.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode not in ("wal", "memory"):
        raise StoreError("数据库所在磁盘不支持安全的并发写入(可能是网络共享盘),请把数据文件夹放到本机磁盘。")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
