"""The log: who did what, when and from where, and whether the log itself is whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from pages.exports.csv import csv_bytes
from pages.exports.table import Table
from pages.ui import access, cards, downloads, log_words, people, tables, trail
from pages.ui.text import join, moment_text, say

SHOWN, MOST = 100, 100_000
BACK = timedelta(days=30)
COLUMNS = ("id", "at", "actor", "address", "action", "subject", "changed")
RAW = ("before", "after")  # as written, for whoever checks the digests


def start_of(day: date) -> datetime:
    """The first moment of a local day, in UTC as the store keeps it."""
    return datetime.combine(day, time.min).astimezone(UTC).replace(tzinfo=None)


def whole(broken: Sequence[int]) -> None:
    """Whether every row still follows from the one before it."""
    if broken:
        st.error(say("audit.broken", n=len(broken), numbers=join(map(str, broken[:10]))), icon=":material/gpp_bad:")
    else:
        st.success(say("audit.sound"), icon=":material/verified_user:")


def action_name(code: str | None) -> str:
    """An action in the reader's words."""
    return say("audit.every_action") if code is None else say(f"audit.actions.{code}")


def chosen(actors: Sequence[str], limit: int) -> tuple[people.AuditEvent, ...]:
    """The rows that the filters let through."""
    columns = st.columns(4)
    actor = columns[0].selectbox(
        say("audit.actor"), [None, *actors], format_func=lambda name: name or say("audit.everyone")
    )
    action = columns[1].selectbox(say("audit.action"), [None, *people.ACTIONS], format_func=action_name)
    since = columns[2].date_input(say("audit.since"), date.today() - BACK)
    until = columns[3].date_input(say("audit.until"), date.today())
    return people.events(actor, action, start_of(since), start_of(until + timedelta(days=1)), limit)


def line(event: people.AuditEvent) -> tables.Row:
    """A row on the screen: its number stands below the moment, the address below the account, each change on its line."""
    first, *others = log_words.changed(event) or ("",)
    return tables.Row(
        tables.Cell(moment_text(event.at).replace(" ", "\u00a0"), notes=(say("audit.number", n=event.id),)),
        (
            tables.Cell(event.actor, notes=(event.address,)),
            tables.Cell(action_name(event.action)),
            tables.Cell(log_words.subject(event)),
            tables.Cell(first, notes=tuple(others)),
        ),
    )


def record(event: people.AuditEvent) -> list[str]:
    """A row of the file: in words, and what was written."""
    return [
        str(event.id), moment_text(event.at), event.actor, event.address, action_name(event.action),
        log_words.subject(event), say("audit.separator").join(log_words.changed(event)), event.before, event.after,
    ]  # fmt: skip


def saved(found: Sequence[people.AuditEvent]) -> bytes:
    """The rows as a CSV file."""
    log_words.meet(found)
    heads = [say(f"audit.column.{name}") for name in (*COLUMNS, *RAW)]
    return csv_bytes(Table(say("audit.title"), pd.DataFrame([record(event) for event in found], columns=heads)))


def page() -> None:
    """Draw the page."""
    cards.heading("audit")
    trail.viewed("audit")
    log = people.checked()
    whole(log.broken)
    found = chosen(log.actors, MOST)
    if not found:
        cards.nothing_found(say("audit.none"))
        return
    log_words.meet(found[:SHOWN])
    _, at, actor, _, *rest = (say(f"audit.column.{name}") for name in COLUMNS)
    tables.draw([at, actor, *rest], [line(each) for each in found[:SHOWN]], wrap=True, phone="lines")
    if len(found) > SHOWN:
        st.caption(say("audit.cut", n=SHOWN))
    file_name = f"{say('audit.title')}.csv"
    st.download_button(
        say("audit.download"), downloads.made_later(partial(saved, found), "text/csv", file_name), file_name, "text/csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip


access.require("audit")
page()
