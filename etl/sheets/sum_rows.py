"""Rows of sums that stand apart from the names: 合计 in the column of numbers, 公办小计 over several columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Column, Role
from etl.sheets.groups import level_of_grade
from etl.sheets.labels import Label, read_label
from etl.sheets.row import Row
from etl.sheets.sheet import Sheet
from etl.sheets.vocabulary import Vocabulary

_BESIDE = (Role.SERIAL, Role.CODE, Role.PERIOD, Role.CLASS, Role.TEXT, Role.IGNORED)
UNIT_TAIL = re.compile(r"(?:小计|合计|总计)$")


def place_of_sum(sheet: Sheet, row: int, columns: Sequence[Column], down: Mapping[int, object]) -> str | None:
    """The place that a sum stands in for: its own row's, and for a 小计 also that of the rows above."""
    fill = "小计" in first_text(sheet, row)
    values = (sheet.filled(row, c.index) or (down.get(c.index) if fill else None) for c in columns)
    return next((text for value in values if (text := compact(value or "")) and not words.is_total(text)), None)


def group_of_sum(text: str, vocabulary: Vocabulary, topic: str) -> Label:
    """What a sum names beside the word for it: the group of schools or pupils of 公办小计."""
    who = UNIT_TAIL.sub("", compact(text))
    return read_label((who,), vocabulary, topic) if who else Label("")


def is_sum_elsewhere(sheet: Sheet, row: int, by_role: Mapping[Role, Sequence[Column]]) -> bool:
    """合计 written in the column of serial numbers, codes or months (3月小计), with nothing in the column of names."""
    names = by_role[Role.ENTITY] or by_role[Role.ITEM]
    if names and compact(sheet.raw(row, names[-1].index)) and sheet.raw(row, names[-1].index) is not None:
        return False
    beside = [c for role in _BESIDE for c in by_role[role]]
    first = min((c.index for c in by_role[Role.VALUE]), default=0)
    marks = [sheet.raw(row, c.index) for c in beside if c.index < first]
    return any(isinstance(mark, str) and words.is_total(mark) for mark in marks)


def first_text(sheet: Sheet, row: int) -> str:
    """The first words of a row."""
    return next((value for _, value in sheet.own(row) if isinstance(value, str)), "")


_SHORT = 8  # characters of a cell that may call its row a spread


def short_texts(sheet: Sheet, row: int) -> list[str]:
    """The short texts of a row, of which one may say what its numbers are (差异系数)."""
    return [value for _, value in sheet.own(row) if isinstance(value, str) and len(value) < _SHORT]


def of_their_grades(rows: Sequence[Row], kept: Callable[[Mapping[str, str]], Mapping[str, str]]) -> list[Row]:
    """The sum of rows that are all grades of one level (七年级, 八年级, 九年级) is of that level."""
    parts = [row for row in rows if not row.total]
    levels = {level_of_grade(row.dims.get("grade", "")) for row in parts}
    level = levels.pop() if len(levels) == 1 and len(parts) > 1 else None
    if level is None:
        return list(rows)
    return [
        replace(row, dims=kept({**row.dims, "level": level}))
        if row.total and not row.dims.keys() & {"level", "grade"}
        else row
        for row in rows
    ]


_TELLS_NO_LEVEL = re.compile(r"(?<!完全)(?:中学|中|学校)$")


def of_their_sums(rows: Sequence[Row], kept: Callable[[Mapping[str, str]], Mapping[str, str]]) -> list[Row]:
    """A school whose name tells no level (外国语中学) above 初中小计 and below 小学小计 is of the level of its sum. `kept` gives
    the same mapping for the same groups."""
    levels = [row.dims["level"] if row.total and row.dims.keys() == {"level"} else "" for row in rows]
    if len({level for level in levels if level}) < 2:
        return list(rows)
    found, level = [], ""
    for row, of_sum in zip(reversed(rows), reversed(levels), strict=True):
        level = of_sum if row.total else level
        named = row.entity and _TELLS_NO_LEVEL.search(row.entity) and words.level_of_name(row.entity) is None
        if level and named and not row.total and "level" not in row.dims:
            row = replace(row, dims=kept({**row.dims, "level": level}))
        found.append(row)
    return found[::-1]
