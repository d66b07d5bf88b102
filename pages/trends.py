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


def kinds_of(cells: pd.DataFrame) -> tuple[str, ...]:
    """The kinds of period in which there are values, the main one first."""
    rows = cells.rename(columns={"period_kind": "kind"})
    kinds = sorted({str(each) for each in rows.loc[rows["period"] != "", "kind"]})
    main = series.main_kind(rows[rows["period"] != ""])
    return tuple(sorted(kinds, key=lambda each: each != main))


def kind_of(cells: pd.DataFrame, key: tuple[object, ...]) -> str | None:
    """The kind of period shown; a picker where the values come in several kinds. `key` tells the cells from others."""
    kinds = data.kept("kinds", lambda: kinds_of(cells), *key)
    if len(kinds) < 2:
        return kinds[0] if kinds else None
    main = kinds[0]
    return filters.segments("by", say("trends.by"), kinds, main, lambda each: say(f"common.period_kind.{each}"))


def absent(unit_ids: list[int], held: set[int], everything: pd.DataFrame) -> None:
    """Which units chosen are not drawn: those without any value, and those that report in another kind of period."""
    elsewhere = set(everything["org_unit_id"]) - held
    for key, of in (("without", [u for u in unit_ids if u not in held | elsewhere]),
                    ("otherwise", [u for u in unit_ids if u in elsewhere])):  # fmt: skip
        if of:
            st.caption(say(f"trends.{key}", units=listed(map(named, of))))


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
    dims = str(everything["dims"].iloc[0])
    key = (indicator.code, dims, tuple(unit_ids), tuple(codes), then and then.code, language())
    shown = data.kept("trend", lambda: worked_out(indicator, unit_ids, everything, codes, then), *key)
    named = dict(shown.words.units)

    def figure() -> Any:
        return figure_of(shown, indicator, codes, then, interval=interval)

    def drawn() -> None:
        alt = say("trends.alt", indicator=name_of(indicator), units=join(named.values()))
        cards.chart(figure(), key="trend", alt=alt)
        st.caption(signs_of(shown))
        if then is not None and shown.changed is not None:
            st.caption(then_words(then, shown.changed, len(everything[everything["period"].isin(codes)])))
        absent(unit_ids, set(shown.judged["org_unit_id"]), everything)

    data.drawn("trend", drawn, *key, interval)
    picture = pictures.of_figure(
        figure, subject(shown.judged, indicator, named), shown.words.axis, shown.judged, signs_of(shown)
    )
    trend_table.draw(shown.judged, indicator, named, codes, shown.lines, picture, key)
    pinned.section(shown.notes, indicator.code, dims, named, codes)


def worked_out(
    indicator: filters.Indicator, unit_ids: list[int], everything: pd.DataFrame, codes: list[str], then: Then | None
) -> Shown:
    """What chart and table tell of some units in some periods."""
    cells = everything[everything["period"].isin(codes)]
    judged = judged_of(indicator, everything, codes)
    changed = vintage.differing(cells, then.cells[then.cells["period"].isin(codes)]) if then else None
    judged["text"] = [point_text(row, indicator) for _, row in judged.iterrows()]
    held = set(judged["org_unit_id"])
    words = TrendWords(
        axis=say(f"common.axis.{indicator.unit}"),
        target=say("trends.target"),
        periods={code: period_short(code) for code in codes},
        units={each: named(each) for each in unit_ids if each in held},
        hollow=is_stated(indicator, "reported"),
        before=vintage.words(then.code) if then else "",
    )
    notes = pinned.of_series(indicator.code, str(judged["dims"].iloc[0]), list(words.units), codes)
    lines = then_notes(changed, indicator)
    for place, mark in pinned.marks(notes).items():
        lines.setdefault(place, []).append(mark)
    return Shown(judged, words, notes, changed, lines)


def figure_of(
    shown: Shown, indicator: filters.Indicator, codes: list[str], then: Then | None, *, interval: bool
) -> Any:
    """The chart."""
    breaks = breaks_of(list(shown.words.units), shown.judged)
    return trend(
        shown.judged,
        shown.words,
        targets=targets_of(shown.judged, codes),
        breaks={code: say("trends.merged", units=who) for code, who in breaks.items()},
        interval=interval,
        before=earlier_lines(then, shown.changed, indicator),
        marks=pinned.marks(shown.notes),
    )


def signs_of(shown: Shown) -> str:
    """What hollow points and gaps mean."""
    return say("trends.signs" if shown.words.hollow else "trends.gaps")


