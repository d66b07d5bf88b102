"""Accounts: made, changed and disabled, each time with a row in the log. Sign-in itself is in db.sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from db import audit
from db.blocks import fit
from db.engine import StoreError, moment, write
from db.passwords import PasswordRule, hashed, matches, one_time_password
from db.records_accounts import Account, Action, Role
from db.schema import org_unit
from db.schema_accounts import account, sign_in_session

DEMONSTRATION_PASSWORD = "yanshi-2026"  # shown on the sign-in page of the sample store, where alone it works
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_COLUMNS = (
    account.c.id, account.c.name, account.c.display_name, account.c.role, account.c.org_unit_id,
    sa.func.coalesce(org_unit.c.path, "").label("scope"),
    account.c.one_time, account.c.demonstration, account.c.disabled,
)  # fmt: skip


def folded(name: str) -> str:
    """An account's name as it is kept and compared."""
    return name.strip().lower()


def accounts(connection: sa.Connection) -> tuple[Account, ...]:
    """All accounts by name."""
    return tuple(_account(row) for row in connection.execute(_asked().order_by(account.c.name)))


def account_named(connection: sa.Connection, name: str) -> Account | None:
    """The account of a name, in any spelling of its case."""
    return _one(connection, account.c.name == folded(name))


def account_of(connection: sa.Connection, account_id: int) -> Account | None:
    """The account of an id."""
    return _one(connection, account.c.id == account_id)


def any_account(connection: sa.Connection) -> bool:
    """Whether the store has accounts at all."""
    return connection.scalar(sa.select(account.c.id).limit(1)) is not None


def first_administrator(engine: sa.Engine, name: str, display_name: str = "") -> str:
    """Makes the first administrator and returns the one-time password. Works once, and only from the command line."""
    with write(engine) as connection:
        if any_account(connection):
            raise StoreError("库中已有账号,首个管理员只能建立一次。请用已有的管理员账号登录,在“设置”页增加账号。")
        return add_account(connection, name, display_name or name, Role.ADMINISTRATOR, None, by="命令行")


def demonstration_accounts(engine: sa.Engine, people: Sequence[tuple[str, str, Role, int | None]]) -> None:
    """Makes accounts (name, display name, role, unit) of the sample store, all with the password that its sign-in page shows.
    They let in from the machine itself only (db.sessions); a store that has accounts gets none."""
    with write(engine) as connection:
        if not any_account(connection):
            for name, display_name, role, unit in people:
                add_account(
                    connection, name, display_name, role, unit, by="样例", password=DEMONSTRATION_PASSWORD
                )  # fmt: skip


def add_account(
    connection: sa.Connection,
    name: str,
    display_name: str,
    role: Role,
    org_unit_id: int | None,
    *,
    by: str,
    address: str = "",
    password: str | None = None,
) -> str:
    """Makes an account and returns its one-time password. `password` is given for demonstration accounts only."""
    key = folded(name)
    if not _NAME.fullmatch(key):
        raise StoreError("账号名用 2 至 32 位小写字母、数字、点、横线或下划线,以字母或数字开头。")
    if account_named(connection, key) is not None:
        raise StoreError(f"账号“{key}”已经存在,请换一个账号名。")
    if (
        org_unit_id is not None
        and connection.scalar(sa.select(org_unit.c.id).where(org_unit.c.id == org_unit_id)) is None
    ):
        raise StoreError("没有这个单位,请重新选择账号的管辖范围。")
    given, now = password or one_time_password(), moment().replace(microsecond=0)
    connection.execute(
        sa.insert(account).values(
            name=key, display_name=fit(account.c.display_name, display_name.strip() or key), role=role.value,
            org_unit_id=org_unit_id, password_hash=hashed(given), one_time=password is None,
            demonstration=password is not None, disabled=False, created_by=fit(account.c.created_by, by),
            created_at=now, password_at=now,
        )
    )  # fmt: skip
    made = account_named(connection, key)
    audit.record(connection, Action.ACCOUNT_MADE, by, subject=key, address=address, after=_told(made))
    return given


