"""Hand in a file: what was understood, what is doubtful, what would change; stored only after confirmation."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from pages.ui import (
    access,
    cards,
    reviewing,
    upload_confirm,
    upload_desk,
    upload_difference,
    upload_drafts,
    upload_issues,
    upload_queue,
    upload_recent,
    upload_understood,
    uploader,
)
from pages.ui.text import say

STEPS = {"read": 0.1, "understand": 0.35, "check": 0.7, "compare": 0.9}  # how far a file is when a step begins


def handed_in() -> upload_desk.Desk | None:
    """The file to be looked at: the one in the uploader, the draft that was taken up, or the one of the address."""
    key = upload_desk.uploader_key()
    file = uploader.box(key, on_change=taken_away, args=(key,))
    desk = upload_desk.current()
    if file is not None and (desk is None or desk.file_id != file.file_id):
        return upload_desk.lay(file.name, file.getvalue(), file.file_id)
    asked = st.query_params.get("draft", "")
    if desk is None and asked.isdecimal():
        upload_desk.resume(int(asked))
        st.rerun()
    return desk


def taken_away(key: str) -> None:
    """Callback: the file was taken out of the uploader; its draft stays in the store."""
    if st.session_state.get(key) is None:
        upload_desk.close()


def looked_at(desk: upload_desk.Desk) -> None:
    """The steps from what was understood to the confirmation; what blocks is said first."""
    bar = st.empty()
    told = lambda step: bar.progress(STEPS[step], say(f"upload.doing.{step}"))  # noqa: E731
    with st.spinner(say(f"upload.doing.{desk.wish}"), show_time=True) if desk.wish else nullcontext():
        if desk.prepared is not None and desk.wish in ("store", "approve") and upload_queue.wanted(desk.prepared.draft):
            handed_over(desk)
        else:
            upload_desk.carry_out(desk)
    if desk.result is not None:
        upload_recent.stored(desk)
        return
    prepared = upload_desk.ready(desk, told)
    bar.empty()
    if prepared.refusal:
        st.error(prepared.refusal, icon=":material/block:")
        st.caption(say("upload.refused"))
        return
    upload_desk.keep(desk)
    upload_confirm.state(desk)
    upload_confirm.steps(desk)
    looks = (upload_understood.section, upload_issues.section)
    if prepared.draft.blocked:
        steps = (upload_issues.blocked, *looks)
    else:
        steps = (*looks, upload_difference.section, upload_confirm.section)
    for step in steps:
        step(prepared)


def handed_over(desk: upload_desk.Desk) -> None:
    """A large file is stored beside the page; the desk is free for the next one."""
    if upload_desk.hand_over(desk, upload_queue.hand_over):
        st.rerun()


def page() -> None:
    """Drafts that wait, file in, four looks at it, confirmation; below the latest imports."""
    cards.heading("upload")
    reviewing.waiting_line()
    desk = handed_in()
    if problem := upload_desk.said():
        st.warning(problem, icon=":material/info:")
    under_way, drafts = upload_queue.look()
    upload_queue.section(under_way)
    upload_drafts.section(drafts, under_way)
    if desk is not None:
        looked_at(desk)
    upload_recent.section()


access.require("upload")
page()
