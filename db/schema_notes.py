"""The table of notes that people pin to a number. A row is written once; taking a note back only fills in by whom and when."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, Stamp, metadata

LONGEST_NOTE = 200

series_note = sa.Table(
    "series_note", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id"), nullable=False),
    sa.Column("indicator", sa.String(64), nullable=False),
    sa.Column("dims", sa.String(200), nullable=False),  # db.records.dims_key
    sa.Column("period", sa.String(32), nullable=False),
    sa.Column("text", sa.String(LONGEST_NOTE), nullable=False),
    sa.Column("written_by", sa.String(100), nullable=False),
    sa.Column("written_at", Stamp, nullable=False),
    sa.Column("withdrawn_by", sa.String(100)),
    sa.Column("withdrawn_at", Stamp),
    sa.Index("ix_series_note_series", "indicator", "org_unit_id"),
)  # fmt: skip
