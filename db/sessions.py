"""Sign-in and sessions. A token is 256 random bits; the store keeps only its hash, so a copied store opens nothing.

Failures are counted before anything is hashed: per name and address, so that nobody can lock another out from
elsewhere, and per address, so that nobody can try many names.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from db import audit
from db.accounts import account_named, account_of, folded
from db.blocks import fit
from db.engine import StoreError, moment, write
from db.passwords import NOBODY, matches
from db.records_accounts import Account, Action
from db.schema_accounts import account, sign_in_failure, sign_in_session

log = logging.getLogger(__name__)

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
WINDOW = timedelta(minutes=15)
FAILURES_OF_PAIR, FAILURES_OF_ADDRESS = 5, 50
_SEEN_EVERY = timedelta(minutes=1)  # a look at a page is no write unless a minute has gone by
LONGEST_NAME, LONGEST_PASSWORD = 64, 128
OIDC = "oidc"
_BY_PROVIDER = "p."  # before the random part of a token; the hash covers it, so nobody can add or drop it


class SignInRefused(StoreError):
    """The sentence says no more than everyone may know. `wait` is the time until the next try, if throttled."""

    def __init__(self, sentence: str, wait: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token for the cookie, and who it stands for."""

    token: str
    account: Account


def sign_in(engine: sa.Engine, name: str, password: str, address: str) -> SignedIn:
    """A new session. An unknown name, a wrong password and a disabled account get the same sentence in the same time."""
    key = folded(name)[:LONGEST_NAME]
    with engine.connect() as connection:
        _refuse_throttled(connection, key, address)
        held = account_named(connection, key)
        kept = connection.scalar(sa.select(account.c.password_hash).where(account.c.name == key))
    right = len(password) <= LONGEST_PASSWORD and matches(str(kept or NOBODY), password)
    if held is None or not right or held.disabled or (held.demonstration and not _is_this_machine(address)):
        _note_failure(engine, key, address)
        raise SignInRefused("账号或密码不对。请检查大小写;忘记密码请联系管理员重置。")
    return _opened(engine, held, address, key)


def sign_in_named(engine: sa.Engine, name: str, address: str, by: str = "proxy") -> SignedIn:
    """A new session of an account that the bureau's own sign-in vouches for (pages.ui.proxy, pages.ui.oidc). Raises SignInRefused where
    there is no such account in use: none is ever made by a name from outside."""
    key = folded(name)[:LONGEST_NAME]
    with engine.connect() as connection:
        held = account_named(connection, key)
    if held is None or held.disabled or held.demonstration:
        if by == OIDC:  # a person's try; behind a proxy every look at a page would be one
            note_refused(engine, key, address, {"by": by, "why": "unknown"})
        else:
            with write(engine) as connection:
                audit.record(connection, Action.SIGN_IN_REFUSED, key, address=address, after={"by": by})
        raise SignInRefused("统一登录的账号在本系统中没有对应的账号,或已停用。请联系本系统的管理员。")
    return _opened(engine, held, address, key, by=by)


def _opened(engine: sa.Engine, held: Account, address: str, key: str, by: str = "") -> SignedIn:
    token = (_BY_PROVIDER if by == OIDC else "") + secrets.token_urlsafe(32)
    with write(engine) as connection:
        now = moment().replace(microsecond=0)
        connection.execute(sa.delete(sign_in_session).where(sign_in_session.c.created_at < now - ABSOLUTE))
        connection.execute(
            sa.delete(sign_in_failure).where(sign_in_failure.c.name == key, sign_in_failure.c.address == address)
        )
        connection.execute(
            sa.insert(sign_in_session).values(
                token_hash=key_of(token), account_id=held.id, created_at=now, seen_at=now,
                address=fit(sign_in_session.c.address, address),
            )
        )  # fmt: skip
        audit.record(connection, Action.SIGN_IN, held.name, address=address, after={"by": by} if by else None)
    return SignedIn(token, held)


def session_account(engine: sa.Engine, token: str | None, *, seen: bool = True) -> Account | None:
    """Who a token stands for now; None where it has ended, was ended, or its account is disabled. `seen` counts as
    activity of the person."""
    return account_by_key(engine, key_of(token), seen=seen) if token and len(token) <= 100 else None


