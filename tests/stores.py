"""Stores that are made once per process and copied for every test that wants one of its own."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from db.engine import make_engine, settle
from db.migrations import upgrade

T = TypeVar("T")


def migrated(path: Path) -> str:
    """The URL of a migrated store without data at `path`: migrating takes longer than most tests, copying does not."""
    prepared(path, _nothing)
    return f"sqlite:///{path}"


def prepared(path: Path, fill: Callable[[sa.Engine], T]) -> T:
    """Puts a migrated SQLite store at `path` that `fill`, a function of a module, has filled; returns what it returned.

    The store is a copy, byte for byte, of the one that the first call in this process made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    template, returned = _template(fill)
    shutil.copyfile(template, path)
    return returned  # type: ignore[no-any-return]


def _nothing(engine: sa.Engine) -> None:
    """The store keeps to its schema and the rows of the catalogue."""


@cache
def _template(fill: Callable[[sa.Engine], Any]) -> tuple[Path, Any]:
    path = _folder() / f"{fill.__module__}.{fill.__qualname__}.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    if fill is _nothing:
        upgrade(engine)
    else:
        migrated(path)
    returned = fill(engine)
    assert settle(engine), "what is in the log is not copied"
    return path, returned


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="templates"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
