"""The frame around every page: who looks, in which language, the list of pages, and how fresh the store is."""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from pages.text import LANGUAGES
from pages.ui import access, data, links, permalink, this_run
from pages.ui.text import WHOLE, language, moment_text, plain, say
from pages.ui.vital import RERUN


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: its file and address, the section of the menu, the right it takes and its icon."""

    name: str
    section: str
    right: access.RightName
    icon: str


PAGES = (
    PageRow("overview", "look", "look", ":material/dashboard:"),
    PageRow("trends", "look", "look", ":material/show_chart:"),
    PageRow("districts", "look", "look", ":material/grid_on:"),
    PageRow("compare", "look", "look", ":material/compare_arrows:"),
    PageRow("school", "look", "look", ":material/school:"),
    PageRow("findings", "look", "look", ":material/fact_check:"),
    PageRow("bulletin", "look", "look", ":material/newspaper:"),
    PageRow("templates", "hand_in", "look", ":material/edit_document:"),
    PageRow("upload", "hand_in", "upload", ":material/upload_file:"),
    PageRow("review", "hand_in", "upload", ":material/rate_review:"),
    PageRow("quality", "check", "look", ":material/fact_check:"),
    PageRow("evidence", "check", "look", ":material/find_in_page:"),
    PageRow("catalogue", "check", "look", ":material/menu_book:"),
    PageRow("locks", "manage", "approve", ":material/lock:"),
    PageRow("org_units", "manage", "administer", ":material/account_tree:"),
    PageRow("settings", "manage", "administer", ":material/tune:"),
    PageRow("accounts", "manage", "administer", ":material/manage_accounts:"),
    PageRow("api_tokens", "manage", "administer", ":material/api:"),
    PageRow("running", "manage", "administer", ":material/monitor_heart:"),
    PageRow("audit", "manage", "audit", ":material/history:"),
)

# Drawn here, because a symbol or emoji as page icon is fetched from the vendor's server.
ICON = (
    '<svg viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1F5A96"/>'
    '<path d="M6 22l6-8 5 4 8-10" fill="none" stroke="#fff" stroke-width="3"/></svg>'
)


def _pages(person: access.Person) -> dict[str, list[st.Page]]:
    sections: dict[str, list[st.Page]] = {}
    for row in PAGES:
        if person.may(row.right):
            page = st.Page(
                f"{row.name}.py",
                title=say(f"{row.name}.title"),
                icon=row.icon,
                url_path=row.name,
                default=row is PAGES[0],
            )
            sections.setdefault(say(f"frame.section.{row.section}"), []).append(page)
    return sections


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
    page = st.navigation(_pages(person), expanded=True)
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
        RERUN.labels(page.url_path or PAGES[0].name).observe(time.perf_counter() - began)
    with sharing:  # now the choices of the page stand in the address
        permalink.offer()


run()
