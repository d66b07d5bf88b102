"""Where sources tell another value than the one that stands: kept in a table by the transaction that changes facts.

A source is compared with the value that stands for its cell when nobody rules (a sheet before a report, the sum of
the parts before the unit's own statement). What a source said stays said after a later document of another name
replaced it; a corrected version of the same document takes its predecessor back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from db.agreement import contradicts, printed_decimals
from db.bulk import insert_many
from db.discrepancy_causes import with_causes
from db.engine import moment
from db.records import SourceKind
from db.schema import evidence, import_batch, indicator, observation, period, rollup
from db.schema_claims import discrepancy
from db.statements import CELL, in_scope, statements, still_said

_COUNTED = frozenset({"person", "dose", "school", "visit", "finding", "canteen", "event", "case", "class"})
_SHARES = {"percent": 100, "permille": 1000, "per_100k": 100_000}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `discrepancy`; `decimals` and `denominator` are only needed on the way to it."""

    area_id: int
    told_observation_id: int
    indicator_id: int
    period_id: int
    dim_set_id: int
    org_unit_id: int
    told_value: float
    standing_value: float
    standing_observation_id: int | None
    size: float
    affected: float | None
    cause: str
    cause_detail: str
    decimals: int = 0


STORED = tuple(field.name for field in fields(Row))[:-1]


def refresh(connection: sa.Connection, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> None:
    """Writes the discrepancies of some areas, one period and some indicators anew, from facts and rollups."""
    here = (
        discrepancy.c.area_id.in_(areas),
        discrepancy.c.period_id == period_id,
        discrepancy.c.indicator_id.in_(indicators),
    )
    columns = (discrepancy.c.area_id, discrepancy.c.told_observation_id, discrepancy.c.told_value,
               discrepancy.c.standing_value, discrepancy.c.opened_at)  # fmt: skip
    before = {tuple(row[:4]): row[4] for row in connection.execute(sa.select(*columns).where(*here))}
    found = compute(connection, areas, period_id, indicators)
    if not before and not found:
        return
    connection.execute(sa.delete(discrepancy).where(*here))
    now = moment()
    rows = []
    for row in sorted(found, key=lambda one: (one.area_id, one.told_observation_id)):
        known = (row.area_id, row.told_observation_id, row.told_value, row.standing_value)
        rows.append((*(getattr(row, name) for name in STORED), before.get(known, now)))
    insert_many(connection, discrepancy, (*STORED, "opened_at"), rows)


def compute(connection: sa.Connection, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> list[Row]:
    """The discrepancies as they should be, without writing."""
    if connection.scalar(sa.select(period.c.code).where(period.c.id == period_id)) == "":
        return []  # values of an unknown time need not be about the same time
    scope = (areas, period_id, indicators)
    rows: dict[tuple[int, int], Row] = {}
    for told in (*_beside_sums(connection, *scope), *_other_sources(connection, *scope)):
        row = _row(told)
        if row is not None and (told.own_dims or (row.area_id, row.told_observation_id) not in rows):
            rows[row.area_id, row.told_observation_id] = row
    return with_causes(connection, list(rows.values())) if rows else []


_STANDING = sa.func.coalesce(rollup.c.displaced_value, rollup.c.value)
_RULED = rollup.c.displaced_value.is_not(None)
_STANDING_ID = sa.case((_RULED, rollup.c.displaced_observation_id), else_=rollup.c.observation_id)
_STANDING_BASE = sa.case((_RULED, rollup.c.displaced_denominator), else_=rollup.c.denominator)


def _told_columns(told: Any) -> tuple[Any, ...]:
    return (
        *(rollup.c[name] for name in CELL),
        told.c.id.label("told_id"), told.c.value.label("told_value"), told.c.value_high, told.c.qualifier,
        told.c.unit, told.c.denominator.label("told_base"), evidence.c.quote,
        _STANDING.label("standing"), _STANDING_ID.label("standing_id"), _STANDING_BASE.label("standing_base"),
        indicator.c.code, (told.c.dim_set_id == rollup.c.dim_set_id).label("own_dims"),
    )  # fmt: skip


def _joined(told: Any, condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    proof = sa.and_(evidence.c.area_id == told.c.area_id, evidence.c.observation_id == told.c.id)
    return (
        sa.select(*_told_columns(told))
        .join_from(told, rollup, condition)
        .join(evidence, proof)
        .join(indicator, rollup.c.indicator_id == indicator.c.id)
        .where(told.c.value.is_not(None), _STANDING.is_not(None))
    )


def _beside_sums(
    connection: sa.Connection, areas: Sequence[int], period_id: int, indicators: Sequence[int]
) -> Sequence[Any]:
    """What a unit states itself where its value is summed from its parts or computed from counts."""
    told = observation
    place = sa.and_(told.c.area_id == rollup.c.area_id, told.c.id == rollup.c.stated_observation_id)
    query = _joined(told, place).where(*in_scope(rollup, areas, period_id, indicators))
    return connection.execute(query.where(rollup.c.stated_observation_id.is_not(None))).all()


def _other_sources(
    connection: sa.Connection, areas: Sequence[int], period_id: int, indicators: Sequence[int]
) -> list[Any]:
    """What reports, former documents and second mentions say of a cell in which another source stands."""
    told = observation
    place = sa.and_(*(told.c[name] == rollup.c[name] for name in CELL))
    scope = in_scope(told, areas, period_id, indicators)
    current = sa.and_(
        told.c.valid_to.is_(None), sa.or_(told.c.source_kind == SourceKind.REPORT.value, told.c.ordinal > 0)
    )
    rows: list[Any] = []
    for kind in (current, told.c.valid_to.is_not(None)):
        query = (
            _joined(told, place)
            .join(import_batch, told.c.import_id == import_batch.c.id)
            .where(*scope, kind, import_batch.c.status == "stored")
            .where(sa.or_(_STANDING_ID.is_(None), told.c.id != _STANDING_ID))
            .where(sa.or_(rollup.c.stated_observation_id.is_(None), told.c.id != rollup.c.stated_observation_id))
        )
        found = connection.execute(query).all()
        if kind is not current:
            said = statements(connection, found, areas, period_id, indicators)
            found = [row for row in found if still_said(said[tuple(row[:5])], row.told_id)]
        rows += found
    return rows


def _row(told: Any) -> Row | None:
    """The discrepancy of one statement, or None when both may be right."""
    decimals = printed_decimals(told.quote, told.told_value)
    if not contradicts(told.standing, told.told_value, told.qualifier, told.value_high, decimals):
        return None
    size = told.told_value - told.standing
    base = told.standing_base if told.standing_base is not None else told.told_base
    affected = abs(size) * base / _SHARES[told.unit] if base and told.unit in _SHARES else None
    if told.unit in _COUNTED:
        affected = abs(size)
    return Row(
        told.area_id, told.told_id, told.indicator_id, told.period_id, told.dim_set_id, told.org_unit_id,
        told.told_value, told.standing, told.standing_id, size, affected, "", "", decimals,
    )  # fmt: skip
