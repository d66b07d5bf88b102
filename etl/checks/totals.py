"""Evaluators of printed sums: down the rows, across groups of columns, over months."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

import numpy as np

from db.catalogue import Aggregation
from db.catalogue.rule_kinds import StockSumCheck, TotalCheck
from db.periods import parse_period
from db.records import dims_key
from etl.checks.cells import VAGUE, like
from etl.checks.findings import Asked, Finding, shown
from etl.checks.points import Line, Point, belongs, named
from etl.checks.tables import number
from etl.sheets.cells import Kind, read_cell
from etl.sheets.sum_rows import first_text
from etl.sheets.views import View

_GONE = re.compile(r"并入|撤并|撤销|停办|^[(（]?原")
_ABOUT = 5  # 约440 may be a part of so many off
_BEFORE = re.compile(r"上(?:学|一)?年|去年|上(?:一)?(?:学期|期|季度?|月)|同期|往年")
_COMPLETE = {
    "sex": [{"F", "M"}],
    "area": [{"urban", "town", "rural"}],
    "grade": [
        set("123456"),
        set("789"),
        set("123456789"),
        {"10", "11", "12"},
        {"small", "middle", "large"},
        set("12345"),
        set("6789"),
    ],
}
COUNTS = frozenset({"person", "school", "class", "canteen", "visit", "finding", "event", "case", "dose", "count"})


def total(
    asked: Asked, check: TotalCheck, points: Sequence[Point], lines: Sequence[Line], views: Sequence[View]
) -> Iterator[Finding]:
    """B08: a total row equals its rows, a total column its columns. One wrong cell makes two sums wrong by the same
    amount: that is told once, with both cells."""
    across = list(_across(asked, check, lines))
    down = list(_down(asked, points, views))
    told: list[tuple[Point, Decimal, Finding]] = []
    for point, gap, finding in across + down:
        linked = next((
            found for other, other_gap, found in told
            if other_gap == gap and (other.col == point.col or other.row == point.row) and other.at.sheet == point.at.sheet
        ), None)  # fmt: skip
        if linked is not None:
            linked.cells.append(point.cell)
        else:
            told.append((point, gap, finding))
    yield from (finding for _, _, finding in told)
    yield from _over_time(asked, points)


def _wrong(asked: Asked, whole: Point, computed: Decimal, told: str, others: Sequence[Point] = ()) -> Finding:
    return asked.find(
        [whole.cell, *(p.cell for p in others)], whole.at, derived=True, name=named(whole, asked.catalogue),
        value=shown(whole.value), computed=shown(computed), difference=shown(abs(computed - whole.value)),
        cell=whole.at.cell, parts=told,
    )  # fmt: skip


# ---- across the columns of one row ------------------------------------------------------------------------


def _across(asked: Asked, check: TotalCheck, lines: Sequence[Line]) -> Iterator[tuple[Point, Decimal, Finding]]:
    for dim in check.dims:
        tried: dict[tuple[object, ...], list[tuple[Point, list[Point]]]] = defaultdict(list)
        for line in lines:
            for name, points in line.items():
                for whole, members in groups_in(points, dim):
                    pattern = frozenset((p.dims[dim], p.col) for p in members)
                    tried[whole.at.sheet, name, whole.col, pattern].append((whole, members))
        for found in tried.values():
            yield from _uneven(asked, dim, found)


def groups_in(points: Sequence[Point], dim: str) -> Iterator[tuple[Point, list[Point]]]:
    if len(points) < 3 or points[0].unit not in COUNTS:
        return
    parts: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        if dim in point.dims:
            parts[dims_key({k: v for k, v in point.dims.items() if k not in (dim, "level")})].append(point)
    for whole in points:
        members = parts.get(dims_key({k: v for k, v in whole.dims.items() if k != "level"}), [])
        members = [p for p in members if belongs(p.dims, whole.dims)]
        if dim not in whole.dims and len(members) > 1 and len({p.dims[dim] for p in members}) == len(members):
            yield whole, members


def _uneven(
    asked: Asked, dim: str, tried: Sequence[tuple[Point, list[Point]]]
) -> Iterator[tuple[Point, Decimal, Finding]]:
    """The rows in which the sum fails, if it is a sum: the groups are complete, or most rows of the table agree."""
    sums = [(whole, members, sum((p.value for p in members), Decimal(0))) for whole, members in tried]
    right = sum(whole.value == computed for whole, _, computed in sums)
    complete = {p.dims[dim] for p in tried[0][1]} in _COMPLETE.get(dim, [])
    if not (right * 2 > len(sums) or (complete and right * 2 >= len(sums) - 1)):
        return
    for whole, members, computed in sums:
        if whole.value != computed:
            told = f"{members[0].at.cell}至{members[-1].at.cell}"
            yield whole, abs(whole.value - computed), _wrong(asked, whole, computed, told)


# ---- down the rows of one column --------------------------------------------------------------------------


def _down(asked: Asked, points: Sequence[Point], views: Sequence[View]) -> Iterator[tuple[Point, Decimal, Finding]]:
    summed = {(point.at.sheet, point.col) for point in points if point.total}
    columns: dict[tuple[str | None, int, str, str], list[Point]] = defaultdict(list)
    for point in points:
        if point.col is not None and point.unit in COUNTS and (point.at.sheet, point.col) in summed:
            dims = {k: v for k, v in point.dims.items() if k != "level"}  # a total mixes levels
            columns[point.at.sheet, point.col, point.name, dims_key(dims)].append(point)
    by_row = _views_by_row(views)
    for column in columns.values():
        if any(p.total for p in column):
            yield from _column(asked, sorted(column, key=lambda p: p.row or 0), by_row)


def _over_time(asked: Asked, points: Sequence[Point]) -> Iterator[Finding]:
    """B08: the closing row of a unit's months adds up its flows, if it does so for another flow of the table. A running
    figure (累计) closes with its last month."""
    flows = {one.code for one in asked.catalogue.indicators if one.aggregation is Aggregation.FLOW}
    tables: dict[tuple[str | None, int | None], list[tuple[Point, list[Point]]]] = defaultdict(list)
    columns: dict[tuple[str | None, int | None, str, str], list[Point]] = defaultdict(list)
    for point in points:
        if point.name in flows and point.col is not None:
            columns[point.at.sheet, point.col, point.name, dims_key(point.dims)].append(point)
    for column in columns.values():
        wholes, parts = [p for p in column if p.total], [p for p in column if not p.total]
        single = len({p.mention.entity for p in column}) == 1 and len({p.mention.period for p in parts}) == len(parts)
        if len(wholes) == 1 and len(parts) > 1 and single and wholes[0].value != parts[-1].value:
            tables[wholes[0].at.sheet, wholes[0].row].append((wholes[0], parts))
    for tried in tables.values():
        sums = [(whole, parts, sum((p.value for p in parts), Decimal(0))) for whole, parts in tried]
        wrong = [one for one in sums if one[0].value != one[2]]
        for whole, parts, computed in wrong if len(wrong) < len(sums) else ():
            yield _wrong(asked, whole, computed, f"{parts[0].at.cell}至{parts[-1].at.cell}")


def _views_by_row(views: Sequence[View]) -> dict[tuple[str, int], View]:
    return {(view.table.sheet.grid.sheet, row): view for view in views for row in view.table.body}


def _column(
    asked: Asked, column: Sequence[Point], by_row: dict[tuple[str, int], View]
) -> Iterator[tuple[Point, Decimal, Finding]]:
    own = {id(by_row.get((p.at.sheet or "", p.row or 0))) for p in column}
    for key in own:  # tables that stand one under another are summed apart
        inside = [p for p in column if id(by_row.get((p.at.sheet or "", p.row or 0))) == key]
        view = by_row.get((inside[0].at.sheet or "", inside[0].row or 0))
        parts = [p for p in inside if not p.total]
        gone = {p.row for p in parts if _GONE.search(p.mention.entity or "")}
        if len(parts) < 2 or (view is not None and _unreadable(view, inside[0].col)):
            continue
        if view is not None and _incomparable(view, inside):
            continue
        subtotals = sum((p.value for p in inside if p.total), Decimal(0))
        plain = sum((p.value for p in parts), Decimal(0))
        vague = _vague(view, inside[0].col) if view is not None else Decimal(0)
        for n, point in enumerate(inside):
            if not point.total or (view is not None and _of_another_time(view, point)):
                continue
            sums = {plain, _run(inside, range(n - 1, -1, -1)), _run(inside, range(n + 1, len(inside)))}
            sums |= {sum((p.value for p in parts if p.row not in gone), Decimal(0))}  # those merged are in the others
            sums |= {subtotals - point.value, *_raw_sums(view, point, inside)}
            if (level := point.dims.get("level")) and len({p.dims.get("level") for p in parts}) > 1:
                sums.add(sum((p.value for p in parts if p.dims.get("level") == level), Decimal(0)))
            if point.value not in sums and (
                not vague or abs(plain + vague - point.value) > max(vague / _ABOUT, Decimal(_ABOUT))
            ):
                told = f"{parts[0].at.cell}至{parts[-1].at.cell}"
                yield point, abs(plain + vague - point.value), _wrong(asked, point, plain + vague, told)


def _vague(view: View, col: int | None) -> Decimal:
    """What cells of units say of about how many there are (约440), which no sum meets to the unit."""
    if col is None:
        return Decimal(0)
    rows = view.unit_indexes[like(view, col, lambda cell: cell.qualifier in VAGUE)[view.unit_indexes]].tolist()
    return sum((number(view, row, col) or Decimal(0) for row in rows), Decimal(0))


def _of_another_time(view: View, point: Point) -> bool:
    """上年同期合计 below the sum of this year: no row of the table is a part of it."""
    return bool(_BEFORE.search(first_text(view.table.sheet, point.row or 0)))


def _unreadable(view: View, col: int | None) -> bool:
    """Whether a cell of the column holds no number where one was meant: no sum can be judged before it is mended."""
    kinds = (Kind.ERROR, Kind.TEXT)
    totals = {row.index for row in view.rows if row.total}
    return col is not None and bool(
        set(np.flatnonzero(like(view, col, lambda cell: cell.kind in kinds)).tolist()) & set(view.table.body) - totals
    )


def _incomparable(view: View, column: Sequence[Point]) -> bool:
    """Rows that are months or groups and no units: their sums are other rules' business."""
    rows = {row.index: row for row in view.rows}
    units = [rows[p.row] for p in column if p.row in rows and not p.total]
    return bool(units) and len({(row.period, row.month, row.day, row.part) for row in units}) > 1


