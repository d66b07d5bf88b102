"""xlsx for offices: typed numbers, no formula that came out of a file, one A4 page wide when printed."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from pages.analysis.width import text_width
from pages.exports.table import Table, missing

_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDEST = 40  # characters of a column
_MOST_LINES = 8  # that a cell is broken into; a longer text, such as a list of record numbers, runs on in its line
_EXACT_DIGITS = 15  # a longer whole number, such as a long code, would lose its last digits in a spreadsheet


def xlsx_bytes(tables: Sequence[Table]) -> bytes:
    """A workbook with one sheet per table: title, header, rows, then the notes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}),
            "cell": book.add_format({"border": 1, "valign": "vcenter"}),
            "wrap": book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True}),
            "decimal": book.add_format({"border": 1, "valign": "vcenter", "num_format": "0.00##"}),
            "date": book.add_format({"border": 1, "num_format": "yyyy-mm-dd"}),
            "note": book.add_format({"font_color": "#555555"}),
        }
        taken: set[str] = set()
        for table in tables:
            _write(book.add_worksheet(sheet_name(table.sheet or table.title, taken)), table, formats)
    return out.getvalue()


def sheet_name(title: str, taken: set[str]) -> str:
    """A sheet name Excel accepts: without its forbidden signs, at most 31 characters, each used once."""
    base = _FORBIDDEN_IN_NAME.sub(" ", title).strip(" '")[:31] or "Sheet"
    name, n = base, 2
    while name.casefold() in taken:
        tail = f" ({n})"
        name, n = base[: 31 - len(tail)] + tail, n + 1
    taken.add(name.casefold())
    return name


def _write(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    columns = [str(name) for name in table.frame.columns]
    sheet.write_string(0, 0, table.title, formats["title"])
    for col, name in enumerate(columns):
        sheet.write_string(1, col, name, formats["head"])
        sheet.set_column(col, col, _width(name, table.frame.iloc[:, col]))
    for row, values in enumerate(table.frame.itertuples(index=False, name=None), start=2):
        for col, value in enumerate(values):
            _write_cell(sheet, row, col, value, formats)
    for n, note in enumerate(table.notes, start=len(table.frame) + 3):
        sheet.write_string(n, 0, note, formats["note"])
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    # without it a text that runs on beyond the last column makes the printed page as wide as the text
    sheet.print_area(0, 0, len(table.frame) + 1 + (len(table.notes) and len(table.notes) + 1), max(len(columns) - 1, 0))


def _write_cell(sheet: Any, row: int, col: int, value: object, formats: dict[str, Any]) -> None:
    if missing(value):
        sheet.write_blank(row, col, None, formats["cell"])
    elif isinstance(value, (datetime, date)):
        plain = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
        sheet.write_datetime(row, col, plain, formats["date"])
    elif _is_number(value):
        whole = float(value).is_integer()  # type: ignore[arg-type]
        sheet.write_number(row, col, value, formats["cell" if whole else "decimal"])
    else:
        broken = _WIDEST < text_width(str(value)) <= _WIDEST * _MOST_LINES
        sheet.write_string(row, col, str(value), formats["wrap" if broken else "cell"])


def _is_number(value: object) -> bool:
    kind_of_number = pd.api.types.is_number(value) and not pd.api.types.is_bool(value)
    return bool(kind_of_number) and abs(float(value)) < 10**_EXACT_DIGITS  # type: ignore[arg-type]


def _width(name: str, values: pd.Series[Any]) -> float:
    longest = max((text_width(str(value)) for value in values.head(200) if not missing(value)), default=0)
    return float(min(max(text_width(name), longest) + 2, _WIDEST))
