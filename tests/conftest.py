"""The sample city in a store of its own, loaded once per run through the command that users have; how tests are spread."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings

from db.engine import make_engine

if "EDU_TEST_DEPTH" not in os.environ:  # the same examples in every run: new ones are looked for by `make soak`
    settings.register_profile("same_every_time", derandomize=True)
    settings.load_profile("same_every_time")

ROOT = Path(__file__).parent.parent
COMPILATION = ROOT.parent / "shared" / "reports" / "education-bureau-reports.txt"


def run_module(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """`python -m …` with its store in a folder of the test."""
    environment = {**os.environ, "EDU_DATA_DIR": str(data_dir), "EDU_DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@contextmanager
def connected(folder: Path) -> Iterator[sa.Connection]:
    """A connection to the store of a data folder; nothing of it stays open."""
    engine = make_engine(f"sqlite:///{folder / 'store.sqlite3'}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    from tests.schedule import LongestFirst

    return LongestFirst(config, log)


@contextmanager
def made_once(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """(folder, whether it is still to be filled) that all workers of a run share; others wait while one fills it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder.mkdir(exist_ok=True)
        yield folder, not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def sample_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample city in it, the same for all workers: only to be read or copied."""
    with made_once(tmp_path_factory, "sample") as (folder, empty):
        if empty:
            done = run_module("etl", "sample", data_dir=folder)
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


@pytest.fixture(scope="session")
def sample_engine(sample_dir: Path) -> Iterator[sa.Engine]:
    engine = make_engine(f"sqlite:///{sample_dir / 'store.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def apps_as_served() -> None:
    from tests.as_served import as_served  # which imports streamlit: not before the workers start

    as_served()
