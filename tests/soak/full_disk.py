"""A disk that fills in mid-import and one that turns read-only: a sentence, nothing damaged, on again when there is room.

As a program (`python -m tests.soak.full_disk FOLDER PLACE`): imports until the file-size limit of the process is met.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from db.engine import StoreError, make_engine
from db.faults import BROKEN_DISK, FULL
from db.migrations import upgrade
from db.opening import unready
from db.schema import import_batch
from db.store import save_import
from db.verify import verify
from tests.conftest import ROOT
from tests.db.makers import Place, assert_same, load_place, snapshot
from tests.soak.crash_child import file_of
from tests.soak.served import Served, allow, cookie_of, running

MOST = 400  # imports of a small store; the limits below are met long before


def by_file_limit(folder: Path) -> str:
    """The process may not make its files larger: SQLite gets an error in mid-write. Returns the sentence."""
    engine = make_engine(url_of(folder))
    upgrade(engine)
    place = load_place(engine)
    save_import(engine, file_of(place, 1), "甲")
    engine.dispose()
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.full_disk", str(folder), json.dumps(dict(place.ids))],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, str | int] = json.loads(done.stdout)
    assert told["sentence"] in (FULL, BROKEN_DISK), told
    sound(folder, int(told["stored"]))
    return str(told["sentence"])


def _until_refused(folder: Path, place: Place) -> dict[str, str | int]:
    engine = make_engine(url_of(folder))
    save_import(engine, file_of(place, 2), "甲")
    biggest = max(path.stat().st_size for path in folder.glob("store.sqlite3*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (biggest + 150_000, hard))
    sentence, number = _fill(engine, place, 3)
    with engine.connect() as connection:  # old dashboards are still served
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == number - 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert save_import(engine, file_of(place, number), "甲").outcome == "stored"  # the same file, now there is room
    engine.dispose()
    return {"sentence": sentence, "stored": number}


def _fill(engine: sa.Engine, place: Place, first: int) -> tuple[str, int]:
    """(the sentence of the refusal, the number of the refused file)."""
    for number in range(first, MOST):
        before = snapshot(engine)
        try:
            save_import(engine, file_of(place, number), "甲")
        except StoreError as fault:
            assert_same(before, snapshot(engine))  # rolled back whole
            return str(fault), number
    raise AssertionError("the limit was never met")


def sound(folder: Path, stored: int) -> None:
    """Raises AssertionError unless the store holds so many imports and passes every check."""
    engine = make_engine(url_of(folder))
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == stored
        faults = [fault for check in verify(connection) for fault in check.faults]
    engine.dispose()
    assert not faults, faults


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'store.sqlite3'}"


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own. Raises OSError where this machine lets nobody mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        raise OSError("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True, capture_output=True)


def on_a_full_disk(folder: Path) -> tuple[str, Served]:
    """A disk of 80 MB fills while the server runs: whoever is signed in goes on looking, the import is refused, the server
    says that it is not ready, and all goes on once there is room."""
    allow(url_of(folder))
    engine = make_engine(url_of(folder))
    place = load_place(engine)
    save_import(engine, file_of(place, 1), "甲")
    with running(folder, {"EDU_LOG": "json"}) as served:
        cookie = cookie_of(served)
        assert served.status("/", cookie) == 200
        filler = folder / "filler"
        with filler.open("wb") as file:
            left = shutil.disk_usage(folder).free
            file.write(b"x" * max(left - 60_000, 0))
        sentence, number = _fill(engine, place, 2)
        assert served.status("/", cookie) == 200
        assert served.status("/overview", cookie) == 200
        assert served.status("/healthz") == 200
        assert unready(engine) == ("space",)
        filler.unlink()
        assert save_import(engine, file_of(place, number), "甲").outcome == "stored"
        assert served.process.poll() is None
    engine.dispose()
    sound(folder, number)
    return sentence, served


def on_a_read_only_disk(folder: Path) -> tuple[str, int]:
    """(the sentence of a write, the exit code of a start) on a disk that was turned read-only."""
    allow(url_of(folder))
    engine = make_engine(url_of(folder))
    place = load_place(engine)
    save_import(engine, file_of(place, 1), "甲")
    before = snapshot(engine)
    engine.dispose()
    remount(folder, "ro")
    try:
        sentence = ""
        try:
            save_import(engine, file_of(place, 2), "甲")
        except StoreError as fault:
            sentence = str(fault)
        engine.dispose()
        log_folder = folder.parent / "elsewhere"
        log_folder.mkdir()
        with running(log_folder, {"EDU_DATABASE_URL": url_of(folder)}, ready=False) as served:
            code = served.process.wait(timeout=60)
            assert "无法建立数据库文件" in served.said(), served.said()[-1000:]
    finally:
        remount(folder, "rw")
    assert_same(before, snapshot(engine))
    assert save_import(engine, file_of(place, 2), "甲").outcome == "stored"
    engine.dispose()
    sound(folder, 2)
    return sentence, code


if __name__ == "__main__":
    print(json.dumps(_until_refused(Path(sys.argv[1]), Place(json.loads(sys.argv[2])))))
