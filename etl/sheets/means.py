"""The row 全县平均 of a table of rates: the county's own rate, or only the mean of the rates above it."""

from __future__ import annotations

from decimal import Decimal

from etl.sheets import words
from etl.sheets.cells import CellValue, Kind, read_cell
from etl.sheets.columns import Column
from etl.sheets.header import Table
from etl.sheets.row import Row
from etl.sheets.sum_rows import first_text
from etl.sheets.vocabulary import Vocabulary

_FEWEST = 2  # different values whose mean tells something


def is_own_rate(table: Table, row: Row, column: Column, vocabulary: Vocabulary) -> bool:
    """Whether the cell of a row 全县平均 is the rate of the whole: a rate that is not the plain mean of those above it,
    which nobody may take for one."""
    name = first_text(table.sheet, row.index)
    unit = vocabulary.units.get(column.label.indicator or row.label.indicator or "", "")
    if row.excluded != "definition" or not row.total or not words.is_mean(name) or unit in ("", *words.COUNTED):
        return False
    own = read_cell(table.sheet.raw(row.index, column.index))
    others = [read_cell(table.sheet.raw(at, column.index)) for at in table.body if at != row.index]
    found = [cell.number for cell in others if cell.kind is Kind.NUMBER and cell.number is not None]
    if own.number is None or len(set(found)) < _FEWEST:
        return False
    return abs(sum(found, Decimal(0)) / len(found) - own.number) > _slack(own)


def _slack(cell: CellValue) -> Decimal:
    """Half a digit of what is printed, and a little."""
    exponent = cell.number.as_tuple().exponent if cell.number is not None else 0
    return Decimal("0.51").scaleb(exponent if isinstance(exponent, int) else 0)
