"""xlsx, xls, xlsb, ods and et: typed cells, merged ranges, hidden sheets, and what must not look like an empty cell."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from db.cell_columns import CellColumn, CellColumns
from db.records import Block, Grid, Reading
from etl.readers.container import damaged, encrypted, inflated, open_container
from etl.readers.limits import MAX_CELLS, too_many_cells
from etl.readers.ods_repeats import refuse_repeats
from etl.readers.plain_numbers import Floats, Numbers
from etl.readers.plain_texts import Texts
from etl.readers.registry import reader
from etl.readers.sheet_xml import SheetFacts
from etl.types import Refused

if TYPE_CHECKING:
    from etl.readers.xlsx_parts import SheetXml

LONG = 1000  # rows from which on a sheet is kept by columns
Facts = Callable[[], Mapping[str, SheetFacts]]  # asked for when the cells are there
_KEPT = frozenset((str, float, int, bool, date, datetime, type(None)))
_MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


@reader("xlsx")
def read_xlsx(content: bytes, name: str) -> Reading:
    """The XML is searched for far cells first, at which the cell reader would end the process; for the rest while that one
    works, which holds no lock of ours. The plain numbers and texts of a large sheet are not left to it."""
    import python_calamine  # noqa: F401 - loaded before a second thread runs

    from etl.readers.xlsx_parts import sheets_within_reach, without_plain_cells, workbook_facts

    with open_container(content) as archive:
        parts = inflated(archive, len(content))
    with ThreadPoolExecutor(1) as beside:
        sheets = sheets_within_reach(parts, LONG)
        facts = beside.submit(workbook_facts, parts, sheets)
        taken = {name: sheet for name, sheet in sheets.items() if sheet.numbers}
        return _read(without_plain_cells(parts, sheets) or content, taken, "xlsx", facts.result)


@reader("xls")
def read_xls(content: bytes, name: str) -> Reading:
    """xls and et. Number formats are not read: `percent_cells` stays empty."""
    from etl.readers.xls_records import xls_facts

    facts = xls_facts(content)
    return _read(content, {}, "xls", lambda: facts)


@reader("xlsb")
def read_xlsb(content: bytes, name: str) -> Reading:
    return _read(content, {}, "xlsb", dict)


@reader("ods")
def read_ods(content: bytes, name: str) -> Reading:
    from python_calamine import CalamineError

    try:
        return _read(content, {}, "ods", dict)
    except CalamineError:  # so it says of cells that are repeated beyond its own limit too
        with open_container(content) as archive:
            refuse_repeats(archive.read("content.xml"))
        raise


def _read(content: bytes, taken: Mapping[str, SheetXml], kind: str, facts: Facts) -> Reading:
    """`taken` tells what `content` is without, by sheet."""
    try:
        return _read_sheets(content, taken, kind, facts)
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how the Rust reader reports a fault of its own; no Exception
            raise damaged() from error
        raise


def _read_sheets(content: bytes, taken: Mapping[str, SheetXml], kind: str, facts: Facts) -> Reading:
    book = _open(content)
    blocks: list[Block] = []
    notes: list[str] = []
    room = MAX_CELLS
    for meta in book.sheets_metadata:
        if not _is_worksheet(meta):
            continue
        sheet, more = book.get_sheet_by_name(meta.name), taken.get(meta.name)
        height, width = more.size if more else (0, 0)
        room -= max(sheet.total_height or 0, height) * max(sheet.total_width or 0, width)
        if room < 0:
            raise too_many_cells(meta.name)
        known = facts().get(meta.name, SheetFacts())
        grid = _grid(sheet, meta, known, more)
        blocks.append(Block(len(blocks) + 1, "grid", meta.name, grid=grid))
        notes += _notes(grid, known)
    if not any(_holds_something(block.grid.cells) for block in blocks if block.grid):
        raise _nothing(content)
    return Reading(_MEDIA_TYPES[kind], blocks=tuple(blocks), notes=tuple(notes))


def _nothing(content: bytes) -> Refused:
    """A workbook without a cell: of pictures, of charts, or of nothing at all."""
    names = zipfile.ZipFile(io.BytesIO(content)).namelist() if content.startswith(b"PK") else []
    if any(name.startswith(("xl/media/", "Pictures/")) for name in names):
        told = "工作簿里只有图片,单元格都是空的;图片中的表格读不出来。请把数据填进单元格后重新上传。"
        return Refused("empty_workbook", told)
    if any(name.startswith(("xl/charts/", "xl/chartsheets/")) for name in names):
        return Refused("empty_workbook", "工作簿里只有图表,单元格都是空的。请上传画图所用的数据表。")
    return Refused("empty_workbook", "工作簿里没有任何内容,请检查是否保存完整后重新上传。")


def _holds_something(cells: Sequence[Sequence[object]]) -> bool:
    if isinstance(cells, CellColumns):
        return any(column.filled.any() for column in cells.columns)
    return any(cell is not None for row in cells for cell in row)


def _open(content: bytes) -> Any:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise encrypted() from error


def _is_worksheet(meta: Any) -> bool:
    from python_calamine import SheetTypeEnum

    return bool(meta.typ == SheetTypeEnum.WorkSheet)


def _grid(sheet: Any, meta: Any, known: SheetFacts, taken: SheetXml | None) -> Grid:
    from python_calamine import SheetVisibleEnum

    rows = sheet.to_python(skip_empty_area=False)
    for (row, col), text in known.errors.items():
        _put(rows, row, col, text)
    merges = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    hidden = meta.visible != SheetVisibleEnum.Visible
    numbers, texts = (taken.numbers, taken.texts) if taken else (None, None)
    if max(len(rows), taken.size[0] if taken else 0) >= LONG:
        cells: Sequence[Sequence[object]] = _by_columns(rows, numbers, texts)
    else:
        cells = tuple(tuple(map(_value, row)) for row in _whole(rows, numbers))
    return Grid(meta.name, cells, merges, hidden, percent_cells=known.percents)


def _by_columns(rows: list[list[object]], numbers: Numbers | None, texts: Texts | None) -> CellColumns:
    own = max(map(len, rows), default=0)
    height, width = max(len(rows), _height(numbers), _height(texts)), max(own, _width(numbers), _width(texts))
    rows += [[]] * (height - len(rows))
    even = (row if len(row) == own else row + [None] * (own - len(row)) for row in rows)
    columns = [_column(cells) for cells in zip(*even, strict=True)]
    columns += [CellColumn(height, None, None, ())] * (width - own)
    for col, floats in numbers.by_column(height) if numbers else ():
        columns[col] = _with(columns[col], floats)
    if texts:
        columns = [texts.with_column(col, column) for col, column in enumerate(columns)]
    return CellColumns(columns, height)


def _height(part: Numbers | Texts | None) -> int:
    return part.height if part else 0


def _width(part: Numbers | Texts | None) -> int:
    return part.width if part else 0


def _with(column: CellColumn, numbers: Floats) -> CellColumn:
    """The column with numbers that stand where it is blank."""
    if column.numbers is not None:
        numbers = np.where(np.isnan(numbers), column.numbers, numbers)
    return CellColumn(column.height, numbers, column.codes, column.values)


def _whole(rows: list[list[object]], numbers: Numbers | None) -> list[list[object]]:
    """The rows with numbers that stand where they are blank."""
    if numbers is None:
        return rows
    height, width = max(len(rows), numbers.height), max(numbers.width, *map(len, rows), 0)
    whole = [[*row, *[None] * (width - len(row))] for row in (*rows, *[[]] * (height - len(rows)))]
    for row, col, value in zip(numbers.rows.tolist(), numbers.cols.tolist(), numbers.values.tolist(), strict=True):
        whole[row][col] = value
    return whole


def _column(cells: Sequence[object]) -> CellColumn:
    """A column as it is where all of its values may stay what they are."""
    if cells.count("") + cells.count(None) == len(cells):
        return CellColumn(len(cells), None, None, ())
    if _KEPT.issuperset(map(type, cells)):
        column = CellColumn.of(cells, ("", None))
        if float not in set(map(type, column.values)):  # where one is not finite
            return column
    return CellColumn.of([_value(cell) for cell in cells])


def _put(rows: list[list[object]], row: int, col: int, text: str) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row] += [None] * (col + 1 - len(rows[row]))
    rows[row][col] = text


def _value(cell: object) -> object:
    kind = type(cell)
    if kind is str:
        return cell or None
    if kind is float:
        return cell if math.isfinite(cell) else str(cell)  # type: ignore[arg-type]
    if cell is None or isinstance(cell, bool | int | date):  # datetime is a date
        return cell
    if isinstance(cell, time | timedelta):
        return str(cell)
    raise TypeError(f"cell of type {kind.__name__}")


def _notes(grid: Grid, known: SheetFacts) -> Iterator[str]:
    if grid.hidden:
        yield f"hidden_sheet|{grid.sheet}"
    for first, last in known.hidden_rows:
        yield f"hidden_rows|{grid.sheet}|{_span(str(first + 1), str(last + 1))}"
    for first, last in known.hidden_columns:
        yield f"hidden_columns|{grid.sheet}|{_span(_letters(grid, first), _letters(grid, last))}"
    yield from _cell_notes("error_cell", grid, known.errors)
    yield from _cell_notes("formula_without_value", grid, known.uncalculated)


def _cell_notes(key: str, grid: Grid, places: Iterable[tuple[int, int]]) -> Iterator[str]:
    for row, col in places:
        yield f"{key}|{grid.sheet}|{grid.address(row, col)}"


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"


def _letters(grid: Grid, col: int) -> str:
    return grid.address(0, col)[:-1]
