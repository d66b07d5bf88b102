"""What the store holds of a draft's units, for the checks: four queries, however large the sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from db.catalogue import Catalogue
from db.catalogue.rule_kinds import ContradictionCheck
from db.distribution import of_units
from db.observed import columns_in, distinct, outside_columns
from db.periods import parse_period
from db.records import Draft, OrgKind, OrgStatus, SourceKind
from db.records_history import History, PartsKey, SeriesKey, StoredParts, StoredUnit, StoredValue
from db.schema import dim_set, indicator, observation, org_unit, period

YEARS_BACK = 6  # what a check looks back at
_CHUNK = 10_000  # ids in one IN list
T = TypeVar("T")


def _batched(items: Sequence[T]) -> Iterator[Sequence[T]]:
    yield from (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def history_of(connection: sa.Connection, draft: Draft, catalogue: Catalogue) -> History:
    """The history of everything the draft states of units that the store knows; empty for a draft of none.

    Queries: units, their values, the sums of their children, and who else reports (each once per 10 000 units).
    """
    alone = (one for one in outside_columns(draft.observations) if one.period and one.value is not None)
    known = [(one.org_unit_id, one.indicator, one.period) for one in alone if one.org_unit_id is not None]
    columns = [one for one in columns_in(draft.observations) if one.period]
    if not known and not columns:
        return History()
    ids = sorted({unit for unit, _, _ in known}.union(*(one.org_unit_ids.tolist() for one in columns)))
    codes = {code for _, code, _ in known} | {one.indicator for one in columns}
    wanted = sorted(codes | _beside(catalogue, codes))
    periods = sorted({when for _, _, when in known if when} | {one.period for one in columns if one.period})
    units = {
        unit.id: StoredUnit(unit.name, OrgKind(unit.kind), unit.parent_id, unit.level)
        for unit in _units(connection, ids)
    }
    parents = sorted({unit.parent_id for unit in units.values() if unit.parent_id is not None})
    return History(
        series=_series(connection, ids, wanted, periods),
        parts=_parts(
            connection, [i for i in ids if i in units and units[i].kind is not OrgKind.SCHOOL], codes, periods
        ),
        units=units,
        reporters=_reporters(connection, parents, draft, units) if draft.source_kind is SourceKind.SHEET else {},
    )


def _beside(catalogue: Catalogue, codes: set[str]) -> set[str]:
    """Indicators that a check compares those of the draft with."""
    counts = {
        code for one in catalogue.indicators if one.code in codes for code in (one.numerator, one.denominator) if code
    }
    checks = [check for rule in catalogue.rules for check in rule.checks if isinstance(check, ContradictionCheck)]
    return counts | {code for check in checks if codes & set(check.rates) for code in check.counts}


def _units(connection: sa.Connection, ids: Sequence[int]) -> Iterator[Any]:
    for chunk in _batched(ids):
        yield from connection.execute(
            sa.select(org_unit.c.id, org_unit.c.name, org_unit.c.kind, org_unit.c.parent_id, org_unit.c.level).where(
                org_unit.c.id.in_(chunk)
            )
        )


def _series(
    connection: sa.Connection, ids: Sequence[int], codes: Sequence[str], periods: Sequence[str]
) -> dict[SeriesKey, tuple[StoredValue, ...]]:
    """Current exact values of the last years; where a report and a sheet state the same, the sheet's."""
    parsed = [parse_period(code) for code in periods]
    first = min(one.start for one in parsed).replace(day=1)
    found: dict[tuple[SeriesKey, str], tuple[bool, StoredValue]] = {}
    for chunk in _batched(ids):
        rows = connection.execute(
            sa.select(
                observation.c.org_unit_id, indicator.c.code, dim_set.c.key, period.c.code, observation.c.value,
                observation.c.numerator, observation.c.denominator, observation.c.unit, observation.c.source_kind,
            )
            .join_from(observation, indicator, observation.c.indicator_id == indicator.c.id)
            .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
            .join(period, observation.c.period_id == period.c.id)
            .where(
                *of_units(connection, observation, chunk), indicator.c.code.in_(codes), observation.c.valid_to.is_(None),
                observation.c.value.is_not(None), observation.c.qualifier == "exact",
                period.c.kind.in_({one.kind for one in parsed}),
                period.c.end_date >= first.replace(year=first.year - YEARS_BACK),
            )
        )  # fmt: skip
        for unit, code, dims, when, value, num, den, measure, source in rows:
            stated = ((unit, code, dims), when)
            sheet = source == SourceKind.SHEET.value
            if stated not in found or (sheet and not found[stated][0]):
                found[stated] = sheet, StoredValue(when, value, num, den, measure)
    series: dict[SeriesKey, list[StoredValue]] = defaultdict(list)
    for (key, _), (_, stored) in found.items():
        series[key].append(stored)
    return {key: tuple(values) for key, values in series.items()}


