"""Evaluators of odd cells: months that do not exist or are left out, ages, other units, counts that lack, ragged rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from db.catalogue.rule_kinds import LayoutCheck
from db.cell_columns import CellColumns
from db.records import ObsStatus
from etl.checks.cells import VAGUE, like, numbers
from etl.checks.findings import Asked, Finding
from etl.checks.printed import head_of, is_rate
from etl.checks.tables import cell_at, name_column, number, printed_name, unit_rows
from etl.checks.totals import COUNTS
from etl.sheets import words
from etl.sheets.cells import CellValue, Kind, compact, read_cell
from etl.sheets.columns import Column, Role
from etl.sheets.periods import lone_month
from etl.sheets.views import View

_PERIOD_HEAD = re.compile(r"月份?|期间|学年度?|年度|年月|统计(?:期|时间|月份)|报告期|时期")
_MONTH = re.compile(r"(\d{1,2})月份?")
_YEAR_MONTH = re.compile(r"(?:19|20)\d{2}(?:年|[-./])(\d{1,2})月?份?")
_SCHOOL_YEAR = re.compile(r"((?:19|20)\d{2})[-—–~/至]((?:19|20)\d{2})(?:学年度?|学年.{0,6})?")
HOLIDAYS = frozenset((1, 2, 7, 8))
_AGE = re.compile(r"(?:学生|儿童|幼儿|新生|就读|实际|入学|入园)?最?[小大]?(?:年龄岁?|周岁|岁数)(?:最[小大])?")
_AGES = {"KG": (2, 7), "PRI": (5, 14), "JUN": (10, 18), "SEN": (14, 21), "VOC": (14, 22)}
_MONTH_CODE = re.compile(r"\d{4}-\d{2}")
_LISTED = 2000  # rows of a table whose units and months are looked at
_DIGITS = re.compile(r"\d[\d,，]*(?:[.．]\d+)?")
_DOUBT = re.compile(r"\d+(?:人|名|个|例)?[?？]+")
_FEW = 3  # an oddity is of one row in so many


def odd_cells(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """The oddities of one kind in a table."""
    yield from _KINDS[check.of](asked, view)


def period_columns(view: View) -> list[int]:
    """The columns that name a time."""
    return [c for c, path in enumerate(view.table.paths) if path and _PERIOD_HEAD.fullmatch(words.label_key(path[-1]))]


def texts_below(view: View, col: int) -> list[tuple[int, str]]:
    """(row, text) of what stands below a heading."""
    sheet = view.table.sheet
    return [(row, text) for row in view.table.body if (text := compact(sheet.raw(row, col) or ""))]


def _wrong_period(asked: Asked, view: View) -> Iterator[Finding]:
    """13月, and a school year that lasts three years."""
    for col in period_columns(view):
        for row, text in texts_below(view, col):
            month, years = _MONTH.fullmatch(text) or _YEAR_MONTH.fullmatch(text), _SCHOOL_YEAR.fullmatch(text)
            late = month is not None and not 1 <= int(month[1]) <= 12
            long = years is not None and "学年" in text and int(years[2]) != int(years[1]) + 1
            if late or long:
                cell = cell_at(view, row, col)
                yield asked.find([cell], value=text, cell=cell[1], unit="", other="")


def _missing_period(asked: Asked, view: View) -> Iterator[Finding]:
    """A month of term time that is left out between two others, where the rows are one unit's months."""
    if any(c.role in (Role.ENTITY, Role.CLASS, Role.ITEM) for c in view.columns):
        return
    for col in period_columns(view):
        stamps = [(row, month) for row, text in texts_below(view, col) if (month := _month_of(text))]
        for (_, before), (row, after) in pairwise(stamps):
            left_out = [month for month in range(before + 1, after) if month not in HOLIDAYS]
            if left_out and after <= 12:
                cell = cell_at(view, row, col)
                told = "、".join(f"{month}月" for month in left_out)
                yield asked.find([cell], value=told, cell=cell[1], unit="", other=f"{before}月")


