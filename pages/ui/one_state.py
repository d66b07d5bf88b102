"""The connection of a run: all that a run reads under one revision is of one state of the store, and asked over one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from db.together import Asking
from pages.ui import access, this_run
from pages.ui.store import reading

_ASKING: ContextVar[Asking | None] = ContextVar("asking", default=None)


def _name() -> str:
    return f"store {access.current().scope}"


def connection() -> AbstractContextManager[Any]:
    """Lent until the run ends; outside of a run, for as long as it is used. Only for what a revision tells apart."""
    asking = _ASKING.get()
    if asking is not None:
        return nullcontext(asking)
    scope = access.current().scope
    return this_run.open_once(_name(), lambda: reading(scope))


def of_everybody() -> AbstractContextManager[Any]:
    """For what is the same for everybody, the revision and the settings: the connection of the run; outside of a run one of
    its own, since a file that is made when it is fetched has no person at the screen."""
    return connection() if this_run.going() else reading("")


@contextmanager
def asking() -> Iterator[Asking]:
    """While it lasts, what is read by the connection of the run is asked together (see db.together)."""
    with connection() as real:
        made = Asking(real)
        token = _ASKING.set(made)
        try:
            yield made
        finally:
            _ASKING.reset(token)


def let_go() -> None:
    """The next one shows the store as it is then: after a save, or after a fault."""
    if this_run.going():
        this_run.again(_name())
