"""Locked periods, read and changed in the name of the person at the screen."""

from __future__ import annotations

from db import audit, locks
from db.engine import StoreError, write
from db.records_accounts import Action
from db.records_control import PeriodLock
from pages.ui import access, data, guard
from pages.ui.store import engine
from pages.ui.text import say


def every() -> tuple[PeriodLock, ...]:
    """All locks that concern what the person may see, those in force first."""
    with data.seen() as connection:
        return locks.locks(connection)


def may_lift(one: PeriodLock) -> bool:
    """Whether the person's scope covers all that a lock keeps."""
    scope = access.current().scope
    return one.path.startswith(scope) if scope else True


def lock(period: str, org_unit_id: int | None, reason: str) -> str | None:
    """None when a period is locked, else the sentence that says why not."""
    person = access.require("approve")
    try:
        if person.scope and org_unit_id is None:
            return _refused(f"lock {period}")
        if org_unit_id is not None:
            guard.units({org_unit_id})
        locks.lock(engine(), period, org_unit_id, reason, person.name)
    except StoreError as problem:
        return str(problem)
    data.look()
    return None


def unlock(one: PeriodLock, reason: str) -> str | None:
    """None when a period is open again, else the sentence that says why not."""
    person = access.require("approve")
    if not may_lift(one):
        return _refused(f"unlock {one.period}")
    try:
        locks.unlock(engine(), one.id, reason, person.name)
    except StoreError as problem:
        return str(problem)
    data.look()
    return None


def _refused(subject: str) -> str:
    with write(engine()) as connection:
        audit.record(connection, Action.REFUSED, access.current().name, subject=subject)
    return say("locks.outside")
