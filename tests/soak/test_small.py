"""The proofs of `make soak`, small enough for every run of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.faults import BROKEN_DISK, FULL, READ_ONLY, UNOPENED
from tests.conftest import ROOT
from tests.db.conftest import *  # noqa: F403 - the fixtures of both databases
from tests.db.conftest import new_database
from tests.soak import backups, crashes, files, full_disk, requests, sessions
from tests.soak.served import Served, allow, cookie_of, running

pytestmark = pytest.mark.slow


def test_killed_at_ten_points_nothing_is_lost_and_nothing_half_visible(store_url: str) -> None:
    told = crashes.run(store_url, 10, seed=7)
    assert told.points == 10
    assert told.acknowledged > 0
    assert sum(told.unfinished.values()) > 0


def test_a_file_that_may_not_grow_is_a_sentence_and_nothing_is_damaged(tmp_path: Path) -> None:
    assert full_disk.by_file_limit(tmp_path) in (FULL, BROKEN_DISK)


def test_a_disk_that_fills_while_the_server_runs(tmp_path: Path) -> None:
    try:
        with full_disk.small_disk(tmp_path / "disk", 80) as disk:
            sentence, _ = full_disk.on_a_full_disk(disk)
    except OSError as error:
        pytest.skip(str(error))
    assert sentence == FULL


def test_a_disk_that_turns_read_only(tmp_path: Path) -> None:
    try:
        with full_disk.small_disk(tmp_path / "disk", 80) as disk:
            sentence, code = full_disk.on_a_read_only_disk(disk)
    except OSError as error:
        pytest.skip(str(error))
    assert sentence in (READ_ONLY, UNOPENED)
    assert code == 78


def test_a_backup_during_imports_is_whole(
    store_url: str, backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    def another() -> str:
        if backend == "sqlite":
            return f"sqlite:///{tmp_path / uuid.uuid4().hex / 'store.sqlite3'}"
        return new_database(request.getfixturevalue("postgres_server"))

    found = backups.run(store_url, another, seconds=4, readers=2)
    assert found.copies > 0
    assert found.imports > 0
    assert found.reads > 0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str, Path]]:
    """A server of a small store for which no outside host exists, a session of it, the file of its attempts."""
    folder = tmp_path_factory.mktemp("served")
    allow(full_disk.url_of(folder))
    with running(folder, sessions.environment(folder / "outside")) as one:
        yield one, cookie_of(one), folder / "outside"


def test_200_mutated_requests_are_answered(served: tuple[Served, str, Path]) -> None:
    server, _, _ = served
    told = requests.run(server, [cookie_of(server) for _ in range(5)], 200, seed=3)
    assert told.by_status.total() == 200
    assert {"200", "400", "401"} <= set(told.by_status)


def test_tabs_open_and_close_and_no_outside_host_is_asked(served: tuple[Served, str, Path]) -> None:
    server, cookie, attempts = served
    told = sessions.run(server, cookie, tabs=6, reruns=12)
    assert len(told.rerun_ms) == 12
    status, _ = sessions.foreign_origin(server, cookie)
    assert " 403 " in status
    assert sessions.attempts_of(attempts) == []


def test_an_attempt_to_reach_outside_would_be_noted(tmp_path: Path) -> None:
    code = "import urllib.request; urllib.request.urlopen('http://checkip.example/')"
    environment = {**os.environ, **sessions.environment(tmp_path / "outside")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert done.returncode != 0
    assert sessions.attempts_of(tmp_path / "outside") == [["socket.getaddrinfo", "checkip.example"]]


def test_broken_files_of_every_format_end_as_a_draft_or_a_refusal() -> None:
    # Not from here: this process may hold more address space than a reader may, and a thread whose first allocation
    # fails never says that it has begun. (A pool of processes would leave a child of its own behind.)
    code = "import json; from tests.soak import files; t = files.run(8, seed=100_000); print(json.dumps({k: v.outcomes for k, v in t.items()}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert set(told) == set(files.FORMATS)
    assert all(sum(outcomes.values()) == 8 for outcomes in told.values())
    refused = [n for outcomes in told.values() for outcome, n in outcomes.items() if outcome.startswith("refused")]
    assert sum(refused) > 8
