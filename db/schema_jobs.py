"""Imports that are carried out beside the pages: who asked for what, which worker has it, how far it is."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import Stamp, metadata

job = sa.Table(
    "job", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # db.records_jobs.JobKind
    sa.Column("draft_id", sa.Integer, sa.ForeignKey("draft.id"), nullable=False, index=True),
    sa.Column("draft_version", sa.Integer, nullable=False),  # the draft that the person saw
    sa.Column("seen", sa.String(64), nullable=False),  # digest of the difference that the person saw
    sa.Column("account", sa.String(100), nullable=False),
    sa.Column("address", sa.String(64), nullable=False, default=""),  # where the person sat, for the log
    sa.Column("status", sa.String(16), nullable=False, index=True),  # db.records_jobs.JobStatus
    sa.Column("step", sa.String(16), nullable=False, default=""),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("worker", sa.String(100), nullable=False, default=""),  # host:pid:random
    sa.Column("beat_at", Stamp),
    sa.Column("cancel_asked", sa.Boolean, nullable=False, default=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),  # why it ended without being stored
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), index=True),
    sa.Column("created_at", Stamp, nullable=False),
    sa.Column("started_at", Stamp),
    sa.Column("finished_at", Stamp),
)  # fmt: skip
