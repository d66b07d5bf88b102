"""A table as it was read: what checks of the table itself look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from etl.sheets.cells import all_compact, compact
from etl.sheets.columns import Column
from etl.sheets.header import Table
from etl.sheets.labels import Label
from etl.sheets.rows import Row
from etl.sheets.sheet import Sheet


@dataclass(frozen=True)
class View:
    """A table with the meaning of its columns and rows; a ledger or a long table has none of these.

    `period` is what the title says, `named` what the file name says (period codes)."""

    table: Table
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    period: str | None = None
    file_name: str = ""

    @cached_property
    def indexes(self) -> npt.NDArray[np.int64]:
        """The rows of the sheet in which the rows of the table stand."""
        return np.array([row.index for row in self.rows], np.int64)

    @cached_property
    def body(self) -> npt.NDArray[np.int64]:
        """The rows of the sheet between header and notes."""
        return np.array(self.table.body, np.int64)

    @cached_property
    def unit_indexes(self) -> npt.NDArray[np.int64]:
        """Those of single units: no totals, no groups."""
        return np.array([row.index for row in self.rows if not row.total], np.int64)

    def texts(self, col: int) -> list[str]:
        """What stands in a column without blanks, by row of the sheet; worked out once."""
        if col not in self._texts:
            column = self.table.sheet.column(col)
            found = (
                ["" if value is None else compact(value) for value in column] if column.numbers is not None else None
            )
            told = all_compact(column.values)
            codes = [] if column.codes is None else column.codes.tolist()
            self._texts[col] = found or [told[code] if code >= 0 else "" for code in codes] or [""] * len(column)
        return self._texts[col]

    @cached_property
    def _texts(self) -> dict[int, list[str]]:
        return {}

    @cached_property
    def by_index(self) -> dict[int, Row]:
        """The rows of the table by their rows of the sheet."""
        return {row.index: row for row in self.rows}


@dataclass(frozen=True)
class Field:
    """A label of a card with its value beside it; `key` is the label without unit and numbering."""

    key: str
    label: Label
    at: tuple[int, int]
    spot: tuple[int, int]


@dataclass(frozen=True)
class Card:
    """A sheet, or part of one, of labels with their values that is about one unit (一校一档)."""

    sheet: Sheet
    unit: str | None
    fields: tuple[Field, ...]

    def value(self, field: Field) -> object:
        """What stands in the cell of a field."""
        return self.sheet.raw(*field.spot)

    def cell(self, field: Field) -> tuple[str | None, str]:
        """The place of that cell."""
        return self.sheet.grid.sheet, self.sheet.grid.address(*field.spot)
