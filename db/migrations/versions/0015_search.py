"""Indexes for the search of numbers and words; the row security of counts, which a reader of whole areas now reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REPORTED = sa.text("source_kind = 'report' AND valid_to IS NULL")
_CURRENT = sa.text("valid_to IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_observation_value", "observation", ["value", "import_id"], sqlite_where=_CURRENT, postgresql_where=_CURRENT
    )
    op.create_index(
        "ix_observation_report", "observation", ["import_id"], sqlite_where=_REPORTED, postgresql_where=_REPORTED
    )
    _count_policy("area_id IN (SELECT u.id FROM public.org_unit AS u)")


def downgrade() -> None:
    _count_policy("false")
    op.drop_index("ix_observation_report", "observation")
    op.drop_index("ix_observation_value", "observation")


def _count_policy(rule: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY edu_scope ON public.cell_count")
        everything = "(SELECT public.edu_scope()) = '/'"
        op.execute(f"CREATE POLICY edu_scope ON public.cell_count USING ({everything} OR ({rule}))")
