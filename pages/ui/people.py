"""Reads and writes of accounts and of the log, in the name of the person at the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from db import accounts, audit
from db.engine import StoreError, write
from db.records_accounts import Account, Action, AuditEvent, Role
from pages.ui import access, guard
from pages.ui.store import engine
from pages.ui.text import say

ROLES = tuple(role.value for role in Role)
ACTIONS = tuple(action.value for action in Action)


def everyone() -> tuple[Account, ...]:
    """All accounts that the person rules over, by name."""
    scope = access.require("administer").scope
    with engine().connect() as connection:
        return tuple(one for one in accounts.accounts(connection) if one.scope.startswith(scope))


def scoped() -> bool:
    """Whether the person rules over a part of the units only."""
    return bool(access.current().scope)


def _check(account_id: int | None, changes: Mapping[str, object]) -> None:
    """Raises StoreError where an account, or the part of the tree it is to get, lies outside the person's scope."""
    if not scoped():
        return
    if account_id is not None and all(one.id != account_id for one in everyone()):
        raise StoreError(say("accounts.outside"))
    if "org_unit_id" in changes:
        unit = changes["org_unit_id"]
        if not isinstance(unit, int):
            raise StoreError(say("accounts.outside"))
        guard.units({unit})


def add(name: str, display_name: str, role: str, unit_id: int | None) -> tuple[str | None, str | None]:
    """(one-time password, None) of a new account, or (None, the sentence that says why there is none)."""
    person = access.require("administer")
    try:
        _check(None, {"org_unit_id": unit_id})
        with write(engine()) as connection:
            return accounts.add_account(connection, name, display_name, Role(role), unit_id, by=person.name), None
    except StoreError as fault:
        return None, str(fault)


def change(account_id: int, **changes: object) -> str | None:
    """None when an account is changed, else the sentence that says why not."""
    person = access.require("administer")
    try:
        _check(account_id, changes)
        accounts.change_account(engine(), account_id, changes, by=person.name)
    except StoreError as fault:
        return str(fault)
    return None


def reset(account_id: int) -> tuple[str | None, str | None]:
    """(A new one-time password, None), or (None, the sentence that says why there is none)."""
    person = access.require("administer")
    try:
        _check(account_id, {})
        return accounts.reset_password(engine(), account_id, by=person.name), None
    except StoreError as fault:
        return None, str(fault)


def events(
    actor: str | None, action: str | None, since: datetime | None, until: datetime | None, limit: int
) -> tuple[AuditEvent, ...]:
    """Rows of the log, the newest first; days in UTC."""
    access.require("audit")
    with engine().connect() as connection:
        chosen = Action(action) if action else None
        return audit.events(
            connection, actors=[actor] if actor else _own_actors(), action=chosen, since=since, until=until, limit=limit
        )


def checked() -> audit.Checked:
    """Rows at which the log's chain does not hold, and whom the log names, as far as the person's scope goes."""
    access.require("audit")
    own = _own_actors()
    with engine().connect() as connection:
        found = audit.checked(connection)
    return found._replace(actors=tuple(name for name in found.actors if own is None or name in own))


def _own_actors() -> list[str] | None:
    """The accounts of the person's part of the tree; None without a limit."""
    scope = access.current().scope
    if not scope:
        return None
    with engine().connect() as connection:
        return [one.name for one in accounts.accounts(connection) if one.scope.startswith(scope)]
