"""Review: what the program is not sure of waits here, document by document, until a person decides."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import access, cards, data, filters, links, review_lists, review_one, reviewing, trail
from pages.ui.text import moment_text, plain, say

SIDES = ("one", "bulk", "names", "decided", "left_out")


def go(**where: object) -> None:
    """Callback: another view of this page. (A link from a page to itself loses its parameters in the browser.)"""
    for name in ("doc", "obs", "side"):
        st.query_params.pop(name, None)
    for name, value in where.items():
        st.query_params[name] = str(value)


# ---- all documents -----------------------------------------------------------------------------------


def chosen_of_all() -> list[reviewing.Waiting]:
    """Everything that waits, narrowed by kind of doubt, indicator and unit."""
    held = data.waiting()
    columns = st.columns(3, gap="small")
    kinds = review_lists.doubt_kinds(held)
    codes = sorted({one.indicator for one in held}, key=reviewing.indicator_name)
    units = sorted({review_lists.unit_label(one) for one in held})
    kind = pick(columns[0], "doubt", kinds, lambda each: say(f"review.kind.{each}"))
    code = pick(columns[1], "indicator", codes, reviewing.indicator_name)
    unit = pick(columns[2], "unit", units, str)
    return [
        one
        for one in held
        if (kind is None or kind in one.doubts)
        and (code is None or one.indicator == code)
        and (unit is None or review_lists.unit_label(one) == unit)
    ]


def pick(column: object, name: str, options: list, words: object) -> object:
    """A filter: one of the options, or none."""
    return column.selectbox(
        say(f"review.filter.{name}"), [None, *options], key=f"filter_{name}",
        format_func=lambda each: words(each) if each is not None else say("review.filter.any"),
    )  # fmt: skip


def queue() -> None:
    """The documents, the newest first, with how much waits in each."""
    frame = data.review_documents()
    if frame.empty:
        st.success(say("review.queue.empty"), icon=":material/check_circle:")
        return
    total = len(data.waiting())
    st.markdown(say("review.queue.sum", n=total, documents=int((frame["waiting"] > 0).sum())))
    left = pd.Series([one.source_file_id for one in chosen_of_all()], dtype="int64").value_counts()
    filtered = any(st.session_state.get(f"filter_{name}") is not None for name in ("doubt", "indicator", "unit"))
    for row in frame.itertuples():
        n = int(left.get(row.source_file_id, 0))
        if n or not filtered:
            document_line(row, n)


def document_line(row: object, n: int) -> None:
    """One document: its name, its counts and the way to it."""
    box = st.container(
        border=True, key=f"document_{row.source_file_id}", horizontal=True, vertical_alignment="center",
        horizontal_alignment="distribute",
    )  # fmt: skip
    with box:
        words = say("review.queue.counts", waiting=n, decided=row.decided, names=row.names)
        st.markdown(
            f"**{plain(row.name)}**  \n:small[{plain(moment_text(row.uploaded_at))} · {words}]", width="stretch"
        )
        side = "one" if n else "names" if row.names else "decided"
        label = say("review.queue.open" if n or row.names else "review.queue.look")
        st.button(
            label, key=f"open_{row.source_file_id}", icon=":material/arrow_forward:", on_click=go,
            kwargs={"doc": row.source_file_id, "side": side},
        )  # fmt: skip


# ---- one document ------------------------------------------------------------------------------------


def document(file_id: int) -> None:
    """The review of one document, from one of its sides."""
    frame = data.review_documents().set_index("source_file_id")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(say("review.back"), key="back", type="tertiary", icon=":material/arrow_back:", on_click=go)
        links.to("evidence", say("review.document"), icon=":material/find_in_page:", doc=file_id)
    st.markdown(f"**{plain(data.document(file_id).name)}**")
    held = data.waiting(file_id)
    counts = {
        "one": len(held),
        "bulk": len(held),
        "names": int(frame["names"].get(file_id, 0)),
        "decided": int(frame["decided"].get(file_id, 0)),
        "left_out": int((data.document_rejected(file_id)["id"] > 0).sum()),
    }
    words = {each: say(f"review.side.{each}", n=n) for each, n in counts.items()}
    side = filters.segments("side", say("review.sides"), SIDES, "one", words.__getitem__, bare=True)
    if side == "one":
        one_by_one(held, counts["decided"])
    elif side == "bulk":
        review_lists.bulk(held)
    elif side == "names":
        review_lists.names(file_id)
    elif side == "decided":
        review_lists.decided(file_id)
    else:
        review_lists.left_out(file_id)


def one_by_one(held: list[reviewing.Waiting], done: int) -> None:
    """The number that is next, with how far the document is."""
    one = review_one.following(held)
    if one is None:
        finished()
        return
    st.progress(done / (done + len(held)), text=say("review.progress", left=len(held), done=done))
    review_one.draw(one)


def finished() -> None:
    """Nothing is left in this document: the way to the next one."""
    st.success(say("review.finished"), icon=":material/check_circle:")
    others = data.waiting()
    with st.container(horizontal=True):
        if others:
            st.button(
                say("review.next", n=len(others)), key="next", type="primary", shortcut="N", on_click=go,
                icon=":material/arrow_forward:", kwargs={"doc": others[0].source_file_id, "side": "one"},
            )  # fmt: skip
        review_one.undo_last()


def single(one: reviewing.Waiting) -> None:
    """A stored value that somebody finds wrong."""
    with st.container(horizontal=True, vertical_alignment="center"):
        links.to("evidence", say("review.proof"), icon=":material/arrow_back:", obs=one.number)
        st.button(
            say("review.of_document"), key="of_document", type="tertiary", icon=":material/rate_review:", on_click=go,
            kwargs={"doc": one.source_file_id},
        )  # fmt: skip
    st.markdown(f"**{plain(data.document(one.source_file_id).name)}**")
    st.caption(say("review.wrong"))
    review_one.draw(one, alone=True)


def page() -> None:
    """All documents, one document, or one stored value."""
    cards.heading("review")
    reviewing.say_what_was_done()
    asked = reviewing.asked(st.query_params, "doc", "obs")
    one = data.statement_now(asked["obs"]) if "obs" in asked else None
    known = set(data.documents()["source_file_id"])
    if one is not None:
        trail.viewed(f"value {asked['obs']}")
        single(one)
    elif asked.get("doc") in known:
        trail.viewed(f"document {asked['doc']}")
        document(asked["doc"])
    else:
        if "obs" in asked and reviewing.LAST in st.session_state:
            st.success(say("review.handled"), icon=":material/check_circle:")
            review_one.undo_last()
        elif "obs" in asked or "doc" in asked:
            st.info(say("review.gone"), icon=":material/info:")
        queue()


access.require("upload")
page()
