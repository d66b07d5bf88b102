"""What a change of an org unit does to what pages show: values before and after, marks of breaks, what accounts see."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from db.records_org import SeenChange, SumChange
from db.rollups import Touched
from db.schema import dim_set, indicator, observation, org_unit, period, rollup
from db.schema_accounts import account
from db.schema_control import api_token

Key = tuple[int, int, int, int]  # unit, indicator, period, dims
Paths = Mapping[int, str]


def paths_of(connection: sa.Connection, within: Collection[str] = ()) -> dict[int, str]:
    """Unit to path, of every unit, or of those below some paths."""
    query = sa.select(org_unit.c.id, org_unit.c.path)
    if within:
        query = query.where(sa.or_(*(org_unit.c.path.startswith(path, autoescape=True) for path in within)))
    return {number: path for number, path in connection.execute(query)}  # noqa: C416


def above(paths: Iterable[str], own: bool = False) -> set[int]:
    """The ids of the units above some paths (`own`: and those that the paths end in)."""
    found: set[int] = set()
    for path in paths:
        steps = [int(part) for part in path.split("/") if part]
        found.update(steps if own else steps[:-1])
    return found


def touched_below(connection: sa.Connection, unit_ids: Collection[int], since: Any) -> set[Touched]:
    """The cells (area, period, indicator) of the current numbers of units, of periods that begin on or after a day."""
    query = (
        sa.select(observation.c.area_id, observation.c.period_id, observation.c.indicator_id)
        .join_from(observation, period, observation.c.period_id == period.c.id)
        .where(observation.c.org_unit_id.in_(sorted(unit_ids)), observation.c.valid_to.is_(None))
        .where(sa.or_(period.c.start_date.is_(None), period.c.start_date >= since))
        .distinct()
    )
    return {(area_id, period_id, number) for area_id, period_id, number in connection.execute(query)}


def sums_of(connection: sa.Connection, places: set[tuple[int, int]]) -> dict[Key, float | None]:
    """The stored values of places (unit, period)."""
    units, periods = {unit for unit, _ in places}, {when for _, when in places}
    query = sa.select(
        rollup.c.org_unit_id, rollup.c.indicator_id, rollup.c.period_id, rollup.c.dim_set_id, rollup.c.value
    ).where(rollup.c.org_unit_id.in_(sorted(units)), rollup.c.period_id.in_(sorted(periods)))
    rows = connection.execute(query)
    return {(unit, code, when, dims): value for unit, code, when, dims, value in rows if (unit, when) in places}


def differing(
    connection: sa.Connection, before: Mapping[Key, float | None], after: Mapping[Key, float | None]
) -> tuple[SumChange, ...]:
    """The values that come out otherwise, by unit, period and indicator."""
    keys = [key for key in before.keys() | after.keys() if not _alike(before.get(key), after.get(key))]
    if not keys:
        return ()
    codes, periods, dims = (
        {number: text for number, text in connection.execute(sa.select(table.c.id, column))}  # noqa: C416
        for table, column in ((indicator, indicator.c.code), (period, period.c.code), (dim_set, dim_set.c.key))
    )
    found = [
        SumChange(unit, codes[code], periods[when], dims[dim], before.get(key), after.get(key))
        for key in keys
        for unit, code, when, dim in [key]
    ]
    return tuple(sorted(found, key=lambda one: (one.org_unit_id, one.period, one.indicator, one.dims)))


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def seen_changes(
    connection: sa.Connection, before: Paths, after: Paths, ended: Collection[int]
) -> tuple[SeenChange, ...]:
    """Accounts and tokens whose part of the tree is another one. `before` and `after` are the paths of all units that
    moved, with those below; `ended` are units that closed."""
    found: list[SeenChange] = []
    for name, scope, unit_id, token in _holders(connection, before):
        own = before.get(unit_id)
        if own is not None:
            found.append(SeenChange(name, "follows", sum(path.startswith(own) for path in before.values()), token))
            continue
        lost = sum(path.startswith(scope) and not after[unit].startswith(scope) for unit, path in before.items())
        won = sum(path.startswith(scope) and not before[unit].startswith(scope) for unit, path in after.items())
        if unit_id in ended:
            found.append(SeenChange(name, "past", 1, token))
        if lost:
            found.append(SeenChange(name, "loses", lost, token))
        if won:
            found.append(SeenChange(name, "gains", won, token))
    return tuple(found)


def _holders(connection: sa.Connection, before: Paths) -> list[tuple[str, str, int, bool]]:
    """Name, scope (of today, a moved own unit's former one), unit and whether it is a token."""
    found: list[tuple[str, str, int, bool]] = []
    live = (account.c.disabled.is_(False), api_token.c.revoked_at.is_(None))
    for table, condition in ((account, live[0]), (api_token, live[1])):
        rows = connection.execute(
            sa.select(table.c.name, org_unit.c.path, org_unit.c.id)
            .join_from(table, org_unit, table.c.org_unit_id == org_unit.c.id)
            .where(condition)
            .order_by(table.c.id)
        )
        found += [(row.name, before.get(row.id, row.path), row.id, table is api_token) for row in rows]
    return found
