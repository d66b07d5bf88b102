"""A backup of ten million facts while eight people read: how long each read takes, with the backup and without.

As a program (`python -m tests.bench.backed_up URL NUMBER`): one reader until its input closes."""

from __future__ import annotations

import json
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from db import queries
from db.backup import backup
from db.engine import make_engine
from tests.bench import stores
from tests.bench.measure import ROOT, Figure

READERS, THINK_S, BEFORE_S = 8, 0.05, 10.0
LIMIT_MS = 100.0
Read = tuple[float, float]  # when it began (seconds of the system's clock) and how long it took (ms)


def figures(repeats: int) -> Iterator[Figure]:
    """The longest read and the 99th of a hundred while the backup runs, beside those of the same readers before it; the
    time of the backup with its check against a plain copy of the file. One run: the store is copied first."""
    with tempfile.TemporaryDirectory(prefix="bench-backup") as name:
        folder = Path(name)
        copied = _seconds_to_copy(stores.path(stores.LARGE), folder / "store.sqlite3")
        url = f"sqlite:///{folder / 'store.sqlite3'}"
        readers = [_start(url, number) for number in range(READERS)]
        time.sleep(BEFORE_S)
        began = time.monotonic()
        engine = make_engine(url)
        backup(engine, folder / "copy.sqlite3")
        ended = time.monotonic()
        engine.dispose()
        reads = [read for each in readers for read in _end(each)]
    during = sorted(ms for at, ms in reads if at + ms / 1000 >= began and at <= ended)
    before = sorted(ms for at, ms in reads if at + ms / 1000 < began)[READERS:]  # the first of each opens the store
    what = f"{READERS} 人同时读 {stores.LARGE} 个数的库、备份进行中"
    yield Figure(f"{what}:最长的一次读取({len(during)} 次)", (during[-1],), LIMIT_MS, "ms")
    yield Figure(f"备份之前:最长的一次读取({len(before)} 次)", (before[-1],), LIMIT_MS, "ms")
    for share in (0.5, 0.99):
        words = f"{what}:p{share * 100:.0f}"
        floor = "同样的人在备份之前"
        yield Figure(words, (_at(during, share),), 2.0, "ms", floor, (_at(before, share),))
    yield Figure("备份 1000 万个数的库,含检查", (ended - began,), 2.5, "s", "只复制文件", (copied,))


def _at(held: list[float], share: float) -> float:
    return held[min(int(len(held) * share), len(held) - 1)]


def _seconds_to_copy(source: Path, target: Path) -> float:
    began = time.monotonic()
    shutil.copyfile(source, target)
    return time.monotonic() - began


def _start(url: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.backed_up", url, str(number)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _end(child: subprocess.Popen[str]) -> list[Read]:
    said, _ = child.communicate("")
    if child.returncode:
        raise RuntimeError("a reader died")
    return [(float(at), float(ms)) for at, ms in json.loads(said)]


def _read(url: str, number: int) -> list[Read]:
    """Reads what a page reads of one unit and its parts, again and again, until the input closes."""
    engine, chance, told = make_engine(url), random.Random(number), list[Read]()
    with engine.connect() as connection:
        counties = list(connection.scalars(sa.text("SELECT id FROM org_unit WHERE kind = 'county'")))
    codes = ("enrollment", "entrants", "graduates", "final_year_students", "transfer_in")
    while not select.select([sys.stdin], [], [], THINK_S)[0]:
        began = time.monotonic()
        with engine.connect() as connection:
            queries.cells(connection, indicators=[chance.choice(codes)], org_unit_ids=[chance.choice(counties)])
        told.append((began, 1000 * (time.monotonic() - began)))
    return told


if __name__ == "__main__":
    print(json.dumps(_read(sys.argv[1], int(sys.argv[2]))))
