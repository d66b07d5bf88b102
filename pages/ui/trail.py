"""What is only looked at or taken away, in the log: originals in which persons may be named, accounts, the log itself,
every file that is saved."""

from __future__ import annotations

import logging

import streamlit as st

from db import audit
from db.engine import StoreError, write
from db.records_accounts import Action
from pages.ui import access
from pages.ui.store import engine

_LOG = logging.getLogger("pages.trail")
_SEEN = "_trail"


def viewed(subject: str) -> None:
    """This person opened something in which persons may be named; noted once a session."""
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    if subject not in seen and _noted(Action.VIEW, subject):
        seen.add(subject)


def exported(file_name: str, content: bytes) -> None:
    """This person saved a file of the store's data."""
    _noted(Action.EXPORT, file_name, size=len(content))


def _noted(action: Action, subject: str, **after: int) -> bool:
    """Where the disk is full or the store busy, looking goes on and the program's own log has it."""
    try:
        with write(engine()) as connection:
            audit.record(connection, action, access.current().name, subject=subject, after=after or None)
    except StoreError:
        _LOG.warning("not in the log of the store", extra={"action": action.value})
        return False
    return True
