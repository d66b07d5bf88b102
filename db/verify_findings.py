"""Whether every finding leads to its words, its unit and its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from db.schema import import_batch, org_unit
from db.schema_findings import finding

Holds = Callable[[str, int | None, int | None, str | None, str | None], bool]


def loose_findings(connection: sa.Connection) -> int:
    """How many findings stand at a unit that is not there or in another area than their unit."""
    placed = sa.and_(org_unit.c.id == finding.c.org_unit_id, org_unit.c.area_id == finding.c.area_id)
    query = sa.select(sa.func.count()).select_from(finding).where(~sa.exists().where(placed))
    return connection.scalar(query) or 0


def misquoted(connection: sa.Connection, file_id: int, holds: Holds) -> Iterator[tuple[int, bool]]:
    """(id, whether its words stand at their places) of every finding of a file whose import stands."""
    query = (
        sa.select(finding)
        .join(import_batch, import_batch.c.id == finding.c.import_id)
        .where(finding.c.source_file_id == file_id, import_batch.c.status == "stored")
    )
    for row in connection.execute(query):
        sound = holds(row.quote, row.start, row.end, row.sheet, row.cell)
        if row.closing_quote is not None:
            sound = sound and holds(row.closing_quote, row.closing_start, row.closing_end, row.sheet, row.closing_cell)
        yield row.id, sound
