"""Filled-in statistical forms as columns of numbers, for loads of millions: plain frozen records, no SQL, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.records import Grid, Reading, SourceFile


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column of a form states: `dims` is a dims key, `unit` the unit that its numbers are in."""

    indicator: str
    dims: str
    unit: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """One file that is one table: units down, measures across, every cell a number.

    `values[r][c]` belongs to `unit_keys[r]` (keys of the register) and `measures[c]` and stands in the cell
    (`first_row` + r, `first_col` + c) of the only grid of `reading`, counted from 0.
    """

    source: SourceFile
    reading: Reading
    period: str
    unit_keys: Sequence[str]
    measures: Sequence[Measure]
    values: Sequence[Sequence[int]]
    first_row: int
    first_col: int

    @property
    def grid(self) -> Grid:
        """The table that the file holds."""
        [grid] = self.reading.grids
        return grid

    @property
    def size(self) -> int:
        """How many numbers it states."""
        return len(self.unit_keys) * len(self.measures)
