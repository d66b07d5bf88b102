"""One page per school (or any unit): headline numbers, every indicator by year, its register entry, its sources."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages.analysis import series
from pages.analysis.rectification import tally
from pages.ui import (
    access,
    cards,
    data,
    datasets,
    downloads,
    filters,
    links,
    measures,
    problems,
    profile,
    registry,
    tables,
)
from pages.ui.text import (
    change_text,
    coded,
    definition_of,
    join,
    period_short,
    period_text,
    plain,
    say,
    value_text,
)

ALL_ROWS = 1_000_000  # a city stands in the name of most files: no limit that would cut its own values off
PROBLEMS = 12  # findings that are listed
FEW = 5  # files of a unit that are listed without being asked
YEARS = 7  # columns of the table by year
Groups = dict[profile.Choice, list[profile.Record]]


def head(unit_id: int) -> None:
    """The unit's name and what it is, as on the cover of a file."""
    unit = data.units().loc[unit_id]
    st.header(plain(unit["name"]), anchor=False)
    over = [str(data.units().at[each, "name"]) for each in data.above(unit_id)[:-1]]
    facts = [
        coded("kind", unit["kind"]),
        coded("dim_value.level", unit["level"]) if _text(unit["level"]) else "",
        coded("dim_value.sponsor", unit["sponsor"]) if _text(unit["sponsor"]) else "",
        coded("dim_value.area", unit["area_type"]) if _text(unit["area_type"]) else "",
        coded("unit_status", unit["status"]) if unit["status"] != "active" else "",
    ]
    st.caption(plain(join([*facts, " › ".join(over)])))
    if unit_id in data.outside().index:
        st.info(say("school.outside"), icon=":material/link_off:")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def headlines(groups: Groups, choices: list[profile.Choice], unit_id: int) -> None:
    """Tiles of the headline indicators, by domain."""
    shown = [choice for choice in choices if data.indicator(choice[0]).headline]
    for domain, held in profile.by_domain(shown).items():
        st.subheader(coded("domain", domain), anchor=False)
        places = [place for _ in range(0, len(held), 4) for place in st.columns(min(4, max(3, len(held))))]
        for place, choice in zip(places, held, strict=False):
            with place, st.container(border=True, height="stretch"):
                tile(groups[choice], choice, unit_id)


def tile(rows: list[profile.Record], choice: profile.Choice, unit_id: int) -> None:
    """One headline: value, change against a year before, course, state, and the units above beside it."""
    indicator = data.indicator(choice[0])
    own = {row["period"]: row for row in rows if row["org_unit_id"] == unit_id}
    codes = profile.periods_of(own.values())
    row = own[codes[-1]]
    values = pd.Series({code: own[code]["value"] for code in own}, dtype="float64")
    change = series.change(values, codes[-1])
    before = values.get(series.year_before(codes[-1]) or "")
    st.metric(
        plain(profile.title(choice, profile.level_of([unit_id]))),
        value_text(row["value"], indicator, status=row["obs_status"]),
        delta=None if change is None else change_text(change, indicator, before),
        delta_color={"higher": "normal", "lower": "inverse"}.get(indicator.direction, "off") if change else "off",
        delta_arrow="auto" if change else "off",
        chart_data=course(values.reindex(codes)),
        help=definition_of(indicator),
    )
    if row["state"] != "not_compared":
        cards.state_badge(row["state"], say(f"common.state_help.{row['state']}"))
    st.caption(plain(join([period_text(codes[-1]), *beside(rows, codes[-1], unit_id)])))
    links.cell(unit_id, choice[0], codes[-1], choice[1])


def course(values: pd.Series) -> list[float] | None:
    """The points of a sparkline; None where there is nothing to see."""
    held = [float(each) for each in values.dropna()]
    return held if len(set(held)) > 1 else None


def beside(rows: list[profile.Record], period: str, unit_id: int) -> list[str]:
    """`云溪区 98.2%`: the same value of the units above."""
    over = {row["org_unit_id"]: row for row in rows if row["period"] == period}
    return [
        f"{data.name(each)} {value_text(over[each]['value'], data.indicator(over[each]['indicator']))}"
        for each in dict.fromkeys(profile.above(unit_id))
        if each in over
    ]


