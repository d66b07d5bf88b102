"""The table under the trend chart: what the chart says, number by number, and its download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.ui import cards, courses, links, profile, tables
from pages.ui.text import dims_text, name_of, period_short, period_text, say

Notes = Mapping[tuple[int, str], Sequence[str]]


def draw(
    judged: pd.DataFrame, indicator: Indicator, names: dict[int, str], codes: list[str], earlier: Notes | None = None
) -> None:
    """Units by periods, every value a way to its proof; the download carries raw numbers, one row per value.
    `earlier` are the small lines below a value, by unit and period."""
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
    cards.download(long_table(judged, indicator, names), name_of(indicator), "trend_csv")


def long_table(judged: pd.DataFrame, indicator: Indicator, names: dict[int, str]) -> pd.DataFrame:
    """One row per value with raw numbers: what the download holds."""
    return pd.DataFrame(
        {
            say("common.column.unit"): [names[int(each)] for each in judged["org_unit_id"]],
            say("common.column.indicator"): name_of(indicator),
            say("common.column.dims"): [dims_text(each) for each in judged["dims"]],
            say("common.column.period"): [period_text(each) for each in judged["period"]],
            say("common.column.value"): judged["value"].to_numpy(),
            say("common.column.numerator"): judged["numerator"].to_numpy(),
            say("common.column.denominator"): judged["denominator"].to_numpy(),
            say("common.column.target"): judged["target"].to_numpy(),
            say("common.column.lower"): judged["lower"].to_numpy(),
            say("common.column.upper"): judged["upper"].to_numpy(),
            say("common.column.method"): [say(f"common.method.{each}") for each in judged["method"]],
        }
    )
