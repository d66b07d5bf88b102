"""Imports as jobs of a queue, so that they go on without the browser and on several machines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_RULE = "draft_id IN (SELECT d.id FROM public.draft AS d)"


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("beat_at", sa.DateTime()),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime()),
        sa.Column("finished_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_job_draft_id_draft")),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name=op.f("fk_job_import_id_import_batch")),
    )
    for column in ("draft_id", "status", "import_id"):
        op.create_index(op.f(f"ix_job_{column}"), "job", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE public.job ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY edu_scope ON public.job USING ((SELECT public.edu_scope()) = '/' OR ({_RULE}))")


def downgrade() -> None:
    op.drop_table("job")
