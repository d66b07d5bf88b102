"""The menu: every page with its file and address, its section, the right it takes and its icon."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cache

import streamlit as st

from pages.ui import access
from pages.ui.text import say


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


def pages(person: access.Person) -> dict[str, list[st.Page]]:
    """What a person may open, by section."""
    sections: dict[str, list[st.Page]] = {}
    for row in PAGES:
        if person.may(row.right):
            # a copy: of one run's pages the one that runs is marked
            page = copy(_page(row, say(f"{row.name}.title")))
            sections.setdefault(say(f"frame.section.{row.section}"), []).append(page)
    return sections


@cache
def _page(row: PageRow, title: str) -> st.Page:
    """A page of the menu, made once: making one asks the disk for its file, twenty times a rerun."""
    return st.Page(f"{row.name}.py", title=title, icon=row.icon, url_path=row.name, default=row is PAGES[0])
