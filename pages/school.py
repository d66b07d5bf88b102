"""One page per school (or any unit): its file on one screen and one sheet of paper, then every indicator by year."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages.ui import (
    access,
    cards,
    data,
    dossier,
    downloads,
    filters,
    links,
    measures,
    pictures,
    problems,
    profile,
    registry,
    tables,
)
from pages.ui.text import (
    coded,
    join,
    period_short,
    period_within,
    plain,
    say,
    value_text,
)

PROBLEMS = 12  # findings that are listed
YEARS = 7  # columns of the table by year
Groups = dict[profile.Choice, list[profile.Record]]


def head(unit_id: int) -> None:
    """The unit's name and what it is, as on the cover of a file."""
    unit = data.unit(unit_id)
    st.header(plain(unit.name), anchor=False)
    over = [data.name(each) for each in data.above(unit_id)[:-1]]
    facts = [
        coded("kind", unit.kind),
        coded("dim_value.level", unit.level) if unit.level else "",
        coded("dim_value.sponsor", unit.sponsor) if unit.sponsor else "",
        coded("dim_value.area", unit.area_type) if unit.area_type else "",
        coded("unit_status", unit.status) if unit.status != "active" else "",
    ]
    st.caption(plain(join([*facts, " › ".join(over)])))
    if any(each.id == unit_id for each in data.outside()):
        st.info(say("school.outside"), icon=":material/link_off:")


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
    tables.draw(columns, rows, phone="few")


def by_year(rows: list[profile.Record], title: str, shown: list[int]) -> tables.Row:
    """One indicator: the last value of each school year, with its period where that is not the year itself."""
    last: dict[int, profile.Record] = {}
    for row in sorted(rows, key=lambda each: (profile.has_value(each), each["end_date"])):
        last[row["school_year"]] = row
    cells = [
        profile.value_cell(last[year], [period_within(str(last[year]["period"]), year)])
        if year in last
        else tables.Cell("—")
        for year in shown
    ]
    return tables.Row(tables.Cell(title), tuple(cells))


def every_problem(frame: pd.DataFrame, unit_id: int) -> None:
    """What inspections found at the unit and below it one by one, where the file above has not room for all."""
    if len(frame) <= dossier.FINDINGS:
        return
    st.header(say("school.findings"), anchor=False)
    own = bool((frame["org_unit_id"] == unit_id).all())
    problems.listed(frame.head(PROBLEMS), with_unit=not own)
    if len(frame) > PROBLEMS:
        st.caption(say("findings.cut", n=PROBLEMS, total=len(frame)))


def register(unit_id: int) -> dict[str, str]:
    """Codes, other spellings, opening and closing, mergers, by the key of their words."""
    unit = data.unit(unit_id)
    return {
        "code": unit.code or "",
        "short": unit.short_name or "",
        "aliases": profile.listed(registry.aliases(unit_id)),
        "since": _day(unit.valid_from),
        "until": _day(unit.valid_to),
        "into": profile.listed(map(data.name, registry.successors(unit_id))),
        "from": profile.listed(map(data.name, registry.predecessors(unit_id))),
    }


def merged(unit_id: int) -> None:
    """The units that a unit was merged from and into, each a link."""
    with st.container(horizontal=True):
        for each in [*registry.successors(unit_id), *registry.predecessors(unit_id)]:
            links.school(each, plain(data.name(each)))


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def sources(files: pd.DataFrame) -> None:
    """The files on which the values of the unit rest, by year."""
    years: dict[str, dict[int, tuple[str, int]]] = {}
    for row in files.itertuples():
        held = years.setdefault(year_of(row.period), {})
        held[row.source_file_id] = (str(row.name), held.get(row.source_file_id, ("", 0))[1] + row.n_observations)
    if years:
        st.header(say("school.sources"), anchor=False)
    for year, of_year in sorted(years.items(), reverse=True):
        with st.expander(say("school.source_year", year=year, n=len(of_year))):
            for file_id, (name, values) in of_year.items():
                label = say("school.source", name=plain(name), n=values)
                links.to("evidence", label, icon=":material/description:", doc=file_id)


def year_of(period: str) -> str:
    """The school year, or the calendar year, under which a file is listed."""
    return period_short(period.split("..")[-1].split("-")[0]) if period else say("common.period.unknown")


