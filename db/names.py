"""The names that every fact refers to by number (indicators, periods, sets of dims): small tables that readers ask for
again and again, and that only a new revision of the store can change. Readers of one process share what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
_KEY = "edu_names"


class Names:
    """What was read of these tables at one revision of one store."""

    def __init__(self) -> None:
        self._held: tuple[int, dict[str, Any]] = (-1, {})

    @contextmanager
    def lent(self, connection: sa.Connection, revision: int) -> Iterator[None]:
        """For a connection that reads at this revision. Never for one that writes: what it adds may be undone."""
        if self._held[0] != revision:
            self._held = (revision, {})
        connection.info[_KEY] = self._held[1]
        try:
            yield
        finally:
            connection.info.pop(_KEY, None)


def once(connection: sa.Connection, name: str, read: Callable[[sa.Connection], T]) -> T:
    """What `read` gives, from what was lent to the connection where it is there already. Not to be changed."""
    held: dict[str, Any] | None = connection.info.get(_KEY)
    if held is None:
        return read(connection)
    if name not in held:
        held[name] = read(connection)
    found: T = held[name]
    return found