def change_account(
    engine: sa.Engine, account_id: int, changes: Mapping[str, Any], *, by: str, address: str = ""
) -> Account:
    """Changes display_name, role, org_unit_id or disabled. It holds from the next rerun on; sessions of a disabled
    account end. The last administrator who can sign in keeps role and access."""
    unknown = set(changes) - {"display_name", "role", "org_unit_id", "disabled"}
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    with write(engine) as connection:
        before = _existing(connection, account_id)
        connection.execute(sa.update(account).where(account.c.id == account_id).values(**changes))
        after = _existing(connection, account_id)
        if not _has_administrator(connection):
            raise StoreError("这是最后一个能用的管理员账号,不能停用或改变角色。请先设另一个管理员。")
        if after.disabled:
            _end_sessions(connection, account_id)
        audit.record(
            connection, Action.ACCOUNT_CHANGED, by, subject=before.name, address=address,
            before=_told(before), after=_told(after),
        )  # fmt: skip
    return after


def reset_password(engine: sa.Engine, account_id: int, *, by: str, address: str = "") -> str:
    """A new one-time password; every session of the account ends."""
    given = one_time_password()
    kept = hashed(given)
    with write(engine) as connection:
        held = _existing(connection, account_id)
        _set_password(connection, account_id, kept, one_time=True)
        audit.record(connection, Action.PASSWORD_CHANGED, by, subject=held.name, address=address)
    return given


def choose_password(engine: sa.Engine, account_id: int, old: str, new: str, *, address: str = "") -> None:
    """The person's own new password; every session of the account ends. Raises StoreError with the reason."""
    with engine.connect() as connection:
        held = _existing(connection, account_id)
        kept = connection.scalar(sa.select(account.c.password_hash).where(account.c.id == account_id))
    if held.demonstration:
        raise StoreError("演示账号不能改密码。")
    if not matches(str(kept), old):
        raise StoreError("原密码不对,请重新输入。")
    fault = "新密码不能与原密码相同。" if new == old else PasswordRule.from_environment().fault(new, held.name)
    if fault:
        raise StoreError(fault)
    fresh = hashed(new)
    with write(engine) as connection:
        _set_password(connection, account_id, fresh, one_time=False)
        audit.record(connection, Action.PASSWORD_CHANGED, held.name, subject=held.name, address=address)


def _set_password(connection: sa.Connection, account_id: int, kept: str, *, one_time: bool) -> None:
    connection.execute(
        sa.update(account)
        .where(account.c.id == account_id)
        .values(password_hash=kept, one_time=one_time, password_at=moment().replace(microsecond=0))
    )
    _end_sessions(connection, account_id)


def _end_sessions(connection: sa.Connection, account_id: int) -> None:
    connection.execute(sa.delete(sign_in_session).where(sign_in_session.c.account_id == account_id))


def _has_administrator(connection: sa.Connection) -> bool:
    """One of the whole store: who rules over a part cannot give the rest back to anybody."""
    rules = (account.c.role == Role.ADMINISTRATOR.value, account.c.disabled.is_(False), account.c.org_unit_id.is_(None))
    asked = sa.select(account.c.id).where(*rules)
    return connection.scalar(asked.limit(1)) is not None


def _existing(connection: sa.Connection, account_id: int) -> Account:
    held = account_of(connection, account_id)
    if held is None:
        raise StoreError("没有这个账号,可能已被别人改动,请刷新页面。")
    return held


def _asked() -> sa.Select[Any]:
    return sa.select(*_COLUMNS).join_from(account, org_unit, account.c.org_unit_id == org_unit.c.id, isouter=True)


def _one(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Account | None:
    row = connection.execute(_asked().where(where)).first()
    return None if row is None else _account(row)


def _account(row: sa.Row[Any]) -> Account:
    values = dict(row._mapping)
    return Account(**{**values, "role": Role(values["role"])})


def _told(held: Account | None) -> dict[str, Any]:
    """What the log says of an account: never the hash."""
    if held is None:
        return {}
    return {
        "name": held.name, "display_name": held.display_name, "role": held.role.value, "scope": held.scope,
        "disabled": held.disabled,
    }  # fmt: skip
