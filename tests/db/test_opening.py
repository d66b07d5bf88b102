"""An older store is backed up before it is migrated; what the database itself cannot do is a sentence."""

from __future__ import annotations

import re
import shutil
import threading
from collections import namedtuple
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from db.__main__ import main
from db.backup import restore
from db.engine import StoreError, make_engine, settle, write
from db.faults import BUSY, FULL, READ_ONLY, sentence_of
from db.migrations import alembic_config
from db.opening import BACKUPS, folder_of, open_store
from db.revisions import head, revision_of
from db.schema import store_state
from tests.db.conftest import new_database

OLDER = "0010"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def older(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A store as the version before left it, with a unit in it."""
    monkeypatch.setenv("EDU_DATA_DIR", str(tmp_path))
    engine = make_engine(empty_url)
    config = alembic_config()
    with write(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, OLDER)
        connection.execute(sa.text(
            "INSERT INTO org_unit (id, area_id, kind, depth, path, name, status) VALUES (1, 1, 'city', 0, '/1/', '澄湖市', 'active')"
        ))  # fmt: skip
    yield engine
    engine.dispose()


def copies(engine: sa.Engine) -> list[Path]:
    return sorted((folder_of(engine) / BACKUPS).glob("*"))


def test_an_older_store_is_backed_up_before_it_is_migrated(
    older: sa.Engine, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    open_store(older)
    with older.connect() as connection:
        assert revision_of(connection) == head()
    [copy] = copies(older)
    assert copy.name.startswith(f"before-{OLDER}-to-{head()}-")
    open_store(older)
    assert copies(older) == [copy]  # a current store is opened without another copy
    if older.dialect.name == "sqlite":
        other = make_engine(f"sqlite:///{tmp_path / 'again' / 'store.sqlite3'}")
    else:
        other = make_engine(new_database(request.getfixturevalue("postgres_server")))
    restore(other, copy)
    with other.connect() as connection:
        assert connection.scalar(sa.text("SELECT name FROM org_unit")) == "澄湖市"
    other.dispose()


def test_without_a_backup_nothing_is_migrated(older: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    if older.dialect.name == "sqlite":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 10**10, 30_000_000))
    else:
        monkeypatch.setenv("PATH", "")
    with pytest.raises(StoreError, match=r"升级.*备份"):
        open_store(older)
    with older.connect() as connection:
        assert revision_of(connection) == OLDER
    assert copies(older) == []


def test_a_new_store_is_made_without_a_backup(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDU_DATA_DIR", str(tmp_path))
    engine = make_engine(empty_url)
    open_store(engine)
    assert copies(engine) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("database or disk is full", FULL), ("attempt to write a readonly database", READ_ONLY), ("database is locked", BUSY)],
)  # fmt: skip
def test_faults_of_the_database_are_sentences(engine: sa.Engine, words: str, sentence: str) -> None:
    error = sa.exc.OperationalError("INSERT", {}, Exception(words))
    assert sentence_of(error) == sentence
    with pytest.raises(StoreError, match=re.escape(sentence)), write(engine):
        raise error


def test_a_mistake_of_the_program_stays_what_it_is(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError), write(engine) as connection:
        connection.execute(sa.text("SELECT nothing FROM nowhere"))
    assert sentence_of(ValueError("disk is full")) is None


def test_a_database_that_may_only_be_read_says_so(engine: sa.Engine) -> None:
    readonly = "PRAGMA query_only=ON" if engine.dialect.name == "sqlite" else "SET TRANSACTION READ ONLY"

    def change() -> None:
        with write(engine) as connection:
            connection.exec_driver_sql(readonly)
            connection.execute(sa.update(store_state).values(revision=9))

    with pytest.raises(StoreError, match="只能读不能写"):
        change()


def test_the_store_is_settled_before_the_program_ends(engine: sa.Engine, tmp_path: Path) -> None:
    with write(engine) as connection:
        connection.execute(sa.update(store_state).values(revision=9))
    assert settle(engine)
    if engine.dialect.name == "sqlite":
        assert not (tmp_path / "store.sqlite3-wal").exists()
    with write(engine), pytest.MonkeyPatch.context() as held:
        held.setattr("db.engine.log.warning", lambda *_: None)
        assert not settle(make_engine(engine.url.render_as_string(hide_password=False)), 0.1)


def test_a_write_in_progress_is_waited_for(engine: sa.Engine) -> None:
    began, go_on = threading.Event(), threading.Event()
    other = make_engine(engine.url.render_as_string(hide_password=False))

    def hold() -> None:
        with write(other) as connection:
            connection.execute(sa.update(store_state).values(revision=77))
            began.set()
            go_on.wait(10)

    writer = threading.Thread(target=hold)
    writer.start()
    began.wait(10)
    threading.Timer(0.3, go_on.set).start()
    assert settle(engine, 10)
    writer.join()
    with engine.connect() as connection:
        assert connection.scalar(sa.select(store_state.c.revision)) == 77
    other.dispose()
    engine.dispose()


def test_the_command_tells_of_the_surroundings(store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database", store_url, "check"]) == 0
    assert "未发现问题" in capsys.readouterr().out
    engine = make_engine(store_url)
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert main(["--database", store_url, "check"]) == 1
    assert "不能运行:数据库由更新版本" in capsys.readouterr().out
