"""The two-minute page: what is wrong, where, since when, and is it real."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import attention, display, series
from pages.ui import access, cards, data, filters, links, measures
from pages.ui.text import (
    change_text,
    coded,
    definition_of,
    dims_text,
    fraction_text,
    is_stated,
    join,
    moment_text,
    name_of,
    period_text,
    plain,
    say,
    target_text,
    title_of,
    value_text,
)

SHOWN = 8  # lines of the attention list; the rest stands in a table
KINDS = ("county", "town", "school")


def tiles(chosen: list[measures.Series], root: int) -> pd.DataFrame:
    """The headline tiles of the whole city, by domain; returns the city's judged cells."""
    judged = measures.judged(measures.of_series(measures.headline_cells(root), chosen))
    for domain in dict.fromkeys(each.indicator.domain for each in chosen):
        st.subheader(coded("domain", domain))
        of_domain = [each for each in chosen if each.indicator.domain == domain]
        for column, each in zip(_columns(len(of_domain)), of_domain, strict=True):
            rows = judged[(judged["indicator"] == each.indicator.code) & (judged["dims"] == each.dims)]
            with column, st.container(border=True, height="stretch"):
                tile(each, rows.drop_duplicates("period").set_index("period"), root)
    return judged


def summary(states: pd.Series, found: int) -> str:
    """The first line: how the headline indicators stand, and where to read on."""
    counts = {state: int((states == state).sum()) for state in ("met", "near", "missed")}
    return say("overview.summary", n=len(states), found=found, **counts)


def _columns(n: int) -> list[st.delta_generator.DeltaGenerator]:
    """Columns for n tiles, at most four in a row."""
    places = [column for _ in range(0, n, 4) for column in st.columns(min(4, max(3, n)))]
    return places[:n]


def tile(shown: measures.Series, rows: pd.DataFrame, root: int) -> None:
    """One tile: value, change in a year, course, state against the target, and how many reported."""
    indicator, code = shown.indicator, shown.latest
    if code not in rows.index:
        st.metric(title_of(indicator, shown.dims), value_text(None, indicator))
        return
    st.markdown(plain(title_of(indicator, shown.dims)), help=definition_of(indicator))
    row = rows.loc[code]
    change = series.change(rows["value"], code)
    before = rows["value"].get(series.year_before(code) or "")
    st.metric(
        title_of(indicator, shown.dims),
        value_text(row["value"], indicator, status=row["obs_status"]),
        delta=None if change is None else change_text(change, indicator, before),
        delta_color=_colour(indicator.direction, change),
        delta_arrow="off" if not change else "auto",
        delta_description=None if change is None else say("overview.tile.against_year"),
        chart_data=[float(each) for each in rows["value"].reindex(shown.periods).dropna()],
        label_visibility="collapsed",  # the line above holds it whole; a metric's own label is cut off
    )
    st.caption(_basis(row, shown))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if row["benchmark"]:
            cards.state_badge(row["state"], say(f"common.state_help.{row['state']}"))
        if is_stated(indicator, row["method"]):
            cards.reported_badge()
        links.trend([root], indicator.code, shown.dims)


def _colour(direction: str, change: float | None) -> str:
    if not change:
        return "off"
    return {"higher": "normal", "lower": "inverse"}.get(direction, "off")


def _basis(row: pd.Series, shown: measures.Series) -> str:
    target = None
    if row["benchmark"] == "target":
        value = target_text(row["target"], shown.indicator)
        level = say(f"common.target_level.{row['target_level']}")
        bound = say(f"common.bound.{row['comparator']}", value=value)
        target = say("overview.tile.target", level=level, bound=bound)
    return join(
        [
            period_text(shown.latest),
            target or "",
            fraction_text(row["numerator"], row["denominator"]),
            say("overview.tile.reported", n=display.number(row["n_units"])),
        ]
    )


