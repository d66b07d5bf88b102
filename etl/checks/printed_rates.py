"""Rates that are printed for kinds of problems (B07): the catalogue keeps them for no kind, the table prints them all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.catalogue.rule_kinds import RecomputedCheck
from etl.checks.findings import Asked, Finding, shown
from etl.checks.printed import LONG_TABLE, value_columns
from etl.checks.tables import cell_at, number
from etl.checks.values import rounding_slack
from etl.sheets.columns import Column
from etl.sheets.fractions import pairs_of
from etl.sheets.rows import Row
from etl.sheets.views import View


def by_kind(asked: Asked, check: RecomputedCheck, views: Sequence[View]) -> Iterator[Finding]:
    """The rates of rows that are kinds of problems and disagree with the two counts of their row, where others agree."""
    known = {one.code: one for one in asked.catalogue.indicators}
    for view in views:
        kinds = [row for row in view.rows if "category" in row.dims] if len(view.rows) <= LONG_TABLE else []
        columns = {c.label.indicator: c for c in value_columns(view) if c.label.indicator and not c.label.dims}
        for rate in columns.values() if len(kinds) > 1 else ():
            indicator = known[rate.label.indicator or ""]
            pair = next(
                ((columns[a], columns[b]) for a, b in pairs_of(indicator) if a in columns and b in columns), None
            )
            if indicator.unit == "percent" and pair is not None:
                found = [one for row in kinds if (one := _wrong(asked, check, view, row, rate, *pair)) is not None]
                yield from found if len(found) * 2 < len(kinds) else ()


def _wrong(
    asked: Asked, check: RecomputedCheck, view: View, row: Row, rate: Column, top: Column, base: Column
) -> Finding | None:
    stated, num, den = (number(view, row.index, c.index) for c in (rate, top, base))
    if stated is None or num is None or not den:
        return None
    computed = 100 * num / den
    if any(
        abs(computed - spelled) <= rounding_slack(spelled, check.half_units) * 2 for spelled in (stated, 100 * stated)
    ):
        return None
    at, tops, bases = (cell_at(view, row.index, c.index) for c in (rate, top, base))
    return asked.find(
        [at], derived=True, beside=[tops, bases], name=asked.catalogue.name(rate.label.indicator or ""), value=shown(stated),
        computed=shown(computed), numerator=f"{shown(num)}({tops[1]})", denominator=f"{shown(den)}({bases[1]})",
        difference=shown(abs(computed - stated)), cell=at[1],
    )  # fmt: skip
