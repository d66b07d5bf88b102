"""Tables to mentions: finds the header, names the columns, reads the rows; one module per kind of layout."""

from __future__ import annotations

from decimal import Decimal

from db.catalogue import Catalogue
from db.records import Grid, Issue, ObsStatus, Reading, Rejected, Severity
from etl.sheets.cells import Kind
from etl.sheets.crosstab import read_crosstab
from etl.sheets.facts import Fact, Output, evidence, role_of
from etl.sheets.header import Sheet, Table, find_tables
from etl.sheets.labels import Vocabulary
from etl.sheets.long import fields_of, read_long
from etl.sheets.rates import finish
from etl.sheets.titles import Frame, read_frame
from etl.types import Extraction, Mention

__all__ = ["extract_sheets"]


def extract_sheets(reading: Reading, catalogue: Catalogue, *, name: str = "") -> Extraction:
    """The mentions of all grids of a reading, with the numbers left out (rejected) and what a person must see."""
    mentions: list[Mention] = []
    rejected: list[Rejected] = []
    issues: list[Issue] = []
    vocabulary = Vocabulary(catalogue)
    for grid in reading.grids:
        found = _one_grid(grid, catalogue, vocabulary, name)
        mentions += found.mentions
        rejected += found.rejected
        issues += found.issues
    return Extraction(tuple(mentions), tuple(rejected), tuple(issues))


def _one_grid(grid: Grid, catalogue: Catalogue, vocabulary: Vocabulary, name: str) -> Extraction:
    mentions: list[Mention] = []
    rejected: list[Rejected] = []
    issues: list[Issue] = []
    frame: Frame | None = None
    for table in find_tables(grid):
        frame = read_frame(table, grid.sheet, name, frame)
        out, layout = _one_table(table, frame, vocabulary)
        finish(out, table.sheet, catalogue)
        mentions += [_mention(table.sheet, fact, layout) for fact in out.facts]
        rejected += out.rejected
        issues += out.issues
    return Extraction(tuple(mentions), tuple(rejected), tuple(issues))


def _one_table(table: Table, frame: Frame, vocabulary: Vocabulary) -> tuple[Output, str]:
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
        scope=sheet.grid.sheet, period=fact.period, qualifier=fact.cell.qualifier, value_high=fact.cell.high,
        numerator=None if empty else num, denominator=None if empty else den, role=role_of(fact),
        status=fact.cell.status if empty else ObsStatus.NORMAL,
    )  # fmt: skip
