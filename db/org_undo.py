"""A change of org units that was a mistake, taken back: the register as it was before, the history with both."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import sqlalchemy as sa

from db import org_rules as rules
from db.blocks import fit
from db.engine import StoreError, moment
from db.org import add_aliases
from db.org_event import Event
from db.org_steps import RENAMED
from db.records import OrgStatus
from db.records_org import What
from db.schema import observation, org_unit, org_unit_alias, org_unit_successor
from db.schema_accounts import account
from db.schema_org import org_unit_change as changes


def undo(event: Event, number: int) -> None:
    """Takes back an event, its last row first. Raises StoreError where something rests on it."""
    connection = event.connection
    rows = connection.execute(
        sa.select(changes)
        .where(changes.c.event == number, changes.c.withdrawn_at.is_(None))
        .order_by(changes.c.id.desc())
    ).all()
    if not rows:
        raise StoreError("这次变动已经撤销,请刷新页面后再看。")
    _require_last(connection, rows)
    connection.execute(
        sa.update(changes)
        .where(changes.c.event == number)
        .values(withdrawn_by=fit(changes.c.withdrawn_by, event.user), withdrawn_at=moment().replace(microsecond=0))
    )
    registered = [row.org_unit_id for row in rows if row.kind == What.REGISTERED.value]
    # Their codes are free before the units that they were taken from get them back.
    connection.execute(sa.update(org_unit).where(org_unit.c.id.in_(registered)).values(code=None))
    for row in rows:
        unit = connection.execute(sa.select(org_unit).where(org_unit.c.id == row.org_unit_id)).one()
        before, after = json.loads(row.before), json.loads(row.after)
        _back(event, unit, What(row.kind), row.effective, before, after)
        event.log(unit.id, f"{row.kind} withdrawn", row.effective, after, before)


def _require_last(connection: sa.Connection, rows: Any) -> None:
    """No unit of the event was changed again since."""
    units = sorted({row.org_unit_id for row in rows})
    later = connection.execute(
        sa.select(org_unit.c.name)
        .join_from(changes, org_unit, changes.c.org_unit_id == org_unit.c.id)
        .where(changes.c.org_unit_id.in_(units), changes.c.id > rows[0].id, changes.c.event != rows[0].event)
        .where(changes.c.withdrawn_at.is_(None))
    ).first()
    if later is not None:
        raise StoreError(f"“{later.name}”后来又有变动,请先撤销后来的,再撤销这次。")


def _back(event: Event, unit: Any, what: What, on: date | None, before: dict[str, Any], after: dict[str, Any]) -> None:
    connection = event.connection
    if what is What.REGISTERED:
        _unregister(event, unit, on)
    elif what is What.MOVED:
        event.place(unit, rules.unit_of(connection, before["parent_id"]), on or date.min)
    elif what is What.ALIAS_ADDED:
        _forget(connection, unit.id, after["alias"])
    elif what is What.ALIAS_DROPPED:
        add_aliases(connection, [(unit.id, before["alias"])], before["source"])
    elif before:
        _restore(connection, unit, before)
        if what is What.RENAMED:
            _forget(connection, unit.id, before["name"], RENAMED)
    if what in (What.MERGED, What.SPLIT):
        ended = sa.and_(
            org_unit_successor.c.predecessor_id == unit.id, org_unit_successor.c.successor_id.in_(after["into"])
        )
        connection.execute(sa.delete(org_unit_successor).where(ended))


def _restore(connection: sa.Connection, unit: Any, before: dict[str, Any]) -> None:
    """The columns as they were; a code or name that somebody else has got since is not taken from them."""
    if before.get("code") is not None:
        holder = connection.scalar(
            sa.select(org_unit.c.name).where(org_unit.c.code == before["code"], org_unit.c.id != unit.id)
        )
        if holder is not None:
            raise StoreError(f"代码“{before['code']}”现在是“{holder}”的,请先改正它的代码,再撤销这次变动。")
    if "name" in before:
        rules.check_name(connection, before["name"], unit.parent_id, unit.id)
    values = {name: _day(value) if name.startswith("valid_") else value for name, value in before.items()}
    connection.execute(sa.update(org_unit).where(org_unit.c.id == unit.id).values(**values))


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def _forget(connection: sa.Connection, unit_id: int, alias: str, source: str | None = None) -> None:
    known = [org_unit_alias.c.org_unit_id == unit_id, org_unit_alias.c.alias == alias]
    if source is not None:
        known.append(org_unit_alias.c.source == source)
    connection.execute(sa.delete(org_unit_alias).where(*known))


def _unregister(event: Event, unit: Any, on: date | None) -> None:
    """A unit registered by mistake stays as a closed row without a code, because the history names it."""
    used = (
        (observation.c.org_unit_id == unit.id, observation, "已有数"),
        (
            sa.and_(org_unit.c.parent_id == unit.id, org_unit.c.status == OrgStatus.ACTIVE.value),
            org_unit,
            "下面已有单位",
        ),
        (account.c.org_unit_id == unit.id, account, "已有账号"),
    )
    for condition, table, words in used:
        if event.connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)):
            raise StoreError(
                f"“{unit.name}”{words},不能撤销登记。数归错单位的,先在复核页撤销那次认定;确已停办的,请登记停办。"
            )
    event.connection.execute(
        sa.update(org_unit)
        .where(org_unit.c.id == unit.id)
        .values(status=OrgStatus.CLOSED.value, valid_to=on, code=None)
    )
