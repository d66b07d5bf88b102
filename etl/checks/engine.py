"""Runs every check of the rules over a file and turns what is found into issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter

from db.catalogue import Catalogue
from db.catalogue import rule_kinds as kinds
from db.records import Draft, Issue, Qualifier, Severity, SourceKind, cell_text
from db.records_history import History
from etl.addresses import place_of
from etl.checks import (
    by_town,
    cards,
    classes,
    codes,
    dates,
    elsewhere,
    layout,
    ledgers,
    lines,
    monthly,
    months,
    no_canteen,
    parents,
    printed,
    printed_parts,
    quiet,
    ranked,
    reporting,
    series,
    tables,
    totals,
    towns,
    transfers,
    values,
)
from etl.checks.findings import Asked, Finding, merged
from etl.checks.past import past_findings
from etl.checks.points import Line, Point, lines_of, points_of
from etl.normalise import Normalised
from etl.sheets.views import Card, View
from etl.types import Extraction
from etl.woven import kept_without, places_of

_TABLE_NOTES = frozenset({"unknown_column", "unknown_row", "text_column"})


@dataclass(slots=True)
class Found:
    """What a file holds, in the forms that evaluators read."""

    catalogue: Catalogue
    kind: SourceKind
    units: list[Point]  # observations
    everything: list[Point]  # with printed totals and counts without an indicator
    ranges: list[Point]  # cells of a sheet that hold two numbers where one belongs
    lines: list[Line]
    views: tuple[View, ...]
    result: Normalised
    silent: quiet.LeftOut  # with the lines in which nothing is found, and how many are like them
    places: dict[int, int]  # of the mentions in `units`, by their ids, among those of the file
    schools: dict[int | None, bool] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()

    @classmethod
    def of(cls, result: Normalised, extraction: Extraction, catalogue: Catalogue, kind: SourceKind) -> Found:
        """From the normalised mentions and the rest of the extraction."""
        asked = list(asked_of(catalogue, kind))
        indicators = {one.code: one for one in catalogue.indicators}
        silent = quiet.left_out(result, extraction, asked, indicators)
        numbers, seen = kept_without(result.mentions, silent.rows)
        places = dict(zip(map(id, seen), places_of(result.mentions, numbers), strict=True)) if silent.few else {}
        units = quiet.units_seen(result, seen, silent.rows)
        everything = units + points_of(result.totals) + quiet.parts_seen(result, extraction.parts, silent.rows)
        spans = points_of(seen, qualifiers=(Qualifier.RANGE,)) if kind is SourceKind.SHEET else []
        lines = list(lines_of(everything))
        return cls(
            catalogue, kind, units, everything, spans, lines, extraction.views, result, silent, places, cards=extraction.cards
        )  # fmt: skip

    def lines_for(self, check: quiet.Check) -> list[Line]:
        """The lines with what a check looks at in the others."""
        few = self.silent.points_of(check)
        if not few:
            return self.lines
        placed = [*((self.places[id(point.mention)], point) for point in self.units), *few]
        units = [point for _, point in sorted(placed, key=itemgetter(0))]
        return list(lines_of([*units, *self.everything[len(self.units) :]]))


def check(result: Normalised, extraction: Extraction, catalogue: Catalogue, kind: SourceKind) -> list[Issue]:
    """The issues of all rules that need nothing but the file, one per fault, in the order of the rules."""
    found = Found.of(result, extraction, catalogue, kind)
    return [finding.issue() for finding in merged(_findings(found))]


def check_history(draft: Draft, history: History, catalogue: Catalogue) -> list[Issue]:
    """The issues that show only beside the store: jumps, changed units, parents and parts, units that are missing.
    What an issue of the draft says of a cell already is not said again."""
    told = {
        (one.sheet, cell)
        for one in draft.issues
        if one.severity is not Severity.NOTE
        for cell in (one.cell, *one.cells)
    }
    found = merged(past_findings(draft, history, catalogue, list(asked_of(catalogue, draft.source_kind))))
    return [one.issue() for one in found if not (one.cells and set(one.cells) <= told)]


def without_repeats(issues: Sequence[Issue], checked: Sequence[Issue]) -> list[Issue]:
    """The extractor's own issues without those about a cell that a rule explains better."""
    told = {
        (one.sheet, cell) for one in checked if one.severity is not Severity.NOTE for cell in (one.cell, *one.cells)
    }
    return [
        one for one in issues
        if not (one.cell and (one.sheet, one.cell) in told and one.code in _TABLE_NOTES)
    ]  # fmt: skip


def at_names(issues: Sequence[Issue], views: Sequence[View]) -> list[Issue]:
    """Questions about a place stand where its name is written, not at the first number of its row."""
    return [
        _at_name(one, views) if one.code.endswith("_place") and one.cell and not one.cells else one for one in issues
    ]


def _at_name(issue: Issue, views: Sequence[View]) -> Issue:
    row, _ = place_of(issue.cell)
    for view in views:
        column = tables.name_column(view)
        if (
            view.table.sheet.grid.sheet == issue.sheet
            and row in view.table.body
            and column is not None
            and row is not None
        ):
            spot = view.table.sheet.origin(row, column.index)
            sheet, cell = tables.cell_at(view, *spot)
            return replace(issue, cell=cell, locator=f"{sheet}!{cell}", quote=cell_text(view.table.sheet.raw(*spot)))
    return issue


def asked_of(catalogue: Catalogue, kind: SourceKind) -> Iterator[Asked]:
    """Every check with its rule, in order of precedence."""
    for order, rule in enumerate(catalogue.rules):
        for one in rule.checks:
            yield Asked(rule, one, order, catalogue, kind)


