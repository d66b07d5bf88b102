"""Settings and engines: where the store lies and how it is opened."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import StoreError, make_engine, write
from db.schema import store_state
from db.settings import PROJECT_ROOT, Settings


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, f"sqlite:///{PROJECT_ROOT}/data/store.sqlite3"),
        ({"EDU_DATA_DIR": "/srv/edu"}, "sqlite:////srv/edu/store.sqlite3"),
        ({"EDU_DATABASE_URL": "sqlite:////srv/other.db", "EDU_DATA_DIR": "/srv/edu"}, "sqlite:////srv/other.db"),
        ({"EDU_DATABASE_URL": "postgresql://a:b@h/edu"}, "postgresql+psycopg://a:b@h/edu"),
        ({"EDU_DATABASE_URL": "postgres://a:b@h/edu"}, "postgresql+psycopg://a:b@h/edu"),
        ({"EDU_DATABASE_URL": "postgresql+psycopg://a@h/edu"}, "postgresql+psycopg://a@h/edu"),
        ({"EDU_DATABASE_URL": "", "EDU_DATA_DIR": ""}, f"sqlite:///{PROJECT_ROOT}/data/store.sqlite3"),
    ],
)
def test_settings_name_the_store(environment: dict[str, str], url: str) -> None:
    assert Settings.from_environment(environment).database_url == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////proc/nowhere/store.sqlite3", "无法建立数据库文件 /proc/nowhere/store.sqlite3"),
        ("sqlite:////tmp", "路径是文件夹"),
        ("mysql+pymysql://h/db", "不支持数据库类型 mysql"),
        ("no url at all", "数据库地址写法不对"),
    ],
)
def test_an_unusable_address_is_refused_with_a_sentence(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        make_engine(url)


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/a/b/store.sqlite3")
    assert (tmp_path / "a/b/store.sqlite3").exists()
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)]
)
def test_sqlite_is_opened_for_safety(tmp_path: Path, pragma: str, value: object) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/store.sqlite3")
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_a_failed_write_leaves_nothing(engine: sa.Engine) -> None:
    def spoil() -> None:
        with write(engine) as connection:
            connection.execute(sa.update(store_state).values(revision=77))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        spoil()
    with engine.connect() as connection:
        assert connection.scalar(sa.select(store_state.c.revision)) != 77


def test_a_reader_keeps_its_state_while_a_writer_commits(engine: sa.Engine) -> None:
    query = sa.select(store_state.c.revision)
    with engine.connect() as reader:
        before = reader.scalar(query)
        with write(engine) as writer:
            writer.execute(sa.update(store_state).values(revision=before + 5))
        assert reader.scalar(query) == before
    with engine.connect() as reader:
        assert reader.scalar(query) == before + 5


def test_writers_take_turns(engine: sa.Engine) -> None:
    """Eight threads read, then add one: without a lock from the start some additions would be lost."""

    def add() -> None:
        for _ in range(5):
            with write(engine) as connection:
                seen = connection.scalar(sa.select(store_state.c.revision))
                connection.execute(sa.update(store_state).values(revision=seen + 1))

    with engine.connect() as connection:
        before = connection.scalar(sa.select(store_state.c.revision))
    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.scalar(sa.select(store_state.c.revision)) == before + 40


def test_statements_are_not_compiled(engine: sa.Engine) -> None:
    """They name thousands of units: PostgreSQL would take longer to compile than to answer."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW jit").scalar() == "off"
