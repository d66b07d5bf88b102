"""How even the schools of a unit are: best and worst of a rate, 差异系数 of what pupils share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from db.records import dims_key
from pages.analysis import balance, display, split
from pages.analysis.rag import SMALLEST
from pages.ui import data, links, measures, tables
from pages.ui.text import DASH, change_text, coded, period_text, say, value_text

PHASES = tuple(balance.LIMITS)
PHASE_DIMS = tuple(dims_key({"level": each}) for each in PHASES)
_PUPILS = "enrollment"


def shares_resources(indicator: Indicator) -> bool:
    """Whether a value is pupils per something that they share (teachers), which 差异系数 measures."""
    return indicator.numerator == _PUPILS and indicator.direction == "lower"


def offered(indicator: Indicator) -> bool:
    """Whether there is a measure of evenness for an indicator: a rate, or something that pupils share."""
    return indicator.unit == "percent" or shares_resources(indicator)


def draw(cells: pd.DataFrame, indicator: Indicator, dims: str, code: str, heads: Mapping[int, tables.Cell]) -> None:
    """The section for one period: a row per unit in `heads` (units with schools below them)."""
    if not offered(indicator):
        return
    st.header(say("evenness.title", period=period_text(code)), anchor=False)
    now = cells[(cells["period"] == code) & cells["value"].notna()]
    if shares_resources(indicator):
        _variation(now, heads)
    else:
        _ends(now[now["dims"] == dims], indicator, heads)


def _below(now: pd.DataFrame, unit_id: int) -> pd.DataFrame:
    return now[now["org_unit_id"].isin(data.below(unit_id, "school"))]


def _variation(now: pd.DataFrame, heads: Mapping[int, tables.Cell]) -> None:
    """差异系数 of teachers per pupil by phase; the shared thing is the denominator of the catalogue's ratio."""
    lines = []
    for unit_id, head in heads.items():
        rows = _below(now, unit_id)
        cells = [
            _coefficient(rows[rows["dims"] == dims], phase) for phase, dims in zip(PHASES, PHASE_DIMS, strict=True)
        ]
        lines.append(tables.Row(head, tuple(cells)))
    columns = [say("evenness.phase", phase=coded("dim_value.level", each)) for each in PHASES]
    tables.draw([say("common.column.unit"), *columns], lines)
    limits = {each.lower(): display.number(balance.LIMITS[each], 2) for each in PHASES}
    st.caption(say("evenness.variation_rule", smallest=balance.SMALLEST, **limits))


def _coefficient(rows: pd.DataFrame, phase: str) -> tables.Cell:
    large = rows[rows["numerator"] >= balance.SMALLEST]
    if len(large) < 2:
        return tables.Cell(DASH, notes=(say("evenness.few"),))
    found = balance.variation(large["denominator"], large["numerator"])
    state = "met" if found <= balance.LIMITS[phase] else "missed"
    return tables.Cell(
        display.number(found, 3), None, (say("area.n", n=len(large)),), state, say(f"evenness.state.{state}")
    )


def _ends(now: pd.DataFrame, indicator: Indicator, heads: Mapping[int, tables.Cell]) -> None:
    """Highest, lowest and their gap among schools with enough people, and how many fall short of the target."""
    judged = measures.judged(now)
    lines = []
    for unit_id, head in heads.items():
        rows = _below(judged, unit_id)
        lines.append(tables.Row(head, tuple(_end_cells(rows, indicator))))
    names = ("schools", "highest", "lowest", "gap", "short")
    tables.draw([say("common.column.unit"), *(say(f"evenness.column.{each}") for each in names)], lines, phone="tiles")
    st.caption(say("evenness.ends_rule", n=SMALLEST))


def _end_cells(rows: pd.DataFrame, indicator: Indicator) -> list[tables.Cell]:
    both, short = split.ends(rows, SMALLEST), _short(rows)
    count = tables.Cell(str(len(rows)))
    if both.empty:
        return [count, tables.Cell(DASH), tables.Cell(DASH), tables.Cell(DASH), short]
    gap = change_text(float(both["value"].iloc[0] - both["value"].iloc[1]), indicator).lstrip("+")
    large = rows.loc[rows["denominator"] >= SMALLEST, "value"]
    ends = [_school(row, indicator, int((large == row["value"]).sum())) for row in both.to_dict("records")]
    return [count, *ends, tables.Cell(gap), short]


def _short(rows: pd.DataFrame) -> tables.Cell:
    """How many schools fall short of their target; whether by chance is a question only away from 0 and 100 %."""
    measured = rows[rows["state"] != "not_compared"]
    if measured.empty:
        return tables.Cell(DASH)
    extreme = set(measured["target"]) <= {0.0, 100.0}
    clear = "" if extreme else say("evenness.clear", n=(measured["state"] == "missed").sum())
    return tables.Cell(say("evenness.short", below=(measured["state"] != "met").sum(), n=len(measured)), notes=(clear,))


def _school(row: Mapping[str, object], indicator: Indicator, alike: int) -> tables.Cell:
    where = {"unit": row["org_unit_id"], "indicator": indicator.code, "period": row["period"], "dims": row["dims"]}
    name = data.name(int(str(row["org_unit_id"])))
    who = name if alike == 1 else say("evenness.alike", name=name, n=alike)
    return tables.Cell(value_text(row["value"], indicator), links.url("evidence", **where), (who,))


def needed_dims(indicator: Indicator, dims: str) -> Sequence[str]:
    """The breakdowns that the section reads besides the chosen one."""
    return list(dict.fromkeys([dims, *(PHASE_DIMS if shares_resources(indicator) else ())]))
