"""Org units over time: every change is one transaction with its sums, its history and its row in the log; what it would do
is told beforehand by carrying it out and leaving nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from db import org_steps as steps
from db.engine import write
from db.org_event import Event
from db.org_undo import undo
from db.records_org import Alias, Asked, Close, Consequence, Correct, Merge, Move, NewUnit, Rename, Reopen, Split

_STEPS: dict[type, Callable[[Event, Any], Any]] = {
    NewUnit: steps.register, Rename: steps.rename, Correct: steps.correct, Move: steps.move, Close: steps.close,
    Reopen: steps.reopen, Merge: steps.merge, Split: steps.split, Alias: steps.respell,
}  # fmt: skip


class _OnlyAsked(Exception):
    """Ends a transaction of which nothing is to stay."""

    def __init__(self, found: Consequence) -> None:
        self.found = found


def consequence(engine: sa.Engine, asked: Asked, user: str) -> Consequence:
    """What a change would do; nothing is stored. Raises StoreError (with what contradicts it) as `carry_out` does."""
    try:
        with write(engine) as connection:
            raise _OnlyAsked(_carried(connection, asked, user, ""))
    except _OnlyAsked as told:
        return told.found


def carry_out(engine: sa.Engine, asked: Asked, user: str, note: str = "") -> Consequence:
    """Makes a change and tells what it did. Raises StoreError where it contradicts what is known, db.locks.Locked where
    it would change a number of a locked period; nothing is stored then."""
    with write(engine) as connection:
        return _carried(connection, asked, user, note)


def take_back(engine: sa.Engine, event: int, user: str, note: str = "", *, only_asked: bool = False) -> Consequence:
    """Takes a change back that was a mistake; it stays in the history as withdrawn. With `only_asked` nothing is stored.
    Raises StoreError where later changes or numbers rest on it."""
    try:
        with write(engine) as connection:
            step = Event(connection, user, note)
            undo(step, event)
            found = step.finish()
            if only_asked:
                raise _OnlyAsked(found)
            return found
    except _OnlyAsked as told:
        return told.found


def _carried(connection: sa.Connection, asked: Asked, user: str, note: str) -> Consequence:
    event = Event(connection, user, note)
    _STEPS[type(asked)](event, asked)
    return event.finish()
