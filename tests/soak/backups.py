"""Backups while two people import and eight read: serial results, no reader sees a half, every copy is whole.

As a program (`python -m tests.soak.backups ROLE URL PLACE NUMBER`): one importer or one reader until its input closes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from db import queries
from db.backup import backup, restore
from db.engine import make_engine
from db.schema import import_batch, observation
from db.store import save_import
from db.verify import verify
from tests.conftest import ROOT
from tests.db.makers import Place, load_place
from tests.soak.crash_child import UNITS, file_of

READERS, IMPORTERS, THINK_S = 8, 2, 0.05


@dataclass(slots=True)
class Found:
    """Counts and times of one run; times in milliseconds."""

    copies: int = 0
    imports: int = 0
    reads: int = 0
    read_ms: list[float] = field(default_factory=list)
    copy_s: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        held = sorted(self.read_ms)
        return held[min(int(len(held) * share), len(held) - 1)]


def run(url: str, new_url: Callable[[], str], seconds: float, readers: int = READERS) -> Found:
    """Import, read and back up for so long; then restore every copy into an empty database (`new_url`) and count anew."""
    engine = make_engine(url)
    place = load_place(engine)
    found = Found()
    people = [_start("importer", url, place, n) for n in range(IMPORTERS)]
    people += [_start("reader", url, place, n) for n in range(readers)]
    with tempfile.TemporaryDirectory() as folder:
        until, copies = time.monotonic() + seconds, []
        while time.monotonic() < until or not copies:
            time.sleep(min(1.0, seconds / 4))
            began = time.monotonic()
            copies.append(backup(engine, Path(folder) / f"copy{len(copies)}"))
            found.copy_s.append(time.monotonic() - began)
        for role, number, child in people:
            _end(role, number, child, found)
        found.copies = len(copies)
        engine.dispose()
        for copy in copies:
            _restored(copy, new_url(), place)
    _sound(url, found.imports)
    return found


def _start(role: str, url: str, place: Place, number: int) -> tuple[str, int, subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.soak.backups", role, url, json.dumps(dict(place.ids)), str(number)]
    return role, number, subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


def _end(role: str, number: int, child: subprocess.Popen[str], found: Found) -> None:
    out, error = child.communicate("stop\n", timeout=60)
    assert child.returncode == 0, f"{role} {number}: {error[-2000:]}"
    told = json.loads(out)
    if role == "importer":
        found.imports += told
    else:
        found.reads += len(told)
        found.read_ms += told


def _restored(copy: Path, url: str, place: Place) -> None:
    engine = make_engine(url)
    restore(engine, copy)
    with engine.connect() as connection:
        consistent(connection)
        faults = [fault for check in verify(connection) for fault in check.faults]
    assert not faults, faults
    assert save_import(engine, file_of(place, 999_999), "丙").outcome == "stored"
    engine.dispose()


def _sound(url: str, imports: int) -> None:
    engine = make_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == imports
        consistent(connection)
        faults = [fault for check in verify(connection) for fault in check.faults]
    engine.dispose()
    assert not faults, faults


def consistent(connection: sa.Connection) -> None:
    """Every import has all its values, and one file's values are current. Raises AssertionError."""
    wanted = connection.scalar(sa.select(sa.func.sum(import_batch.c.n_new + import_batch.c.n_changed))) or 0
    held = connection.scalar(sa.select(sa.func.count()).select_from(observation)) or 0
    current = connection.scalar(sa.select(sa.func.count()).where(observation.c.valid_to.is_(None)))
    makers = connection.scalar(
        sa.select(sa.func.count(observation.c.import_id.distinct())).where(observation.c.valid_to.is_(None))
    )
    assert wanted == held, (wanted, held)
    assert (current, makers) in ((len(UNITS), 1), (0, 0)), (current, makers)


def _work(role: str, url: str, place: Place, number: int) -> None:
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    engine = make_engine(url)
    if role == "importer":
        done = 0
        while not stop.is_set():
            done += 1
            assert save_import(engine, file_of(place, done * IMPORTERS + number), f"{number}").outcome == "stored"
            time.sleep(THINK_S)
        print(json.dumps(done))
        return
    times: list[float] = []
    city = [place[key] for key in ("C", "N", "Q")]
    while not stop.is_set():
        began = time.perf_counter()
        with engine.connect() as connection:
            queries.cells(connection, indicators=["enrollment"], org_unit_ids=city)
            times.append(1000 * (time.perf_counter() - began))
            consistent(connection)
        time.sleep(THINK_S)
    print(json.dumps([round(one, 2) for one in times]))


if __name__ == "__main__":
    _work(sys.argv[1], sys.argv[2], Place(json.loads(sys.argv[3])), int(sys.argv[4]))
