"""Tables to mentions: finds the header, names the columns, reads the rows; one module per kind of layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from db.catalogue import Catalogue
from db.records import Grid, Issue, ObsStatus, Reading, Rejected
from etl.sheets.cells import Kind
from etl.sheets.crosstab import read_crosstab
from etl.sheets.facts import Fact, Output, evidence, role_of
from etl.sheets.header import Sheet, Table, find_tables
from etl.sheets.identities import doubt_certificates
from etl.sheets.labels import Vocabulary
from etl.sheets.left_out import hidden_sheet, ledger_note, missing_period, no_table
from etl.sheets.long import fields_of, read_long
from etl.sheets.pairs import find_pairs, read_pairs, read_score
from etl.sheets.rates import finish
from etl.sheets.rosters import id_number_issue, roster_issue
from etl.sheets.titles import Frame, frame_from_lines, read_frame
from etl.sheets.views import View
from etl.types import Extraction, Mention

__all__ = ["extract_sheets"]


def extract_sheets(reading: Reading, catalogue: Catalogue, *, name: str = "") -> Extraction:
    """The mentions of all grids of a reading, with the numbers left out (rejected) and what a person must see."""
    mentions: list[Mention] = []
    rejected: list[Rejected] = []
    issues: list[Issue] = []
    parts: list[Mention] = []
    views: list[View] = []
    vocabulary = Vocabulary(catalogue)
    for grid in reading.grids:
        found = _one_grid(grid, catalogue, vocabulary, name)
        mentions += found.mentions
        rejected += found.rejected
        issues += found.issues
        parts += found.parts
        views += found.views
    return Extraction(tuple(mentions), tuple(rejected), tuple(issues), parts=tuple(parts), views=tuple(views))


def _one_grid(grid: Grid, catalogue: Catalogue, vocabulary: Vocabulary, name: str) -> Extraction:
    sheet = Sheet(grid)
    personal = id_number_issue(sheet)
    if grid.hidden:
        rosters = (issue for table in find_tables(grid) if (issue := roster_issue(table)) is not None)
        return Extraction(issues=(personal or next(rosters, None) or hidden_sheet(grid),))
    if personal is not None:
        return Extraction(issues=(personal,))
    pairs = find_pairs(sheet)
    if pairs:
        frame = frame_from_lines(_lines_above(sheet, pairs[0][1][0]), (), (grid.sheet, name))
        out = read_pairs(sheet, pairs, frame, vocabulary)
        finish(out, sheet, catalogue)
        return _extraction(sheet, out, "pair")
    tables = find_tables(grid)
    if not tables and any(sheet.own(row) for row in range(sheet.height)):
        return Extraction(issues=(no_table(grid),))
    found = _tables(tables, catalogue, vocabulary, grid.sheet, name)
    return Extraction(
        tuple(m for one in found for m in one.mentions),
        tuple(r for one in found for r in one.rejected),
        tuple(i for one in found for i in one.issues),
        parts=tuple(p for one in found for p in one.parts),
        views=tuple(v for one in found for v in one.views),
    )


def _lines_above(sheet: Sheet, row: int) -> list[str]:
    return [str(value) for r in range(row) for _, value in sheet.own(r)]


def _tables(
    tables: Sequence[Table], catalogue: Catalogue, vocabulary: Vocabulary, sheet_name: str, name: str
) -> list[Extraction]:
    found: list[Extraction] = []
    frame: Frame | None = None
    for table in tables:
        personal = roster_issue(table)
        if personal is not None:
            return [Extraction(issues=(personal,))]
        frame = read_frame(table, sheet_name, name, frame)
        ledger = ledger_note(table)
        if ledger is not None:
            found.append(Extraction(issues=(ledger,), views=(View(table, period=frame.period, file_name=name),)))
            continue
        out, layout = _one_table(table, frame, vocabulary)
        doubt_certificates(out.facts)
        finish(out, table.sheet, catalogue)
        undated = missing_period(table, out.facts)
        out.issues += [undated] if undated is not None else []
        view = View(table, tuple(out.columns), tuple(out.rows), frame.period, name)
        found.append(replace(_extraction(table.sheet, out, layout), views=(view,)))
    return found


def _extraction(sheet: Sheet, out: Output, layout: str) -> Extraction:
    mentions = tuple(_mention(sheet, fact, layout) for fact in out.facts)
    parts = tuple(replace(_mention(sheet, fact, layout), indicator=fact.part or "", unit="count") for fact in out.parts)
    return Extraction(mentions, tuple(out.rejected), tuple(out.issues), parts=parts)


def _one_table(table: Table, frame: Frame, vocabulary: Vocabulary) -> tuple[Output, str]:
    score = read_score(table, frame)
    if score is not None:
        return score, "score"
    fields = fields_of(table)
    if fields is not None:
        return read_long(table, fields, frame, vocabulary), "long"
    return read_crosstab(table, frame, vocabulary), "wide"


def _mention(sheet: Sheet, fact: Fact, layout: str) -> Mention:
    empty = fact.cell.kind is Kind.STATUS
    num = fact.numerator.value if fact.numerator is not None else fact.cell.numerator
    den: Decimal | None = fact.denominator_value
    if den is None:
        den = fact.denominator.value if fact.denominator is not None else fact.cell.denominator
    return Mention(
        indicator=fact.indicator or "", value=None if empty else fact.value, unit=fact.unit,
        evidence=evidence(sheet, fact, layout), dims=fact.dims, entity=fact.entity, entity_code=fact.code,
        scope=f"{sheet.grid.sheet}{fact.scope}", period=fact.period, qualifier=fact.cell.qualifier, value_high=fact.cell.high,
        numerator=None if empty else num, denominator=None if empty else den, role=role_of(fact),
        status=fact.cell.status if empty else ObsStatus.NORMAL, line=f"{sheet.grid.sheet}{fact.line}",
    )  # fmt: skip