def attention_list(chosen: list[measures.Series], city: pd.DataFrame, root: int) -> int:
    """Units worse than their target, or than the city where there is none, by more than chance explains;
    returns how many lines there are."""
    st.subheader(say("overview.attention.title"), anchor="attention", help=say("overview.attention.help"))
    kind = filters.segments("kind", say("overview.attention.kind"), KINDS, "school", lambda each: coded("kind", each))
    chosen = measures.without_parts(chosen)
    cells = measures.measured(measures.load(chosen, data.below(root, kind), latest=True), city)
    found, compared = attention.needs_attention(cells), attention.compared(cells)
    if found.empty:
        st.success(say("overview.attention.none", compared=compared), icon=":material/check_circle:")
        return 0
    alarms = attention.expected_false_alarms(cells)
    st.caption(
        say(
            "overview.attention.count",
            n=len(found),
            compared=display.number(compared),
            alarms=display.number(alarms, 1),
        )
    )
    names = filters.unit_words(data.units())
    shown = found.head(SHOWN)
    past = measures.measured(measures.load(chosen, sorted({int(each) for each in shown["org_unit_id"]})), city)
    for number, row in shown.iterrows():
        with st.container(border=True, key=f"attention_{number}"):
            attention_line(row, past, names(int(row["org_unit_id"])))
    if len(found) > SHOWN:
        with st.expander(say("overview.attention.more", n=len(found) - SHOWN)):
            attention_table(found, names)
    return len(found)


def attention_line(row: pd.Series, past: pd.DataFrame, unit: str) -> None:
    """One sentence and its links."""
    own = past[
        (past["org_unit_id"] == row["org_unit_id"])
        & (past["indicator"] == row["indicator"])
        & (past["dims"] == row["dims"])
    ]
    left, right = st.columns([7, 3], vertical_alignment="center")
    left.markdown(sentence(row, own, unit))
    with right, st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        links.school(int(row["org_unit_id"]), say("common.link.unit"))
        links.trend([int(row["org_unit_id"])], row["indicator"], row["dims"])
        links.cell(int(row["org_unit_id"]), row["indicator"], row["period"], row["dims"])


def sentence(row: pd.Series, own: pd.DataFrame, unit: str) -> str:
    """The line of the attention list in words: what, how far, since when, how it moved, how sure."""
    indicator = data.indicator(row["indicator"])
    first, run, change = attention.since(own, row["period"])
    side = "above" if row["comparator"] == "<=" else "below"
    parts = [
        say("overview.attention.what", unit=plain(unit), indicator=plain(title_of(indicator, row["dims"])),
            value=plain(value_text(row["value"], indicator))),
        say(f"overview.attention.{row['benchmark']}_{side}", value=plain(benchmark_text(row, indicator))),
        say(f"overview.attention.short_{side}", n=short_text(int(row["short"]), indicator)),
        say("overview.attention.run", first=period_text(first), n=run) if run > 1 else say("overview.attention.new"),
        "" if change is None else since_last_year(change, indicator),
        say("overview.attention.small", n=display.number(row["denominator"])) if row["small"] else "",
    ]  # fmt: skip
    return say("overview.attention.stop").join(each for each in parts if each) + say("overview.attention.end")


def since_last_year(change: float, indicator: data.Indicator) -> str:
    """The change against the same period of the year before; one that rounds to nothing is no change."""
    if display.rounded(change, indicator.decimals) == 0:
        return say("overview.attention.unchanged")
    return say("overview.attention.change", change=plain(change_text(change, indicator)))


def benchmark_text(row: pd.Series, indicator: data.Indicator) -> str:
    """What a value is measured against: a target as it was set, the city's value as it came out."""
    words = target_text if row["benchmark"] == "target" else value_text
    return words(row["target"], indicator)


def short_text(short: int, indicator: data.Indicator) -> str:
    """How many are missing: people where the rate counts people, else what the rate counts."""
    part = data.indicator(indicator.numerator) if indicator.numerator else None
    people = indicator.domain != "hygiene" if part is None else part.unit == "person"
    digits = display.number(short)
    return say("common.unit.person", value=digits) if people else digits


