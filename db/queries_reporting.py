"""Who has reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.cell_rows import Asked, CellRow, cells_asked
from db.fold import COMPULSORY
from db.frames import BOOL, INT, NULLABLE_INT, TEXT, frame
from db.interning import indicator_ids, period_rows
from db.org import IN_TREE
from db.periods import parse_period
from db.records import ObsStatus, OrgKind
from db.units import rows_around, unit_rows

_REPORTING = {
    "org_unit_id": INT, "name": TEXT, "town_id": NULLABLE_INT, "county_id": NULLABLE_INT, "level": TEXT,
    "reported": BOOL, "last_period": TEXT, "indicator": TEXT, "period": TEXT,
}  # fmt: skip
_IN_TREE = frozenset(IN_TREE)


class Expected(NamedTuple):
    """A unit that stands in a period, and the town and county it belongs to."""

    id: int
    code: str
    name: str
    level: str | None
    town_id: int | None
    county_id: int | None


class _Pair(NamedTuple):
    """An indicator in a period, the ids of both, and the schools that should report it; None for an indicator that the
    store does not know."""

    indicator: str
    indicator_id: int | None
    period: str
    last: date
    schools: Sequence[Expected]


def reporting(
    connection: sa.Connection, *, pairs: Sequence[tuple[str, str]], root_id: int | None = None
) -> pd.DataFrame:
    """The schools that should report indicators in periods (`pairs`: their codes), and whether they have; as many
    statements for many pairs as for one.

    Schools open in the period whose level the catalogue lists for the indicator, below `root_id`. A typed missing value
    counts as not reported, except "not applicable". `last_period` is the latest period up to this one with a value, or
    missing. In the order of the pairs and of the tree.
    """
    numbers = indicator_ids(connection)

    @cache
    def schools(period: str, levels: frozenset[str] | None) -> list[Expected]:
        return expected_units(connection, OrgKind.SCHOOL, period, root_id, levels)

    asked = [
        _Pair(code, numbers.get(code), period, parse_period(period).end, schools(period, expected_levels(code)))
        for code, period in pairs
    ]
    rows: list[tuple[Any, ...]] = []
    for pair, (done, last) in zip(asked, _reported(connection, asked), strict=True):
        rows += [
            (unit.id, unit.name, unit.town_id, unit.county_id, unit.level, unit.id in done, last.get(unit.id),
             pair.indicator, pair.period)
            for unit in pair.schools
        ]  # fmt: skip
    return frame(rows, _REPORTING)


def expected_units(
    connection: sa.Connection,
    kind: OrgKind,
    period_code: str,
    root_id: int | None = None,
    levels: Collection[str] | None = None,
) -> list[Expected]:
    """The schools, or the towns, at and below a unit that stand in a period, in the order of the tree. Of schools only
    those of some levels; None: all."""
    span, within = parse_period(period_code), "/" if root_id is None else f"/{int(root_id)}/"
    rows = unit_rows(connection) if root_id is None else rows_around(connection, root_id)
    kinds = {row.id: row.kind for row in rows}
    found = [
        (
            [int(step) for step in row.path.split("/") if step],
            Expected(
                row.id, row.code, row.name, row.level,
                row.parent_id if kinds[row.parent_id] == OrgKind.TOWN.value else None,
                row.area_id if kinds[row.area_id] == OrgKind.COUNTY.value else None,
            ),
        )
        for row in rows
        if row.kind == kind.value and row.status in _IN_TREE and within in row.path
        and (row.valid_from is None or row.valid_from <= span.end)
        and (row.valid_to is None or row.valid_to > span.start)
        and (levels is None or row.level in levels)
        and row.parent_id in kinds and row.area_id in kinds
    ]  # fmt: skip
    return [unit for _, unit in sorted(found, key=lambda each: each[0])]


def expected_levels(indicator_code: str) -> frozenset[str] | None:
    """The levels of schools that an indicator is collected from; None means every school."""
    entry = next((one for one in load_catalogue().indicators if one.code == indicator_code), None)
    return None if entry is None or set(entry.levels) == {"ALL"} else _with_neighbours(frozenset(entry.levels))


def _with_neighbours(levels: frozenset[str]) -> frozenset[str]:
    """Nine-year schools (CE) hold primary and junior pupils, and the other way round."""
    if "CE" in levels:
        return levels | set(COMPULSORY)
    return levels | {"CE"} if levels & set(COMPULSORY) else levels


def _reported(connection: sa.Connection, pairs: Sequence[_Pair]) -> list[tuple[set[int], dict[int, str]]]:
    """By pair the schools that have reported in the period, and by school the latest period up to it with a value."""
    spans = {row.id: (row.end_date, row.code) for row in period_rows(connection) if row.end_date is not None}
    done: list[set[int]] = [set() for _ in pairs]
    latest: list[dict[int, tuple[date, str]]] = [{} for _ in pairs]

    def note(n: int, row: CellRow) -> None:
        latest[n][row.org_unit_id] = max(latest[n].get(row.org_unit_id, (date.min, "")), spans[row.period_id])

    youngest = [{number for number, (end, _) in spans.items() if end == pair.last} for pair in pairs]
    ids = [frozenset(unit.id for unit in pair.schools) for pair in pairs]
    for n, row in _rows(connection, pairs, ids, youngest):
        if row.cell.value is not None:
            note(n, row)
        elif row.cell.obs_status != ObsStatus.NOT_APPLICABLE.value:
            continue
        if spans[row.period_id][1] == pairs[n].period:
            done[n].add(row.org_unit_id)
    # Most have a value by now: former periods are asked only of those that have none.
    before = [{number for number, (end, _) in spans.items() if end < pair.last} for pair in pairs]
    lacking = [each.difference(latest[n]) for n, each in enumerate(ids)]
    for n, row in _rows(connection, pairs, lacking, before):
        if row.cell.value is not None:
            note(n, row)
    return [(done[n], {unit_id: code for unit_id, (_, code) in latest[n].items()}) for n in range(len(pairs))]


def _rows(
    connection: sa.Connection,
    pairs: Sequence[_Pair],
    ids: Sequence[frozenset[int]],
    periods: Sequence[Collection[int]],
) -> Iterator[tuple[int, CellRow]]:
    """The cells of each pair for its units and periods, with its place; pairs alike in both are asked together."""
    alike: Mapping[Any, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for n, pair in enumerate(pairs):
        if ids[n] and periods[n] and pair.indicator_id is not None:
            alike[ids[n], frozenset(periods[n])][pair.indicator_id].append(n)
    groups = list(alike.items())
    asked = [Asked(units, list(places), within) for (units, within), places in groups]
    for place, row in cells_asked(connection, asked):
        yield from ((n, row) for n in groups[place][1][row.indicator_id])
