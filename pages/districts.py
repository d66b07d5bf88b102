"""Units below a unit: over the years, over the indicators, and the way down to towns, schools and proofs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import series
from pages.ui import (
    access,
    area,
    breakdown,
    cards,
    data,
    downloads,
    evenness,
    filters,
    heat,
    links,
    maps,
    measures,
    pictures,
    ranking,
    tables,
    wide,
)
from pages.ui.text import coded, join, period_text, say, title_of

VIEWS = ("years", "indicators", "balance", "change", "map")
PERIODS = 8  # columns of the table over the years


def parent_of(place: st.delta_generator.DeltaGenerator) -> int | None:
    """The unit whose children are compared; None in an empty store."""
    with place:
        return filters.unit(
            "within", kinds=("city", "county", "town"), default=data.root_id(), label=say("districts.within")
        )


def trail(parent: int, **more: object) -> None:
    """The way back up: every unit above the chosen one as a link."""
    with st.container(horizontal=True, gap="small"):
        for unit_id in data.above(parent):
            if unit_id != parent:
                links.to("districts", data.name(unit_id), icon=":material/arrow_upward:", within=unit_id, **more)


def heads(parent: int, **more: object) -> dict[int, tables.Cell]:
    """The units below one as row headings that lead down: to their own units, or to the page of a school."""
    found = {}
    for unit_id in data.children(parent):
        is_school = data.unit(unit_id).kind == "school"
        href = links.url("school", unit=unit_id) if is_school else links.url("districts", within=unit_id, **more)
        found[unit_id] = tables.Cell(data.name(unit_id), href)
    return found


def measure(indicator: filters.Indicator, by_target: pd.DataFrame, key: tuple[object, ...]) -> str:
    """What the colours measure against: the target or the whole city; chosen only where there is a choice."""
    if not measures.has_good_side(indicator):
        return "target"
    default = data.kept("yardstick", lambda: measures.yardstick(indicator, by_target), *key)
    filters.follow("against", default)
    return filters.segments(
        "against", say("districts.against"), ("target", "city"), default, lambda each: say(f"common.benchmark.{each}")
    )


def values(indicator: filters.Indicator, dims: str, parent: int, first: str) -> tuple[pd.DataFrame, list[str]]:
    """Judged cells of the children, and the periods shown (oldest first)."""
    key = (indicator.code, dims, parent, first)
    return data.kept("districts", lambda: _values(indicator, dims, parent, first), *key)


def _values(indicator: filters.Indicator, dims: str, parent: int, first: str) -> tuple[pd.DataFrame, list[str]]:
    root = data.root_id() or parent
    cells = data.cells([indicator.code], [root, parent, *data.children(parent)], None, [dims])
    whole = cells[cells["org_unit_id"] == root]
    codes = series.timeline(cells.rename(columns={"period_kind": "kind"}))[-PERIODS:]
    own = cells[(cells["org_unit_id"] != root) | (root == parent)]
    judged = measures.judged(own[own["period"].isin(codes)], whole, first=first)
    return judged[judged["org_unit_id"] != parent], codes


def measured(indicator: filters.Indicator, dims: str, parent: int) -> tuple[str, pd.DataFrame, list[str]]:
    """What is chosen to measure against, cells of the children judged against it, and the periods shown."""
    judged, codes = values(indicator, dims, parent, "target")
    first = measure(indicator, judged, (indicator.code, dims, parent))
    return first, *(values(indicator, dims, parent, "city") if first == "city" else (judged, codes))


def period_of(codes: list[str]) -> str:
    """The period of the list that is looked at; by default the youngest."""
    with st.columns([4, 8])[0]:
        return filters.choose("at", say("common.pick.period"), codes[::-1], codes[-1], period_text) or codes[-1]


def save(
    view: str,
    indicator: filters.Indicator,
    dims: str,
    parent: int,
    judged: pd.DataFrame,
    chart: pictures.Picture | None = None,
) -> None:
    """The control that saves the values a view rests on, and the chart that shows them."""
    name = join([data.name(parent), say(f"districts.views.{view}"), title_of(indicator, dims)])
    downloads.values(name, judged, "districts", charts=[chart])


def years(indicator: filters.Indicator, dims: str, parent: int) -> None:
    """One indicator: the units over the years, and their order in one of them."""
    first, judged, codes = measured(indicator, dims, parent)
    key = (indicator.code, dims, parent, first)

    def rows() -> dict[int, tables.Cell]:
        return heads(parent, indicator=indicator.code, dims=dims)

    def table() -> None:
        if judged.empty:
            cards.nothing_found()
        else:
            heat.by_period(judged, indicator, codes, rows())
        without(rows(), set(judged["org_unit_id"]))

    data.drawn("districts_years", table, *key)
    if not judged.empty:
        chart = ranking.draw(judged, indicator, period_of(codes), rows, key)
        save("years", indicator, dims, parent, judged, chart)


def mapped(indicator: filters.Indicator, dims: str, parent: int) -> None:
    """One indicator and period on the bureau's own map, and the same values as a table."""
    _, judged, codes = measured(indicator, dims, parent)
    if judged.empty:
        cards.nothing_found()
        return
    code = period_of(codes)
    chart = maps.draw(judged, indicator, code, parent)
    rows = heads(parent, view="map", indicator=indicator.code, dims=dims)
    ranking.table(ranking.ordered(judged, indicator, code), indicator, rows)
    save("map", indicator, dims, parent, judged[judged["period"] == code], chart)