def _run(column: Sequence[Point], order: range) -> Decimal:
    """The sum of unit rows from here to the next total."""
    found = Decimal(0)
    for i in order:
        if column[i].total:
            break
        found += column[i].value
    return found


def _raw_sums(view: View | None, point: Point, column: Sequence[Point]) -> set[Decimal]:
    """Sums over the cells themselves: a row that nobody could name is part of the total all the same."""
    if view is None or point.col is None:
        return set()
    totals = {row.index for row in view.rows if row.total}
    above, below, everything, between = Decimal(0), Decimal(0), Decimal(0), Decimal(0)
    for row in view.table.body:
        cell = read_cell(view.table.sheet.raw(row, point.col))
        if row in totals:
            between = Decimal(0) if row < (point.row or 0) else between
            continue
        value = cell.number if cell.kind is Kind.NUMBER and cell.number is not None else Decimal(0)
        everything += value
        if row < (point.row or 0):
            above, between = above + value, between + value
        else:
            below += value
    return {above, below, everything, between}


# ---- sums that must not be ---------------------------------------------------------------------------------


def _are_people(present: Sequence[Point], points: Sequence[Point]) -> bool:
    """Whether 实到 counts the pupils of a day, near those enrolled in the same row, and not days of attendance."""
    held = {(p.at.sheet, p.row): p.value for p in points if p.name == "enrollment" and not p.dims.keys() - {"level"}}
    pairs = [(p.value, held[key]) for p in present if (key := (p.at.sheet, p.row)) in held]
    return len(pairs) > 1 and all(2 * value > 0 and value <= most < 2 * value for value, most in pairs)


