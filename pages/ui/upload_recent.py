"""After storing: what it did and where it leads; the latest imports, each with the way back."""

from __future__ import annotations

import streamlit as st

from pages.ui import data, links, upload_desk, uploading
from pages.ui.text import coded, join, moment_text, plain, say

RECENT = 5


def stored(desk: upload_desk.Desk) -> None:
    """What storing the file did, and where that leads."""
    result = desk.result
    words = say(f"upload.outcome.{result.outcome}", new=result.new, changed=result.changed, same=result.same)
    (st.success if result.outcome == "stored" else st.info)(words, icon=":material/check_circle:")
    documents = data.documents()
    held = documents[documents["sha256"] == desk.source.sha256]
    with st.container(horizontal=True):
        if len(held):
            file_id = int(held["source_file_id"].iloc[0])
            links.to("evidence", say("upload.see"), icon=":material/find_in_page:", doc=file_id)
        if desk.prepared.draft.pending:
            links.to("review", say("review.go"), icon=":material/rate_review:")
    st.caption(say("upload.next"))


def section() -> None:
    """The latest imports; one that is stored can be taken back. Folded while a file is being worked on."""
    desk = upload_desk.current()
    if desk is not None and desk.result is None:
        with st.expander(say("upload.recent"), icon=":material/history:"):
            listed()
        return
    st.header(say("upload.recent"), anchor=False)
    listed()


def listed() -> None:
    """The latest imports, and what was just taken back."""
    frame = data.imports().head(RECENT)
    if frame.empty:
        st.caption(say("upload.no_imports"))
    said = st.session_state.pop("undone", None)
    if said is not None:
        st.info(say("upload.undone", n=said) if isinstance(said, int) else said, icon=":material/undo:")
    for row in frame.itertuples():
        with st.container(border=True, key=f"import_{row.import_id}"):
            one_import(row)


def one_import(row: tuple) -> None:
    """One import: what it brought, and the way back."""
    brought = say("upload.brought", new=row.n_new, changed=row.n_changed, same=row.n_same)
    kind, status = coded("source_kind", row.source_kind), coded("import_status", row.status)
    who = join([moment_text(row.created_at), row.created_by, kind, status, brought])
    st.markdown(f"**{plain(row.file_name)}**  \n{plain(who)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        links.to("evidence", say("upload.see"), icon=":material/find_in_page:", doc=int(row.source_file_id))
        if row.status == "stored":
            with st.popover(say("upload.undo"), icon=":material/undo:"):
                st.markdown(say("upload.undo_what", file=plain(row.file_name), n=row.n_new + row.n_changed))
                st.button(
                    say("upload.undo_yes"), key=f"undo_{row.import_id}", on_click=take_back, args=(int(row.import_id),)
                )


def take_back(import_id: int) -> None:
    """Callback: undo one import and remember what to say."""
    st.session_state["undone"] = uploading.undo(import_id)
    desk = upload_desk.current()
    if desk is not None and desk.result is not None:
        upload_desk.close()
        upload_desk.empty_uploader()
