"""The cells of a sheet as they are read: with merges filled in, row by row or a column at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from db.cell_columns import CellColumn, CellColumns, columns_of
from db.records import Grid
from etl.sheets.cells import compact


class Sheet:
    """A grid with its merges filled in. `text` follows merges, `raw` is the cell itself. With a window of columns, what
    stands outside of it is blank."""

    def __init__(self, grid: Grid, window: tuple[int, int] | None = None, columns: CellColumns | None = None) -> None:
        """`columns` are the cells by columns, where another sheet of the same grid has made them."""
        self.grid = grid
        self._rows = None if isinstance(grid.cells, CellColumns) else grid.cells
        self.columns = columns_of(grid.cells) if columns is None else columns
        self.height, self.width = self.columns.height, self.columns.width
        self.left, self.right = window or (0, self.width - 1)
        self.merged: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in grid.merges:
            for r in range(top, min(bottom, self.height - 1) + 1):
                for c in range(left, min(right, self.width - 1) + 1):
                    self.merged[r, c] = (top, left)

    def raw(self, row: int, col: int) -> object:
        if not (0 <= row < self.height and self.left <= col <= self.right and 0 <= col < self.width):
            return None
        if self._rows is None:
            return self.columns.columns[col][row]
        cells = self._rows[row]
        return cells[col] if col < len(cells) else None

    def origin(self, row: int, col: int) -> tuple[int, int]:
        """The top-left cell of the merged region that covers this cell; the cell itself when none does."""
        return self.merged.get((row, col), (row, col))

    def filled(self, row: int, col: int) -> object:
        return self.raw(*self.origin(row, col))

    def text(self, row: int, col: int) -> str:
        """The covering cell's text, with the line breaks of a narrow header taken out."""
        value = self.filled(row, col)
        if value is None:
            return ""
        return without_breaks(value) if isinstance(value, str) else compact(value)

    def column(self, col: int) -> CellColumn:
        """The cells of a column, one for each row."""
        inside = self.left <= col <= self.right and 0 <= col < self.width
        return self.columns.columns[col] if inside else CellColumn(self.height, None, None, ())

    @cached_property
    def firsts(self) -> npt.NDArray[np.int32]:
        """By row the column of the first non-blank cell that begins there; -1 in a blank row."""
        found = np.full(self.height, -1, np.int32)
        for col in range(self.right, self.left - 1, -1):
            found[own_cells(self.column(col))] = col
        return found

    @cached_property
    def has_numbers(self) -> npt.NDArray[np.bool_]:
        """By row whether a number stands there that can be no year and no number of a dose."""
        found = np.zeros(self.height, bool)
        for col in range(self.left, self.right + 1):
            if (numbers := self.column(col).numbers) is not None:
                found |= (numbers >= 6) & ~((numbers >= 1980) & (numbers <= 2060))
        return found

    def first(self, row: int) -> object:
        """The first non-blank cell that begins in this row; None in a blank row."""
        return self.raw(row, col) if (col := int(self.firsts[row])) >= 0 else None

    def first_is(self, test: Callable[[object], object]) -> npt.NDArray[np.bool_]:
        """By row whether its first non-blank cell passes a test (a function of a module), which is asked once for each value
        that is no float."""
        found = np.zeros(self.height, bool)
        for col in np.unique(self.firsts).tolist():
            if col >= 0:
                found |= (self.firsts == col) & self.column(col).known(test)
        return found

    def own(self, row: int) -> list[tuple[int, object]]:
        """(column, value) of the non-blank cells that begin in this row."""
        cells = self.grid.cells[row] if 0 <= row < self.height else ()
        found = enumerate(cells[self.left : self.right + 1], self.left)
        return [(c, v) for c, v in found if v is not None and not (isinstance(v, str) and not v.strip())]


def without_breaks(text: str) -> str:
    """A text in one line; an English repeat on a line of its own stays apart from the Chinese."""
    if "\n" not in text and "\r" not in text:
        return text
    return _BREAKS.sub("", _BEFORE_LATIN.sub(" ", text))


_BREAKS = re.compile(r"[\r\n]")
_BEFORE_LATIN = re.compile(r"(?<=[一-鿿）)])[\r\n]+(?=[A-Za-z]{3})")


def own_cells(column: CellColumn) -> npt.NDArray[np.bool_]:
    """The rows in which more than blanks stands."""
    return column.filled & ~column.known(_is_white)


def _is_white(value: object) -> bool:
    return isinstance(value, str) and not value.strip()
