"""The settings of the bureau, read and changed in the name of the person at the screen. They hold for the whole store,
so only an administrator without a limit changes them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from db import bureau
from db.catalogue import Target
from db.engine import StoreError
from db.settings import Approval
from pages.ui import access, data
from pages.ui.store import engine
from pages.ui.text import say

APPROVALS = tuple(one.value for one in Approval)


def approval() -> str:
    """Whether files want approval: off, any or other."""
    return bureau.approval_of(data.settings()).value


def targets() -> tuple[Target, ...]:
    """The bureau's own targets."""
    return bureau.bureau_of(data.settings()).targets


def may_change() -> bool:
    """Whether the person may change what holds for everyone."""
    return not access.current().scope


def set_approval(wanted: str) -> str | None:
    """None when it is stored, else the sentence that says why not."""
    return _said(lambda user: bureau.set_approval(engine(), Approval(wanted), user))


def add_target(indicator: str, level: str | None, value: str, applies_to: str, since: date, source: str) -> str | None:
    """None when it is stored, else the sentence that says why not. `value` as typed."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", value).strip().removesuffix("%"))
    except InvalidOperation:
        return say("settings.no_number", text=value.strip()[:40])
    if not number.is_finite():
        return say("settings.no_number", text=value.strip()[:40])
    return _said(lambda user: bureau.add_target(engine(), indicator, level, number, applies_to, since, source, user))


def remove_target(place: int) -> str | None:
    """None when it is gone, else the sentence that says why not."""
    return _said(lambda user: bureau.remove_target(engine(), place, user))


def set_due(form: str, after: str, months: int, day: int) -> str | None:
    """None when it is stored, else the sentence that says why not."""
    return _said(lambda user: bureau.set_due(engine(), form, after, months, day, user))


def _said(write: Callable[[str], None]) -> str | None:
    person = access.require("administer")
    if person.scope:
        return say("settings.outside")
    try:
        write(person.name)
    except StoreError as problem:
        return str(problem)
    finally:
        data.look()
    return None
