"""The whole store in an open format: one file of JSON lines for each table and a manifest with their digests.

Any program reads it; this one imports it into an empty store on either database. Sessions, failed sign-ins, what counts
for the quota of a day and the queue of imports are left out: they end with the machine; drafts stay drafts. Bytes are base64, moments ISO 8601 in UTC.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command

import db.schema_accounts
import db.schema_claims
import db.schema_control
import db.schema_drafts
import db.schema_findings
import db.schema_jobs
import db.schema_notes
import db.schema_org
import db.schema_restated
import db.schema_review
import db.schema_uploads  # noqa: F401 (their tables join the metadata)
from db.engine import StoreError, write
from db.migrations import alembic_config, upgrade
from db.revisions import head, is_known, revision_of
from db.schema import dim_set, metadata, org_unit, period, source_file
from db.schema_accounts import account, audit_event

FORMAT, VERSION, MANIFEST = "education-indicators-store", 1, "manifest.json"
LEFT_OUT = frozenset({"sign_in_session", "sign_in_failure", "upload", "job"})
_AT_ONCE = 2000
_FILLED_BY_MIGRATION = ("indicator", "period", "dim_set", "store_state")


def export_store(engine: sa.Engine, folder: Path) -> dict[str, int]:
    """Writes every table as it stands at one moment; returns the number of rows by table. The files hold everything,
    accounts included, so only the owner may read them. Raises StoreError where the folder is not empty or not writable,
    or the schema not the newest."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StoreError(f"文件夹 {folder} 不是空的,请换一个空文件夹。")
        os.chmod(folder, 0o700)
        with engine.connect() as connection:
            held = revision_of(connection)
            if held != head():
                raise StoreError("数据库结构不是本版本的结构,请先运行 python -m db upgrade,再导出。")
            tables = [_write(connection, table, folder) for table in exported_tables()]
        manifest = {
            "format": FORMAT, "version": VERSION, "schema": held, "tables": tables,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "database": engine.dialect.name,
        }  # fmt: skip
        part = folder / (MANIFEST + ".part")
        part.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(part, folder / MANIFEST)
    except OSError as error:
        raise StoreError(f"无法写入 {folder}({error.strerror}),请检查磁盘空间和写入权限。") from error
    return {one["name"]: one["rows"] for one in tables}


def exported_tables() -> list[sa.Table]:
    """The tables in an order in which each comes after those that it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def _write(connection: sa.Connection, table: sa.Table, folder: Path) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    first = [table.c.depth] if table is org_unit else []  # parents before their children
    query = sa.select(table).order_by(*first, *table.primary_key.columns)
    digest, rows, path = hashlib.sha256(), 0, folder / f"{table.name}.jsonl"
    with open(path, "wb", opener=_private) as file:
        for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            line = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False, allow_nan=False)
            data = line.encode() + b"\n"
            digest.update(data)
            file.write(data)
            rows += 1
        file.flush()
        os.fsync(file.fileno())
    return {"name": table.name, "file": path.name, "rows": rows, "sha256": digest.hexdigest(), "columns": names}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def import_store(engine: sa.Engine, folder: Path) -> dict[str, int]:
    """Fills an empty store from `export_store`'s files, in one transaction, and migrates it to the newest schema; returns
    the number of rows by table. Every digest is checked before anything is written. Raises StoreError."""
    manifest = _manifest(folder)
    revision, tables = str(manifest["schema"]), manifest["tables"]
    for one in tables:
        _require_whole(folder, one)
    config = alembic_config()
    with write(engine) as connection:
        held = revision_of(connection)
        if held is not None and (held != revision or _holds_anything(connection)):
            raise StoreError("只能导入到空库。请用 EDU_DATA_DIR 或 --database 指定一个新的位置,再重试。")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        made = _tables_of(connection, revision)
        for name in _FILLED_BY_MIGRATION:
            connection.execute(sa.delete(made[name]))
        for one in tables:
            _read(connection, made[one["name"]], folder / one["file"])
        if connection.dialect.name == "postgresql":
            _go_on_counting(connection, [made[one["name"]] for one in tables])
    upgrade(engine)
    return {one["name"]: one["rows"] for one in tables}


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = [one["name"] for one in held["tables"]]
        plain = all(one["file"] == f"{one['name']}.jsonl" and str(one["name"]).isidentifier() for one in held["tables"])
        fine = held["format"] == FORMAT and plain and isinstance(held["schema"], str) and len(set(names)) == len(names)
    except OSError as error:
        raise StoreError(f"{folder} 中没有可读的 {MANIFEST},不是导出的文件夹。") from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder / MANIFEST} 的内容不对,不能导入。") from error
    if not fine:
        raise StoreError(f"{folder / MANIFEST} 的内容不对,不能导入。")
    if held["version"] != VERSION or not is_known(held["schema"]):
        raise StoreError("这份导出由更新版本的程序建立,请先升级程序,再导入。")
    return held


def _require_whole(folder: Path, one: dict[str, Any]) -> None:
    path, digest, rows = folder / one["file"], hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            for line in file:
                digest.update(line)
                rows += 1
    except OSError as error:
        raise StoreError(f"导出的文件夹中缺少 {path.name},不能导入。") from error
    if digest.hexdigest() != one["sha256"] or rows != one["rows"]:
        raise StoreError(f"{path.name} 与导出时不一致(内容被改动或不完整),没有导入。")


def _holds_anything(connection: sa.Connection) -> bool:
    return any(
        connection.scalar(sa.select(table.c.id).limit(1)) is not None
        for table in (org_unit, source_file, account, audit_event)
    ) or any((connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0) > 1 for table in (period, dim_set))


def _tables_of(connection: sa.Connection, revision: str) -> dict[str, sa.Table]:
    """The tables as this revision has them: those of the code for the newest one, else as the database tells."""
    if revision == head():
        return dict(metadata.tables)
    found = sa.MetaData()
    found.reflect(connection)
    return dict(found.tables)


def _read(connection: sa.Connection, table: sa.Table, path: Path) -> None:
    makers = {column.name: _maker(column) for column in table.columns}
    with path.open(encoding="utf-8") as file:
        for lines in iter(lambda: list(islice(file, _AT_ONCE)), []):
            connection.execute(sa.insert(table), list(_rows(lines, makers, path)))


def _rows(lines: Sequence[str], makers: dict[str, Callable[[Any], Any]], path: Path) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            held = json.loads(line)
            yield {name: None if held[name] is None else make(held[name]) for name, make in makers.items()}
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{path.name} 中有一行读不懂,没有导入。") from error


def _maker(column: sa.Column[Any]) -> Callable[[Any], Any]:
    known = metadata.tables.get(column.table.name)
    kind = known.c[column.name].type if known is not None and column.name in known.c else column.type
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    return base64.b64decode if isinstance(kind, sa.LargeBinary) else lambda value: value


def _go_on_counting(connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
    """PostgreSQL counts ids on its own: after those that came with the rows."""
    for table in tables:
        for column in table.primary_key.columns:
            counter = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
            if counter is not None:
                last = connection.scalar(sa.select(sa.func.max(column)))
                connection.execute(sa.select(sa.func.setval(counter, last or 1, last is not None)))
