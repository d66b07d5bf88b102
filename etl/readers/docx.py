"""Word documents: paragraphs with their automatic numbers, text boxes, notes and tables in their order."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

from db.records import Reading
from etl.readers.docx_parts import Element, Parts, W, read_parts
from etl.readers.page import Page, Table
from etl.readers.registry import reader
from etl.types import Refused

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = {W + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_LEFT_OUT = {W + tag for tag in ("del", "moveFrom", "txbxContent", "pPr", "instrText", "rt")} | {_FALLBACK}
_TEXT = (W + "t", _M + "t")
_BREAKS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-"}
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_OFF = ("0", "false", "off")


@reader("docx")
def read_docx(content: bytes, name: str) -> Reading:
    """The document as it reads with all tracked changes accepted and hidden text hidden; a note follows the paragraph
    or the table that refers to it. Page headers and footers are left out."""
    page = Page()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = read_parts(archive)
    walker = _Walker(page, parts)
    walker.read(parts.body)
    walker.finish()
    reading = page.reading(MEDIA_TYPE)
    if not reading.text:
        raise Refused("no_text", "文档里没有文字(可能全是图片或扫描件),请上传含有文字的原始文档。")
    return reading


class _Walker:
    """Goes through the blocks of the body in their order."""

    def __init__(self, page: Page, parts: Parts) -> None:
        self._page = page
        self._parts = parts
        self._begun = ""  # text whose paragraph mark is deleted: it goes on with the next paragraph

    def read(self, parent: Element) -> None:
        for child in parent:
            if child.tag == W + "p":
                self._paragraph(child)
            elif child.tag == W + "tbl":
                self._page.table(self._table(child))
                self._notes(child)
            elif child.tag in _WRAPPERS:
                self.read(child)

    def finish(self) -> None:
        """Writes what no later paragraph has taken up."""
        self._page.paragraph(self._begun)

    def _paragraph(self, element: Element) -> None:
        text = self._begun + _text(element)
        self._begun = ""
        if _mark_deleted(element):
            self._begun = text
        else:
            label = self._parts.label(element)
            if text.strip():
                self._page.paragraph(label + text)
        for box in _text_boxes(element):
            self.read(box)
        self._notes(element)

    def _notes(self, element: Element) -> None:
        for reference in element.iter(*_NOTES):
            if any(above.tag in _LEFT_OUT for above in reference.iterancestors()):  # deleted with its number
                continue
            note = self._parts.notes.get((_NOTES[reference.tag], reference.get(W + "id", "")))
            for paragraph in note.iter(W + "p") if note is not None else ():
                self._page.paragraph(_text(paragraph).strip())

    def _table(self, element: Element) -> Table:
        table = Table()
        open_merges: dict[int, tuple[int, int]] = {}  # column -> row and width of a vertically merged cell
        heights: dict[tuple[int, int], int] = {}
        rows = (row for row in _descend(element, W + "tr") if row.find(f"{W}trPr/{W}del") is None)
        for r, row in enumerate(rows):
            col = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
            for cell in _descend(row, W + "tc"):
                width = max(1, _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(W + "val", "continue") == "continue" and col in open_merges:
                    heights[open_merges[col][0], col] = r + 1 - open_merges[col][0]
                else:
                    open_merges.pop(col, None)
                    if merge is not None:
                        open_merges[col] = (r, width)
                    heights[r, col] = 1
                    table.put(r, col, "\n".join(self._cell(cell)), cols=width)
                col += width
        _stretch(table, heights)
        return table

    def _cell(self, cell: Element) -> Iterator[str]:
        """The lines of a cell; a number that stands for itself, such as a counted row, is one of them."""
        for child in cell:
            if child.tag == W + "p":
                line = (self._parts.label(child) + _text(child)).strip()
                if line:
                    yield line
                for box in _text_boxes(child):
                    yield from self._cell(box)
            elif child.tag in _WRAPPERS or child.tag in (W + "tbl", W + "tr", W + "tc"):
                yield from self._cell(child)


def _text(element: Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _LEFT_OUT or _is_hidden(child):
            continue
        if child.tag in _TEXT:
            yield child.text or ""
        elif child.tag == W + "br":
            yield "\n" if child.get(W + "type", "textWrapping") == "textWrapping" else ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == _M + "f":
            yield "/".join(_text(half) for half in child.iterchildren(_M + "num", _M + "den"))
        else:
            yield from _pieces(child)


def _is_hidden(run: Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(W + "val", "true") not in _OFF


def _mark_deleted(paragraph: Element) -> bool:
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)


def _text_boxes(paragraph: Element) -> Iterator[Element]:
    for box in paragraph.iter(W + "txbxContent"):
        outer = [above.tag for above in box.iterancestors()]
        inside = outer[: outer.index(W + "p")]  # up to the nearest paragraph, which is the one that holds the box
        if _FALLBACK not in inside and next(box.iterancestors(W + "p")) is paragraph:
            yield box


def _stretch(table: Table, heights: dict[tuple[int, int], int]) -> None:
    """Writes the vertical merges, whose height is only known at the end."""
    wide = {(merge[0], merge[1]): merge[3] for merge in table.merges}
    table.merges = [merge for merge in table.merges if heights.get((merge[0], merge[1]), 1) == 1]
    for (row, col), height in heights.items():
        if height > 1:
            table.merges.append((row, col, row + height - 1, wide.get((row, col), col)))
            table.height = max(table.height, row + height)


def _descend(parent: Element, tag: str) -> Iterator[Element]:
    """Children of that tag, looked for through content controls but not into nested tables."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _descend(child, tag)


def _number(element: Element | None, default: int) -> int:
    return default if element is None else min(int(element.get(W + "val", default)), 1000)
