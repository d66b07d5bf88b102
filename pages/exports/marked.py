"""The workbook that was handed in, with its faults marked: coloured cells, a comment on each, a sheet that lists them.

An xlsx keeps its own formatting. Other formats, and workbooks too large or too broken to be opened here, come back as
an equivalent xlsx. Nothing that this module writes is ever a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from pages.exports.xlsx import sheet_name

COLOURS = {"block": "FFC7CE", "confirm": "FFEB9C", "note": "DDEBF7"}
_GRAVEST = ("block", "confirm", "note")
_LARGEST = 64 * 1024 * 1024  # bytes of XML that are opened in this process; the reader itself runs in a child
_MOST_CELLS = 300_000
_LONGEST_COMMENT = 1500
_RC = re.compile(r"R(\d+)C(\d+)")
_A1 = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_WIDTHS = (6, 10, 16, 9, 24, 78)
_HEAD_GROUND = "E7EAEE"
_NARROWEST, _WIDEST = 6, 36  # characters of a column of an equivalent, where nothing of the original's look is left
_RC_IN_WORDS = re.compile(r"(?<![0-9A-Za-z])R(\d+)C(\d+)(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault: the sheet and cells (A1 or R1C1, the first is the one to look at; none: the whole file), its severity
    (block, confirm, note), what kind it is and the sentence."""

    severity: str
    kind: str
    sentence: str
    sheet: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetData:
    """A sheet as it was read; merges are inclusive and count from 0."""

    name: str
    cells: Sequence[Sequence[object]]
    merges: Sequence[tuple[int, int, int, int]] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the list: its title, its six column heads, severities by name, what stands for the whole file."""

    title: str
    heads: tuple[str, str, str, str, str, str]
    severities: Mapping[str, str]
    author: str


def marked_workbook(content: bytes, sheets: Sequence[SheetData], marks: Sequence[Mark], words: Words) -> bytes:
    """An xlsx with the marks; `content` are the original bytes, `sheets` what was read of them."""
    ordered = sorted(marks, key=lambda mark: _GRAVEST.index(mark.severity))
    if _can_be_opened(content, sheets):
        try:
            return _in_original(content, ordered, words)
        except Exception:  # openpyxl raises whatever its parsers do; the equivalent shows the same faults
            return _equivalent(sheets, ordered, words)
    return _equivalent(sheets, ordered, words)


def _can_be_opened(content: bytes, sheets: Sequence[SheetData]) -> bool:
    """Whether these are the bytes of an xlsx without macros, of a size that this process may open."""
    if sum(len(sheet.cells) * max(map(len, sheet.cells), default=0) for sheet in sheets) > _MOST_CELLS:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {info.filename: info.file_size for info in package.infolist()}
            types = (
                package.read("[Content_Types].xml") if names.get("[Content_Types].xml", _LARGEST) < _LARGEST else b""
            )
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        return False
    return b"spreadsheetml.sheet.main+xml" in types and sum(names.values()) <= _LARGEST


def _by_cell(marks: Sequence[Mark]) -> dict[tuple[str, str], list[Mark]]:
    """Marks by sheet and A1 address, the gravest first."""
    found: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        for cell in mark.cells:
            address = _a1(cell)
            if mark.sheet is not None and address is not None:
                found[mark.sheet, address].append(mark)
    return found


def _a1(cell: str) -> str | None:
    """An address as a workbook writes it: R3C2 is B3; None for anything else."""
    if found := _RC.fullmatch(cell):
        return f"{get_column_letter(int(found[2]))}{found[1]}"
    return cell if _A1.fullmatch(cell) else None


def _in_workbook(sentence: str) -> str:
    """A sentence as it reads beside a workbook: what a text file names R3C2 is its cell B3."""
    return _RC_IN_WORDS.sub(lambda found: _a1(found[0]) or found[0], sentence)


def _comment_text(marks: Sequence[Mark], words: Words) -> str:
    text = "\n".join(f"[{words.severities[mark.severity]}] {_in_workbook(mark.sentence)}" for mark in marks)
    return text if len(text) <= _LONGEST_COMMENT else text[: _LONGEST_COMMENT - 1] + "…"


def _link(sheet: str, address: str) -> str:
    """The place of a cell inside the same workbook."""
    return "'" + sheet.replace("'", "''") + f"'!{address}"


def _rows(marks: Sequence[Mark], words: Words) -> list[tuple[int, str, str, str, str, str, str | None]]:
    """Number, severity, sheet, cell, kind, sentence and the place to link to."""
    rows = []
    for n, mark in enumerate(marks, 1):
        address = _a1(mark.cells[0]) if mark.cells else None
        link = _link(mark.sheet, address) if mark.sheet is not None and address is not None else None
        rows.append(
            (
                n,
                words.severities[mark.severity],
                mark.sheet or "",
                address or "",
                mark.kind,
                _in_workbook(mark.sentence),
                link,
            )
        )
    return rows


# ---- the original xlsx --------------------------------------------------------------------------------------


def _in_original(content: bytes, marks: Sequence[Mark], words: Words) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (name, address), held in _by_cell(marks).items():
        if name in book.sheetnames and hasattr(book[name], "merged_cells"):
            _mark_cell(book[name], address, held, words)
    taken = {name.casefold() for name in book.sheetnames}
    listed = book.create_sheet(sheet_name(words.title, taken), 0)
    _list_in(listed, marks, words)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is listed
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark_cell(sheet: Any, address: str, held: Sequence[Mark], words: Words) -> None:
    cell = sheet[address]
    if isinstance(cell, MergedCell):  # the colour and the comment of a merged region stand in its first cell
        region = next(one for one in sheet.merged_cells.ranges if address in one)
        cell = sheet.cell(region.min_row, region.min_col)
    cell.fill = PatternFill("solid", fgColor=COLOURS[held[0].severity])
    before = cell.comment.text + "\n\n" if cell.comment is not None else ""
    cell.comment = Comment(before + _comment_text(held, words), words.author, height=140, width=320)


def _list_in(sheet: Any, marks: Sequence[Mark], words: Words) -> None:
    for col, (head, width) in enumerate(zip(words.heads, _WIDTHS, strict=True), 1):
        spot = _text(sheet.cell(1, col), head)
        spot.font, spot.fill = Font(bold=True), PatternFill("solid", fgColor=_HEAD_GROUND)
        sheet.column_dimensions[get_column_letter(col)].width = width
    for row, (n, severity, where, address, kind, sentence, link) in enumerate(_rows(marks, words), 2):
        sheet.cell(row, 1).value = n
        sheet.cell(row, 1).alignment = Alignment(horizontal="center", vertical="top")
        for col, text in enumerate((severity, where, address, kind, sentence), 2):
            _text(sheet.cell(row, col), text).alignment = Alignment(vertical="top", wrap_text=col in (3, 5, 6))
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor=COLOURS[marks[row - 2].severity])
        if link is not None:
            spot = sheet.cell(row, 4)
            spot.hyperlink = Hyperlink(ref=spot.coordinate, location=link, display=address)
            spot.font = Font(color="0563C1", underline="single")
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _text(cell: Any, text: str) -> Any:
    """A cell with a text that stays a text, whatever it begins with."""
    cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    return cell


# ---- an equivalent of other formats -------------------------------------------------------------------------


def _equivalent(sheets: Sequence[SheetData], marks: Sequence[Mark], words: Words) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        taken: set[str] = set()
        listed = book.add_worksheet(sheet_name(words.title, taken))
        names = {sheet.name: sheet_name(sheet.name, taken) for sheet in sheets}
        found = _by_cell(marks)
        for sheet in sheets:
            _copy(book, book.add_worksheet(names[sheet.name]), sheet, found, words)
        _list_of(book, listed, marks, names, words)
    return out.getvalue()


def _copy(book: Any, target: Any, sheet: SheetData, found: Mapping[tuple[str, str], list[Mark]], words: Words) -> None:
    colours = {
        severity: book.add_format({"bg_color": f"#{colour}", "border": 1}) for severity, colour in COLOURS.items()
    }
    dated = {key: _dated(book, key) for key in ("", *COLOURS)}
    here = {coordinate_to_tuple(address): held for (name, address), held in found.items() if name == sheet.name}
    covered = {(r, c): (m[0], m[1]) for m in sheet.merges for r in range(m[0], m[2] + 1) for c in range(m[1], m[3] + 1)}
    moved: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for (row, col), held in here.items():
        moved[covered.get((row - 1, col - 1), (row - 1, col - 1))] += held
    for top, left, bottom, right in sheet.merges:
        if (bottom, right) != (top, left):
            target.merge_range(top, left, bottom, right, "")
    for col, width in enumerate(_widths(sheet, covered)):
        target.set_column(col, col, width)
    for r, values in enumerate(sheet.cells):
        for c, value in enumerate(values):
            if (r, c) not in covered or covered[r, c] == (r, c):
                severity = moved[r, c][0].severity if (r, c) in moved else ""
                _write(target, r, c, value, colours.get(severity), dated[severity])
    for (r, c), held in moved.items():
        if r >= len(sheet.cells) or c >= len(sheet.cells[r]):
            target.write_blank(r, c, None, colours[held[0].severity])
        target.write_comment(r, c, _comment_text(held, words), {"author": words.author, "x_scale": 2.4, "y_scale": 1.6})


def _widths(sheet: SheetData, covered: Mapping[tuple[int, int], object]) -> list[float]:
    """How wide each column is for what stands in it; a Chinese sign takes the room of two letters. What is merged over
    several columns counts for none of them, nor does a title that runs on over empty cells."""
    widest: dict[int, int] = defaultdict(int)
    for r, values in enumerate(sheet.cells):
        filled = sum(value is not None for value in values)
        for c, value in enumerate(values):
            if value is not None and (r, c) not in covered and filled > 1:
                longest = max(sum(1 + (sign > "\u2e7f") for sign in line) for line in str(value).split("\n"))
                widest[c] = max(widest[c], longest)
    return [min(_WIDEST, max(_NARROWEST, widest[c] + 1)) for c in range(max(map(len, sheet.cells), default=0))]


def _dated(book: Any, severity: str) -> Any:
    colour = {"bg_color": f"#{COLOURS[severity]}", "border": 1} if severity else {}
    return book.add_format({"num_format": "yyyy-mm-dd", **colour})


def _write(target: Any, row: int, col: int, value: object, style: Any, dated: Any) -> None:
    if value is None:
        target.write_blank(row, col, None, style)
    elif isinstance(value, bool):
        target.write_boolean(row, col, value, style)
    elif isinstance(value, (datetime, date)):
        target.write_datetime(row, col, value, dated)
    elif isinstance(value, (int, float)) and abs(value) < 10**15:
        target.write_number(row, col, value, style)
    else:
        target.write_string(row, col, str(value)[:32_767], style)


def _list_of(book: Any, target: Any, marks: Sequence[Mark], names: Mapping[str, str], words: Words) -> None:
    bold = book.add_format({"bold": True, "bg_color": f"#{_HEAD_GROUND}"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    counted = book.add_format({"align": "center", "valign": "top"})
    linked = book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})
    colours = {
        severity: book.add_format({"bg_color": f"#{colour}", "valign": "top"}) for severity, colour in COLOURS.items()
    }
    for col, (head, width) in enumerate(zip(words.heads, _WIDTHS, strict=True)):
        target.write_string(0, col, head, bold)
        target.set_column(col, col, width)
    for row, (n, severity, where, address, kind, sentence, _) in enumerate(_rows(marks, words), 1):
        target.write_number(row, 0, n, counted)
        for col, text in enumerate((severity, where, address, kind, sentence), 1):
            target.write_string(row, col, text, colours[marks[row - 1].severity] if col == 1 else plain)
        if address and where in names:
            target.write_url(row, 3, f"internal:{_link(names[where], address)}", linked, address)
    target.freeze_panes(1, 0)
    target.repeat_rows(0)
    target.set_landscape()
    target.set_paper(9)
    target.fit_to_pages(1, 0)
    target.activate()
