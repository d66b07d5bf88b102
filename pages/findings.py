"""What inspections found and what became of it: by district, by kind, and one by one with the words behind each."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages.analysis.rectification import Tally, is_overdue, tallies, tally
from pages.ui import access, cards, data, datasets, downloads, filters, links, problems, tables
from pages.ui.text import coded, period_text, plain, say

SHOWN = 50  # findings listed at once
STATES = ("not_rectified", "overdue", "rectified", "all")


def of_state(frame: pd.DataFrame, state: str, today: date) -> pd.DataFrame:
    """The findings of a state; `not_rectified` holds those of which nothing is said too."""
    if state == "not_rectified":
        return frame[frame["state"] != "rectified"]
    if state == "overdue":
        return frame[is_overdue(frame, today)]
    return frame[frame["state"] == "rectified"] if state == "rectified" else frame


def below(frame: pd.DataFrame, parent: int) -> pd.Series:
    """For each finding the child of a unit under which it stands; the unit itself for its own."""
    path = data.path_of(parent)
    steps = frame["path"].str.removeprefix(path).str.split("/").str[0]
    return steps.where(steps != "", str(parent)).astype("int64")


def by_unit(frame: pd.DataFrame, parent: int, today: date) -> None:
    """One row per child of the unit, with the rectified share."""
    st.header(say("findings.by_unit"), anchor=False)
    counted = tallies(frame.assign(child=below(frame, parent)), "child", today)
    rows = [
        counts_row(tables.Cell(data.name(int(unit_id)), link(int(unit_id), parent)), counts)
        for unit_id, counts in counted.items()
    ]  # type: ignore[arg-type]
    draw_counts("unit", rows)


def link(unit_id: int, parent: int) -> str:
    """One step down: to the findings of a unit, for a school to its page."""
    if unit_id == parent or data.unit(unit_id).kind == "school":
        return links.url("school", unit=unit_id)
    return links.url("findings", within=unit_id)


def by_kind(frame: pd.DataFrame, today: date) -> None:
    """One row per kind of problem, with the indicator on which it bears."""
    st.header(say("findings.by_kind"), anchor=False)
    rows = []
    for code, counts in tallies(frame, "category", today).items():
        indicator = problems.indicator_of(str(code))
        head = tables.Cell(problems.category_name(str(code)), notes=(problems.indicator_name(str(code)),))
        where = links.url("districts", indicator=indicator) if indicator else None
        rows.append(counts_row(tables.Cell(head.text, where, head.notes), counts))
    draw_counts("kind", rows)


def counts_row(head: tables.Cell, counts: Tally) -> tables.Row:
    """Found, rectified, open, overdue, share."""
    numbers = (counts.total, counts.rectified, counts.open, counts.overdue)
    cells = [tables.Cell(str(n)) for n in numbers]
    return tables.Row(head, (*cells, tables.Cell(problems.share_text(counts))))


def draw_counts(first: str, rows: list[tables.Row]) -> None:
    """A table of counts under its column names."""
    names = (first, "total", "rectified", "open", "overdue", "share")
    tables.draw([say(f"findings.column.{name}") for name in names], rows)


def one_by_one(frame: pd.DataFrame, today: date, parent: int) -> None:
    """The findings themselves; those that nobody said are rectified, until another state is asked for."""
    st.header(say("findings.list"), anchor=False)
    with st.container(horizontal=True):
        state = filters.segments(
            "state", say("findings.pick_state"), STATES, "not_rectified", lambda each: say(f"findings.states.{each}")
        )
        kinds = ["all", *data.kept("finding_kinds", lambda: tuple(frame["category"].value_counts().index), parent)]
        kind = filters.choose(
            "kind", say("findings.pick_kind"), kinds, "all",
            lambda each: say("findings.all_kinds") if each == "all" else problems.category_name(each),
        )  # fmt: skip
    chosen = data.kept("findings", lambda: picked(frame, state, kind, today), parent, state, kind, str(today))

    def drawn() -> None:
        problems.listed(chosen.head(SHOWN))
        if len(chosen) > SHOWN:
            st.caption(say("findings.cut", n=SHOWN, total=len(chosen)))

    if chosen.empty:
        cards.nothing_found(say("findings.none_of_these"))
        return
    data.drawn("findings_listed", drawn, parent, state, kind)
    title = say("findings.title")
    downloads.control(title, lambda: datasets.plain(title, export(chosen)), "findings", coded=False)


def picked(frame: pd.DataFrame, state: str, kind: str | None, today: date) -> pd.DataFrame:
    """The findings of a state and a kind."""
    chosen = of_state(frame, state, today)
    return chosen if kind in (None, "all") else chosen[chosen["category"] == kind]


def export(frame: pd.DataFrame) -> pd.DataFrame:
    """The findings as a table to save."""
    rows = list(frame.itertuples())
    columns = {
        "unit": [problems.whose(row) for row in rows],
        "kind": [problems.category_name(row.category) for row in rows],
        "text": [row.text for row in rows],
        "state": [coded("finding_state", row.state) for row in rows],
        "found": [problems.day(row.found_on) or period_text(row.period) for row in rows],
        "due": [problems.day(row.due_on) for row in rows],
        "file": [row.file_name for row in rows],
        "place": [row.locator for row in rows],
    }
    return pd.DataFrame({say(f"findings.column.{name}"): values for name, values in columns.items()})


def page() -> None:
    """Where, how many, of what kind, and each."""
    cards.heading("findings")
    with st.columns([5, 7])[0]:
        parent = filters.unit(
            "within", kinds=("city", "county", "town"), default=data.root_id(), label=say("districts.within")
        )
    if parent is None:
        cards.empty_store()
        return
    frame, today = data.findings(parent), date.today()
    if frame.empty:
        cards.nothing_found(say("findings.none", unit=plain(data.name(parent))))
        return
    data.drawn("findings", lambda: counted(frame, parent, today), parent)
    one_by_one(frame, today, parent)


def counted(frame: pd.DataFrame, parent: int, today: date) -> None:
    """How many, by unit and by kind."""
    st.markdown(f"**{plain(problems.sum_words(tally(frame, today)))}**")
    left, right = st.columns(2, gap="large")
    with left:
        by_unit(frame, parent, today)
    with right:
        by_kind(frame, today)


access.require("look")
page()