def years(groups: Groups, choices: list[profile.Choice], level: str | None) -> None:
    """Every indicator by school year, the youngest first; each number leads to its proof."""
    all_years = {
        int(row["school_year"]) for choice in choices for row in groups[choice] if pd.notna(row["school_year"])
    }
    shown = sorted(all_years, reverse=True)[:YEARS]
    columns = [say("profile.column.indicator"), *(period_short(f"SY{year}") for year in shown)]
    rows: list[tables.Row] = []
    for domain, held in profile.by_domain(choices).items():
        rows.append(tables.Row(tables.Cell(coded("domain", domain))))
        rows += [by_year(groups[choice], profile.title(choice, level), shown) for choice in held]
    tables.draw(columns, rows)


def by_year(rows: list[profile.Record], title: str, shown: list[int]) -> tables.Row:
    """One indicator: the last value of each school year, with its period where that is not the year itself."""
    last: dict[int, profile.Record] = {}
    for row in sorted(rows, key=lambda each: (profile.has_value(each), each["end_date"])):
        last[row["school_year"]] = row
    cells = [
        profile.value_cell(last[year], [within_year(str(last[year]["period"]), year)])
        if year in last
        else tables.Cell("—")
        for year in shown
    ]
    return tables.Row(tables.Cell(title), tuple(cells))


def within_year(period: str, year: int) -> str:
    """A period in a column of a school year: nothing for the year itself."""
    if period == f"SY{year}":
        return ""
    return period_text(period) if ".." in period else period_short(period)


def found_problems(unit_id: int) -> None:
    """What inspections found at the unit (and below it), how much of it is rectified, the newest one by one."""
    frame = data.findings(unit_id)
    if frame.empty:
        return
    st.subheader(say("school.findings"), anchor=False)
    st.markdown(plain(problems.sum_words(tally(frame, date.today()))))
    own = bool((frame["org_unit_id"] == unit_id).all())
    problems.listed(frame.head(PROBLEMS), with_unit=not own)
    if len(frame) > PROBLEMS:
        st.caption(say("findings.cut", n=PROBLEMS, total=len(frame)))


def register(unit_id: int) -> None:
    """Codes, other spellings, opening and closing, mergers."""
    unit = data.units().loc[unit_id]
    lines = {
        "code": _text(unit["code"]),
        "short": _text(unit["short_name"]),
        "aliases": profile.listed(registry.aliases(unit_id)),
        "since": _day(unit["valid_from"]),
        "until": _day(unit["valid_to"]),
        "into": profile.listed(data.name(each) for each in registry.successors(unit_id)),
        "from": profile.listed(registry.predecessors(unit_id)["name"]),
    }
    rows = [
        tables.Row(tables.Cell(say(f"school.register.{key}")), (tables.Cell(text),))
        for key, text in lines.items()
        if text
    ]
    if rows:
        st.subheader(say("school.register.title"), anchor=False)
        tables.draw([say("school.register.item"), say("school.register.text")], rows, wrap=True)
    with st.container(horizontal=True):
        for each in [*registry.successors(unit_id), *(int(one) for one in registry.predecessors(unit_id).index)]:
            links.school(each, plain(data.name(each)))


def _day(value: object) -> str:
    return "" if value is None or pd.isna(value) else pd.Timestamp(value).date().isoformat()


def sources(unit_id: int) -> None:
    """The files that state something about the unit."""
    files = data.kept("school.sources", lambda: files_of(unit_id), unit_id)
    if files.empty:
        st.caption(say("school.no_sources"))
    years: dict[str, list[tuple[int, str, int]]] = {}
    for row in files.itertuples():
        years.setdefault(year_of(row.period), []).append((int(row.source_file_id), str(row.file_name), int(row.n)))
    for n, (year, of_year) in enumerate(sorted(years.items(), reverse=True)):
        with st.expander(say("school.source_year", year=year, n=len(of_year)), expanded=n == 0 and len(files) <= FEW):
            for file_id, name, values in of_year:
                label = say("school.source", name=plain(name), n=values)
                links.to("evidence", label, icon=":material/description:", doc=file_id)