def account_by_key(engine: sa.Engine, key: str, *, seen: bool = True) -> Account | None:
    """The same by `key_of` a token: what the script of a page knows of its session."""
    now = moment()
    with engine.connect() as connection:
        row = connection.execute(sa.select(sign_in_session).where(sign_in_session.c.token_hash == key)).first()
        if row is None or _has_ended(row.created_at, row.seen_at, now):
            return None
        held = account_of(connection, row.account_id)
    if held is None or held.disabled:
        return None
    if seen and now - row.seen_at >= _SEEN_EVERY:
        _note_seen(engine, key, now)
    return held


def _note_seen(engine: sa.Engine, key: str, now: datetime) -> None:
    """Where the disk is full or read-only, whoever is signed in goes on looking: the session then ends by its idle time."""
    try:
        with write(engine) as connection:
            connection.execute(
                sa.update(sign_in_session).where(sign_in_session.c.token_hash == key).values(seen_at=now)
            )
    except StoreError:
        log.warning("the activity of a session could not be noted")


def sign_out(engine: sa.Engine, token: str | None, address: str = "") -> None:
    """End the session of a token; an unknown one is no fault."""
    held = session_account(engine, token, seen=False)
    if token is None or held is None:
        return
    with write(engine) as connection:
        connection.execute(sa.delete(sign_in_session).where(sign_in_session.c.token_hash == key_of(token)))
        audit.record(connection, Action.SIGN_OUT, held.name, address=address)


def by_provider(token: str | None) -> bool:
    """Whether a token was given for the word of an identity provider and not for a password."""
    return token is not None and token.startswith(_BY_PROVIDER)


def wait_of_address(engine: sa.Engine, address: str) -> int | None:
    """Minutes until an address that failed too often may try again, None where it may."""
    with engine.connect() as connection:
        now = moment()
        wait = _wait(connection.scalars(_failures(address, now)), FAILURES_OF_ADDRESS, now)
    return max(-(-int(wait.total_seconds()) // 60), 1) if wait > timedelta(0) else None


def note_refused(engine: sa.Engine, name: str, address: str, after: dict[str, str]) -> None:
    """Count and log a sign-in that was refused for another reason than a password."""
    _note_failure(engine, name[:LONGEST_NAME], address, after)


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _has_ended(created: datetime, seen: datetime, now: datetime) -> bool:
    return now - created >= ABSOLUTE or now - seen >= IDLE


def key_of(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_throttled(connection: sa.Connection, name: str, address: str) -> None:
    now = moment()
    mine = _failures(address, now)
    of_pair = list(connection.scalars(mine.where(sign_in_failure.c.name == name)))
    waits = [_wait(of_pair, FAILURES_OF_PAIR, now), _wait(connection.scalars(mine), FAILURES_OF_ADDRESS, now)]
    longest = max(waits)
    if longest > timedelta(0):
        minutes = -(-int(longest.total_seconds()) // 60)
        raise SignInRefused(f"密码输错次数过多,请约 {max(minutes, 1)} 分钟后再试,或请管理员重置密码。", longest)


def _failures(address: str, now: datetime) -> sa.Select[datetime]:
    return sa.select(sign_in_failure.c.failed_at).where(
        sign_in_failure.c.address == fit(sign_in_failure.c.address, address),
        sign_in_failure.c.failed_at > now - WINDOW,
    )


def _wait(failures: Iterable[datetime], allowed: int, now: datetime) -> timedelta:
    """How long until fewer than `allowed` failures lie in the window."""
    newest = sorted(failures, reverse=True)
    return timedelta(0) if len(newest) < allowed else newest[allowed - 1] + WINDOW - now


def _note_failure(engine: sa.Engine, name: str, address: str, after: dict[str, str] | None = None) -> None:
    with write(engine) as connection:
        now = moment()
        connection.execute(sa.delete(sign_in_failure).where(sign_in_failure.c.failed_at <= now - WINDOW))
        connection.execute(
            sa.insert(sign_in_failure).values(
                name=fit(sign_in_failure.c.name, name), address=fit(sign_in_failure.c.address, address), failed_at=now
            )
        )
        audit.record(connection, Action.SIGN_IN_REFUSED, name, address=address, after=after)
