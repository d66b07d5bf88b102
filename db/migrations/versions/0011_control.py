"""Settings of the bureau, locked periods, tokens of programs that read the data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "period_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("org_unit_id", sa.Integer()),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("locked_by", sa.String(length=100), nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.Column("unlock_reason", sa.String(length=500)),
        sa.Column("unlocked_by", sa.String(length=100)),
        sa.Column("unlocked_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_lock")),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name=op.f("fk_period_lock_org_unit_id_org_unit")),
    )
    op.create_index("ix_period_lock_period", "period_lock", ["period"])
    op.create_index("ix_period_lock_org_unit_id", "period_lock", ["org_unit_id"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("org_unit_id", sa.Integer()),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_by", sa.String(length=100)),
        sa.Column("revoked_at", sa.DateTime()),
        sa.Column("last_used_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name=op.f("fk_api_token_org_unit_id_org_unit")),
    )
    op.create_index("ix_api_token_org_unit_id", "api_token", ["org_unit_id"])


def downgrade() -> None:
    for name in ("api_token", "period_lock", "setting"):
        op.drop_table(name)
