"""Tables of accounts: who may come in, with which role and for which part of the tree, and the log of what was done."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, Stamp, metadata

account = sa.Table(
    "account", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),  # as typed at sign-in, folded to lower case
    sa.Column("display_name", sa.String(100), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),  # db.records_accounts.Role
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id")),  # top of what it may see; NULL: everything
    sa.Column("password_hash", sa.String(200), nullable=False),  # argon2id, with its own salt and costs
    sa.Column("one_time", sa.Boolean, nullable=False),  # the password was given by another and must be changed
    sa.Column("demonstration", sa.Boolean, nullable=False),  # of the sample store, shown on the sign-in page
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created_by", sa.String(100), nullable=False),
    sa.Column("created_at", Stamp, nullable=False),
    sa.Column("password_at", Stamp, nullable=False),
)  # fmt: skip

sign_in_session = sa.Table(
    "sign_in_session", metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),  # SHA-256; the token itself is only in the browser
    sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("created_at", Stamp, nullable=False),
    sa.Column("seen_at", Stamp, nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False),
)  # fmt: skip

# Failures only; rows older than the window are removed when the next one is written.
sign_in_failure = sa.Table(
    "sign_in_failure", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("failed_at", Stamp, nullable=False, index=True),
    sa.Index("ix_sign_in_failure_pair", "address", "name"),
)  # fmt: skip

# Append-only. Each row's digest is made over its content and the digest of the row before it.
audit_event = sa.Table(
    "audit_event", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("at", Stamp, nullable=False, index=True),
    sa.Column("actor", sa.String(100), nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),  # db.records_accounts.Action
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("before", sa.Text, nullable=False),  # JSON, "" where nothing stood before
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)  # fmt: skip
