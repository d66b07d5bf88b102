"""The frame around every page: who looks, in which language, the list of pages, and how fresh the store is."""

from __future__ import annotations

import time

import streamlit as st

from pages.text import LANGUAGES
from pages.ui import access, data, links, menu, permalink, this_run
from pages.ui.text import WHOLE, language, moment_text, plain, say
from pages.ui.vital import RERUN

# Drawn here, because a symbol or emoji as page icon is fetched from the vendor's server.
ICON = (
    '<svg viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1F5A96"/>'
    '<path d="M6 22l6-8 5 4 8-10" fill="none" stroke="#fff" stroke-width="3"/></svg>'
)


def _language_picker() -> None:
    st.session_state["_lang"] = st.session_state["pick_lang"] = language()
    st.selectbox(
        say("frame.language"),
        LANGUAGES,
        key="pick_lang",
        format_func=lambda code: say(f"frame.languages.{code}"),
        on_change=_language_chosen,
    )


def _language_chosen() -> None:
    st.session_state["_lang"] = st.query_params["lang"] = st.session_state["pick_lang"]


def _freshness() -> None:
    changes = data.recent_changes()
    if changes.empty:
        st.caption(say("frame.no_data"))
    else:
        st.caption(say("frame.updated", at=moment_text(changes.iloc[0]["at"]), revision=data.revision()))


def _who(person: access.Person) -> None:
    st.caption(say("frame.who", name=plain(person.display_name), role=say(f"frame.role.{person.role.value}")))
    links.line([(say("frame.sign_out"), access.SIGN_OUT)])


def run() -> None:
    """Draw the frame, then the page that was asked for; the time of both is in the numbers of the process."""
    with this_run.begun():
        _run()


def _run() -> None:
    began = time.perf_counter()
    st.set_page_config(page_title=say("frame.title"), page_icon=ICON, layout="wide")
    fault = data.opened()
    if fault is not None:
        st.error(fault, icon=":material/database_off:")
        st.stop()
    person = access.look() or access.ended()
    data.look()
    st.session_state[WHOLE] = data.whole()
    page = st.navigation(menu.pages(person), expanded=True)
    with data.at_once(page.url_path):
        _drawn(page, person, began)


def _drawn(page: st.Page, person: access.Person, began: float) -> None:
    """Everything below the menu."""
    with st.sidebar:
        _language_picker()
        _freshness()
        _who(person)
        sharing = st.container()  # last, so that nothing moves when it is filled
    if st.query_params.get("lang") != language():
        st.query_params["lang"] = language()
    permalink.told()
    try:
        page.run()
    finally:
        RERUN.labels(page.url_path or menu.PAGES[0].name).observe(time.perf_counter() - began)
    with sharing:  # now the choices of the page stand in the address
        permalink.offer()


run()
