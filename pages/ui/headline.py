"""The headline indicators on paper: a course each, with the last value and the target that holds now."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pages.charts.multiples import Panel
from pages.ui import board, filters, measures
from pages.ui.text import join, period_short, say, target_text, title_of, value_text


def panels(whole: board.City, without: Collection[tuple[str, str]] = ()) -> list[Panel]:
    """The tiles as they stand on paper, less the series (indicator, dims) of which nothing may be shown."""
    found = []
    for each in whole.chosen:
        if (each.indicator.code, each.dims) in without:
            continue
        rows = measures.of_series(whole.judged, [each]).drop_duplicates("period").set_index("period")
        last = rows.loc[each.latest]
        values = [None if pd.isna(value) else float(value) for value in rows["value"].reindex(each.periods)]
        target = float(last["target"]) if last["benchmark"] == "target" else None
        printed = join(
            [value_text(last["value"], each.indicator), bound(last, each.indicator) if target is not None else ""]
        )
        found.append(
            Panel(
                title_of(each.indicator, each.dims),
                printed,
                [period_short(code) for code in each.periods],
                values,
                target,
            )
        )
    return found


def bound(row: pd.Series, indicator: filters.Indicator) -> str:
    """A benchmark with its side: `≥95%`."""
    return say(f"common.bound.{row['comparator']}", value=target_text(row["target"], indicator))
