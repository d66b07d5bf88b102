"""How many units have a value: kept beside the rollups, so that no page counts millions of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.bulk import insert_many
from db.frames import chunks
from db.schema import cell_count
from db.school_cells import Ints, Own
from db.statements import in_scope

Place = tuple[int, int, int, str | None]  # area, indicator, period, dims key; None: whatever the dims
Counts = dict[Place, tuple[int, int]]  # schools, other units
EVERY = 0  # in place of a set of dims
EVERYWHERE = 0  # in place of an area: the sums over all areas
_PLACE = ("area_id", "indicator_id", "period_id", "dim_set_id")
_NUMBERS = ("n_schools", "n_others")


def counted(
    schools: Iterable[Own],
    rows: Iterable[tuple[int, int, str, int, bool]],
    keys: Mapping[int, str],
    period_id: int,
    places: Ints | None = None,
) -> Counts:
    """The counts of one period. `schools` are cells of schools with numbers of sets of dims that `keys` names, `places`
    (area, indicator, set of dims, unit) such cells of other units that have values, `rows` (area, indicator, dims key, unit,
    whether it is a school) further cells with a value."""
    names = dict(keys)
    numbers = {key: number for number, key in names.items()}
    for key in {row[2] for row in rows}:
        if key not in numbers:
            numbers[key] = min(numbers.values(), default=0) - 1
            names[numbers[key]] = key
    blocks = [_cells(own.take(~np.isnan(own.value))) for own in schools]
    blocks.append(np.array([(a, i, numbers[key], u, s) for a, i, key, u, s in rows], np.int64).reshape(-1, 5))
    if places is not None:
        blocks.append(np.column_stack((places, np.zeros(len(places), np.int64))))
    area, indicator, dims, unit, school = np.concatenate(blocks).T
    found: Counts = {}
    for (area_id, indicator_id, number), one in _tallied((area, indicator, dims), school):
        found[area_id, indicator_id, period_id, names[number]] = one
    once = np.unique(as_one((indicator, unit)), return_index=True)[1]
    for (area_id, indicator_id), one in _tallied((area[once], indicator[once]), school[once]):
        found[area_id, indicator_id, period_id, None] = one
    return found


def _cells(own: Own) -> Ints:
    return np.column_stack((own.area, own.indicator, own.dim, own.unit, np.ones(len(own), np.int64)))


def as_one(columns: Sequence[Ints]) -> Ints:
    """The columns as one number each, the same for the same values."""
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        low = column.min(initial=0)
        number = number * (column.max(initial=0) - low + 1) + column - low
    return number


def _tallied(places: Sequence[Ints], is_school: Ints) -> Iterable[tuple[list[int], tuple[int, int]]]:
    _, first, back, all_of = np.unique(as_one(places), return_index=True, return_inverse=True, return_counts=True)
    schools = np.bincount(back, is_school, len(first)).astype(np.int64)
    found = np.column_stack([column[first] for column in places])
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
    insert_many(connection, cell_count, (*_PLACE, *_NUMBERS), sorted(rows))


Held = Mapping[tuple[int, int], tuple[int, int]]  # by indicator and set of dims: schools, other units


def held(connection: sa.Connection, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> Held:
    """The sums over some areas, for a period and some indicators."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    place = (cell_count.c.indicator_id, cell_count.c.dim_set_id)
    for some in chunks(areas):
        query = (
            sa.select(*place, *(sa.func.sum(cell_count.c[name]) for name in _NUMBERS))
            .where(*in_scope(cell_count, some, period_id, indicators))
            .group_by(*place)
        )
        for indicator_id, dims, schools, others in connection.execute(query):
            one = found.get((indicator_id, dims), (0, 0))
            found[indicator_id, dims] = one[0] + int(schools), one[1] + int(others)
    return found


def add_up(
    connection: sa.Connection, areas: Sequence[int], period_id: int, indicators: Sequence[int], before: Held
) -> None:
    """Brings the sums over all areas up to date once some `areas` are done, of which `before` held the sums until then."""
    after = held(connection, areas, period_id, indicators)
    if after == before:
        return
    everywhere = held(connection, [EVERYWHERE], period_id, indicators)
    found = {}
    for place in everywhere.keys() | after.keys() | before.keys():
        all_of, gone, come = (sums.get(place, (0, 0)) for sums in (everywhere, before, after))
        found[place] = all_of[0] - gone[0] + come[0], all_of[1] - gone[1] + come[1]
    connection.execute(sa.delete(cell_count).where(*in_scope(cell_count, [EVERYWHERE], period_id, indicators)))
    rows = [(EVERYWHERE, code, period_id, dims, *one) for (code, dims), one in found.items() if any(one)]
    insert_many(connection, cell_count, (*_PLACE, *_NUMBERS), sorted(rows))


def with_sums(counts: Counts) -> Counts:
    """The counts of a period with the sums over all areas, as the table holds both."""
    found = dict(counts)
    for (_, indicator_id, period_id, key), (schools, others) in counts.items():
        before = found.get((EVERYWHERE, indicator_id, period_id, key), (0, 0))
        found[EVERYWHERE, indicator_id, period_id, key] = before[0] + schools, before[1] + others
    return found


def stored(connection: sa.Connection, period_id: int, keys: Mapping[int, str]) -> Counts:
    """The counts of a period as the table holds them."""
    columns: list[Any] = [cell_count.c[name] for name in (*_PLACE, *_NUMBERS)]
    rows = connection.execute(sa.select(*columns).where(cell_count.c.period_id == period_id))
    return {(*row[:3], None if row[3] == EVERY else keys[row[3]]): (row[4], row[5]) for row in rows}
