"""Notes that people pin to a number of a series: their marks on chart and table, the list, writing and taking back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from db.schema_notes import LONGEST_NOTE
from pages.ui import access, actions, cards, data
from pages.ui.text import join, moment_text, period_brief, plain, say

Marks = Mapping[tuple[int, str], str]  # unit and period to `注1`


def of_series(code: str, dims: str, unit_ids: Sequence[int], codes: Sequence[str]) -> pd.DataFrame:
    """The notes on an indicator of some units (columns of queries.notes): those in force on the periods `codes` first, in
    the order of the periods and with their number in `n`; then those taken back, without one."""
    found = data.notes(code, dims, unit_ids)
    found = found[found["period"].isin(list(codes))]
    place = found["period"].map({each: n for n, each in enumerate(codes)})
    order = found.assign(place=place, gone=found["withdrawn_at"].notna()).sort_values(["gone", "place", "note_id"])
    running = pd.Series(range(1, len(order) + 1), index=order.index)
    return order.assign(n=running.where(~order["gone"])).drop(columns=["place", "gone"])


def marks(notes: pd.DataFrame) -> Marks:
    """The marks of the notes in force, by unit and period."""
    found: dict[tuple[int, str], list[str]] = {}
    for row in in_force(notes).itertuples():
        found.setdefault((int(row.org_unit_id), str(row.period)), []).append(say("notes.mark", n=int(row.n)))
    return {place: " ".join(words) for place, words in found.items()}


def in_force(notes: pd.DataFrame) -> pd.DataFrame:
    """The notes that nobody took back."""
    return notes[notes["withdrawn_at"].isna()]


def section(notes: pd.DataFrame, code: str, dims: str, names: Mapping[int, str], codes: Sequence[str]) -> None:
    """The list of notes, and for who may write a way to add one or take one back."""
    may = access.current().may("upload")
    held = in_force(notes)
    gone = notes[notes["withdrawn_at"].notna()]
    if not may and notes.empty:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{say('notes.title')}**", help=say("notes.help"), width="content")
        if may and names:
            write(code, dims, names, codes)
    for row in held.itertuples():
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"note_{row.note_id}"):
            st.markdown(line(row, names))
            if may:
                st.button(say("notes.withdraw"), key=f"withdraw_{row.note_id}", type="tertiary",
                          on_click=take_back, args=(int(row.note_id),))  # fmt: skip
    problem = st.session_state.pop("_note_problem", None)
    if problem:
        st.error(problem, icon=":material/error:")
    if len(gone):
        cards.folded(say("notes.gone", n=len(gone)), "notes_gone", lambda: listing(gone, names))


def line(row: object, names: Mapping[int, str]) -> str:
    """A note with its mark, unit, period, text and who wrote it when."""
    unit, period = names.get(int(row.org_unit_id), ""), period_brief(row.period)  # type: ignore[attr-defined]
    mark = "" if pd.isna(row.n) else say("notes.mark", n=int(row.n))  # type: ignore[attr-defined]
    by = join([plain(row.written_by), moment_text(row.written_at)])  # type: ignore[attr-defined]
    return f"**{join([mark, plain(unit), period])}** {plain(row.text)} :small[{by}]"  # type: ignore[attr-defined]


def listing(gone: pd.DataFrame, names: Mapping[int, str]) -> None:
    """Notes that were taken back, with by whom and when."""
    for row in gone.itertuples():
        by = say("notes.gone_by", user=plain(row.withdrawn_by), at=moment_text(row.withdrawn_at))
        st.markdown(f"- {line(row, names)} :small[{by}]")


def write(code: str, dims: str, names: Mapping[int, str], codes: Sequence[str]) -> None:
    """The form for a note."""
    with (
        st.popover(say("notes.add"), icon=":material/add_comment:"),
        st.form("note", clear_on_submit=True, border=False),
    ):
        unit = st.selectbox(
            say("common.column.unit"), list(names), format_func=lambda each: names[each], key="note_unit"
        )
        period = st.selectbox(
            say("common.column.period"), list(reversed(codes)), format_func=period_brief, key="note_period"
        )
        text = st.text_area(
            say("notes.text"), key="note_text", max_chars=LONGEST_NOTE, placeholder=say("notes.example")
        )
        if st.form_submit_button(say("notes.save"), type="primary"):
            problem = actions.pin_note(int(unit), code, dims, str(period), text)
            if problem is None:
                st.rerun()
            st.error(problem, icon=":material/error:")


def take_back(note_id: int) -> None:
    """Take a note back; what hinders it is said in the next run."""
    problem = actions.withdraw_note(note_id)
    if problem:
        st.session_state["_note_problem"] = problem
