"""Backup while the store is in use, restore into an empty store or on demand over a full one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.__main__ import main
from db.backup import backup, restore
from db.engine import StoreError, make_engine, write
from db.migrations import upgrade
from db.store import save_import
from db.verify import verify
from tests.db.conftest import new_database
from tests.db.makers import Fact, Place, assert_same, sheet, snapshot, value_of

PRI = "level=PRI"


@pytest.fixture
def other(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A second, empty database."""
    if backend == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'other' / 'store.sqlite3'}")
    else:
        made = make_engine(new_database(request.getfixturevalue("postgres_server")))
    yield made
    made.dispose()


def fill(engine: sa.Engine, place: Place, value: int) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", value, PRI)]), "甲")


@pytest.mark.parametrize("migrated", [False, True])
def test_a_round_trip_keeps_everything(
    engine: sa.Engine, place: Place, other: sa.Engine, tmp_path: Path, migrated: bool
) -> None:
    fill(engine, place, 300)
    with engine.connect() as reader:  # in use
        reader.execute(sa.text("SELECT * FROM rollup")).all()
        path = backup(engine, tmp_path / "copies" / "one")
    fill(engine, place, 999)  # not in the copy
    if migrated:
        upgrade(other)
    restore(other, path)
    assert value_of(other, place, "C", "enrollment", PRI)["value"] == 300
    with other.connect() as connection:
        assert not any(check.faults for check in verify(connection))
    fill(other, place, 310)  # ids go on where they stopped
    assert value_of(other, place, "C", "enrollment", PRI)["value"] == 310


def test_a_full_store_is_replaced_only_on_demand(engine: sa.Engine, place: Place, tmp_path: Path) -> None:
    fill(engine, place, 300)
    before = snapshot(engine)
    path = backup(engine, tmp_path)
    assert path.parent == tmp_path
    assert path.name.startswith("store-")
    fill(engine, place, 310)
    with pytest.raises(StoreError, match="--replace"):
        restore(engine, path)
    assert value_of(engine, place, "C", "enrollment", PRI)["value"] == 310
    restore(engine, path, replace=True)
    assert_same(before, snapshot(engine))
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_an_older_backup_is_never_overwritten(engine: sa.Engine, place: Place, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    path.write_bytes(b"old")
    with pytest.raises(StoreError, match="已存在"):
        backup(engine, path)
    assert path.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.glob("copy*")) == ["copy"]


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\1" * 4000, b"PGDMP" + b"\1" * 4000])
def test_a_file_that_is_no_backup_is_refused(engine: sa.Engine, place: Place, tmp_path: Path, content: bytes) -> None:
    fill(engine, place, 300)
    before = snapshot(engine)
    path = tmp_path / "wrong"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"wrong|未能完成"):
        restore(engine, path, replace=True)
    assert_same(before, snapshot(engine))


def test_neither_a_backup_nor_a_store_of_a_newer_program_is_touched(
    engine: sa.Engine, place: Place, other: sa.Engine, tmp_path: Path
) -> None:
    fill(engine, place, 300)
    older = backup(engine, tmp_path / "older")
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    newer = backup(engine, tmp_path / "newer")
    with pytest.raises(StoreError, match="请先升级程序"):
        restore(engine, older, replace=True)  # onto a newer schema
    restore(other, older)
    before = snapshot(other)
    with pytest.raises(StoreError, match=r"更新版本的程序建立\(结构 9999\)"):
        restore(other, newer, replace=True)
    assert_same(before, snapshot(other))


def test_the_command_gives_way_to_those_who_read(
    engine: sa.Engine, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[int] = []
    monkeypatch.setattr(os, "nice", order.append)
    assert main(["--database", store_url, "check"]) == 0
    for command in (["check"], ["backup", str(tmp_path / "copy")]):
        monkeypatch.setattr(sys, "argv", ["db", "--database", store_url, *command])
        assert main() == 0
    assert order == [10]


def test_commands_say_what_they_did(
    engine: sa.Engine, store_url: str, place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "copy"
    assert main(["--database", store_url, "backup", str(path)]) == 0
    assert f"已备份到 {path}" in capsys.readouterr().out
    assert main(["--database", store_url, "restore", str(path)]) == 2
    assert "--replace" in capsys.readouterr().err
    assert main(["--database", store_url, "restore", str(path), "--replace"]) == 0
    assert f"已从 {path} 恢复" in capsys.readouterr().out
    assert main(["--database", store_url, "restore", str(tmp_path / "none")]) == 2
    assert "找不到备份文件" in capsys.readouterr().err
    assert main(["--database", store_url, "upgrade"]) == 0
    assert "已是最新结构" in capsys.readouterr().out


def test_an_unreachable_database_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database", "postgresql://nobody@127.0.0.1:9/none", "upgrade"]) == 2
    assert "连不上数据库" in capsys.readouterr().err


def test_missing_postgres_tools_are_named(engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine.dialect.name == "sqlite":
        backup(engine, tmp_path / "copy")  # needs no tools
        return
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="找不到 pg_dump"):
        backup(engine, tmp_path / "copy")
