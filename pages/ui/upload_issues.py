"""What is doubtful in a file: what must be mended, what a person confirms one by one with an optional reason, what is
only said. Each with its place; the same workbook comes back with its faults marked."""

from __future__ import annotations

import streamlit as st

from pages.ui import filters, marking, tables, upload_desk, upload_places, uploading
from pages.ui.text import plain, printed, say

FIRST = 5  # issues of a kind that are shown at once
MANY = 200  # issues of a kind that are shown at all
TICKS = 15  # issues of a kind to be ticked on one page of the list
LONGEST_REASON = 200
ICONS = {"block": ":material/block:", "confirm": ":material/help:", "note": ":material/info:"}


def blocked(prepared: uploading.Prepared) -> None:
    """Why a file cannot be stored, before anything else is said about it: every place and what to do there."""
    held = uploading.issues_by_severity(prepared.draft)["block"]
    st.error(say("upload.blocked", n=len(held)), icon=":material/block:")
    with st.container(border=True):
        st.markdown(f"**{say('upload.severity.block', n=len(held))}**")
        listed(held)
        marking.button(prepared.draft)


def section(prepared: uploading.Prepared) -> None:
    """Step 3: what wants a person's word, then what is only said."""
    st.header(say("upload.issues"), anchor="issues")
    grouped = uploading.issues_by_severity(prepared.draft)
    upload_places.settled(upload_desk.current())
    if not any(grouped.values()):
        st.success(say("upload.no_issues"), icon=":material/check_circle:")
    if grouped["block"]:
        st.caption(say("upload.blocks_above", n=len(grouped["block"])))
    if grouped["confirm"]:
        to_confirm(prepared, grouped["confirm"])
    if grouped["note"]:
        with st.expander(say("upload.severity.note", n=len(grouped["note"])), icon=ICONS["note"]):
            listed(grouped["note"])
    if not grouped["block"]:
        marking.button(prepared.draft)


def to_confirm(prepared: uploading.Prepared, held: list[uploading.Issue]) -> None:
    """The issues that want a tick each, by kind; a file that is blocked is mended first."""
    desk = upload_desk.current()
    if prepared.draft.blocked:
        with st.expander(say("upload.severity.confirm", n=len(held)), icon=ICONS["confirm"]):
            listed(held)
        return
    with st.container(border=True):
        st.markdown(f"**{say('upload.severity.confirm', n=len(held))}**")
        st.caption(say("upload.confirm_each"))
        for kind, of_kind in uploading.issues_by_kind(held).items():
            ticks(desk, kind, of_kind)
        n, left = upload_desk.wanted(desk), upload_desk.left(desk)
        st.markdown(say("upload.ticked", done=n - left, n=n, left=left))


def ticks(desk: upload_desk.Desk, kind: str, held: list[uploading.Issue]) -> None:
    """One kind of issue, each with its own tick; a reason can be given once it is ticked."""
    left = sum(upload_desk.key_of(issue) not in desk.choices.ticks for issue in held)
    st.markdown(say("upload.tick_count", kind=kind, n=len(held), left=left))
    pages, page = -(-len(held) // TICKS), 1
    if pages > 1:
        page = st.pagination(pages, key=f"page_{kind}")
    shown = held[(page - 1) * TICKS : page * TICKS]
    # Words for units take a walk through the register: only where a name is asked about.
    words = filters.unit_words() if any(issue.name for issue in shown) else str
    for issue in shown:
        if issue.name:
            upload_places.question(desk, issue, words)
        else:
            tick(desk, issue)


def tick(desk: upload_desk.Desk, issue: uploading.Issue) -> None:
    """One doubtful point: ticked or not, with the reason that is kept beside it."""
    key = upload_desk.key_of(issue)
    box, note, said = f"tick_{key}", f"reason_{key}", desk.choices.ticks.get(key)
    st.session_state[box] = said is not None
    st.checkbox(in_words(issue), key=box, on_change=keep_tick, args=(key,), disabled=not desk.editable)
    if said is not None:
        st.session_state.setdefault(note, said.reason)
        st.text_input(
            say("upload.reason"), key=note, placeholder=say("upload.reason_hint"), max_chars=LONGEST_REASON,
            label_visibility="collapsed", on_change=keep_tick, args=(key,), disabled=not desk.editable,
        )  # fmt: skip


def in_words(issue: uploading.Issue) -> str:
    """Where an issue stands and what it says, safe in markdown."""
    where = uploading.where(issue)
    return plain(say("upload.at", where=where, sentence=printed(issue.sentence)) if where else printed(issue.sentence))


def keep_tick(key: str) -> None:
    """Callback: keep the tick of an issue with its reason, or take it back."""
    ticked = st.session_state[f"tick_{key}"]
    upload_desk.tick(key, st.session_state.get(f"reason_{key}", "") if ticked else None)


def listed(held: list[uploading.Issue]) -> None:
    """Issues by kind in one table: the first few of each kind in full, the rest on request."""
    columns = [say("upload.column.place"), say("upload.column.issue")]
    by_kind = uploading.issues_by_kind(held)
    rows: list[tables.Row] = []
    for kind, of_kind in by_kind.items():
        rows.append(tables.Row(tables.Cell(say("upload.issue_count", kind=kind, n=len(of_kind)))))
        rows += [_row(each) for each in of_kind[:FIRST]]
    tables.draw(columns, rows, wrap=True)
    for kind, of_kind in by_kind.items():
        if len(of_kind) > FIRST:
            with st.expander(say("upload.others", kind=kind, n=len(of_kind) - FIRST)):
                tables.draw(columns, [_row(each) for each in of_kind[FIRST:MANY]], wrap=True)
                if len(of_kind) > MANY:
                    st.caption(say("upload.cut", n=MANY))


def _row(issue: uploading.Issue) -> tables.Row:
    return tables.Row(tables.Cell(uploading.where(issue)), (tables.Cell(printed(issue.sentence)),))
