"""A list of schools with their towns beside the table of the towns in the same file: towns that the table lacks (B22), and sums
that differ (B29)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.records import dims_key
from etl.checks.findings import Asked, Finding, shown
from etl.checks.tables import cell_at, number
from etl.checks.totals import COUNTS
from etl.checks.towns import is_town_head
from etl.sheets import words
from etl.sheets.columns import Column, Role
from etl.sheets.seats import is_seat_head
from etl.sheets.views import View

_MOST = 2000  # rows of a list that are looked at
_LEAST = 4  # towns that both tables name
_ONE_OF = 4  # towns of which one may be strange


@dataclass(frozen=True)
class _Pair:
    """The rows of schools by their towns, with the column of these, and the row of each town."""

    schools: View
    seat: int
    towns: View
    below: dict[str, list[int]]
    rows: dict[str, int]


def strange_towns(asked: Asked, views: Sequence[View]) -> Iterator[Finding]:
    """A town of one school that the table of the towns does not have, where it has all the others."""
    for pair in _pairs(views):
        strange = {town: rows for town, rows in pair.below.items() if town not in pair.rows}
        if len(strange) != 1 or len(pair.rows.keys() & pair.below.keys()) < _LEAST:
            continue
        for town, rows in strange.items():
            cell = cell_at(pair.schools, rows[0], pair.seat)
            other = f"工作表“{pair.towns.table.sheet.grid.sheet}”的各乡镇(街道)中没有它"
            unit = pair.schools.by_index[rows[0]].entity or ""
            if len(rows) == 1:
                yield asked.find([cell], value=town, cell=cell[1], other=other, unit=unit, digits="")


def sums_by_town(asked: Asked, views: Sequence[View]) -> Iterator[Finding]:
    """What the table says of a town beside the sum of its schools, in columns in which nearly all towns agree."""
    units = {one.code: one.unit for one in asked.catalogue.indicators}
    for pair in _pairs(views):
        lists = {_what(c): c for c in pair.schools.columns if _is_count(c, units)}
        for column in pair.towns.columns:
            own = lists.get(_what(column)) if _is_count(column, units) else None
            if own is not None:
                yield from _differing(asked, pair, column, own)


def _differing(asked: Asked, pair: _Pair, column: Column, own: Column) -> Iterator[Finding]:
    tried = []
    for town, rows in pair.below.items():
        parts = [value for row in rows if (value := number(pair.schools, row, own.index)) is not None]
        value = number(pair.towns, pair.rows[town], column.index) if town in pair.rows else None
        if value is not None and len(parts) == len(rows):
            tried.append((town, value, sum(parts, Decimal(0))))
    wrong = [one for one in tried if one[1] != one[2]]
    for town, value, computed in wrong if len(wrong) * _ONE_OF <= len(tried) and len(tried) > _LEAST else ():
        cell = cell_at(pair.towns, pair.rows[town], column.index)
        parts_at = [cell_at(pair.schools, row, own.index) for row in pair.below[town]]
        ends = "、".join(f"{sheet}!{address}" for sheet, address in parts_at[:3])
        yield asked.find(
            [cell, *parts_at], late=True, name=asked.catalogue.name(column.label.indicator or ""), unit=town,
            value=shown(value), computed=f"{shown(computed)}({ends})", difference=shown(abs(value - computed)), cell=cell[1],
        )  # fmt: skip


def _is_count(column: Column, units: dict[str, str]) -> bool:
    label = column.label
    told = label.indicator and not label.rest and not label.shift and not label.period
    return bool(told) and column.role is Role.VALUE and units.get(label.indicator or "") in COUNTS


def _what(column: Column) -> tuple[object, ...]:
    dims = {name: value for name, value in column.label.dims.items() if name != "level"}
    return column.label.indicator, dims_key(dims), column.label.month


def _pairs(views: Sequence[View]) -> Iterator[_Pair]:
    small = [view for view in views if 1 < len(view.rows) <= _MOST]
    for schools in small:
        below, seat = _schools_by_town(schools)
        for towns in small if len(below) >= _LEAST else ():
            if towns is schools or not _is_of_towns(towns):
                continue
            rows = {row.entity: row.index for row in towns.rows if row.entity and not row.total}
            once = len(rows) == sum(not row.total for row in towns.rows)
            both = len(rows.keys() & below.keys())
            if once and both >= _LEAST and both * _ONE_OF >= len(below) * (_ONE_OF - 1):
                yield _Pair(schools, seat, towns, below, rows)


def _schools_by_town(view: View) -> tuple[dict[str, list[int]], int]:
    heads = {c: words.label_key(path[-1]) for c, path in enumerate(view.table.paths) if path}
    seat = next((c for c, key in heads.items() if is_town_head(key)), None)
    below: dict[str, list[int]] = defaultdict(list)
    if seat is None:
        return below, -1
    towns = view.texts(seat)
    rows = [row for row in view.rows if row.entity and not row.total and towns[row.index]]
    if len({row.entity for row in rows}) * _ONE_OF < len(rows) * (_ONE_OF - 1):
        return below, -1  # several rows of a school each
    for row in rows:
        below[towns[row.index]].append(row.index)
    return below, seat


def _is_of_towns(view: View) -> bool:
    names = [c for c in view.columns if c.role is Role.ENTITY]
    return len(names) == 1 and is_seat_head(words.label_key(names[0].label.text))
