"""The bulletin of a unit and a period: what it will say, and its files to take away."""

from __future__ import annotations

import streamlit as st

from pages.ui import access, bulletin, bulletin_facts, bulletin_view, cards, data, filters
from pages.ui.text import coded, period_text, say


def picked() -> tuple[int, str, str, str] | None:
    """Unit, period, edition and kind of units, as chosen; None where there is nothing to report."""
    left, middle, right, last = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    with left:
        root = filters.unit(kinds=("city", "county", "town", "school"), default=data.root_id())
    if root is None:
        return None
    offered = bulletin_facts.periods(root)
    filters.follow("period", ",".join(offered[:1]))
    with middle:
        period = filters.choose("period", say("common.pick.period"), offered, None, period_text)
    with right:
        edition = filters.choose("edition", say("bulletin.pick"), bulletin_facts.EDITIONS, None, _edition)
    kinds = bulletin_facts.kinds(root)
    kind = kinds[-1]
    if edition == bulletin_facts.INTERNAL:
        with last:
            kind = filters.choose("kind", say("overview.attention.kind"), kinds, kinds[-1], _kind) or kind
    return None if period is None or edition is None else (root, period, edition, kind)


def _edition(code: str) -> str:
    return say(f"bulletin.edition.{code}")


def _kind(code: str) -> str:
    return coded("kind", code)


def page() -> None:
    """The whole page, or what to do when there is nothing to report."""
    cards.heading("bulletin")
    chosen = picked() if data.root_id() is not None else None
    if chosen is None:
        cards.empty_store()
        return
    told = bulletin.facts(*chosen)
    if not told.lines:
        cards.nothing_found(say("bulletin.nothing"))
        return
    paper = bulletin.paper(told)
    bulletin_view.files(paper, told)
    bulletin_view.preview(paper, told)


access.require("look")
page()
