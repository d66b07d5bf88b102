"""Two to six units side by side: values, counts, targets and differences, and whether a difference means anything."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import difference
from pages.charts.dotplot import DotWords, dotplot
from pages.charts.trend import TrendWords, trend
from pages.ui import (
    access,
    alike,
    benchmarks,
    cards,
    data,
    downloads,
    filters,
    group,
    links,
    measures,
    newest,
    pictures,
    profile,
    spines,
    tables,
)
from pages.ui.text import (
    COUNTED,
    change_text,
    coded,
    is_stated,
    join,
    period_short,
    period_text,
    plain,
    say,
    target_text,
    value_text,
)

LIMIT = 6
PARTS = ("table", "spine", "detail")
SIZE = "enrollment"  # the count that is always listed
Groups = dict[profile.Choice, list[profile.Record]]
Charts = list[pictures.Picture | None]


def picked() -> list[int]:
    """The units of the address or the picker; by default the districts."""
    root = data.root_id()
    default = [] if root is None else data.children(root)[:LIMIT]
    return list(dict.fromkeys(filters.units(default=default, limit=LIMIT)))  # an address may name one twice


def worked_out(unit_ids: list[int]) -> tuple[list[profile.Choice], pd.DataFrame]:
    """What is compared: the breakdown of each indicator, and the judged values of the one period of each, those of the
    units above included."""
    over = {each for unit_id in unit_ids for each in over_unit(unit_id)}
    cells = newest.cells(unit_ids, sorted(over - set(unit_ids)))
    mine = cells["org_unit_id"].isin(unit_ids)
    choices = profile.main_choices(profile.grouped(cells[mine]), profile.level_of(unit_ids))
    if not choices:
        return [], cells
    return choices, one_period_each(profile.grouped(cells), choices, unit_ids)


def one_period_each(groups: Groups, choices: list[profile.Choice], unit_ids: list[int]) -> pd.DataFrame:
    """The judged rows of each indicator in the one period in which all are compared; units above included."""
    rows: list[profile.Record] = []
    for choice in choices:
        held = groups[choice]
        period = profile.common_period([row for row in held if row["org_unit_id"] in unit_ids], len(unit_ids))
        rows += [row for row in held if row["period"] == period]
    return measures.judged(pd.DataFrame(rows))


def side_by_side(judged: pd.DataFrame, choices: list[profile.Choice], unit_ids: list[int]) -> None:
    """One table over all domains: a row per indicator, a column per unit, each value measured against the target, the
    unit above and the schools alike. Counts other than the size of a unit are listed on request."""
    shown = [each for each in choices if each[0] == SIZE or data.indicator(*each).unit not in COUNTED]
    if len(shown) < len(choices) and st.toggle(
        say("compare.counts_too", n=len(choices) - len(shown)), key="counts_too"
    ):
        shown = choices
    data.drawn("side_by_side", lambda: table(judged, shown, unit_ids), tuple(unit_ids), len(shown))


def table(judged: pd.DataFrame, shown: list[profile.Choice], unit_ids: list[int]) -> None:
    """The table of `side_by_side`."""
    groups = profile.grouped(judged)
    alikes = {each: [int(one) for one in alike.nearest(each).index] for each in unit_ids}
    others = profile.grouped(benchmarks.of_group(unit_ids, judged)) if any(alikes.values()) else {}
    rows: list[tables.Row] = []
    for domain, held in profile.by_domain(shown).items():
        rows.append(tables.Row(tables.Cell(coded("domain", domain))))
        rows += [line(groups[choice], others.get(choice, []), choice, alikes) for choice in held]
    st.caption(join([say("compare.key"), say("compare.key_peers", n=alike.PEERS) if any(alikes.values()) else ""]))
    names = [tables.Cell(data.name(each), links.url("school", unit=each)) for each in unit_ids]
    tables.draw([say("profile.column.indicator"), *names], rows, phone="tiles")


def over_unit(unit_id: int) -> list[int]:
    """The units above a unit that it is measured against: its district and the city."""
    return [each for each in dict.fromkeys(profile.above(unit_id)) if each is not None]


def line(
    rows: list[profile.Record], others: list[profile.Record], choice: profile.Choice, alikes: dict[int, list[int]]
) -> tables.Row:
    """One indicator: its period and target, then every unit with its judgements."""
    found = {int(row["org_unit_id"]): row for row in rows}
    cells = []
    for unit_id, peers in alikes.items():
        row = found.get(unit_id)
        if row is None and not profile.applies(choice, unit_id):
            cells.append(tables.Cell(coded("obs_status", "not_applicable")))
            continue
        over = {each: found[each] for each in over_unit(unit_id)[:1] if each in found}
        marks = benchmarks.marks(row, over, benchmarks.of_peers(others, peers, choice))
        cells.append(profile.value_cell(row, marks=marks))
    head = tables.Cell(profile.title(choice), notes=(period_text(rows[0]["period"]), target_words(rows)))
    return tables.Row(head, tuple(cells))


def target_words(rows: list[profile.Record]) -> str:
    """The target, where one holds for all units of a row."""
    held = {(row["comparator"], row["target"]) for row in rows if pd.notna(row["target"])}
    if len(held) != 1:
        return ""
    comparator, target = held.pop()
    return say(
        f"common.target.{comparator}", value=target_text(target, data.indicator(rows[0]["indicator"], rows[0]["dims"]))
    )


def one_indicator(judged: pd.DataFrame, choices: list[profile.Choice], unit_ids: list[int]) -> Charts:
    """One indicator in detail: dots with intervals, what the differences mean, and the years on one scale; returns its
    charts."""
    by_code = {choice[0]: choice for choice in choices}
    code = filters.choose(
        "indicator", say("common.pick.indicator"), list(by_code), None, lambda c: profile.title(by_code[c])
    )
    if code is None:
        return []
    of_code = (judged["indicator"] == code) & (judged["dims"] == by_code[code][1])
    rows = judged[of_code & judged["org_unit_id"].isin(unit_ids)]
    names = {each: data.name(each) for each in unit_ids}
    charts: Charts = [dots(rows, by_code[code], names)]
    for sentence in sentences(rows, names):
        st.markdown(sentence)
    if not rows.empty:
        charts.append(group.draw(by_code[code], str(rows["period"].iloc[0]), names))
    held = profile.told(data.cells([code], unit_ids, None, [by_code[code][1]]))
    return [*charts, years(held.to_dict("records"), by_code[code], names)]


def dots(rows: pd.DataFrame, choice: profile.Choice, names: dict[int, str]) -> pictures.Picture:
    """A dot per unit on one scale."""
    indicator = data.indicator(*choice)
    rows = rows.assign(
        text=[value_text(row["value"], indicator, status=row["obs_status"]) for _, row in rows.iterrows()]
    )
    states = {each: cards.state_words(each) for each in ("met", "near", "missed", "not_compared")}
    held = rows["target"].dropna().unique()
    target = float(held[0]) if len(held) == 1 else None
    words = DotWords(say(f"common.axis.{indicator.unit}"), target_words(rows.to_dict("records")), names, states)
    alt = say("compare.dots_alt", indicator=profile.title(choice), units=join(names.values()))
    figure = dotplot(rows, words, target=target)
    cards.chart(figure, key="compare_dots", alt=alt)
    return pictures.of_figure(lambda: figure, profile.title(choice), words.axis, rows)


def sentences(rows: pd.DataFrame, names: dict[int, str]) -> list[str]:
    """What the differences between the units mean, in words: those beyond chance, then those that are not."""
    found = difference.pairs(rows)
    if found.empty:
        return [say("compare.too_few")]
    if found["beyond_chance"].isna().all():
        return [say("compare.no_interval")]
    indicator = data.indicator(str(rows["indicator"].iloc[0]), str(rows["dims"].iloc[0]))
    clear = found[found["beyond_chance"].fillna(False)]
    said = [
        say("compare.beyond", one=plain(names[int(row.higher)]), other=plain(names[int(row.lower_unit)]),
            change=plain(change_text(row.difference, indicator).lstrip("+")))
        for row in clear.head(5).itertuples()
    ]  # fmt: skip
    rest = int((found["beyond_chance"] == False).sum())  # noqa: E712 - missing is neither
    counts = say("compare.counts", pairs=len(found), beyond=len(clear), within=rest)
    return [*(f"- {each}" for each in said), counts, say("compare.rule")]


def years(held: list[profile.Record], choice: profile.Choice, names: dict[int, str]) -> pictures.Picture | None:
    """The years of all units on one scale."""
    indicator = data.indicator(*choice)
    own = [row for row in held if row["org_unit_id"] in names]
    codes = profile.periods_of(own)
    if len(codes) < 2:
        return None
    texts = [value_text(row["value"], indicator, status=row["obs_status"]) for row in own]
    periods, axis = {code: period_short(code) for code in codes}, say(f"common.axis.{indicator.unit}")
    words = TrendWords(axis, say("trends.target"), periods, names, hollow=is_stated(indicator, "reported"))
    alt = say("trends.alt", indicator=profile.title(choice), units=join(names.values()))
    shown = pd.DataFrame(own).assign(text=texts)
    figure = trend(shown, words)
    cards.chart(figure, key="compare_years", alt=alt)
    title = join([profile.title(choice), say("compare.by_year")])
    return pictures.of_figure(lambda: figure, title, axis, shown[shown["period"].isin(codes)])


def save(judged: pd.DataFrame, unit_ids: list[int], charts: Charts) -> None:
    """What the page shows, with definitions and sources, and its charts."""
    rows = judged[judged["org_unit_id"].isin(unit_ids)]
    downloads.values(say("compare.title"), rows, "compare", charts=charts)


def page() -> None:
    """The whole page, or what to do when there is nothing to compare."""
    cards.heading("compare")
    if data.root_id() is None:
        cards.empty_store()
        return
    unit_ids = picked()
    alike.draw(unit_ids, st.query_params.get("indicator"))
    if len(unit_ids) < 2:
        cards.nothing_found(say("compare.pick_two"))
        return
    choices, judged = data.kept("compare", lambda: worked_out(unit_ids), tuple(unit_ids))
    if not choices:
        cards.nothing_found()
        return
    saving = st.container()
    part = filters.segments(
        "part", say("compare.part"), PARTS, "table", lambda each: say(f"compare.parts.{each}"), bare=True
    )
    if part == "table":
        side_by_side(judged, choices, unit_ids)
        charts: Charts = []
    elif part == "spine":
        charts = [spines.draw(judged, choices, unit_ids)]
    else:
        charts = one_indicator(judged, choices, unit_ids)
    with saving:
        save(judged, unit_ids, charts)


access.require("look")
page()
