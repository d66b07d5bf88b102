"""The last step: store, hand in for approval, approve or send back; and where a draft stands."""

from __future__ import annotations

import streamlit as st

from db.records import Severity
from db.records_drafts import DraftStatus, Tick
from db.settings import Approval
from pages.ui import access, draft_actions, upload_desk, uploading
from pages.ui.text import join, moment_text, plain, say

LONGEST_NOTE = 500


def steps(desk: upload_desk.Desk) -> None:
    """Where a file is on its way: the steps in a line, each a link to its part of the page, with what is still to do."""
    draft = desk.prepared.draft
    blocks = sum(issue.severity is Severity.BLOCK for issue in draft.issues)
    left = 0 if blocks else upload_desk.left(desk)
    todo = say("upload.way.to_mend", n=blocks) if blocks else say("upload.way.to_tick", n=left) if left else ""
    understood, issues = say("upload.understood"), say("upload.issues")
    difference, confirm = say("upload.difference"), say("upload.confirm")
    shown = [
        f":green[:material/check:] {say('upload.way.file')}",
        f":green[:material/check:] [{understood}](#understood)",
    ]
    if todo:
        shown += [f"**:orange[:material/pending:] [{issues}](#issues) {todo}**"]
    else:
        shown += [f":green[:material/check:] [{issues}](#issues)"]
    if blocks:
        shown += [f":gray[{difference}]", f":gray[{confirm}]"]
    else:
        mark = ":material/radio_button_unchecked:"
        shown += [f"{mark} [{difference}](#difference)", f"{mark} [{confirm}](#confirm)"]
    st.markdown("  →  ".join(shown))


def state(desk: upload_desk.Desk) -> None:
    """That the draft is kept, or why it could not be; that it waits for approval or was sent back."""
    held = desk.draft
    if desk.refused:
        st.error(desk.refused, icon=":material/error:")
        if held is not None:
            st.button(say("upload.drafts.newest"), key="newest", on_click=upload_desk.resume, args=(held.id,))
    elif held is not None and held.status is DraftStatus.SUBMITTED:
        st.info(say("upload.submitted", who=plain(held.submitted_by), at=moment_text(held.updated_at)),
                icon=":material/hourglass_top:")  # fmt: skip
    elif held is not None and held.reason:
        st.warning(say("upload.drafts.returned_because", reason=plain(held.reason)), icon=":material/undo:")
    elif held is not None:
        st.caption(
            say("upload.kept" if held.resumable else "upload.kept_without_file", at=moment_text(held.updated_at))
        )


def section(prepared: uploading.Prepared) -> None:
    """Step 5: one button; every doubtful point wants its tick first."""
    desk = upload_desk.current()
    st.header(say("upload.confirm"), anchor="confirm")
    if not prepared.draft.observations and not prepared.draft.pending and not prepared.draft.findings:
        st.info(say("upload.nothing_to_store"), icon=":material/block:")
        return
    if not (prepared.difference.count("new") or prepared.difference.count("changed")):
        st.info(say("upload.nothing_new"), icon=":material/info:")
    locked = prepared.impact.locked if prepared.impact else ()
    for sentence in locked:
        st.error(sentence, icon=":material/lock:")
    if desk.draft is not None and desk.draft.status is DraftStatus.SUBMITTED:
        if access.current().may("approve") and not locked:
            judge(desk)
        return
    key = f"note_{desk.source.sha256[:16]}"
    st.session_state.setdefault(key, desk.choices.note)
    st.text_area(
        say("upload.note"), key=key, max_chars=LONGEST_NOTE, height="content", placeholder=say("upload.note_hint"),
        on_change=keep_note, args=(key,),
    )  # fmt: skip
    st.caption(say("upload.who", name=plain(access.current().name)))
    left = upload_desk.left(desk)
    if left:
        st.warning(say("upload.left", n=left), icon=":material/help:")
    wish = "store" if draft_actions.approval() is Approval.OFF else "submit"
    st.button(
        say(f"upload.{wish}"), type="primary", icon=":material/save:", key=wish, disabled=bool(left or locked) or desk.draft is None,
        on_click=upload_desk.ask, args=(wish,),
    )  # fmt: skip


def keep_note(key: str) -> None:
    """Callback: the note that is kept with the import."""
    upload_desk.choose(note=st.session_state[key].strip())


def judge(desk: upload_desk.Desk) -> None:
    """What who approves sees: who confirmed what, the note, and the two ways on."""
    given = [tick for tick in desk.choices.ticks.values() if tick.reason]
    if desk.choices.note:
        st.markdown(say("upload.note_was", note=plain(desk.choices.note)))
    if given:
        st.caption(say("upload.reasons_given", n=len(given), who=plain(_names(given))))
    approve, give_back = st.columns(2)
    with approve:
        st.button(
            say("upload.approve"), type="primary", icon=":material/verified:", key="approve", on_click=upload_desk.ask,
            args=("approve",),
        )  # fmt: skip
    with give_back.popover(say("upload.return"), icon=":material/undo:"):
        st.text_area(say("upload.return_reason"), key="return_reason", max_chars=LONGEST_NOTE)
        st.button(say("upload.return_yes"), key="return", on_click=upload_desk.ask, args=("return",))


def _names(ticks: list[Tick]) -> str:
    return join(dict.fromkeys(tick.by for tick in ticks if tick.by))
