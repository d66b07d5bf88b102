"""The log of who did what: rows are only added, and each carries a digest over itself and the row before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.blocks import fit
from db.engine import moment
from db.records_accounts import Action, AuditEvent
from db.schema_accounts import audit_event

_START = "0" * 64
# Where the person sits in whose name this thread or task works, for writes that are made far below the page.
ORIGIN: ContextVar[str] = ContextVar("audit_origin", default="")
_FIELDS = ("id", "at", "actor", "address", "action", "subject", "before", "after")


def record(
    connection: sa.Connection,
    action: Action,
    actor: str,
    *,
    subject: str = "",
    address: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add one row, in the caller's write transaction (writers are serial, so the chain has one end)."""
    last = connection.execute(
        sa.select(audit_event.c.id, audit_event.c.digest).order_by(audit_event.c.id.desc()).limit(1)
    ).first()
    row = {
        "id": (last.id if last else 0) + 1,
        "at": moment().replace(microsecond=0),
        "actor": fit(audit_event.c.actor, actor),
        "address": fit(audit_event.c.address, ORIGIN.get() if address is None else address),
        "action": action.value,
        "subject": fit(audit_event.c.subject, subject),
        "before": _as_text(before),
        "after": _as_text(after),
    }
    connection.execute(sa.insert(audit_event), [{**row, "digest": _digest(last.digest if last else _START, row)}])


def events(
    connection: sa.Connection,
    *,
    actors: Collection[str] | None = None,
    action: Action | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 500,
) -> tuple[AuditEvent, ...]:
    """The newest rows first, of some actors on request; `until` is exclusive."""
    asked = sa.select(*(audit_event.c[name] for name in _FIELDS)).order_by(audit_event.c.id.desc()).limit(limit)
    if actors is not None:
        asked = asked.where(audit_event.c.actor.in_(sorted(actors)))
    if action:
        asked = asked.where(audit_event.c.action == action.value)
    if since:
        asked = asked.where(audit_event.c.at >= since)
    if until:
        asked = asked.where(audit_event.c.at < until)
    return tuple(AuditEvent(**row._mapping) for row in connection.execute(asked))


class Checked(NamedTuple):
    """The log read from its first to its last row: ids of the rows that were altered and of the first row after one that was
    taken out; and everyone whom it names, by name."""

    broken: tuple[int, ...]
    actors: tuple[str, ...]


def checked(connection: sa.Connection) -> Checked:
    """Read the whole log, in one statement."""
    before, expected, broken, actors = _START, 1, list[int](), set[str]()
    for row in connection.execute(sa.select(audit_event).order_by(audit_event.c.id)):
        held = {name: getattr(row, name) for name in _FIELDS}
        if row.id != expected or row.digest != _digest(before, held):
            broken.append(int(row.id))
        before, expected = row.digest, row.id + 1
        actors.add(row.actor)
    return Checked(tuple(broken), tuple(sorted(actors)))


def _digest(before: str, row: Mapping[str, Any]) -> str:
    said = json.dumps([before, *(str(row[name]) for name in _FIELDS)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _as_text(values: Mapping[str, Any] | None) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
