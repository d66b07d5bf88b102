"""Small things that readers ask for again and again, read once: the names that every fact refers to by number (indicators,
periods, sets of dims), which only a new revision of the store can change, for all readers of one process; and what a page
asks several times (its units) for as long as its connection is lent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
_KEY, _READ, _REVISION = "edu_names", "edu_read", "edu_revision"


class Names:
    """What was read of these tables at one revision of one store."""

    def __init__(self) -> None:
        self._held: tuple[int, dict[str, Any]] = (-1, {})

    @contextmanager
    def lent(self, connection: sa.Connection, revision: int) -> Iterator[None]:
        """For a connection that reads at this revision. Never for one that writes: what it adds may be undone."""
        if self._held[0] != revision:
            self._held = (revision, {})
        connection.info.update({_KEY: self._held[1], _READ: {}, _REVISION: revision})
        try:
            yield
        finally:
            for key in (_KEY, _READ, _REVISION):
                connection.info.pop(key, None)


def revision_of(connection: sa.Connection) -> int:
    """The revision at which a connection is lent."""
    return int(connection.info[_REVISION])


def is_lent(connection: sa.Connection) -> bool:
    """Whether what is read once is kept for the connection."""
    return _KEY in connection.info


def once(connection: sa.Connection, name: str, read: Callable[[sa.Connection], T]) -> T:
    """What `read` gives, from what was lent to the connection where it is there already. Not to be changed."""
    return _found(connection, _KEY, name, read)


def while_lent(connection: sa.Connection, name: str, read: Callable[[sa.Connection], T]) -> T:
    """The same for what differs between readers or is large: it is let go of with the connection."""
    return _found(connection, _READ, name, read)


def noted(connection: sa.Connection, name: str) -> Any:
    """What `while_lent` has read by now, or None."""
    return connection.info.get(_READ, {}).get(name)


def _found(connection: sa.Connection, place: str, name: str, read: Callable[[sa.Connection], T]) -> T:
    held: dict[str, Any] | None = connection.info.get(place)
    if held is None:
        return read(connection)
    if name not in held:
        held[name] = read(connection)
    found: T = held[name]
    return found
