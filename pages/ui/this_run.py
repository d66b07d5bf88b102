"""What is the same from the first to the last line of one run of the script, looked up once: thousands of words and
numbers of a page ask for the language and the catalogue, and the session answers slowly. Outside of a run (callbacks,
fragments that run alone, threads beside it) nothing is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
_HELD = threading.local()


@contextmanager
def begun() -> Iterator[None]:
    """While it lasts, this thread keeps what `once` made."""
    _HELD.values = {}
    try:
        yield
    finally:
        del _HELD.values


def once(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, made at the first call of a run."""
    values: dict[str, Any] | None = getattr(_HELD, "values", None)
    if values is None:
        return make()
    if name not in values:
        values[name] = make()
    found: T = values[name]
    return found


def again(*names: str) -> None:
    """Let go of what has changed, such as after a save."""
    for name in names:
        getattr(_HELD, "values", {}).pop(name, None)
