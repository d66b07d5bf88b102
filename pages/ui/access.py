"""The one door: every page's first call is `require`."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.ui.text import say

Role = Literal["viewer", "uploader", "admin"]
_RANK: dict[str, int] = {"viewer": 1, "uploader": 2, "admin": 3}


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks. `scope` names the rows that may be seen and is part of every cache key ("all": no limit)."""

    name: str
    role: Role
    scope: str = "all"

    def may(self, role: Role) -> bool:
        return _RANK[self.role] >= _RANK[role]


def current() -> Person:
    """The person of this session. There are no accounts in this version: the program listens on the
    office PC only, and whoever sits at it is its one user, with every right."""
    return Person(name=_local_name(), role="admin")


def require(role: Role) -> Person:
    """The person, or a sentence and the end of the page when the role does not suffice."""
    person = current()
    if not person.may(role):
        st.error(say("common.no_access"))
        st.stop()
    return person


def _local_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a service account without a name in the system's list
        return say("common.local_user")
