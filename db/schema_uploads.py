"""What each account handed in lately: only to hold it to its quota. Rows older than a week are removed."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, Stamp, metadata

upload = sa.Table(
    "upload", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("account", sa.String(100), nullable=False),
    sa.Column("at", Stamp, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Index("ix_upload_account_at", "account", "at"),
)  # fmt: skip
