"""The drafts that wait in the store: to be gone on with, looked at for approval, or given up."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from db.records_drafts import DraftStatus, StoredDraft
from db.records_jobs import ACTIVE, Job
from pages.ui import upload_desk
from pages.ui.text import join, moment_text, plain, say

FIRST = 3  # drafts that stand open


def section(listed: Sequence[StoredDraft], jobs: Sequence[Job]) -> None:
    """The drafts beside the one on the desk and those that are being stored; nothing where there is none."""
    desk = upload_desk.current()
    mine = desk.draft.id if desk is not None and desk.draft is not None else None
    gone_on = {mine, *(each.draft_id for each in jobs if each.status in ACTIVE)}
    held = [each for each in listed if each.id not in gone_on]
    if not held:
        return
    title = say("upload.drafts.title", n=len(held))
    if desk is not None:
        with st.expander(title, icon=":material/drafts:"):
            rows(held)
        return
    st.header(title, anchor=False)
    rows(held[:FIRST])
    if len(held) > FIRST:
        with st.expander(say("upload.drafts.more", n=len(held) - FIRST)):
            rows(held[FIRST:])


def rows(held: Sequence[StoredDraft]) -> None:
    """Drafts with what can be done about each."""
    for each in held:
        with st.container(border=True, key=f"draft_{each.id}"):
            one(each)


def one(held: StoredDraft) -> None:
    """One draft: its file, how far it is, who touched it last."""
    who = join(
        [moment_text(held.updated_at), held.updated_by, say(f"upload.drafts.status.{held.status}"), progress(held)]
    )
    st.markdown(f"**{plain(held.file_name)}**  \n{plain(who)}")
    if held.reason:
        st.markdown(say("upload.drafts.returned_because", reason=plain(held.reason)))
    if not held.resumable:
        st.caption(say("upload.drafts.choose_again"))
    with st.container(horizontal=True, vertical_alignment="center"):
        if held.resumable:
            word = "look" if held.status is DraftStatus.SUBMITTED else "go_on"
            st.button(
                say(f"upload.drafts.{word}"), key=f"resume_{held.id}", icon=":material/play_arrow:",
                on_click=upload_desk.resume, args=(held.id,),
            )  # fmt: skip
        with st.popover(say("upload.drafts.discard"), icon=":material/delete:"):
            st.markdown(say("upload.drafts.discard_what", file=plain(held.file_name)))
            st.button(
                say("upload.drafts.discard_yes"),
                key=f"discard_{held.id}",
                on_click=upload_desk.discard,
                args=(held.id,),
            )


def progress(held: StoredDraft) -> str:
    """How far a draft is, in counts."""
    found = held.summary
    return join([
        say("upload.drafts.values", n=found.observations),
        say("upload.drafts.blocks", n=found.block) if found.block else "",
        say("upload.drafts.ticks", n=found.confirm, done=min(len(held.choices.ticks), found.confirm)) if found.confirm else "",
    ])  # fmt: skip
