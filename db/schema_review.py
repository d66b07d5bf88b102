"""Tables of the review: readings that wait, decisions (append-only), and what a decision did to observations."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, Stamp, metadata

pending_reading = sa.Table(
    "pending_reading", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), nullable=False, index=True),
    sa.Column("doubts", sa.String(80), nullable=False),  # db.records_review.Doubt, the gravest first, by comma
    sa.Column("entity", sa.String(200), nullable=False, default=""),  # the name as printed
    sa.Column("said", sa.JSON, nullable=False),  # db.records_review.Statement
    sa.Column("indicator", sa.String(64), nullable=False),
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id"), index=True),  # NULL: several units answer
    sa.Column("confidence", sa.Float(53), nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),  # db.records.Evidence
    sa.Column("decision_id", BigId, index=True),  # the decision that settled it; NULL while it waits
)  # fmt: skip

# Nothing here is changed: another decision on the same number, or its revocation, is a new row.
review_decision = sa.Table(
    "review_decision", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_file_id", sa.Integer, sa.ForeignKey("source_file.id"), nullable=False),
    sa.Column("place", sa.String(300), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False, default=""),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("context", sa.String(200), nullable=False, default=""),
    sa.Column("choice", sa.String(16), nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("before", sa.JSON(none_as_null=True)),  # what the program read; NULL for a number it had not taken
    sa.Column("after", sa.JSON(none_as_null=True)),  # what holds instead; NULL when rejected or revoked
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("reason", sa.String(32), nullable=False, default=""),
    sa.Column("alias", sa.String(200), nullable=False, default=""),  # the spelling that this decision taught
    sa.Column("observation_id", BigId),  # the stored observation that it is about
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id")),  # the change of the store it made, if any
    sa.Column("decided_by", sa.String(100), nullable=False, default=""),
    sa.Column("decided_at", Stamp, nullable=False),
    sa.Index("ix_review_decision_key", "source_file_id", "place", "subject"),
)  # fmt: skip

review_effect = sa.Table(
    "review_effect", metadata,
    sa.Column("area_id", sa.Integer, primary_key=True),
    sa.Column("observation_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("decision_id", BigId, primary_key=True, autoincrement=False, index=True),
    sa.Column("role", sa.String(12), nullable=False),  # added | about (the value in question) | displaced (of its cell)
)  # fmt: skip
