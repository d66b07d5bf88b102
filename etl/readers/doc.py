"""Word 97-2003 documents (doc, and wps as WPS Office writes it): body, tables and text boxes, as docx reads them."""

from __future__ import annotations

from dataclasses import dataclass, field

from db.records import Reading
from etl.readers.page import Page, Table
from etl.readers.registry import reader
from etl.readers.word_binary import ParagraphEnd, WordText, word_text
from etl.types import Refused

MEDIA_TYPE = "application/msword"
_CODE, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_NOTE = "\x02"
_CELL, _PARAGRAPH, _SECTION = "\x07", "\r", "\x0c"
_REPLACED = {"\x0b": "\n", "\x0e": "\n", "\t": "\t", "\x1e": "-", "\xa0": " "}
_NEAR = 60  # twips (1 mm) between edges of one column
_MERGED_LEFT, _VERTICAL, _CONTINUED = 0b1, 0b1100000, 0b0100000


@reader("doc")
def read_doc(content: bytes, name: str) -> Reading:
    """The document as it reads with all tracked changes accepted; a note follows the paragraph or the table that
    refers to it, text boxes follow the body."""
    source = word_text(content)
    characters = _visible(source)
    page = Page()
    for part in (source.main, source.boxes):
        _Story(page, source, characters).read(part)
    reading = page.reading(MEDIA_TYPE)
    if not reading.text:
        raise Refused("no_text", "文档里没有文字(可能全是图片或扫描件),请上传含有文字的原始文档。")
    return reading


def _visible(source: WordText) -> list[str]:
    """The characters by position; what is deleted or hidden is empty, but marks of cells and fields stay."""
    characters = list(source.text)
    for first, last in source.unseen:
        for at in range(first, min(last, len(characters))):
            if characters[at] not in (_CELL, _CODE, _RESULT, _FIELD_END):
                characters[at] = ""
    return characters


@dataclass
class _Row:
    cells: list[str]
    end: ParagraphEnd


@dataclass
class _Story:
    """Goes through one part of the text; a table is complete when a paragraph outside tables follows."""

    page: Page
    source: WordText
    characters: list[str]
    line: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)  # finished paragraphs of the open cell
    cells: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)  # open fields; True while in the code, which nobody sees
    notes: list[range] = field(default_factory=list)  # referred to since the last paragraph or row
    table_notes: list[range] = field(default_factory=list)

    def read(self, part: range) -> None:
        for at in part:
            character = self.characters[at]
            if character >= " " and character != "\xa0":
                if not any(self.fields):
                    self.line.append(character)
            elif character:
                self._special(character, at)
        self._close_paragraph(ParagraphEnd())

    def _special(self, character: str, at: int) -> None:
        if character == _CODE:
            self.fields.append(True)
        elif character == _RESULT and self.fields:
            self.fields[-1] = False
        elif character == _FIELD_END and self.fields:
            self.fields.pop()
        elif character == _CELL:
            self._close_cell(self.source.ends.get(at, ParagraphEnd(in_table=True)))
        elif character in (_PARAGRAPH, _SECTION):
            self._close_paragraph(self.source.ends.get(at, ParagraphEnd()))
        elif at in self.source.notes:
            self.notes.append(self.source.notes[at])
        elif character in _REPLACED and not any(self.fields):
            self.line.append(_REPLACED[character])

    def _take_line(self) -> str:
        units = "".join(self.line).encode("utf-16-le", "surrogatepass")
        self.line.clear()
        return units.decode("utf-16-le", "replace")

    def _numbered(self, text: str, end: ParagraphEnd) -> str:
        return self.source.lists.label(end.style, end.number, end.level) + text

    def _close_paragraph(self, end: ParagraphEnd) -> None:
        text = self._take_line()
        if end.in_table:
            self.cell.append(self._numbered(text, end).strip())
            return
        self._close_table()
        label = self._numbered("", end)
        if text.strip():
            self.page.paragraph(label + text)
        self._write_notes(self.notes)

    def _write_notes(self, notes: list[range]) -> None:
        waiting = notes.copy()
        notes.clear()
        for note in waiting:
            _Story(self.page, self.source, self.characters).read(note)

    def _close_cell(self, end: ParagraphEnd) -> None:
        if end.row_end:
            self.line.clear()
            self.rows.append(_Row(self.cells, end))
            self.cells = []
            self.table_notes += self.notes
            self.notes = []
            return
        self.cell.append(self._numbered(self._take_line(), end).strip())
        self.cells.append("\n".join(text for text in self.cell if text.strip()))
        self.cell = []

    def _close_table(self) -> None:
        if self.cells or self.cell:  # a row whose end is not marked
            self.rows.append(_Row([*self.cells, *self.cell], ParagraphEnd(in_table=True)))
        if self.rows:
            self.page.table(_table(self.rows))
        self.rows, self.cells, self.cell = [], [], []
        self._write_notes(self.table_notes)


def _table(rows: list[_Row]) -> Table:
    """Columns are the edges of all rows put together, so that a cell over two columns spans them."""
    edged = all(len(row.end.edges) == len(row.cells) + 1 for row in rows)
    columns = _columns(rows) if edged else {}
    table = Table()
    open_merges: dict[int, tuple[int, int]] = {}  # first column -> row and width of a cell merged downwards
    heights: dict[tuple[int, int], tuple[str, int, int]] = {}  # cell -> text, rows, columns
    for r, row in enumerate(rows):
        for col, width, text, flag in _spans(row, columns):
            above = open_merges.get(col)
            if flag & _VERTICAL == _CONTINUED and above:
                known, _, wide = heights[above[0], col]
                heights[above[0], col] = (known, r + 1 - above[0], wide)
                continue
            open_merges[col] = (r, width)
            heights[r, col] = (text, 1, width)
    for (r, col), (text, tall, wide) in heights.items():
        table.put(r, col, text, tall, wide)
    return table


def _columns(rows: list[_Row]) -> dict[int, int]:
    """Every edge to the number of its column; edges within a millimetre are one."""
    numbers: dict[int, int] = {}
    number, first = -1, 0
    for edge in sorted({edge for row in rows for edge in row.end.edges}):
        if number < 0 or edge - first > _NEAR:
            number, first = number + 1, edge
        numbers[edge] = number
    return numbers


def _spans(row: _Row, columns: dict[int, int]) -> list[tuple[int, int, str, int]]:
    """(column, width, text, merge flags) of each cell; cells merged into their left neighbour widen it."""
    spans: list[tuple[int, int, str, int]] = []
    for n, text in enumerate(row.cells):
        flag = row.end.flags[n] if n < len(row.end.flags) else 0
        if not columns:
            spans.append((n, 1, text, 0))
            continue
        col, behind = columns[row.end.edges[n]], columns[row.end.edges[n + 1]]
        if flag & 0b11 == _MERGED_LEFT and spans:
            first, _, known, kept = spans.pop()
            spans.append((first, max(1, behind - first), known or text, kept))
        else:
            spans.append((col, max(1, behind - col), text, flag))
    return spans
