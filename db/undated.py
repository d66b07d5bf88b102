"""Values of an unknown period stand side by side in one cell, numbered by `ordinal`; only number 0 is shown and summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from db.interning import UNKNOWN_PERIOD
from db.matching import Key
from db.schema import import_batch, observation, period

_CELL = Key._fields[:-1]


def close_ranks(connection: sa.Connection, keys: Iterable[Key]) -> None:
    """After an import is undone: the undated values that are left in its cells are numbered as if it had never been,
    in the order in which the files that are left first stated them. Call it inside `db.engine.write`."""
    undated = connection.scalar(sa.select(period.c.id).where(period.c.code == UNKNOWN_PERIOD))
    for cell in sorted({key[:-1] for key in keys if key.period_id == undated}):
        rows = connection.execute(
            sa.select(observation.c.id, observation.c.ordinal, observation.c.valid_to, observation.c.import_id,
                      import_batch.c.status)
            .join_from(observation, import_batch, observation.c.import_id == import_batch.c.id)
            .where(*(observation.c[name] == value for name, value in zip(_CELL, cell, strict=True)))
        ).all()  # fmt: skip
        first: dict[int, int] = {}  # by ordinal the first import that is left
        ids: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            ids[row.ordinal].append(row.id)
            if row.status == "stored":
                first[row.ordinal] = min(row.import_id, first.get(row.ordinal, row.import_id))
        standing = {row.ordinal for row in rows if row.valid_to is None}
        order = sorted(ids, key=lambda one: (one not in standing, first.get(one, 0), one))
        _renumber(connection, cell[0], {old: new for new, old in enumerate(order) if old != new}, ids)


def _renumber(connection: sa.Connection, area_id: int, moves: dict[int, int], ids: dict[int, list[int]]) -> None:
    """By way of negative numbers, so that no two current values ever have the same."""
    for sign in (-1, 1):
        for old, new in moves.items():
            connection.execute(
                sa.update(observation)
                .where(observation.c.area_id == area_id, observation.c.id.in_(ids[old]))
                .values(ordinal=new if sign == 1 else -1 - new)
            )
