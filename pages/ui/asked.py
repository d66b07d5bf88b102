"""What a page asked of the store when it was last looked at at this address: when the store has changed, the next one who
comes there asks all of it at once. What was made or drawn of such answers is known by them too, so that a page that puts down
again what was kept is remembered with all that it rests on. Nothing here is shown: an answer that is not needed any more is
only read in vain, and what is needed beside is read when the page comes to it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Ask = tuple[str, tuple[tuple[str, Any], ...]]  # a query and what it is asked for
_MOST, _MOST_OF_ONE = 4096, 60
_NOTED: ContextVar[dict[Ask, None] | None] = ContextVar("noted", default=None)
_LOCK = threading.Lock()
_ASKED: OrderedDict[Hashable, tuple[Ask, ...]] = OrderedDict()


def note(asks: Iterable[Ask]) -> None:
    """Asked in this run, or by what it shows."""
    held = _NOTED.get()
    if held is not None:
        held.update(dict.fromkeys(asks))


@contextmanager
def noted() -> Iterator[dict[Ask, None]]:
    """While it lasts, what is asked, in order; whoever notes around it notes it too."""
    inner: dict[Ask, None] = {}
    token = _NOTED.set(inner)
    try:
        yield inner
    finally:
        _NOTED.reset(token)
        note(inner)


def remember(key: Hashable, asks: Iterable[Ask]) -> None:
    """Keep what was asked for a page at an address, or for a thing that was made."""
    with _LOCK:
        _ASKED[key] = tuple(asks)[:_MOST_OF_ONE]
        _ASKED.move_to_end(key)
        while len(_ASKED) > _MOST:
            _ASKED.popitem(last=False)


def of(key: Hashable) -> tuple[Ask, ...]:
    """What was asked for it."""
    with _LOCK:
        return _ASKED.get(key, ())


def forget() -> None:
    """Let go of all of it."""
    with _LOCK:
        _ASKED.clear()
