"""Tables as a county office types them: title, unit line, merged header rows, data, total, notes, footer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import xlsxwriter

Cell = str | int | float | None
FIXED_DATE = datetime(2026, 11, 20, 9, 0)  # of all workbooks, so that their bytes stay the same
_FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789.%"}


@dataclass(frozen=True, slots=True)
class Style:
    """How an office writes numbers: percent as a number, as text or in full width; thousands as text."""

    percent: str = "number"  # number | text | spaced | wide
    thousands: bool = False

    def rate(self, value: float | None) -> Cell:
        """A percent value; without one the office draws a stroke."""
        if value is None:
            return "/"
        if self.percent == "number":
            return value
        text = f"{value:.2f} %" if self.percent == "spaced" else f"{value:.2f}%"
        return text.translate(_FULL_WIDTH) if self.percent == "wide" else text

    def count(self, value: int | None) -> Cell:
        return f"{value:,}" if self.thousands and value is not None and value >= 1000 else value


STYLES = {
    "澜城区": Style(),
    "砚湖区": Style(thousands=True),
    "鹤溪县": Style("text"),
    "枫陵县": Style("spaced"),
    "云峤县": Style("wide", thousands=True),
}


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. Columns are header paths of one to three labels; equal neighbours are merged."""

    sheet: str
    title: str
    issuer: str
    filed: str
    unit: str
    columns: Sequence[tuple[str, ...]]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    notes: Sequence[str] = ()
    name_width: int = 24
    merge_first: bool = False  # equal neighbours of the first column are one merged cell


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook and its file name."""

    name: str
    tables: Sequence[Table] = field(default_factory=tuple)

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        with xlsxwriter.Workbook(str(path)) as workbook:
            workbook.set_properties({"title": self.tables[0].title, "author": self.tables[0].issuer,
                                     "created": FIXED_DATE})  # fmt: skip
            for table in self.tables:
                _Sheet(workbook, table).write()
        return path


class _Sheet:
    """Draws one table into its worksheet."""

    def __init__(self, workbook: xlsxwriter.Workbook, table: Table) -> None:
        self.table = table
        self.sheet = workbook.add_worksheet(table.sheet)
        self.width = len(table.columns)
        self.title = workbook.add_format({"bold": True, "font_size": 15, "align": "center", "valign": "vcenter"})
        self.head = workbook.add_format(
            {
                "bold": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#EEF2F5",
            }
        )
        self.cell = workbook.add_format({"border": 1, "valign": "vcenter"})
        self.plain = workbook.add_format({"font_size": 10})

    def write(self) -> None:
        table = self.table
        self.sheet.merge_range(0, 0, 0, self.width - 1, table.title, self.title)
        self.sheet.set_row(0, 26)
        middle = max(2, self.width // 2)
        self.sheet.write(1, 0, f"填报单位:{table.issuer}", self.plain)
        self.sheet.write(1, middle, f"填报日期:{table.filed}", self.plain)
        self.sheet.write(1, max(self.width - 2, middle + 1), f"单位:{table.unit}", self.plain)
        depth = self._header(2)
        row = self._body(2 + depth)
        for text in (*table.notes, "填表人:教育统计岗    审核人:分管负责人"):
            self.sheet.write(row, 0, text, self.plain)
            row += 1
        self.sheet.set_column(0, 0, 14 if table.merge_first else 7)
        self.sheet.set_column(1, self.width - 1, 11)
        names = [i for i, path in enumerate(table.columns) if path[0] in NAME_HEADS]
        for i in names:
            self.sheet.set_column(i, i, table.name_width)
        self.sheet.freeze_panes(2 + depth, max(names, default=0) + 1)

    def _header(self, top: int) -> int:
        columns = self.table.columns
        depth = max(len(path) for path in columns)
        for level in range(depth):
            col = 0
            for path, same in groupby(columns, key=itemgetter(slice(0, level + 1))):
                n = len(list(same))
                if len(path) == level + 1:
                    deep = max(len(p) for p in columns[col : col + n])
                    last = top + depth - 1 if deep == level + 1 else top + level
                    self._merge(top + level, col, last, col + n - 1, path[level])
                col += n
        return depth

    def _merge(self, row: int, col: int, last_row: int, last_col: int, text: str) -> None:
        if (row, col) == (last_row, last_col):
            self.sheet.write(row, col, text, self.head)
        else:
            self.sheet.merge_range(row, col, last_row, last_col, text, self.head)

    def _body(self, top: int) -> int:
        rows = [*self.table.rows, *([self.table.total] if self.table.total else [])]
        for r, cells in enumerate(rows, top):
            for c, value in enumerate(cells):
                self._put(r, c, value)
        if self.table.merge_first:
            self._merge_first(top)
        return top + len(rows)

    def _put(self, row: int, col: int, value: Cell) -> None:
        if value is None:
            self.sheet.write_blank(row, col, None, self.cell)
        elif isinstance(value, str):
            self.sheet.write_string(row, col, value, self.cell)
        else:
            self.sheet.write_number(row, col, value, self.cell)

    def _merge_first(self, top: int) -> None:
        row = top
        for value, same in groupby(self.table.rows, key=lambda cells: cells[0]):
            n = len(list(same))
            if n > 1:
                self.sheet.merge_range(row, 0, row + n - 1, 0, value, self.cell)
            row += n


NAME_HEADS = ("学校名称", "单位", "学校", "乡镇(街道)", "报告单位", "被检单位", "项目", "指标", "问题描述")


def number_rows(rows: Iterable[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows with a running number in front."""
    return [[n, *cells] for n, cells in enumerate(rows, 1)]


def total_row(
    label: Sequence[Cell], rows: Iterable[Sequence[Cell]], skip: int, blank: Iterable[int] = ()
) -> list[Cell]:
    """A printed sum under counts; text counts (1,234) are read back, columns in `blank` stay empty."""
    columns = list(zip(*rows, strict=True))[skip:]
    empty = set(blank)
    sums: list[Cell] = [None if n + skip in empty else sum(_as_number(v) for v in column)
                        for n, column in enumerate(columns)]  # fmt: skip
    return [*label, *sums]


def _as_number(value: Cell) -> int:
    if isinstance(value, str):
        digits = value.replace(",", "")
        return int(digits) if digits.isdigit() else 0
    return int(value or 0)


def write_csv(path: Path, rows: Iterable[Sequence[Cell]], encoding: str) -> Path:
    """A system export: comma separated, CRLF, in the encoding that Excel on the office PC expects."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path
