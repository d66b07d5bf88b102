"""Districts over the years as a heat map; below it the ranking, then towns, then schools."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import display, series
from pages.charts.heatmap import HeatWords, heatmap
from pages.ui import access, cards, data, filters, links, measures
from pages.ui.text import (
    DASH,
    fraction_text,
    is_stated,
    join,
    name_of,
    period_short,
    period_text,
    say,
    target_text,
    value_text,
)


def picked() -> tuple[filters.Indicator, str, int] | None:
    """Indicator, dims and the unit whose children are compared; None in an empty store."""
    left, middle, right = st.columns([4, 3, 5])
    measure = filters.measure(left, middle)
    if measure is None:
        return None
    with right:
        parent = filters.unit(
            "within", kinds=("city", "county", "town"), default=data.root_id(), label=say("districts.within")
        )
    return None if parent is None else (*measure, parent)


def trail(parent: int, indicator: filters.Indicator, dims: str) -> None:
    """The way back up: every unit above the chosen one as a link."""
    with st.container(horizontal=True, gap="small"):
        for unit_id in data.above(parent):
            if unit_id != parent:
                links.to("districts", data.name(unit_id), icon=":material/arrow_upward:", within=unit_id,
                         indicator=indicator.code, dims=dims)  # fmt: skip


def measure(indicator: filters.Indicator, by_target: pd.DataFrame) -> str:
    """What the colours measure against: the target or the whole city; chosen only where there is a choice. Where the
    target tells nothing apart (0 or 100 %, or one state everywhere) the city is the default."""
    if indicator.direction == "neutral" or indicator.unit != "percent":
        return "target"
    measured = by_target[by_target["state"] != "not_compared"]
    extreme = set(measured.loc[measured["benchmark"] == "target", "target"]) <= {0.0, 100.0}
    default = "city" if extreme or measured["state"].nunique() < 2 else "target"
    filters.follow("against", default)
    return filters.segments(
        "against", say("districts.against"), ("target", "city"), default, lambda each: say(f"common.benchmark.{each}")
    )


def values(indicator: filters.Indicator, dims: str, parent: int, first: str) -> tuple[pd.DataFrame, list[str]]:
    """Judged cells of the children, and the periods shown (oldest first, at most eight)."""
    root = data.root_id() or parent
    cells = data.cells([indicator.code], [root, parent, *data.children(parent)], None, [dims])
    whole = cells[cells["org_unit_id"] == root]
    codes = series.timeline(cells.rename(columns={"period_kind": "kind"}))[-8:]
    own = cells[(cells["org_unit_id"] != root) | (root == parent)]
    judged = measures.judged(own[own["period"].isin(codes)], whole, first=first)
    return judged[judged["org_unit_id"] != parent], codes


def draw(judged: pd.DataFrame, indicator: filters.Indicator, codes: list[str], parent: int) -> None:
    """The heat map with the key to its colours."""
    names = data.units()["name"].to_dict()
    frame = judged.assign(
        text=[value_text(v, indicator, status=s, unit=False) for v, s in zip(judged["value"], judged["obs_status"], strict=True)],
        detail=[detail(row, indicator) for _, row in judged.iterrows()],
    )  # fmt: skip
    rows = [each for each in data.children(parent) if each in set(frame["org_unit_id"])]
    words = HeatWords(
        units={each: str(names[each]) for each in rows},
        periods={code: period_short(code) for code in codes},
    )
    st.caption(key_to_colours(judged, indicator))
    alt = say("districts.alt", indicator=name_of(indicator), unit=names[parent])
    cards.chart(heatmap(frame, words, cards.state_colours(), cards.ink()), key="heat", alt=alt)


def detail(row: pd.Series, indicator: filters.Indicator) -> str:
    """What is shown over a cell: counts, what it is measured against, state."""
    spelled = target_text if row["benchmark"] == "target" else value_text
    label = say(f"common.benchmark.{row['benchmark']}") if row["benchmark"] else ""
    against = join([label, spelled(row["target"], indicator)]) if label else ""
    value = value_text(row["value"], indicator, status=row["obs_status"])
    mark = say("common.reported_mark") if is_stated(indicator, row["method"]) else ""
    return join(
        [
            value,
            fraction_text(row["numerator"], row["denominator"]),
            against,
            cards.state_words(row["state"], row["benchmark"]),
            mark,
        ]
    )


def key_to_colours(judged: pd.DataFrame, indicator: filters.Indicator) -> str:
    """What the colours and signs mean here: against the target, against the city, or nothing at all."""
    kinds = set(judged["benchmark"]) - {""}
    if not kinds:
        return join([say("districts.key_none"), say(f"common.axis.{indicator.unit}")])
    return join(
        [say(f"districts.key_{'target' if 'target' in kinds else 'city'}"), say(f"common.axis.{indicator.unit}")]
    )


def ranking(judged: pd.DataFrame, indicator: filters.Indicator, dims: str, code: str) -> None:
    """The units of one period from best to worst, with interval, base and state."""
    st.subheader(say("districts.ranking", period=period_text(code)))
    rows = judged[judged["period"] == code].sort_values("value", ascending=indicator.direction == "lower")
    names = data.units()["name"].to_dict()
    frame = pd.DataFrame(
        {
            say("common.column.unit"): [names[int(each)] for each in rows["org_unit_id"]],
            say("common.column.value"): [value_text(v, indicator, status=s) for v, s in zip(rows["value"], rows["obs_status"], strict=True)],
            say("common.column.interval"): [interval_text(low, high, indicator.decimals) for low, high in zip(rows["lower"], rows["upper"], strict=True)],
            say("common.column.counts"): [fraction_text(x, n) or DASH for x, n in zip(rows["numerator"], rows["denominator"], strict=True)],
            say("common.column.reported"): [int(each) for each in rows["n_units"]],
            say("common.column.state"): [cards.state_words(s, b) for s, b in zip(rows["state"], rows["benchmark"], strict=True)],
            say("common.link.evidence"): [
                links.url("evidence", unit=int(each), indicator=indicator.code, period=code, dims=dims)
                for each in rows["org_unit_id"]
            ],
        }
    )  # fmt: skip
    frame = frame.drop(
        columns=[each for each in frame.columns if set(frame[each]) <= {DASH, cards.state_words("not_compared")}]
    )
    link = st.column_config.LinkColumn(display_text=say("common.link.evidence"))
    cards.table(frame, key="ranking", alt=say("districts.ranking", period=period_text(code)),
                columns={say("common.link.evidence"): link})  # fmt: skip
    cards.download(frame.drop(columns=say("common.link.evidence")), name_of(indicator), "ranking_csv")


def interval_text(low: float, high: float, decimals: int) -> str:
    """A 95 % interval as printed, or a dash."""
    if not (display.is_number(low) and display.is_number(high)):
        return DASH
    return f"{display.percent(low, decimals)} – {display.percent(high, decimals)}"


def drill(parent: int, indicator: filters.Indicator, dims: str) -> None:
    """One step down: a link per child, to its own children or, for a school, to its page."""
    st.subheader(say("districts.drill"))
    frame = data.units()
    with st.container(horizontal=True, gap="medium"):
        for unit_id in data.children(parent):
            name = str(frame.at[unit_id, "name"])
            if frame.at[unit_id, "kind"] == "school":
                links.school(unit_id, name)
            else:
                links.to("districts", name, icon=":material/arrow_downward:", within=unit_id,
                         indicator=indicator.code, dims=dims)  # fmt: skip


def page() -> None:
    """The whole page, or what to do when there is nothing to show."""
    cards.heading("districts")
    choice = picked()
    if choice is None:
        cards.empty_store()
        return
    indicator, dims, parent = choice
    trail(parent, indicator, dims)
    judged, codes = values(indicator, dims, parent, "target")
    if measure(indicator, judged) == "city":
        judged, codes = values(indicator, dims, parent, "city")
    if judged.empty:
        cards.nothing_found()
    else:
        draw(judged, indicator, codes, parent)
        with st.columns([4, 8])[0]:
            code = filters.choose("at", say("common.pick.period"), codes[::-1], codes[-1], period_text)
        ranking(judged, indicator, dims, code or codes[-1])
    drill(parent, indicator, dims)


access.require("viewer")
page()
