"""Cells of tables in documents whose row or column names an indicator and that the reading of sheets left out."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from decimal import Decimal

from db.records import Evidence, cell_text
from etl.reports import special
from etl.reports.anchors import Anchor
from etl.reports.found import Found
from etl.reports.fractions import by_arithmetic
from etl.reports.grids import WHOLE, Piece, name_of, read_cell
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number
from etl.reports.periods import end_of_span, find_periods
from etl.reports.segments import Paragraph, Report
from etl.types import Grid, Mention

_RESULT = re.compile("结果|实际|完成值|达到|现状|自评|实测|数值|本年|当年|实绩")
_WANTED = re.compile("标准|目标|要求|计划|应达|规定")
_LEVEL_ALONE = re.compile(
    "(?:幼儿园|学前|小学|初中|高中|普高|中职|职高|特教|完小|中学)(?:阶段|段|部)?"
)  # heads no column of schools
_SCORE = re.compile("(?:综合|评价|检查|最后|实际|总)*(?:得分|评分|分值|总分)(?:[(]分[)])?")
_FOUND_RATE = re.compile(r"((?:检出|患病|发生)率)(?:[(]%[)])?$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAS_HAN = re.compile("[一-鿿]")
# Digits in groups of three, or none: what a damaged file makes of 24,036 (24,03) is no number, as in sheets.
_COUNT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)$")
_NUMERIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*[%‰]?$")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a table of a document stands: in which report, under which line, and the period which that line names."""

    report: Report
    caption: str
    period: str | None


def read_missed(
    grid: Grid, standing: Standing, lexicon: Lexicon, known: Container[tuple[str | None, str | None]]
) -> Iterator[Mention]:
    """Mentions of the cells under or beside the name of an indicator; (sheet, cell) of those read already in `known`."""
    rows = [[_text(cell) for cell in row] for row in grid.cells]
    if len(rows) < 2:
        return
    header = rows[0]
    by_rows = _by_rows(rows, standing.report.anchor, lexicon)
    for r, row in enumerate(rows[1:], 1):
        for c, text in enumerate(row):
            if not _NUMERIC.match(text) or c >= len(header) or (grid.sheet, grid.address(r, c)) in known:
                continue
            named, label, name = _named(rows, r, c, by_rows, standing, lexicon)
            if name is not None:
                dated = by_rows.values[c] if by_rows else column_period(header[c], standing.report.anchor)
                yield from _mention(grid, standing, lexicon, (r, c), name, label, named, dated)


def _text(cell: object) -> str:
    return "" if cell is None else "".join(str(cell).split())


@dataclass(frozen=True, slots=True)
class _ByRows:
    """A table that has an indicator a row: the column of the names, and the columns of the values with their period."""

    names: int
    values: dict[int, str | None]


def _by_rows(rows: list[list[str]], anchor: Anchor, lexicon: Lexicon) -> _ByRows | None:
    for c in range(min(3, len(rows[0]))):
        named = sum(name_of(row[c], lexicon) is not None for row in rows[1:] if c < len(row))
        if named >= 2:
            columns = [(k, text) for k, text in enumerate(rows[0]) if k > c and not _WANTED.search(text)]
            dated: dict[int, str | None] = {k: period for k, text in columns if (period := column_period(text, anchor))}
            results = [k for k, text in columns if _RESULT.search(text)]
            return _ByRows(c, dated or dict.fromkeys(results[:1])) if dated or results else None
    return None


def column_period(heading: str, anchor: Anchor) -> str | None:
    """The period with which a heading begins (2019年, 2023年检出率(%), 上年在校生数)."""
    if _YEAR.fullmatch(heading):
        return heading
    span = next((x for x in find_periods(heading, anchor) if x.code and not x.start), None)
    return None if span is None or span.parts else span.code


def _named(
    rows: list[list[str]], r: int, c: int, by_rows: _ByRows | None, standing: Standing, lexicon: Lexicon
) -> tuple[str, str, Name | None]:
    if by_rows is not None:
        named = rows[r][by_rows.names] if by_rows.names < len(rows[r]) else ""
        return named, "", name_of(named, lexicon) if c in by_rows.values else None
    named = rows[0][c]
    label = next((cell for cell in rows[r][:c] if _HAS_HAN.search(cell)), "")
    if not label or not c or _LEVEL_ALONE.fullmatch(named) or _WANTED.search(named):
        return named, label, None
    if standing.report.is_on_hygiene and _SCORE.fullmatch(named):
        told = next((cell for cell in rows[r] if _LEVEL_ALONE.fullmatch(cell)), "")
        return named, label + told, Name(0, len(named), "hygiene_score", named)
    return named, label, name_of(named, lexicon) or _of_condition(named, label)


def _of_condition(named: str, label: str) -> Name | None:
    """检出率(%) of the row 近视: the health rate of the condition that a row names."""
    told = _FOUND_RATE.search(named)
    code = special.condition_of(label) if told and len(label) <= 8 and "超重" not in label else None
    return Name(told.start(1), told.end(1), code, told[1]) if told and code else None


def _mention(
    grid: Grid, standing: Standing, lexicon: Lexicon, at: tuple[int, int], name: Name, label: str, named: str,
    dated: str | None,
) -> Iterator[Mention]:  # fmt: skip
    row = [_text(cell) for cell in grid.cells[at[0]]]
    text = row[at[1]]
    paragraph = Paragraph(0, text)
    label = "" if WHOLE.match(label) else label
    s = read_cell(standing.report, lexicon, paragraph, Piece(text, 0), name, label, named, standing.caption)
    found: Found | None = s.bound[0] if s is not None and s.bound else None
    if found is None:
        return
    if lexicon.catalogue.indicator(found.code).unit == "percent" and found.value:
        counts = [
            Number(c, c, c, Decimal(cell.replace(",", "")), "") for c, cell in enumerate(row) if _COUNT.match(cell)
        ]
        found.start = found.end = at[1]
        found.numerator, found.denominator = by_arithmetic(found, counts) or (None, None)
    period = dated or standing.period or found.period
    evidence = Evidence(
        quote=cell_text(grid.cells[at[0]][at[1]]), rule="table_cell_by_name", rule_version="1", confidence=0.8, locator=grid.sheet,
        sheet=grid.sheet, cell=grid.address(*at),
    )  # fmt: skip
    yield Mention(
        indicator=found.code, value=found.value, unit=found.unit, evidence=evidence, dims=found.dims, entity=found.entity,
        scope=standing.report.scope, period=end_of_span(period) if period else None, qualifier=found.qualifier,
        numerator=found.numerator, denominator=found.denominator,
    )  # fmt: skip
