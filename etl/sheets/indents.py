"""Row labels that are set in stand below the last label that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from etl.sheets.columns import Column, Role
from etl.sheets.header import Table
from etl.sheets.row import Row


def indent(text: str) -> int:
    """How far a label is set in, in characters."""
    return len(text) - len(text.lstrip(" 　\t"))


def has_indents(table: Table, columns: Sequence[Column]) -> bool:
    """Whether any row label of a table is set in."""
    body = np.array(table.body, np.int64)
    items = [table.sheet.column(column.index) for column in columns if column.role is Role.ITEM]
    return any(item.where(lambda text: isinstance(text, str) and indent(text) > 0)[body].any() for item in items)


def with_parents(table: Table, rows: list[Row], places: Sequence[Column]) -> list[Row]:
    """A place over indented ones (城关镇 over its schools) is their sum."""
    if len(places) != 1:
        return rows
    names = table.sheet.column(places[0].index)
    texts = [None if row.plain else names[row.index] for row in rows]
    depths = [indent(text) if isinstance(text, str) else 0 for text in texts]
    if not any(depths):
        return rows
    deeper = [*(below > here for here, below in pairwise(depths)), False]
    summed = [replace(row, total=row.total or over) for row, over in zip(rows, deeper, strict=True)]
    return _of_their_level(summed, depths)


def _of_their_level(rows: Sequence[Row], depths: Sequence[int]) -> list[Row]:
    """Names set in below a level (二、初中, 小学小计) are of it."""
    found: list[Row] = []
    above: list[tuple[int, str | None]] = []
    for row, depth in zip(rows, depths, strict=True):
        while above and above[-1][0] >= depth:
            above.pop()
        level = above[-1][1] if above else None
        if row.entity and level and "level" not in row.dims:
            row = replace(row, dims={"level": level, **row.dims})
        above.append((depth, row.dims.get("level") if not row.entity else level))
        found.append(row)
    return found
