"""Units of one period from best to worst: dots with intervals, then the ranks and what chance leaves open of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.analysis import difference, display
from pages.charts.dotplot import DotWords, dotplot
from pages.ui import cards, data, links, pictures, tables
from pages.ui.text import (
    DASH,
    fraction_text,
    join,
    name_of,
    period_text,
    say,
    target_text,
    title_of,
    value_text,
)

COLUMNS = ("unit", "rank", "value", "state", "interval", "counts", "reported")
Heads = Mapping[int, tables.Cell]  # what stands at the beginning of a unit's row, top first


def ordered(judged: pd.DataFrame, indicator: Indicator, code: str) -> pd.DataFrame:
    """The rows of one period from best to worst (a neutral indicator: from high to low) with their ranks."""
    rows = judged[(judged["period"] == code) & judged["value"].notna()]
    ascending = indicator.direction == "lower"
    rows = rows.join(difference.ranks(rows, ascending=ascending))
    return rows.sort_values("value", ascending=ascending, kind="stable")


def draw(
    judged: pd.DataFrame, indicator: Indicator, code: str, heads: Callable[[], Heads], key: tuple[object, ...]
) -> pictures.Picture | None:
    """The ranking of one period on the page; returns its chart, None where there is nothing to rank. `key` tells the
    values from others."""
    rows = data.kept("ordered", lambda: ordered(judged, indicator, code), *key, code)
    title = say("districts.ranking", period=period_text(code))

    def drawn() -> None:
        st.header(title, anchor=False)
        if rows.empty:
            cards.nothing_found()
            return
        _dots(rows, indicator)
        table(rows, indicator, heads())

    data.drawn("ranking", drawn, *key, code)
    if rows.empty:
        return None
    named = join([title_of(indicator, str(rows["dims"].iloc[0])), title])
    return pictures.of_figure(lambda: figure(rows, indicator), named, say(f"common.axis.{indicator.unit}"), rows)


def table(rows: pd.DataFrame, indicator: Indicator, heads: Heads) -> None:
    """The units of one period in the order of `rows` (see `ordered`), every value a way to its proof."""
    columns = [say(f"common.column.{name}") for name in COLUMNS]
    lines = [
        tables.Row(heads[int(row["org_unit_id"])], (_rank(row), *_cells(row, indicator)))
        for row in rows.to_dict("records")
    ]
    tables.draw(columns, lines, phone="tiles")
    if rows["best"].notna().any():
        st.caption(say("districts.rank_rule"))


def figure(rows: pd.DataFrame, indicator: Indicator) -> Any:
    """The dots of one period in the order of `rows`, with what they are measured against."""
    names = {int(each): data.name(each) for each in rows["org_unit_id"]}
    benchmark = str(rows["benchmark"].iloc[0])
    states = {each: cards.state_words(each, benchmark) for each in ("met", "near", "missed", "not_compared")}
    held = rows["target"].dropna().unique()
    target = float(held[0]) if len(held) == 1 else None
    spelled = target_text if benchmark == "target" else value_text
    label = "" if target is None else join([say(f"common.benchmark.{benchmark}"), spelled(target, indicator)])
    words = DotWords(say(f"common.axis.{indicator.unit}"), label, names, states)
    texts = [value_text(each, indicator) for each in rows["value"]]
    return dotplot(rows.assign(text=texts), words, target=target)


def _dots(rows: pd.DataFrame, indicator: Indicator) -> None:
    best = data.name(int(rows["org_unit_id"].iloc[0]))
    alt = say("districts.dots_alt", indicator=name_of(indicator), n=len(rows), best=best)
    cards.chart(figure(rows, indicator), key="ranking_dots", alt=alt)


def _rank(row: Mapping[str, object]) -> tables.Cell:
    if pd.isna(row["best"]) or row["best"] == row["worst"]:
        return tables.Cell(str(row["rank"]))
    return tables.Cell(say("districts.rank_range", rank=row["rank"], best=row["best"], worst=row["worst"]))


def _cells(row: Mapping[str, object], indicator: Indicator) -> list[tables.Cell]:
    where = {"unit": row["org_unit_id"], "indicator": indicator.code, "period": row["period"], "dims": row["dims"]}
    state = str(row["state"])
    judged = state != "not_compared"
    return [
        tables.Cell(value_text(row["value"], indicator), links.url("evidence", **where)),
        tables.Cell(DASH) if not judged else tables.Cell("", None, (), state, cards.state_words(state, str(row["benchmark"]))),
        tables.Cell(interval_text(row["lower"], row["upper"], indicator)),
        tables.Cell(fraction_text(row["numerator"], row["denominator"]) or DASH),
        tables.Cell(display.number(float(str(row["n_units"])))),
    ]  # fmt: skip


def interval_text(low: object, high: object, indicator: Indicator) -> str:
    """A 95 % interval as printed, or a dash."""
    if not (display.is_number(low) and display.is_number(high)):
        return DASH
    return say("common.range", low=value_text(low, indicator), high=value_text(high, indicator))
