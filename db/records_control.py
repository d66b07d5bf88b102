"""What the bureau itself rules, as plain data: locked periods and tokens of programs. Times are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PeriodLock:
    """A period (a code of db.periods) whose numbers stand, of a unit and all below it or, without one, of everyone."""

    id: int
    period: str
    org_unit_id: int | None
    path: str  # of the unit, "" for everyone
    reason: str
    locked_by: str
    locked_at: datetime
    unlock_reason: str | None = None
    unlocked_by: str | None = None
    unlocked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's right to read. `scope` is the path of the top unit, "" for everything."""

    id: int
    name: str
    org_unit_id: int | None
    scope: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
