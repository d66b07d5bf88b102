"""A small table of grades inside a card (年级 | 一年级 | 二年级, below it 人数 and 班数): the pupils of each grade as pairs."""

from __future__ import annotations

import re

from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.sheet import Sheet

Spot = tuple[int, int]
Pair = tuple[str, Spot, Spot]
_HEAD = re.compile(r"年级|年段|班级|班别|级别|年级段|学级")
_GRADE = re.compile(r"[一二三四五六七八九1-9]年级|初[一二三]|高[一二三]|[小中大]班|托班")
_PUPILS = re.compile(r"(?:在校|在园|在籍)?(?:学生|幼儿|儿童|生)?(?:人数|数)(?:\(人\))?")
_ROWS = 4  # below the grades


def rows_of_grades(sheet: Sheet, height: int) -> dict[int, list[Pair]]:
    """The rows of such tables, each with its pairs; the grades themselves and their classes give none."""
    found: dict[int, list[Pair]] = {}
    for head in range(height):
        grades = _grades(sheet, head)
        for row in range(head + 1, min(head + 1 + _ROWS, height)) if grades else ():
            own = sheet.own(row)
            told = [col for col, value in own[1:] if read_cell(value).kind in (Kind.NUMBER, Kind.STATUS)]
            if len(told) < 2 or len(told) < len(own) - 1 or not set(told) <= grades.keys():
                break
            found[head] = []
            pupils = _PUPILS.fullmatch(compact(own[0][1]))
            found[row] = [(grades[col], (head, col), (row, col)) for col in told] if pupils else []
    return found


def _grades(sheet: Sheet, row: int) -> dict[int, str]:
    """The grades that a row names by their columns; empty when it says anything else."""
    own = sheet.own(row)
    if len(own) < 3 or not _HEAD.fullmatch(compact(own[0][1])):
        return {}
    grades = {col: compact(value) for col, value in own[1:]}
    return grades if all(map(_GRADE.fullmatch, grades.values())) else {}
