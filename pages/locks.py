"""Locked periods: which numbers were approved and stand, who locked them and why; locking and opening again."""

from __future__ import annotations

import streamlit as st

from pages.ui import access, cards, data, locking, tables
from pages.ui.text import join, moment_text, period_text, plain, say

LONGEST_REASON = 500
KINDS = ("school_year", "year", "term", "half", "quarter", "month")
_SAID = "_lock_said"


def unit_name(unit_id: int | None) -> str:
    """The unit of a lock in the reader's words."""
    return say("locks.everyone") if unit_id is None else data.name(unit_id)


def periods() -> list[str]:
    """The periods of which the store has numbers, the youngest first; longer ones before those within them."""
    frame = data.periods().drop_duplicates("period")
    frame = frame[frame["kind"].isin(KINDS)]
    order = frame.assign(rank=frame["kind"].map(KINDS.index)).sort_values(["end_date", "rank"], ascending=[False, True])
    return [str(code) for code in order["period"]]


def units() -> list[int | None]:
    """Whom a lock may be for: everyone (only by who may see everything), counties and what is above them."""
    held: list[int | None] = [each.id for each in data.upper()]
    return held if access.current().scope else [None, *held]


def form() -> None:
    """Choose a period and a unit, say why, lock."""
    st.header(say("locks.add"), anchor=False)
    codes, places = periods(), units()
    if not codes or not places:
        st.info(say("locks.nothing"))
        return
    when, where = st.columns(2)
    code = when.selectbox(say("common.pick.period"), codes, format_func=period_text, key="lock_period")
    unit = where.selectbox(say("locks.column.unit"), places, format_func=unit_name, key="lock_unit")
    reason = st.text_input(
        say("locks.column.reason"), key="lock_reason", max_chars=LONGEST_REASON, placeholder=say("locks.example")
    )
    if st.button(say("locks.lock"), type="primary", icon=":material/lock:", key="lock"):
        fault = locking.lock(code, unit, reason)
        if fault is None:
            st.session_state[_SAID] = say("locks.done", period=period_text(code), unit=plain(unit_name(unit)))
            st.rerun()
        st.error(fault)


def line(one: locking.PeriodLock) -> None:
    """A lock in force, and for who may lift it the way to do so."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"held_{one.id}"):
        by = join([plain(one.locked_by), moment_text(one.locked_at)])
        what = join([period_text(one.period), plain(unit_name(one.org_unit_id))])
        st.markdown(f":material/lock: **{what}**  \n{plain(one.reason)} :small[{by}]")
        if locking.may_lift(one):
            with st.popover(say("locks.unlock"), icon=":material/lock_open:"):
                reason = st.text_input(say("locks.unlock_reason"), key=f"why_{one.id}", max_chars=LONGEST_REASON)
                if st.button(say("locks.unlock_yes"), type="primary", key=f"open_{one.id}"):
                    fault = locking.unlock(one, reason)
                    if fault is None:
                        st.session_state[_SAID] = say("locks.opened", period=period_text(one.period))
                        st.rerun()
                    st.error(fault)


def lifted(held: list[locking.PeriodLock]) -> None:
    """Locks that were lifted, with who did it and why."""
    names = ("period", "unit", "reason", "locked", "unlocked", "unlock_reason")
    rows = [
        tables.Row(
            tables.Cell(period_text(one.period)),
            tuple(
                tables.Cell(text)
                for text in (
                    unit_name(one.org_unit_id), one.reason, join([one.locked_by, moment_text(one.locked_at)]),
                    join([one.unlocked_by or "", moment_text(one.unlocked_at)]), one.unlock_reason or "",
                )
            ),
        )
        for one in held
    ]  # fmt: skip
    tables.draw([say(f"locks.column.{name}") for name in names], rows, wrap=True, phone="lines")


def page() -> None:
    """Draw the page."""
    cards.heading("locks")
    if said := st.session_state.pop(_SAID, ""):
        st.success(said, icon=":material/check:")
    every = locking.every()
    held = [one for one in every if one.unlocked_at is None]
    gone = [one for one in every if one.unlocked_at is not None]
    left, right = st.columns(2, gap="large")
    with right:
        form()
    with left:
        st.header(say("locks.held"), anchor=False)
        if not held:
            st.caption(say("locks.none"))
        for one in held:
            line(one)
    if gone:
        cards.folded(say("locks.gone", n=len(gone)), "open_locks_gone", lambda: lifted(gone))


access.require("approve")
page()
