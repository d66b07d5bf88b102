"""Which decisions on a file are in force: the last one on each number, unless it took the one before back."""

from __future__ import annotations

import sqlalchemy as sa

from db.records import OrgStatus
from db.records_review import Choice, Decision, decision_from
from db.schema import org_unit, source_file
from db.schema_review import review_decision


def in_force() -> sa.ColumnElement[bool]:
    """Whether a row of `review_decision` is in force."""
    later = review_decision.alias("later")
    same = sa.and_(*(later.c[name] == review_decision.c[name] for name in ("source_file_id", "place", "subject")))
    overruled = sa.exists().where(same, later.c.id > review_decision.c.id).correlate(review_decision)
    return sa.and_(review_decision.c.choice != Choice.REVOKE.value, ~overruled)


def decisions_in_force(connection: sa.Connection, sha256: str) -> list[Decision]:
    """The decisions in force on the file with these bytes, oldest first."""
    rows = connection.execute(
        sa.select(review_decision)
        .join_from(review_decision, source_file, review_decision.c.source_file_id == source_file.c.id)
        .where(source_file.c.sha256 == sha256, in_force())
        .order_by(review_decision.c.id)
    )
    return [decision_from(row) for row in rows]


def outside_units(connection: sa.Connection) -> frozenset[int]:
    """Ids of the units that stand outside the tree: proposed or unnamed."""
    outside = org_unit.c.status.in_([OrgStatus.PROPOSED.value, OrgStatus.UNNAMED.value])
    return frozenset(connection.scalars(sa.select(org_unit.c.id).where(outside)))
