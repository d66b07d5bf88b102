"""Several questions in one statement.

`answers` sends selects of whatever shape as one: each becomes a part of a UNION ALL, its columns laid into columns of their
kind. `Asking` lets functions that know nothing of it be asked at once: it stands for a connection, gives up a function at the
first statement without an answer, and when all have come as far as they can, sends what they wait for together; then they are
called again. What n functions ask one after the other takes as many statements as the one that asks most (decision 023).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from db.versions import note, tables_in

MOST_VALUES = 30_000  # in one statement; SQLite takes 32,766
MOST_ROUNDS = (
    8  # no function asks so often one thing after the other; one that asks another thing each time is left alone
)
Query = sa.Select[Any] | sa.CompoundSelect[Any]
_KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], sa.types.TypeEngine[Any]], ...] = (
    (sa.Boolean, sa.Boolean()), (sa.Integer, sa.BigInteger()), (sa.Float, sa.Float(53)), (sa.String, sa.Text()),
    (sa.DateTime, sa.DateTime()), (sa.Date, sa.Date()), (sa.LargeBinary, sa.LargeBinary()),
    (sa.JSON, sa.JSON()),
)  # fmt: skip


class Unanswered(BaseException):
    """A statement that has no answer yet. No fault, so that nothing on the way up takes it for one."""


class Asking:
    """A connection in whose name several functions ask together. Only for what reads, and within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._real, self._asked = connection, dict[Hashable, tuple[Query, int]]()
        self._answered: dict[Hashable, tuple[list[str], Sequence[tuple[Any, ...]]]] = {}
        self.info, self.dialect, self.engine = connection.info, connection.dialect, connection.engine

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """The answer, if it is there. Raises Unanswered."""
        if parameters is not None or not isinstance(statement, (sa.Select, sa.CompoundSelect)) or not _fits(statement):
            return self._real.execute(statement, parameters)
        compiled = statement.compile(dialect=self.dialect)
        key = (compiled.string, tuple((name, _plain(value)) for name, value in compiled.params.items()))
        if key not in self._answered:
            self._asked[key] = (statement, sum(_size(value) for value in compiled.params.values()))
            raise Unanswered
        note(self._real, tables_in(compiled.string))
        keys, rows = self._answered[key]
        return IteratorResult(SimpleResultMetaData(keys), iter(rows))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def scalar(self, statement: Any, parameters: Any = None) -> Any:
        """The first column of the first row, or None."""
        return self.execute(statement, parameters).scalar()

    def scalars(self, statement: Any, parameters: Any = None) -> Any:
        """The first column."""
        return self.execute(statement, parameters).scalars()

    def all_of(self, asks: Sequence[Callable[[], object]]) -> None:
        """Call functions that use this connection until each has come to its end. What they raise they will raise again
        when they are called for their result."""
        for _ in range(MOST_ROUNDS):
            asks = [ask for ask in asks if not _ended(ask)]
            if not self._asked:
                return
            self._send()

    def _send(self) -> None:
        for some in _parted(self._asked):
            found = answers(self._real, [statement for _, statement in some])
            for (key, statement), rows in zip(some, found, strict=True):
                self._answered[key] = (_keys(statement), rows)
        self._asked.clear()


def several(*asks: Callable[[], Any]) -> list[Any]:
    """What functions give that do not wait for one another, in their order: where they ask by an `Asking`, at once."""
    found, waits = [], False
    for ask in asks:
        try:
            found.append(ask())
        except Unanswered:
            waits = True
    if waits:
        raise Unanswered
    return found


def at_once(connection: sa.Connection, *asks: Callable[[Any], Any]) -> list[Any]:
    """What functions give that are called with a connection, asked together."""
    asking, found = Asking(connection), dict[int, Any]()

    def ask(number: int) -> None:
        if number not in found:
            found[number] = asks[number](asking)

    asking.all_of([partial(ask, number) for number in range(len(asks))])
    return [found[n] if n in found else each(connection) for n, each in enumerate(asks)]


def answers(connection: sa.Connection, statements: Sequence[Query]) -> list[Sequence[tuple[Any, ...]]]:
    """The rows of each of several selects, in its order, in one statement. Their columns must have types."""
    if len(statements) == 1:
        return [[tuple(row) for row in connection.execute(statements[0])]]
    laid = [_laid(statement) for statement in statements]
    width = [max(sum(kind == n for kind, _ in columns) for columns in laid) for n in range(len(_KINDS))]
    starts = [1 + sum(width[:n]) for n in range(len(_KINDS))]
    parts, places = [], []
    for number, columns in enumerate(laid):
        slots: list[Any] = [_nothing(kind) for (_, kind), n in zip(_KINDS, width, strict=True) for _ in range(n)]
        used, place = [0] * len(_KINDS), []
        for kind, column in columns:
            at = starts[kind] + used[kind]
            slots[at - 1] = _as(connection, column, _KINDS[kind][1])
            place.append(at)
            used[kind] += 1
        named = [slot.label(f"c{at}") for at, slot in enumerate(slots)]
        parts.append(sa.select(sa.literal_column(str(number), sa.Integer).label("part"), *named))
        places.append(place)
    found: list[list[tuple[Any, ...]]] = [[] for _ in statements]
    for row in connection.execute(sa.union_all(*parts)):
        found[row[0]].append(tuple(row[at] for at in places[row[0]]))
    return list(found)


def _laid(statement: Query) -> list[tuple[int, Any]]:
    """The columns of a statement, each with the place of its kind in _KINDS."""
    # With an offset no database puts its rows in another order, or its conditions elsewhere.
    fenced = statement.offset(0) if statement._offset_clause is None else statement
    return [(_kind(column.type), column) for column in fenced.subquery().c]


def _kind(given: sa.types.TypeEngine[Any]) -> int:
    return next((n for n, (kind, _) in enumerate(_KINDS) if isinstance(given, kind)), -1)


def _fits(statement: Query) -> bool:
    return all(_kind(column.type) >= 0 for column in statement.selected_columns)


def _keys(statement: Query) -> list[str]:
    return [str(name) for name in statement.subquery().c.keys()]  # noqa: SIM118 - a collection of columns


def _nothing(kind: sa.types.TypeEngine[Any]) -> Any:
    return sa.cast(sa.null(), kind)


def _as(connection: sa.Connection, column: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """PostgreSQL wants one type a column; SQLite, which wants none, would change dates by a cast."""
    return sa.cast(column, kind) if connection.dialect.name == "postgresql" else sa.type_coerce(column, kind)


def _ended(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Unanswered:
        return False
    except Exception:
        return True
    return True


def _plain(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, (list, set)) else value


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (list, tuple, set)) else 1


def _parted(asked: dict[Hashable, tuple[Query, int]]) -> Iterator[list[tuple[Hashable, Query]]]:
    some: list[tuple[Hashable, Query]] = []
    held = 0
    for key, (statement, size) in asked.items():
        if some and held + size > MOST_VALUES:
            yield some
            some, held = [], 0
        some.append((key, statement))
        held += size
    if some:
        yield some
