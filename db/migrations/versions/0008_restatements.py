"""What a file says that stands in the store already is noted, so that undoing the first file leaves it standing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restatement",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("source_file_id", sa.Integer(), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer()),
        sa.Column("end", sa.Integer()),
        sa.Column("sentence_start", sa.Integer()),
        sa.Column("sentence_end", sa.Integer()),
        sa.Column("sheet", sa.String(length=255)),
        sa.Column("cell", sa.String(length=16)),
        sa.Column("numerator_cell", sa.String(length=16)),
        sa.Column("denominator_cell", sa.String(length=16)),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("rule_version", sa.String(length=32), nullable=False),
        sa.Column("confidence", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "observation_id", "import_id", name=op.f("pk_restatement")),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name=op.f("fk_restatement_import_id_import_batch")),
    )
    op.create_index("ix_restatement_import_id", "restatement", ["import_id"], unique=False)


def downgrade() -> None:
    op.drop_table("restatement")
