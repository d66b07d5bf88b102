"""Evaluators of what a unit states for itself beside the sum of the units below it (B29)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.catalogue.rule_kinds import ParentCheck
from db.records import dims_key
from etl.checks.findings import Asked, Finding, shown
from etl.checks.points import Point, named, named_school
from etl.checks.tables import RATES, cell_at, number
from etl.checks.totals import COUNTS
from etl.sheets.columns import Column, Role
from etl.sheets.rows import Row
from etl.sheets.views import View

_RATE = re.compile(RATES)
_ASIDE = re.compile(r"[(（][^()（）]*[)）]$")  # 河阳县(县级填报)
_MOST = 3000  # rows of a list whose names are looked at
_NEAR = 10  # a sum that is this part of the whole off, or less, was meant to be it
_SOME = 3  # units below whose sum is not near by chance
_COUNTY, _TOWN, _SCHOOL = range(3)
_COUNTIES, _TOWNS = re.compile(r"[县市区旗]$"), re.compile(r"(?:镇|乡|街道|学区|片区)$")
Key = tuple[object, ...]


def parent(asked: Asked, check: ParentCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B29: what a unit states for itself beside the printed total of its parts, or the list of them, on another sheet."""
    if check.of == "card":
        return  # etl/checks/cards.py
    yield from _beside_totals(asked, points)
    yield from _beside_lists(asked, points)


def in_list(asked: Asked, check: ParentCheck, points: Sequence[Point], views: Sequence[View]) -> Iterator[Finding]:
    """B29: the county in a list with one number a row (系统导出) beside the sum of its schools in that list."""
    lists = {v.table.sheet.grid.sheet for v in views if v.columns and not any(c.role is Role.VALUE for c in v.columns)}
    sheets: dict[str | None, list[Point]] = defaultdict(list)
    for point in points if lists else ():
        if point.at.sheet in lists and not point.total and point.mention.entity and point.unit in COUNTS:
            sheets[point.at.sheet].append(point)
    for found in sheets.values():
        names = list(dict.fromkeys(p.mention.entity or "" for p in found))
        counties = [name for name in names if _rank(name) == _COUNTY]
        others = [name for name in names if name not in counties]
        below = {name for name, kept in zip(others, _next_below(others, _COUNTY), strict=True) if kept}
        if len(counties) == 1 and len(below) > 1:
            yield from _unequal_groups(asked, counties[0], below, found)


def _unequal_groups(asked: Asked, county: str, below: set[str], points: Sequence[Point]) -> Iterator[Finding]:
    groups: dict[Key, dict[str, Point]] = defaultdict(dict)
    for point in points:
        groups[point.name, dims_key(point.dims), point.mention.period].setdefault(point.mention.entity or "", point)
    most: Counter[str | None] = Counter()  # units of a level that report anything
    for group in groups.values():
        level = next(iter(group.values())).dims.get("level")
        most[level] = max(most[level], len(group.keys() & below))
    tried = []
    for group in groups.values():
        parts = [group[name] for name in group if name in below]
        whole, computed = group.get(county), sum((p.value for p in parts), Decimal(0))
        if whole is None or len(parts) < 2:
            continue
        lacking = len(parts) < most[whole.dims.get("level")] and computed < whole.value
        if not lacking:
            tried.append((whole, parts, computed))
    yield from _told_unequal(asked, tried)


def _beside_totals(asked: Asked, points: Sequence[Point]) -> Iterator[Finding]:
    summed: dict[tuple[object, ...], Point] = {}
    for point in points:
        if point.total and point.mention.entity and point.unit in COUNTS:
            summed.setdefault(_key(point), point)
    for point in points if summed else ():
        below = None if point.total else summed.get(_key(point))
        if below is None or below.at.sheet == point.at.sheet or below.value == point.value:
            continue
        if not point.value <= 2 * below.value <= 4 * point.value:
            continue  # a list of some of the units
        place = f"{shown(below.value)}({below.at.sheet}!{below.at.cell})"
        yield asked.find(
            [point.cell], point.at, name=named(point, asked.catalogue), unit=point.entity, value=shown(point.value),
            computed=place, difference=shown(abs(point.value - below.value)), cell=point.at.cell,
        )  # fmt: skip


def _key(point: Point) -> tuple[object, ...]:
    return point.name, dims_key(point.dims), point.mention.entity, point.mention.period


