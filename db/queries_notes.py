"""Notes for pages."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from db.frames import DATE, INT, TEXT, fetch
from db.schema_notes import series_note

NOTE = {
    "note_id": INT, "org_unit_id": INT, "indicator": TEXT, "dims": TEXT, "period": TEXT, "text": TEXT,
    "written_by": TEXT, "written_at": DATE, "withdrawn_by": TEXT, "withdrawn_at": DATE,
}  # fmt: skip


def notes(
    connection: sa.Connection, *, indicator: str, dims: str | None = None, org_unit_ids: Sequence[int] | None = None
) -> pd.DataFrame:
    """The notes on an indicator, in the order in which they were written, those taken back among them (`withdrawn_at`
    is filled in)."""
    columns = [series_note.c["id" if name == "note_id" else name] for name in NOTE]
    query = sa.select(*columns).where(series_note.c.indicator == indicator).order_by(series_note.c.id)
    if dims is not None:
        query = query.where(series_note.c.dims == dims)
    if org_unit_ids is not None:
        query = query.where(series_note.c.org_unit_id.in_(sorted(set(org_unit_ids))))
    return fetch(connection, query, NOTE)
