"""The one door of the pages: every page's first call is `require`. Who it is comes from the gate; what they may is
read from the store at every rerun, so a change of an account holds at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, NoReturn

import streamlit as st

from db import audit, sessions
from db.records_accounts import RIGHTS, Account, Right, Role
from pages.ui import store, this_run
from pages.ui.gate import SIGN_IN, SIGN_OUT
from pages.ui.text import say

RightName = Literal["look", "upload", "approve", "administer", "audit"]
_RUN, _KEY = "_person", "_session"
__all__ = ["SIGN_OUT", "Person", "carried", "current", "ended", "look", "person_of", "require", "session"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks. `scope` is the path of the top unit that may be seen ("" for everything); it is part of every cache
    key."""

    name: str
    display_name: str
    role: Role
    scope: str = ""

    def may(self, right: RightName) -> bool:
        """Whether the role holds a right."""
        return Right(right) in RIGHTS[self.role]


# The person in whose name a thread works after the run that started it has ended.
_ACTING: ContextVar[Person | None] = ContextVar("acting", default=None)


def carried() -> Callable[[], AbstractContextManager[None]]:
    """This person's rights for work that is done later: the account is read again then, and PermissionError raised where
    its session has ended or the account was disabled meanwhile."""
    key, person, origin = session(), current(), audit.ORIGIN.get()

    @contextmanager
    def acting() -> Iterator[None]:
        held = sessions.account_by_key(store.engine(), str(key), seen=False) if key else None
        if key and held is None:
            raise PermissionError("the session has ended")
        audit.ORIGIN.set(origin)
        token = _ACTING.set(person if held is None else person_of(held))
        try:
            yield
        finally:
            _ACTING.reset(token)

    return acting


def look() -> Person | None:
    """Read the person of this run from the store; called once per run by the frame. None where the session ended."""
    this_run.again(_RUN, _KEY)
    key = session()
    held = sessions.account_by_key(store.engine(), str(key)) if key else None
    audit.ORIGIN.set(_address())
    st.session_state[_RUN] = None if held is None else person_of(held)
    return st.session_state[_RUN]


def _address() -> str:
    return str(st.context.ip_address or "127.0.0.1")


def person_of(held: Account) -> Person:
    """The person of an account."""
    return Person(held.name, held.display_name, held.role, held.scope)


def current() -> Person:
    """The person of this run. Nobody gets past the frame without one."""
    person = _ACTING.get() or this_run.once(_RUN, lambda: st.session_state.get(_RUN) or look())
    if person is None:
        ended()
    return person


def session() -> str | None:
    """The key of the session at the screen; None where nobody signed in."""
    return this_run.once(_KEY, lambda: st.user.get("session"))


def ended() -> NoReturn:
    """The sentence for a session that has ended while its page stood open, and the end of the run."""
    st.warning(say("frame.ended"), icon=":material/lock_clock:")
    st.link_button(say("frame.sign_in"), SIGN_IN)
    st.stop()
    raise AssertionError("st.stop ends the run")


def require(right: RightName) -> Person:
    """The person, or a sentence and the end of the page when the role does not suffice."""
    person = current()
    if not person.may(right):
        st.error(say("common.no_access"))
        st.stop()
    return person