def _findings(found: Found) -> Iterator[Finding]:
    asked = list(asked_of(found.catalogue, found.kind))
    doubt = next((a for a in asked if isinstance(a.check, kinds.LayoutCheck) and a.check.of == "column_doubt"), None)
    own = series.series_in(found.units, {i.code: i for i in found.catalogue.indicators}, found.schools)
    for one in asked:
        yield from _one(one, found, own, doubt)


def _one(asked: Asked, found: Found, own: list[series.Series], doubt: Asked | None) -> Iterator[Finding]:
    check = asked.check
    if isinstance(check, kinds.GapCheck) or (isinstance(check, kinds.RecomputedCheck) and check.of == "elsewhere"):
        return  # shows only beside the store
    everything, each, views = found.everything, found.lines_for(check), found.views
    run = {
        "count": partial(values.count, points=everything + found.ranges),
        "bound": partial(values.bound, points=everything),
        "fraction": partial(values.fraction, points=everything),
        "recomputed": partial(values.recomputed, points=everything),
        "possible": partial(values.possible, points=found.units),
        "small_base": partial(values.small_base, points=found.units),
        "total": partial(totals.total, points=everything, lines=each, views=views),
        "stock_sum": partial(totals.stock_sum, points=everything),
        "parent": partial(parents.parent, points=everything),
        "at_most": partial(lines.at_most, lines=each, doubt=doubt, silent=found.silent.lines),
        "parts": partial(lines.parts, lines=each, doubt=doubt, silent=found.silent.lines),
        "order": partial(lines.order, points=everything, views=views),
        "share": partial(lines.share, lines=each),
        "quotient": partial(classes.quotient, lines=each),
        "large_classes": partial(classes.large_classes, views=views, cards=found.cards),
        "empty": partial(lines.empty, lines=each),
        "absent": partial(lines.absent, lines=each),
        "contradiction": partial(lines.contradiction, lines=each, views=views),
        "flows": partial(transfers.flows, points=everything, views=views),
        "superseded": partial(tables.superseded, views=views),
        "balance": partial(tables.balance, views=views),
        "unique": partial(tables.unique, repeats=found.result.repeats, views=views),
        "code": partial(codes.code, views=views),
        "blank": partial(tables.blank, views=views),
        "wording": partial(tables.wording, views=views),
        "uniform": partial(tables.uniform, points=found.units),
        "date": partial(dates.dates, views=views),
        "unfinished": partial(dates.unfinished, views=views),
        "layout": partial(layout.layout, views=views),
        "factor": partial(series.factor, series=own),
        "change": partial(series.change, series=own),
        "constant": partial(series.constant, series=own),
        "complete": partial(values.complete, points=found.units),
    }[check.kind]
    yield from run(asked, check)
    yield from _printed(asked, found)


def _printed(asked: Asked, found: Found) -> Iterator[Finding]:
    """What a check says of the table as it is printed, beside what it says of its values."""
    check = asked.check
    if isinstance(check, kinds.ParentCheck) and check.of == "card":
        yield from cards.beside_lists(asked, check, found.cards, found.everything)
    elif isinstance(check, kinds.ParentCheck):
        yield from parents.in_table(asked, check, found.views)
        yield from parents.in_list(asked, check, found.everything, found.views)
        yield from by_town.sums_by_town(asked, found.views)
    elif isinstance(check, kinds.CodeCheck) and check.of == "town":
        yield from towns.two_towns(asked, found.views, found.cards)
        yield from by_town.strange_towns(asked, found.views)
    elif isinstance(check, kinds.CodeCheck):
        yield from cards.school_codes(asked, check, found.cards)
        yield from cards.provinces(asked, found.cards) if check.of == "province" else ()
    elif isinstance(check, kinds.LayoutCheck) and check.of == "inexact_count":
        yield from cards.inexact(asked, found.cards)
    elif isinstance(check, kinds.BlankCheck):
        yield from cards.blanks(asked, check, found.cards)
    elif isinstance(check, kinds.RecomputedCheck):
        yield from elsewhere.rates_of_sums(asked, check, found.everything)
    elif isinstance(check, kinds.ContradictionCheck):
        yield from elsewhere.one_without(asked, check, found.lines_for(check))
    elif isinstance(check, kinds.CompleteCheck):
        yield from reporting.told_reports(asked, check, found.views)
        yield from values.complete(asked, check, reporting.told_sums(check, found.everything))
    elif isinstance(check, kinds.SmallBaseCheck):
        yield from ranked.ranked(asked, check, found.views)
    elif isinstance(check, kinds.ShareCheck):
        yield from ranked.shares_of_groups(asked, check, found.views)
    elif isinstance(check, kinds.StockSumCheck):
        yield from months.across_months(asked, found.everything)
        yield from months.down_months(asked, check, found.views)
    elif isinstance(check, kinds.AbsentCheck):
        yield from no_canteen.printed_absent(asked, check, found.views)
    elif isinstance(check, kinds.BalanceCheck):
        yield from monthly.moved(asked, check, found.views)
    elif isinstance(check, kinds.TotalCheck):
        yield from printed.group_sums(asked, check, found.views)
    elif isinstance(check, kinds.PartsCheck) and any("failed" in one.parts for one in check.sums):
        yield from printed.outcomes(asked, check, found.views)
    elif isinstance(check, kinds.AtMostCheck) and check.subdivisions:
        yield from printed_parts.printed_parts(asked, check, found.views)
    elif isinstance(check, kinds.UniqueCheck):
        yield from ledgers.repeated(asked, check, found.views)
    elif isinstance(check, kinds.BoundCheck):
        yield from ledgers.marks(asked, check, found.views)
    elif isinstance(check, kinds.QuotientCheck):
        yield from classes.class_sizes(asked, check, found.views)
