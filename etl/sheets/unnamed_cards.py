"""A card that does not say 学校名称 in a cell of its own, because the title above it names the school: its first row tells what
the school is (学校标识码 | 2143000187 | 办学类型 | 小学), and labels with their values follow."""

from __future__ import annotations

from db.records_layout import LineRole
from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.pairs import Pair, is_row_of_pairs, pair_role, row_pairs
from etl.sheets.sheet import Sheet

_TOP = 12  # rows in which a card begins
_BELOW = 3  # rows under the first that show it to be one
_DESCRIBES = (LineRole.CODE, LineRole.REMARK)
_MOST_ROWS = 200


def unnamed_card(sheet: Sheet) -> list[list[Pair]]:
    """The pairs of the card, as the only one of its sheet; empty when the sheet is something else."""
    height = min(sheet.height, _MOST_ROWS)
    top = next((row for row in range(min(height, _TOP)) if _describes(sheet, row)), None)
    if top is None or sum(_holds_values(sheet, row) for row in range(top + 1, min(top + 1 + _BELOW, height))) < 2:
        return []
    return [[pair for row in range(top, height) for pair in row_pairs(sheet, row)]]


def _describes(sheet: Sheet, row: int) -> bool:
    """Whether a row is two or more labels that describe a school, each with its value beside it and not with the next label,
    as in the header of a list of schools (学校标识码 | 办学类型 | 举办者 | 校长)."""
    if not is_row_of_pairs(sheet, row):
        return False
    own = sheet.own(row)
    roles = [pair_role(words.label_key(compact(value))) for _, value in own]
    return len(own) > 3 and all(role in _DESCRIBES for role in roles[::2]) and not any(roles[1::2])


def _holds_values(sheet: Sheet, row: int) -> bool:
    """Whether a row is two or more labels with values, most of them numbers."""
    own = sheet.own(row)
    numbers = sum(read_cell(value).kind is Kind.NUMBER for _, value in own[1::2])
    return len(own) > 3 and is_row_of_pairs(sheet, row) and numbers * 4 > len(own)
