"""How much of a table is still a table."""

from __future__ import annotations

from dataclasses import replace

from db.cell_columns import CellColumns
from db.records import Grid, Reading
from etl.types import Refused

MAX_CELLS = 5_000_000  # of one file, counted as the rectangle from A1 to the last used cell of each sheet
MAX_COLUMNS = 1_000  # of one sheet: the widest forms (a column a month, level and figure) have some hundreds

MAX_CHARACTERS = 5_000_000  # of one doc or pdf: some eight thousand printed pages
MAX_PAGES = 1_000  # of one pdf


def too_many_pages(pages: int) -> Refused:
    return Refused("too_large", f"pdf 有 {pages} 页,超过 {MAX_PAGES} 页的上限,请拆成几个文件后再上传。")


def too_many_characters() -> Refused:
    return Refused("too_large", f"文档超过 {MAX_CHARACTERS // 10_000} 万字,请按单位或按年度拆成几个文件后再上传。")


def too_many_cells(sheet: str) -> Refused:
    return Refused(
        "too_large",
        f"工作表“{sheet}”超过 {MAX_CELLS // 10_000} 万个单元格,请删去多余的行列,或按学年、学校拆成几个文件后再上传。",
    )


def far_cell(sheet: str, cell: str) -> Refused:
    return Refused(
        "far_cell",
        f"工作表“{sheet}”在很远的单元格 {cell} 里还有内容,表格因此大得无法读取,请删去该处的内容和格式后另存一份再上传。",
    )


def within_width(reading: Reading) -> Reading:
    """The reading with blanks that reach beyond MAX_COLUMNS taken away. Raises Refused when text stands there."""
    if all(_width(grid) <= MAX_COLUMNS for grid in reading.grids):
        return reading
    blocks = tuple(
        replace(block, grid=_narrowed(block.grid)) if block.grid is not None else block for block in reading.blocks
    )
    return replace(reading, blocks=blocks)


def _width(grid: Grid) -> int:
    return grid.cells.width if isinstance(grid.cells, CellColumns) else max(map(len, grid.cells), default=0)


def _narrowed(grid: Grid) -> Grid:
    for row, cells in enumerate(grid.cells):
        for col, cell in enumerate(cells[MAX_COLUMNS:], start=MAX_COLUMNS):
            if cell is not None and not (isinstance(cell, str) and not cell.strip()):
                raise _too_wide(grid, grid.address(row, col))
    merges = tuple(merge for merge in grid.merges if merge[3] < MAX_COLUMNS)
    return replace(grid, cells=tuple(row[:MAX_COLUMNS] for row in grid.cells), merges=merges)


def _too_wide(grid: Grid, cell: str) -> Refused:
    return Refused(
        "too_wide",
        f"工作表“{grid.sheet}”第 {MAX_COLUMNS} 列以后的单元格 {cell} 里还有内容,超过 {MAX_COLUMNS} 列的上限,"
        "请删去该处的内容,或按学年、月份拆成几张表后再上传。",
    )
