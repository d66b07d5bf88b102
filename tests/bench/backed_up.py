"""A backup of ten million facts while eight people read: how long each read takes, with the backup and without.

A read takes longer for two reasons: the store makes it wait (a lock, the disk), or other programs have the processor. The
kernel tells the second apart (`schedstat`), so on a shared machine both are said.

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
from db.engine import make_engine
from tests.bench import stores
from tests.bench.measure import ROOT, Figure

READERS, THINK_S, BEFORE_S = 8, 0.05, 10.0
LIMIT_MS = 100.0
_SCHEDULED = Path("/proc/thread-self/schedstat")  # nanoseconds on a processor and waiting for one (Linux)
Read = tuple[float, float, float]  # when it began (seconds of the system's clock), how long it took and waited (ms)


def figures(repeats: int) -> Iterator[Figure]:
    """The longest read and the longest wait for the store while `python -m db backup` runs, beside those of the same readers
    before it; the time of the backup with its check against a plain copy of the file. One run: the store is copied first."""
    with tempfile.TemporaryDirectory(prefix="bench-backup") as name:
        folder = Path(name)
        copied = _seconds_to_copy(stores.path(stores.LARGE), folder / "store.sqlite3")
        url = f"sqlite:///{folder / 'store.sqlite3'}"
        alone = _seconds_to_back_up(url, folder / "alone.sqlite3")
        readers = [_start(url, number) for number in range(READERS)]
        for each in readers:
            _wait_for(each)
        time.sleep(BEFORE_S)
        began = time.monotonic()
        took = _seconds_to_back_up(url, folder / "copy.sqlite3")
        ended = time.monotonic()
        reads = [read for each in readers for read in _end(each)]
    during = [read for read in reads if read[0] + read[1] / 1000 >= began and read[0] <= ended]
    before = [read for read in reads if read[0] + read[1] / 1000 < began]
    what = f"{READERS} 人同时读 {stores.LARGE} 个数的库、备份进行中"
    for words, held in ((what, during), ("备份之前", before)):
        waited = sorted(read[2] for read in held)
        said = f"{words}:一次读取等库(锁、磁盘)最久,{len(held)} 次,第 99 百分位 {_at(waited, 0.99):.1f} ms"
        yield Figure(said, (waited[-1],), LIMIT_MS, "ms")
        yield Figure(f"{words}:最长的一次读取,连同等处理器", (max(read[1] for read in held),), LIMIT_MS, "ms")
    times = [sorted(read[1] for read in held) for held in (during, before)]
    for share in (0.5, 0.99):
        of, floor = (_at(held, share) for held in times)
        yield Figure(f"{what}:p{share * 100:.0f}", (of,), 2.0, "ms", "同样的人在备份之前", (floor,))
    yield Figure(f"备份 {stores.LARGE} 个数的库,含检查,无人读", (alone,), 2.5, "s", "只复制文件", (copied,))
    yield Figure(f"同上,{READERS} 人读", (took,), 2.5, "s", "无人读", (alone,))


def _seconds_to_back_up(url: str, to: Path) -> float:
    began = time.monotonic()
    command = [sys.executable, "-m", "db", "--database", url, "backup", str(to)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    to.unlink()
    return time.monotonic() - began


def _at(held: list[float], share: float) -> float:
    return held[min(int(len(held) * share), len(held) - 1)]


def _seconds_to_copy(source: Path, target: Path) -> float:
    began = time.monotonic()
    shutil.copyfile(source, target)
    return time.monotonic() - began


def _start(url: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.backed_up", url, str(number)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _wait_for(child: subprocess.Popen[str]) -> None:
    """Until it has read once."""
    assert child.stdout is not None
    child.stdout.readline()


def _end(child: subprocess.Popen[str]) -> list[Read]:
    said, _ = child.communicate("")
    if child.returncode:
        raise RuntimeError("a reader died")
    return [(float(at), float(ms), float(waited)) for at, ms, waited in json.loads(said)]


def _scheduled_ms() -> float:
    """Milliseconds that this thread has been on a processor or waited for one."""
    if not _SCHEDULED.exists():
        return 0.0
    on, waited, _ = _SCHEDULED.read_text(encoding="ascii").split()
    return (int(on) + int(waited)) / 1e6


def _read(url: str, number: int) -> list[Read]:
    """Reads what a page reads of one unit and its parts, again and again, until the input closes."""
    engine, chance, told = make_engine(url), random.Random(number), list[Read]()
    with engine.connect() as connection:
        counties = list(connection.scalars(sa.text("SELECT id FROM org_unit WHERE kind = 'county'")))
    codes = ("enrollment", "entrants", "graduates", "final_year_students", "transfer_in")
    read_once = False
    while not select.select([sys.stdin], [], [], THINK_S)[0]:
        scheduled, began = _scheduled_ms(), time.monotonic()
        with engine.connect() as connection:
            queries.cells(connection, indicators=[chance.choice(codes)], org_unit_ids=[chance.choice(counties)])
        took = 1000 * (time.monotonic() - began)
        if not read_once:  # it opened the store
            read_once = True
            print("ready", flush=True)
            continue
        told.append((began, took, max(took - (_scheduled_ms() - scheduled), 0.0)))
    return told


if __name__ == "__main__":
    print(json.dumps(_read(sys.argv[1], int(sys.argv[2]))))
