"""Changes of org units, read and made in the name of the person at the screen; an administrator of a part changes units of
that part only."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from db import org_changes, queries
from db.engine import StoreError
from db.org_rules import AHEAD, AREAS, LEVELS, LONGEST_NAME, LONGEST_SHORT, PARENTS, SPONSORS
from db.records import OrgKind
from db.records_org import (
    Alias,
    Asked,
    Close,
    Consequence,
    Correct,
    Merge,
    Move,
    NewUnit,
    Part,
    Rename,
    Reopen,
    Split,
    SumChange,
    UnitChange,
)
from pages.ui import access, data, guard
from pages.ui.store import engine
from pages.ui.text import say

__all__ = [
    "AHEAD", "AREAS", "LEVELS", "LONGEST_NAME", "LONGEST_SHORT", "PARENTS", "SPONSORS", "Alias", "Asked", "Close",
    "Consequence", "Correct", "Merge", "Move", "NewUnit", "OrgKind", "Part", "Rename", "Reopen", "Split", "SumChange",
    "UnitChange", "change", "history", "look_ahead", "look_back", "proposals", "take_back",
]  # fmt: skip


def proposals() -> pd.DataFrame:
    """The names of documents that wait to become a unit (columns of queries.proposals)."""
    with data.seen() as connection:
        return queries.proposals(connection)


def history(unit_id: int | None = None) -> list[UnitChange]:
    """What happened to a unit, or to all that the person may see, the latest first."""
    with data.seen() as connection:
        return queries.unit_changes(connection, org_unit_id=unit_id)


def look_ahead(asked: Asked) -> Consequence | str:
    """What a change would do, or the sentence that says why it cannot be."""
    person = access.require("administer")
    try:
        _check(asked)
        return org_changes.consequence(engine(), asked, person.name)
    except StoreError as fault:
        return str(fault)


def change(asked: Asked, note: str) -> Consequence | str:
    """What a change did, or the sentence that says why nothing was changed."""
    person = access.require("administer")
    try:
        _check(asked)
        return org_changes.carry_out(engine(), asked, person.name, note)
    except StoreError as fault:
        return str(fault)
    finally:
        data.look()


def look_back(event: int) -> Consequence | str:
    """What taking a change back would do, or the sentence that says why it cannot be."""
    person = access.require("administer")
    try:
        _check_event(event)
        return org_changes.take_back(engine(), event, person.name, only_asked=True)
    except StoreError as fault:
        return str(fault)


def take_back(event: int) -> str | None:
    """None when a change is taken back, else the sentence that says why not."""
    person = access.require("administer")
    try:
        _check_event(event)
        org_changes.take_back(engine(), event, person.name)
    except StoreError as fault:
        return str(fault)
    finally:
        data.look()
    return None


def _check_event(event: int) -> None:
    """Raises StoreError where a change concerns a unit outside the person's scope: all its rows are looked at, those that
    the person does not see too."""
    with engine().connect() as connection:
        guard.units({one.org_unit_id for one in queries.unit_changes(connection, event=event)})


def _check(asked: Asked) -> None:
    """Raises StoreError where a change concerns a unit outside the person's scope."""
    guard.units(set(_units_of(asked)))
    if access.current().scope and any(one.proposal for one in _new(asked)):
        raise StoreError(say("org_units.outside"))


def _units_of(asked: Asked) -> Iterator[int]:
    if isinstance(asked, Merge):
        yield from asked.unit_ids
    elif not isinstance(asked, NewUnit):
        yield asked.unit_id
    if isinstance(asked, Move):
        yield asked.parent_id
    yield from (one.parent_id for one in _new(asked))
    yield from (one for one in _targets(asked) if isinstance(one, int))


def _new(asked: Asked) -> list[NewUnit]:
    held = [asked] if isinstance(asked, NewUnit) else _targets(asked)
    return [one for one in held if isinstance(one, NewUnit)]


def _targets(asked: Asked) -> list[int | NewUnit]:
    if isinstance(asked, Merge):
        return [asked.into]
    return [part.into for part in asked.parts] if isinstance(asked, Split) else []