def _own_months_added(column: Sequence[Point]) -> list[Point]:
    """The sums of a stock over the months of one of several units."""
    units = {p.mention.entity for p in column if not p.total}
    wrong = []
    for point in column if len(units) > 1 else ():
        months = [
            p for p in column if not p.total and p.mention.entity == point.mention.entity and p.dims == point.dims
        ]
        periods = {p.mention.period for p in months}
        if point.total and len(periods) == len(months) and sum(p.value > 0 for p in months) > 1:
            wrong += [point] if point.value == sum((p.value for p in months), Decimal(0)) else []
    return wrong


def stock_sum(asked: Asked, check: StockSumCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B28: the closing row of a unit's months adds up a stock; one finding per table and unit."""
    stocks = {one.code for one in asked.catalogue.indicators if one.aggregation is Aggregation.STOCK}
    summed_columns = {(point.at.sheet, point.col) for point in points if point.total}
    columns: dict[tuple[str | None, int, str], list[Point]] = defaultdict(list)
    for point in points:
        if (point.at.sheet, point.col) not in summed_columns:
            continue
        if point.col is not None and (point.name in stocks or point.name == "attendance_done"):
            columns[point.at.sheet, point.col, point.name].append(point)
    found: dict[str | None, list[Point]] = defaultdict(list)
    for (sheet, _, name), column in columns.items():
        found[sheet] += _own_months_added(column) if name in stocks else []
        months = [p for p in column if not p.total]
        periods = {p.mention.period for p in months}
        told = {(p.mention.entity, dims_key(p.dims), p.mention.period) for p in months}
        stock = name in stocks or _are_people(months, points)
        stamps = Counter(entity for entity, _ in {(p.mention.entity, p.mention.period) for p in months})
        stock = stock and 2 * sum(n > 1 for n in stamps.values()) >= len(stamps)  # units that are told month by month
        if not stock or len(periods) < 2 or len(told) != len(months):
            continue
        summed = sum((p.value for p in months), Decimal(0))
        if sum(p.value > 0 for p in months) > 1:
            found[sheet] += [p for p in column if p.total and p.value == summed]
    for sheet, wrong in _spans_added(points, stocks).items():
        found[sheet] += wrong
    for wrong in found.values():
        names = Counter(asked.catalogue.name(p.name) for p in wrong)
        if wrong:
            called = "、".join(names)
            cells = "、".join(p.at.cell or "" for p in wrong)
            values = "、".join(shown(p.value) for p in wrong)
            yield asked.find([p.cell for p in wrong], wrong[0].at, name=called, value=values, cell=cells)


def _spans_added(points: Sequence[Point], stocks: Collection[str]) -> dict[str | None, list[Point]]:
    """A stock stated of several months (2025年9-11月) that is the sum of what a list says of each of them."""
    spans = [p for p in points if p.name in stocks and p.at.cell and ".." in (p.mention.period or "")]
    wanted = {(p.at.sheet, p.name, dims_key(p.dims), p.mention.entity) for p in spans}
    months: dict[tuple[object, ...], list[Point]] = defaultdict(list)
    for point in points if wanted else ():
        key = point.at.sheet, point.name, dims_key(point.dims), point.mention.entity
        if key in wanted and point.mention.period and ".." not in point.mention.period:
            months[key].append(point)
    found: dict[str | None, list[Point]] = defaultdict(list)
    for span in spans:
        whole = parse_period(span.mention.period or "")
        inside = [
            p for p in months[span.at.sheet, span.name, dims_key(span.dims), span.mention.entity]
            if whole.start <= parse_period(p.mention.period or "").start <= whole.end
        ]  # fmt: skip
        if sum(p.value > 0 for p in inside) > 1 and sum((p.value for p in inside), Decimal(0)) == span.value:
            found[span.at.sheet].append(span)
    return found
