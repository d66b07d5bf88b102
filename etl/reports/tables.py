"""Tables that lost their lines: a header, then one cell per line (竹坪小学⏎120⏎117⏎97.5%)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from etl.reports.build import build
from etl.reports.dims import levels_of
from etl.reports.fitting import fits
from etl.reports.found import REPAIRED, Head, Situation
from etl.reports.grids import pair, with_unit
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number, find_numbers
from etl.reports.places import kind_char
from etl.reports.segments import Paragraph, Report

_LABEL = re.compile(r"^(?:学校名称|学校|单位名称|单位|乡镇|年级|名称|园所|疫苗名称|疫苗)")
_YEAR = re.compile(r"(?:19|20)\d{2}年?$")
_CELL = re.compile(r"\d[\d,.]*%?$")
_GLUED = re.compile(r"((?:19|20)\d{2})(\d{1,3}\.\d{1,2})%?(?:[(]([^()\d]{3,20})[)])?$")


@dataclass(frozen=True, slots=True)
class _Cell:
    paragraph: Paragraph
    label: str
    name: Name
    period: str | None


def read_tables(report: Report, lexicon: Lexicon) -> tuple[list[tuple[int, Situation]], set[int]]:
    """(readings of the cells, offsets of the paragraphs that belong to tables)."""
    lines = [p for p in report.paragraphs if p.text.strip(", ")]
    found: list[tuple[int, Situation]] = []
    taken: set[int] = set()
    for n, paragraph in enumerate(lines):
        if _GLUED.match(paragraph.text) and paragraph.start not in taken:
            glued = _glued(report, lexicon, lines, n)
            found += glued
            taken |= {start for start, _ in glued}
        if paragraph.start in taken or len(paragraph.text) > 60 or not 0 < n + 2 < len(lines):
            continue
        rows = _rows(paragraph, lines, n + 1, lexicon)
        for row in rows:
            cells = [(cell, _situation(report, lexicon, cell)) for cell in row]
            pair([s for _, s in cells])
            found += [(cell.paragraph.start, s) for cell, s in cells]
            taken |= {cell.paragraph.start for cell in row}
        if rows:
            taken.add(paragraph.start)
    return found, taken


def _glued(report: Report, lexicon: Lexicon, lines: Sequence[Paragraph], first: int) -> list[tuple[int, Situation]]:
    """2017102.4⏎2018103.1(初中毛入学率): a year run into the rate of that year, one line after another."""
    run = list(
        itertools.takewhile(lambda pair: pair[1] is not None, ((p, _GLUED.match(p.text)) for p in lines[first:]))
    )
    years = [int(m[1]) for _, m in run if m]
    named = next((m[3] for _, m in run if m and m[3]), lines[first - 1].text.strip(":, ") if first else "")
    name = lexicon.ending(named)
    if len(run) < 2 or years != list(range(years[0], years[0] + len(years))) or name is None or not name.code:
        return []
    found: list[tuple[int, Situation]] = []
    for paragraph, m in run:
        if m is None or lexicon.catalogue.indicator(name.code).unit != "percent":
            continue
        s = Situation(lexicon, report, paragraph, paragraph.text, paragraph.text, [], [], None)
        number = Number(m.start(2), m.end(2), m.end(2), Decimal(m[2]), "percent", "%")
        told = build(s, number, Head(name.code, name.word, named), "", "glued_year", REPAIRED)
        if told is not None:
            told.period = m[1]
            s.bound.append(told)
            found.append((paragraph.start, s))
    return found


def _rows(header: Paragraph, lines: Sequence[Paragraph], at: int, lexicon: Lexicon) -> list[list[_Cell]]:
    text = header.text.strip(", ")
    series = lexicon.ending(text.removesuffix("(%)"))
    if series and series.code and series.start <= 4 and lexicon.catalogue.indicator(series.code).unit == "percent":
        return list(_series(text, series, lines, at))
    if _EACH.match(text) and (listed := list(_named_lines(text, lines, at, lexicon))):
        return listed
    label = _LABEL.match(text)
    if label is None:
        return []
    if label.end() == len(text):
        return _columns(lines, at, lexicon)
    names = list(lexicon.names_in(text[label.end() :]))
    unread = len(text) - label.end() - sum(len(name.word) for name in names)
    if len(names) < 2 or unread > 6 or not all(name.code for name in names):
        return []
    return list(_grid(names, lines, at))


_EACH = re.compile(
    r"(?:各|分)(?:乡镇|镇|街道|校|园|学校|幼儿园|单位|县区|县|片区|学区|疫苗|苗|学段)[^。;,\d]{2,16}(?:[(](?:%|人|名|所|个|家|例|剂次)[)])?:?$"
)
_NAMED_LINE = re.compile(r"([一-鿿]{2,14}?)[ ,:]*\d[\d,]*(?:\.\d+)?%?$")


def _named_lines(text: str, lines: Sequence[Paragraph], first: int, lexicon: Lexicon) -> Iterator[list[_Cell]]:
    """各乡镇查验率(%):⏎城关镇 99.9⏎大渡口镇 100: places, schools or vaccines with a number each."""
    name = lexicon.ending(_UNIT_MARK.sub("", text.rstrip(":")))
    if name is None or not name.code:
        return
    for line in lines[first:]:
        found = _NAMED_LINE.match(line.text)
        if found is None or not (
            kind_char(found[1]) or levels_of(found[1]) or any(True for _ in lexicon.vaccines_in(found[1]))
        ):
            return
        yield [_Cell(line, found[1], name, None)]


_UNIT_MARK = re.compile("[(][^()]{1,3}[)]$")


def _columns(lines: Sequence[Paragraph], first: int, lexicon: Lexicon) -> list[list[_Cell]]:
    """疫苗名称⏎卡介苗⏎脊灰疫苗⏎接种率(%)⏎99.1⏎98.4: labels, then the name of a rate, then as many numbers."""
    for at in range(first, min(first + 40, len(lines))):
        text = re.sub(r"[(]%[)]$", "", lines[at].text.strip(", "))
        name = lexicon.ending(text)
        if name is None or name.start or not name.code or lexicon.catalogue.indicator(name.code).unit != "percent":
            continue
        width = at - first
        values = lines[at + 1 : at + 1 + width]
        if width < 2 or len(values) < width or not all(_CELL.match(v.text.strip(", ")) for v in values):
            return []
        return [[_Cell(v, label.text, name, None)] for label, v in zip(lines[first:at], values, strict=True)]
    return []


def _series(text: str, name: Name, lines: Sequence[Paragraph], first: int) -> Iterator[list[_Cell]]:
    """2018⏎98.9⏎2019⏎99.3 under the name of one rate."""
    for at in range(first, len(lines) - 1, 2):
        year, value = lines[at].text.strip(", "), lines[at + 1].text.strip(", ")
        if not _YEAR.match(year) or not _CELL.match(value) or _YEAR.match(value):
            return
        yield [_Cell(lines[at + 1], text, name, year.rstrip("年"))]


def _grid(names: list[Name], lines: Sequence[Paragraph], first: int) -> Iterator[list[_Cell]]:
    """Groups of a label and as many numbers as the header has names."""
    width = len(names) + 1
    for at in range(first, len(lines) - width + 1, width):
        label, *values = lines[at : at + width]
        if _CELL.match(label.text.strip(", ")) or not all(_CELL.match(v.text.strip(", ")) for v in values):
            return
        yield [_Cell(v, label.text.strip(", "), name, None) for v, name in zip(values, names, strict=True)]


def _situation(report: Report, lexicon: Lexicon, cell: _Cell) -> Situation:
    text = cell.paragraph.text
    s = Situation(lexicon, report, cell.paragraph, text, text, [], [], None)
    number = next(iter(find_numbers(text)), None)
    if number is None:
        return s
    number = with_unit(number, lexicon.catalogue.indicator(cell.name.code).unit)
    s.numbers = [number]
    if fits(s, cell.name.code, number, cell.name.word):
        head = Head(cell.name.code, cell.name.word, cell.label)
        found = build(s, number, head, "", "flattened_table", 0.7)
        if found is not None:
            found.period = cell.period or found.period
            s.bound.append(found)
    return s
