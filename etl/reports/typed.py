"""Tables typed into a text, read as the sheets are: their cells are found by how their columns are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from db.records import Block, Evidence, Grid, Reading, Rejected
from etl.addresses import place_of
from etl.reports.rows import CELL
from etl.types import Extraction, Mention


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table of a text: its grid, and the [start, end) of every cell and line in the text."""

    grid: Grid
    cells: tuple[tuple[tuple[int, int], ...], ...]
    lines: tuple[tuple[int, int], ...]


def typed_tables(text: str, marked: str) -> list[TypedTable]:
    """The tables that are typed into a text with bars, tabs, commas or spaces between their cells; `marked`: the text as
    `rows.marked` gives it."""
    if CELL not in marked:
        return []
    blocks = (block for block in _blocks(marked) if len(block) > 1)
    return [_table(text, block, n) for n, block in enumerate(blocks, 1)]


def _blocks(marked: str) -> Iterator[list[list[tuple[int, int]]]]:
    """The spans of the cells of lines that stand together and have as many cells."""
    block: list[list[tuple[int, int]]] = []
    at = 0
    for line in (*marked.split("\n"), ""):
        spans = _cells(line, at) if CELL in line else []
        if block and (line.strip() or not line) and len(spans) != len(block[0]):
            yield block
            block = []
        if spans:
            block.append(spans)
        at += len(line) + 1


def _cells(line: str, start: int) -> list[tuple[int, int]]:
    out, at = [], start
    for cell in line.split(CELL):
        stripped = cell.strip()
        first = at + (cell.index(stripped) if stripped else 0)
        out.append((first, first + len(stripped)))
        at += len(cell) + 1
    return out


def _table(text: str, block: Sequence[Sequence[tuple[int, int]]], n: int) -> TypedTable:
    cells = tuple(tuple(text[a:b] or None for a, b in row) for row in block)
    lines = tuple((row[0][0], row[-1][1]) for row in block)
    return TypedTable(Grid(f"文中表{n}", cells), tuple(map(tuple, block)), lines)


def as_document(reading: Reading, tables: Sequence[TypedTable]) -> Reading:
    """The text with its typed tables as grids, as a reader of documents hands over a table."""
    blocks = [
        Block(len(reading.blocks) + n, "grid", table.grid.sheet, start=table.lines[0][0], grid=table.grid)
        for n, table in enumerate(tables, 1)
    ]
    return replace(reading, blocks=(*reading.blocks, *blocks))


def in_text(found: Extraction, reading: Reading, tables: Sequence[TypedTable]) -> Extraction:
    """What the tables say, with places of the text instead of cells."""
    by_name = {table.grid.sheet: table for table in tables}
    mentions = tuple(
        replace(one, evidence=_evidence(one, reading, by_name[one.evidence.sheet or ""])) for one in found.mentions
    )
    rejected = tuple(
        _rejected(one, by_name[one.sheet]) for one in found.rejected if one.sheet in by_name and one.cell is not None
    )
    return Extraction(mentions, rejected)


def _evidence(mention: Mention, reading: Reading, table: TypedTable) -> Evidence:
    row, column = place_of(mention.evidence.cell)
    start, end = table.cells[row or 0][column or 0]
    first, last = table.lines[row or 0]
    block = next((b for b in reversed(reading.blocks) if b.text and b.start <= start), None)
    return replace(
        mention.evidence, quote=reading.text[start:end], locator=block.locator if block else "", start=start, end=end,
        sentence_start=first, sentence_end=last, sheet=None, cell=None, numerator_cell=None, denominator_cell=None,
    )  # fmt: skip


def _rejected(rejected: Rejected, table: TypedTable) -> Rejected:
    row, column = place_of(rejected.cell)
    start, end = table.cells[row or 0][column or 0]
    return replace(rejected, start=start, end=end, sheet=None, cell=None)
