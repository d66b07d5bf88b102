"""Web pages: headings, paragraphs, list items and tables of the main text; navigation and advertisements are dropped."""

from __future__ import annotations

import re
from typing import Any

from db.records import Reading
from etl.readers.decode import decode
from etl.readers.html_noise import is_left_out, is_link, is_phrase, plain
from etl.readers.page import Page, Table
from etl.readers.registry import reader
from etl.types import Refused

MEDIA_TYPE = "text/html"
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{3,20})""", re.IGNORECASE)
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "utf8": "utf-8", "big5": "big5"}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "small",
    "span", "strike", "strong", "sub", "sup", "tt", "u", "time", "bdi", "bdo", "data", "wbr", "img", "o:p",
}  # fmt: skip
_HAN = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_BROKEN_LINE = re.compile(rf"(?<=[{_HAN}])[ \t\f]*[\r\n]\s*(?=[{_HAN}])")
_MAX_SPAN = 1000
_MOSTLY = 0.9

Element = Any  # lxml elements carry no types


@reader("html")
def read_html(content: bytes, name: str) -> Reading:
    """The main text. Line breaks of the source inside a Chinese sentence vanish, as on the screen."""
    from lxml import html  # only pages need it

    text = _decoded(content)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    page = Page()
    _Walker(page, len(plain(root))).block(root)
    reading = page.reading(MEDIA_TYPE)
    if not reading.text:
        raise Refused("no_text", "网页里没有正文,请在浏览器中打开正文页后另存,或改用 docx、xlsx 上传。")
    return reading


def _decoded(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    encoding = _ENCODINGS.get(declared[1].decode("ascii", "replace").lower()) if declared else None
    return decode(content, encoding)


class _Walker:
    """Goes through block elements; inline text gathers until the next block begins or a line breaks."""

    def __init__(self, page: Page, whole: int) -> None:
        self._page = page
        self._whole = whole
        self._pending: list[str] = []
        self._linked = 0  # characters of the pending text that are links

    def block(self, element: Element) -> None:
        """Writes the element's paragraphs and tables."""
        self._flush()
        self._inside(element)
        self._flush(heading=element.tag in ("h1", "h2"))

    def _inside(self, element: Element) -> None:
        self._pending.append(element.text or "")
        for child in element:
            self._child(child)
            self._pending.append(child.tail or "")

    def _child(self, child: Element) -> None:
        if not isinstance(child.tag, str) or is_left_out(child, self._whole):
            return
        if child.tag in ("br", "hr"):
            self._flush()
        elif child.tag == "table" and _holds_data(child):
            self._flush()
            self._page.table(_table(child))
        elif child.tag in _INLINE:
            self._linked += len(plain(child)) if is_link(child) else 0
            self._inside(child)
        else:
            self.block(child)

    def _flush(self, heading: bool = False) -> None:
        """A paragraph that is a link and no sentence only leads elsewhere, unless it is the title."""
        text = _tidy("".join(self._pending))
        leads_away = self._linked >= _MOSTLY * len("".join(text.split())) and "。" not in text and not heading
        self._pending.clear()
        self._linked = 0
        if not leads_away and not is_phrase(text):
            self._page.paragraph(text)


def _tidy(text: str) -> str:
    return re.sub(r"[ \t\r\n\f\xa0]+", " ", _BROKEN_LINE.sub("", text)).strip()


def _holds_data(table: Element) -> bool:
    """A table that only arranges the page holds tables, or has a single column."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in table.iter("tr"))


def _table(element: Element) -> Table:
    table = Table()
    for r, row in enumerate(element.iter("tr")):
        col = 0
        for cell in row:
            if cell.tag in ("td", "th"):
                col = table.free_column(r, col)
                rows, cols = _span(cell, "rowspan"), _span(cell, "colspan")
                table.put(r, col, _tidy(" ".join(cell.itertext())), rows, cols)
                col += cols
    return table


def _span(cell: Element, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(1, int(text)), _MAX_SPAN) if text.isascii() and text.isdigit() else 1
