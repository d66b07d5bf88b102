"""Small things that readers ask for again and again, read once: the names that every fact refers to by number (indicators,
periods, sets of dims) and the units that a reader may see, for all connections of one process for as long as their tables
are not written to; and what a page asks several times for as long as its connection is lent."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from db.versions import State, note, noting

T = TypeVar("T")
_LENT = "edu_lent"
_MOST = 32  # things kept, the oldest go first
_LARGE = 20_000  # rows: the units of a province are let go of with their connection


class _Kept(NamedTuple):
    value: Any
    tables: frozenset[str]
    versions: Mapping[str, int]


class Names:
    """What was read of one store, by scope ("" for everybody) and name."""

    def __init__(self) -> None:
        self.held: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    @contextmanager
    def lent(
        self,
        connection: sa.Connection,
        state: State,
        scope: str = "",
        behind: Mapping[str, frozenset[str]] | None = None,
    ) -> Iterator[None]:
        """For a connection that reads at this state, within a scope; `behind` names the tables that a table's name stands
        for as well. Never for one that writes: what it adds may be undone."""
        connection.info[_LENT] = _Lent(self, state, scope, behind or {})
        try:
            yield
        finally:
            connection.info.pop(_LENT, None)

    def keep(self, key: tuple[str, str], made: _Kept) -> None:
        """Put a thing among those kept."""
        self.held[key] = made
        self.held.move_to_end(key)
        while len(self.held) > _MOST:
            self.held.popitem(last=False)


@dataclass(slots=True)
class _Lent:
    names: Names
    state: State
    scope: str
    behind: Mapping[str, frozenset[str]]
    read: dict[str, _Kept] = field(default_factory=dict)  # for as long as it is lent

    def found(self, scope: str | None, name: str) -> _Kept | None:
        if name in self.read:
            return self.read[name]
        kept = None if scope is None else self.names.held.get((scope, name))
        return kept if kept is not None and self.state.fits(kept.versions) else None

    def versions(self, tables: frozenset[str]) -> Mapping[str, int]:
        return self.state.of(tables.union(*(self.behind.get(table, frozenset()) for table in tables)))


def state_of(connection: sa.Connection) -> State:
    """The state at which a connection is lent."""
    lent: _Lent = connection.info[_LENT]
    return lent.state


def versions_of(connection: sa.Connection, tables: frozenset[str]) -> Mapping[str, int]:
    """What to compare later of what was read of some tables by a lent connection (see `State.of`)."""
    lent: _Lent = connection.info[_LENT]
    return lent.versions(tables)


def is_lent(connection: sa.Connection) -> bool:
    """Whether what is read once is kept for the connection."""
    return _LENT in connection.info


def once(connection: sa.Connection, name: str, read: Callable[[sa.Connection], T]) -> T:
    """What `read` gives, the same for every reader, read at the first call after its tables were written to. Not to be
    changed."""
    return _found(connection, "", name, read)


def once_in_scope(connection: sa.Connection, name: str, read: Callable[[sa.Connection], T]) -> T:
    """The same for what differs between scopes."""
    lent = connection.info.get(_LENT)
    return read(connection) if lent is None else _found(connection, lent.scope, name, read)


def while_lent(connection: sa.Connection, name: str, read: Callable[[sa.Connection], T]) -> T:
    """The same for what is large: it is let go of with the connection."""
    return _found(connection, None, name, read)


def noted(connection: sa.Connection, name: str) -> Any:
    """What was read for this scope and is good, or None."""
    lent = connection.info.get(_LENT)
    kept = None if lent is None else lent.found(lent.scope, name)
    return None if kept is None else kept.value


def _found(connection: sa.Connection, scope: str | None, name: str, read: Callable[[sa.Connection], T]) -> T:
    lent = connection.info.get(_LENT)
    if lent is None:
        return read(connection)
    kept = lent.found(scope, name)
    if kept is None:
        with noting(connection) as tables:
            value = read(connection)
        seen = frozenset(tables)
        kept = _Kept(value, seen, lent.versions(seen))
        if scope is None or (isinstance(value, Sized) and len(value) > _LARGE):
            lent.read[name] = kept
        else:
            lent.names.keep((scope, name), kept)
    else:
        note(connection, kept.tables)
    found: T = kept.value
    return found
