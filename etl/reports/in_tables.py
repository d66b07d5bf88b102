"""Tables inside a report: what their rows leave open (place, period, level) is what the report around them says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.catalogue import Catalogue
from etl.addresses import place_of
from etl.reports.cleaning import Clean, clean
from etl.reports.dated import title_period
from etl.reports.dims import is_mixed, level_of
from etl.reports.grids import caption_level
from etl.reports.lexicon import Lexicon, lexicon_of
from etl.reports.missed import Standing, column_period, read_missed
from etl.reports.periods import end_of_span
from etl.reports.script import han_value
from etl.reports.segments import Report, find_reports
from etl.types import Grid, Mention, Reading

CARRIED = 0.85  # confidence of what a table takes from the report around it
_CHECKED = frozenset({"vac_cert_check_due", "vac_cert_check_done"})
_FLOWS = frozenset({"schools_new", "schools_merged", "graduates", "entrants", "transfer_in", "transfer_out"})


def carry_into_tables(
    mentions: Sequence[Mention], reading: Reading, catalogue: Catalogue, name: str
) -> tuple[Mention, ...]:
    """The mentions of a document's tables with place, period, scope and level of the report in which each table stands."""
    lexicon = lexicon_of(catalogue)
    copy = clean(reading.text, lexicon.crosses)
    reports = find_reports(copy.text, name)
    if not reports:
        return tuple(mentions)
    starts = {block.grid.sheet: block.start for block in reading.blocks if block.grid is not None}
    grids = {grid.sheet: grid for grid in reading.grids}
    sheets = {*grids, *(mention.evidence.sheet or "" for mention in mentions)}
    standing = {sheet: _standing(reports, copy, reading.text, starts.get(sheet, 0)) for sheet in sheets}
    of_checks = {mention.evidence.sheet for mention in mentions if mention.indicator in _CHECKED}
    carried: list[Mention] = []
    for mention in mentions:
        sheet = mention.evidence.sheet or ""
        if mention.indicator == "schools" and mention.evidence.sheet in of_checks:
            continue  # 机构数 of a table of certificates are those checked
        if (meant := _by_row(mention, grids.get(sheet))) is not None:
            carried.append(_carry(meant, standing[sheet], grids.get(sheet), lexicon))
    known = {(mention.evidence.sheet, mention.evidence.cell) for mention in carried}
    for grid in reading.grids:
        carried += read_missed(grid, standing[grid.sheet], lexicon, known)
    return tuple(carried)


def _standing(reports: Sequence[Report], copy: Clean, text: str, start: int) -> Standing:
    """Where the table that begins at an offset of the text stands."""
    report = _report_at(reports, copy, start)
    caption = _caption(text, start)
    return Standing(report, caption, _caption_period(caption))


# 填报单位:… 填报日期:… between the title of a table and its head
_FORM_LINE = re.compile(r"^[(]?(?:填报|填表|制表|统计|报送|计量|审核)?(?:单位|日期|时间|人)\s*[::]|^[(][^()]*[)]$")


def _caption(text: str, start: int) -> str:
    """The line above a table, or the one above the line that tells who filled it in, when and in what units."""
    lines = [line.strip() for line in text[max(0, start - 400) : start].split("\n") if line.strip()]
    while len(lines) > 1 and _FORM_LINE.match(lines[-1]):
        lines.pop()
    return lines[-1] if lines else ""


# What an item of an inspection is about, where a table has one item a row under 合格数 and 合格率
_ITEMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"采光|照明", "classroom_lighting_rate"), (r"课桌椅", "desk_chair_match_rate"), (r"饮用?水|水质|水样", "water_quality_pass_rate"),
        (r"餐饮?具|消毒", "tableware_pass_rate"), (r"食材|食品|原料|蔬菜|农产品", "food_sampling_pass_rate"),
        (r"微小气候|噪声|空气|黑板|人均面积|甲醛|风量", ""),
    )
)  # fmt: skip
_OF_ITEMS = frozenset(
    {"hygiene_inspection_pass_rate", "hygiene_passed_count", "hygiene_inspected_count", "hygiene_supervision_coverage"}
)


