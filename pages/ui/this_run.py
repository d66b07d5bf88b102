"""What is the same from the first to the last line of one run of the script, looked up once: thousands of words and
numbers of a page ask for the language and the catalogue, and the session answers slowly. Outside of a run (callbacks,
fragments that run alone, threads beside it) nothing is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, TypeVar

T = TypeVar("T")
_HELD = threading.local()


class _Run:
    """What was made in one run, and what stands open until it ends."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.open: dict[str, ExitStack] = {}

    def let_go(self, name: str) -> None:
        self.values.pop(name, None)
        if name in self.open:
            self.open.pop(name).close()


@contextmanager
def begun() -> Iterator[None]:
    """While it lasts, this thread keeps what `once` made and `open_once` opened."""
    _HELD.run = run = _Run()
    try:
        yield
    finally:
        del _HELD.run
        for name in list(run.open):
            run.let_go(name)


def _run() -> _Run | None:
    return getattr(_HELD, "run", None)


def going() -> bool:
    """Whether this thread is in a run, with a person at the screen."""
    return _run() is not None


def once(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, made at the first call of a run."""
    run = _run()
    if run is None:
        return make()
    if name not in run.values:
        run.values[name] = make()
    found: T = run.values[name]
    return found


def open_once(name: str, enter: Callable[[], AbstractContextManager[T]]) -> AbstractContextManager[T]:
    """What `enter` opens, at the first call of a run, and closes when the run ends; outside of a run at once."""
    run = _run()
    if run is None:
        return enter()
    if name not in run.open:
        with ExitStack() as stack:
            run.values[name] = stack.enter_context(enter())
            run.open[name] = stack.pop_all()
    return nullcontext(run.values[name])


def again(*names: str) -> None:
    """Let go of what has changed, such as after a save."""
    run = _run()
    for name in names if run is not None else ():
        run.let_go(name)
