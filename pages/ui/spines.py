"""The spine chart of some units: all rates on one scale, between the worst and the best of their group."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.analysis.rag import SMALLEST, against
from pages.analysis.spine import spine
from pages.charts.spine import Mark, SpineRow, SpineWords, spine_chart
from pages.ui import benchmarks, cards, data, filters, group, pictures, profile
from pages.ui.text import COUNTED, fraction_text, join, period_brief, plain, say, target_text, value_text

FEWEST = 4  # units of a group that have a range worth showing


def rows_of(
    judged: pd.DataFrame, choices: Sequence[profile.Choice], unit_ids: Sequence[int], whole: int
) -> list[SpineRow]:
    """A row per rate with a good side: the value of `whole` as benchmark, range and quartiles of the units of the kind
    below it."""
    members = members_of(unit_ids, whole)
    others = profile.grouped(benchmarks.of_group(unit_ids, judged)) if members else {}
    groups = profile.grouped(judged)
    found = []
    for choice in choices:
        indicator = data.indicator(*choice)
        if indicator.unit in COUNTED or indicator.direction not in ("higher", "lower"):
            continue
        held = {int(row["org_unit_id"]): row for row in groups[choice] if profile.has_value(row)}
        values = [row["value"] for row in others.get(choice, []) if row["org_unit_id"] in members]
        if whole in held and len(values) >= FEWEST:
            row = _row(choice, held, values, whole, unit_ids)
            found += [] if row is None else [row]
    return found


def members_of(unit_ids: Sequence[int], whole: int) -> set[int]:
    """The units of the kind of the chosen ones that stand below a unit."""
    return {each for each in group.members(unit_ids) if whole in data.unit(each).path}


def whole_of(unit_ids: Sequence[int]) -> int:
    """What the chart measures against: the city, or the one district of all chosen units where that is asked for."""
    root = data.root_id() or unit_ids[0]
    county = {profile.above(each)[0] for each in unit_ids}
    one = county.pop() if len(county) == 1 else None
    if one is None or one == root:
        return root
    asked = filters.segments(
        "range", say("spines.range"), ("city", "district"), "city",
        lambda each: data.name(root if each == "city" else one),
    )  # fmt: skip
    return root if asked == "city" else one


def _row(
    choice: profile.Choice, held: dict[int, profile.Record], values: list[float], whole: int, unit_ids: Sequence[int]
) -> SpineRow | None:
    indicator, centre = data.indicator(*choice), held[whole]
    high = indicator.direction == "higher"
    scale = spine(values, float(centre["value"]), higher_is_better=high)
    if scale is None:
        return None
    low_end, high_end = (value_text(each, indicator) for each in (min(values), max(values)))
    targets = {(row["target"], row["comparator"]) for row in held.values() if pd.notna(row["target"])}
    target = next(iter(targets))[0] if len(targets) == 1 else None
    return SpineRow(
        label=profile.title(choice, profile.level_of(unit_ids)),
        scale=scale,
        worst=low_end if high else high_end,
        best=high_end if high else low_end,
        centre=join([data.name(whole), value_text(centre["value"], indicator), period_brief(centre["period"])]),
        target=None if target is None else (float(target), target_text(float(target), indicator)),
        marks=[_mark(held[each], centre, indicator.direction) for each in unit_ids if each in held],
    )


def _mark(row: profile.Record, centre: profile.Record, direction: str) -> Mark:
    indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
    found = against(float(row["lower"]), float(row["upper"]), float(centre["value"]), direction)
    clear = found in ("better", "worse") and row["denominator"] >= SMALLEST
    text = join([value_text(row["value"], indicator), fraction_text(row["numerator"], row["denominator"])])
    return Mark(int(row["org_unit_id"]), float(row["value"]), text, clear)


def draw(judged: pd.DataFrame, choices: Sequence[profile.Choice], unit_ids: Sequence[int]) -> pictures.Picture | None:
    """The chart on the page with the key to its signs, or why there is none; returns the chart."""
    whole = whole_of(unit_ids)
    rows = rows_of(judged, choices, unit_ids, whole)
    if not rows:
        cards.nothing_found(say("spines.none", n=FEWEST))
        return None
    names = {each: data.name(each) for each in unit_ids}
    words = SpineWords(
        say("spines.worse"), say("spines.better"), data.name(whole), say("spines.group"),
        say("spines.middle"), say("common.benchmark.target"), names,
    )  # fmt: skip
    st.caption(say("spines.key", n=len(members_of(unit_ids, whole)), whole=plain(data.name(whole))))
    alt = say("spines.alt", n=len(rows), units=join(names.values()))
    figure = spine_chart(rows, words)
    cards.chart(figure, key="compare_spine", alt=alt)
    st.caption(say("spines.rule"))
    shown = judged[judged["org_unit_id"].isin(unit_ids)]
    title = join([say("compare.title"), say("compare.parts.spine"), join(names.values())])
    return pictures.of_figure(lambda: figure, title, "", shown)
