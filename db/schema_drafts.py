"""Tables of drafts: what waits between file and import, its history, what people confirmed when it was stored, and the
layouts that they have confirmed."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, Stamp, metadata

draft = sa.Table(
    "draft", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("file_name", sa.String(255), nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("resumable", sa.Boolean, nullable=False),  # False: the file lists persons, its bytes are not kept
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False, index=True),  # db.records_drafts.DraftStatus
    sa.Column("choices", sa.JSON, nullable=False),  # db.records_drafts.Choices
    sa.Column("summary", sa.JSON, nullable=False),  # db.records_drafts.DraftSummary
    sa.Column("version", sa.Integer, nullable=False),  # grows with every save: two windows never overwrite each other
    sa.Column("revision", sa.Integer, nullable=False),  # of the store when the summary was worked out
    sa.Column("created_by", sa.String(100), nullable=False),
    sa.Column("created_at", Stamp, nullable=False),
    sa.Column("updated_by", sa.String(100), nullable=False),
    sa.Column("updated_at", Stamp, nullable=False),
    sa.Column("submitted_by", sa.String(100), nullable=False, default=""),
    sa.Column("reason", sa.Text, nullable=False, default=""),  # of the last return
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), index=True),
)  # fmt: skip

# The untouched bytes while the draft lives; once it is stored they stand in source_content.
draft_content = sa.Table(
    "draft_content", metadata,
    sa.Column("draft_id", sa.Integer, sa.ForeignKey("draft.id"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),  # zlib-compressed
)  # fmt: skip

# Append-only.
draft_event = sa.Table(
    "draft_event", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("draft_id", sa.Integer, sa.ForeignKey("draft.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),  # db.records_drafts.DraftEventKind
    sa.Column("done_by", sa.String(100), nullable=False),
    sa.Column("done_at", Stamp, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),
)  # fmt: skip

# Append-only: each issue that a person ticked, as it read, with the import that was stored on the strength of it.
confirmation = sa.Table(
    "confirmation", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), nullable=False, index=True),
    sa.Column("draft_id", sa.Integer, sa.ForeignKey("draft.id"), nullable=False),
    sa.Column("code", sa.String(64), nullable=False),  # of the rule
    sa.Column("sheet", sa.String(255)),
    sa.Column("cell", sa.String(16)),
    sa.Column("locator", sa.String(200), nullable=False, default=""),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("confirmed_by", sa.String(100), nullable=False),
    sa.Column("confirmed_at", Stamp, nullable=False),
)  # fmt: skip

# Append-only: the latest row of a shape counts; one without an override means that it was forgotten.
layout_memory = sa.Table(
    "layout_memory", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(24), nullable=False, index=True),  # db.records_layout.Signature
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("lines", sa.JSON, nullable=False),
    sa.Column("override", sa.JSON(none_as_null=True)),  # db.records_layout.TableOverride
    sa.Column("title", sa.String(200), nullable=False, default=""),
    sa.Column("file_name", sa.String(255), nullable=False, default=""),
    sa.Column("confirmed_by", sa.String(100), nullable=False),
    sa.Column("confirmed_at", Stamp, nullable=False),
)  # fmt: skip
