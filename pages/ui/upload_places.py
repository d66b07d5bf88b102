"""Names that no unit answers to, or several: a person picks one of the likely units, says that it is new, or leaves it."""

from __future__ import annotations

import streamlit as st

from pages.ui import filters, upload_desk, uploading
from pages.ui.text import plain, say

NEW, LEAVE, OTHER = "new", "leave", "other"  # beside units by their id


def question(desk: upload_desk.Desk, issue: uploading.Issue, words: filters.Words) -> None:
    """The name that an issue asks about with the ways to answer: a unit, new, or left for later."""
    key, name = upload_desk.key_of(issue), issue.name
    likely = [one.org_unit_id for one in issue.candidates]
    answered = desk.choices.ticks.get(key)
    given = {say("upload.place.reason.new"): NEW, say("upload.place.reason.leave"): LEAVE}
    options: list[int | str] = [*likely, OTHER, NEW, LEAVE]
    box, other = f"place_{key}", f"other_{key}"
    st.session_state.setdefault(box, given.get(answered.reason, LEAVE) if answered else None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say("upload.place.which", where=uploading.where(issue), name=plain(name)), options, key=box,
            placeholder=say("upload.place.pick"), on_change=answer, args=(key, name, box), disabled=not desk.editable,
            format_func=lambda each: words(each) if isinstance(each, int) else say(f"upload.place.{each}"),
        )  # fmt: skip
        if st.session_state[box] == OTHER:
            st.selectbox(
                say("upload.place.search"), filters.near(other, held=likely), index=None, key=other, format_func=words,
                placeholder=say("review.form.pick_unit"), on_change=answer, args=(key, name, other),
            )  # fmt: skip


def answer(key: str, name: str, box: str) -> None:
    """Callback: keep what was picked for a name."""
    picked = st.session_state[box]
    upload_desk.tick(key, say(f"upload.place.reason.{picked}") if picked in (NEW, LEAVE) else None)
    if isinstance(picked, int):
        desk = upload_desk.current()
        upload_desk.choose(places={**desk.choices.places, name: picked})


def settled(desk: upload_desk.Desk) -> None:
    """The names that were given to a unit, each with the way back."""
    if not desk.choices.places:
        return
    words = filters.unit_words()
    for name, unit in desk.choices.places.items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"settled_{name}"):
            st.markdown(say("upload.place.settled", name=plain(name), unit=plain(words(unit))))
            if desk.editable:
                st.button(say("upload.place.back"), key=f"unsettle_{name}", on_click=unsettle, args=(name,))


def unsettle(name: str) -> None:
    """Callback: take back which unit a name was given to."""
    held = upload_desk.current().choices.places
    upload_desk.choose(places={each: unit for each, unit in held.items() if each != name})
