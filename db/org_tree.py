"""The tree of units over time: to which parent the numbers of a period belong.

The tree itself is that of today. A unit that moved leaves a row that says which parent it had until which day; a period
counts where the unit stood when the period began, so that sums of former years stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from db.interning import period_rows
from db.schema_org import org_unit_change as changes


class FormerParent(NamedTuple):
    """Until the day (exclusive) the unit stood under that parent."""

    org_unit_id: int
    until: date
    parent_id: int


def former_parents(connection: sa.Connection) -> list[FormerParent]:
    """Every move in force, the earliest first."""
    query = (
        sa.select(changes.c.org_unit_id, changes.c.effective, changes.c.former_parent_id)
        .where(changes.c.former_parent_id.is_not(None), changes.c.withdrawn_at.is_(None))
        .order_by(changes.c.effective, changes.c.id)
    )
    return [FormerParent(*row) for row in connection.execute(query)]


def parents_on(moves: Iterable[FormerParent], day: date | None) -> dict[int, int]:
    """Unit to parent, of the units that stood elsewhere on a day than today (None: today)."""
    found: dict[int, int] = {}
    for one in moves:
        if day is not None and day < one.until:
            found.setdefault(one.org_unit_id, one.parent_id)  # the earliest move after the day tells
    return found


def period_starts(connection: sa.Connection) -> Mapping[int, date | None]:
    """Period id to its first day."""
    return {row.id: row.start_date for row in period_rows(connection)}
