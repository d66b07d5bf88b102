"""kill -9 at random points of imports and approvals: what was acknowledged is there, what was not is whole or absent."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from db.engine import make_engine
from db.schema import evidence, import_batch, observation, source_file
from db.schema_drafts import draft, draft_content
from db.store import save_import
from db.verify import verify
from tests.conftest import ROOT
from tests.db.makers import Place, load_place
from tests.soak.crash_child import APPROVED_EVERY, UNITS, file_of

STATEMENTS, LONGEST_S = 400, 0.8  # points lie within the first so many statements, or so many seconds
VERIFY_EVERY = 20


@dataclass(slots=True)
class Told:
    """What happened over all points."""

    points: int = 0
    acknowledged: int = 0
    began: int = 0
    unfinished: Counter[str] = field(default_factory=Counter)  # what became of the step in hand: whole or absent


def run(url: str, points: int, seed: int = 1) -> Told:
    """Kill at `points` points. Raises AssertionError at the first sign of a loss. The store must be new and migrated."""
    rng, told = random.Random(seed), Told()
    engine = make_engine(url)
    place = load_place(engine)
    engine.dispose()
    known: set[int] = set()
    with nursery(url, place) as child:
        following = 1
        for point in range(points):
            statement = rng.randint(1, STATEMENTS) if point % 2 else 0
            began, done = _one_life(child, following, statement, rng.uniform(0, LONGEST_S))
            known |= set(done)
            told.points += 1
            told.acknowledged += len(done)
            told.began += len(began)
            stored = _check(url, known, place, thorough=point % VERIFY_EVERY == 0 or point == points - 1)
            for number in set(began) - set(done):
                told.unfinished["whole" if number in stored else "absent"] += 1
            known |= stored
            following = max(began) + 1 if began else following
    return told


@contextmanager
def nursery(url: str, place: Place) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.soak.crash_child", url, json.dumps(dict(place.ids))]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def _one_life(child: subprocess.Popen[str], first: int, statement: int, seconds: float) -> tuple[list[int], list[int]]:
    """(steps begun, steps acknowledged) of one worker until its death."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{first} {statement}\n")
    child.stdin.flush()
    began: list[int] = []
    done: list[int] = []
    worker, killed = 0, bool(statement)
    for line in child.stdout:
        word, _, number = line.strip().partition(" ")
        if word == "ended":
            assert int(number) == -signal.SIGKILL, f"the worker ended by itself: {number}"
            return began, done
        {"begin": began, "done": done}.get(word, []).append(int(number))
        worker = int(number) if word == "worker" else worker
        if worker and not killed:
            time.sleep(seconds)
            os.kill(worker, signal.SIGKILL)
            killed = True
    raise AssertionError("the nursery ended")


def _check(url: str, acknowledged: set[int], place: Place, *, thorough: bool) -> set[int]:
    """The steps that are stored, each of them whole. Raises AssertionError where an acknowledged one is not."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            stored = _whole_files(connection)
            lost = acknowledged - stored
            assert not lost, f"acknowledged and lost: {sorted(lost)}"
            _drafts_fit(connection, stored)
            if engine.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok"
            if thorough:
                faults = [fault for check in verify(connection) for fault in check.faults]
                assert not faults, faults
        if acknowledged:
            again = save_import(engine, file_of(place, max(acknowledged)), "甲")
            assert again.outcome == "same", again.outcome  # the same file once more changes nothing
            with engine.connect() as connection:
                assert _whole_files(connection) == stored
    finally:
        engine.dispose()
    return stored


def _whole_files(connection: sa.Connection) -> set[int]:
    """Numbers of the files that are stored; each has all its values with all their proofs."""
    found = set()
    files = sa.select(source_file.c.name, import_batch.c.id, import_batch.c.n_new + import_batch.c.n_changed).join_from(
        source_file, import_batch, import_batch.c.source_file_id == source_file.c.id
    )
    values = dict(connection.execute(
        sa.select(observation.c.import_id, sa.func.count()).group_by(observation.c.import_id)
    ).all())  # fmt: skip
    proofs = dict(connection.execute(
        sa.select(observation.c.import_id, sa.func.count())
        .join(evidence, sa.and_(evidence.c.observation_id == observation.c.id, evidence.c.area_id == observation.c.area_id))
        .group_by(observation.c.import_id)
    ).all())  # fmt: skip
    for name, number, wanted in connection.execute(files):
        assert values.get(number, 0) == wanted == len(UNITS), f"{name}: {values.get(number)} of {wanted}"
        assert proofs.get(number, 0) == wanted, name
        found.add(int(name.removeprefix("第").partition("份")[0]))
    assert sum(values.values()) == len(UNITS) * len(found)
    current = connection.scalar(sa.select(sa.func.count()).where(observation.c.valid_to.is_(None)))
    assert current == (len(UNITS) if found else 0)  # each file takes the place of the one before, never by halves
    return found


def _drafts_fit(connection: sa.Connection, stored: set[int]) -> None:
    """A draft is stored exactly if its import is there; while it waits its bytes are kept."""
    held = set(connection.scalars(sa.select(draft_content.c.draft_id)))
    for row in connection.execute(sa.select(draft.c.id, draft.c.file_name, draft.c.status, draft.c.import_id)):
        number = int(row.file_name.removeprefix("第").partition("份")[0])
        assert number % APPROVED_EVERY == 0
        assert (row.status == "stored") is (row.import_id is not None) is (number in stored), row
        assert (row.id in held) is (row.status != "stored"), row
