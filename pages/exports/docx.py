"""A paper as docx in the layout of official papers (GB/T 9704-2012): A4, 22 lines of 28 signs, named fonts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import _Cell

from pages.exports.docx_fonts import BODY, HEADING, LATIN, SMALL, SUBHEADING, TITLE, font_table
from pages.exports.paper import Annex, Block, Chart, Paper, Paragraph, Run, Table
from pages.exports.picture import drawn

TOP, LEFT, CORE_WIDTH, CORE_HEIGHT = 37, 28, 156, 225  # mm: head margin, binding margin, the area of the text
WIDTH, HEIGHT = 210, 297
LINE_PT = 28.9  # 225 mm over 22 lines
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL = 22, 16, 14, 10.5  # pt of the sizes 2, 3, 4 and 5
_FOOTER_MM = 25  # the number stands 7 mm below the text
_AFTER_WRAP = ("w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
               "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")  # fmt: skip
_FONTS = {"heading": HEADING, "subheading": SUBHEADING, "body": BODY, "note": BODY}


def docx_bytes(paper: Paper) -> bytes:
    """The paper as docx. Raises picture.NotDrawn where a chart cannot be drawn."""
    return _Writer(paper).bytes()


class _Writer:
    def __init__(self, paper: Paper) -> None:
        self.paper, self.document = paper, Document()
        self.pictures: Iterator[bytes] = iter(drawn([dict(each.spec) for each in paper.charts()], "png"))
        self.anchors = 0

    def bytes(self) -> bytes:
        self._prepare()
        self._cover()
        self._section(wide=False, first=True)
        self._title(self.paper.lines())
        self._blocks(self.paper.body, CORE_WIDTH)
        for annex in self.paper.annexes:
            self._annex(annex)
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _prepare(self) -> None:
        normal = self.document.styles["Normal"]
        _font(normal.element.get_or_add_rPr(), BODY)
        normal.font.size = Pt(SIZE_3)
        for told in self.document.styles.element.iter(qn("w:lang")):  # python-docx's own document is an American one
            told.set(qn("w:eastAsia"), "zh-CN")
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = self.paper.title, self.paper.author, ""
        properties.created = properties.modified = datetime.now(UTC).replace(microsecond=0)
        properties.language = "zh-CN" if self.paper.language == "zh" else "en"
        settings = self.document.settings
        settings.odd_and_even_pages_header_footer = True
        for part in self.document.part.package.iter_parts():
            if part.partname.endswith("fontTable.xml"):
                part._blob = font_table()
        _page(self.document.sections[0], wide=False)

    def _cover(self) -> None:
        self._line(self.paper.edition, HEADING, SIZE_3, after=150)
        self._title(self.paper.lines(), after=60)
        for label, text in self.paper.cover:
            self._line(f"{label}{text}", BODY, SIZE_3, indent=2)
        for note in self.paper.cover_notes:
            self._line(note, BODY, SIZE_4, indent=2, before=14)

    def _section(self, *, wide: bool, first: bool = False) -> None:
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        _page(section, wide=wide)
        for footer in (section.footer, section.even_page_footer):
            footer.is_linked_to_previous = not first
        if first:
            start = OxmlElement("w:pgNumType")
            start.set(qn("w:start"), "1")
            section._sectPr.find(qn("w:pgMar")).addnext(start)
            _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
            _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
        else:  # the numbers go on: the section copies that of the one before
            for held in section._sectPr.findall(qn("w:pgNumType")):
                section._sectPr.remove(held)

    def _annex(self, annex: Annex) -> None:
        self._section(wide=annex.wide)
        self._line(annex.label, HEADING, SIZE_3)
        self._title(annex.title, after=6)
        self._blocks(annex.blocks, CORE_HEIGHT if annex.wide else CORE_WIDTH)

    def _blocks(self, blocks: Sequence[Block], width: int) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Table):
                self._table(block, width)
            else:
                self._chart(block, width)

    def _title(self, text: str, after: float = 29) -> None:
        paragraph = self._line(text, TITLE, SIZE_2, after=after)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(34)

    def _line(
        self, text: str, font: tuple[str, ...], size: float, *, indent: int = 0, before: float = 0, after: float = 0
    ) -> Any:
        paragraph = self.document.add_paragraph()
        _spaced(paragraph, indent * SIZE_3, before, after)
        _run(paragraph, text, font, size)
        return paragraph

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph()
        note = block.kind == "note"
        _spaced(paragraph, 0 if note else 2 * SIZE_3, 0, 0, line=18 if note else LINE_PT)
        if not note:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            anywhere = OxmlElement("w:wordWrap")  # a long number breaks: the line before it would be stretched
            anywhere.set(qn("w:val"), "0")
            paragraph._p.get_or_add_pPr().insert_element_before(anywhere, *_AFTER_WRAP)
        if block.kind in ("heading", "subheading"):
            paragraph.paragraph_format.keep_with_next = True
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), "0" if block.kind == "heading" else "1")
            paragraph._p.get_or_add_pPr().append(level)
        self._runs(paragraph, block.runs, _FONTS[block.kind], SIZE_SMALL if note else SIZE_3)

    def _runs(self, paragraph: Any, runs: Sequence[Run], font: tuple[str, ...], size: float) -> None:
        for run in runs:
            _run(paragraph, run.text, font, size)
            for ref in run.refs:
                _reference(paragraph, ref, size)

    def _table(self, block: Table, width: int) -> None:
        if block.title:
            caption = self._line(block.title, HEADING, SIZE_4, before=10, after=4)
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            caption.paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=1, cols=len(block.heads))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        widths = [Mm(width * each / sum(block.widths)) for each in block.widths]
        for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
            self._cell(cell, (Run(head),), HEADING, WD_ALIGN_PARAGRAPH.CENTER)
        _repeated(table.rows[0])
        model = deepcopy(table.rows[0]._tr)  # copied: rows added one by one take the square of their number in time
        for held in model.findall(qn("w:trPr")):
            model.remove(held)
        model.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for values in block.rows:
            self._row(table, deepcopy(model), values, block)
        for column, each in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            column.set(qn("w:w"), str(int(each.twips)))
        for row in table._tbl.tr_lst:
            for cell, each in zip(row.tc_lst, widths, strict=True):
                cell.width = each
        for note in block.notes:
            self._paragraph(Paragraph("note", (Run(note),)))

    def _row(self, table: Any, tr: Any, values: Sequence[Run], block: Table) -> None:
        table._tbl.append(tr)
        for n, (tc, run) in enumerate(zip(tr.tc_lst, values, strict=True)):
            cell = _Cell(tc, table)
            paragraph = cell.paragraphs[0]
            for held in list(paragraph._p.findall(qn("w:r"))):
                paragraph._p.remove(held)
            align = WD_ALIGN_PARAGRAPH.RIGHT if n in block.figures else WD_ALIGN_PARAGRAPH.LEFT
            self._cell(cell, (run,), BODY, align)
            if n == 0 and block.anchored:
                self.anchors += 1
                _bookmark(paragraph, f"src_{run.text}", self.anchors)

    def _cell(self, cell: Any, runs: Sequence[Run], font: tuple[str, ...], align: Any) -> None:
        paragraph = cell.paragraphs[0]
        _spaced(paragraph, 0, 0, 0, line=15)
        paragraph.alignment = align
        self._runs(paragraph, runs, font, SIZE_SMALL)

    def _chart(self, block: Chart, width: int) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.keep_with_next = Pt(8), True
        shape = paragraph.add_run().add_picture(io.BytesIO(next(self.pictures)), width=Mm(width))
        shape._inline.docPr.set("descr", block.alt)
        tallest = Mm(CORE_HEIGHT - 40)
        if shape.height > tallest:  # a tall chart stays on one page
            shape.width, shape.height = Emu(shape.width * tallest // shape.height), tallest
        caption = self._line(block.caption, SUBHEADING, SIZE_4, after=8)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _page(section: Any, *, wide: bool) -> None:
    long, short = Mm(HEIGHT), Mm(WIDTH)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    right, bottom = WIDTH - LEFT - CORE_WIDTH, HEIGHT - TOP - CORE_HEIGHT
    # a turned sheet is bound at its head
    margins = (LEFT, bottom, right, TOP) if wide else (TOP, LEFT, bottom, right)
    section.top_margin, section.left_margin, section.bottom_margin, section.right_margin = map(Mm, margins)
    section.footer_distance = Mm(15 if wide else _FOOTER_MM)


def _spaced(paragraph: Any, indent: float, before: float, after: float, line: float = LINE_PT) -> None:
    look = paragraph.paragraph_format
    look.first_line_indent, look.space_before, look.space_after = Pt(indent), Pt(before), Pt(after)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)


def _run(paragraph: Any, text: str, font: tuple[str, ...], size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _font(run._r.get_or_add_rPr(), font)
    return run


def _font(properties: Any, font: tuple[str, ...]) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), LATIN)
    fonts.set(qn("w:eastAsia"), font[0])


def _reference(paragraph: Any, number: int, size: float) -> None:
    """The number of a source, raised, a way to its row in the annex."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), f"src_{number}")
    link.set(qn("w:history"), "1")
    run = _run(paragraph, f"[{number}]", SMALL, max(7, size * 0.6))
    raised = OxmlElement("w:position")
    raised.set(qn("w:val"), str(int(size * 0.7)))  # half points: raised, but not made smaller still
    run._r.rPr.find(qn("w:sz")).addprevious(raised)
    paragraph._p.remove(run._r)
    link.append(run._r)
    paragraph._p.append(link)


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.insert(1, start)
    paragraph._p.append(end)


def _repeated(row: Any) -> None:
    """The heads of a table stand on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _page_number(paragraph: Any, align: Any) -> None:
    """`— 1 —`, one sign from the outer edge."""
    paragraph.alignment = align
    edge = paragraph.paragraph_format
    edge.left_indent = edge.right_indent = Pt(SIZE_4)
    _run(paragraph, "\u2014 ", SMALL, SIZE_4)
    for kind, code in (("begin", ""), ("", " PAGE "), ("separate", ""), ("shown", "1"), ("end", "")):
        run = _run(paragraph, "1" if kind == "shown" else "", SMALL, SIZE_4)
        if code.strip() == "PAGE":
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = code
        elif kind == "shown":
            continue
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
    _run(paragraph, " \u2014", SMALL, SIZE_4)
