"""Backup and restore. SQLite through its backup API while the store is in use; PostgreSQL through pg_dump."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from db.engine import StoreError, sqlite_module
from db.revisions import NEWER, is_known, revision_of
from db.schema import org_unit, source_file

SQLITE_MAGIC = b"SQLite format 3\0"
POSTGRES_MAGIC = b"PGDMP"


def backup(engine: sa.Engine, destination: Path) -> Path:
    """Writes a complete, checked copy of the store and returns its path; a folder gets a dated file name.

    Raises StoreError when the file exists, cannot be written or does not pass the check.
    """
    sqlite = engine.dialect.name == "sqlite"
    if destination.is_dir():
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        destination = destination / f"store-{stamp}.{'sqlite3' if sqlite else 'dump'}"
    if destination.exists():
        raise StoreError(f"{destination} 已存在,为免覆盖旧备份,请换一个文件名。")
    part = destination.with_name(destination.name + ".part")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        _copy_out(engine, part) if sqlite else _dump(engine.url, part)
        os.replace(part, destination)
    except OSError as error:
        raise StoreError(f"无法写入 {destination}({error.strerror}),请检查磁盘空间和写入权限。") from error
    finally:
        part.unlink(missing_ok=True)
    return destination


def restore(engine: sa.Engine, source: Path, *, replace: bool = False) -> None:
    """Puts a backup in the place of the store and migrates it to the newest schema.

    A store that holds data is only replaced with `replace`. Neither a backup nor a store of a newer program is touched.
    Raises StoreError with what is wrong; the store is then as it was.
    """
    if not source.is_file():
        raise StoreError(f"找不到备份文件 {source}。")
    with engine.connect() as connection:
        held = revision_of(connection)
    if held is not None and not is_known(held):
        raise StoreError(NEWER)
    if not replace and holds_data(engine):
        raise StoreError("当前数据库中已有数据。如确要用备份替换,请先另行备份,再加 --replace 重试。")
    with source.open("rb") as file:
        head = file.read(16)
    if engine.dialect.name == "sqlite":
        if not head.startswith(SQLITE_MAGIC):
            raise StoreError(f"{source} 不是 SQLite 备份文件。")
        _copy_in(engine, source)
    else:
        if not head.startswith(POSTGRES_MAGIC):
            raise StoreError(f"{source} 不是 PostgreSQL 备份文件(pg_dump 自定义格式)。")
        _load(engine, source)
    from db.migrations import upgrade  # Alembic, which a server that only looks never needs

    upgrade(engine)


def holds_data(engine: sa.Engine) -> bool:
    """Whether the store has any org unit or file."""
    with engine.connect() as connection:
        present = set(sa.inspect(connection).get_table_names())
        return any(
            table.name in present and connection.scalar(sa.select(table.c.id).limit(1)) is not None
            for table in (org_unit, source_file)
        )


@contextmanager
def _driver(engine: sa.Engine) -> Iterator[Any]:
    connection = engine.raw_connection()
    try:
        yield connection.driver_connection
    finally:
        connection.close()


def _copy_out(engine: sa.Engine, part: Path) -> None:
    copy = sqlite_module().connect(str(part))
    try:
        with _driver(engine) as store:
            store.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, without a log beside it
        _require_sound(copy, part)
    finally:
        copy.close()
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _copy_in(engine: sa.Engine, source: Path) -> None:
    copy = sqlite_module().connect(f"file:{source.resolve().as_posix()}?mode=ro", uri=True)
    try:
        _require_sound(copy, source)
        names = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in names or "observation" not in names:
            raise StoreError(f"{source} 不是本系统的备份。")
        _require_known(copy.execute("SELECT version_num FROM alembic_version").fetchone(), source)
        with _driver(engine) as store:
            copy.backup(store)
    finally:
        copy.close()
    engine.dispose()  # other connections of this process must not keep what they know of the old file


def _require_sound(copy: Any, path: Path) -> None:
    try:
        [(result,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite_module().DatabaseError as error:
        raise StoreError(f"{path} 已损坏,无法使用({error})。") from error
    if result != "ok":
        raise StoreError(f"{path} 已损坏,无法使用({result})。")


def _dump(url: URL, part: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={part}"], url)


def _require_known(row: Sequence[Any] | None, source: Path) -> None:
    revision = str(row[0]) if row else ""
    if not is_known(revision):
        raise StoreError(
            f"备份 {source} 由更新版本的程序建立(结构 {revision or '不明'}),本版本不能恢复,现有数据没有改动;请先升级程序。"
        )


def _load(engine: sa.Engine, source: Path) -> None:
    engine.dispose()
    listed = _run(["pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(source)], engine.url)
    lines = listed.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("COPY ") and "alembic_version" in line), None)
    if start is None:
        raise StoreError(f"{source} 不是本系统的备份。")
    _require_known(lines[start + 1 : start + 2], source)
    _run(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
         f"--dbname={_plain(engine.url)}", str(source)],
        engine.url,
    )  # fmt: skip


def _plain(url: URL) -> str:
    """The URL as PostgreSQL's own tools read it; the password goes through the environment."""
    bare = url.set(drivername="postgresql", password=None)
    return bare.render_as_string(hide_password=False)


def _run(command: Sequence[str], url: URL) -> str:
    if shutil.which(command[0]) is None:
        raise StoreError(f"找不到 {command[0]},请在本机安装 PostgreSQL 客户端工具(版本不低于服务器)后重试。")
    target = [] if any(part.startswith(("--dbname", "--file=-")) for part in command) else [f"--dbname={_plain(url)}"]
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run([*command, *target], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StoreError(f"{command[0]} 未能完成:{done.stderr.strip() or done.returncode}")
    return done.stdout
