"""One indicator, several units of any level together, period by period against the target."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from pages.analysis import series
from pages.charts.trend import TrendWords, trend
from pages.ui import (
    access,
    cards,
    courses,
    data,
    filters,
    measures,
    pictures,
    pinned,
    small_multiples,
    trend_table,
    vintage,
)
from pages.ui.text import (
    fraction_text,
    is_stated,
    join,
    language,
    listed,
    name_of,
    period_short,
    say,
    title_of,
    value_text,
)

TITLED = 3  # units that stand in the title of the chart as a file
NAMED = 12  # units of which those without a value are still named one by one


def picked() -> tuple[filters.Indicator, str, list[int]] | None:
    """Indicator, dims and units of the address or the pickers; None in an empty store."""
    left, middle, right = st.columns([4, 3, 5])
    measure = filters.measure(left, middle)
    if measure is None:
        return None
    with right:
        root = data.root_id()
        default = [] if root is None else [root, *data.children(root)[:5]]
        return (*measure, filters.units(default=default))


def kind_of(cells: pd.DataFrame) -> str | None:
    """The kind of period shown; a picker where the values come in several kinds."""
    rows = cells.rename(columns={"period_kind": "kind"})
    kinds = sorted({str(each) for each in rows.loc[rows["period"] != "", "kind"]})
    main = series.main_kind(rows[rows["period"] != ""])
    if len(kinds) < 2 or main is None:
        return main
    kinds.sort(key=lambda each: each != main)
    return filters.segments("by", say("trends.by"), kinds, main, lambda each: say(f"common.period_kind.{each}"))


def absent(unit_ids: list[int], held: set[int], everything: pd.DataFrame, names: dict[int, str]) -> None:
    """Which units chosen are not drawn: those without any value, and those that report in another kind of period."""
    elsewhere = set(everything["org_unit_id"]) - held
    for key, of in (("without", [u for u in unit_ids if u not in held | elsewhere]),
                    ("otherwise", [u for u in unit_ids if u in elsewhere])):  # fmt: skip
        if of:
            st.caption(say(f"trends.{key}", units=listed(names[each] for each in of)))


def draw(
    indicator: filters.Indicator,
    unit_ids: list[int],
    everything: pd.DataFrame,
    codes: list[str],
    then: Then | None,
    *,
    interval: bool,
) -> None:
    """Chart, what its signs mean, table and download."""
    cells = everything[everything["period"].isin(codes)]
    judged = judged_of(indicator, everything, codes)
    changed = vintage.differing(cells, then.cells[then.cells["period"].isin(codes)]) if then else None
    judged["text"] = [point_text(row, indicator) for _, row in judged.iterrows()]
    names = outside_named(data.units())
    held = set(judged["org_unit_id"])
    shown = [each for each in unit_ids if each in held]
    words = TrendWords(
        axis=say(f"common.axis.{indicator.unit}"),
        target=say("trends.target"),
        periods={code: period_short(code) for code in codes},
        units={each: str(names[each]) for each in shown},
        hollow=is_stated(indicator, "reported"),
        before=vintage.words(then.code) if then else "",
    )
    breaks = {code: say("trends.merged", units=who) for code, who in breaks_of(shown, judged).items()}
    notes = pinned.of_series(indicator.code, str(judged["dims"].iloc[0]), shown, codes)
    marks = pinned.marks(notes)
    before = earlier_lines(then, changed, indicator)
    targets = targets_of(judged, codes)

    def drawn() -> Any:
        return trend(judged, words, targets=targets, breaks=breaks, interval=interval, before=before, marks=marks)

    key = (indicator.code, str(judged["dims"].iloc[0]), tuple(shown), tuple(codes), interval, then and then.code)
    figure = data.kept("trend", drawn, *key, language(), tuple(sorted(marks.items())))
    alt = say("trends.alt", indicator=name_of(indicator), units=join(words.units.values()))
    cards.chart(figure, key="trend", alt=alt)
    signs = say("trends.signs" if words.hollow else "trends.gaps")
    st.caption(signs)
    if then is not None and changed is not None:
        st.caption(then_words(then, changed, len(cells)))
    absent(unit_ids, held, everything, names)
    lines = then_notes(changed, indicator)
    for place, mark in marks.items():
        lines.setdefault(place, []).append(mark)
    named = dict(words.units)
    picture = pictures.of_figure(figure, subject(judged, indicator, named), words.axis, judged, signs)
    trend_table.draw(judged, indicator, named, codes, lines, picture)
    pinned.section(notes, indicator.code, str(judged["dims"].iloc[0]), named, codes)


def draw_apart(
    indicator: filters.Indicator, unit_ids: list[int], above: int | None, everything: pd.DataFrame, codes: list[str]
) -> None:
    """A small chart for each unit, the worst first, the table of all, and the download."""
    judged = judged_of(indicator, everything, codes)
    names = outside_named(data.units())
    shown = small_multiples.worst_first(unit_ids, judged, indicator, codes)
    if not shown:
        cards.nothing_found()
        return
    drawn = shown[: small_multiples.MOST]
    st.caption(small_multiples.words(indicator, len(shown), len(unit_ids)))
    named = {each: str(names[each]) for each in drawn}
    picture = small_multiples.draw(judged, indicator, named, codes, above)
    if len(unit_ids) <= NAMED:
        absent(unit_ids, set(shown), everything, names)
    trend_table.draw(judged[judged["org_unit_id"].isin(drawn)], indicator, named, codes, picture=picture)


def subject(judged: pd.DataFrame, indicator: filters.Indicator, names: dict[int, str]) -> str:
    """The title of the chart as a file: the indicator, and its units where they are few."""
    units = listed(names.values()) if len(names) <= TITLED else ""
    return join([title_of(indicator, str(judged["dims"].iloc[0])), units])


class Then(NamedTuple):
    """What was known at an earlier moment: its code (see vintage.moments) and the cells."""

    code: str
    cells: pd.DataFrame


def earlier_lines(then: Then | None, changed: pd.DataFrame | None, indicator: filters.Indicator) -> pd.DataFrame | None:
    """The values known then of the units of which they are others now; None where there are none."""
    if then is None or changed is None or changed.empty:
        return None
    rows = then.cells[then.cells["org_unit_id"].isin(set(changed["org_unit_id"]))]
    texts = [
        join([value_text(row.value, indicator), fraction_text(row.numerator, row.denominator)])
        for row in rows.itertuples()
    ]
    return rows.assign(text=texts)


def then_words(then: Then, changed: pd.DataFrame, n: int) -> str:
    """How many of the values are others than those known then."""
    key = "trends.then_same" if changed.empty else "trends.then_changed"
    return say(key, then=vintage.words(then.code), n=n, changed=len(changed))


def then_notes(changed: pd.DataFrame | None, indicator: filters.Indicator) -> dict[tuple[int, str], list[str]]:
    """`当时98.2%` below each value that was another one."""
    if changed is None:
        return {}
    return {
        (int(row.org_unit_id), str(row.period)): [
            say("trends.then_none") if pd.isna(row.then) else say("trends.then", value=value_text(row.then, indicator))
        ]
        for row in changed.itertuples()
    }


def outside_named(frame: pd.DataFrame) -> dict[int, str]:
    """Names of all units; one outside the tree says so, as in the picker."""
    words, names = filters.unit_words(), {int(each): str(name) for each, name in frame["name"].items()}
    return names | {int(each): words(int(each)) for each in data.outside().index}


def point_text(row: pd.Series, indicator: filters.Indicator) -> str:
    """What is shown over a point: value, counts, state, and whether it is only stated."""
    state = "" if row["state"] == "not_compared" else cards.state_words(row["state"])
    mark = say("common.reported_mark") if is_stated(indicator, row["method"]) else ""
    value = value_text(row["value"], indicator, status=row["obs_status"])
    return join([value, fraction_text(row["numerator"], row["denominator"]), state, mark])


def targets_of(judged: pd.DataFrame, codes: list[str]) -> dict[str, float]:
    """The target line: drawn where one target holds for all units shown in a period."""
    found = {}
    for code in codes:
        values = set(judged.loc[judged["period"] == code, "target"].dropna())
        if len(values) == 1:
            found[code] = float(values.pop())
    return found


def breaks_of(unit_ids: list[int], judged: pd.DataFrame) -> dict[str, str]:
    """Periods in which a unit shown took over merged schools: code -> names of the units."""
    periods = judged.drop_duplicates("period")
    found: dict[str, list[str]] = {}
    for unit_id in unit_ids:
        for code in courses.breaks(unit_id, periods):
            found.setdefault(code, []).append(data.name(unit_id))
    return {code: join(dict.fromkeys(names)) for code, names in found.items()}


def page() -> None:
    """The whole page, or what to do when there is nothing to show."""
    cards.heading("trends")
    choice = picked()
    if choice is None:
        cards.empty_store()
        return
    indicator, dims, unit_ids = choice
    if not unit_ids:
        cards.nothing_found(say("trends.no_units"))
        return
    options = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with options:
        way = filters.segments(
            "drawn", say("trends.drawn"), small_multiples.WAYS, "together", lambda each: say(f"trends.way.{each}")
        )
    drawn, above = small_multiples.units_of(way, unit_ids)
    if not drawn:
        cards.nothing_found(say("trends.small.none_below", unit=data.name(unit_ids[0])))
        return
    together = way == "together"
    asked = drawn if together or above is None else list(dict.fromkeys([*drawn, above]))
    cells = data.cells([indicator.code], asked, None, [dims])
    with options:
        kind = kind_of(cells)
        then = earlier(indicator, unit_ids, dims) if together else None
    both = cells if then is None else pd.concat([cells, then.cells], ignore_index=True)
    codes = series.timeline(both.rename(columns={"period_kind": "kind"}), kind) if kind else []
    if not codes:
        cards.nothing_found()
        return
    if not together:
        draw_apart(indicator, drawn, above, cells, codes)
        return
    with options:
        interval = wants_interval(judged_of(indicator, cells, codes))
    draw(indicator, unit_ids, cells, codes, then, interval=interval)


def judged_of(indicator: filters.Indicator, cells: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """The values of some periods against their targets (see measures.judged)."""
    held = cells[cells["period"].isin(codes)]
    key = (indicator.code, tuple(held["dims"].unique()), tuple(held["org_unit_id"].unique()), tuple(codes))
    return data.kept("judged", lambda: measures.judged(held), *key)


def wants_interval(judged: pd.DataFrame) -> bool:
    """Whether a person asks for intervals; offered where there are counts to reckon them from."""
    if not judged["lower"].notna().any():
        return False
    return st.toggle(say("trends.interval"), key="trend_interval", help=say("trends.interval_help"))


def earlier(indicator: filters.Indicator, unit_ids: list[int], dims: str) -> Then | None:
    """What was known of the units at the moment that a person chose; None for now."""
    at = vintage.pick("asof", say("vintage.pick"))
    if at is None:
        return None
    return Then(st.query_params["asof"], data.cells([indicator.code], unit_ids, None, [dims], at=at))


access.require("look")
page()