def _parts(
    connection: sa.Connection, parents: Sequence[int], codes: set[str], periods: Sequence[str]
) -> dict[PartsKey, StoredParts]:
    """Sums over the children of units that are no schools; complete where every active child of theirs reported."""
    child = org_unit.alias("child")
    found: dict[PartsKey, StoredParts] = {}
    for chunk in _batched(parents):
        expected = (
            sa.select(child.c.parent_id, sa.func.count().label("n"))
            .where(child.c.parent_id.in_(chunk), child.c.status == OrgStatus.ACTIVE.value)
            .group_by(child.c.parent_id)
            .subquery()
        )
        rows = connection.execute(
            sa.select(
                org_unit.c.parent_id, indicator.c.code, dim_set.c.key, period.c.code,
                sa.func.sum(observation.c.value), sa.func.count(sa.distinct(observation.c.org_unit_id)), expected.c.n,
            )
            .join_from(observation, org_unit, observation.c.org_unit_id == org_unit.c.id)
            .join(expected, expected.c.parent_id == org_unit.c.parent_id)
            .join(indicator, observation.c.indicator_id == indicator.c.id)
            .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
            .join(period, observation.c.period_id == period.c.id)
            .where(
                indicator.c.code.in_(sorted(codes)), period.c.code.in_(periods), observation.c.valid_to.is_(None),
                observation.c.value.is_not(None), observation.c.source_kind == SourceKind.SHEET.value,
                org_unit.c.status == OrgStatus.ACTIVE.value,
            )
            .group_by(org_unit.c.parent_id, indicator.c.code, dim_set.c.key, period.c.code, expected.c.n)
        )  # fmt: skip
        for parent, code, dims, when, total, n, expected_n in rows:
            found[parent, code, dims, when] = StoredParts(float(total), n, expected_n)
    return found


def _reporters(
    connection: sa.Connection, parents: Sequence[int], draft: Draft, units: Mapping[int, StoredUnit]
) -> dict[int, tuple[tuple[int, str], ...]]:
    """The active units below each parent that are of the draft's kinds and levels and have current values of the
    same indicators and groups in sheets."""
    told = distinct(draft.observations)
    codes, groups = sorted({code for code, _, _ in told}), sorted({dims for _, _, dims in told})
    like = {(unit.kind.value, unit.level) for unit in units.values()}
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for chunk in _batched(parents):
        below = connection.execute(
            sa.select(org_unit.c.parent_id, org_unit.c.id, org_unit.c.name, org_unit.c.kind, org_unit.c.level)
            .where(org_unit.c.parent_id.in_(chunk), org_unit.c.status == OrgStatus.ACTIVE.value)
            .order_by(org_unit.c.id)
        ).all()
        alike = [one for one in below if (one.kind, one.level) in like]
        held = _reporting(connection, [one.id for one in alike], codes, groups)
        for one in alike:
            if one.id in held:
                found[one.parent_id].append((one.id, one.name))
    return {parent: tuple(units) for parent, units in found.items()}


def _reporting(
    connection: sa.Connection, unit_ids: Sequence[int], codes: Sequence[str], groups: Sequence[str]
) -> set[int]:
    """Those of some units that have current values of the indicators and groups in sheets."""
    found: set[int] = set()
    for chunk in _batched(unit_ids):
        query = (
            sa.select(observation.c.org_unit_id)
            .distinct()
            .join_from(observation, indicator, observation.c.indicator_id == indicator.c.id)
            .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
            .where(
                *of_units(connection, observation, chunk), indicator.c.code.in_(codes), dim_set.c.key.in_(groups),
                observation.c.valid_to.is_(None), observation.c.source_kind == SourceKind.SHEET.value,
            )
        )  # fmt: skip
        found.update(connection.scalars(query))
    return found
