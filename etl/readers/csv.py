"""csv and tsv: one grid of text, numbers are parsed later where the columns are known."""

from __future__ import annotations

import csv
import io

from db.records import Block, Grid, Reading
from etl.readers.decode import decode
from etl.readers.delimiters import find_delimiter
from etl.readers.limits import MAX_CELLS, too_many_cells
from etl.readers.registry import reader
from etl.types import Refused

SHEET = "csv"
_LONGEST_FIELD = 1 << 20


@reader("csv")
def read_csv(content: bytes, name: str) -> Reading:
    """Row n of the file is row n of the grid (a quoted line break stays inside its cell); empty fields are None."""
    text = decode(content)
    rows = _rows(text, find_delimiter(text) or ",")
    grid = Grid(SHEET, rows, address_style="RC")
    return Reading("text/csv", blocks=(Block(1, "grid", SHEET, grid=grid),))


def _rows(text: str, delimiter: str) -> tuple[tuple[str | None, ...], ...]:
    csv.field_size_limit(_LONGEST_FIELD)
    rows: list[tuple[str | None, ...]] = []
    cells = 0
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in lines:
            rows.append(tuple(field or None for field in row))
            cells += len(row)
            if cells > MAX_CELLS:
                raise too_many_cells(SHEET)
    except csv.Error as error:
        raise Refused(
            "csv_quotes",
            f"第 {len(rows) + 1} 行起的双引号没有配对,无法分列,请改正该行后重新上传,或另存为 xlsx。",
        ) from error
    return tuple(rows)
