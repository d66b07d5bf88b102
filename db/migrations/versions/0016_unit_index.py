"""The facts of a unit are found by indicator and period: one period of a county's schools reads one row in ten."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_observation_unit", "observation")
    op.create_index("ix_observation_unit", "observation", ["org_unit_id", "indicator_id", "period_id"])


def downgrade() -> None:
    op.drop_index("ix_observation_unit", "observation")
    op.create_index("ix_observation_unit", "observation", ["org_unit_id", "indicator_id"])
