"""Tables to mentions: finds the header, names the columns, reads the rows; one module per kind of layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from db.catalogue import Catalogue
from db.cell_columns import CellColumns
from db.records import Grid, Issue, Reading, Severity
from db.records_layout import LayoutKind, Overrides, SheetLayout, TableLayout
from etl.sheets.forms import blank_form
from etl.sheets.header import Table, find_tables
from etl.sheets.left_out import (
    class_summary,
    empty_sheet,
    hidden_sheet,
    is_blank,
    is_guide,
    is_unfilled,
    no_table,
    not_read,
)
from etl.sheets.own_list import is_own_list
from etl.sheets.pairs import Pair, find_cards, find_summary, row_of_items, summary_class
from etl.sheets.read import Source, read_cards, read_tables, workbook_frame
from etl.sheets.rosters import id_number_issue, roster_issue
from etl.sheets.sequence import joined_mentions
from etl.sheets.sheet import Sheet
from etl.sheets.traditional import simplified, with_names_as_written
from etl.sheets.unnamed_cards import unnamed_card
from etl.sheets.vocabulary import vocabulary_of
from etl.types import Extraction

__all__ = ["extract_sheets", "understand_sheets"]


def extract_sheets(
    reading: Reading, catalogue: Catalogue, *, name: str = "", overrides: Overrides | None = None
) -> Extraction:
    """The mentions of all grids of a reading, with the numbers left out (rejected), what a person must see (issues) and
    how every sheet was understood (layouts).

    `name` is the file's name. `overrides` are a person's changes: by table key, or by signature digest where they were
    remembered from an earlier file of the same shape (`TableOverride.to_remember`). Lines are named by `LineLayout.key`;
    a key that the table does not have changes nothing.
    """
    written, reading = reading, simplified(reading)
    tables = [find_tables(grid) for grid in reading.grids]
    shown = [
        found for grid, found in zip(reading.grids, tables, strict=True) if not grid.hidden and not is_own_list(grid)
    ]
    issuer, period = workbook_frame(shown)
    source = Source(catalogue, vocabulary_of(catalogue), name, overrides, issuer, shared_period=period)
    found = joined(_one_grid(grid, found, source) for grid, found in zip(reading.grids, tables, strict=True))
    if written is not reading:
        found = replace(found, mentions=with_names_as_written(found.mentions, written, reading, name))
    return _weighed(found, any(tables))


_EMPTY = frozenset(("empty_sheet", "not_filled_in"))


def _weighed(found: Extraction, told: bool) -> Extraction:
    """A blank sheet is no matter beside others; a file of nothing but sheets that were not filled in holds nothing."""
    if found.mentions or told:
        return replace(found, issues=tuple(i for i in found.issues if i.code != "empty_sheet"))
    severer = (replace(i, severity=Severity.BLOCK) if i.code in _EMPTY else i for i in found.issues)
    return replace(found, issues=tuple(severer))


def understand_sheets(
    reading: Reading, catalogue: Catalogue, *, name: str = "", overrides: Overrides | None = None
) -> tuple[SheetLayout, ...]:
    """How every sheet of a reading is understood, in the order of the workbook."""
    return extract_sheets(reading, catalogue, name=name, overrides=overrides).layouts


def joined(found: Iterable[Extraction]) -> Extraction:
    """Several extractions as one."""
    parts = list(found)
    return Extraction(
        joined_mentions([one.mentions for one in parts]),
        tuple(r for one in parts for r in one.rejected),
        tuple(i for one in parts for i in one.issues),
        parts=joined_mentions([one.parts for one in parts]),
        views=tuple(v for one in parts for v in one.views),
        layouts=tuple(s for one in parts for s in one.layouts),
        cards=tuple(c for one in parts for c in one.cards),
    )


def _one_grid(grid: Grid, tables: Sequence[Table], source: Source) -> Extraction:
    sheet = Sheet(grid)
    if is_own_list(grid):
        return Extraction(layouts=(SheetLayout(grid.sheet, sheet.height, sheet.width, note="own_list"),))
    personal = id_number_issue(sheet)
    if grid.hidden:
        rosters = (issue for table in tables if (issue := roster_issue(table)) is not None)
        return _nothing(sheet, personal or next(rosters, None) or hidden_sheet(grid), "hidden")
    if personal is not None:
        return _nothing(sheet, personal, "personal_data")
    if not_read(sheet):
        return _nothing(sheet, None, "reference")
    cards = find_cards(sheet) or unnamed_card(sheet)
    if cards:
        return _with_layout(sheet, _read_cards(sheet, cards, source))
    if not tables:
        return _without_table(sheet, source)
    return _with_layout(sheet, read_tables(tables, source))


def _read_cards(sheet: Sheet, cards: list[list[Pair]], source: Source) -> list[tuple[Extraction, TableLayout]]:
    """The cards of a sheet; below the pairs of a single one may stand a table of its unit."""
    top = row_of_items(sheet, cards)
    if top is None or isinstance(sheet.grid.cells, CellColumns):
        return read_cards(sheet, cards, source)
    found = read_cards(sheet, [[pair for pair in cards[0] if pair[1][0] < top]], source)
    card = found[0][1]
    below = replace(sheet.grid, cells=[*([] for _ in range(top)), *(sheet.grid.cells[top:])])
    return found + read_tables(find_tables(below), replace(source, issuer=card.entity, period=card.period), 2)


def _without_table(sheet: Sheet, source: Source) -> Extraction:
    """A sheet of labels with their values, of a whole unit; else nothing."""
    pairs = find_summary(sheet, source.vocabulary)
    if not pairs and is_guide(sheet):
        return _nothing(sheet, None, "guide")
    if not pairs and is_unfilled(sheet):
        return _nothing(sheet, empty_sheet(sheet), "blank" if is_blank(sheet) else "not_filled_in")
    if not pairs:
        return _nothing(sheet, blank_form(sheet, source.catalogue) or no_table(sheet.grid), "no_table")
    lines = [str(value) for row in range(pairs[0][1][0]) for _, value in sheet.own(row)]
    single = summary_class(sheet, lines)
    if single:
        return _nothing(sheet, class_summary(sheet, pairs[0][1], single), "class_rows")
    return _with_layout(sheet, read_cards(sheet, [pairs], source))


def _nothing(sheet: Sheet, issue: Issue | None, note: str) -> Extraction:
    layout = SheetLayout(sheet.grid.sheet, sheet.height, sheet.width, hidden=sheet.grid.hidden, note=note)
    return Extraction(issues=() if issue is None else (issue,), layouts=(layout,))


def _with_layout(sheet: Sheet, found: list[tuple[Extraction, TableLayout]]) -> Extraction:
    tables = tuple(layout for _, layout in found)
    note = "personal_data" if any(table.kind is LayoutKind.ROSTER for table in tables) else ""
    layout = SheetLayout(sheet.grid.sheet, sheet.height, sheet.width, tables, sheet.grid.hidden, note)
    return replace(joined(one for one, _ in found), layouts=(layout,))
