"""Tokens of programs that read the data: 256 random bits shown once, of which the store keeps the hash only; each with
a purpose, a part of the tree and a last day."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from db import audit
from db.blocks import fit, storable
from db.engine import StoreError, moment, write
from db.records_accounts import Action
from db.records_control import ApiToken
from db.schema import org_unit
from db.schema_control import api_token
from db.sessions import key_of

PREFIX = "edu_"
LONGEST_DAYS = 366
_LONGEST_TOKEN = 100
_USED_EVERY = timedelta(minutes=1)  # a read is no write unless a minute has gone by


def add_token(engine: sa.Engine, name: str, org_unit_id: int | None, days: int, user: str) -> str:
    """Makes a token of a purpose (`name`) for a unit and all below it (None: everything) and returns it. Raises
    StoreError where no purpose is given, the unit is gone or the days are none of 1 to 366."""
    purpose = " ".join(name.split())
    if not purpose:
        raise StoreError("请写明令牌的用途(例如“市大数据中心每日取数”),再保存。")
    if not 1 <= days <= LONGEST_DAYS:
        raise StoreError(f"有效期为 1 至 {LONGEST_DAYS} 天,请重新填写。")
    token = PREFIX + secrets.token_urlsafe(32)
    with write(engine) as connection:
        found = sa.select(org_unit.c.id).where(org_unit.c.id == org_unit_id)
        if org_unit_id is not None and connection.scalar(found) is None:
            raise StoreError("没有这个单位,请重新选择令牌的范围。")
        now = moment().replace(microsecond=0)
        values = {
            "token_hash": key_of(token), "name": fit(api_token.c.name, storable(purpose)), "org_unit_id": org_unit_id,
            "created_by": fit(api_token.c.created_by, user), "created_at": now, "expires_at": now + timedelta(days=days),
        }  # fmt: skip
        number = connection.scalar(sa.insert(api_token).values(**values).returning(api_token.c.id))
        after = {"name": purpose, "unit": org_unit_id, "days": days}
        audit.record(connection, Action.TOKEN_MADE, user, subject=f"token {number}", after=after)
    return token


def revoke_token(engine: sa.Engine, token_id: int, user: str) -> None:
    """Ends a token at once; it stays on record. Raises StoreError where it has ended already."""
    with write(engine) as connection:
        done = connection.execute(
            sa.update(api_token)
            .where(api_token.c.id == token_id, api_token.c.revoked_at.is_(None))
            .values(revoked_by=fit(api_token.c.revoked_by, user), revoked_at=moment().replace(microsecond=0))
        )
        if not done.rowcount:
            raise StoreError("这个令牌已经收回,请刷新页面后再看。")
        audit.record(connection, Action.TOKEN_REVOKED, user, subject=f"token {token_id}")


def tokens(connection: sa.Connection) -> tuple[ApiToken, ...]:
    """All tokens, the latest first."""
    return tuple(_token(row) for row in connection.execute(_asked().order_by(api_token.c.id.desc())))


def token_of(engine: sa.Engine, said: str) -> ApiToken | None:
    """What a token opens now; None where there is none such, or it was revoked or has run out. Notes the use, and once
    a day in the log."""
    if not said.startswith(PREFIX) or len(said) > _LONGEST_TOKEN:
        return None
    now = moment()
    with engine.connect() as connection:
        row = connection.execute(_asked().where(api_token.c.token_hash == key_of(said))).first()
    held = None if row is None else _token(row)
    if held is None or held.revoked_at is not None or held.expires_at <= now:
        return None
    if held.last_used_at is None or now - held.last_used_at >= _USED_EVERY:
        _note_use(engine, held, now)
    return held


def _note_use(engine: sa.Engine, held: ApiToken, now: datetime) -> None:
    with write(engine) as connection:
        connection.execute(sa.update(api_token).where(api_token.c.id == held.id).values(last_used_at=now))
        if held.last_used_at is None or held.last_used_at.date() != now.date():
            audit.record(connection, Action.TOKEN_USED, held.name, subject=f"token {held.id}")


def _asked() -> sa.Select[tuple[object, ...]]:
    columns = [api_token.c[name] for name in ApiToken.__dataclass_fields__ if name != "scope"]
    path = sa.func.coalesce(org_unit.c.path, "").label("scope")
    return sa.select(*columns, path).join_from(
        api_token, org_unit, api_token.c.org_unit_id == org_unit.c.id, isouter=True
    )


def _token(row: sa.Row[tuple[object, ...]]) -> ApiToken:
    return ApiToken(**row._mapping)
