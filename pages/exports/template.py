"""A form as an xlsx to fill in: prefilled rows, checked cells, sums that work themselves out, last values beside them.

Nothing that comes from data is ever a formula; the formulas are those that this module writes, each with its value.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from pages.exports.xlsx import sheet_name, text_width

Value = float | int | str | None
_FIXED = 2  # columns before the values: code and name
_TOP = 2  # rows above the header: title and the line of issuer, date and unit
_NOTHING = " "  # what a formula without a result has come to; a program that reads the file sees that it was worked out
_MOST_PROMPTS = 20_000  # cells of a sheet with a message of their own; more would make the file slow to open
_OPEN_TO_ALL = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of values; other columns are named by their place among these, from 0.

    `kind`: count (whole, not negative) or choice (of a list, other text is welcome)."""

    path: tuple[str, ...]
    kind: str = "count"
    choices: tuple[str, ...] = ()
    within: int | None = None
    equals: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()  # each: what it must come to
    sum: tuple[tuple[int, ...], tuple[int, ...]] | None = None  # worked out: columns to add, columns to take off
    rate: tuple[int, tuple[int, ...]] | None = None  # worked out: a column over the sum of others, in percent
    may_not_apply: bool = False

    @property
    def is_computed(self) -> bool:
        """Whether a formula fills it in."""
        return self.sum is not None or self.rate is not None


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with what is filled in for it and what stood there the year before, one per column."""

    code: str
    name: str
    values: tuple[Value, ...]
    last: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `last_name` and `last_title` are those of the sheet of last values, which needs some to be made."""

    name: str
    title: str
    line: tuple[str, str, str]  # issuer, date, unit
    heads: tuple[str, str]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    last_name: str
    last_title: str

    @property
    def has_last(self) -> bool:
        """Whether anything is known of the year before."""
        return any(value is not None for row in self.rows for value in row.last)


@dataclass(frozen=True, slots=True)
class Words:
    """What is printed on every sheet, and what a cell says to the person who types into it: `whole` and `within`
    (with {part} and {whole}) refuse a value, `last` heads the message with the value of the year before."""

    total: str
    not_read: str
    not_applicable: str
    whole: str
    within: str
    or_not_applicable: str
    last: str


@dataclass(frozen=True, slots=True)
class Template:
    """The workbook; a count that moves by more than `jump` (percent, least) against the year before is coloured."""

    author: str
    sheets: tuple[Sheet, ...]
    guide_name: str
    guide: tuple[str, ...]
    words: Words
    jump: tuple[float, float]


