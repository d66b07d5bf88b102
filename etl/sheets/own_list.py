"""The list of faults that this program adds to a marked workbook: no sheet of anybody's numbers, and never read."""

from __future__ import annotations

from db.records import Grid
from etl.sheets.cells import compact

HEADS = (
    ("序号", "级别", "工作表", "单元格", "类别", "说明"),
    ("No.", "Severity", "Sheet", "Cell", "Kind", "What is wrong"),
)
"""The header of the list in each language, as the words of the page have it (tests/pages/test_marked.py)."""
_KNOWN = frozenset(tuple(compact(head) for head in heads) for heads in HEADS)


def is_own_list(grid: Grid) -> bool:
    """Whether a sheet is such a list."""
    first = tuple(compact(value) for value in (grid.cells[0] if grid.cells else ()) if value is not None)
    return first in _KNOWN
