"""Review: readings that wait, decisions and what rests on them; an import says whether a file or a person made it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("kind", sa.String(8), nullable=False, server_default="file"))
    _create_pending_reading()
    _create_review_decision()
    op.create_table(
        "review_effect",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("observation_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("decision_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "observation_id", "decision_id", name=op.f("pk_review_effect")),
    )
    op.create_index(op.f("ix_review_effect_decision_id"), "review_effect", ["decision_id"])


def downgrade() -> None:
    for table in ("review_effect", "review_decision", "pending_reading"):
        op.drop_table(table)
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_column("kind")


def _create_pending_reading() -> None:
    op.create_table(
        "pending_reading",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.String(80), nullable=False),
        sa.Column("entity", sa.String(200), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("indicator", sa.String(64), nullable=False),
        sa.Column("org_unit_id", sa.Integer()),
        sa.Column("confidence", sa.Float(53), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("decision_id", BIG_ID),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name="fk_pending_reading_import_id_import_batch"),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name="fk_pending_reading_org_unit_id_org_unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_reading")),
    )
    for column in ("import_id", "org_unit_id", "decision_id"):
        op.create_index(op.f(f"ix_pending_reading_{column}"), "pending_reading", [column])


def _create_review_decision() -> None:
    op.create_table(
        "review_decision",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("source_file_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("context", sa.String(200), nullable=False),
        sa.Column("choice", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("alias", sa.String(200), nullable=False),
        sa.Column("observation_id", BIG_ID),
        sa.Column("import_id", sa.Integer()),
        sa.Column("decided_by", sa.String(100), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name="fk_review_decision_import_id_import_batch"),
        sa.ForeignKeyConstraint(["source_file_id"], ["source_file.id"],
                                name="fk_review_decision_source_file_id_source_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
    )  # fmt: skip
    op.create_index("ix_review_decision_key", "review_decision", ["source_file_id", "place", "subject"])