def attention_table(found: pd.DataFrame, names: filters.Words) -> None:
    """All lines of the attention list as a table that can be saved."""
    indicators = {code: data.indicator(code) for code in found["indicator"].unique()}
    rows = list(found.itertuples())
    frame = pd.DataFrame(
        {
            say("common.column.unit"): [names(int(row.org_unit_id)) for row in rows],
            say("common.column.indicator"): [name_of(indicators[row.indicator]) for row in rows],
            say("common.column.dims"): [dims_text(row.dims) for row in rows],
            say("common.column.period"): [period_text(row.period) for row in rows],
            say("common.column.value"): [value_text(row.value, indicators[row.indicator]) for row in rows],
            say("common.column.benchmark"): [
                join([say(f"common.benchmark.{row['benchmark']}"), benchmark_text(row, indicators[row["indicator"]])])
                for _, row in found.iterrows()
            ],
            say("common.column.short"): [int(row.short) for row in rows],
            say("common.column.people"): [row.denominator for row in rows],
        }
    )
    cards.table(frame, key="attention_table", alt=say("overview.attention.title"))
    cards.download(frame, say("overview.attention.title"), "attention_csv")


def not_reported(chosen: list[measures.Series], root: int) -> None:
    """Which schools have not reported an indicator in its youngest period, by district."""
    st.subheader(say("overview.reporting.title"), anchor="reporting")
    by_code = {each.indicator.code: each for each in chosen}
    words = {code: join([coded("domain", e.indicator.domain), name_of(e.indicator)]) for code, e in by_code.items()}
    with st.columns([4, 8])[0]:
        code = filters.choose("missing", say("common.pick.indicator"), list(by_code), None, words.__getitem__)
    if code is None:
        return
    frame = data.reporting(code, by_code[code].latest, None, root)
    missing = frame[~frame["reported"].astype(bool)]
    st.markdown(
        say("overview.reporting.sum", period=period_text(by_code[code].latest), due=display.number(len(frame)),
            missing=display.number(len(missing)))
    )  # fmt: skip
    if missing.empty:
        st.success(say("overview.reporting.all_in"), icon=":material/check_circle:")
    units = data.units()["name"].to_dict()
    for county, rows in frame.groupby("county_id"):
        late = rows[~rows["reported"].astype(bool)]
        if len(late):
            title = say("overview.reporting.county", county=units.get(county, county), due=len(rows), missing=len(late))
            with st.expander(title):
                late_table(late, units, f"late_{county}")


def late_table(late: pd.DataFrame, units: dict[int, str], key: str) -> None:
    """The schools of one district that have not reported, with their last report."""
    frame = pd.DataFrame(
        {
            say("common.column.unit"): late["name"].tolist(),
            say("common.column.town"): [units.get(each, "") for each in late["town_id"]],
            say("common.column.last"): [period_text(each) if each else say("overview.reporting.never") for each in late["last_period"]],
            say("common.link.school"): [links.url("school", unit=int(each)) for each in late["org_unit_id"]],
        }
    )  # fmt: skip
    link = st.column_config.LinkColumn(display_text=say("common.link.school"))
    cards.table(frame, key=key, alt=say("overview.reporting.title"), columns={say("common.link.school"): link})


def imports() -> None:
    """The latest imports."""
    st.subheader(say("overview.imports.title"))
    rows = list(data.recent_changes(8).itertuples())
    frame = pd.DataFrame(
        {
            say("common.column.at"): [moment_text(row.at) for row in rows],
            say("common.column.file"): [row.file_name for row in rows],
            say("common.column.user"): [row.user for row in rows],
            say("common.column.new"): [row.n_new for row in rows],
            say("common.column.changed"): [row.n_changed for row in rows],
            say("common.column.status"): [coded("import_status", row.status) for row in rows],
        }
    )
    cards.table(frame, key="imports", alt=say("overview.imports.title"))


def page() -> None:
    """The whole page, or what to do when there is nothing to show."""
    cards.heading("overview")
    root = data.root_id()
    chosen = [] if root is None else measures.headlines(root)
    if root is None or not chosen:
        cards.empty_store()
        return
    first = st.container()
    judged = tiles(chosen, root)
    found = attention_list(chosen, judged, root)
    first.markdown(summary(measures.of_series(judged, measures.without_parts(chosen), latest=True)["state"], found))
    not_reported(chosen, root)
    imports()


access.require("viewer")
page()
