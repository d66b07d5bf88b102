"""Many rows at once: executemany on SQLite, COPY on PostgreSQL. Sort by the unique key before calling.

Observations are numbered before they are written, since neither way gives numbers back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.copying import Column, Numbers, Words, columns_as_copy
from db.schema import store_state
from db.versions import written

MOST_OF_STORE = 50_000  # rows that are as many as this, and more than there are
_MANY = 100  # rows from which on it pays to look for what they have in common


def reserve_observations(connection: sa.Connection, n: int) -> int:
    """The first of `n` observation numbers in a row that nobody else gets. Call it inside `db.engine.write`."""
    first = int(connection.scalar(sa.select(store_state.c.next_observation_id)) or 1)
    connection.execute(sa.update(store_state).values(next_observation_id=first + n))
    return first


def insert_many(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Adds rows given as values in the order of `names`; columns that are not named stay NULL."""
    if connection.dialect.name == "postgresql" or len(rows) < _MANY:
        insert_alike(connection, table, {}, names, rows)
    else:
        insert_alike(connection, table, *_parted(names, rows))


def insert_alike(
    connection: sa.Connection,
    table: sa.Table,
    same: Mapping[str, Any],
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    behind: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Adds rows that have the values `same` in common. What a row gives beyond `names` is a number that stands behind a
    text in the columns `behind`, as far as those hold it. On SQLite what rows share is written into the statement: the driver takes longer to
    bind a value than SQLite to write it."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        whole = tuple(same.values())
        ends = [(text, _length(table, name)) for name, text in behind.items()]
        told = ((*row[: len(names)], *whole, *(f"{text}{row[-1]}"[:length] for text, length in ends)) for row in rows)
        _copy(connection, table, (*names, *same, *behind), told)
        return
    [whole] = _bound(connection, table, list(same), [tuple(same.values())])
    terms = [f"?{place}" for place in range(1, len(names) + 1)]
    terms += [_literal(value) for value in whole]
    terms += [
        f"substr({_literal(text)} || ?{len(names) + 1}, 1, {_length(table, name)})" for name, text in behind.items()
    ]
    sql = f"INSERT INTO {_target(connection, table, (*names, *same, *behind))} VALUES ({', '.join(terms)})"  # noqa: S608
    connection.exec_driver_sql(sql, _bound(connection, table, names, rows))


def insert_columns(connection: sa.Connection, table: sa.Table, columns: Mapping[str, Column], rows: int) -> None:
    """Adds rows given by columns: arrays, or one value for all of them. Columns that are not named stay NULL; a text of
    `Words` is cut to the length of its column."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        target = f"COPY {_target(connection, table, list(columns))} FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(target) as copy:
            for piece in columns_as_copy(table, columns, rows):
                copy.write(piece)
        written(connection, table.name)
        return
    same = {name: column for name, column in columns.items() if _is_one(column)}
    others = {name: _listed(column, rows, _length(table, name)) for name, column in columns.items() if name not in same}
    insert_alike(connection, table, same, list(others), list(zip(*others.values(), strict=True)))


def _is_one(column: Column) -> bool:
    """Whether a statement can name the value of a whole column."""
    return not isinstance(column, (np.ndarray, Words, Numbers)) and _is_plain(column)


def _listed(column: Column, rows: int, length: int) -> list[Any]:
    """A column row by row, NULL as None."""
    if isinstance(column, Words):
        texts = [text[:length] for text in column.texts]
        return [texts[code] for code in column.codes.tolist()]
    if isinstance(column, Numbers):
        return [n if there else None for n, there in zip(column.values.tolist(), column.there.tolist(), strict=True)]
    if not isinstance(column, np.ndarray):
        return [column] * rows
    if column.dtype.kind != "f" or not np.isnan(column).any():
        return list(column.tolist())
    return [None if number != number else number for number in column.tolist()]


def _length(table: sa.Table, name: str) -> int:
    return int(getattr(table.c[name].type, "length", None) or 1 << 30)


@contextmanager
def indexes_after(connection: sa.Connection, coming: int, held: int, *tables: sa.Table) -> Iterator[None]:
    """Rows that make up most of a SQLite store are written without the indexes of their tables, which are then built anew
    in the same transaction: to sort all of them takes less than to find a place for each. `held` rows are there."""
    if connection.dialect.name != "sqlite" or coming < max(MOST_OF_STORE, held):
        yield
        return
    asked = sa.text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables"
    )
    names = {"tables": [table.name for table in tables]}
    found = connection.execute(asked.bindparams(sa.bindparam("tables", expanding=True)), names).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {connection.dialect.identifier_preparer.quote(name)}")
    yield
    for _, sql in found:
        connection.exec_driver_sql(sql)


def _copy(connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {_target(connection, table, names)} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    written(connection, table.name)


def _target(connection: sa.Connection, table: sa.Table, names: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(quote(name) for name in names)})"


def _parted(
    names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> tuple[dict[str, Any], list[str], list[tuple[Any, ...]]]:
    """(values that all rows have in common, names of the other columns, what rows hold in those)."""
    same: dict[str, Any] = {}
    others: dict[str, Sequence[Any]] = {}
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        if _is_plain(column[0]) and column.count(column[0]) == len(column):
            same[name] = column[0]
        else:
            others[name] = column
    return same, list(others), list(zip(*others.values(), strict=True)) if others else [()] * len(rows)


def _is_plain(value: object) -> bool:
    """Whether a statement can name a value; the digits of a float might be read as its neighbour."""
    return value is None or type(value) in (int, datetime) or (isinstance(value, str) and "\0" not in value)


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _bound(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """The values as the database keeps them (SQLite: times as text)."""
    found = list(rows)
    for place, name in enumerate(names):
        if isinstance(table.c[name].type, sa.DateTime):
            to_text = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
            if to_text is not None:
                texts = {time: to_text(time) for time in {row[place] for row in found}}  # few times, many rows
                found = [(*row[:place], texts[row[place]], *row[place + 1 :]) for row in found]
    return found
