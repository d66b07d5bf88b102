"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_dim_set()
    _create_evidence()
    _create_indicator()
    _create_observation()
    _create_org_unit()
    _create_period()
    _create_rollup()
    _create_source_file()
    _create_store_state()
    _create_import_batch()
    _create_org_unit_alias()
    _create_org_unit_successor()
    _create_source_block()
    _create_source_content()
    _create_issue()
    _create_rejected()


def downgrade() -> None:
    for table in (
        "rejected",
        "issue",
        "source_content",
        "source_block",
        "org_unit_successor",
        "org_unit_alias",
        "import_batch",
        "store_state",
        "source_file",
        "rollup",
        "period",
        "org_unit",
        "observation",
        "indicator",
        "evidence",
        "dim_set",
    ):
        op.drop_table(table)


def _create_dim_set() -> None:
    op.create_table(
        "dim_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=8)),
        sa.Column("rest", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dim_set")),
        sa.UniqueConstraint("key", name=op.f("uq_dim_set_key")),
    )


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("observation_id", BIG_ID, autoincrement=False, nullable=False),
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
        sa.PrimaryKeyConstraint("area_id", "observation_id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_source_file_id", "evidence", ["source_file_id"], unique=False)


def _create_indicator() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
    )


def _create_observation() -> None:
    op.create_table(
        "observation",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("dim_set_id", sa.Integer(), nullable=False),
        sa.Column("source_kind", sa.String(length=8), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Float(precision=53)),
        sa.Column("value_high", sa.Float(precision=53)),
        sa.Column("numerator", sa.Float(precision=53)),
        sa.Column("denominator", sa.Float(precision=53)),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("qualifier", sa.String(length=12), nullable=False),
        sa.Column("obs_status", sa.String(length=16), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.Integer()),
        sa.Column("valid_from", sa.DateTime(), nullable=False),
        sa.Column("valid_to", sa.DateTime()),
        sa.PrimaryKeyConstraint("area_id", "id", name=op.f("pk_observation")),
    )
    op.create_index(
        "ix_observation_closed_by",
        "observation",
        ["closed_by"],
        unique=False,
        sqlite_where=sa.text("closed_by IS NOT NULL"),
        postgresql_where=sa.text("closed_by IS NOT NULL"),
    )
    op.create_index("ix_observation_id", "observation", ["id"], unique=False)
    op.create_index("ix_observation_import", "observation", ["import_id"], unique=False)
    op.create_index("ix_observation_unit", "observation", ["org_unit_id", "indicator_id"], unique=False)
    op.create_index(
        "uq_observation_current",
        "observation",
        ["area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id", "source_kind", "ordinal"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def _create_org_unit() -> None:
    op.create_table(
        "org_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("code", sa.String(length=32)),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=100)),
        sa.Column("level", sa.String(length=8)),
        sa.Column("area_type", sa.String(length=16)),
        sa.Column("sponsor", sa.String(length=16)),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.ForeignKeyConstraint(["parent_id"], ["org_unit.id"], name=op.f("fk_org_unit_parent_id_org_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_org_unit_code")),
    )
    op.create_index(op.f("ix_org_unit_area_id"), "org_unit", ["area_id"], unique=False)
    op.create_index(op.f("ix_org_unit_name"), "org_unit", ["name"], unique=False)
    op.create_index(op.f("ix_org_unit_parent_id"), "org_unit", ["parent_id"], unique=False)


def _create_period() -> None:
    op.create_table(
        "period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start_date", sa.Date()),
        sa.Column("end_date", sa.Date()),
        sa.Column("school_year", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("code", name=op.f("uq_period_code")),
    )


def _create_rollup() -> None:
    op.create_table(
        "rollup",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("dim_set_id", sa.Integer(), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(precision=53)),
        sa.Column("numerator", sa.Float(precision=53)),
        sa.Column("denominator", sa.Float(precision=53)),
        sa.Column("n_units", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("obs_status", sa.String(length=16), nullable=False),
        sa.Column("qualifier", sa.String(length=12), nullable=False),
        sa.Column("observation_id", BIG_ID),
        sa.Column("stated_value", sa.Float(precision=53)),
        sa.Column("stated_observation_id", BIG_ID),
        sa.PrimaryKeyConstraint(
            "area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id", name=op.f("pk_rollup")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_rollup_stated",
        "rollup",
        ["stated_observation_id"],
        unique=False,
        sqlite_where=sa.text("stated_observation_id IS NOT NULL"),
        postgresql_where=sa.text("stated_observation_id IS NOT NULL"),
    )
    op.create_index("ix_rollup_unit", "rollup", ["org_unit_id", "indicator_id", "period_id"], unique=False)


def _create_source_file() -> None:
    op.create_table(
        "source_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=100), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_source_file_sha256")),
    )


def _create_store_state() -> None:
    op.create_table(
        "store_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("next_observation_id", BIG_ID, nullable=False),
        sa.Column("rules_digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_state")),
    )


def _create_import_batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_file_id", sa.Integer(), nullable=False),
        sa.Column("source_kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.String(length=100)),
        sa.Column("undone_at", sa.DateTime()),
        sa.Column("extractor_version", sa.String(length=32), nullable=False),
        sa.Column("n_new", sa.Integer(), nullable=False),
        sa.Column("n_same", sa.Integer(), nullable=False),
        sa.Column("n_changed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_file_id"], ["source_file.id"], name=op.f("fk_import_batch_source_file_id_source_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_source_file_id"), "import_batch", ["source_file_id"], unique=False)


def _create_org_unit_alias() -> None:
    op.create_table(
        "org_unit_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name=op.f("fk_org_unit_alias_org_unit_id_org_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit_alias")),
        sa.UniqueConstraint("org_unit_id", "alias", name=op.f("uq_org_unit_alias_org_unit_id_alias")),
    )
    op.create_index(op.f("ix_org_unit_alias_alias"), "org_unit_alias", ["alias"], unique=False)
    op.create_index(op.f("ix_org_unit_alias_org_unit_id"), "org_unit_alias", ["org_unit_id"], unique=False)


def _create_org_unit_successor() -> None:
    op.create_table(
        "org_unit_successor",
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("share", sa.Float()),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["org_unit.id"], name=op.f("fk_org_unit_successor_predecessor_id_org_unit")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["org_unit.id"], name=op.f("fk_org_unit_successor_successor_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_org_unit_successor")),
    )


