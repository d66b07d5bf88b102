"""Evaluators of a table's shape: rows without a name, merged data, shifted rows, swapped columns, lost headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from db.catalogue.rule_kinds import LayoutCheck
from db.periods import Period, parse_period, period_words
from etl.checks.cells import numbers
from etl.checks.due_done import in_order
from etl.checks.findings import Asked, Finding
from etl.checks.ledgers import unnamed
from etl.checks.monthly import brought_back, carried_on, unexplained
from etl.checks.oddities import ODDITIES, odd_cells
from etl.checks.relations import broken
from etl.checks.stamps import filled_in_before, stray_cohort, stray_month
from etl.checks.subtotals import broken_subtotal
from etl.checks.tables import cell_at, name_column, number, printed_name, unit_rows
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.columns import Role
from etl.sheets.periods import find_period
from etl.sheets.rows import Row
from etl.sheets.views import View

_FILLED_IN = re.compile(r"(?:填表|填报|上报|报送|制表)(?:日期|时间):?(.+)")
_DATE_ALONE = re.compile(r"(?:^|\s{2,})(20\d{2}年\d{1,2}月(?:\d{1,2}日)?)(?:$|\s{2,})")
_OF_ANY_TABLE = ("period_conflict", "wrong_period", "ragged_row", "stray_month", "unnamed_entry")
_FAR = 200  # days between two statements of the period that cannot both be true
_STRUCK_OUT = re.compile(r"[×*xX□■某]+.{0,6}|.*[×*□■]{2,}.*")


def layout(asked: Asked, check: LayoutCheck, views: Sequence[View]) -> Iterator[Finding]:
    """The faults of one kind in all tables."""
    find = odd_cells if check.of in ODDITIES else _KINDS.get(check.of)
    for view in views if find is not None else ():
        if view.columns or check.of in _OF_ANY_TABLE:
            yield from find(asked, check, view)  # type: ignore[misc]


def _missing_place(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """A row of numbers without a name. Where other columns tell rows apart (months, items) a blank name repeats
    the one above."""
    column = name_column(view)
    told_apart = {Role.PERIOD, Role.ITEM, Role.CLASS, Role.COHORT}
    if column is None:
        return
    repeats = any(c.role in told_apart for c in view.columns)
    pattern = re.compile("|".join(check.patterns)) if check.patterns else None
    for row in _doubtful_names(view, column.index, pattern):
        text = compact(view.table.sheet.filled(row.index, column.index))
        bad = (
            (not text and not repeats) or _STRUCK_OUT.fullmatch(text) or (pattern is not None and pattern.search(text))
        )
        if bad and not row.excluded and _has_numbers(view, row):
            cell = cell_at(view, row.index, column.index)
            yield asked.find([cell, *_cells_of(view, row)], cell=cell[1], value=text or "空白")


def _doubtful_names(view: View, col: int, pattern: re.Pattern[str] | None) -> list[Row]:
    """The rows of single units but for those with an ordinary name: that has no sign of being struck out."""
    sheet = view.table.sheet
    plain = [row for row in unit_rows(view) if row.plain and (row.index, col) not in sheet.merged]
    names = "\n".join(row.entity or "" for row in plain)
    if pattern is not None and pattern.search(names):
        return unit_rows(view)
    known = {row.index for row in plain}
    return [row for row in unit_rows(view) if row.index not in known]


def _has_numbers(view: View, row: Row) -> bool:
    known = [c.index for c in view.columns if c.role is Role.VALUE and c.label.known]
    return any(number(view, row.index, col) is not None for col in known)


def _cells_of(view: View, row: Row) -> list[tuple[str | None, str]]:
    return [cell_at(view, row.index, c.index) for c in view.columns if c.role is Role.VALUE]


def _merged_data(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    known = {c.index for c in view.columns if c.role is Role.VALUE and c.label.indicator}
    rows = {row.index: row for row in unit_rows(view) if row.entity}
    for top, left, bottom, right in view.table.sheet.grid.merges:
        across = [printed_name(c.label) for c in view.columns if left <= c.index <= right and c.label.indicator]
        if top in rows and len(across) > 1 and number(view, top, left) is not None:
            cells = [cell_at(view, top, left), cell_at(view, top, right)]
            value = compact(view.table.sheet.raw(top, left))
            yield asked.find(cells, cell=cells[0][1], value=value, other="、".join(across), unit="")
            continue
        covered = [rows[r].entity or "" for r in range(top, bottom + 1) if r in rows]
        if left in known and len(set(covered)) > 1 and number(view, top, left) is not None:
            cell, below = cell_at(view, top, left), cell_at(view, bottom, left)
            value = compact(view.table.sheet.raw(top, left))
            yield asked.find([cell, below], cell=cell[1], value=value, other="、".join(dict.fromkeys(covered)), unit="")


def _shifted_row(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """The first value is blank and a number stands beyond the last header, as in no other row."""
    values = [c.index for c in view.columns if c.role is Role.VALUE and c.label.known]
    if len(values) < 2:
        return
    beyond = max((c for c, path in enumerate(view.table.paths) if path), default=0) + 1
    there = ~np.isnan(numbers(view, beyond)[view.unit_indexes])
    outside = [view.by_index[n] for n in view.unit_indexes[there].tolist()]
    for row in outside if len(outside) * 3 <= len(view.unit_indexes) else ():
        if read_cell(view.table.sheet.raw(row.index, values[0])).kind is Kind.BLANK:
            last = cell_at(view, row.index, beyond)
            cells = [cell_at(view, row.index, c) for c in (*values, beyond)]
            start = cells[1]
            yield asked.find([start, *cells], cell=start[1], value=row.index + 1, unit=row.entity or "", other=last[1])


def _swapped_columns(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """In all rows but this one the first count is the smaller by far."""
    smaller, larger = (
        next(
            (c.index for c in view.columns if c.role is Role.VALUE and c.label.indicator == name and not c.label.dims),
            None,
        )
        for name in check.names
    )
    if smaller is None or larger is None:
        return
    few, many = (numbers(view, col)[view.unit_indexes] for col in (smaller, larger))
    pairs = ~np.isnan(few) & ~np.isnan(many) & (few + many != 0)
    wrong = view.unit_indexes[pairs & (many > 0) & (few > 3 * many)].tolist()
    for row in (view.by_index[n] for n in wrong) if len(wrong) * 3 <= np.count_nonzero(pairs) else ():
        one, two = cell_at(view, row.index, smaller), cell_at(view, row.index, larger)
        yield asked.find([two, one], cell=one[1], other=two[1], unit=row.entity or "", value="")


def _missing_header(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    labelled = [c for c, path in enumerate(view.table.paths) if path]
    rows = view.unit_indexes
    items = {c.index for c in view.columns if c.role is Role.ITEM}
    for col in range(labelled[0], view.table.sheet.width) if labelled else ():
        if view.table.paths[col] or col in items:
            continue
        filled = np.count_nonzero(~np.isnan(numbers(view, col)[rows]))
        if filled >= 2 and filled * 2 >= len(rows):
            cell = cell_at(view, view.table.header[-1], col)
            yield asked.find([cell], cell=cell[1], value="", unit="", other="")


def _period_conflict(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """The title, the date of filling in and the file name speak of times far apart."""
    title = _title_period(view)
    if title is None:
        return
    spot, said = title
    others: list[str] = []
    days = [(at, text, code) for at, text, code in _days_of_filling_in(view) if _apart(code, said, early=True)]
    others += [f"填表日期为{text}" for _, text, _ in days]
    early = [(at, text, code) for at, text, code in _dates_below_title(view, spot) if code.end < said.start]
    others += [f"标题下写的日期为{text}" for _, text, _ in early]
    days += early
    named = find_period(compact(view.file_name.rsplit(".", 1)[0]))
    if named and _apart(parse_period(named), said):
        others.append(f"文件名写的是{period_words(parse_period(named))}")
    if others:
        cell = cell_at(view, *spot)
        beside = [cell_at(view, *at) for at, _, _ in days]
        yield asked.find([cell], beside=beside, cell=cell[1], value=period_words(said), other=",".join(others), unit="")


def filled_in_when(view: View) -> Iterator[tuple[str, Period]]:
    """When a sheet says that it was filled in: the words and the period that they name."""
    yield from ((text, period) for _, text, period in _days_of_filling_in(view))


def _days_of_filling_in(view: View) -> Iterator[tuple[tuple[int, int], str, Period]]:
    for spot, text in _title_lines(view):
        told = _FILLED_IN.search(compact(text))
        if told and (code := find_period(told[1])):
            yield spot, told[1], parse_period(code)


def _dates_below_title(view: View, title: tuple[int, int]) -> Iterator[tuple[tuple[int, int], str, Period]]:
    """A month or day that stands alone between the issuer and the unit, below the title of those who left (2025届)."""
    leavers = "届" in str(view.table.sheet.raw(*title) or "")
    for spot in view.table.titles if leavers else ():
        told = _DATE_ALONE.search(str(view.table.sheet.raw(*spot) or "").strip()) if spot != title else None
        if told and (code := find_period(told[1])):
            yield spot, told[1], parse_period(code)


def _title_lines(view: View) -> list[tuple[tuple[int, int], str]]:
    """What stands around a table, with its place."""
    spots = (*view.table.titles, *view.table.footers)
    return [(spot, str(view.table.sheet.raw(*spot) or "")) for spot in spots]


def _title_period(view: View) -> tuple[tuple[int, int], Period] | None:
    for spot, text in _title_lines(view):
        period = None if _FILLED_IN.search(compact(text)) else find_period(text)
        if period and parse_period(period).kind != "date":
            return spot, parse_period(period)
    return None


def _apart(one: Period, other: Period, early: bool = False) -> bool:
    """Whether two periods lie far from each other. A form may be filled in long after the period, hardly before."""
    if early:
        return one.end < other.start or (one.start - other.end).days > 2 * _FAR
    return (one.start - other.end).days > _FAR or (other.start - one.end).days > _FAR


_KINDS = {
    "missing_place": _missing_place, "merged_data": _merged_data, "shifted_row": _shifted_row,
    "swapped_columns": _swapped_columns, "missing_header": _missing_header, "period_conflict": _period_conflict,
    "carried_on": carried_on, "unexplained": unexplained, "brought_back": brought_back, "filled_in_before": filled_in_before,
    "broken_sum": broken, "broken_rate": broken, "stray_month": stray_month, "stray_cohort": stray_cohort,
    "unnamed_entry": unnamed, "done_over_due": in_order, "found_over_examined": in_order, "visited_over_schools": in_order,
    "broken_subtotal": broken_subtotal,
}  # fmt: skip
