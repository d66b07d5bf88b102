"""Collects paragraphs and tables in their order into one text, its blocks and its grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from db.records import Block, Grid, Reading
from etl.readers.limits import MAX_CELLS, too_many_cells

Merge = tuple[int, int, int, int]


@dataclass
class Table:
    """Cells by (row, col) from 0; a merged cell stands at its top left corner only."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    height: int = 0
    width: int = 0

    def put(self, row: int, col: int, text: str, rows: int = 1, cols: int = 1) -> None:
        """A cell over `rows` x `cols` places."""
        self.cells[row, col] = text
        self.height, self.width = max(self.height, row + rows), max(self.width, col + cols)
        if self.height * self.width > MAX_CELLS or len(self.taken) + rows * cols > MAX_CELLS:
            raise too_many_cells("文档内的表格")
        self.taken.update((r, c) for r in range(row, row + rows) for c in range(col, col + cols))
        if rows > 1 or cols > 1:
            self.merges.append((row, col, row + rows - 1, col + cols - 1))

    def free_column(self, row: int, col: int) -> int:
        """The first column from `col` on that no merged cell covers."""
        while (row, col) in self.taken:
            col += 1
        return col

    def append(self, following: Table) -> None:
        """Adds the rows of the same table's next page, without the heading rows repeated there."""
        ours, theirs = self.rows(), following.rows()
        repeated = 0
        while repeated < len(theirs) - 1 and repeated < len(ours) and theirs[repeated] == ours[repeated]:
            repeated += 1
        down = self.height - repeated
        tall = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in following.merges}
        for (row, col), text in sorted(following.cells.items()):
            if row >= repeated:
                self.put(row + down, col, text, *tall.get((row, col), (1, 1)))

    def rows(self) -> tuple[tuple[str | None, ...], ...]:
        return tuple(
            tuple(self.cells.get((row, col)) or None for col in range(self.width)) for row in range(self.height)
        )


class Page:
    """Lines joined by a newline; every text block knows where it starts."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._paragraphs = 0
        self._tables = 0

    def paragraph(self, text: str, locator: str = "") -> None:
        """Adds a paragraph; one without any visible character is left out."""
        if text.strip():
            self._paragraphs += 1
            self._add("paragraph", locator or f"第{self._paragraphs}段", text)

    def table(self, table: Table, locator: str = "") -> None:
        """Adds the rows as tab-joined lines, and the table itself as a grid; both named 表1, 表2, … or as told."""
        rows = table.rows()
        if not any(any(row) for row in rows):
            return
        self._tables += 1
        name = locator or f"表{self._tables}"
        start = self._length
        for number, row in enumerate(rows, 1):
            line = "\t".join(" ".join((cell or "").split()) for cell in row).rstrip("\t")
            if line:
                self._add("table_row", f"{name}第{number}行", line)
        grid = Grid(name, rows, tuple(table.merges), address_style="RC")
        self._blocks.append(Block(len(self._blocks) + 1, "grid", name, "", start, grid))

    def reading(self, media_type: str, notes: Sequence[str] = ()) -> Reading:
        return Reading(media_type, "\n".join(self._lines), tuple(self._blocks), tuple(notes))

    def _add(self, kind: str, locator: str, text: str) -> None:
        self._blocks.append(Block(len(self._blocks) + 1, kind, locator, text, self._length))
        self._lines.append(text)
        self._length += len(text) + 1
