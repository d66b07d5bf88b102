"""Hand in a file: what was understood, what is doubtful, what would change; stored only after confirmation."""

from __future__ import annotations

import streamlit as st

from pages.ui import (
    access,
    cards,
    data,
    reviewing,
    upload_difference,
    upload_issues,
    upload_recent,
    upload_understood,
    uploading,
)
from pages.ui.text import plain, say

TYPES = ("txt", "docx", "doc", "wps", "pdf", "html", "htm", "xlsx", "xls", "et", "ods", "csv", "tsv")
LARGEST_MB = 50
STEPS = {"read": 0.1, "understand": 0.35, "check": 0.7, "compare": 0.9}  # how far a file is when a step begins


def handed_in() -> uploading.Prepared | None:
    """The file in the uploader, read and compared once per file, answers and state of the store."""
    file = st.file_uploader(
        say("upload.file"), type=TYPES, max_upload_size=LARGEST_MB, key="upload_file", help=say("upload.file_help")
    )
    if file is None:
        uploading.forget()
        return None
    held = st.session_state.get("prepared")
    if held is not None and held[0][0] != file.file_id:
        uploading.forget()
        held = None
    key = (file.file_id, data.revision(), repr(uploading.answers().overrides))
    just_stored = held is not None and upload_recent.is_stored(held[1])
    if held is None or (held[0] != key and not just_stored):
        st.session_state["prepared"] = (key, read(file.name, file.getvalue()))
    return st.session_state["prepared"][1]


def read(name: str, content: bytes) -> uploading.Prepared:
    """A file as a draft; says all the while how far it is."""
    bar = st.progress(0.0, say("upload.reading", name=plain(name)))
    try:
        return uploading.prepare(name, content, lambda step: bar.progress(STEPS[step], say(f"upload.doing.{step}")))
    finally:
        bar.empty()


def confirm(prepared: uploading.Prepared) -> None:
    """Step 5: store; every doubtful point wants its tick first."""
    st.subheader(say("upload.confirm"), anchor="confirm")
    if not prepared.draft.observations and not prepared.draft.pending:
        st.info(say("upload.nothing_to_store"), icon=":material/block:")
        return
    if not (prepared.difference.count("new") or prepared.difference.count("changed")):
        st.info(say("upload.nothing_new"), icon=":material/info:")
    left = len(uploading.to_tick(prepared.draft)) - len(uploading.ticked(prepared))
    if left:
        st.warning(say("upload.left", n=left), icon=":material/help:")
    if st.button(say("upload.store"), type="primary", icon=":material/save:", key="store", disabled=bool(left)):
        with st.spinner(say("upload.storing")):
            st.session_state["stored"] = (prepared.sha256, uploading.save(prepared))
        st.rerun()


def page() -> None:
    """File in, four looks at it, confirmation; below the latest imports."""
    cards.heading("upload")
    reviewing.waiting_line()
    prepared = handed_in()
    if prepared is not None and not upload_recent.stored(prepared):
        if prepared.refusal:
            st.error(prepared.refusal, icon=":material/block:")
            st.caption(say("upload.refused"))
        else:
            looks = (upload_understood.section, upload_issues.section)
            steps = (
                (upload_issues.blocked, *looks) if prepared.draft.blocked
                else (*looks, upload_difference.section, confirm)
            )  # fmt: skip
            for step in steps:
                step(prepared)
    upload_recent.section()


access.require("uploader")
page()