def page() -> None:
    """The whole page, or what to do when there is nothing to show."""
    with st.container(key="school_lead"):
        cards.heading("school")
    unit_id = filters.unit(default=first_school())
    if unit_id is None:
        cards.empty_store()
        return
    data.drawn("school_head", lambda: head(unit_id), unit_id)
    cells, own, choices, judged = data.kept("school", lambda: worked_out(unit_id), unit_id)
    findings, files = data.findings(unit_id), data.files_of_unit(unit_id)

    def drawn() -> None:
        lines = dossier.lines(unit_id, choices, judged) if choices else []
        dossier.draw(unit_id, lines, findings, files, register(unit_id))

    data.drawn("dossier", drawn, unit_id)
    with st.container(key="screen_only"):
        data.drawn("merged", lambda: merged(unit_id), unit_id)
        if choices:
            numbers(cells, own, choices, judged, unit_id)
        data.drawn("school_rest", lambda: rest(unit_id, findings, files, with_values=bool(choices)), unit_id)


def rest(unit_id: int, findings: pd.DataFrame, files: pd.DataFrame, *, with_values: bool) -> None:
    """What stands under the numbers: values without a day, findings, files."""
    if not undated(unit_id) and not with_values:
        cards.nothing_found(say("school.no_values", unit=plain(data.name(unit_id))))
    every_problem(findings, unit_id)
    sources(files)


def worked_out(unit_id: int) -> tuple[pd.DataFrame, Groups, list[profile.Choice], pd.DataFrame]:
    """The cells of a unit, by breakdown too, the breakdowns to show, and these judged, with the values of the unit above
    in the youngest period of each."""
    cells = profile.everything([unit_id])
    own = profile.grouped(cells)
    choices = profile.main_choices(own, profile.level_of([unit_id]))
    if not choices:
        return cells, own, choices, cells
    over = profile.grouped(above_it(unit_id, {choice: profile.periods_of(own[choice])[-1] for choice in choices}))
    rows = [row for choice in choices for row in [*over.get(choice, []), *own[choice]]]
    return cells, own, choices, measures.judged(pd.DataFrame(rows))


def above_it(unit_id: int, wanted: dict[profile.Choice, str]) -> pd.DataFrame:
    """The cells of the unit that the file measures a unit against, each breakdown in one period."""
    above = dossier.above(unit_id)
    codes, dims = (sorted({choice[n] for choice in wanted}) for n in (0, 1))
    cells = profile.told(data.cells(codes, [] if above is None else [above], sorted(set(wanted.values())), dims))
    places = zip(cells["indicator"], cells["dims"], cells["period"], strict=True)
    held = [wanted.get((code, key)) == period for code, key, period in places]
    return cells[pd.Series(held, index=cells.index, dtype=bool)]


def undated(unit_id: int) -> bool:
    """The values of which no document says when they held, each a way to its proof; False when there are none."""
    cells = profile.cells([unit_id])  # read already for the rest of the page
    cells = cells[(cells["period"] == "") & cells["observation_id"].notna()]
    rows = [
        tables.Row(
            tables.Cell(profile.title((row.indicator, row.dims))),
            (
                tables.Cell(
                    value_text(row.value, data.indicator(row.indicator, row.dims), status=row.obs_status),
                    links.url("evidence", obs=int(row.observation_id)),
                ),
            ),
        )
        for row in cells.itertuples()
    ]
    if rows:
        st.header(say("school.undated"), anchor=False)
        tables.draw([say("profile.column.indicator"), say("profile.column.value")], rows)
    return bool(rows)


def numbers(
    cells: pd.DataFrame, own: Groups, choices: list[profile.Choice], judged: pd.DataFrame, unit_id: int
) -> None:
    """The table by year (on request with all breakdowns), and the download of what is shown."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header(say("school.years"), anchor=False, width="content")
        saving = st.container(width="content")
    st.caption(say("school.years_lead"))
    every = data.kept("every_choice", lambda: tuple(profile.all_choices(own)), unit_id)
    if len(every) > len(choices) and st.toggle(say("school.all", n=len(every)), key="all_breakdowns"):
        choices = list(every)
        judged = measures.judged(cells[cells["org_unit_id"] == unit_id])
    judged = judged[judged["org_unit_id"] == unit_id]
    level = profile.level_of([unit_id])
    data.drawn("school_years", lambda: years(profile.grouped(judged), choices, level), unit_id, len(choices))
    with saving:
        name = data.name(unit_id)
        title = say("pictures.courses", unit=name)
        chart = pictures.of_panels(lambda: dossier.panels(judged, choices, level), title, judged)
        downloads.values(name, judged, f"unit_{unit_id}", charts=[chart])


def first_school() -> int | None:
    """The school shown when nobody chose one."""
    return data.first("school")


access.require("look")
page()
