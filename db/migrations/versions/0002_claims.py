"""Claims, discrepancies and rulings; what a ruling displaces in the rollup."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DISPLACED = ("displaced_value", "displaced_numerator", "displaced_denominator")
FORMER = "ix_observation_former"


def upgrade() -> None:
    for name in DISPLACED:
        op.add_column("rollup", sa.Column(name, sa.Float(precision=53)))
    op.add_column("rollup", sa.Column("displaced_observation_id", BIG_ID))
    op.create_index(
        FORMER,
        "observation",
        ["area_id", "indicator_id", "period_id"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NOT NULL"),
        postgresql_where=sa.text("valid_to IS NOT NULL"),
    )
    _create_claim()
    _create_discrepancy()
    _create_ruling()


def downgrade() -> None:
    for table in ("ruling", "discrepancy", "claim"):
        op.drop_table(table)
    op.drop_index(FORMER, "observation")
    for name in (*DISPLACED, "displaced_observation_id"):
        op.drop_column("rollup", name)


def _reference(name: str, target: str, nullable: bool = True) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_claim_{name}_{target}"))
    return sa.Column(name, sa.Integer(), nullable=nullable), key


REFERENCES = (
    ("indicator_id", "indicator"), ("dim_set_id", "dim_set"), ("period_id", "period"), ("org_unit_id", "org_unit"),
    ("base_indicator_id", "indicator"), ("base_dim_set_id", "dim_set"), ("base_period_id", "period"),
    ("base_org_unit_id", "org_unit"),
)  # fmt: skip


def _create_claim() -> None:
    references = [_reference("import_id", "import_batch", False), *(_reference(*pair) for pair in REFERENCES)]
    op.create_table(
        "claim",
        sa.Column("id", BIG_ID, nullable=False),
        *(column for column, _ in references),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("direction", sa.String(8)),
        sa.Column("size", sa.Float(53)),
        sa.Column("decimals", sa.SmallInteger()),
        sa.Column("unit", sa.String(24), nullable=False),
        sa.Column("qualifier", sa.String(12), nullable=False),
        sa.Column("note", sa.String(32), nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("value_decimals", sa.SmallInteger()),
        sa.Column("base_kind", sa.String(16), nullable=False),
        sa.Column("base_words", sa.String(100), nullable=False),
        sa.Column("base_value", sa.Float(53)),
        sa.Column("base_decimals", sa.SmallInteger()),
        sa.Column("locator", sa.String(200), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_end", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("confidence", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        *(key for _, key in references),
    )
    op.create_index(op.f("ix_claim_import_id"), "claim", ["import_id"], unique=False)


def _cell() -> list[sa.Column[int]]:
    return [
        sa.Column(name, sa.Integer(), nullable=False)
        for name in ("indicator_id", "period_id", "dim_set_id", "org_unit_id")
    ]


def _create_discrepancy() -> None:
    op.create_table(
        "discrepancy",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("told_observation_id", BIG_ID, autoincrement=False, nullable=False),
        *_cell(),
        sa.Column("told_value", sa.Float(53), nullable=False),
        sa.Column("standing_value", sa.Float(53), nullable=False),
        sa.Column("standing_observation_id", BIG_ID),
        sa.Column("size", sa.Float(53), nullable=False),
        sa.Column("affected", sa.Float(53)),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("cause_detail", sa.String(200), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "told_observation_id", name=op.f("pk_discrepancy")),
    )
    op.create_index("ix_discrepancy_cell", "discrepancy", ["area_id", "indicator_id", "period_id"], unique=False)


def _create_ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("told_observation_id", BIG_ID, nullable=False),
        *_cell(),
        sa.Column("told_value", sa.Float(53), nullable=False),
        sa.Column("standing_value", sa.Float(53), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruled_by", sa.String(100), nullable=False),
        sa.Column("ruled_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index("ix_ruling_told", "ruling", ["area_id", "told_observation_id"], unique=False)
    op.create_index("ix_ruling_cell", "ruling", ["area_id", "indicator_id", "period_id"], unique=False)
