"""Who has reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.cell_rows import cell_rows
from db.fold import COMPULSORY
from db.frames import BOOL, INT, NULLABLE_INT, TEXT, frame
from db.interning import split_level
from db.org import IN_TREE
from db.periods import parse_period
from db.records import ObsStatus, OrgKind
from db.schema import indicator, org_unit, period

_REPORTING = {
    "org_unit_id": INT, "name": TEXT, "town_id": NULLABLE_INT, "county_id": NULLABLE_INT, "level": TEXT,
    "reported": BOOL, "last_period": TEXT,
}  # fmt: skip


def reporting(
    connection: sa.Connection, *, indicator: str, period: str, dims: str | None = None, root_id: int | None = None
) -> pd.DataFrame:
    """The schools that should report an indicator in a period, and whether they have.

    Schools open in the period whose level the catalogue lists for the indicator (and for the level in
    `dims`), below `root_id`. A typed missing value counts as not reported, except "not applicable".
    `last_period` is the latest period up to this one with a value, or missing.
    """
    levels = expected_levels(indicator, split_level(dims or "")[0])
    schools = expected_units(connection, OrgKind.SCHOOL, period, root_id, levels)
    ids = [row.id for row in schools]
    done, last = _reported(connection, indicator, period, dims, ids)
    rows = [
        (row.id, row.name, row.town_id, row.county_id, row.level, row.id in done, last.get(row.id)) for row in schools
    ]
    return frame(rows, _REPORTING)


def expected_units(
    connection: sa.Connection,
    kind: OrgKind,
    period_code: str,
    root_id: int | None = None,
    levels: Collection[str] | None = None,
) -> Sequence[Any]:
    """The schools, or the towns, at and below a unit that stand in a period, in the order of the tree: rows of id, code,
    name, level, town_id and county_id. Of schools only those of some levels; None: all."""
    span = parse_period(period_code)
    parent, area = org_unit.alias("parent"), org_unit.alias("area")
    town_id = sa.case((parent.c.kind == OrgKind.TOWN.value, parent.c.id)).label("town_id")
    county_id = sa.case((area.c.kind == OrgKind.COUNTY.value, area.c.id)).label("county_id")
    query = (
        sa.select(
            org_unit.c.id, org_unit.c.code, org_unit.c.name, town_id, county_id, org_unit.c.level, org_unit.c.path
        )
        .join_from(org_unit, parent, org_unit.c.parent_id == parent.c.id)
        .join(area, org_unit.c.area_id == area.c.id)
        .where(org_unit.c.kind == kind.value)
        .where(org_unit.c.status.in_(IN_TREE))
        .where(sa.or_(org_unit.c.valid_from.is_(None), org_unit.c.valid_from <= span.end))
        .where(sa.or_(org_unit.c.valid_to.is_(None), org_unit.c.valid_to > span.start))
    )
    if levels is not None:
        query = query.where(org_unit.c.level.in_(sorted(levels)))
    if root_id is not None:
        query = query.where(org_unit.c.path.contains(f"/{int(root_id)}/"))
    return sorted(connection.execute(query), key=lambda row: [int(step) for step in row.path.split("/") if step])


def expected_levels(indicator_code: str, asked: str | None) -> set[str] | None:
    """The levels of schools that an indicator is collected from; None means every school."""
    entry = next((one for one in load_catalogue().indicators if one.code == indicator_code), None)
    collected = None if entry is None or set(entry.levels) == {"ALL"} else _with_neighbours(set(entry.levels))
    if asked in (None, "ALL"):
        return collected
    wanted = _with_neighbours({str(asked)})
    return wanted if collected is None else wanted & collected


def _with_neighbours(levels: set[str]) -> set[str]:
    """Nine-year schools (CE) hold primary and junior pupils, and the other way round."""
    if "CE" in levels:
        return levels | set(COMPULSORY)
    return levels | {"CE"} if levels & set(COMPULSORY) else levels


def _reported(
    connection: sa.Connection, indicator_code: str, period_code: str, dims: str | None, ids: Sequence[int]
) -> tuple[set[int], dict[int, str]]:
    """The schools that have reported in the period, and by school the latest period up to it with a value."""
    numbers = connection.scalars(sa.select(indicator.c.id).where(indicator.c.code == indicator_code)).all()
    last = parse_period(period_code).end
    query = sa.select(period.c.id, period.c.code, period.c.end_date).where(period.c.end_date <= last)
    spans = {number: (end, code) for number, code, end in connection.execute(query)}
    youngest = {number for number, (end, _) in spans.items() if end == last}
    done: set[int] = set()
    latest: dict[int, tuple[date, str]] = {}
    for row in cell_rows(connection, ids, numbers, youngest):
        span = spans[row.period_id]
        if row.cell.value is not None:
            latest[row.org_unit_id] = max(latest.get(row.org_unit_id, (date.min, "")), span)
        elif row.cell.obs_status != ObsStatus.NOT_APPLICABLE.value:
            continue
        if span[1] == period_code and dims in (None, row.dims):
            done.add(row.org_unit_id)
    # Most have a value by now: former periods are asked only of those that have none.
    for row in cell_rows(connection, set(ids) - latest.keys(), numbers, spans.keys() - youngest):
        if row.cell.value is not None:
            latest[row.org_unit_id] = max(latest.get(row.org_unit_id, (date.min, "")), spans[row.period_id])
    return done, {unit_id: code for unit_id, (_, code) in latest.items()}