def draw_apart(
    indicator: filters.Indicator, unit_ids: list[int], above: int | None, everything: pd.DataFrame, codes: list[str]
) -> None:
    """A small chart for each unit, the worst first, the table of all, and the download."""
    judged = judged_of(indicator, everything, codes)
    shown = small_multiples.worst_first(unit_ids, judged, indicator, codes)
    if not shown:
        cards.nothing_found()
        return
    drawn = shown[: small_multiples.MOST]
    st.caption(small_multiples.words(indicator, len(shown), len(unit_ids)))
    names = {each: named(each) for each in drawn}
    picture = small_multiples.draw(judged, indicator, names, codes, above)
    if len(unit_ids) <= NAMED:
        absent(unit_ids, set(shown), everything)
    trend_table.draw(judged[judged["org_unit_id"].isin(drawn)], indicator, names, codes, picture=picture)


def subject(judged: pd.DataFrame, indicator: filters.Indicator, names: dict[int, str]) -> str:
    """The title of the chart as a file: the indicator, and its units where they are few."""
    units = listed(names.values()) if len(names) <= TITLED else ""
    return join([title_of(indicator, str(judged["dims"].iloc[0])), units])


class Then(NamedTuple):
    """What was known at an earlier moment: its code (see vintage.moments) and the cells."""

    code: str
    cells: pd.DataFrame


class Shown(NamedTuple):
    """What chart and table tell: the judged values with their words, the notes pinned to them, what was known otherwise
    earlier, and the small lines below the values."""

    judged: pd.DataFrame
    words: TrendWords
    notes: pd.DataFrame
    changed: pd.DataFrame | None
    lines: dict[tuple[int, str], list[str]]


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


def named(unit_id: int) -> str:
    """The name of a unit; one outside the tree says so, as in the picker."""
    return data.name(unit_id) if data.unit(unit_id).in_tree else filters.unit_words()(unit_id)


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
    options = st.container(horizontal=True, vertical_alignment="top", gap="medium")
    with options:
        way = filters.segments(
            "drawn",
            say("trends.drawn"),
            small_multiples.ways(unit_ids),
            "together",
            lambda each: say(f"trends.way.{each}"),
        )
    drawn, above = small_multiples.units_of(way, unit_ids)
    if not drawn:
        cards.nothing_found(say("trends.small.none_below", unit=data.name(unit_ids[0])))
        return
    together = way == "together"
    asked = drawn if together or above is None else list(dict.fromkeys([*drawn, above]))
    cells, key = data.cells([indicator.code], asked, None, [dims]), (indicator.code, dims, tuple(asked))
    with options:
        kind = kind_of(cells, key)
        then = earlier(indicator, unit_ids, dims) if together else None
    codes = data.kept("codes", lambda: codes_of(cells, then, kind), *key, kind, then and then.code) if kind else []
    if not codes:
        cards.nothing_found()
        return
    if not together:
        draw_apart(indicator, drawn, above, cells, codes)
        return
    with options:
        offered = data.kept("intervals", lambda: has_counts(judged_of(indicator, cells, codes)), *key, tuple(codes))
        interval = offered and wants_interval()
    draw(indicator, unit_ids, cells, codes, then, interval=interval)


def codes_of(cells: pd.DataFrame, then: Then | None, kind: str) -> list[str]:
    """The periods of a kind in which there is a value now, or was one then."""
    both = cells if then is None else pd.concat([cells, then.cells], ignore_index=True)
    return series.timeline(both.rename(columns={"period_kind": "kind"}), kind)


def judged_of(indicator: filters.Indicator, cells: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """The values of some periods against their targets (see measures.judged)."""
    held = cells[cells["period"].isin(codes)]
    key = (indicator.code, tuple(held["dims"].unique()), tuple(held["org_unit_id"].unique()), tuple(codes))
    return data.kept("judged", lambda: measures.judged(held), *key)


def has_counts(judged: pd.DataFrame) -> bool:
    """Whether there are counts to reckon intervals from."""
    return bool(judged["lower"].notna().any())


def wants_interval() -> bool:
    """Whether a person asks for intervals."""
    return st.toggle(say("trends.interval"), key="trend_interval", help=say("trends.interval_help"))


def earlier(indicator: filters.Indicator, unit_ids: list[int], dims: str) -> Then | None:
    """What was known of the units at the moment that a person chose; None for now."""
    at = vintage.pick("asof", say("vintage.pick"))
    if at is None:
        return None
    return Then(st.query_params["asof"], data.cells([indicator.code], unit_ids, None, [dims], at=at))


access.require("look")
page()
