"""The table of restatements: a file that says what the store holds already adds no observation, but its word counts."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, evidence, metadata

PROOF = ("locator", "quote", "start", "end", "sentence_start", "sentence_end", "sheet", "cell",
         "numerator_cell", "denominator_cell", "rule", "rule_version", "confidence")  # fmt: skip

restatement = sa.Table(
    "restatement", metadata,
    sa.Column("area_id", sa.Integer, primary_key=True),
    sa.Column("observation_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), primary_key=True),
    sa.Column("source_file_id", sa.Integer, nullable=False),
    *(sa.Column(name, evidence.c[name].type, nullable=evidence.c[name].nullable) for name in PROOF),
    sa.Index("ix_restatement_import_id", "import_id"),
)  # fmt: skip
