"""The log: who did what, when and from where, and whether the log itself is whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from pages.exports.csv import csv_bytes
from pages.exports.table import Table
from pages.ui import access, cards, downloads, people, tables, trail
from pages.ui.text import join, moment_text, say

SHOWN, MOST = 100, 100_000
BACK = timedelta(days=30)
COLUMNS = ("id", "at", "actor", "address", "action", "subject", "before", "after")


def start_of(day: date) -> datetime:
    """The first moment of a local day, in UTC as the store keeps it."""
    return datetime.combine(day, time.min).astimezone(UTC).replace(tzinfo=None)


def whole() -> None:
    """Whether every row still follows from the one before it."""
    broken = people.broken()
    if broken:
        st.error(say("audit.broken", n=len(broken), numbers=join(map(str, broken[:10]))), icon=":material/gpp_bad:")
    else:
        st.success(say("audit.sound"), icon=":material/verified_user:")


def action_name(code: str | None) -> str:
    """An action in the reader's words."""
    return say("audit.every_action") if code is None else say(f"audit.actions.{code}")


def chosen(limit: int) -> tuple[people.AuditEvent, ...]:
    """The rows that the filters let through."""
    columns = st.columns(4)
    actor = columns[0].selectbox(
        say("audit.actor"), [None, *people.actors()], format_func=lambda name: name or say("audit.everyone")
    )
    action = columns[1].selectbox(say("audit.action"), [None, *people.ACTIONS], format_func=action_name)
    since = columns[2].date_input(say("audit.since"), date.today() - BACK)
    until = columns[3].date_input(say("audit.until"), date.today())
    return people.events(actor, action, start_of(since), start_of(until + timedelta(days=1)), limit)


def row(event: people.AuditEvent) -> list[str]:
    """One row of the log as it is read."""
    return [
        str(event.id), moment_text(event.at), event.actor, event.address, action_name(event.action), event.subject,
        event.before, event.after,
    ]  # fmt: skip


def line(texts: list[str]) -> tables.Row:
    """A row on the screen: its number stands below the moment, the address below the account."""
    number, at, actor, address, *rest = texts
    return tables.Row(tables.Cell(at, notes=(number,)), (tables.Cell(actor, notes=(address,)), *map(tables.Cell, rest)))


def page() -> None:
    """Draw the page."""
    cards.heading("audit")
    trail.viewed("audit")
    whole()
    found = chosen(MOST)
    if not found:
        cards.nothing_found(say("audit.none"))
        return
    heads = [say(f"audit.column.{name}") for name in COLUMNS]
    rows = [row(event) for event in found]
    number, at, actor, address, *rest = heads
    tables.draw(
        [tables.Cell(at, notes=(number,)), tables.Cell(actor, notes=(address,)), *rest],
        [line(each) for each in rows[:SHOWN]],
        wrap=True,
    )
    if len(rows) > SHOWN:
        st.caption(say("audit.cut", n=SHOWN))
    saved = Table(say("audit.title"), pd.DataFrame(rows, columns=heads))
    file_name = f"{say('audit.title')}.csv"
    st.download_button(
        say("audit.download"), downloads.made_later(partial(csv_bytes, saved), "text/csv", file_name), file_name, "text/csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip


access.require("audit")
page()
