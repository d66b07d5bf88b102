"""Inspection findings stand in a table of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("source_file_id", sa.Integer(), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("extent", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("found_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer()),
        sa.Column("end", sa.Integer()),
        sa.Column("sheet", sa.String(length=255)),
        sa.Column("cell", sa.String(length=16)),
        sa.Column("closing_quote", sa.Text()),
        sa.Column("closing_start", sa.Integer()),
        sa.Column("closing_end", sa.Integer()),
        sa.Column("closing_cell", sa.String(length=16)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name=op.f("fk_finding_import_id_import_batch")),
    )
    op.create_index("ix_finding_import_id", "finding", ["import_id"], unique=False)
    op.create_index("ix_finding_source_file_id", "finding", ["source_file_id"], unique=False)
    op.create_index("ix_finding_unit", "finding", ["org_unit_id", "key", "import_id"], unique=False)


def downgrade() -> None:
    op.drop_table("finding")
