"""A version for each group of tables, beside the revision of the whole store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_GROUPS = ("directory", "names", "settings", "facts", "decisions")


def upgrade() -> None:
    for group in _GROUPS:
        op.add_column(
            "store_state", sa.Column(f"{group}_version", sa.BigInteger(), nullable=False, server_default=sa.text("1"))
        )


def downgrade() -> None:
    with op.batch_alter_table("store_state") as batch:
        for group in _GROUPS:
            batch.drop_column(f"{group}_version")