def files_of(unit_id: int) -> pd.DataFrame:
    """The files that state something about a unit: source_file_id, file_name, n, last period."""
    held = data.search_observations(text=data.name(unit_id), limit=ALL_ROWS)
    held = held[held["org_unit_id"] == unit_id]
    grouped = held.groupby(["source_file_id", "file_name"], sort=False)
    return grouped.agg(n=("period", "size"), period=("period", "max")).reset_index()


def year_of(period: str) -> str:
    """The school year, or the calendar year, under which a file is listed."""
    return period_short(period.split("..")[-1].split("-")[0]) if period else say("common.period.unknown")


def page() -> None:
    """The whole page, or what to do when there is nothing to show."""
    cards.heading("school")
    unit_id = filters.unit(default=first_school())
    if unit_id is None:
        cards.empty_store()
        return
    head(unit_id)
    cells, own, choices, judged = data.kept("school", lambda: worked_out(unit_id), unit_id)
    if choices:
        numbers(cells, own, choices, judged, unit_id)
    if not undated(unit_id) and not choices:
        cards.nothing_found(say("school.no_values", unit=plain(data.name(unit_id))))
    found_problems(unit_id)
    register(unit_id)
    st.subheader(say("school.sources"), anchor=False)
    sources(unit_id)


def worked_out(unit_id: int) -> tuple[pd.DataFrame, Groups, list[profile.Choice], pd.DataFrame]:
    """The cells of a unit and of those above it, its own by breakdown, the breakdowns to show, and these judged."""
    over = [each for each in profile.above(unit_id) if each is not None]
    cells = profile.everything(list(dict.fromkeys([unit_id, *over])))
    own = profile.grouped(cells[cells["org_unit_id"] == unit_id])
    choices = profile.main_choices(own, profile.level_of([unit_id]))
    if not choices:
        return cells, own, choices, cells
    groups = profile.grouped(cells)
    return cells, own, choices, measures.judged(pd.DataFrame([row for choice in choices for row in groups[choice]]))


def undated(unit_id: int) -> bool:
    """The values of which no document says when they held, each a way to its proof; False when there are none."""
    cells = data.cells([each.code for each in data.catalogue().indicators], [unit_id])
    cells = cells[(cells["period"] == "") & cells["observation_id"].notna()]
    rows = [
        tables.Row(
            tables.Cell(profile.title((row.indicator, row.dims))),
            (
                tables.Cell(
                    value_text(row.value, data.indicator(row.indicator), status=row.obs_status),
                    links.url("evidence", obs=int(row.observation_id)),
                ),
            ),
        )
        for row in cells.itertuples()
    ]
    if rows:
        st.subheader(say("school.undated"), anchor=False)
        tables.draw([say("profile.column.indicator"), say("profile.column.value")], rows)
    return bool(rows)


def numbers(
    cells: pd.DataFrame, own: Groups, choices: list[profile.Choice], judged: pd.DataFrame, unit_id: int
) -> None:
    """Tiles, the table by year (on request with all breakdowns), and the download of what is shown."""
    headlines(profile.grouped(judged), choices, unit_id)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader(say("school.years"), anchor=False, width="content")
        saving = st.container(width="content")
    st.caption(say("school.years_lead"))
    every = profile.all_choices(own)
    if len(every) > len(choices) and st.toggle(say("school.all", n=len(every)), key="all_breakdowns"):
        choices = every
        judged = measures.judged(cells[cells["org_unit_id"] == unit_id])
    judged = judged[judged["org_unit_id"] == unit_id]
    years(profile.grouped(judged), choices, profile.level_of([unit_id]))
    with saving:
        name = data.name(unit_id)
        downloads.control(name, lambda: datasets.values(name, judged), f"unit_{unit_id}")


def first_school() -> int | None:
    """The school shown when nobody chose one."""
    frame = data.tree()
    schools = frame.index[frame["kind"] == "school"]
    return int(schools[0]) if len(schools) else None


access.require("look")
page()
