"""Inspection findings for pages: what stands now, by unit, kind and state."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from db.frames import DATE, INT, NULLABLE_INT, TEXT, fetch
from db.schema import import_batch, org_unit, source_file
from db.schema_findings import finding

_FINDING = {
    "finding_id": INT, "org_unit_id": INT, "org_unit_name": TEXT, "path": TEXT, "category": TEXT, "text": TEXT, "state": TEXT,
    "extent": TEXT, "period": TEXT, "found_on": DATE, "due_on": DATE, "closed_on": DATE, "source_file_id": INT,
    "file_name": TEXT, "locator": TEXT, "quote": TEXT, "start": NULLABLE_INT, "end": NULLABLE_INT, "sheet": TEXT, "cell": TEXT,
    "closing_quote": TEXT, "closing_start": NULLABLE_INT, "closing_end": NULLABLE_INT,
}  # fmt: skip


def _standing() -> sa.Subquery:
    """The last filing of each problem of a unit; filings of undone imports count for nothing."""
    order = sa.func.row_number().over(
        partition_by=(finding.c.org_unit_id, finding.c.key), order_by=(finding.c.import_id.desc(), finding.c.id)
    )
    return (
        sa.select(finding, order.label("nth"))
        .join(import_batch, import_batch.c.id == finding.c.import_id)
        .where(import_batch.c.status == "stored")
        .subquery("standing")
    )


def findings(
    connection: sa.Connection,
    root_id: int | None = None,
    source_file_id: int | None = None,
    finding_id: int | None = None,
) -> pd.DataFrame:
    """The findings that stand, newest first: of a unit and all below it, of a file, or one by its id.

    `state` is open, rectified or unstated; `start`/`end` are offsets in the document's text, else `sheet` and `cell`.
    """
    held = _standing()
    order = (held.c.found_on.desc().nulls_last(), held.c.import_id.desc(), held.c.id)
    query = (
        sa.select(
            held.c.id, held.c.org_unit_id, org_unit.c.name, org_unit.c.path, held.c.category, held.c.text, held.c.state,
            held.c.extent, held.c.period, held.c.found_on, held.c.due_on, held.c.closed_on, held.c.source_file_id,
            source_file.c.name, held.c.locator, held.c.quote, held.c.start, held.c.end, held.c.sheet, held.c.cell,
            held.c.closing_quote, held.c.closing_start, held.c.closing_end,
        )
        .join_from(held, org_unit, org_unit.c.id == held.c.org_unit_id)
        .join(source_file, source_file.c.id == held.c.source_file_id)
        .where(held.c.nth == 1)
        .order_by(*order)
    )  # fmt: skip
    if root_id is not None:
        path = sa.select(org_unit.c.path).where(org_unit.c.id == root_id).scalar_subquery()
        query = query.where(org_unit.c.path.like(path + "%"))
    if source_file_id is not None:
        query = query.where(held.c.source_file_id == source_file_id)
    if finding_id is not None:
        query = query.where(held.c.id == finding_id)
    return fetch(connection, query, _FINDING)
