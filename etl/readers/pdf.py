"""pdf files with a text layer: paragraphs in reading order and tables, without running heads and page numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from db.records import Reading
from etl.readers.container import damaged, encrypted
from etl.readers.limits import MAX_CHARACTERS, MAX_PAGES, too_many_characters, too_many_pages
from etl.readers.page import Page, Table
from etl.readers.pdf_lines import Line, lines_of
from etl.readers.pdf_marks import PageContent
from etl.readers.pdf_paragraphs import Paragraph, Paragraphs, columns
from etl.readers.pdf_running import running_lines
from etl.readers.pdf_tables import PlacedTable, aligned_table, ruled_tables
from etl.readers.registry import reader
from etl.types import Refused

MEDIA_TYPE = "application/pdf"
_MOST_UNMAPPED = 0.05  # share of characters without a code, above which the text cannot be trusted
_NEAR = 3.0  # points between the column edges of a table and its continuation
_TAIL = 4096  # bytes in which a complete file names its end


@dataclass
class _Sheet:
    """One page of the file: its lines outside ruled tables, and these tables."""

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[PlacedTable] = field(default_factory=list)


@reader("pdf")
def read_pdf(content: bytes, name: str) -> Reading:
    """The text layer. A page without one is named in the notes; a file without any is refused."""
    if b"startxref" not in content[-_TAIL:] and b"%%EOF" not in content[-_TAIL:]:
        raise damaged()
    sheets = _sheets(content)
    notes = [f"page_without_text|第{sheet.number}页" for sheet in sheets if not sheet.lines and not sheet.tables]
    dropped = running_lines([(sheet.height, sheet.lines) for sheet in sheets])
    for sheet in sheets:
        sheet.lines = [line for line in sheet.lines if id(line) not in dropped]
    writer = _Writer(Paragraphs(columns((sheet.width, sheet.lines) for sheet in sheets)))
    for sheet in sheets:
        writer.write(sheet)
    writer.finish()
    reading = writer.page.reading(MEDIA_TYPE, notes)
    if not reading.text:
        raise Refused(
            "scanned",
            "这个 pdf 是扫描件或图片,里面没有文字层,无法读取数字,请上传原始的 docx、doc 或 xlsx,"
            "或用 WPS、Word 直接导出的 pdf。",
        )
    return reading


def _sheets(content: bytes) -> list[_Sheet]:
    import pypdfium2 as pdfium
    import pypdfium2.raw as api

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code in (api.FPDF_ERR_PASSWORD, api.FPDF_ERR_SECURITY):
            raise encrypted() from error
        raise damaged() from error
    with document:
        if len(document) > MAX_PAGES:
            raise too_many_pages(len(document))
        if not len(document):
            raise damaged()
        return _read_pages(document)


def _read_pages(document: object) -> list[_Sheet]:
    from etl.readers._pdf_page import page_content

    sheets: list[_Sheet] = []
    characters = unmapped = 0
    for number, page in enumerate(document, 1):  # type: ignore[var-annotated, arg-type]
        content = page_content(page)
        page.close()
        characters += len(content.glyphs)
        unmapped += content.unmapped
        if characters > MAX_CHARACTERS:
            raise too_many_characters()
        sheets.append(_sheet(number, content))
    if unmapped > _MOST_UNMAPPED * (characters + unmapped):
        raise Refused(
            "no_character_codes",
            "这个 pdf 里的字没有标明对应的文字编码,读出来会是乱码,请上传原始的 docx、doc 或 xlsx,"
            "或用 WPS、Word 重新导出 pdf。",
        )
    return sheets


def _sheet(number: int, content: PageContent) -> _Sheet:
    tables, outside = ruled_tables(content.rules, content.glyphs)
    return _Sheet(number, content.width, content.height, lines_of(outside), tables)


class _Writer:
    """Puts paragraphs and tables onto one page in their order; both may go on over the page break."""

    def __init__(self, paragraphs: Paragraphs) -> None:
        self.page = Page()
        self._paragraphs = paragraphs
        self._counted: dict[tuple[int, str], int] = {}
        self._waiting: tuple[int, PlacedTable] | None = None  # a table that may go on with the next page

    def write(self, sheet: _Sheet) -> None:
        for n, item in enumerate(_items(sheet)):
            if isinstance(item, PlacedTable):
                self._paragraph(self._paragraphs.close())
                if n or not self._continued(item):
                    self._write_waiting()
                    self._waiting = (sheet.number, item)
            elif isinstance(item, Table):
                self.finish()
                self._table(sheet.number, item)
            else:
                self._write_waiting()
                self._paragraph(self._paragraphs.add(item, sheet.number, sheet.width))

    def finish(self) -> None:
        """Writes what is still open."""
        self._paragraph(self._paragraphs.close())
        self._write_waiting()

    def _paragraph(self, paragraph: Paragraph | None) -> None:
        if paragraph is not None and paragraph.text.strip():
            self.page.paragraph(paragraph.text, self._place(paragraph.page, "段"))

    def _table(self, page: int, table: Table) -> None:
        if any(text.strip() for text in table.cells.values()):
            self.page.table(table, self._place(page, "表"))

    def _place(self, page: int, kind: str) -> str:
        n = self._counted[page, kind] = self._counted.get((page, kind), 0) + 1
        return f"第{page}页第{n}段" if kind == "段" else f"第{page}页表{n}"

    def _write_waiting(self) -> None:
        if self._waiting is not None:
            (page, placed), self._waiting = self._waiting, None
            self._table(page, placed.table)

    def _continued(self, following: PlacedTable) -> bool:
        """Adds the rows to the waiting table when the columns stand in the same places."""
        if self._waiting is None:
            return False
        edges = self._waiting[1].edges
        if len(edges) != len(following.edges):
            return False
        if any(abs(a - b) > _NEAR for a, b in zip(edges, following.edges, strict=True)):
            return False
        self._waiting[1].table.append(following.table)
        return True


def _items(sheet: _Sheet) -> Iterator[Line | PlacedTable | Table]:
    """From top to bottom; aligned lines are taken together as a table."""
    tables = sorted(sheet.tables, key=lambda table: table.top)
    lines = sheet.lines
    at = 0
    while at < len(lines) or tables:
        if tables and (at == len(lines) or tables[0].top < lines[at].base):
            yield tables.pop(0)
            continue
        until = next((n for n in range(at, len(lines)) if tables and lines[n].base > tables[0].top), len(lines))
        table, taken = aligned_table(lines[at:until])
        if taken:
            yield table
            at += taken
        else:
            yield lines[at]
            at += 1
