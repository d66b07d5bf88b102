"""What to believe: values that two sources tell differently, rulings on them, and comparisons that do not add up."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import access, cards, claims, data, datasets, disputes, downloads, filters
from pages.ui.text import say

AT_ONCE = 20  # cards of one kind on the page; the rest is a page further


def chosen(rows: pd.DataFrame, file_column: str, within: int | None, file_id: int) -> pd.DataFrame:
    """The rows of a district and a document; units outside the tree belong to the whole only."""
    if file_id:
        rows = rows[rows[file_column] == file_id]
    if within is None or within == data.root_id():
        return rows
    named = {int(each) for each in rows["org_unit_id"].dropna()}
    data.meet(named)
    below = [each for each in named if data.is_seen(each) and within in data.unit(each).path]
    return rows[rows["org_unit_id"].isin(below)]


def pickers(found: pd.DataFrame, said: pd.DataFrame) -> tuple[int | None, int]:
    """The district and the document (0: all) that the page is about."""
    names = dict(zip(found["told_file_id"], found["told_file"], strict=True))
    names |= dict(zip(said["source_file_id"], said["file_name"], strict=True))
    left, right = st.columns(2)
    with left:
        within = filters.unit("within", kinds=("city", "county"), default=data.root_id(), label=say("quality.within"))
    with right:
        ids = [0, *sorted((int(each) for each in names), key=lambda each: str(names[each]))]
        file_id = filters.choose(
            "file", say("quality.file"), ids, 0, lambda each: str(names[each]) if each else say("quality.all_files")
        )
    return within, file_id or 0


def in_pages(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of the page that is turned to."""
    pages = -(-len(rows) // AT_ONCE)
    at = st.pagination(pages, key=key) if pages > 1 else 1
    return rows.iloc[(at - 1) * AT_ONCE : at * AT_ONCE]


def discrepancies(found: pd.DataFrame) -> None:
    """Open ones first, the most people first; then those that were ruled on."""
    still = found["is_open"].astype(bool)
    title = say("quality.open", n=int(still.sum()))
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header(title, anchor="open", help=say("quality.open_help"), width="content")
        if len(found):
            name = say("quality.both_versions")
            downloads.control(name, lambda: datasets.plain(name, disputes.listing(found)), "open", coded=False)
    if not still.any():
        st.success(say("quality.none_open"), icon=":material/check_circle:")
    for _, row in in_pages(found[still], "open_page").iterrows():
        disputes.card(row)
    settled = found[~still]
    if len(settled):
        st.header(say("quality.settled", n=len(settled)), anchor="settled")
        for _, row in in_pages(settled, "settled_page").iterrows():
            disputes.card(row)


def comparisons(said: pd.DataFrame, key: tuple[object, ...]) -> None:
    """Contradicted claims as cards; the others counted, with their list on demand."""
    counts = said["result"].value_counts().reindex(claims.RESULTS, fill_value=0).to_dict()
    title = say("quality.claims")
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header(title, anchor="claims", help=say("quality.claims_help"), width="content")
        if len(said):
            downloads.control(title, lambda: datasets.plain(title, claims.listing(said)), "claims", coded=False)
    if said.empty:
        st.info(say("quality.no_claims"), icon=":material/info:")
        return
    st.markdown(say("quality.claims_sum", n=len(said), **counts))
    wrong = said[said["result"] == "contradicted"]
    shown = in_pages(wrong, "claims_page")
    data.drawn("claims", lambda: compared(said, shown), *key, tuple(shown.index))


def compared(said: pd.DataFrame, wrong: pd.DataFrame) -> None:
    """The contradicted claims of a page as cards, and the lists of the others."""
    for _, row in wrong.iterrows():
        claims.line(row)
    for result in ("consistent", "not_checkable"):
        rows = said[said["result"] == result]
        if len(rows):
            with st.expander(say(f"quality.list.{result}", n=len(rows))):
                claims.table(rows, f"claims_{result}")


def page() -> None:
    """The whole page."""
    cards.heading("quality")
    if data.documents().empty:
        cards.empty_store()
        return
    found, said = data.discrepancies(), data.claims()
    within, file_id = pickers(found, said)
    discrepancies(chosen(found, "told_file_id", within, file_id))
    comparisons(chosen(said, "source_file_id", within, file_id), (within, file_id))


access.require("look")
page()
