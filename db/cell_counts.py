"""How many units have a value: kept beside the rollups, so that no page counts millions of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.bulk import insert_many
from db.schema import cell_count
from db.school_cells import Ints, Own

Place = tuple[int, int, int, str | None]  # area, indicator, period, dims key; None: whatever the dims
Counts = dict[Place, tuple[int, int]]  # schools, other units
EVERY = 0  # in place of a set of dims
_PLACE = ("area_id", "indicator_id", "period_id", "dim_set_id")


def counted(
    schools: Iterable[Own],
    rows: Iterable[tuple[int, int, str, int, bool]],
    keys: Mapping[int, str],
    period_id: int,
) -> Counts:
    """The counts of one period. `schools` are cells of schools with numbers of sets of dims that `keys` names, `rows`
    (area, indicator, dims key, unit, whether it is a school) other cells with a value."""
    names = dict(keys)
    numbers = {key: number for number, key in names.items()}
    for key in {row[2] for row in rows}:
        if key not in numbers:
            numbers[key] = min(numbers.values(), default=0) - 1
            names[numbers[key]] = key
    blocks = [_cells(own.take(~np.isnan(own.value))) for own in schools]
    blocks.append(np.array([(a, i, numbers[key], u, s) for a, i, key, u, s in rows], np.int64).reshape(-1, 5))
    cells = np.concatenate(blocks)
    found: Counts = {}
    for dims, some in ((cells[:, 2], cells), (None, np.unique(cells[:, [0, 1, 3, 4]], axis=0))):
        place = some[:, :2] if dims is None else np.column_stack((some[:, :2], dims))
        for (area_id, indicator_id, *rest), one in _tallied(place, some[:, -1]):
            found[area_id, indicator_id, period_id, names[rest[0]] if rest else None] = one
    return found


def _cells(own: Own) -> Ints:
    return np.column_stack((own.area, own.indicator, own.dim, own.unit, np.ones(len(own), np.int64)))


def _tallied(places: Ints, is_school: Ints) -> Iterable[tuple[list[int], tuple[int, int]]]:
    found, back, all_of = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    schools = np.bincount(back.reshape(-1), is_school, len(found)).astype(np.int64)
    return zip(found.tolist(), zip(schools.tolist(), (all_of - schools).tolist(), strict=True), strict=True)


def replace(
    connection: sa.Connection,
    scope: Sequence[sa.ColumnElement[bool]],
    counts: Counts,
    ids: Mapping[str, int],
) -> None:
    """Writes the counts anew; `scope` are the conditions on the rows they replace."""
    connection.execute(sa.delete(cell_count).where(*scope))
    rows = [(*place[:3], EVERY if place[3] is None else ids[place[3]], *one) for place, one in counts.items()]
    insert_many(connection, cell_count, (*_PLACE, "n_schools", "n_others"), sorted(rows))


def stored(connection: sa.Connection, period_id: int, keys: Mapping[int, str]) -> Counts:
    """The counts of a period as the table holds them."""
    columns: list[Any] = [cell_count.c[name] for name in (*_PLACE, "n_schools", "n_others")]
    rows = connection.execute(sa.select(*columns).where(cell_count.c.period_id == period_id))
    return {(*row[:3], None if row[3] == EVERY else keys[row[3]]): (row[4], row[5]) for row in rows}
