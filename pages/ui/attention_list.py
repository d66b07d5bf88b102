"""The attention list of the overview: who needs to act on what, first what chance does not explain."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import display
from pages.ui import board, cards, data, datasets, downloads, filters, links, sentences, wide
from pages.ui.text import coded, join, listed, period_brief, plain, say, title_of, value_text

SHOWN = 5  # lines of the list; the rest stands in a table
KINDS = ("county", "town", "school")


def draw(root: int) -> str:
    """Units that miss their target, or are worse than the city where there is none; returns the chosen kind of unit."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header(
            say("overview.attention.title"), anchor="attention", help=say("overview.attention.help"), width="content"
        )
        kinds = wide.kinds(KINDS, root)
        kind = filters.segments(
            "kind", say("overview.attention.kind"), kinds, kinds[-1], lambda each: coded("kind", each), bare=True
        )
    if len(kinds) < len(KINDS):
        st.caption(say("overview.attention.too_many", n=display.number(wide.MOST)))
    needing = board.needing(root, kind)
    found = needing.found
    if found.empty:
        st.success(say("overview.attention.none", compared=needing.compared), icon=":material/check_circle:")
        return kind
    data.drawn("attention", lambda: first(needing), root, kind)
    with st.expander(say("overview.attention.more", n=len(found))):
        data.drawn("attention_more", lambda: every(needing), root, kind)
        save(root, kind)
    return kind


def first(needing: board.Attention) -> None:
    """The first lines, and what chance has to do with them."""
    names, found = filters.unit_words(), needing.found
    with st.container(border=True, gap="xsmall"):
        for number, (_, row) in enumerate(found.head(SHOWN).iterrows()):
            line(row, names(int(row["org_unit_id"])), number)
    compared, alarms = display.number(needing.compared), display.number(needing.alarms, 0)
    sure = int(found["sure"].sum())
    st.caption(say("overview.attention.count", compared=compared, sure=sure, alarms=alarms))


def every(needing: board.Attention) -> None:
    """All lines as a table, and how many each unit that sees to them has."""
    by_owner(needing.found)
    cards.table(frame_of(needing.found), key="attention_table", alt=say("overview.attention.title"))


def by_owner(found: pd.DataFrame) -> None:
    """How many lines each unit that sees to them has."""
    counts = found["org_unit_id"].map(owner).value_counts()
    parts = [say("overview.attention.share", owner=plain(name), n=int(n)) for name, n in counts.items() if name]
    if parts:
        st.caption(say("overview.attention.by_owner", owners=listed(parts)))


def owner(unit_id: int) -> str:
    """The name of the unit that sees to a line: the nearest district or city above; empty for the top of the tree."""
    above = [each for each in data.above(int(unit_id))[:-1] if data.unit(each).kind not in ("town", "school")]
    return data.name(above[-1]) if above else ""


def line(row: pd.Series, unit: str, number: int) -> None:
    """One entry: the sentence, and its links beside it (below it on a phone)."""
    unit_id, code, dims = int(row["org_unit_id"]), str(row["indicator"]), str(row["dims"])
    with st.container(key=f"attention_{number}", gap=None):
        left, right = st.columns([15, 4], vertical_alignment="center", gap="xsmall")
        left.markdown(sentences.attention(row, unit, owner(unit_id)))
        with right, st.container(horizontal=True, gap="xsmall", horizontal_alignment="right"):
            links.to("school", say("common.link.unit"), unit=unit_id)
            links.to("trends", say("common.link.trend"), units=[unit_id, data.root_id()], indicator=code, dims=dims)
            links.to(
                "evidence", say("common.link.evidence"), unit=unit_id, indicator=code, period=row["period"], dims=dims
            )


def save(root: int, kind: str) -> None:
    """The control that saves all lines of the attention list."""
    title = say("overview.attention.title")

    def made() -> datasets.Dataset:
        return datasets.values(title, board.judged(root, kind), frame_of(board.needing(root, kind).found))

    downloads.control(title, made, "attention")


def frame_of(found: pd.DataFrame) -> pd.DataFrame:
    """The lines of the attention list in printed words."""
    names = filters.unit_words()
    rows = [(row, data.indicator(row["indicator"], row["dims"])) for _, row in found.iterrows()]
    return pd.DataFrame(
        {
            say("common.column.unit"): [names(int(row["org_unit_id"])) for row, _ in rows],
            say("overview.attention.owner"): [owner(row["org_unit_id"]) for row, _ in rows],
            say("common.column.indicator"): [title_of(each, row["dims"]) for row, each in rows],
            say("common.column.period"): [period_brief(row["period"]) for row, _ in rows],
            say("common.column.value"): [value_text(row["value"], each) for row, each in rows],
            say("common.column.benchmark"): [
                join([say(f"common.benchmark.{row['benchmark']}"), sentences.benchmark_text(row, each)])
                for row, each in rows
            ],
            say("common.column.short"): [int(row["short"]) for row, _ in rows],
            say("common.column.people"): found["denominator"].tolist(),
            say("overview.attention.since"): [sentences.run_text(row) for row, _ in rows],
            say("overview.attention.chance"): [
                sentences.chance_text(row, each).replace("\\", "") for row, each in rows
            ],
        }
    )
