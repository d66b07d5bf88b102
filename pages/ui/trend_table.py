"""The table under the trend chart: what the chart says, number by number, and its download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.ui import courses, data, downloads, links, pictures, profile, tables
from pages.ui.text import join, period_short, period_text, say, title_of

Notes = Mapping[tuple[int, str], Sequence[str]]


def of_units(
    judged: pd.DataFrame, indicator: Indicator, unit_ids: Iterable[int], period: str
) -> dict[int, courses.Verdict]:
    """The course of each unit over the years that end with a period."""
    return {each: courses.of_unit(judged[judged["org_unit_id"] == each], indicator, each, period) for each in unit_ids}


def draw(
    judged: pd.DataFrame,
    indicator: Indicator,
    names: dict[int, str],
    codes: list[str],
    earlier: Notes | None = None,
    picture: pictures.Picture | None = None,
    key: tuple[object, ...] = (),
) -> None:
    """The table and its download. `earlier` are the small lines below a value, by unit and period; `picture` is the chart
    above; `key` tells the lines from others."""
    dims = str(judged["dims"].iloc[0])
    known = (indicator.code, dims, tuple(names), tuple(codes), *key)
    data.drawn("trend_table", lambda: table(judged, indicator, names, codes, earlier or {}), *known)
    name = join([title_of(indicator, dims), period_text(codes[-1])])
    downloads.values(name, judged, "trend", charts=[picture])


def table(judged: pd.DataFrame, indicator: Indicator, names: dict[int, str], codes: list[str], notes: Notes) -> None:
    """Units by periods, every value a way to its proof."""
    held = {(int(row["org_unit_id"]), row["period"]): row for row in judged.to_dict("records")}
    key = (indicator.code, str(judged["dims"].iloc[0]), tuple(names), tuple(codes))
    found = data.kept("courses", lambda: of_units(judged, indicator, names, codes[-1]), *key)
    rows = [
        tables.Row(
            tables.Cell(name, links.url("school", unit=unit_id)),
            (
                *(profile.value_cell(held.get((unit_id, code)), notes.get((unit_id, code), ())) for code in codes),
                courses.cell(found[unit_id], indicator.decimals),
            ),
        )
        for unit_id, name in names.items()
    ]
    heads = [say("common.column.unit"), *(period_short(code) for code in codes), say("courses.head")]
    tables.draw(heads, rows, caption=say("trends.table"), phone="tiles")
    st.caption(say("courses.rule"))
