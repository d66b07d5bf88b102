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
Address = tuple[tuple[str, str], ...]  # the choices in it, by name
_MOST, _MOST_OF_ONE = 4096, 60
_NOTED: ContextVar[dict[Ask, None] | None] = ContextVar("noted", default=None)
_LOCK = threading.Lock()
_ASKED: OrderedDict[Hashable, tuple[Ask, ...]] = OrderedDict()
_LAST: OrderedDict[Hashable, tuple[Address, tuple[Ask, ...]]] = OrderedDict()


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


def visited(page: Hashable, chosen: Address, asks: Iterable[Ask]) -> None:
    """Keep what was asked for a page at the address it was last looked at, for those who come to another address of it."""
    with _LOCK:
        _LAST[page] = chosen, tuple(asks)[:_MOST_OF_ONE]
        _LAST.move_to_end(page)
        while len(_LAST) > _MOST:
            _LAST.popitem(last=False)


def likely(page: Hashable, chosen: Address) -> tuple[Ask, ...]:
    """What will be asked for a page at an address where nobody was: what was asked at another one, with the choices of this
    address in the place of those of that one. A guess: what it brings in vain is not shown."""
    with _LOCK:
        then, asks = _LAST.get(page, ((), ()))
    before, now = dict(then), dict(chosen)
    changed = {old: now[name] for name, old in before.items() if name in now and now[name] != old}
    new: dict[Any, Any] = changed | {int(a): int(b) for a, b in changed.items() if a.isdecimal() and b.isdecimal()}
    return tuple((query, _put(arguments, new)) for query, arguments in asks)


def _put(value: Any, new: dict[Any, Any]) -> Any:
    """A value with others in the place of those that are changed, at whatever depth."""
    if isinstance(value, tuple):
        return tuple(_put(each, new) for each in value)
    return new.get(value, value) if type(value) in (int, str) else value


def forget() -> None:
    """Let go of all of it."""
    with _LOCK:
        _ASKED.clear()
        _LAST.clear()
