"""Files that are stored beside the page: how far each is, whether the browser was closed meanwhile or not, and a way to stop."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st

from db import drafts, jobs
from db.engine import StoreError
from db.records import Draft
from db.records_drafts import ALIVE, StoredDraft
from db.records_impact import Impact
from db.records_jobs import ACTIVE, Job, JobKind, JobStatus, JobStep, digest_of
from db.together import at_once
from pages.ui import access, data, guard, links, upload_desk
from pages.ui.text import join, moment_text, plain, say

FROM = int(os.environ.get("EDU_QUEUE_FROM", "20000"))  # values from which a file is stored beside the page
LOOK_EVERY_S = 2
_STEPS = list(JobStep)
_UNDER_WAY, _SEEN = "queue_under_way", "queue_seen"


def wanted(draft: Draft) -> bool:
    """Whether a draft is too large to be stored while a person waits on the page. Of a file whose bytes are not kept
    nobody could store anything later."""
    return draft.source.kept and len(draft.observations) >= FROM


def hand_over(held: StoredDraft, draft: Draft, found: Impact, wish: str) -> None:
    """Queue a draft to be stored as this person saw it. Raises StoreError."""
    person = access.require("approve" if wish == "approve" else "upload")
    guard.held_draft(held.id)
    guard.draft(draft)
    address = str(st.context.ip_address or "127.0.0.1")
    jobs.enqueue(data.engine(), JobKind(wish), held.id, held.version, digest_of(found.difference), person.name, address)


def look() -> tuple[list[Job], list[StoredDraft]]:
    """The jobs of the last days that this person may see, and the drafts that live, the one touched last first."""
    with data.seen() as connection:
        held, alive = at_once(connection, _jobs, lambda asked: drafts.list_drafts(asked, statuses=ALIVE))
    return held, alive


def section(held: list[Job]) -> None:
    """What waits, runs and ended in the last days; it looks again by itself while anything is under way."""
    under_way = {each.id for each in held if each.status in ACTIVE}
    st.session_state[_UNDER_WAY], st.session_state[_SEEN] = under_way, held
    if held:
        st.header(say("upload.queue.title"), anchor="queue", help=say("upload.queue.help"))
        st.fragment(_rows, run_every=LOOK_EVERY_S if under_way else None)()


def _jobs(connection: Any) -> list[Job]:
    person = access.current()
    return jobs.jobs(connection, None if person.may("approve") else person.name)


def _rows() -> None:
    held = st.session_state.pop(_SEEN, None)  # the page itself has just looked
    if held is None:
        with data.seen() as connection:
            held = _jobs(connection)
    if st.session_state.get(_UNDER_WAY) != {each.id for each in held if each.status in ACTIVE}:
        st.rerun()  # one ended: the store has changed, and with it the rest of the page
    for each in held:
        with st.container(border=True, key=f"job_{each.id}"):
            _one(each)


def _one(each: Job) -> None:
    who = join([moment_text(each.created_at), each.account, say(f"upload.queue.status.{each.status}")])
    st.markdown(f"**{plain(each.file_name)}**  \n{plain(who)}")
    if each.status is JobStatus.RUNNING:
        number = _STEPS.index(JobStep(each.step)) if each.step else 0
        words = say(f"upload.queue.step.{_STEPS[number]}", n=number + 1, of=len(_STEPS))
        st.progress(number / len(_STEPS), words)
    elif each.status is JobStatus.QUEUED:
        with data.seen() as connection:
            st.caption(say("upload.queue.ahead", n=jobs.ahead(connection, each.id)))
    elif each.status is JobStatus.FAILED:
        st.error(plain(each.reason), icon=":material/error:")
    _ways(each)


def _ways(each: Job) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if each.status is JobStatus.DONE:
            _to_file(each)
        elif each.status in ACTIVE and each.cancel_asked:
            st.caption(say("upload.queue.cancelling"))
        elif each.may_be_cancelled:
            st.button(say("upload.queue.cancel"), key=f"cancel_{each.id}", icon=":material/cancel:", on_click=_cancel,
                      args=(each.id, each.draft_id))  # fmt: skip
        elif each.status in (JobStatus.FAILED, JobStatus.CANCELLED):
            st.button(say("upload.queue.open"), key=f"open_{each.id}", icon=":material/play_arrow:",
                      on_click=upload_desk.resume, args=(each.draft_id,))  # fmt: skip


def _to_file(each: Job) -> None:
    rows = data.imports()
    found = rows[rows["import_id"] == each.import_id]
    if len(found):
        links.to(
            "evidence", say("upload.see"), icon=":material/find_in_page:", doc=int(found["source_file_id"].iloc[0])
        )


def _cancel(job_id: int, draft_id: int) -> None:
    """Callback: stop one."""
    access.require("upload")
    try:
        guard.held_draft(draft_id)
        jobs.cancel(data.engine(), job_id)
    except StoreError as problem:
        upload_desk.say_once(str(problem))
