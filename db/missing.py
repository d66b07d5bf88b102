"""Who reported last time and is absent from a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from db.frames import chunks
from db.matching import Matches
from db.observed import distinct
from db.periods import Period, parse_period
from db.records import Draft, OrgStatus, SourceKind
from db.schema import observation, org_unit, period


def absent_units(connection: sa.Connection, draft: Draft, stated: Matches) -> tuple[str, ...]:
    """Names of units of the draft's areas and kinds that have current values of its indicators in the latest
    earlier period of the same kind, and none in the draft. Sheets only: a report lists nobody."""
    areas, indicators, here = stated.cells()
    told = sorted({when for _, when, _ in distinct(draft.observations) if when})
    first = min(map(parse_period, told), key=_start, default=None)
    if draft.source_kind is not SourceKind.SHEET or not areas or first is None:
        return ()
    conditions = [
        observation.c.area_id.in_(areas),
        observation.c.indicator_id.in_(indicators),
        observation.c.valid_to.is_(None),
    ]
    before = _period_before(connection, first, conditions)
    if before is None:
        return ()
    kinds = {kind for some in chunks(here) for kind in connection.scalars(_KINDS, {"units": some})}
    names = (
        sa.select(org_unit.c.id, org_unit.c.name)
        .join_from(observation, org_unit, observation.c.org_unit_id == org_unit.c.id)
        .where(*conditions, observation.c.period_id == before, org_unit.c.status == OrgStatus.ACTIVE.value)
        .where(org_unit.c.kind.in_(kinds))
        .distinct()
        .order_by(org_unit.c.id)
    )
    return tuple(name for unit_id, name in connection.execute(names) if unit_id not in here)


_KINDS = sa.select(org_unit.c.kind).where(org_unit.c.id.in_(sa.bindparam("units", expanding=True))).distinct()


def _start(known: Period) -> date:
    return known.start


def _period_before(
    connection: sa.Connection, first: Period, conditions: Sequence[sa.ColumnElement[bool]]
) -> int | None:
    """The latest earlier period of the same kind that has such values."""
    found: int | None = connection.scalar(
        sa.select(period.c.id)
        .join_from(period, observation, observation.c.period_id == period.c.id)
        .where(*conditions, period.c.kind == first.kind, period.c.end_date < first.start)
        .order_by(period.c.end_date.desc())
        .limit(1)
    )
    return found
