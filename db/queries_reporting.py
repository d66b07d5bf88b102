"""Who has reported, and where a report and the sheets disagree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.fold import COMPULSORY
from db.frames import BOOL, FLOAT, INT, NULLABLE_INT, TEXT, chunks, frame
from db.interning import split_level
from db.periods import parse_period
from db.records import ObsStatus, OrgKind, OrgStatus, Qualifier, SourceKind
from db.schema import dim_set, indicator, observation, org_unit, period, rollup

_REPORTING = {
    "org_unit_id": INT, "name": TEXT, "town_id": NULLABLE_INT, "county_id": NULLABLE_INT, "level": TEXT,
    "reported": BOOL, "last_period": TEXT,
}  # fmt: skip
_CONFLICT = {
    "indicator": TEXT, "period": TEXT, "dims": TEXT, "org_unit_id": INT, "org_unit_name": TEXT,
    "sheet_value": FLOAT, "report_value": FLOAT, "sheet_observation_id": NULLABLE_INT, "report_observation_id": INT,
}  # fmt: skip


def reporting(
    connection: sa.Connection, *, indicator: str, period: str, dims: str | None = None, root_id: int | None = None
) -> pd.DataFrame:
    """The schools that should report an indicator in a period, and whether they have.

    Schools open in the period whose level the catalogue lists for the indicator (and for the level in
    `dims`), below `root_id`. A typed missing value counts as not reported, except "not applicable".
    `last_period` is the latest period up to this one with a value, or missing.
    """
    schools = _expected(connection, indicator, period, dims, root_id)
    ids = [row.id for row in schools]
    done = _reported(connection, indicator, period, dims, ids)
    last = _last_periods(connection, indicator, period, ids)
    rows = [
        (row.id, row.name, row.town_id, row.county_id, row.level, row.id in done, last.get(row.id)) for row in schools
    ]
    return frame(rows, _REPORTING)


def _expected(
    connection: sa.Connection, indicator_code: str, period_code: str, dims: str | None, root_id: int | None
) -> Sequence[Any]:
    span = parse_period(period_code)
    parent, area = org_unit.alias("parent"), org_unit.alias("area")
    town_id = sa.case((parent.c.kind == OrgKind.TOWN.value, parent.c.id)).label("town_id")
    county_id = sa.case((area.c.kind == OrgKind.COUNTY.value, area.c.id)).label("county_id")
    query = (
        sa.select(org_unit.c.id, org_unit.c.name, town_id, county_id, org_unit.c.level)
        .join_from(org_unit, parent, org_unit.c.parent_id == parent.c.id)
        .join(area, org_unit.c.area_id == area.c.id)
        .where(org_unit.c.kind == OrgKind.SCHOOL.value)
        .where(org_unit.c.status.in_([OrgStatus.ACTIVE.value, OrgStatus.CLOSED.value]))
        .where(sa.or_(org_unit.c.valid_from.is_(None), org_unit.c.valid_from <= span.end))
        .where(sa.or_(org_unit.c.valid_to.is_(None), org_unit.c.valid_to > span.start))
        .order_by(org_unit.c.path)
    )
    levels = expected_levels(indicator_code, split_level(dims or "")[0])
    if levels is not None:
        query = query.where(org_unit.c.level.in_(sorted(levels)))
    if root_id is not None:
        query = query.where(org_unit.c.path.contains(f"/{int(root_id)}/"))
    return connection.execute(query).all()


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
) -> set[int]:
    query = (
        sa.select(rollup.c.org_unit_id)
        .join_from(rollup, indicator, rollup.c.indicator_id == indicator.c.id)
        .join(period, rollup.c.period_id == period.c.id)
        .where(indicator.c.code == indicator_code, period.c.code == period_code)
        .where(sa.or_(rollup.c.value.is_not(None), rollup.c.obs_status == ObsStatus.NOT_APPLICABLE.value))
        .distinct()
    )
    if dims is not None:
        query = query.join(dim_set, rollup.c.dim_set_id == dim_set.c.id).where(dim_set.c.key == dims)
    return {
        unit_id for some in chunks(ids) for unit_id in connection.scalars(query.where(rollup.c.org_unit_id.in_(some)))
    }


def _last_periods(
    connection: sa.Connection, indicator_code: str, period_code: str, ids: Sequence[int]
) -> dict[int, str]:
    query = (
        sa.select(rollup.c.org_unit_id, period.c.code, period.c.end_date)
        .join_from(rollup, indicator, rollup.c.indicator_id == indicator.c.id)
        .join(period, rollup.c.period_id == period.c.id)
        .where(indicator.c.code == indicator_code, rollup.c.value.is_not(None))
        .where(period.c.end_date <= parse_period(period_code).end)
        .distinct()
    )
    latest: dict[int, tuple[date, str]] = {}
    for some in chunks(ids):
        for unit_id, code, end in connection.execute(query.where(rollup.c.org_unit_id.in_(some))):
            latest[unit_id] = max(latest.get(unit_id, (date.min, "")), (end, code))
    return {unit_id: code for unit_id, (_, code) in latest.items()}


def conflicts(connection: sa.Connection) -> pd.DataFrame:
    """Cells where a report says something else than the sheets: about the same unit, or about a unit whose
    value is summed from its parts (then `sheet_observation_id` is missing). A report that merely rounds,
    or whose bound holds, is no contradiction."""
    rows = {row[:4]: row for row in (*_against_sums(connection), *_against_sheets(connection))}
    found = [row[:9] for row in rows.values() if contradicts(row[5], row[6], row[9], row[10])]
    return frame(found, _CONFLICT).sort_values(["indicator", "period", "org_unit_id", "dims"], ignore_index=True)


def _against_sheets(connection: sa.Connection) -> Sequence[Any]:
    told, sheet = observation.alias("told"), observation.alias("sheet")
    place = ("area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id", "ordinal")
    query = (
        sa.select(indicator.c.code, period.c.code, dim_set.c.key, org_unit.c.id, org_unit.c.name, sheet.c.value,
                  told.c.value, sheet.c.id, told.c.id, told.c.qualifier, told.c.value_high)
        .join_from(told, sheet, sa.and_(*(told.c[name] == sheet.c[name] for name in place)))
        .where(told.c.source_kind == SourceKind.REPORT.value, sheet.c.source_kind == SourceKind.SHEET.value)
        .where(told.c.valid_to.is_(None), sheet.c.valid_to.is_(None), told.c.value != sheet.c.value)
    )  # fmt: skip
    return connection.execute(_named(query, told)).all()


def _against_sums(connection: sa.Connection) -> Sequence[Any]:
    told = observation.alias("told")
    query = (
        sa.select(indicator.c.code, period.c.code, dim_set.c.key, org_unit.c.id, org_unit.c.name, rollup.c.value,
                  told.c.value, rollup.c.observation_id, told.c.id, told.c.qualifier, told.c.value_high)
        .join_from(rollup, told,
                   sa.and_(told.c.area_id == rollup.c.area_id, told.c.id == rollup.c.stated_observation_id))
        .where(rollup.c.stated_observation_id.is_not(None), told.c.source_kind == SourceKind.REPORT.value)
        .where(rollup.c.value != told.c.value)
    )  # fmt: skip
    return connection.execute(_named(query, rollup)).all()


def _named(query: sa.Select[Any], place: sa.FromClause) -> sa.Select[Any]:
    return (
        query.join(indicator, place.c.indicator_id == indicator.c.id)
        .join(period, place.c.period_id == period.c.id)
        .join(dim_set, place.c.dim_set_id == dim_set.c.id)
        .join(org_unit, place.c.org_unit_id == org_unit.c.id)
        .where(period.c.code != "")
    )


def contradicts(known: float, told: float, qualifier: str, high: float | None) -> bool:
    """Whether a told value cannot be true of a known one. 99.5 says nothing against 99.4975."""
    if qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN):
        return known < told
    if qualifier in (Qualifier.AT_MOST, Qualifier.LESS_THAN):
        return known > told
    if qualifier == Qualifier.RANGE:
        return known < told or (high is not None and known > high)
    digits = len(repr(told).partition(".")[2].rstrip("0")) if "e" not in repr(told) else 15
    step = 10.0**-digits
    slack = 0.5 if qualifier == Qualifier.EXACT else max(0.5, 0.05 * abs(told) / step)  # 约: within 5 %
    return abs(known - told) > slack * step * (1 + 1e-9)
