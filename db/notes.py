"""Notes pinned to a number: written, taken back, never changed."""

from __future__ import annotations

import sqlalchemy as sa

from db import audit
from db.blocks import fit, storable
from db.engine import StoreError, moment, write
from db.org import bump_revision
from db.records_accounts import Action
from db.schema import org_unit
from db.schema_notes import LONGEST_NOTE, series_note


def pin(engine: sa.Engine, org_unit_id: int, indicator: str, dims: str, period: str, text: str, user: str) -> int:
    """Pins a note to a unit's number of an indicator, dims key and period; returns its id. Raises StoreError when it is
    empty or too long, or when the unit is gone."""
    said = " ".join(text.split())
    if not said:
        raise StoreError("请先写批注的内容,再保存。")
    if len(said) > LONGEST_NOTE:
        raise StoreError(f"批注有 {len(said)} 个字,请缩短到 {LONGEST_NOTE} 字以内。")
    if not period:
        raise StoreError("时间不明的数不能加批注,请先在复核页补上时间。")
    with write(engine) as connection:
        if connection.scalar(sa.select(org_unit.c.id).where(org_unit.c.id == org_unit_id)) is None:
            raise StoreError("批注所指的单位已不在库中,请刷新页面后再看。")
        values = {
            "org_unit_id": org_unit_id, "indicator": indicator, "dims": dims, "period": period, "text": storable(said),
            "written_by": fit(series_note.c.written_by, user), "written_at": moment(),
        }  # fmt: skip
        number = connection.scalar(sa.insert(series_note).values(**values).returning(series_note.c.id))
        after = {"indicator": indicator, "period": period, "text": said}
        audit.record(connection, Action.NOTE, user, subject=f"unit {org_unit_id}", after=after)
        bump_revision(connection)
    return int(number or 0)


def withdraw(engine: sa.Engine, note_id: int, user: str) -> None:
    """Takes a note back; it stays in the store. Raises StoreError when it is gone or was taken back before."""
    with write(engine) as connection:
        done = connection.execute(
            sa.update(series_note)
            .where(series_note.c.id == note_id, series_note.c.withdrawn_at.is_(None))
            .values(withdrawn_by=fit(series_note.c.withdrawn_by, user), withdrawn_at=moment())
        )
        if not done.rowcount:
            raise StoreError("这条批注已撤回或不存在,请刷新页面后再看。")
        audit.record(connection, Action.NOTE_WITHDRAWN, user, subject=f"note {note_id}")
        bump_revision(connection)
