"""Word documents: body paragraphs, text boxes and tables in their order. Page headers and footers are left out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from db.records import Reading
from etl.readers.page import Page, Table
from etl.readers.registry import reader
from etl.types import Refused

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = {_W + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_LEFT_OUT = {_W + tag for tag in ("del", "moveFrom", "txbxContent", "pPr", "instrText")} | {_FALLBACK}
_BREAKS = {_W + "tab": "\t", _W + "cr": "\n", _W + "noBreakHyphen": "-"}

Element = Any  # lxml elements carry no types


@reader("docx")
def read_docx(content: bytes, name: str) -> Reading:
    """The document as it reads with all tracked changes accepted and hidden text hidden. Numbers that Word generates are not text."""
    from docx import Document  # 0.1 s to import, and only documents need it

    page = Page()
    _walk(Document(io.BytesIO(content)).element.body, page)
    reading = page.reading(MEDIA_TYPE)
    if not reading.text:
        raise Refused("no_text", "文档里没有文字(可能全是图片或扫描件),请上传含有文字的原始文档。")
    return reading


def _walk(parent: Element, page: Page) -> None:
    for child in parent:
        if child.tag == _W + "p":
            page.paragraph(_text(child))
            for box in _text_boxes(child):
                _walk(box, page)
        elif child.tag == _W + "tbl":
            page.table(_table(child))
        elif child.tag in _WRAPPERS:
            _walk(child, page)


def _text(element: Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _LEFT_OUT or _is_hidden(child):
            continue
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag == _W + "br":
            yield "\n" if child.get(_W + "type", "textWrapping") == "textWrapping" else ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _pieces(child)


def _is_hidden(run: Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val", "true") not in ("0", "false", "off")


def _text_boxes(paragraph: Element) -> Iterator[Element]:
    for box in paragraph.iter(_W + "txbxContent"):
        outer = [above.tag for above in box.iterancestors()]
        inside = outer[: outer.index(_W + "p")]  # up to the nearest paragraph, which is the one that holds the box
        if _FALLBACK not in inside and next(box.iterancestors(_W + "p")) is paragraph:
            yield box


def _table(element: Element) -> Table:
    table = Table()
    open_merges: dict[int, tuple[int, int]] = {}  # column -> row and width of a vertically merged cell
    heights: dict[tuple[int, int], int] = {}
    for r, row in enumerate(_descend(element, _W + "tr")):
        col = _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _descend(row, _W + "tc"):
            width = max(1, _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1))
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(_W + "val", "continue") == "continue" and col in open_merges:
                heights[open_merges[col][0], col] = r + 1 - open_merges[col][0]
            else:
                open_merges.pop(col, None)
                if merge is not None:
                    open_merges[col] = (r, width)
                heights[r, col] = 1
                table.put(r, col, _cell_text(cell), cols=width)
            col += width
    _stretch(table, heights)
    return table


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


def _cell_text(cell: Element) -> str:
    paragraphs = (_text(paragraph) for paragraph in cell.iter(_W + "p"))
    return "\n".join(text for text in paragraphs if text.strip())


def _number(element: Element | None, default: int) -> int:
    return default if element is None else min(int(element.get(_W + "val", default)), 1000)
