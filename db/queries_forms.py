"""Who has a row in a form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.cell_rows import cell_rows
from db.distribution import of_units
from db.fold import COMPONENTS, COMPULSORY
from db.frames import INT, NULLABLE_INT, TEXT, chunks, frame
from db.interning import dim_ids, indicator_ids, period_ids, split_level
from db.queries_reporting import expected_units
from db.records import OrgKind
from db.schema import dim_set, observation, rollup
from db.together import several

_ROWS = {
    "stage": TEXT, "org_unit_id": INT, "code": TEXT, "name": TEXT, "level": TEXT, "town_id": NULLABLE_INT, "county_id": NULLABLE_INT,
}  # fmt: skip


_STAGES = {*COMPULSORY, *COMPONENTS} - {"CE"}  # levels that are not worked out of others


def form_rows(connection: sa.Connection, *, form: str, period: str, root_id: int | None = None) -> pd.DataFrame:
    """The rows of a form's sheets, sheet by sheet: the schools (or towns) at and below a unit that stand in the period.

    A school that was merged or closed before the period has none, one that opened in it has one; a nine-year school
    has one in each sheet of its sections. Raises KeyError for a code that is no form.
    """
    entry = load_catalogue().form(form)
    if entry is None:
        raise KeyError(form)
    kind = OrgKind(entry.rows)
    units = expected_units(connection, kind, period, root_id)
    rows: list[tuple[Any, ...]] = []
    for stage in entry.stages:
        rows += [
            (stage, unit.id, unit.code, unit.name, unit.level, unit.town_id, unit.county_id)
            for unit in units
            if kind is OrgKind.TOWN or stage in entry.stages_of(unit.level)
        ]
    return frame(rows, _ROWS)


def known_counts(
    connection: sa.Connection, *, series: Sequence[tuple[str, str]], period: str, org_unit_ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """By unit and level how many of some counts (indicator and dims key, with the level of one stage) it has a value of.

    A school of which the rollups hold nothing has a cell for each fact of its own and, at a single stage, no other: these
    are counted in the database. Raises ValueError for a rate or a level that is worked out of others."""
    numbers, dims, when = indicator_ids(connection), dim_ids(connection), period_ids(connection).get(period)
    for code, key in series:
        if load_catalogue().indicator(code).numerator or split_level(key)[0] not in _STAGES:
            raise ValueError(f"{code} {key}: not what a unit states of one stage")
    pairs = {(numbers[code], dims[key]): key for code, key in series if code in numbers and key in dims}
    found: Counter[tuple[int, str]] = Counter()
    if not pairs or when is None:
        return {}
    for some in chunks(org_unit_ids):
        rolled = set(connection.scalars(_rolled(connection, some, {number for number, _ in pairs}, when)))
        plain = [each for each in some if each not in rolled]
        folding = {number for number, _ in pairs}
        stated, folded = several(
            partial(_found, connection, _stated(connection, plain, list(pairs), when)),
            partial(_folded, connection, rolled, series, folding, when),
        )
        found.update({(row.org_unit_id, row.level): row.n for row in stated})
        found.update(folded)
    return dict(found)


def _found(connection: sa.Connection, query: sa.Select[Any]) -> Sequence[Any]:
    return connection.execute(query).all()


def _rolled(
    connection: sa.Connection, unit_ids: Collection[int], indicators: Collection[int], period_id: int
) -> sa.Select[Any]:
    """The units of which the rollups hold rows."""
    here = (*of_units(connection, rollup, unit_ids), rollup.c.indicator_id.in_(sorted(indicators)))
    return sa.select(rollup.c.org_unit_id).where(*here, rollup.c.period_id == period_id).distinct()


def _stated(
    connection: sa.Connection, unit_ids: Collection[int], pairs: Sequence[tuple[int, int]], period_id: int
) -> sa.Select[Any]:
    """By unit and level in how many places it states a value."""
    place = (observation.c.indicator_id, observation.c.dim_set_id)
    here = (
        *of_units(connection, observation, unit_ids),
        observation.c.indicator_id.in_(sorted({number for number, _ in pairs})),
        observation.c.period_id == period_id,
        sa.tuple_(*place).in_(pairs),
        observation.c.valid_to.is_(None),
        observation.c.ordinal == 0,
        observation.c.value.is_not(None),
    )
    each = sa.select(observation.c.org_unit_id, *place).where(*here).distinct().subquery()
    return (
        sa.select(each.c.org_unit_id, dim_set.c.level, sa.func.count().label("n"))
        .join_from(each, dim_set, each.c.dim_set_id == dim_set.c.id)
        .group_by(each.c.org_unit_id, dim_set.c.level)
    )


def _folded(
    connection: sa.Connection,
    units: Collection[int],
    series: Sequence[tuple[str, str]],
    indicators: Collection[int],
    period_id: int,
) -> list[tuple[int, str]]:
    """Unit and level once for each value of units of which the rollups hold rows."""
    if not units:
        return []
    codes, wanted = {number: code for code, number in indicator_ids(connection).items()}, set(series)
    return [
        (row.org_unit_id, str(split_level(row.dims)[0]))
        for row in cell_rows(connection, units, indicators, [period_id], {key for _, key in series})
        if (codes[row.indicator_id], row.dims) in wanted and row.cell.value is not None
    ]
