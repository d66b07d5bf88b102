"""The program as a process: alive and ready, a graceful stop, a store that must not be opened."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import make_engine, write
from db.migrations import upgrade
from tests.soak.served import Served, allow, cookie_of, running

pytestmark = pytest.mark.slow


def lines(served: Served) -> list[dict[str, object]]:
    return [json.loads(line) for line in served.said().splitlines() if line.startswith("{")]


def test_a_server_starts_answers_logs_and_stops(tmp_path: Path) -> None:
    allow(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with running(tmp_path) as served:
        assert served.answer("/healthz") == (200, b"ok")
        assert served.answer("/readyz") == (200, b'{"ready":true}')
        assert served.status("/_stcore/metrics") == 401
        cookie = cookie_of(served)
        assert served.status("/trends?units=secret", cookie) == 200
        (tmp_path / "store.sqlite3").rename(tmp_path / "gone")  # the disk went away
        until_unready(served)
        assert served.status("/healthz") == 200
        (tmp_path / "gone").rename(tmp_path / "store.sqlite3")
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(timeout=30)
        said = lines(served)
    assert [one["event"] for one in said if one["logger"] == "dashboard"] == ["started", "not ready", "stopped"]
    [trends] = [one for one in said if one.get("path") == "/trends"]
    assert (trends["status"], trends["account"]) == (200, 1)
    assert "secret" not in served.said()
    assert "guanli" not in served.said()
    assert not (tmp_path / "store.sqlite3-wal").exists()  # all is in the one file


def until_unready(served: Served) -> None:
    import time

    until = time.monotonic() + 10
    while served.answer("/readyz") != (503, b'{"ready":false}'):
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_store_of_a_newer_program_ends_the_start_with_its_sentence(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    upgrade(engine)
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with running(tmp_path, ready=False) as served:
        assert served.process.wait(timeout=60) == 78
        assert "请先升级程序" in served.said()
        assert "Traceback" not in served.said()


def test_a_database_that_is_not_there_ends_the_start_so_that_it_is_tried_again(tmp_path: Path) -> None:
    gone = {"EDU_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    with running(tmp_path, gone, ready=False) as served:
        assert served.process.wait(timeout=60) == 75
        assert "数据库打不开" in served.said()
