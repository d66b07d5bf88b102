"""The caches of the pages: what a page reads of the store, what it works out of that, and what it draws. Every key holds
the reader's scope and the store's revision: a save by any process is seen at the next rerun, and nobody sees another's
rows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from db import bureau, queries
from db.engine import StoreError
from db.names import revision_of
from pages.ui import access, one_state, replay, this_run
from pages.ui.held import Held
from pages.ui.store import engine, reading
from pages.ui.text import language

_REVISION = "_revision"
T = TypeVar("T")
_READ, _MADE = Held(512, 128 << 20), Held(128, 128 << 20)  # what was read, what was made of it: most things and bytes


def forget() -> None:
    """Let go of all that was read; for tests that change the store behind the program."""
    _READ.clear()
    _MADE.clear()
    replay.forget()


def look() -> int:
    """Read the store's revision; called once per run by the frame and after every save. What a run reads from then on is
    of that revision."""
    this_run.again(_REVISION, "catalogue")
    one_state.let_go()
    with one_state.of_everybody() as connection:
        number = revision_of(connection)
    st.session_state[_REVISION] = number
    return number


def opened() -> str | None:
    """Open the store; None when it can be worked with, else the sentence that says what a person can mend."""
    try:
        engine()
    except StoreError as error:
        return str(error)
    return None


def revision() -> int:
    """The revision that this run reads."""
    return this_run.once(_REVISION, lambda: st.session_state[_REVISION] if _REVISION in st.session_state else look())


def _read(query: str, arguments: tuple[tuple[str, Any], ...]) -> Any:
    try:
        with one_state.connection() as connection:
            return getattr(queries, query)(connection, **dict(arguments))
    except Exception:
        one_state.let_go()  # after a fault it may answer nothing any more
        raise


def seen() -> AbstractContextManager[Any]:
    """A connection that shows what this person may see at this moment."""
    return reading(access.current().scope)


def load(query: str, **arguments: Any) -> Any:
    fixed = tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in sorted(arguments.items()))
    return _READ.get((query, access.current().scope, revision(), fixed), lambda: _read(query, fixed))


def kept(name: str, make: Callable[[], T], *arguments: Any) -> T:
    """What a page works out from the store, worked out once per revision and scope. `name` and `arguments` tell
    one such thing from another (printed words need the language among them); `make` draws nothing."""
    found: T = _MADE.get((name, access.current().scope, revision(), arguments), make)
    return found


def drawn(name: str, draw: Callable[[], None], *arguments: Any) -> None:
    """What `draw` puts on the page, drawn once per revision, scope, language, theme and day. Of what it shows nothing
    may depend on anything else but `arguments`, and no widget be among it (see replay)."""
    theme = st.context.theme.type
    replay.drawn((name, access.current().scope, revision(), language(), theme, str(date.today()), arguments), draw)


def settings() -> tuple[tuple[str, str], ...]:
    """What an administrator set, for db.bureau."""
    found: tuple[tuple[str, str], ...] = _READ.get(("settings", "", revision(), ()), _read_settings)
    return found


def _read_settings() -> tuple[tuple[str, str], ...]:
    with one_state.of_everybody() as connection:
        return bureau.raw_settings(connection)
