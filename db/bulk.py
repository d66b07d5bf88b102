"""Many rows at once: executemany on SQLite, COPY on PostgreSQL. Sort by the unique key before calling.

Observations are numbered before they are written, since neither way gives numbers back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from db.schema import store_state


def reserve_observations(connection: sa.Connection, n: int) -> int:
    """The first of `n` observation numbers in a row that nobody else gets. Call it inside `db.engine.write`."""
    first = int(connection.scalar(sa.select(store_state.c.next_observation_id)) or 1)
    connection.execute(sa.update(store_state).values(next_observation_id=first + n))
    return first


def insert_many(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Adds rows given as values in the order of `names`; columns that are not named stay NULL."""
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(quote(name) for name in names)})"
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(names))
    connection.exec_driver_sql(
        f"INSERT INTO {target} VALUES ({places})",  # noqa: S608 (names come from db.schema)
        _bound(connection, table, names, rows),
    )


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
