"""What happened to org units: renamed, moved, closed, merged, split, from which day and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_RULE = "org_unit_id IN (SELECT u.id FROM public.org_unit AS u)"


def upgrade() -> None:
    op.create_table(
        "org_unit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("effective", sa.Date()),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("former_parent_id", sa.Integer()),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=100)),
        sa.Column("withdrawn_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit_change")),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name=op.f("fk_org_unit_change_org_unit_id_org_unit")),
        sa.ForeignKeyConstraint(
            ["former_parent_id"], ["org_unit.id"], name=op.f("fk_org_unit_change_former_parent_id_org_unit")
        ),
    )
    op.create_index("ix_org_unit_change_event", "org_unit_change", ["event"])
    op.create_index("ix_org_unit_change_org_unit_id", "org_unit_change", ["org_unit_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE public.org_unit_change ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY edu_scope ON public.org_unit_change USING ((SELECT public.edu_scope()) = '/' OR ({_RULE}))"
        )


def downgrade() -> None:
    op.drop_table("org_unit_change")
