"""Reads and writes of accounts and of the log, in the name of the person at the screen."""

from __future__ import annotations

from datetime import datetime

from db import accounts, audit
from db.engine import StoreError, write
from db.records_accounts import Account, Action, AuditEvent, Role
from pages.ui import access
from pages.ui.store import engine

ROLES = tuple(role.value for role in Role)
ACTIONS = tuple(action.value for action in Action)


def everyone() -> tuple[Account, ...]:
    """All accounts by name."""
    access.require("administer")
    with engine().connect() as connection:
        return accounts.accounts(connection)


def add(name: str, display_name: str, role: str, unit_id: int | None) -> tuple[str | None, str | None]:
    """(one-time password, None) of a new account, or (None, the sentence that says why there is none)."""
    person = access.require("administer")
    try:
        with write(engine()) as connection:
            return accounts.add_account(connection, name, display_name, Role(role), unit_id, by=person.name), None
    except StoreError as fault:
        return None, str(fault)


def change(account_id: int, **changes: object) -> str | None:
    """None when an account is changed, else the sentence that says why not."""
    person = access.require("administer")
    try:
        accounts.change_account(engine(), account_id, changes, by=person.name)
    except StoreError as fault:
        return str(fault)
    return None


def reset(account_id: int) -> str:
    """A new one-time password."""
    return accounts.reset_password(engine(), account_id, by=access.require("administer").name)


def events(
    actor: str | None, action: str | None, since: datetime | None, until: datetime | None, limit: int
) -> tuple[AuditEvent, ...]:
    """Rows of the log, the newest first; days in UTC."""
    access.require("audit")
    with engine().connect() as connection:
        chosen = Action(action) if action else None
        return audit.events(connection, actor=actor or None, action=chosen, since=since, until=until, limit=limit)


def actors() -> list[str]:
    """Everyone whom the log names."""
    access.require("audit")
    with engine().connect() as connection:
        return audit.actors(connection)


def broken() -> list[int]:
    """Numbers of rows at which the log's chain does not hold."""
    access.require("audit")
    with engine().connect() as connection:
        return list(audit.broken_links(connection))
