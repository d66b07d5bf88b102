"""A canteen's grade written as a word (B级) in the row of its school: that many canteens of this grade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from etl.sheets import words
from etl.sheets.cells import CellValue, Kind, compact, read_cell
from etl.sheets.columns import Column
from etl.sheets.header import Table
from etl.sheets.rows import Row

_COUNT = "canteen_graded_count"
_GRADE = re.compile(r"([ABC])级?(?:[(（](?:优秀?|良好?|一般)[)）])?")
_SEVERAL = re.compile(r"(?:(?:[A-D]级|未评级?|未定级?|未评定)[:：]?\d+[个家户所]?[、,，;；和]?)+")


def grade_in(text: str) -> str:
    """The grade that a cell says in words: A to C, or "none" of a canteen that has none yet; else the empty text."""
    plain = compact(text)
    if words.NO_GRADE.fullmatch(plain) or plain in ("未评", "未定级"):
        return "none"
    found = _GRADE.fullmatch(plain)
    return found[1] if found else ""


def graded(table: Table, row: Row, column: Column, columns: Sequence[Column], cell: CellValue) -> tuple[str, CellValue]:
    """(grade, the count of its canteens) of a cell that says a grade in words; ("", the cell) of any other. A list of
    several (A级3个、B级2个) below such a column counts what its rows have told."""
    if (
        column.label.indicator != _COUNT
        or "grade_abc" in column.label.dims
        or cell.kind not in (Kind.TEXT, Kind.STATUS)
    ):
        return "", cell
    grade = grade_in(cell.text)
    if row.total:
        return "", CellValue(Kind.BLANK, cell.text) if _SEVERAL.fullmatch(compact(cell.text)) else cell
    if not grade:
        return "", cell
    held = next((c for c in columns if c.label.indicator == "canteens" and not c.label.dims and not c.label.rest), None)
    count = read_cell(table.sheet.raw(row.index, held.index)) if held is not None else None
    number = count.number if count is not None and count.number is not None and count.number > 0 else Decimal(1)
    return grade, replace(cell, kind=Kind.NUMBER, number=number)
