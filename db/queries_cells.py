"""Frames of units, periods and rolled-up values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.cell_counts import EVERY, EVERYWHERE
from db.cell_rows import cell_rows, texts_of
from db.fold import COMPONENTS, COMPULSORY
from db.frames import DATE, FLOAT, INT, NULLABLE_INT, OBJECT, TEXT, fetch, frame
from db.interning import join_level, period_rows, split_level
from db.known import known_rows
from db.names import once_in_scope
from db.org import successors_of
from db.org_tree import former_parents, parents_on
from db.schema import cell_count, dim_set, indicator, observation, period
from db.units import children_of, rows_with_parents, unit_rows

_UNIT = {
    "org_unit_id": INT, "parent_id": NULLABLE_INT, "area_id": INT, "kind": TEXT, "depth": INT, "path": TEXT,
    "level": TEXT, "code": TEXT, "name": TEXT, "short_name": TEXT, "area_type": TEXT, "sponsor": TEXT,
    "status": TEXT, "valid_from": DATE, "valid_to": DATE, "successor_ids": OBJECT,
}  # fmt: skip
_PERIOD = {
    "indicator": TEXT, "period": TEXT, "kind": TEXT, "school_year": NULLABLE_INT, "start_date": DATE,
    "end_date": DATE, "n_units": INT,
}  # fmt: skip
_CELL = {
    "org_unit_id": INT, "indicator": TEXT, "period": TEXT, "period_kind": TEXT, "school_year": NULLABLE_INT,
    "start_date": DATE, "end_date": DATE, "dims": TEXT, "value": FLOAT, "numerator": FLOAT, "denominator": FLOAT,
    "n_units": INT, "method": TEXT, "obs_status": TEXT, "observation_id": NULLABLE_INT, "stated_value": FLOAT,
    "stated_observation_id": NULLABLE_INT, "qualifier": TEXT, "displaced_value": FLOAT,
}  # fmt: skip
_ORDER = ["org_unit_id", "indicator", "end_date", "start_date", "period", "dims"]


def org_units(connection: sa.Connection) -> pd.DataFrame:
    """Every unit, by id; `path` holds the ids from the root, `successor_ids` is a tuple."""
    successors = successors_of(connection)
    return frame([(*row, successors.get(row.id, ())) for row in unit_rows(connection)], _UNIT)


def periods(connection: sa.Connection, indicators: Sequence[str] | None = None) -> pd.DataFrame:
    """Which indicator has values in which period. `n_units` counts schools, or other units where no school
    has a value. Sorted by indicator and period end."""
    number = sa.case((cell_count.c.n_schools > 0, cell_count.c.n_schools), else_=cell_count.c.n_others)
    full = (
        sa.select(indicator.c.code, period.c.code, period.c.kind, period.c.school_year, period.c.start_date,
                  period.c.end_date, number)
        .join_from(cell_count, indicator, cell_count.c.indicator_id == indicator.c.id)
        .join(period, cell_count.c.period_id == period.c.id)
        .where(cell_count.c.area_id == EVERYWHERE, cell_count.c.dim_set_id == EVERY)
        .order_by(indicator.c.code, period.c.end_date, period.c.start_date, period.c.code)
    )  # fmt: skip
    if indicators is not None:
        full = full.where(indicator.c.code.in_(sorted(set(indicators))))
    return fetch(connection, full, _PERIOD)


def cells(
    connection: sa.Connection,
    *,
    indicators: Sequence[str],
    org_unit_ids: Sequence[int],
    periods: Sequence[str] | None = None,
    dims: Sequence[str] | None = None,
    at: datetime | None = None,
) -> pd.DataFrame:
    """Values of units: `dims` are dims keys such as "" or "level=CE"; None means all. `at`: as they stood at an earlier
    moment (UTC), by the present tree of units and the present rules (see `db.known`).

    `method` is computed, summed, reported or missing; `stated_value` is what the unit itself stated where
    something else stands; `displaced_value` what would stand without a person's ruling. Sorted by unit, indicator, period end and dims.
    """
    codes = texts_of(connection, indicator, indicators)
    known = period_rows(connection)
    asked = None if periods is None else set(periods)
    spans = {row[0]: row for row in known if asked is None or row[1] in asked}
    wanted = None if periods is None else spans
    keys = None if dims is None else set(dims)
    if at is None:
        found = cell_rows(connection, org_unit_ids, codes, wanted, keys)
    else:
        found = known_rows(connection, at, org_unit_ids, codes, wanted, keys)
    rows = [
        (row.org_unit_id, codes[row.indicator_id], *spans[row.period_id][1:], row.dims, *_shown(row.cell))
        for row in found
    ]
    return frame(rows, _CELL).sort_values(_ORDER, ignore_index=True)


_shown = attrgetter(*tuple(_CELL)[8:])


def dims_of(connection: sa.Connection, indicator_code: str) -> pd.DataFrame:
    """The sets of dims in which an indicator has values, with the number of units that have them in the best period."""
    query = (
        sa.select(dim_set.c.key, sa.func.max(cell_count.c.n_schools + cell_count.c.n_others))
        .join_from(cell_count, dim_set, cell_count.c.dim_set_id == dim_set.c.id)
        .join(indicator, cell_count.c.indicator_id == indicator.c.id)
        .where(cell_count.c.area_id == EVERYWHERE, indicator.c.code == indicator_code)
        .group_by(dim_set.c.key)
        .order_by(dim_set.c.key)
    )
    return fetch(connection, query, {"dims": TEXT, "n_units": INT})


def dims_held(connection: sa.Connection) -> dict[str, frozenset[str]]:
    """By indicator the sets of dims in which it has values. Of levels that are worked out of others (CE, ALL) some may
    be missing."""
    query = (
        sa.select(indicator.c.code, dim_set.c.key)
        .join_from(cell_count, dim_set, cell_count.c.dim_set_id == dim_set.c.id)
        .join(indicator, cell_count.c.indicator_id == indicator.c.id)
        .where(cell_count.c.area_id == EVERYWHERE)
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for code, key in connection.execute(query):
        found.setdefault(code, set()).add(key)
    return {code: frozenset(keys) for code, keys in found.items()}


def contributions(
    connection: sa.Connection, *, indicator: str, period: str, dims: str, org_unit_id: int
) -> pd.DataFrame:
    """The parts of a sum: the cells of the direct children, or, where no child has one, the unit's own
    cells of the levels that make up its level. Columns of `cells` and org_unit_name."""
    children = _children_in(connection, org_unit_id, period)
    found = cells(connection, indicators=[indicator], org_unit_ids=children, periods=[period], dims=[dims])
    if found.empty:
        level, rest = split_level(dims)
        parts = {"CE": COMPULSORY, "ALL": (*COMPONENTS, None)}.get(level or "", ())
        keys = [join_level(part, rest) for part in parts]
        found = cells(connection, indicators=[indicator], org_unit_ids=[org_unit_id], periods=[period], dims=keys)
    names = {row.id: row.name for row in rows_with_parents(connection, found["org_unit_id"])}
    return found.assign(org_unit_name=pd.Series([names[unit_id] for unit_id in found["org_unit_id"]], dtype=TEXT))


def _children_in(connection: sa.Connection, org_unit_id: int, period_code: str) -> list[int]:
    """The direct children of a unit when a period began."""
    now = children_of(connection, org_unit_id)
    moves = once_in_scope(connection, "former parents", former_parents)
    if moves:
        start = next((row.start_date for row in period_rows(connection) if row.code == period_code), None)
        then = parents_on(moves, start)
        came = {each for each, parent in then.items() if parent == org_unit_id}
        now = {each for each in now if then.get(each, org_unit_id) == org_unit_id}
        now |= came & {row.id for row in rows_with_parents(connection, came)}
    return sorted(now)


def parts_of_rate(
    connection: sa.Connection, *, indicator: str, period: str, dims: str, org_unit_id: int
) -> pd.DataFrame:
    """The current count observations of the unit that its rate rests on; empty when the rate was stated."""
    columns = {"role": TEXT, "indicator": TEXT, "observation_id": INT, "value": FLOAT}
    entry = next((one for one in load_catalogue().indicators if one.code == indicator), None)
    rows: list[tuple[Any, ...]] = []
    for role in ("numerator", "denominator"):
        code = getattr(entry, role, None)
        if code is not None:
            rows.extend((role, code, *row) for row in _current(connection, code, period, dims, org_unit_id))
    return frame(rows, columns)


def _current(
    connection: sa.Connection, indicator_code: str, period_code: str, dims: str, org_unit_id: int
) -> Sequence[Any]:
    """The id and value of the observation that stands for a cell: a sheet outranks a report."""
    return connection.execute(
        sa.select(observation.c.id, observation.c.value)
        .join_from(observation, indicator, observation.c.indicator_id == indicator.c.id)
        .join(period, observation.c.period_id == period.c.id)
        .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
        .where(observation.c.org_unit_id == org_unit_id, observation.c.valid_to.is_(None), observation.c.ordinal == 0)
        .where(indicator.c.code == indicator_code, period.c.code == period_code, dim_set.c.key == dims)
        .where(observation.c.value.is_not(None))
        .order_by(observation.c.source_kind.desc())  # "sheet" after "report"
        .limit(1)
    ).all()