def _beside_lists(asked: Asked, points: Sequence[Point]) -> Iterator[Finding]:
    """A county alone on a sheet beside the units that another sheet lists without their sum."""
    if len({point.at.sheet for point in points}) < 2:
        return
    sheets: dict[tuple[str | None, str | None], dict[int, dict[Key, Point]]] = defaultdict(lambda: defaultdict(dict))
    summed = {(p.at.sheet, p.mention.period) for p in points if p.total}
    for point in points:
        listed = point.row is not None and not point.total and point.mention.entity and point.unit in COUNTS
        if listed and (point.at.sheet, point.mention.period) not in summed:
            sheets[point.at.sheet, point.mention.period][point.row or 0].setdefault(_what(point), point)
    for (sheet, period), rows in sheets.items():
        alone = next(iter(rows.values())) if len(rows) == 1 else {}
        for (other, when), more in sheets.items() if alone and _rank(_named(alone)) == _COUNTY else ():
            names = [_named(row) for row in more.values()]
            if other != sheet and when == period and len(more) <= _MOST:
                below = [row for row, kept in zip(more.values(), _next_below(names, _COUNTY), strict=True) if kept]
                yield from _unequal(asked, alone, below)


def _named(row: dict[Key, Point]) -> str:
    return next(iter(row.values())).mention.entity or ""


def _what(point: Point) -> Key:
    return point.name, dims_key({name: value for name, value in point.dims.items() if name != "level"})


def _rank(name: str) -> int:
    plain = _ASIDE.sub("", name)
    if named_school(plain):
        return _SCHOOL
    return _TOWN if _TOWNS.search(plain) else _COUNTY if _COUNTIES.search(plain) else _SCHOOL


def _next_below(names: Sequence[str], above: int) -> list[bool]:
    """Of the units below a rank those next to it: the towns of a county, else its schools."""
    ranks = [_rank(name) for name in names]
    least = min(ranks, default=above)
    return [rank == least > above for rank in ranks]


def in_table(asked: Asked, check: ParentCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B29: a county or town without the word 合计 over the units listed below it, down to the next of its own kind. It is
    their sum where most of its columns show so, or all of them nearly."""
    for view in views:
        rows = [row for row in view.rows if row.entity and not row.total and not row.problem]
        if not 2 < len(rows) <= _MOST:
            continue
        names = [row.entity or "" for row in rows]
        ranks = [_rank(name) for name in names]
        columns = [c for c in view.columns if c.role is Role.VALUE and not _RATE.search(c.label.text + c.label.unit)]
        for n, row in enumerate(rows):
            end = next((m for m in range(n + 1, len(rows)) if ranks[m] <= ranks[n]), len(rows))
            kept = _next_below(names[n + 1 : end], ranks[n])
            below = [one for one, is_next in zip(rows[n + 1 : end], kept, strict=True) if is_next]
            yield from _unequal_rows(asked, view, row, below, columns) if len(below) > 1 else ()


def _unequal_rows(
    asked: Asked, view: View, row: Row, below: Sequence[Row], columns: Sequence[Column]
) -> Iterator[Finding]:
    tried = []
    for column in columns:
        parts = [value for one in below if (value := number(view, one.index, column.index)) is not None]
        value = number(view, row.index, column.index)
        computed = sum(parts, Decimal(0))
        lacking = (
            len(parts) < len(below) and value is not None and computed < value
        )  # what is blank may be the difference
        if value is not None and len(parts) > 1 and not lacking:
            tried.append((column, value, computed))
    wrong = [(column, value, computed) for column, value, computed in tried if value != computed]
    near = [one for one in wrong if abs(one[1] - one[2]) * _NEAR <= one[1]]
    told = wrong if len(wrong) * 2 <= len(tried) else near if len(below) > _SOME and len(near) == len(wrong) else []
    for column, value, computed in told:
        cell = cell_at(view, row.index, column.index)
        ends = [cell_at(view, one.index, column.index)[1] for one in (below[0], below[-1])]
        name = asked.catalogue.name(column.label.indicator) if column.label.indicator else column.label.text
        yield asked.find(
            [cell], derived=True, name=name, unit=row.entity or "", value=shown(value), cell=cell[1],
            computed=f"{shown(computed)}({ends[0]}至{ends[1]})", difference=shown(abs(value - computed)),
        )  # fmt: skip


def _unequal(asked: Asked, whole: dict[Key, Point], below: Sequence[dict[Key, Point]]) -> Iterator[Finding]:
    tried = []
    for key, point in whole.items():
        parts = [row[key] for row in below if key in row]
        if len(parts) > 1:
            tried.append((point, parts, sum((p.value for p in parts), Decimal(0))))
    yield from _told_unequal(asked, tried)


def _told_unequal(asked: Asked, tried: Sequence[tuple[Point, list[Point], Decimal]]) -> Iterator[Finding]:
    """The wholes that differ from the sum of their parts, where most do not."""
    wrong = [one for one in tried if one[0].value != one[2]]
    for point, parts, computed in wrong if len(wrong) * 2 <= len(tried) else ():
        ends = f"{shown(computed)}({parts[0].at.cell}至{parts[-1].at.cell})"
        yield asked.find(
            [point.cell], point.at, derived=True, name=named(point, asked.catalogue), unit=point.entity,
            value=shown(point.value), computed=ends, difference=shown(abs(point.value - computed)), cell=point.at.cell,
        )  # fmt: skip
