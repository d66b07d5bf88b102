"""Layouts that people have confirmed are remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "layout_memory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("override", sa.JSON(none_as_null=True)),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("confirmed_by", sa.String(length=100), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout_memory")),
    )
    op.create_index("ix_layout_memory_digest", "layout_memory", ["digest"], unique=False)


def downgrade() -> None:
    op.drop_table("layout_memory")
