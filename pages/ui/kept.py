"""The caches of the pages: what a page reads of the store, what it works out of that, and what it draws. Every key holds
the reader's scope, so nobody sees another's rows. What was read is good until one of the tables it was read from is written
to (db.versions); what is made or drawn of it, until anything is: a save by any process is seen at the next rerun."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from db import bureau, queries
from db.engine import StoreError
from db.names import state_of, versions_of
from db.versions import State, noting
from pages.ui import access, asked, one_state, replay, this_run
from pages.ui.held import Held
from pages.ui.store import engine, reading
from pages.ui.text import language

_STATE = "_state"
_SETTINGS: asked.Ask = ("settings", ())
_LOG = logging.getLogger(__name__)
T = TypeVar("T")
_READ, _MADE = Held(512, 128 << 20), Held(128, 128 << 20)  # what was read, what was made of it: most things and bytes


def forget() -> None:
    """Let go of all that was read; for tests that change the store behind the program."""
    _READ.clear()
    _MADE.clear()
    replay.forget()
    asked.forget()


def look() -> State:
    """Read the store's state; called once per run by the frame and after every save. What a run reads from then on is
    of that state."""
    this_run.again(_STATE, "catalogue")
    one_state.let_go()
    with one_state.of_everybody() as connection:
        seen_now = state_of(connection)
    st.session_state[_STATE] = seen_now
    return seen_now


def opened() -> str | None:
    """Open the store; None when it can be worked with, else the sentence that says what a person can mend."""
    try:
        engine()
    except StoreError as error:
        return str(error)
    return None


def state() -> State:
    """The state that this run reads."""
    return this_run.once(_STATE, lambda: st.session_state[_STATE] if _STATE in st.session_state else look())


def revision() -> int:
    """The revision that this run reads, as people are told it."""
    return state().revision


def _read(read: Callable[[Any], Any], lend: Callable[[], AbstractContextManager[Any]]) -> tuple[Any, Mapping[str, int]]:
    """What was read, and the versions of what it was read from."""
    try:
        with lend() as connection, noting(connection) as tables:
            made = read(connection)
            return made, versions_of(connection, frozenset(tables))
    except Exception:
        one_state.let_go()  # after a fault it may answer nothing any more
        raise


def seen() -> AbstractContextManager[Any]:
    """A connection that shows what this person may see at this moment."""
    return reading(access.current().scope)


def load(query: str, **arguments: Any) -> Any:
    fixed = tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in sorted(arguments.items()))
    asked.note([(query, fixed)])
    key = (query, access.current().scope, fixed)
    return _READ.get_of(
        key, lambda: _read(partial(getattr(queries, query), **dict(fixed)), one_state.connection), state().fits
    )


def kept(name: str, make: Callable[[], T], *arguments: Any) -> T:
    """What a page works out from the store, worked out once per state and scope. `name` and `arguments` tell
    one such thing from another (printed words need the language among them); `make` draws nothing."""
    key = (name, access.current().scope, state(), arguments)
    found: T = _MADE.get(key, lambda: _noted(key, make))
    asked.note(asked.of(key))
    return found


def _noted(key: Hashable, make: Callable[[], T]) -> T:
    with asked.noted() as asks:
        made = make()
    asked.remember(key, asks)
    return made


def drawn(name: str, draw: Callable[[], None], *arguments: Any) -> None:
    """What `draw` puts on the page, drawn once per state, scope, language, theme and day. Of what it shows nothing
    may depend on anything else but `arguments`, and no widget be among it (see replay)."""
    theme = st.context.theme.type
    key = (name, access.current().scope, tuple(state()), language(), theme, str(date.today()), arguments)
    replay.drawn(key, lambda: _noted(key, draw))
    asked.note(asked.of(key))


def settings() -> tuple[tuple[str, str], ...]:
    """What an administrator set, for db.bureau."""
    asked.note([_SETTINGS])
    found: tuple[tuple[str, str], ...] = _READ.get_of(
        ("settings", "", ()), lambda: _read(bureau.raw_settings, one_state.of_everybody), state().fits
    )
    return found


@contextmanager
def at_once(page: str) -> Iterator[None]:
    """A run of a page: what was asked at its address before, or is likely to be asked there, and does not hold any more is
    asked at once, and what this run asks is remembered."""
    begun_at = _address(page)
    kind = begun_at[:2]
    _ask_again(asked.of(begun_at) or asked.likely(kind, begun_at[2]))
    with asked.noted() as asks:
        try:
            yield
        finally:
            for address in (begun_at, _address(page)):  # the choices of the page stand in the latter
                asked.remember(address, asks)
            asked.visited(kind, _address(page)[2], asks)


def _address(page: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    chosen = sorted((name, value) for name, value in st.query_params.items() if name != "lang")
    return page, access.current().scope, tuple(chosen)


def _ask_again(asks: Sequence[asked.Ask]) -> None:
    scope, fits = access.current().scope, state().fits
    gone = [one for one in asks if not _READ.holds((one[0], "" if one == _SETTINGS else scope, one[1]), fits)]
    if len(gone) < 2:
        return
    try:
        with one_state.asking() as asking:
            asking.all_of([partial(_ask, *one) for one in gone])
    except Exception as error:  # the page asks by itself, and says what is wrong
        _LOG.warning("what a page asks could not be asked at once: %s", type(error).__name__)
        one_state.let_go()


def _ask(query: str, arguments: tuple[tuple[str, Any], ...]) -> None:
    if (query, arguments) == _SETTINGS:
        settings()
    else:
        load(query, **dict(arguments))
