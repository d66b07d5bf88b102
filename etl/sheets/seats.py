"""The column that says where a school lies (学校名称 | 所在乡镇): an attribute of the row, not whom it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.column_heads import values_of
from etl.sheets.columns import Column, Role
from etl.sheets.header import Table

_SEAT = re.compile(
    r"(?:所[在属]|归属|隶属|属地|驻地)?(?:省|市|州|盟|县|区|旗|乡|镇|苏木|街道|镇街|办事处|[、及和(（）)])+(?:名称)?|(?:所在地|属地)"
)
_SCHOOL = re.compile(r"(?:学校|校|幼儿园|园所?|机构|单位|校点|学校[(（]园[)）])(?:名称?|全称)?")


def is_seat_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the towns or counties in which units lie."""
    return bool(_SEAT.fullmatch(key))


def is_school_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the names of schools."""
    return bool(_SCHOOL.fullmatch(key))


def with_seats(table: Table, columns: Sequence[Column]) -> list[Column]:
    """A column of towns behind that of the schools names no unit of the row: two schools of a town are two units."""
    found: list[Column] = []
    schools = False
    for column in columns:
        key = words.label_key(table.paths[column.index][-1]) if table.paths[column.index] else ""
        place = column.role is Role.ENTITY
        if place and schools and is_seat_head(key):
            column = replace(column, role=Role.TEXT)
        schools = schools or (place and is_school_head(key) and _are_schools(table, column.index))
        found.append(column)
    return found


def _are_schools(table: Table, col: int) -> bool:
    names = [text for value in values_of(table, col) if not words.is_total(text := compact(value))]
    return sum(words.is_single_school(name) for name in names) * 2 > len(names)