def template_bytes(template: Template) -> bytes:
    """The workbook: a sheet per stage, the last values of each, and the sheet that explains the form."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"author": template.author, "title": template.sheets[0].title})
        taken: set[str] = set()
        names = [sheet_name(sheet.name, taken) for sheet in template.sheets]
        last = [sheet_name(sheet.last_name, taken) if sheet.has_last else "" for sheet in template.sheets]
        formats = _formats(book)
        for sheet, name, behind in zip(template.sheets, names, last, strict=True):
            _Drawn(book.add_worksheet(name), sheet, template, formats).fill_in(behind)
        for sheet, behind in zip(template.sheets, last, strict=True):
            if behind:
                _Drawn(book.add_worksheet(behind), sheet, template, formats).last()
        _guide(book.add_worksheet(sheet_name(template.guide_name, taken)), template, formats)
    return out.getvalue()


def _formats(book: Any) -> Mapping[str, Any]:
    grid = {"border": 1, "valign": "vcenter", "font_size": 11}
    made = {
        "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True},
        "plain": {"font_size": 11},
        "open_plain": {"font_size": 11, "locked": False},
        "head": {**grid, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EEF4"},
        "name": {**grid, "bg_color": "#F5F5F5", "num_format": "@"},
        "open": {**grid, "locked": False, "num_format": "0"},
        "open_text": {**grid, "locked": False},
        "given": {**grid, "bg_color": "#F5F5F5", "num_format": "0"},
        "rate": {**grid, "bg_color": "#F5F5F5", "num_format": "0.00"},
        "total": {**grid, "bold": True, "bg_color": "#EFEFEF", "num_format": "0"},
        "total_rate": {**grid, "bold": True, "bg_color": "#EFEFEF", "num_format": "0.00"},
        "last": {**grid, "font_color": "#595959", "bg_color": "#F2F2F2"},
        "mark": {"bold": True, "font_size": 11, "font_color": "#9C5700", "bg_color": "#FFEB9C"},
        "wrong": {"bg_color": "#FFC7CE"},
        "moved": {"bg_color": "#FFEB9C"},
        "guide": {"font_size": 12, "text_wrap": True, "valign": "top"},
        "guide_head": {"font_size": 14, "bold": True},
    }
    return {name: book.add_format(look) for name, look in made.items()}


class _Drawn:
    """Draws one sheet of the template, or its last values in the same places."""

    def __init__(self, target: Any, sheet: Sheet, template: Template, formats: Mapping[str, Any]) -> None:
        self.target = target
        self.sheet = sheet
        self.words = template.words
        self.jump = template.jump
        self.formats = formats
        self.width = _FIXED + len(sheet.columns)
        self.depth = max(len(column.path) for column in sheet.columns)
        self.first = _TOP + self.depth
        self.end = self.first + len(sheet.rows) - 1

    def fill_in(self, last_name: str) -> None:
        """The sheet that is filled in."""
        self._top(self.sheet.title)
        for text, col, look in zip(self.sheet.line, self._line_places(), ("plain", "open_plain", "plain"), strict=True):
            self.target.write_string(1, col, text, self.formats[look])
        self._header()
        for r, row in enumerate(self.sheet.rows, self.first):
            self._names(r, row)
            for c, value in enumerate(row.values):
                self._cell(r, c, value)
        below = self._total() if len(self.sheet.rows) > 1 else self.end + 1
        for n, note in enumerate(self.sheet.notes, below):
            self.target.write_string(n, 0, note, self.formats["plain"])
        for c in range(len(self.sheet.columns)):
            self._validate(c)
            self._colour(c, last_name)
        self._print()

    def last(self) -> None:
        """The values of the year before, in the same places."""
        self._top(self.sheet.last_title)
        self.target.write_string(1, 0, self.words.not_read, self.formats["mark"])
        self._header()
        for r, row in enumerate(self.sheet.rows, self.first):
            self._names(r, row)
            for c, value in enumerate(row.last):
                _put(self.target, r, _FIXED + c, value, self.formats["last"])
        self._print()

    def _top(self, title: str) -> None:
        self.target.merge_range(0, 0, 0, self.width - 1, title, self.formats["title"])
        self.target.set_row(0, 34)

    def _line_places(self) -> tuple[int, int, int]:
        middle = max(_FIXED, self.width // 2)
        return 0, middle, max(middle + 1, self.width - 2)

    def _header(self) -> None:
        for col, text in enumerate(self.sheet.heads):
            self._merged(_TOP, col, self.first - 1, col, text)
        paths = [column.path for column in self.sheet.columns]
        for level in range(self.depth):
            col = _FIXED
            for path, same in groupby(paths, key=itemgetter(slice(0, level + 1))):
                n = len(list(same))
                if len(path) == level + 1:
                    deeper = any(len(full) > level + 1 and full[: level + 1] == path for full in paths)
                    bottom = _TOP + level if deeper else self.first - 1
                    self._merged(_TOP + level, col, bottom, col + n - 1, path[level])
                col += n
        self.target.set_column(0, 0, 13)
        self.target.set_column(1, 1, max(16, *(text_width(row.name) + 2 for row in self.sheet.rows)))
        for c, column in enumerate(self.sheet.columns, _FIXED):
            wide = 14 if column.kind != "count" else 9
            self.target.set_column(c, c, max(wide, min(14, text_width(column.path[-1]) / 2 + 3)))
        for level in range(self.depth):
            self.target.set_row(_TOP + level, 32 if level == self.depth - 1 else 20)
        self.target.freeze_panes(self.first, _FIXED)

    def _merged(self, top: int, left: int, bottom: int, right: int, text: str) -> None:
        if (top, left) == (bottom, right):
            self.target.write_string(top, left, text, self.formats["head"])
        else:
            self.target.merge_range(top, left, bottom, right, text, self.formats["head"])

    def _names(self, row: int, unit: Row) -> None:
        self.target.write_string(row, 0, unit.code, self.formats["name"])
        self.target.write_string(row, 1, unit.name, self.formats["name"])

    def _cell(self, row: int, c: int, value: Value) -> None:
        column = self.sheet.columns[c]
        if column.is_computed:
            self._formula(row, c, self._computed(row, c), _NOTHING, "rate" if column.rate else "given")
            return
        look = "open" if column.kind == "count" else "open_text"
        _put(self.target, row, _FIXED + c, value, self.formats[look])

    def _formula(self, row: int, c: int, formula: str, value: float | str, look: str) -> None:
        self.target.write_formula(row, _FIXED + c, formula, self.formats[look], value)

    def _computed(self, row: int, c: int) -> str:
        """The formula of a sum or a rate; it stays empty until all that it needs is there."""
        column = self.sheet.columns[c]
        if column.rate is not None:
            of, per = self._at(row, column.rate[0]), [self._at(row, n) for n in column.rate[1]]
            whole = f"SUM({','.join(per)})"
            needed, worth = [of, *per], f'IF({whole}<=0,"",ROUND({of}/{whole}*100,2))'
        else:
            needed, worth = self._sum(row, column.sum or ((), ()))
        return f'=IF(COUNT({",".join(needed)})<{len(needed)},"",{worth})'

    def _sum(
        self, row: int, sides: tuple[tuple[int, ...], tuple[int, ...]], fixed: bool = False
    ) -> tuple[list[str], str]:
        """The cells of a sum and what it comes to."""
        plus, minus = ([self._at(row, n, fixed) for n in some] for some in sides)
        return [*plus, *minus], f"SUM({','.join(plus)})" + (f"-SUM({','.join(minus)})" if minus else "")

    def _at(self, row: int, c: int, fixed: bool = False) -> str:
        return str(xl_rowcol_to_cell(row, _FIXED + c, col_abs=fixed))

    def _total(self) -> int:
        """The row of sums; returns the row below it. A column has none until every row is filled in: sums over different
        rows must not stand side by side."""
        row = self.end + 1
        self.target.write_string(row, 0, "", self.formats["total"])
        self.target.write_string(row, 1, self.words.total, self.formats["total"])
        for c, column in enumerate(self.sheet.columns):
            if column.rate is not None:
                self._formula(row, c, self._computed(row, c), _NOTHING, "total_rate")
            elif column.kind == "count":
                whole = xl_range(self.first, _FIXED + c, self.end, _FIXED + c)
                held = [value for each in self.sheet.rows if isinstance(value := each.values[c], int | float)]
                value = sum(held) if len(held) == len(self.sheet.rows) else _NOTHING
                self._formula(row, c, f'=IF(COUNTBLANK({whole})>0,"",SUM({whole}))', value, "total")
            else:
                self.target.write_blank(row, _FIXED + c, None, self.formats["total"])
        return row + 1

    def _validate(self, c: int) -> None:
        """What may be typed; a cell with a value of the year before says so when it is entered."""
        column = self.sheet.columns[c]
        if column.is_computed:
            return
        col = _FIXED + c
        told = [row.last[c] is not None for row in self.sheet.rows]
        if not any(told) or len(self.sheet.rows) * len(self.sheet.columns) > _MOST_PROMPTS:
            self.target.data_validation(self.first, col, self.end, col, self._rule(c, self.first))
            return
        for r, row in enumerate(self.sheet.rows, self.first):
            rule = self._rule(c, r)
            if row.last[c] is not None:
                rule |= {"input_title": self.words.last, "input_message": _shown(row.last[c])}
            self.target.data_validation(r, col, r, col, rule)

    def _rule(self, c: int, row: int) -> dict[str, Any]:
        column = self.sheet.columns[c]
        if column.kind == "choice":
            return {"validate": "list", "source": list(column.choices), "error_type": "information"}
        message = self.words.whole
        if column.within is None and not column.may_not_apply:
            return {"validate": "integer", "criteria": ">=", "value": 0, "error_message": message}
        here = self._at(row, c)
        asked = f"ISNUMBER({here}),N({here})>=0,N({here})=INT(N({here}))"
        if column.within is not None:
            most = self._at(row, column.within)
            asked += f",OR(NOT(ISNUMBER({most})),N({here})<=N({most}))"
            whole = self.sheet.columns[column.within]
            message = self.words.within.format(part="/".join(column.path), whole="/".join(whole.path))
        formula = f"=AND({asked})"
        if column.may_not_apply:
            formula = f'=OR({here}="{self.words.not_applicable}",AND({asked}))'
            message += self.words.or_not_applicable
        return {"validate": "custom", "value": formula, "error_message": message}

    def _colour(self, c: int, last_name: str) -> None:
        """A sum that does not come out is red; a count far from that of the year before is amber."""
        column = self.sheet.columns[c]
        area = (self.first, _FIXED + c, self.end, _FIXED + c)
        here = self._at(self.first, c, fixed=True)
        for sides in column.equals:
            cells, worth = self._sum(self.first, sides, fixed=True)
            full = f"COUNT({','.join([here, *cells])})={1 + len(cells)}"
            self._format_if(area, f"=IF({full},{here}<>{worth},FALSE)", "wrong")
        if last_name and column.kind == "count" and not column.is_computed:
            percent, least = self.jump
            # By its address as text, because older programs refuse another sheet in such a condition.
            before = f"""INDIRECT("'{last_name.replace("'", "''")}'!"&ADDRESS(ROW(),COLUMN()))"""
            moved = f"ABS(N({here})-N({before}))"
            known = f"AND(ISNUMBER({here}),ISNUMBER({before}))"
            self._format_if(area, f"=IF({known},AND({moved}>={least},{moved}*100>{percent}*{before}),FALSE)", "moved")

    def _format_if(self, area: tuple[int, int, int, int], formula: str, look: str) -> None:
        self.target.conditional_format(*area, {"type": "formula", "criteria": formula, "format": self.formats[look]})

    def _print(self) -> None:
        self.target.protect("", _OPEN_TO_ALL)
        self.target.set_landscape()
        self.target.set_paper(9)
        self.target.fit_to_pages(1, 0)
        self.target.repeat_rows(0, self.first - 1)
        self.target.center_horizontally()
        self.target.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        self.target.set_footer("&C&P / &N")


def _guide(target: Any, template: Template, formats: Mapping[str, Any]) -> None:
    target.set_column(0, 0, 100)
    for row, text in enumerate(template.guide):
        target.write_string(row, 0, text, formats["guide_head" if row == 0 else "guide"])
    target.protect("", _OPEN_TO_ALL)
    target.set_paper(9)
    target.fit_to_pages(1, 0)


def _put(target: Any, row: int, col: int, value: Value, look: Any) -> None:
    if value is None:
        target.write_blank(row, col, None, look)
    elif isinstance(value, str):
        target.write_string(row, col, value, look)
    else:
        target.write_number(row, col, value, look)


def _shown(value: Value) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)
