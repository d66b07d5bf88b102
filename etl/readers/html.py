"""Web pages: headings, paragraphs, list items and tables of the main text; navigation and advertisements are dropped."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from db.records import Reading
from etl.readers.decode import decode
from etl.readers.html_noise import Noise, is_link, is_phrase, plain
from etl.readers.numbering import numeral
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
_LIST_STYLES = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting", "decimal": "decimal",
    "trad-chinese-informal": "chineseCounting", "lower-alpha": "lowerLetter", "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman", "upper-roman": "upperRoman", "none": "none",
}  # fmt: skip
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_MOSTLY = 0.9
_OF_SITE = re.compile("(?:官方|政务|门户)*(?:网站?|门户)$|(?:党[组委]书记|局长|主任|校长|园长).*$")
_LOGO = "//*[contains(@class,'logo') or contains(@id,'logo') or self::header]//text() | //*[contains(@class,'logo')]//img/@alt"
_OFFICE = re.compile(r"[县区市旗乡镇省].*(?:局|政府|委员会|委|中心|网|网站|学校|小学|中学|幼儿园)$")

Element = Any  # lxml elements carry no types


@reader("html")
def read_html(content: bytes, name: str) -> Reading:
    """The main text. Line breaks of the source inside a Chinese sentence vanish, as on the screen."""
    from lxml import html  # only pages need it

    text = _decoded(content)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    page = Page()
    _Walker(page, Noise(root)).block(root)
    reading = page.reading(MEDIA_TYPE)
    if not reading.text:
        raise Refused("no_text", "网页里没有正文,请在浏览器中打开正文页后另存,或改用 docx、xlsx 上传。")
    publisher = _publisher(root)
    return replace(reading, notes=(*reading.notes, f"published_by|{publisher}")) if publisher else reading


def _publisher(root: Element) -> str:
    """The office whose site the page is of, by its title (…-青禾区教育体育局), what the page calls its site (in a meta
    element or the logo) or its foot (主办:…, 版权所有:…); empty when none is named."""
    title = "".join(root.xpath("//title/text()"))
    names = [part.strip() for part in re.split(r"[-_|—–·]", title)[1:]]
    names += re.findall(r"主办(?:单位)?\s*[::]\s*([\u4e00-\u9fff]{3,20})", "".join(root.itertext()))
    names += root.xpath("//meta[@name='SiteName' or @property='og:site_name']/@content")
    names += [words for words in map(str.strip, root.xpath(_LOGO)) if len(words) <= 20]
    names += re.findall(
        r"版权所有(?:[\s::©]|\(c\)|copyright|(?:19|20)\d\d[-\d]*)*([\u4e00-\u9fff]{3,20})", "".join(root.itertext())
    )
    return next((plain for name in names if _OFFICE.search(plain := _OF_SITE.sub("", name.strip()))), "")


def _decoded(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    encoding = _ENCODINGS.get(declared[1].decode("ascii", "replace").lower()) if declared else None
    return decode(content, encoding)


class _Walker:
    """Goes through block elements; inline text gathers until the next block begins or a line breaks."""

    def __init__(self, page: Page, noise: Noise) -> None:
        self._page = page
        self._noise = noise
        self._pending: list[str] = []
        self._linked = 0  # characters of the pending text that are links
        self._number = ""  # of the list item whose first paragraph is still to come

    def block(self, element: Element) -> None:
        """Writes the element's paragraphs and tables."""
        self._flush()
        self._number = _list_number(element) or self._number
        self._inside(element)
        self._flush(heading=element.tag in ("h1", "h2"))
        self._number = "" if element.tag == "li" else self._number

    def _inside(self, element: Element) -> None:
        self._pending.append(element.text or "")
        for child in element:
            self._child(child)
            self._pending.append(child.tail or "")

    def _child(self, child: Element) -> None:
        if not isinstance(child.tag, str) or self._noise.is_left_out(child):
            return
        if child.tag in ("br", "hr"):
            self._flush()
        elif child.tag == "table" and _holds_data(child):
            self._flush()
            self._table(child)
        elif child.tag in _INLINE:
            self._linked += len(plain(child)) if is_link(child) else 0
            self._inside(child)
        else:
            self.block(child)

    def _table(self, element: Element) -> None:
        """The table, and its caption as a paragraph before it."""
        table = Table()
        for caption in element.iter("caption"):
            self._page.paragraph(" ".join(self._lines(caption)))
        for r, row in enumerate(row for row in element.iter("tr") if not self._noise.is_hidden(row)):
            col = 0
            for cell in row:
                if cell.tag in ("td", "th") and not self._noise.is_hidden(cell):
                    col = table.free_column(r, col)
                    rows, cols = _span(cell, "rowspan"), _span(cell, "colspan")
                    table.put(r, col, "\n".join(self._lines(cell)), rows, cols)
                    col += cols
        if not all(map(is_phrase, filter(None, table.cells.values()))):
            self._page.table(table)

    def _lines(self, cell: Element) -> list[str]:
        """The lines of a cell: they break at block elements and where the page says so."""
        lines = [""]
        self._gather(cell, lines)
        return [line for line in map(_tidy, lines) if line]

    def _gather(self, element: Element, lines: list[str]) -> None:
        lines[-1] += element.text or ""
        for child in element:
            if isinstance(child.tag, str) and not self._noise.is_hidden(child):
                breaks = child.tag not in _INLINE
                lines.extend([_list_number(child)] if breaks else [])
                self._gather(child, lines)
                lines.extend([""] if breaks else [])
            lines[-1] += child.tail or ""

    def _flush(self, heading: bool = False) -> None:
        """A paragraph that is a link and no sentence only leads elsewhere, unless it is the title."""
        text = _tidy("".join(self._pending))
        leads_away = self._linked >= _MOSTLY * len("".join(text.split())) and "。" not in text and not heading
        self._pending.clear()
        self._linked = 0
        if text and not leads_away and not is_phrase(text):
            self._page.paragraph(self._number + text)
            self._number = ""


def _list_number(item: Element) -> str:
    """What the browser writes before an item of a numbered list."""
    parent = item.getparent() if item.tag == "li" else None
    if parent is None or parent.tag != "ol":
        return ""
    styled = _LIST_STYLE.search(parent.get("style", ""))
    style = _LIST_STYLES.get(styled[1].lower() if styled else parent.get("type", "1"), "decimal")
    number = _whole(parent.get("start", ""), 1)
    for sibling in parent.iterchildren("li"):
        number = _whole(sibling.get("value", ""), number)
        if sibling is item:
            break
        number += 1
    mark = "、" if style == "chineseCounting" else ". "
    return "" if style == "none" else numeral(number, style) + mark


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def _tidy(text: str) -> str:
    return re.sub(r"[ \t\r\n\f\xa0]+", " ", _BROKEN_LINE.sub("", text)).strip()


def _holds_data(table: Element) -> bool:
    """A table that only arranges the page holds tables, or has a single column."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in table.iter("tr"))


def _span(cell: Element, name: str) -> int:
    return min(max(1, _whole(cell.get(name, "").strip(), 1)), _MAX_SPAN)
