"""The table under the trend chart: what the chart says, number by number, and its download."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.exports.picture import Picture
from pages.ui import courses, datasets, downloads, links, profile, tables
from pages.ui.text import is_stated, join, period_short, period_text, say, title_of

Notes = Mapping[tuple[int, str], Sequence[str]]


def draw(
    judged: pd.DataFrame,
    indicator: Indicator,
    names: dict[int, str],
    codes: list[str],
    earlier: Notes | None = None,
    spec: Callable[[], dict[str, Any]] | None = None,
) -> None:
    """Units by periods, every value a way to its proof.
    `earlier` are the small lines below a value, by unit and period; `spec` draws the chart for paper."""
    notes = earlier or {}
    held = {(int(row["org_unit_id"]), row["period"]): row for row in judged.to_dict("records")}
    found = {
        unit_id: courses.of_unit(judged[judged["org_unit_id"] == unit_id], indicator, unit_id, codes[-1])
        for unit_id in names
    }
    rows = [
        tables.Row(
            tables.Cell(name, links.url("school", unit=unit_id)),
            (
                courses.cell(found[unit_id], indicator.decimals),
                *(profile.value_cell(held.get((unit_id, code)), notes.get((unit_id, code), ())) for code in codes),
            ),
        )
        for unit_id, name in names.items()
    ]
    heads = [say("common.column.unit"), say("courses.head"), *(period_short(code) for code in codes)]
    tables.draw(heads, rows, caption=say("trends.table"))
    st.caption(say("courses.rule"))
    name = join([title_of(indicator, str(judged["dims"].iloc[0])), period_text(codes[-1])])
    picture = None if spec is None else lambda: _picture(spec(), judged, indicator, codes)
    downloads.control(name, lambda: datasets.values(name, judged), "trend", picture=picture)


def _picture(spec: dict[str, Any], judged: pd.DataFrame, indicator: Indicator, codes: list[str]) -> Picture:
    """The chart with its title, unit and periods over it and its source and data version under it."""
    periods = dict.fromkeys(period_text(code) for code in (codes[0], codes[-1]))
    return Picture(
        spec,
        title_of(indicator, str(judged["dims"].iloc[0])),
        join([profile.measure(indicator), say("save.between").join(periods)]),
        (
            say("trends.signs" if is_stated(indicator, "reported") else "trends.gaps"),
            say("profile.note_source"),
            datasets.stamp(),
        ),
    )
