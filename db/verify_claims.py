"""Checks of claims, discrepancies and rulings."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from db.blocks import stored_reading
from db.discrepancies import STORED, Row, compute
from db.schema import import_batch, indicator, observation, period, rollup, source_file
from db.schema_claims import claim, discrepancy, ruling

_AT_ONCE = 2000  # areas in one read


def claim_faults(connection: sa.Connection) -> tuple[int, list[str]]:
    """How many claims were looked at, and those whose words do not stand at their place in the document."""
    query = (
        sa.select(claim.c.id, claim.c.quote, claim.c.start, claim.c.end, claim.c.sentence_start, claim.c.sentence_end,
                  import_batch.c.source_file_id, source_file.c.name)
        .join_from(claim, import_batch, claim.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .where(import_batch.c.status == "stored")
        .order_by(import_batch.c.source_file_id)
    )  # fmt: skip
    faults, checked, text, file_id = [], 0, "", None
    for row in connection.execute(query).all():
        if row.source_file_id != file_id:
            file_id, text = row.source_file_id, stored_reading(connection, row.source_file_id).text
        checked += 1
        inside = row.sentence_start <= row.start <= row.end <= row.sentence_end <= len(text)
        if not inside or text[row.start : row.end] != row.quote:
            faults.append(f"比较 {row.id}:文件「{row.name}」的第 {row.start} 字处不是「{row.quote}」。")
    return checked, faults


def discrepancy_faults(connection: sa.Connection) -> tuple[int, list[str]]:
    """How many discrepancies there are or should be, and those that differ from what the facts say."""
    stored = {(row.area_id, row.told_observation_id): row for row in connection.execute(sa.select(discrepancy))}
    wanted = {(row.area_id, row.told_observation_id): row for row in _wanted(connection)}
    faults = [
        f"观测值 {key[1]} 的分歧:{_state(stored.get(key))},按事实应{_state(wanted.get(key))}。"
        for key in sorted(stored.keys() | wanted.keys())
        if not _same(stored.get(key), wanted.get(key))
    ]
    return len(stored.keys() | wanted.keys()), faults


def ruling_faults(connection: sa.Connection) -> tuple[int, list[str]]:
    """How many rulings there are, and those that speak of an observation that is not there."""
    twin = ruling.alias()  # Citus asks no other table row by row from one that stands on every node
    told = sa.and_(observation.c.area_id == twin.c.area_id, observation.c.id == twin.c.told_observation_id)
    held = sa.select(twin.c.id).join_from(twin, observation, told)
    loose = connection.scalars(sa.select(ruling.c.id).where(ruling.c.id.not_in(held))).all()
    checked = connection.scalar(sa.select(sa.func.count()).select_from(ruling)) or 0
    return checked, [f"认定 {number} 所说的观测值不存在。" for number in loose]


def _wanted(connection: sa.Connection) -> Iterable[Row]:
    """The discrepancies that follow from facts and rollups, period by period."""
    indicators = list(connection.scalars(sa.select(indicator.c.id)))
    for period_id in connection.scalars(sa.select(period.c.id).order_by(period.c.id)).all():
        areas = list(connection.scalars(sa.select(rollup.c.area_id).where(rollup.c.period_id == period_id).distinct()))
        for start in range(0, len(areas), _AT_ONCE):
            yield from compute(connection, areas[start : start + _AT_ONCE], period_id, indicators)


def _state(row: Any) -> str:
    return "没有" if row is None else f"为 {row.told_value:g} 对 {row.standing_value:g}"


def _same(have: Any, want: Row | None) -> bool:
    if have is None or want is None:
        return False
    for name in STORED:
        one, other = getattr(have, name), getattr(want, name)
        if isinstance(one, float) and isinstance(other, float):
            if not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
                return False
        elif one != other:
            return False
    return True
