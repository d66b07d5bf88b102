"""Tables typed into a text (`rows.mark_rows`): a name at the head of a column or of a row, a label, a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.catalogue import Indicator
from etl.reports.build import build
from etl.reports.dims import is_mixed, levels_of
from etl.reports.fitting import fits
from etl.reports.found import Head, Situation
from etl.reports.fractions import by_arithmetic
from etl.reports.levels import OF_ALL_SCHOOLS
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number, find_numbers
from etl.reports.periods import find_periods
from etl.reports.rows import CELL
from etl.reports.segments import Paragraph, Report

# the unit of a bare number by the unit of its indicator
UNIT_OF = {
    "person": "person", "percent": "percent", "school": "school", "canteen": "school", "class": "class", "visit": "visits",
    "finding": "finding", "event": "event", "case": "case", "score": "score", "dose": "doses", "person_per_class": "person",
}  # fmt: skip
_UNIT_MARK = re.compile(r"[(](?:%|‰|人|名|所|个|家|份|次|户次|例|起|处|分|剂次|人次)[)]$|[/](?:%|人|所|个)$")


WHOLE = re.compile("(?:合计|总计|小计|共计|全[县区市镇乡校园]|平均)(?:数|情况)?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell: its text and where it begins in the working copy."""

    text: str
    start: int


def read_grids(report: Report, lexicon: Lexicon) -> tuple[list[tuple[int, Situation]], set[int]]:
    """(readings of the cells, offsets of the paragraphs that belong to such tables)."""
    found: list[tuple[int, Situation]] = []
    taken: set[int] = set()
    lines = report.paragraphs
    n = 0
    while n < len(lines):
        block = [n]
        while CELL in lines[n].text and block[-1] + 1 < len(lines) and _same_width(lines[n], lines[block[-1] + 1]):
            block.append(block[-1] + 1)
        if len(block) > 1:
            read = _read_block(report, lexicon, [lines[k] for k in block], lines[n - 1].text if n else "")
            if read:
                found += read
                taken |= {lines[k].start for k in block}
        n = block[-1] + 1
    return found, taken


def _same_width(one: Paragraph, two: Paragraph) -> bool:
    return one.text.count(CELL) == two.text.count(CELL)


_IN_TABLE = re.compile("(?:见|如)(?:下|附)?表(?:所示|[一二三四五六七八九十\\d]+)?[::。]?$")
_OF_SUCH = re.compile("^(?:附?表|附件)|(?:统计|汇总|情况|结果|进度|指标|一览|明细|基本情况)表?(?:[(][^()]*[)])?[::]?$")


def caption_level(caption: str, headings: Iterable[object], indicator: Indicator) -> str | None:
    """The one level of which the line above a table speaks (小学基本情况表, 各乡镇小学情况见下表。), if its columns name none.
    Canteens and vaccination of a table on compulsory education are those of all schools."""
    last = caption.rstrip("。").rsplit("。", 1)[-1]
    told = levels_of(last) if len(last) <= 40 and (_IN_TABLE.search(last) or _OF_SUCH.search(last)) else ()
    if len(told) != 1 or is_mixed(last) or any(levels_of(cell) for cell in headings if isinstance(cell, str)):
        return None
    of_all = told[0] == "CE" and indicator.domain in OF_ALL_SCHOOLS
    return told[0] if told[0] in indicator.levels and not of_all else None


def _pieces(paragraph: Paragraph) -> list[Piece]:
    out, at = [], paragraph.start
    for cell in paragraph.text.split(CELL):
        out.append(Piece(cell.strip(), at + len(cell) - len(cell.lstrip())))
        at += len(cell) + 1
    return out


def name_of(text: str, lexicon: Lexicon) -> Name | None:
    """The indicator that a heading names, its unit mark left out."""
    name = lexicon.ending(_UNIT_MARK.sub("", text))
    return name if name and name.code else None


def _read_block(
    report: Report, lexicon: Lexicon, block: Sequence[Paragraph], caption: str
) -> list[tuple[int, Situation]]:
    header, *rows = [_pieces(paragraph) for paragraph in block]
    columns = [name_of(cell.text, lexicon) for cell in header[1:]]
    by_rows = not any(columns)
    found: list[tuple[int, Situation]] = []
    for row, paragraph in zip(rows, block[1:], strict=True):
        name = name_of(row[0].text, lexicon) if by_rows else None
        cells: list[Situation] = []
        for cell, column, heading in zip(row[1:], columns, header[1:], strict=True):
            told = name if by_rows else column
            if told is None:
                continue
            named, label = (row[0], heading.text) if by_rows else (heading, row[0].text)
            label = "" if WHOLE.match(label) else label
            s = read_cell(report, lexicon, paragraph, cell, told, label, _UNIT_MARK.sub("", named.text), caption)
            if s is not None:
                cells.append(s)
                found.append((cell.start, s))
        pair(cells)
    return found


def read_cell(
    report: Report, lexicon: Lexicon, paragraph: Paragraph, cell: Piece, name: Name, label: str, named: str, caption: str
) -> Situation | None:  # fmt: skip
    """The observation of one cell: its number under the name of its column or row, with the label beside it."""
    number = next(iter(find_numbers(cell.text)), None)
    if number is None or number.start:
        return None
    s = Situation(lexicon, report, paragraph, cell.text, cell.text, [], [], None)
    s.numbers = [with_unit(number, lexicon.catalogue.indicator(name.code).unit)]
    if not fits(s, name.code, s.numbers[0], name.word):
        return None
    found = build(s, s.numbers[0], Head(name.code, name.word, f"{label},{named}"), "", "flattened_table", 0.8)
    if found is None:
        return None
    found.period = _period(report, (label, named, caption)) or found.period
    words = label + named
    level = caption_level(caption, (words,), lexicon.catalogue.indicator(name.code))
    if level is not None and not is_mixed(words):
        found.dims["level"] = level
    s.bound.append(found)
    return s


def _period(report: Report, texts: Sequence[str]) -> str | None:
    for text in texts:
        if re.fullmatch(r"(?:19|20)\d\d", text):
            return text
        span = next((x for x in find_periods(text, report.anchor) if x.absolute and x.code and not x.baseline), None)
        if span is not None and len(text) <= 40:
            return span.code
    return None


def with_unit(number: Number, unit: str) -> Number:
    """A bare number of a cell with the unit that its column gives it."""
    return number._replace(unit=UNIT_OF.get(unit, ""), word=unit) if number.unit == "" else number


def pair(situations: Sequence[Situation]) -> None:
    """Numerators and denominators of a row."""
    counts = [s.numbers[0] for s in situations if s.numbers and not s.numbers[0].is_rate]
    for s in situations:
        for found in s.bound:
            rate = s.indicator(found.code).unit == "percent"
            if rate and found.value > Decimal(0) and (held := by_arithmetic(found, counts)):
                found.numerator, found.denominator = held
