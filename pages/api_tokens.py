"""The data interface: who may read by a program, what, until when; and how such a program asks."""

from __future__ import annotations

import streamlit as st

from pages.ui import access, cards, data, filters, tables, token_book
from pages.ui.text import moment_text, say

DAYS = (30, 90, 180, 366)
_FAULT = "_token_fault"


def scope_name(unit_id: int | None) -> str:
    """The part of the tree of a token."""
    return say("accounts.whole") if unit_id is None else data.name(unit_id)


def new() -> None:
    """The form of a new token, which is shown once."""
    st.header(say("api_tokens.add"), anchor=False)
    purpose = st.text_input(
        say("api_tokens.column.name"), key="token_name", max_chars=100, placeholder=say("api_tokens.example")
    )
    where, until = st.columns(2)
    with where:
        tops = filters.near("token_scope", [each for each in filters.KINDS if each != "school"])
    units = [*([] if access.current().scope else [None]), *tops]
    unit = where.selectbox(say("accounts.column.scope"), units, format_func=scope_name, key="token_scope")
    days = until.selectbox(
        say("api_tokens.days"), DAYS, index=1, key="token_days", format_func=lambda n: say("api_tokens.n_days", n=n)
    )
    if st.button(say("api_tokens.add_button"), type="primary", icon=":material/key:", key="add_token"):
        token, fault = token_book.add(purpose, unit, days)
        if fault:
            st.error(fault)
        elif token:
            st.success(say("api_tokens.given"), icon=":material/key:")
            st.code(token, language=None, wrap_lines=True)


def listed() -> None:
    """One row per token, and for those in force the way to end them."""
    held = token_book.every()
    st.header(say("api_tokens.list"), anchor=False)
    if fault := st.session_state.pop(_FAULT, None):
        st.error(fault)
    if not held:
        st.caption(say("api_tokens.none"))
        return
    names = ("name", "scope", "expires", "used", "by", "state")
    tables.draw(
        [say(f"api_tokens.column.{name}") for name in names], [row(one) for one in held], wrap=True, phone="lines"
    )
    alive = {one.id: one for one in held if token_book.state(one) in ("used", "unused")}
    if alive:
        with st.popover(say("api_tokens.revoke"), icon=":material/block:"):
            picked = st.selectbox(
                say("api_tokens.pick"), list(alive), key="pick_token",
                format_func=lambda number: f"{number} · {alive[number].name}",
            )  # fmt: skip
            st.button(
                say("api_tokens.revoke_yes"), type="primary", key="revoke_token", on_click=revoked, args=(picked,)
            )


def row(one: token_book.ApiToken) -> tables.Row:
    """A token as it is listed."""
    used = say("api_tokens.never") if one.last_used_at is None else moment_text(one.last_used_at)
    texts = (
        scope_name(one.org_unit_id), moment_text(one.expires_at), used, one.created_by,
        say(f"api_tokens.state.{token_book.state(one)}"),
    )  # fmt: skip
    return tables.Row(tables.Cell(f"{one.id} · {one.name}"), tuple(tables.Cell(text) for text in texts))


def revoked(token_id: int) -> None:
    """Callback: end a token."""
    st.session_state[_FAULT] = token_book.revoke(token_id)


def how() -> None:
    """How a program asks, by example."""
    st.header(say("api_tokens.how"), anchor=False)
    st.markdown(say("api_tokens.how_text"))
    host = st.context.headers.get("host", "127.0.0.1:8501")
    st.code(
        f"curl -H 'Authorization: Bearer edu_…' 'http://{host}/api/v1/observations"
        "?indicator=vac_cert_check_rate&period=SY2025&dims=level=PRI&format=csv'",
        language=None, wrap_lines=True,
    )  # fmt: skip


def page() -> None:
    """Draw the page."""
    cards.heading("api_tokens")
    left, right = st.columns(2, gap="large")
    with left:
        new()
    with right:
        how()
    listed()


access.require("administer")
page()