def _by_row(mention: Mention, grid: Grid | None) -> Mention | None:
    """A pass rate of the item that its row names; None for items and counts that are no indicators."""
    row, _ = place_of(mention.evidence.cell)
    if grid is None or row is None or mention.indicator not in _OF_ITEMS or row >= len(grid.cells):
        return mention
    label = next((cell for cell in grid.cells[row] if isinstance(cell, str) and re.search("[一-鿿]", cell)), "")
    code = next((code for pattern, code in _ITEMS if pattern.search(label)), None)
    if code is None:
        return mention
    if not code or mention.indicator != "hygiene_inspection_pass_rate":
        return None
    return replace(mention, indicator=code, dims={})


_TABLE_TITLE = re.compile("(?:统计|汇总|情况|结果|进度|指标|一览|明细)表?(?:[(][^()]*[)])?[::]?$")


def _caption_period(caption: str) -> str | None:
    """The period that the line above a table names (表1 2023年秋季新入园幼儿…)."""
    titled = re.match("(?:附?表|附件)", caption) or _TABLE_TITLE.search(caption)
    if not titled or len(caption) > 60 or "。" in caption:
        return None
    return title_period(re.sub(r"^(?:附?表|附件)\s*[一二三四五六七八九十\d]*[::.\s]*", "", caption))


def _report_at(reports: Sequence[Report], copy: Clean, at: int) -> Report:
    before = [r for r in reports if r.paragraphs and copy.origin[r.paragraphs[0].start] <= at]
    return before[-1] if before else reports[0]


def _carry(mention: Mention, standing: Standing, grid: Grid | None, lexicon: Lexicon) -> Mention:
    report = standing.report
    dated = next((p for text in _headings(mention, grid) if (p := column_period(text, report.anchor))), None)
    period = (
        mention.period or dated or _month_of_row(mention, grid, standing) or standing.period or report.anchor.default
    )
    if period and mention.period is None and mention.indicator not in _FLOWS:
        period = end_of_span(period)
    entity = mention.entity or report.issuer.name
    dims = dict(mention.dims)
    indicator = lexicon.catalogue.indicator(mention.indicator)
    if "level" in indicator.dims and "level" not in dims:
        words = "".join(_headings(mention, grid))
        told = level_of(words)
        if told is None and grid is not None and not is_mixed(words):
            told = caption_level(standing.caption, grid.cells[0], indicator)
        told = told or ("KG" if "学前教育" in report.title else None)
        if told is None and entity == report.issuer.name:
            told = report.own_level
        if told in indicator.levels:
            dims["level"] = told
    if "vaccine" in indicator.dims and "vaccine" not in dims:
        named = {name.code for name in lexicon.vaccines_in(standing.caption)}
        dims |= {"vaccine": named.pop()} if len(named) == 1 else {}  # 表3 适龄女生HPV疫苗接种进度
    same = period == mention.period and entity == mention.entity and dims == dict(mention.dims)
    evidence = mention.evidence if same else replace(
        mention.evidence, confidence=min(mention.evidence.confidence, CARRIED)
    )  # fmt: skip
    return replace(
        mention, period=period, entity=entity, dims=dims, scope=mention.scope or report.scope, evidence=evidence
    )


_MONTH = re.compile(r"(1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月份?")


def _month_of_row(mention: Mention, grid: Grid | None, standing: Standing) -> str | None:
    """The month that the first cells of a row name (9月), in the year, term or school year of the table."""
    row, column = place_of(mention.evidence.cell)
    if grid is None or row is None or column is None or row >= len(grid.cells):
        return None
    labels = (cell.strip() for cell in grid.cells[row][: min(column, 2)] if isinstance(cell, str))
    told = next((found[1] for label in labels if (found := _MONTH.fullmatch(label))), None)
    if told is None:
        return None
    month = int(told) if told.isdigit() else int(han_value(told) or 0)
    year = replace(standing.report.anchor, title=standing.period or standing.report.anchor.title).year_of_month(month)
    return f"{year}-{month:02d}" if year and 1 <= month <= 12 else None


def _headings(mention: Mention, grid: Grid | None) -> list[str]:
    """The words above a cell in its column; numbers there are values."""
    row, column = place_of(mention.evidence.cell)
    if grid is None or row is None or column is None:
        return []
    texts = (line[column] for line in grid.cells[:row] if column < len(line))
    return [text for text in texts if isinstance(text, str) and re.search("[一-鿿]", text)]
