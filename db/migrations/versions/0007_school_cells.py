"""Cells of schools that follow from their facts have no rows any more; how many units have values is counted beside.

`db.migrations.upgrade` computes the rollups anew, because what is derived from the facts has another name now.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cell_count",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("dim_set_id", sa.Integer(), nullable=False),
        sa.Column("n_schools", sa.Integer(), nullable=False),
        sa.Column("n_others", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "indicator_id", "period_id", "dim_set_id", name=op.f("pk_cell_count")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("cell_count")
