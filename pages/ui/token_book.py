"""Tokens of programs, read and changed in the name of the person at the screen."""

from __future__ import annotations

from db import tokens
from db.engine import StoreError, moment
from db.records_control import ApiToken
from pages.ui import access, guard
from pages.ui.store import engine
from pages.ui.text import say

LONGEST_DAYS = tokens.LONGEST_DAYS


def every() -> tuple[ApiToken, ...]:
    """All tokens that the person may rule over, the latest first."""
    scope = access.require("administer").scope
    with engine().connect() as connection:
        return tuple(one for one in tokens.tokens(connection) if one.scope.startswith(scope))


def state(one: ApiToken) -> str:
    """`used`, `unused`, `over` or `revoked`."""
    if one.revoked_at is not None:
        return "revoked"
    if one.expires_at <= moment():
        return "over"
    return "unused" if one.last_used_at is None else "used"


def add(name: str, unit_id: int | None, days: int) -> tuple[str | None, str | None]:
    """(token, None) of a new one, or (None, the sentence that says why there is none)."""
    person = access.require("administer")
    try:
        if person.scope and unit_id is None:
            return None, say("api_tokens.outside")
        if unit_id is not None:
            guard.units({unit_id})
        return tokens.add_token(engine(), name, unit_id, days, person.name), None
    except StoreError as problem:
        return None, str(problem)


def revoke(token_id: int) -> str | None:
    """None when a token has ended, else the sentence that says why not."""
    person = access.require("administer")
    if all(one.id != token_id for one in every()):
        return say("api_tokens.outside")
    try:
        tokens.revoke_token(engine(), token_id, person.name)
    except StoreError as problem:
        return str(problem)
    return None