def _missing_report(asked: Asked, view: View) -> Iterator[Finding]:
    """A unit without the row of a month that nearly all others have."""
    rows: dict[str, dict[int, int]] = defaultdict(dict)  # month of the year by unit, with the row
    for row in view.rows if len(view.rows) <= _LISTED else ():
        month = row.month or (int(row.period[5:7]) if row.period and _MONTH_CODE.fullmatch(row.period) else None)
        if row.entity and month and not row.total and not row.dims:
            rows[row.entity].setdefault(month, row.index)
    counts = Counter(month for months in rows.values() for month in months)
    usual = {month for month, n in counts.items() if n * _FEW >= 2 * len(rows)}
    if len(rows) < _FEW or len(usual) < _FEW or any(row.part for row in view.rows):
        return
    column = name_column(view)
    for unit, months in rows.items():
        lacking = sorted(usual - set(months))
        if column is not None and lacking and len(lacking) * 2 <= len(usual):
            before = [month for month in months if month < lacking[0]] or list(months)
            cell = cell_at(view, months[before[-1]], column.index)
            told = "、".join(f"{month}月" for month in lacking)
            yield asked.find([cell], value=told, cell=cell[1], unit=unit, other="")


def _month_of(text: str) -> int | None:
    return lone_month(text) if _MONTH.fullmatch(text) else None


def _age(asked: Asked, view: View) -> Iterator[Finding]:
    """An age that no pupil of the row's level has."""
    columns = [c for c, path in enumerate(view.table.paths) if path and _AGE.fullmatch(words.label_key(path[-1]))]
    for row in unit_rows(view) if columns else ():
        low, high = _AGES.get(words.level_of_name(row.entity) or "", (0, 0))
        for col in columns if high else ():
            value = number(view, row.index, col)
            if value is not None and value < 100 and not low <= value <= high:
                cell = cell_at(view, row.index, col)
                yield asked.find(
                    [cell], value=str(value), cell=cell[1], unit=row.entity or "", other=f"{low}至{high}岁"
                )


def _mixed_units(asked: Asked, view: View) -> Iterator[Finding]:
    """万 or ‰ in one cell of a column whose other cells are plain."""
    for column in _values(view):
        typed = like(view, column.index, lambda cell: cell.kind is Kind.NUMBER)[view.indexes]
        cells = [(n, read_cell(view.table.sheet.raw(n, column.index))) for n in view.indexes[typed].tolist()]
        for mark, printed in (("万", "万" in column.label.unit), ("‰", "‰" in column.label.unit)):
            odd = [(index, cell) for index, cell in cells if mark in cell.text]
            if printed or not odd or len(odd) * _FEW > _filled(view, column.index):
                continue
            for index, cell in odd:
                at = cell_at(view, index, column.index)
                yield asked.find([at], value=cell.text, cell=at[1], unit=mark, other=column.label.text)


def _inexact_count(asked: Asked, view: View) -> Iterator[Finding]:
    """112人左右 where the other cells of the column are whole numbers."""
    counted = {i.code for i in asked.catalogue.indicators if i.unit in COUNTS}
    for column in _values(view):
        if column.label.indicator not in counted:
            continue
        vague = like(view, column.index, lambda cell: cell.kind is Kind.NUMBER and cell.qualifier in VAGUE)
        found = view.unit_indexes[vague[view.unit_indexes]].tolist()
        for index in found if len(found) * _FEW <= _filled(view, column.index) else ():
            cell = cell_at(view, index, column.index)
            text = compact(view.table.sheet.raw(index, column.index))
            yield asked.find([cell], value=text, cell=cell[1], unit="", other=printed_name(column.label))


def _uncertain_count(asked: Asked, view: View) -> Iterator[Finding]:
    """The same, and 12?, in columns of counts that the catalogue keeps nothing of, and of single classes."""
    if len(view.rows) > _LISTED or any(row.label.known for row in view.rows):
        return
    for column in view.columns:
        if column.role is not Role.VALUE or column.label.ignored or is_rate(head_of(view, column)):
            continue
        rows = [row for row in unit_rows(view) if not column.label.indicator or row.excluded]
        typed = [(row.index, str(view.table.sheet.raw(row.index, column.index) or "")) for row in rows]
        odd = [(index, compact(text)) for index, text in typed if _is_uncertain(text)]
        unread = not (column.label.indicator or column.label.part)
        odd = [
            (index, text) for index, text in odd if unread or view.by_index[index].excluded or not _DOUBT.search(text)
        ]
        for index, text in odd if len(odd) == 1 and _filled(view, column.index) >= _FEW else ():
            cell = cell_at(view, index, column.index)
            yield asked.find([cell], value=text, cell=cell[1], unit="", other=printed_name(column.label))


