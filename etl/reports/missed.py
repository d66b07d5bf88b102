"""Cells of tables in documents whose row or column names an indicator and that the reading of sheets left out."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from db.records import Evidence
from etl.reports.found import Found
from etl.reports.grids import WHOLE, Piece, name_of, read_cell
from etl.reports.lexicon import Lexicon, Name
from etl.reports.periods import end_of_span
from etl.reports.segments import Paragraph, Report
from etl.types import Grid, Mention

_RESULT = re.compile("结果|实际|完成值|达到|现状|自评|实测|数值|本年|当年|实绩")
_WANTED = re.compile("标准|目标|要求|计划|应达|规定")
_LEVEL_ALONE = re.compile(
    "(?:幼儿园|学前|小学|初中|高中|普高|中职|职高|特教|完小|中学)(?:阶段|段|部)?"
)  # heads no column of schools
_SCORE = re.compile("(?:综合|评价|检查|最后|实际|总)*(?:得分|评分|分值|总分)(?:[(]分[)])?")
_NUMERIC = re.compile(r"\d[\d,]*(?:\.\d+)?\s*[%‰]?$")


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
    by_rows = _result_column(rows, lexicon)
    for r, row in enumerate(rows[1:], 1):
        for c, text in enumerate(row):
            if not _NUMERIC.match(text) or c >= len(header) or (grid.sheet, grid.address(r, c)) in known:
                continue
            named, label, name = _named(rows, r, c, by_rows, standing, lexicon)
            if name is not None:
                yield from _mention(grid, standing, lexicon, (r, c), text, name, label, named)


def _text(cell: object) -> str:
    return "" if cell is None else "".join(str(cell).split())


def _result_column(rows: list[list[str]], lexicon: Lexicon) -> tuple[int, int] | None:
    """(column of the names, column of the results) of a table that has an indicator a row."""
    for c in range(min(3, len(rows[0]))):
        named = sum(name_of(row[c], lexicon) is not None for row in rows[1:] if c < len(row))
        if named >= 2:
            results = [
                k for k, text in enumerate(rows[0]) if k > c and _RESULT.search(text) and not _WANTED.search(text)
            ]
            return (c, results[0]) if results else None
    return None


def _named(
    rows: list[list[str]], r: int, c: int, by_rows: tuple[int, int] | None, standing: Standing, lexicon: Lexicon
) -> tuple[str, str, Name | None]:
    if by_rows is not None:
        named = rows[r][by_rows[0]] if by_rows[0] < len(rows[r]) else ""
        return named, "", name_of(named, lexicon) if c == by_rows[1] else None
    named = rows[0][c]
    label = next((cell for cell in rows[r][:c] if re.search("[一-鿿]", cell)), "")
    if not label or not c or _LEVEL_ALONE.fullmatch(named):
        return named, label, None
    if standing.report.is_on_hygiene and _SCORE.fullmatch(named):
        told = next((cell for cell in rows[r] if _LEVEL_ALONE.fullmatch(cell)), "")
        return named, label + told, Name(0, len(named), "hygiene_score", named)
    return named, label, name_of(named, lexicon)


def _mention(
    grid: Grid, standing: Standing, lexicon: Lexicon, at: tuple[int, int], text: str, name: Name, label: str, named: str
) -> Iterator[Mention]:  # fmt: skip
    paragraph = Paragraph(0, text)
    label = "" if WHOLE.match(label) else label
    s = read_cell(standing.report, lexicon, paragraph, Piece(text, 0), name, label, named, standing.caption)
    found: Found | None = s.bound[0] if s is not None and s.bound else None
    if found is None:
        return
    period = standing.period or found.period
    evidence = Evidence(
        quote=_text(grid.cells[at[0]][at[1]]), rule="table_cell_by_name", rule_version="1", confidence=0.8, locator=grid.sheet,
        sheet=grid.sheet, cell=grid.address(*at),
    )  # fmt: skip
    yield Mention(
        indicator=found.code, value=found.value, unit=found.unit, evidence=evidence, dims=found.dims, entity=found.entity,
        scope=standing.report.scope, period=end_of_span(period) if period else None, qualifier=found.qualifier,
    )  # fmt: skip
