"""Tables of what the bureau itself rules: settings, locked periods, tokens of programs that read the data."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import Stamp, metadata

# What an administrator changed on the settings page; what has no row here is as the environment or the catalogue says.
setting = sa.Table(
    "setting", metadata,
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),  # JSON
    sa.Column("changed_by", sa.String(100), nullable=False),
    sa.Column("changed_at", Stamp, nullable=False),
)  # fmt: skip

# A period whose numbers are approved and stand; rows are never removed. NULL for the unit: the whole store.
period_lock = sa.Table(
    "period_lock", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("period", sa.String(32), nullable=False, index=True),  # a code of db.periods; holds for all within it
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id"), index=True),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("locked_by", sa.String(100), nullable=False),
    sa.Column("locked_at", Stamp, nullable=False),
    sa.Column("unlock_reason", sa.String(500)),
    sa.Column("unlocked_by", sa.String(100)),
    sa.Column("unlocked_at", Stamp),
)  # fmt: skip

api_token = sa.Table(
    "api_token", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),  # SHA-256; the token is shown once
    sa.Column("name", sa.String(100), nullable=False),  # what it is for
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id"), index=True),  # top of what it may read; NULL: all
    sa.Column("created_by", sa.String(100), nullable=False),
    sa.Column("created_at", Stamp, nullable=False),
    sa.Column("expires_at", Stamp, nullable=False),
    sa.Column("revoked_by", sa.String(100)),
    sa.Column("revoked_at", Stamp),
    sa.Column("last_used_at", Stamp),
)  # fmt: skip
