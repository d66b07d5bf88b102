"""Which rulings count: the latest about an observation, as long as its document is in the store and still says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.fold import Fact, Ruled
from db.records_claims import Verdict
from db.schema import import_batch, observation
from db.schema_claims import ruling
from db.statements import CELL, Statement, in_scope, not_undone, stands, statements, still_said

_FACT = ("id", "source_kind", "value", "numerator", "denominator", "qualifier", "obs_status")


def latest(*conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """The latest ruling about each observation (its area and number, and the ruling's id)."""
    return (
        sa.select(ruling.c.area_id, ruling.c.told_observation_id, sa.func.max(ruling.c.id).label("id"))
        .where(*conditions)
        .group_by(ruling.c.area_id, ruling.c.told_observation_id)
        .subquery()
    )


def ruled_facts(
    connection: sa.Connection,
    areas: Sequence[int],
    period_id: int,
    indicators: Sequence[int],
    at: datetime | None = None,
) -> dict[tuple[int, int, int, int], Ruled]:
    """The facts ruled to hold, by area, org unit, indicator and set of dims of the cell they were ruled to hold in;
    `at` a moment, if one is given. Whether they still apply is told by the value they were ruled against."""
    until = () if at is None else (ruling.c.ruled_at <= at,)
    here = in_scope(ruling, areas, period_id, indicators)
    last = latest(*here, *until)
    told = sa.and_(observation.c.area_id == ruling.c.area_id, observation.c.id == ruling.c.told_observation_id)
    query: sa.Select[Any] = (
        sa.select(
            *(observation.c[name] for name in CELL), observation.c.id.label("told_id"), observation.c.valid_to,
            ruling.c.dim_set_id.label("ruled_dims"), ruling.c.standing_value,
            *(observation.c[name] for name in _FACT),
        )
        .join_from(ruling, last, ruling.c.id == last.c.id)
        .join(observation, told)
        .join(import_batch, observation.c.import_id == import_batch.c.id)
        .where(ruling.c.verdict == Verdict.TOLD.value, not_undone(at))
        .order_by(ruling.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    asked = [row for row in rows if at is not None or row.valid_to is not None]
    said = statements(connection, asked, areas, period_id, indicators, at)
    return {
        (row.area_id, row.org_unit_id, row.indicator_id, row.ruled_dims): Ruled(Fact(*row[9:]), row.standing_value)
        for row in rows
        if (at is None and row.valid_to is None) or _counts(said[tuple(row[:5])], row.told_id)
    }


def _counts(held: Sequence[Statement], number: int) -> bool:
    return stands(held, number) or still_said(held, number)
