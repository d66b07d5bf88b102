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

_SOME = 4  # units that show that a column groups them
_LISTED = 2000  # rows of a list whose names are looked at


def is_seat_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the towns or counties in which units lie."""
    return bool(_SEAT.fullmatch(key))


def is_school_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the names of schools."""
    return bool(_SCHOOL.fullmatch(key))


def with_seats(table: Table, columns: Sequence[Column]) -> list[Column]:
    """A column of towns behind that of the schools names no unit of the row: two schools of a town are two units."""
    found: list[Column] = []
    schools, units = False, None
    for column in columns:
        key = words.label_key(table.paths[column.index][-1]) if table.paths[column.index] else ""
        place = column.role is Role.ENTITY
        if place and (
            (schools and is_seat_head(key)) or (units is not None and _are_wider(table, units, column.index))
        ):
            column = replace(column, role=Role.TEXT)
        schools = schools or (place and is_school_head(key) and _are_schools(table, column.index))
        units = column.index if column.role is Role.ENTITY else units
        found.append(column)
    return found


def _are_wider(table: Table, units: int, col: int) -> bool:
    """Whether a later column only groups the units of an earlier one (乡镇 | … | 所属片区): there hardly a name comes
    twice, here every one of them on average does."""
    if len(table.body) > _LISTED:
        return False
    named = [
        (name, group)
        for row in table.body
        if not words.is_total(name := compact(table.sheet.filled(row, units) or ""))
        and (group := compact(table.sheet.filled(row, col) or ""))
    ]
    names, groups = {name for name, _ in named}, {group for _, group in named}
    return len(named) >= _SOME and "" not in names and len(names) + 1 >= len(named) and len(groups) * 2 <= len(named)


def _are_schools(table: Table, col: int) -> bool:
    names = [text for value in values_of(table, col) if not words.is_total(text := compact(value))]
    return sum(words.is_single_school(name) for name in names) * 2 > len(names)
