"""The table of inspection findings. Rows are never changed: a later filing of the same problem is a row of its own."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, metadata

finding = sa.Table(
    "finding", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("area_id", sa.Integer, nullable=False),
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), nullable=False, index=True),
    sa.Column("source_file_id", sa.Integer, nullable=False, index=True),
    sa.Column("org_unit_id", sa.Integer, nullable=False),
    sa.Column("key", sa.String(32), nullable=False),  # db.records_findings.Finding.key
    sa.Column("category", sa.String(32), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # open | rectified | unstated
    sa.Column("extent", sa.String(8), nullable=False),  # one | some | most | all
    sa.Column("period", sa.String(32), nullable=False, default=""),
    sa.Column("found_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("closed_on", sa.Date),
    sa.Column("locator", sa.String(200), nullable=False, default=""),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("sheet", sa.String(255)),
    sa.Column("cell", sa.String(16)),
    sa.Column("closing_quote", sa.Text),
    sa.Column("closing_start", sa.Integer),
    sa.Column("closing_end", sa.Integer),
    sa.Column("closing_cell", sa.String(16)),
    sa.Index("ix_finding_unit", "org_unit_id", "key", "import_id"),
)  # fmt: skip