def _is_uncertain(text: str) -> bool:
    if not any(char.isdigit() for char in text):
        return False
    cell = read_cell(text)
    return bool(_DOUBT.fullmatch(compact(text))) or (cell.kind is Kind.NUMBER and cell.qualifier in VAGUE)


def _text_number(asked: Asked, view: View) -> Iterator[Finding]:
    """４４１ or a number kept as text among numbers: it was read, but a sum in the sheet passes it over. Once per column."""
    if view.table.sheet.grid.address_style == "RC":
        return  # a text file keeps nothing but texts
    for column in _values(view):
        cells = view.table.sheet.column(column.index)
        rows = view.indexes[cells.where(_is_digits)[view.indexes]].tolist()
        if not rows or len(rows) * _FEW > _filled(view, column.index):
            continue
        spots = [cell_at(view, row, column.index) for row in rows]
        text = str(view.table.sheet.raw(rows[0], column.index)).strip()
        more = f"等{len(rows)}格" if len(rows) > 1 else ""
        yield asked.find(spots, value=text, cell=spots[0][1], unit="", other=more)


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and bool(_DIGITS.fullmatch(value.strip()))


def _filled(view: View, col: int) -> int:
    """How many rows have a number in a column."""
    return int(np.count_nonzero(~np.isnan(numbers(view, col)[view.indexes])))


def _values(view: View) -> list[Column]:
    return [c for c in view.columns if c.role is Role.VALUE and c.label.indicator]


def _missing_count(asked: Asked, view: View) -> Iterator[Finding]:
    """A rate whose count was not reported, where the other rows give both."""
    rates = {i.code: (i.numerator, i.denominator) for i in asked.catalogue.indicators if i.numerator}
    columns = _values(view)
    for rate in columns:
        counts = rates.get(rate.label.indicator or "", ())
        for count in columns:
            if count.label.indicator not in counts or count.label.dims != rate.label.dims:
                continue
            if words.is_part_of((view.table.paths[count.index] or ("",))[-1]):
                continue  # 其中流动 is not what the rate is made of
            lacks = ~np.isnan(numbers(view, rate.index)) & like(view, count.index, _unreported)
            lacking = [view.by_index[n] for n in view.unit_indexes[lacks[view.unit_indexes]].tolist()]
            for row in lacking if len(lacking) * _FEW <= len(view.unit_indexes) else ():
                cell, at = cell_at(view, row.index, count.index), cell_at(view, row.index, rate.index)
                unit = row.entity or f"第{row.index + 1}行"
                yield asked.find(
                    [cell], value=count.label.text, cell=cell[1], unit=unit, other=f"{rate.label.text}({at[1]})"
                )


def _unreported(cell: CellValue) -> bool:
    return cell.kind is Kind.BLANK or (cell.kind is Kind.STATUS and cell.status is ObsStatus.NOT_REPORTED)


def _ragged_row(asked: Asked, view: View) -> Iterator[Finding]:
    """In a text file: a row with more fields than the header, or cut off where the others go on."""
    sheet, body = view.table.sheet, view.table.body
    if sheet.grid.address_style != "RC" or len(body) < _FEW:
        return
    labelled = [c for c, path in enumerate(view.table.paths) if path]
    filled = {row: [c for c, _ in sheet.own(row)] for row in body}
    usual = [c for c in labelled if sum(c in cols for cols in filled.values()) * _FEW >= 2 * len(body)]
    for row, cols in filled.items():
        beyond = [c for c in cols if c > labelled[-1]]
        held = 0 if isinstance(sheet.grid.cells, CellColumns) else len(sheet.grid.cells[row])
        cut = [c for c in usual if c > max(cols, default=0) and c >= held]  # blank fields are no missing fields
        if (beyond or len(cut) > 1) and len(cols) > 1:
            spots = beyond or cut
            cell = cell_at(view, row, spots[0])
            told = "多出一列" if beyond else "在此处中断,后面的列都空着"
            yield asked.find([cell_at(view, row, c) for c in spots], value=row + 1, cell=cell[1], unit="", other=told)


_KINDS = {
    "wrong_period": _wrong_period, "missing_period": _missing_period, "missing_report": _missing_report, "age": _age, "mixed_units": _mixed_units,
    "missing_count": _missing_count, "inexact_count": _inexact_count, "uncertain_count": _uncertain_count, "text_number": _text_number, "ragged_row": _ragged_row,
}  # fmt: skip
ODDITIES = frozenset(_KINDS)