def _create_source_block() -> None:
    op.create_table(
        "source_block",
        sa.Column("source_file_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_file_id"], ["source_file.id"], name=op.f("fk_source_block_source_file_id_source_file")
        ),
        sa.PrimaryKeyConstraint("source_file_id", "ordinal", name=op.f("pk_source_block")),
    )


def _create_source_content() -> None:
    op.create_table(
        "source_content",
        sa.Column("source_file_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_file_id"], ["source_file.id"], name=op.f("fk_source_content_source_file_id_source_file")
        ),
        sa.PrimaryKeyConstraint("source_file_id", name=op.f("pk_source_content")),
    )


def _create_issue() -> None:
    op.create_table(
        "issue",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer()),
        sa.Column("end", sa.Integer()),
        sa.Column("sheet", sa.String(length=255)),
        sa.Column("cell", sa.String(length=16)),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name=op.f("fk_issue_import_id_import_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
    )
    op.create_index(op.f("ix_issue_import_id"), "issue", ["import_id"], unique=False)


def _create_rejected() -> None:
    op.create_table(
        "rejected",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("indicator", sa.String(length=64)),
        sa.Column("start", sa.Integer()),
        sa.Column("end", sa.Integer()),
        sa.Column("sheet", sa.String(length=255)),
        sa.Column("cell", sa.String(length=16)),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name=op.f("fk_rejected_import_id_import_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected")),
    )
    op.create_index(op.f("ix_rejected_import_id"), "rejected", ["import_id"], unique=False)
