"""What a store may stand on: which SQLite, which disk, how much space, which clock."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import surroundings
from db.engine import SAFE_SQLITE, StoreError, make_engine, moment, sqlite_module, write
from db.opening import look_around, open_store, unready
from db.store import save_import
from db.surroundings import clock_fault, disk_kind, library_fault, share_fault, space_fault
from tests.db.makers import Fact, Place, sheet

MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:40 / /srv/share rw,relatime - nfs4 server:/edu rw
31 21 0:41 / /srv/two\\040words rw - cifs //server/edu rw
32 30 8:2 / /srv/share/local rw - xfs /dev/sdb1 rw
33 21 0:42 / /home/me/remote rw - fuse.sshfs me@host:/ rw
34 21 8:3 / /srv/shared rw - ext4 /dev/sdc1 rw
35 21 8:4 / /mnt/twice rw - nfs server:/x rw
36 35 8:5 / /mnt/twice rw - ext4 /dev/sdd1 rw
"""
Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/srv/edu/store.sqlite3", "ext4"), ("/srv/share/store.sqlite3", "nfs4"), ("/srv/share", "nfs4"),
     ("/srv/two words/a/b", "cifs"), ("/srv/share/local/a", "xfs"), ("/home/me/remote/a", "fuse.sshfs"),
     ("/srv/shared/a", "ext4"), ("/mnt/twice/a", "ext4")],
)  # fmt: skip
def test_the_kind_of_disk_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert disk_kind(Path(path), MOUNTS) == kind


def test_this_machine_tells_its_own_disk(tmp_path: Path) -> None:
    if os.path.exists("/proc/self/mountinfo"):
        assert disk_kind(tmp_path) not in ("", "nfs", "cifs")
    assert share_fault(tmp_path / "store.sqlite3") is None


def test_a_store_on_a_network_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"30 21 0:40 / {tmp_path} rw - nfs4 server:/edu rw\n", encoding="utf-8")
    engine = make_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    monkeypatch.setattr(surroundings, "MOUNTS", mounts)
    with pytest.raises(StoreError, match=r"网络共享盘\(nfs4\).*EDU_DATA_DIR"):
        open_store(engine)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []  # it was not even begun
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "fine"), [((3, 40, 1), False), ((3, 51, 2), False), (SAFE_SQLITE, True), ((3, 53, 4), True)]
)
def test_an_old_sqlite_is_warned_of(version: tuple[int, int, int], fine: bool) -> None:
    fault = library_fault(version)
    assert (fault is None) is fine
    if fault is not None:
        assert not fault.refuses
        assert ".".join(map(str, version)) in fault.sentence


def test_the_bundled_sqlite_is_not_an_old_one() -> None:
    assert sqlite_module().sqlite_version_info >= SAFE_SQLITE


@pytest.mark.parametrize(
    ("free", "words"), [(5_000_000_000, None), (400_000_000, "400 MB"), (10_000_000, "已不能导入")]
)
def test_little_space_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, words: str | None
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 10**10 - free, free))
    fault = space_fault(tmp_path)
    assert (fault is None) is (words is None)
    if fault is not None and words is not None:
        assert words in fault.sentence
        assert not fault.refuses


def test_a_clock_behind_the_store_is_told(engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDU_ACCEPT_CLOCK", raising=False)
    with engine.connect() as connection:
        assert clock_fault(connection, moment() - timedelta(days=400)) is None  # nothing was ever stored
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300)]), "甲")
    with engine.connect() as connection:
        assert clock_fault(connection) is None
        assert clock_fault(connection, moment() - timedelta(minutes=2)) is None
        slow = clock_fault(connection, moment() - timedelta(minutes=50))
        assert slow is not None
        assert not slow.refuses
        assert "早 49 分钟" in slow.sentence or "早 50 分钟" in slow.sentence
        wrong = clock_fault(connection, moment() - timedelta(days=400))
        assert wrong is not None
        assert wrong.refuses
        assert "EDU_ACCEPT_CLOCK=1" in wrong.sentence
        monkeypatch.setenv("EDU_ACCEPT_CLOCK", "1")
        accepted = clock_fault(connection, moment() - timedelta(days=400))
        assert accepted is not None
        assert not accepted.refuses


def test_a_store_of_the_future_is_not_opened(engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300)]), "甲")
    monkeypatch.setattr(surroundings, "moment", lambda: moment() - timedelta(days=3))
    with pytest.raises(StoreError, match="不能打开数据库。请先校准时钟"):
        open_store(engine)


def test_a_store_of_a_newer_program_is_not_opened(engine: sa.Engine) -> None:
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert [(fault.code, fault.refuses) for fault in look_around(engine) if fault.code == "schema"] == [
        ("schema", True)
    ]
    with pytest.raises(StoreError, match="请先升级程序"):
        open_store(engine)
    assert unready(engine) == ("schema",)


def test_a_sound_store_is_ready(engine: sa.Engine) -> None:
    assert unready(engine) == ()


def test_an_empty_database_is_not_ready_until_it_is_opened(empty_url: str) -> None:
    engine = make_engine(empty_url)
    assert unready(engine) == ("schema",)
    open_store(engine)
    assert unready(engine) == ()
    engine.dispose()


def test_a_full_disk_and_a_file_that_cannot_be_written_are_not_ready(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name != "sqlite":
        return  # its disk is the server's own matter
    with monkeypatch.context() as held:
        held.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 10**10, 0))
        assert unready(engine) == ("space",)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert unready(engine) == ("read_only",)


def test_a_database_that_is_gone_is_not_ready() -> None:
    engine = make_engine("postgresql://nobody@127.0.0.1:9/none")
    [code] = unready(engine)
    assert code.startswith("database: ")
