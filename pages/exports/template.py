"""A form as an xlsx to fill in: prefilled rows, checked cells, sums that work themselves out, last values beside them.

Nothing that comes from data is ever a formula; the formulas are those that this module writes, each with its value.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from pages.analysis.width import text_width
from pages.exports.template_model import Column, Row, Sheet, Template, Value
from pages.exports.xlsx import sheet_name

_TOP = 2  # rows above the header: title and the line of issuer, date and unit
_NOTHING = " "  # what a formula without a result has come to; a program that reads the file sees that it was worked out
_LONGEST_LIST = 250  # signs of a list that a rule may hold itself
_FIRST_DAY = 36526  # 2000-01-01 as a spreadsheet counts days
_WIDTHS = {"count": 9, "choice": 16, "text": 24, "date": 12}
_LOOKS = {"count": "open", "choice": "open_text", "text": "open_text", "date": "open_date"}
_MOST_PROMPTS = 20_000  # cells of a sheet with a message of their own; more would make the file slow to open
_OPEN_TO_ALL = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}


def template_bytes(template: Template) -> bytes:
    """The workbook: a sheet per stage, the last values of each, and the sheet that explains the form."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"author": template.author, "title": template.sheets[0].title})
        taken: set[str] = set()
        names = [sheet_name(sheet.name, taken) for sheet in template.sheets]
        lists = _Lists(book, sheet_name(template.words.lists, taken), template.words.not_read)
        last = [sheet_name(sheet.last_name, taken) if sheet.has_last else "" for sheet in template.sheets]
        formats = _formats(book)
        for sheet, name, behind in zip(template.sheets, names, last, strict=True):
            _Drawn(book.add_worksheet(name), sheet, template, formats).fill_in(behind, lists)
        for sheet, behind in zip(template.sheets, last, strict=True):
            if behind:
                _Drawn(book.add_worksheet(behind), sheet, template, formats).last()
        lists.write(formats)
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
        "open_text": {**grid, "locked": False, "text_wrap": True},
        "open_date": {**grid, "locked": False, "num_format": "yyyy-mm-dd"},
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
        self.fixed = len(sheet.heads)  # columns before the values
        self.width = self.fixed + len(sheet.columns)
        self.depth = max(len(column.path) for column in sheet.columns)
        self.first = _TOP + self.depth
        self.end = self.first + len(sheet.rows) - 1

    def fill_in(self, last_name: str, lists: _Lists) -> None:
        """The sheet that is filled in."""
        self._top(self.sheet.title)
        for text, col, look in zip(self.sheet.line, self._line_places(), ("plain", "open_plain", "plain"), strict=True):
            self.target.write_string(1, col, text, self.formats[look])
        self._header()
        for r, row in enumerate(self.sheet.rows, self.first):
            self._names(r, row)
            for c, value in enumerate(row.values):
                self._cell(r, c, value)
        below = self._total() if self.sheet.total and len(self.sheet.rows) > 1 else self.end + 1
        for n, note in enumerate(self.sheet.notes, below):
            self.target.write_string(n, 0, note, self.formats["plain"])
        for c in range(len(self.sheet.columns)):
            self._validate(c, lists)
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
                _put(self.target, r, self.fixed + c, value, self.formats["last"])
        self._print()

    def _top(self, title: str) -> None:
        self.target.merge_range(0, 0, 0, self.width - 1, title, self.formats["title"])
        self.target.set_row(0, 34)

    def _line_places(self) -> tuple[int, int, int]:
        middle = max(self.fixed, self.width // 2)
        return 0, middle, max(middle + 1, self.width - 2)

    def _header(self) -> None:
        for col, text in enumerate(self.sheet.heads):
            self._merged(_TOP, col, self.first - 1, col, text)
        paths = [column.path for column in self.sheet.columns]
        for level in range(self.depth):
            col = self.fixed
            for path, same in groupby(paths, key=itemgetter(slice(0, level + 1))):
                n = len(list(same))
                if len(path) == level + 1:
                    deeper = any(len(full) > level + 1 and full[: level + 1] == path for full in paths)
                    bottom = _TOP + level if deeper else self.first - 1
                    self._merged(_TOP + level, col, bottom, col + n - 1, path[level])
                col += n
        for c in range(self.fixed):
            widest = max(text_width(row.heads[c]) for row in self.sheet.rows)
            self.target.set_column(c, c, max(widest, text_width(self.sheet.heads[c])) + 2)
        for c, column in enumerate(self.sheet.columns, self.fixed):
            self.target.set_column(c, c, max(_WIDTHS[column.kind], min(14, text_width(column.path[-1]) / 2 + 3)))
        for level in range(self.depth):
            self.target.set_row(_TOP + level, 32 if level == self.depth - 1 else 20)
        self.target.freeze_panes(self.first, self.fixed)

    def _merged(self, top: int, left: int, bottom: int, right: int, text: str) -> None:
        if (top, left) == (bottom, right):
            self.target.write_string(top, left, text, self.formats["head"])
        else:
            self.target.merge_range(top, left, bottom, right, text, self.formats["head"])

    def _names(self, row: int, unit: Row) -> None:
        for c, text in enumerate(unit.heads):
            self.target.write_string(row, c, text, self.formats["name"])

    def _cell(self, row: int, c: int, value: Value) -> None:
        column = self.sheet.columns[c]
        if column.is_computed:
            self._formula(row, c, self._computed(row, c), _NOTHING, "rate" if column.rate else "given")
            return
        look = _LOOKS[column.kind]
        _put(self.target, row, self.fixed + c, value, self.formats[look])

    def _formula(self, row: int, c: int, formula: str, value: float | str, look: str) -> None:
        self.target.write_formula(row, self.fixed + c, formula, self.formats[look], value)

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
        return str(xl_rowcol_to_cell(row, self.fixed + c, col_abs=fixed))

    def _total(self) -> int:
        """The row of sums; returns the row below it. A column has none until every row is filled in: sums over different
        rows must not stand side by side."""
        row = self.end + 1
        for c in range(self.fixed):
            self.target.write_string(row, c, self.words.total if c == self.fixed - 1 else "", self.formats["total"])
        for c, column in enumerate(self.sheet.columns):
            if column.rate is not None:
                self._formula(row, c, self._computed(row, c), _NOTHING, "total_rate")
            elif column.kind == "count":
                whole = xl_range(self.first, self.fixed + c, self.end, self.fixed + c)
                held = [value for each in self.sheet.rows if isinstance(value := each.values[c], int | float)]
                value = sum(held) if len(held) == len(self.sheet.rows) else _NOTHING
                self._formula(row, c, f'=IF(COUNTBLANK({whole})>0,"",SUM({whole}))', value, "total")
            else:
                self.target.write_blank(row, self.fixed + c, None, self.formats["total"])
        return row + 1

    def _validate(self, c: int, lists: _Lists) -> None:
        """What may be typed; a cell with a value of the year before says so when it is entered."""
        column = self.sheet.columns[c]
        if column.is_computed or column.kind == "text":
            return
        col = self.fixed + c
        told = [row.last[c] is not None for row in self.sheet.rows]
        if not any(told) or len(self.sheet.rows) * len(self.sheet.columns) > _MOST_PROMPTS:
            self.target.data_validation(self.first, col, self.end, col, self._rule(c, self.first, lists))
            return
        for r, row in enumerate(self.sheet.rows, self.first):
            rule = self._rule(c, r, lists)
            if row.last[c] is not None:
                rule |= {"input_title": self.words.last, "input_message": _shown(row.last[c])}
            self.target.data_validation(r, col, r, col, rule)

    def _rule(self, c: int, row: int, lists: _Lists) -> dict[str, Any]:
        column = self.sheet.columns[c]
        if column.kind == "choice":
            return {"validate": "list", "source": lists.source(column), "show_error": False}
        if column.kind == "date":
            return {"validate": "custom", "value": self._day(c, row), "error_message": self.words.day}
        return self._count(c, row)

    def _day(self, c: int, row: int) -> str:
        """A day of this century, not before another of the row."""
        here = self._at(row, c)
        asked = f"ISNUMBER({here}),N({here})>={_FIRST_DAY}"
        if (earlier := self.sheet.columns[c].not_before) is not None:
            first = self._at(row, earlier)
            asked += f",OR(NOT(ISNUMBER({first})),N({here})>=N({first}))"
        return f"=AND({asked})"

    def _count(self, c: int, row: int) -> dict[str, Any]:
        """A whole number, not above the column that it is a part of."""
        column = self.sheet.columns[c]
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
        area = (self.first, self.fixed + c, self.end, self.fixed + c)
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


class _Lists:
    """The lists to choose from that are too long for a cell's own rule: each a column of a sheet that intake leaves alone."""

    def __init__(self, book: Any, name: str, mark: str) -> None:
        self.book, self.name, self.mark = book, name, mark
        self.held: dict[tuple[str, ...], tuple[int, str]] = {}  # the column and the head of each list

    def source(self, column: Column) -> list[str] | str:
        """What the rule of a column names: the choices themselves, or the cells that hold them."""
        choices = column.choices
        if len(",".join(choices)) <= _LONGEST_LIST and not any("," in choice for choice in choices):
            return list(choices)
        col, _ = self.held.setdefault(choices, (len(self.held), column.path[-1]))
        cells = xl_range_abs(_TOP, col, _TOP + len(choices) - 1, col)
        return f"='{self.name}'!{cells}"

    def write(self, formats: Mapping[str, Any]) -> None:
        """The sheet, if any list needs it."""
        if not self.held:
            return
        target = self.book.add_worksheet(self.name)
        target.write_string(0, 0, self.mark, formats["mark"])
        for choices, (col, head) in self.held.items():
            target.write_string(1, col, head, formats["head"])
            target.set_column(col, col, max(text_width(choice) for choice in choices) + 2)
            for row, choice in enumerate(choices, _TOP):
                target.write_string(row, col, choice, formats["name"])
        target.protect("", _OPEN_TO_ALL)


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
