"""Stocks that are added over months (B28), as they are printed: across the columns of a row, and down the rows of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from db.catalogue import Aggregation
from db.catalogue.rule_kinds import StockSumCheck
from db.periods import parse_period
from db.records import dims_key
from etl.checks.cells import Floats, numbers
from etl.checks.findings import Asked, Finding, shown
from etl.checks.points import Point, named
from etl.checks.printed import LONG_TABLE, count_columns, head_of
from etl.checks.tables import cell_at, printed_name
from etl.sheets import words
from etl.sheets.columns import Role
from etl.sheets.views import View

_STOCK = re.compile(
    r"(?:月|期|学期|季|周)(?:初|末|底)|(?:在[册籍园校]|学籍)(?:幼儿|学生|儿童|生)?(?:总?人数|数|合计|$)"
)
_SPANS = ("term", "school_year", "year", "half", "quarter", "date")
_LEAST = 2  # months of which something is a sum
_NEAR = 20  # a sum that is this part of the whole off, or less


def across_months(asked: Asked, points: Sequence[Point]) -> Iterator[Finding]:
    """期末学籍人数 that is the sum of 3月, 4月 and 5月 in its row."""
    stocks = {one.code for one in asked.catalogue.indicators if one.aggregation is Aggregation.STOCK}
    lines: dict[tuple[object, ...], list[Point]] = defaultdict(list)
    for point in points:
        if point.name in stocks and point.row is not None and not point.total:
            lines[point.at.sheet, point.row, point.name, dims_key(point.dims), point.mention.entity].append(point)
    for line in lines.values():
        for whole, months in _sums(line):
            cells = [whole.cell, *(p.cell for p in months)]
            yield asked.find(
                cells[:1], whole.at, beside=cells[1:], name=named(whole, asked.catalogue), value=shown(whole.value),
                cell=whole.at.cell or whole.at.locator,
            )  # fmt: skip


def _sums(line: Sequence[Point]) -> Iterator[tuple[Point, list[Point]]]:
    stamped = [(p, parse_period(p.mention.period)) for p in line if p.mention.period and ".." not in p.mention.period]
    months = [(p, period) for p, period in stamped if period.kind == "month"]
    for whole, period in stamped if len(months) >= _LEAST else ():
        inside = [p for p, month in months if month.start >= period.start and month.end <= period.end]
        several = sum(p.value > 0 for p in inside) >= _LEAST
        if period.kind in _SPANS and several and sum(p.value for p in inside) == whole.value:
            yield whole, inside


def down_months(asked: Asked, check: StockSumCheck, views: Sequence[View]) -> Iterator[Finding]:
    """A closing row of months that adds up 月初在册 or 月末在园, whatever the catalogue knows of it."""
    for view in views:
        if not 0 < len(view.rows) <= LONG_TABLE or not any(c.role is Role.PERIOD for c in view.columns):
            continue
        stocks = [c for c in count_columns(view) if _STOCK.search(head_of(view, c))]
        for column in stocks:
            cells = numbers(view, column.index)
            for row in _wrong(view, cells):
                cell = cell_at(view, row, column.index)
                name = printed_name(column.label) or words.label_key(head_of(view, column))
                yield asked.find([cell], late=True, name=name, value=f"{cells[row]:g}", cell=cell[1])


def _wrong(view: View, cells: Floats) -> list[int]:
    """The rows that sum up the months above them."""
    found: list[int] = []
    months: list[float] = []
    sums: list[float] = []  # 小计 of the schools of each month
    for row in view.rows:
        if row.month or (row.period and len(row.period) == len("2024-03")):
            (sums if row.total else months).append(float(cells[row.index]))
            continue
        if np.isnan(cells[row.index]) and not row.total:
            continue  # 1—2月: 寒假
        if (row.total or row.part) and any(_adds_up(some, float(cells[row.index])) for some in (months, sums)):
            found.append(row.index)
        months, sums = [], []
    return found


def _adds_up(months: Sequence[float], whole: float) -> bool:
    given = [value for value in months if value > 0]
    near = len(given) > _LEAST and abs(sum(given) - whole) * _NEAR <= whole  # beside another fault
    return len(given) >= _LEAST and (sum(given) == whole or near)
