"""One indicator, several units of any level together, period by period against the target."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import series
from pages.charts.trend import TrendWords, trend
from pages.ui import access, cards, courses, data, filters, links, measures, profile, tables
from pages.ui.text import (
    dims_text,
    fraction_text,
    is_stated,
    join,
    listed,
    name_of,
    period_short,
    period_text,
    say,
    value_text,
)


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


def draw(indicator: filters.Indicator, unit_ids: list[int], everything: pd.DataFrame, codes: list[str]) -> None:
    """Chart, what its signs mean, table and download."""
    cells = everything[everything["period"].isin(codes)]
    judged = measures.judged(cells)
    interval = judged["lower"].notna().any() and st.toggle(
        say("trends.interval"), key="trend_interval", help=say("trends.interval_help")
    )
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
    )
    breaks = {code: say("trends.merged", units=who) for code, who in breaks_of(shown, judged).items()}
    figure = trend(judged, words, targets=targets_of(judged, codes), breaks=breaks, interval=bool(interval))
    alt = say("trends.alt", indicator=name_of(indicator), units=join(words.units.values()))
    cards.chart(figure, key="trend", alt=alt)
    st.caption(say("trends.signs" if words.hollow else "trends.gaps"))
    absent(unit_ids, held, everything, names)
    table(judged, indicator, {each: str(names[each]) for each in shown}, codes)


def outside_named(frame: pd.DataFrame) -> dict[int, str]:
    """Names of all units; one outside the tree says so, as in the picker."""
    words, names = filters.unit_words(frame), {int(each): str(name) for each, name in frame["name"].items()}
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


def table(judged: pd.DataFrame, indicator: filters.Indicator, names: dict[int, str], codes: list[str]) -> None:
    """Units by periods, every value a way to its proof; the download carries raw numbers, one row per value."""
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
                *(profile.value_cell(held.get((unit_id, code))) for code in codes),
            ),
        )
        for unit_id, name in names.items()
    ]
    heads = [say("common.column.unit"), say("courses.head"), *(period_short(code) for code in codes)]
    tables.draw(heads, rows, caption=say("trends.table"))
    st.caption(say("courses.rule"))
    cards.download(long_table(judged, indicator, names), name_of(indicator), "trend_csv")


def long_table(judged: pd.DataFrame, indicator: filters.Indicator, names: dict[int, str]) -> pd.DataFrame:
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
    cells = data.cells([indicator.code], unit_ids, None, [dims])
    kind = kind_of(cells)
    codes = series.timeline(cells.rename(columns={"period_kind": "kind"}), kind) if kind else []
    if not codes:
        cards.nothing_found()
        return
    draw(indicator, unit_ids, cells, codes)


access.require("viewer")
page()
