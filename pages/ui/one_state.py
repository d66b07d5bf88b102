"""The connection of a run: all that a run reads under one revision is of one state of the store, and asked over one line."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from pages.ui import access, this_run
from pages.ui.store import reading


def _name() -> str:
    return f"store {access.current().scope}"


def connection() -> AbstractContextManager[Any]:
    """Lent until the run ends; outside of a run, for as long as it is used. Only for what a revision tells apart."""
    scope = access.current().scope
    return this_run.open_once(_name(), lambda: reading(scope))


def of_everybody() -> AbstractContextManager[Any]:
    """For what is the same for everybody, the revision and the settings: the connection of the run; outside of a run one of
    its own, since a file that is made when it is fetched has no person at the screen."""
    return connection() if this_run.going() else reading("")


def let_go() -> None:
    """The next one shows the store as it is then: after a save, or after a fault."""
    if this_run.going():
        this_run.again(_name())
