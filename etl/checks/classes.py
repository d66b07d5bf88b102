"""Evaluators of the size of classes (B33): pupils by classes, and large classes that a table or card counts itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from db.catalogue import Indicator
from db.catalogue.rule_kinds import LargeClassesCheck, QuotientCheck
from etl.checks.findings import Asked, Finding, listed, shown
from etl.checks.points import Line, Point
from etl.checks.printed import LONG_TABLE, head_of, is_rate, value_columns
from etl.checks.tables import cell_at, number
from etl.sheets import words
from etl.sheets.cells import Kind, read_cell
from etl.sheets.columns import Column, Role
from etl.sheets.rows import Row
from etl.sheets.views import Card, View

Spot = tuple[int, int]


def quotient(asked: Asked, check: QuotientCheck, lines: Sequence[Line]) -> Iterator[Finding]:
    """B33: a quotient of two counts outside its band, told at the printed quotient where one stands. Classes that are too large
    are told one by one; small ones are many in the country, and are told once for each sheet."""
    rates = rates_of(check, asked.catalogue.indicators)
    small: dict[str | None, list[tuple[Point, Point, Point]]] = defaultdict(list)
    for line in lines:
        for num in line.get(check.numerator, ()):
            den = next((p for p in line.get(check.denominator, ()) if p.dims == num.dims), None)
            if den is None or den.value <= 0 or den.value > num.value:
                continue
            value = num.value / den.value
            printed = next((p for code in rates for p in line.get(code, ()) if p.dims == num.dims), num)
            if check.high is not None and value > check.high:
                yield asked.find(
                    [printed.cell, num.cell, den.cell], printed.at, value=shown(value), cell=printed.at.cell,
                    unit=num.entity, derived=True,
                )  # fmt: skip
            elif check.low is not None and value < check.low and not num.total:
                small[num.at.sheet].append((printed, num, den))
    for found in small.values():
        cells = [printed.cell for printed, _, _ in found]
        beside = [point.cell for _, num, den in found for point in (num, den)]
        told = listed([printed.at.cell or printed.at.locator for printed, _, _ in found])
        yield asked.find(cells, found[0][0].at, beside=beside, n=len(found), cells=told, low=check.low)


def rates_of(check: QuotientCheck, indicators: Iterable[Indicator]) -> set[str]:
    """The indicators that are the quotient of a check's counts."""
    return {i.code for i in indicators if (i.numerator, i.denominator) == (check.numerator, check.denominator)}


def class_sizes(asked: Asked, check: QuotientCheck, views: Sequence[View]) -> Iterator[Finding]:
    """Pupils by classes of the groups whose classes the catalogue does not keep (城区, 一年级)."""
    for view in views:
        if len(view.rows) > LONG_TABLE:
            continue
        for num, den, name in (*_pairs_of_columns(view, check), *_pairs_of_rows(view, check)):
            some, base = number(view, *num), number(view, *den)
            if some is None or base is None or base <= 0 or base > some or check.high is None:
                continue
            if some / base > check.high:
                cells = [cell_at(view, *num), cell_at(view, *den)]
                yield asked.find(cells, value=shown(some / base), cell=cells[0][1], unit=name, derived=True)


def large_classes(
    asked: Asked, check: LargeClassesCheck, views: Sequence[View], cards: Sequence[Card]
) -> Iterator[Finding]:
    """Classes of 56 or 66 and more pupils that a table counts itself, or the largest class that it names, told once for each
    unit."""
    for view in views:
        told: set[int] = set()
        columns = [(c, head_of(view, c)) for c in view.columns if c.role is Role.VALUE]
        for pattern in map(re.compile, check.heads):
            for column in (c for c, key in columns if _counts_classes(pattern, key)):
                for row in view.rows:
                    value = number(view, row.index, column.index)
                    if value is None or value < check.least or row.total or row.index in told:
                        continue
                    told.add(row.index)
                    cell = cell_at(view, row.index, column.index)
                    unit = row.entity or row.label.text
                    yield asked.find([cell], value=shown(value), name=head_of(view, column), cell=cell[1], unit=unit)
        yield from _down_the_rows(asked, check, view)
    for card in cards:
        yield from _in_card(asked, check, card)


def _down_the_rows(asked: Asked, check: LargeClassesCheck, view: View) -> Iterator[Finding]:
    """The same with the schools side by side and 最大班额 as a row."""
    patterns = [re.compile(head) for head in check.heads]
    names = {row.index: words.label_key(row.problem or row.label.text) for row in view.rows if not row.entity}
    rows = [n for n, name in names.items() if any(_counts_classes(p, name) for p in patterns)]
    columns = [c for c in value_columns(view) if c.entity and not c.label.total]
    for column in columns if len(view.rows) <= LONG_TABLE else ():
        for row in rows:
            value = number(view, row, column.index)
            if value is not None and value >= check.least:
                cell = cell_at(view, row, column.index)
                yield asked.find([cell], value=shown(value), name=names[row], cell=cell[1], unit=column.entity)
                break


def _counts_classes(pattern: re.Pattern[str], key: str) -> bool:
    return bool(pattern.search(key)) and not is_rate(key.replace("大班额", ""))


def _in_card(asked: Asked, check: LargeClassesCheck, card: Card) -> Iterator[Finding]:
    for pattern in map(re.compile, check.heads):
        for field in card.fields:
            cell = read_cell(card.value(field))
            if _counts_classes(pattern, field.key) and cell.kind is Kind.NUMBER and (cell.number or 0) >= check.least:
                at = card.cell(field)
                yield asked.find(
                    [at], value=shown(cell.number or Decimal(0)), name=field.key, cell=at[1], unit=card.unit or "本校"
                )
                return


def _pairs_of_columns(view: View, check: QuotientCheck) -> Iterator[tuple[Spot, Spot, str]]:
    num, den = (
        _only([c for c in value_columns(view) if c.label.indicator == code and not c.label.dims and not c.label.rest])
        for code in (check.numerator, check.denominator)
    )
    if isinstance(num, Column) and isinstance(den, Column):
        for row in view.rows:
            if row.dims.keys() & {"area", "sponsor", "grade"}:
                yield (row.index, num.index), (row.index, den.index), row.entity or row.label.text
    return


def _pairs_of_rows(view: View, check: QuotientCheck) -> Iterator[tuple[Spot, Spot, str]]:
    num, den = (
        _only([r for r in view.rows if r.label.indicator == code and not r.label.dims and not r.dims])
        for code in (check.numerator, check.denominator)
    )
    if isinstance(num, Row) and isinstance(den, Row):
        for column in value_columns(view):
            if column.label.dims.keys() & {"area", "sponsor", "grade"} and not column.label.known:
                yield (num.index, column.index), (den.index, column.index), column.label.text


def _only(found: Sequence[object]) -> object | None:
    return found[0] if len(found) == 1 else None
