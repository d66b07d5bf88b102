"""The sample city in a store of its own, loaded once per run through the command that users have."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import make_engine

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


@pytest.fixture(scope="session")
def sample_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample city in it. Tests that use it carry the xdist group "sample"."""
    folder = tmp_path_factory.mktemp("sample")
    done = run_module("etl", "sample", data_dir=folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


@pytest.fixture(scope="session")
def sample_engine(sample_dir: Path) -> Iterator[sa.Engine]:
    engine = make_engine(f"sqlite:///{sample_dir / 'store.sqlite3'}")
    yield engine
    engine.dispose()
