"""The cells of a table by columns: what a check asks of every row is asked once for each value that is no number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from db.records import Qualifier
from etl.sheets.cells import CellValue, Kind, read_cell
from etl.sheets.views import View

VAGUE = frozenset((Qualifier.ABOUT, Qualifier.NEARLY, Qualifier.MORE_THAN, Qualifier.LESS_THAN))
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def numbers(view: View, col: int) -> Floats:
    """The numbers that begin in a column, by row of the sheet and as near as a float is; NaN where none stands."""
    column = view.table.sheet.column(col)
    if column.codes is None:
        return column.floats
    found = column.floats.copy()
    told = [_number(read_cell(value)) for value in column.values]
    some = column.codes >= 0
    found[some] = np.array(told)[column.codes[some]]
    return found


def _number(cell: CellValue) -> float:
    return float(cell.number) if cell.kind is Kind.NUMBER and cell.number is not None else np.nan


def like(view: View, col: int, test: Callable[[CellValue], object]) -> Bools:
    """By row of the sheet whether what begins in a column and is no plain number passes a test; a blank cell is blank."""
    column = view.table.sheet.column(col)
    found = column.where(lambda value: test(read_cell(value)))
    return found | ~column.filled if test(read_cell(None)) else found


def blank(view: View, col: int) -> Bools:
    """By row of the sheet whether a cell is blank, with the cells that a merged region covers filled in."""
    sheet = view.table.sheet
    found = like(view, col, lambda cell: cell.kind is Kind.BLANK)
    for (row, at), origin in sheet.merged.items():
        if at == col:
            found[row] = read_cell(sheet.raw(*origin)).kind is Kind.BLANK
    return found
