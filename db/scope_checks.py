"""Whether a change stays inside an account's scope. Each check asks a connection of db.scope, which shows no more than
the scope, and raises OutOfScope where something is not there."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from db.engine import StoreError
from db.frames import chunks
from db.observed import units_in
from db.records import Draft
from db.schema import import_batch, observation, org_unit, rejected, source_content
from db.schema_drafts import draft as draft_table
from db.schema_notes import series_note
from db.schema_review import pending_reading, review_decision


class OutOfScope(StoreError):
    """The sentence that a person gets, which names nothing that lies outside."""


_ELSEWHERE = "这项操作涉及您管辖范围以外的单位，没有执行。如确需办理，请联系上级管理员。"


def units_inside(connection: sa.Connection, wanted: Iterable[int]) -> None:
    """Every unit is one of the scope."""
    ids = set(wanted)
    inside = sum(
        len(connection.scalars(sa.select(org_unit.c.id).where(org_unit.c.id.in_(some))).all()) for some in chunks(ids)
    )
    if inside < len(ids):
        raise OutOfScope(_ELSEWHERE)


def draft_inside(connection: sa.Connection, prepared: Draft) -> None:
    """A draft speaks of units of the scope only, and of no unit that it could not name."""
    units_inside(connection, {unit for unit, _ in units_in(prepared.observations) if unit is not None})
    units_inside(connection, {each.org_unit_id for each in prepared.findings if each.org_unit_id is not None})
    strangers = sorted({unit.name for unit in prepared.proposed_units})
    if strangers:
        named = "、".join(strangers[:5]) + ("等" if len(strangers) > 5 else "")
        raise OutOfScope(
            f"表中有 {len(strangers)} 个单位不在您的管辖范围内，或没有认出：{named}，没有入库。"
            "请到“单位”一步认定是哪个单位，或删去这些行，也可请上级单位上报。"
        )


def import_inside(connection: sa.Connection, import_id: int) -> None:
    """An import says nothing of units outside."""
    _some(connection, sa.select(import_batch.c.id).where(import_batch.c.id == import_id))
    if connection.scalar(sa.text("SELECT id FROM scope_whole WHERE id = :id"), {"id": import_id}) is None:
        raise OutOfScope(_ELSEWHERE)


def observation_inside(connection: sa.Connection, observation_id: int) -> None:
    """An observation is of a unit of the scope."""
    _some(connection, sa.select(observation.c.id).where(observation.c.id == observation_id))


def file_inside(connection: sa.Connection, source_file_id: int) -> None:
    """A file says nothing of units outside, as far as it has been read."""
    _some(
        connection, sa.select(source_content.c.source_file_id).where(source_content.c.source_file_id == source_file_id)
    )


def reading_inside(connection: sa.Connection, number: int) -> None:
    """A waiting reading is of a unit of the scope."""
    _some(connection, sa.select(pending_reading.c.id).where(pending_reading.c.id == number))


def rejected_inside(connection: sa.Connection, number: int) -> None:
    """A number that was not taken stands in a file of the scope."""
    _some(connection, sa.select(rejected.c.id).where(rejected.c.id == number))


def decision_inside(connection: sa.Connection, number: int) -> None:
    """A decision is about a file of the scope."""
    _some(connection, sa.select(review_decision.c.id).where(review_decision.c.id == number))


def note_inside(connection: sa.Connection, note_id: int) -> None:
    """A note is pinned to a number of a unit of the scope."""
    _some(connection, sa.select(series_note.c.id).where(series_note.c.id == note_id))


def draft_owned(connection: sa.Connection, draft_id: int) -> None:
    """A draft was made by an account of the scope."""
    _some(connection, sa.select(draft_table.c.id).where(draft_table.c.id == draft_id))


def _some(connection: sa.Connection, asked: sa.Select[tuple[int]]) -> None:
    if connection.scalar(asked.limit(1)) is None:
        raise OutOfScope(_ELSEWHERE)
