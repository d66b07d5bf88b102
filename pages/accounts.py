"""Accounts: who may come in, with which role and for which part of the tree."""

from __future__ import annotations

import streamlit as st

from pages.ui import access, cards, data, filters, people, tables, trail
from pages.ui.text import plain, say


def role_name(role: str) -> str:
    """A role in the reader's words."""
    return say(f"frame.role.{role}")


def scope_name(unit_id: int | None) -> str:
    """The part of the tree of an account."""
    return say("accounts.whole") if unit_id is None else data.name(unit_id)


def state_name(one: people.Account) -> str:
    """Whether an account is in use."""
    if one.disabled:
        return say("accounts.stopped")
    return say("accounts.waits" if one.one_time else "accounts.in_use")


def listed(held: tuple[people.Account, ...]) -> None:
    """One row per account."""
    st.header(say("accounts.list"), anchor=False)
    heads = [say(f"accounts.column.{name}") for name in ("name", "who", "role", "scope", "state")]
    rows = [
        tables.Row(
            tables.Cell(one.name),
            tuple(
                tables.Cell(text)
                for text in (one.display_name, role_name(one.role.value), scope_name(one.org_unit_id), state_name(one))
            ),
        )
        for one in held
    ]
    tables.draw(heads, rows, wrap=True)


def place(key: str, chosen: int | None) -> int | None:
    """The part of the tree, by a select box; None for everything."""
    near = filters.near(key, held=[] if chosen is None else [chosen])
    units = [*([] if people.scoped() else [None]), *near]
    at = units.index(chosen) if chosen in units else 0
    return st.selectbox(say("accounts.column.scope"), units, index=at, key=key, format_func=scope_name)


def role(key: str, chosen: str) -> str:
    """The role, with what it may do."""
    picked = st.selectbox(
        say("accounts.column.role"), people.ROLES, index=people.ROLES.index(chosen), key=key, format_func=role_name
    )
    st.caption(say(f"accounts.role_help.{picked}"))
    return picked


def given(name: str, password: str) -> None:
    """The one-time password, shown once."""
    st.success(say("accounts.given", name=plain(name), password=f"**{plain(password)}**"), icon=":material/key:")


def new() -> None:
    """The form of a new account."""
    st.header(say("accounts.add"), anchor=False)
    name = st.text_input(
        say("accounts.column.name"), key="new_name", max_chars=32, help=say("accounts.name_help"), autocomplete="off"
    )
    who = st.text_input(say("accounts.column.who"), key="new_who", max_chars=60, autocomplete="off")
    picked, unit = role("new_role", people.ROLES[0]), place("new_scope", None)
    if st.button(say("accounts.add_button"), type="primary", key="add_account"):
        password, fault = people.add(name, who, picked, unit)
        if fault:
            st.error(fault)
        elif password:
            given(name, password)


def changed(held: tuple[people.Account, ...]) -> None:
    """The form of a change."""
    st.header(say("accounts.change"), anchor=False)
    by_id = {one.id: one for one in held}
    if not by_id:
        st.caption(say("accounts.nobody"))
        return
    picked = st.selectbox(
        say("accounts.pick"), list(by_id), key="pick_account",
        format_func=lambda number: f"{by_id[number].name} · {by_id[number].display_name}",
    )  # fmt: skip
    one = by_id[picked]
    who = st.text_input(say("accounts.column.who"), one.display_name, key=f"who_{picked}", max_chars=60)
    chosen, unit = role(f"role_{picked}", one.role.value), place(f"scope_{picked}", one.org_unit_id)
    save, switch, reset = st.columns(3)
    fault: str | None = None
    if save.button(say("accounts.save"), type="primary", key="save_account", width="stretch"):
        fault = people.change(picked, display_name=who.strip() or one.name, role=chosen, org_unit_id=unit)
        if not fault:
            st.success(say("accounts.saved"))
    label = say("accounts.enable" if one.disabled else "accounts.disable")
    if switch.button(label, key="switch_account", width="stretch"):
        fault = people.change(picked, disabled=not one.disabled)
    if reset.button(say("accounts.reset"), key="reset_account", width="stretch", disabled=one.demonstration):
        password, fault = people.reset(picked)
        if password:
            given(one.name, password)
    if fault:
        st.error(fault)


def page() -> None:
    """Draw the page."""
    cards.heading("accounts")
    trail.viewed("accounts")
    left, right = st.columns(2, gap="large")
    with right:
        new()
    with left:
        changed(people.everyone())
    listed(people.everyone())


access.require("administer")
page()
