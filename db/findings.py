"""Inspection findings enter the store with their import; they leave it when that import is undone."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from db.blocks import fit, storable
from db.engine import StoreError
from db.matching import Ids
from db.records_findings import Finding
from db.schema_findings import finding


def add_findings(
    connection: sa.Connection, findings: Sequence[Finding], ids: Ids, file_id: int, import_id: int
) -> None:
    """Writes the findings of a draft. Raises StoreError when one names a unit that the store does not have."""
    rows = []
    for one in findings:
        unit = (ids.proposed.get(one.proposed_key, 0) if one.proposed_key is not None else one.org_unit_id) or 0
        if unit not in ids.areas:
            raise StoreError(f"问题所属的机构(编号 {one.org_unit_id or one.proposed_key})不在库中,请重新上传该文件。")
        proof, closing = one.evidence, one.closing
        rows.append({
            "area_id": ids.areas[unit], "import_id": import_id, "source_file_id": file_id, "org_unit_id": unit,
            "key": one.key, "category": one.category, "text": storable(one.text), "state": str(one.state),
            "extent": str(one.extent), "period": one.period or "", "found_on": one.found_on, "due_on": one.due_on,
            "closed_on": one.closed_on, "locator": fit(finding.c.locator, proof.locator), "quote": storable(proof.quote),
            "start": proof.start, "end": proof.end, "sheet": proof.sheet, "cell": proof.cell,
            "closing_quote": None if closing is None else storable(closing.quote),
            "closing_start": closing.start if closing else None, "closing_end": closing.end if closing else None,
            "closing_cell": closing.cell if closing else None,
        })  # fmt: skip
    if rows:
        connection.execute(sa.insert(finding), rows)
