"""The group a unit belongs to: all units of its kind, how far chance spreads them, and who lies outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from db.records_org import Unit
from pages.analysis import display
from pages.analysis import funnel as limits
from pages.analysis.rag import SMALLEST, basis
from pages.charts.funnel import FunnelWords, funnel
from pages.ui import cards, data, pictures, profile, wide
from pages.ui.text import fraction_text, join, language, name_of, say, value_text

FEWEST = 8  # units, below which a funnel says nothing
NAMED = 5  # units outside the wide limits that are named
WIDE = 2.0  # dispersion from which the units differ for reasons beyond their size


def members(unit_ids: Sequence[int]) -> list[int]:
    """All units of the tree of the kind of the chosen ones, of the same level where they share one; where there are too many
    of them, those of the districts of the chosen ones; none where the chosen are of several kinds."""
    data.meet(unit_ids)
    level, kinds = profile.level_of(unit_ids), {data.unit(each).kind for each in unit_ids}
    if len(kinds) != 1:
        return []
    kind = kinds.pop()
    return [
        each.id
        for each in _group(kind, unit_ids)
        if each.kind == kind and each.status == "active" and level in (None, each.level)
    ]


def is_of_districts(unit_ids: Sequence[int]) -> bool:
    """Whether the group of some units is that of their own districts: there are too many units of their kind."""
    return any(
        data.unit(each).kind in ("school", "town") and wide.has_too_many(data.unit(each).kind) for each in unit_ids
    )


def _group(kind: str, unit_ids: Sequence[int]) -> list[Unit]:
    """The units among which a group is looked for."""
    if kind not in ("school", "town"):
        return data.upper()
    if not wide.has_too_many(kind):
        return data.tree()
    own = dict.fromkeys(data.county(each) or each for each in unit_ids)
    return [each for county in own for each in data.within(county)]


def proportions(choice: profile.Choice, period: str, unit_ids: Sequence[int]) -> pd.DataFrame:
    """The group's values of one indicator and period that rest on counts of ten people and more, with names."""
    return data.kept(
        "group", lambda: _proportions(choice, period, unit_ids), choice, period, tuple(unit_ids), language()
    )


def _proportions(choice: profile.Choice, period: str, unit_ids: Sequence[int]) -> pd.DataFrame:
    rows = data.cells([choice[0]], members(unit_ids), [period], [choice[1]])
    indicator = data.indicator(*choice)
    unit = pd.Series(indicator.unit, index=rows.index)
    rests_on = basis(unit, rows["numerator"], rows["denominator"])
    rows = rows[(rests_on == "proportion") & (rows["denominator"] >= SMALLEST)].reset_index(drop=True)
    return rows.assign(
        name=[data.name(each) for each in rows["org_unit_id"]],
        text=[
            join([value_text(value, indicator), fraction_text(x, n)])
            for value, x, n in rows[["value", "numerator", "denominator"]].itertuples(index=False)
        ],
    )


def draw(choice: profile.Choice, period: str, names: Mapping[int, str]) -> pictures.Picture | None:
    """The funnel of the whole group with the chosen units marked, and what lies outside in words; returns the chart."""
    rows = proportions(choice, period, list(names))
    if len(rows) < FEWEST:
        return None
    share = limits.pooled(rows["numerator"], rows["denominator"])
    indicator = data.indicator(*choice)
    st.header(say("group.title", n=len(rows)), anchor=False)
    whole = say("group.whole", value=value_text(100 * share, indicator))
    people = (
        name_of(data.indicator(indicator.denominator, choice[1]))
        if indicator.denominator
        else say("common.column.denominator")
    )
    words = FunnelWords(
        say("group.people", name=people), say(f"common.axis.{indicator.unit}"), whole,
        say("group.limit_95"), say("group.limit_998"), say("group.others"), names,
    )  # fmt: skip
    alt = say("group.alt", indicator=profile.title(choice), units=join(names.values()))
    figure = funnel(rows, share, words)
    cards.chart(figure, key="group_funnel", alt=alt)
    st.markdown(outside(rows, share, names))
    st.caption(join([say("group.rule"), say("group.own_district") if is_of_districts(list(names)) else ""]))
    title = join([profile.title(choice), say("group.title", n=len(rows))])
    return pictures.of_figure(lambda: figure, title, words.value, rows)


def outside(rows: pd.DataFrame, share: float, names: Mapping[int, str]) -> str:
    """How many units lie outside, how many chance alone would put there, and where the chosen ones stand."""
    places = limits.place(rows["numerator"], rows["denominator"], share)
    out_95 = sum(each not in ("inside", "unknown") for each in places)
    out_998 = sum(each.endswith("998") for each in places)
    lines = [say("group.outside", n=len(rows), out=out_95, chance=display.number(0.05 * len(rows), 0), far=out_998)]
    if limits.dispersion(rows["numerator"], rows["denominator"]) > WIDE:
        lines.append(say("group.wide"))
    where = dict(zip(rows["org_unit_id"], places, strict=True))
    far = [name for name, key, place in zip(rows["name"], rows["org_unit_id"], places, strict=True)
           if place.endswith("998") and key not in names]  # fmt: skip
    if far:
        lines.append(say("group.far", units=profile.listed(far[:NAMED]), n=len(far)))
    for place in ("low_998", "low_95", "high_95", "high_998", "inside"):
        held = [names[each] for each in names if where.get(each) == place]
        if held:
            lines.append(say(f"group.{place}", units=profile.listed(held)))
    return "\n".join(f"- {each}" for each in lines)