def balanced(indicator: filters.Indicator, dims: str, parent: int) -> None:
    """Urban, town and rural schools, and how even the schools of each unit are."""
    if wide.has_too_many("school", parent):
        cards.nothing_found(say("districts.too_many", n=wide.MOST))
        return
    schools = data.below(parent, "school")
    cells = data.cells([indicator.code], schools, None, evenness.needed_dims(indicator, dims))
    own = cells[cells["dims"] == dims]
    codes = series.timeline(own[own["value"].notna()].rename(columns={"period_kind": "kind"}))[-PERIODS:]
    if not codes:
        cards.nothing_found(say("districts.no_schools"))
        return
    code = period_of(codes)
    chart = area.draw(own, schools, indicator, codes, code)
    rows = heads(parent, view="balance", indicator=indicator.code, dims=dims)
    rows = {each: head for each, head in rows.items() if data.unit(each).kind != "school"}
    evenness.draw(cells, indicator, dims, code, {**rows, parent: tables.Cell(data.name(parent))})
    save("balance", indicator, dims, parent, measures.judged(own), chart)


def changed(indicator: filters.Indicator, dims: str, parent: int) -> None:
    """Why the value of the unit changed: its parts' own changes and their weights."""
    cells = breakdown.section(indicator, dims, parent)
    if not cells.empty:
        save("change", indicator, dims, parent, measures.judged(cells))


def without(rows: dict[int, tables.Cell], held: set[int]) -> None:
    """The units that have no values here, each still a way down."""
    rest = [(each.text, str(each.href)) for unit_id, each in rows.items() if unit_id not in held]
    if rest:
        st.caption(say("districts.without", n=len(rest)))
        links.line(rest)


def indicators(parent: int) -> None:
    """All rates of a domain in one table: the units below by the indicators."""
    words = {"headline": say("districts.headline"), **{each: coded("domain", each) for each in heat.domains()}}
    domain = filters.segments("domain", say("districts.domain"), tuple(words), "headline", words.__getitem__)
    if not heat.by_indicator(parent, domain, heads(parent, view="indicators", domain=domain)):
        cards.nothing_found()


def page() -> None:
    """The whole page, or what to do when there is nothing to show."""
    cards.heading("districts")
    view = filters.segments(
        "view", say("districts.view"), VIEWS, "years", lambda each: say(f"districts.views.{each}"), bare=True
    )
    left, middle, right = st.columns([4, 3, 5])
    parent = parent_of(left if view == "indicators" else right)
    chosen = None if view == "indicators" else filters.measure(left, middle)
    if parent is None or (chosen is None and view != "indicators"):
        cards.empty_store()
        return
    if chosen is None:
        trail(parent, view=view)
        indicators(parent)
        return
    indicator, dims = chosen
    trail(parent, view=view, indicator=indicator.code, dims=dims)
    {"years": years, "balance": balanced, "change": changed, "map": mapped}[view](indicator, dims, parent)


access.require("look")
page()
