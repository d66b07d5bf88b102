"""Tables inside a report: what their rows leave open (place, period, level) is what the report around them says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.catalogue import Catalogue
from etl.reports.cleaning import Clean, clean
from etl.reports.dims import level_of
from etl.reports.lexicon import lexicon_of
from etl.reports.periods import end_of_span
from etl.reports.segments import Report, find_reports
from etl.types import Grid, Mention, Reading

CARRIED = 0.85  # confidence of what a table takes from the report around it
_FLOWS = frozenset({"schools_new", "schools_merged", "graduates", "entrants", "transfer_in", "transfer_out"})


def carry_into_tables(
    mentions: Sequence[Mention], reading: Reading, catalogue: Catalogue, name: str
) -> tuple[Mention, ...]:
    """The mentions of a document's tables with place, period, scope and level of the report in which each table stands."""
    copy = clean(reading.text, lexicon_of(catalogue).crosses)
    reports = find_reports(copy.text, name)
    starts = {block.grid.sheet: block.start for block in reading.blocks if block.grid is not None}
    grids = {grid.sheet: grid for grid in reading.grids}
    carried = []
    for mention in mentions:
        sheet = mention.evidence.sheet or ""
        report = _report_at(reports, copy, starts.get(sheet, 0))
        if report is None:
            carried.append(mention)
            continue
        carried.append(_carry(mention, report, grids.get(sheet), catalogue))
    return tuple(carried)


def _report_at(reports: Sequence[Report], copy: Clean, at: int) -> Report | None:
    before = [r for r in reports if r.paragraphs and copy.origin[r.paragraphs[0].start] <= at]
    return before[-1] if before else (reports[0] if reports else None)


def _carry(mention: Mention, report: Report, grid: Grid | None, catalogue: Catalogue) -> Mention:
    period = mention.period or report.anchor.default
    if period and mention.period is None and mention.indicator not in _FLOWS:
        period = end_of_span(period)
    entity = mention.entity or report.issuer.name
    dims = dict(mention.dims)
    indicator = catalogue.indicator(mention.indicator)
    if "level" in indicator.dims and "level" not in dims:
        told = level_of(_header(mention, grid)) or ("KG" if "学前教育" in report.title else None)
        if told in indicator.levels:
            dims["level"] = told
    same = period == mention.period and entity == mention.entity and dims == dict(mention.dims)
    evidence = mention.evidence if same else replace(
        mention.evidence, confidence=min(mention.evidence.confidence, CARRIED)
    )  # fmt: skip
    return replace(
        mention, period=period, entity=entity, dims=dims, scope=mention.scope or report.scope, evidence=evidence
    )


def _header(mention: Mention, grid: Grid | None) -> str:
    """The texts above a cell in its column."""
    found = re.fullmatch(r"([A-Z]+)(\d+)", mention.evidence.cell or "")
    if grid is None or found is None:
        return ""
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    above = grid.cells[: int(found[2]) - 1]
    return "".join(cell for row in above if column <= len(row) and isinstance(cell := row[column - 1], str))
