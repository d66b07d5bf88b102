"""What people confirmed when files were stored: by import, file, rule or person."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from db.frames import DATE, INT, TEXT, fetch
from db.schema import import_batch, source_file
from db.schema_drafts import confirmation

_CONFIRMATION = {
    "import_id": INT, "source_file_id": INT, "file_name": TEXT, "status": TEXT, "code": TEXT, "sheet": TEXT, "cell": TEXT,
    "locator": TEXT, "sentence": TEXT, "reason": TEXT, "confirmed_by": TEXT, "confirmed_at": DATE,
}  # fmt: skip


def confirmations(
    connection: sa.Connection,
    *,
    import_id: int | None = None,
    source_file_id: int | None = None,
    code: str | None = None,
    confirmed_by: str | None = None,
) -> pd.DataFrame:
    """Every issue that a person ticked, as it read then, the newest first; `status` is that of its import (stored,
    undone). A tick outlives the undoing of its import."""
    of_import = {"import_id": import_batch.c.id, "source_file_id": import_batch.c.source_file_id,
                 "file_name": source_file.c.name, "status": import_batch.c.status}  # fmt: skip
    columns = [of_import[name] if name in of_import else confirmation.c[name] for name in _CONFIRMATION]
    query = (
        sa.select(*columns)
        .join_from(confirmation, import_batch, confirmation.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .order_by(confirmation.c.import_id.desc(), confirmation.c.id)
    )
    asked = ((confirmation.c.import_id, import_id), (import_batch.c.source_file_id, source_file_id),
             (confirmation.c.code, code), (confirmation.c.confirmed_by, confirmed_by))  # fmt: skip
    for column, value in asked:
        query = query if value is None else query.where(column == value)
    return fetch(connection, query, _CONFIRMATION)
