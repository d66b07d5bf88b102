"""Sheets in traditional characters (學生數, 視力不良率) are read as their simplified spelling; names of units stay as they
are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.cell_columns import CellColumns
from db.records import Grid, Reading
from etl.reports.script import from_traditional, tells_traditional
from etl.sheets.cells import compact
from etl.types import Mention


def simplified(reading: Reading) -> Reading:
    """The reading with the texts of those grids simplified that are in traditional characters; the same one where none is."""
    blocks = [
        replace(block, grid=_simplified(block.grid)) if block.grid and _is_traditional(block.grid) else block
        for block in reading.blocks
    ]
    changed = any(new is not old for new, old in zip(blocks, reading.blocks, strict=True))
    return replace(reading, blocks=tuple(blocks)) if changed else reading


def _is_traditional(grid: Grid) -> bool:
    if isinstance(grid.cells, CellColumns):  # a large sheet, as systems export them
        return False
    return any(isinstance(cell, str) and tells_traditional(cell) for row in grid.cells[:_TOP] for cell in row)


_TOP = 200  # rows that tell the script of a sheet


def _simplified(grid: Grid) -> Grid:
    cells = [[_plain(cell) if isinstance(cell, str) else cell for cell in row] for row in grid.cells]
    return replace(grid, cells=cells)


def plain_name(name: str) -> str:
    """The name of a sheet or a file as it is spelled in simplified characters."""
    return _plain(name) if tells_traditional(name) else name


def _plain(text: str) -> str:
    return _YEAR.sub(lambda found: str(int(found[1]) + _BEFORE_FIRST), from_traditional(text))


_YEAR = re.compile(r"(?<!\d)(?:中?[华華]?民国)?(1[01]\d)(?=学?年)")  # 112学年度
_BEFORE_FIRST = 1911  # the year 1 of the Republic was 1912


def with_names_as_written(mentions: Sequence[Mention], before: Reading, after: Reading, file: str) -> Sequence[Mention]:
    """The mentions with the names of their units as the file, or its own name, writes them; `after` is `before` simplified."""
    written: dict[str, str] = {}
    texts = [
        (compact(old), compact(from_traditional(old)))
        for one, other in zip(before.grids, after.grids, strict=True)
        if one is not other
        for row in one.cells
        for old in row
        if isinstance(old, str)
    ]
    texts.append((compact(file), compact(from_traditional(file))))
    for name in {mention.entity for mention in mentions if mention.entity}:
        at, old = next(((new.find(name), old) for old, new in texts if name in new and len(old) == len(new)), (-1, ""))
        written[name] = old[at : at + len(name)] if at >= 0 else name
    return [replace(one, entity=written.get(one.entity or "", one.entity)) for one in mentions]
