"""The tables (SQLAlchemy Core). One schema for SQLite, PostgreSQL and Citus.

Every unique key of the big tables begins with `area_id`, the county: it is the distribution column.
Facts are append-only: a correction closes the old row (`valid_to`) and adds a new one.
"""

from __future__ import annotations

import sqlalchemy as sa

from db.versions import COLUMNS

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMING)
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Stamp = sa.DateTime(timezone=False)  # UTC

# ---- reference tables -------------------------------------------------------------------------------

org_unit = sa.Table(
    "org_unit", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("org_unit.id"), index=True),
    sa.Column("area_id", sa.Integer, nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("depth", sa.SmallInteger, nullable=False, default=0),
    sa.Column("path", sa.String(400), nullable=False, default=""),  # "/1/4/17/": ids from the root
    sa.Column("code", sa.String(32), unique=True),
    sa.Column("name", sa.String(200), nullable=False, index=True),
    sa.Column("short_name", sa.String(100)),
    sa.Column("level", sa.String(8)),
    sa.Column("area_type", sa.String(16)),
    sa.Column("sponsor", sa.String(16)),
    sa.Column("status", sa.String(16), nullable=False, default="active"),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
)  # fmt: skip

org_unit_alias = sa.Table(
    "org_unit_alias", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id"), nullable=False, index=True),
    sa.Column("alias", sa.String(200), nullable=False, index=True),
    sa.Column("source", sa.String(64), nullable=False, default=""),
    sa.UniqueConstraint("org_unit_id", "alias"),
)  # fmt: skip

org_unit_successor = sa.Table(
    "org_unit_successor", metadata,
    sa.Column("predecessor_id", sa.Integer, sa.ForeignKey("org_unit.id"), primary_key=True),
    sa.Column("successor_id", sa.Integer, sa.ForeignKey("org_unit.id"), primary_key=True),
    sa.Column("valid_from", sa.Date),
    sa.Column("share", sa.Float),
)  # fmt: skip

indicator = sa.Table(
    "indicator", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(64), nullable=False, unique=True),
)  # fmt: skip

dim_set = sa.Table(
    "dim_set", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(200), nullable=False, unique=True),  # db.records.dims_key
    sa.Column("level", sa.String(8)),
    sa.Column("rest", sa.String(200), nullable=False, default=""),  # the key without its level
)  # fmt: skip

period = sa.Table(
    "period", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(32), nullable=False, unique=True),  # "" is the unknown period
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("start_date", sa.Date),
    sa.Column("end_date", sa.Date),
    sa.Column("school_year", sa.SmallInteger),
)  # fmt: skip

# ---- sources and imports ----------------------------------------------------------------------------

source_file = sa.Table(
    "source_file", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("uploaded_by", sa.String(100), nullable=False, default=""),
    sa.Column("uploaded_at", Stamp, nullable=False),
)  # fmt: skip

source_content = sa.Table(
    "source_content", metadata,
    sa.Column("source_file_id", sa.Integer, sa.ForeignKey("source_file.id"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),  # the untouched original, zlib-compressed
)  # fmt: skip

source_block = sa.Table(
    "source_block", metadata,
    sa.Column("source_file_id", sa.Integer, sa.ForeignKey("source_file.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),  # 0 holds the whole text of a report
    sa.Column("kind", sa.String(16), nullable=False),  # "text" | "grid"
    sa.Column("locator", sa.String(200), nullable=False, default=""),
    sa.Column("content", sa.Text, nullable=False),  # the text, or the grid as JSON
)  # fmt: skip

import_batch = sa.Table(
    "import_batch", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source_file_id", sa.Integer, sa.ForeignKey("source_file.id"), nullable=False, index=True),
    sa.Column("source_kind", sa.String(8), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False, server_default="file"),  # file | review (a person's decisions)
    sa.Column("status", sa.String(16), nullable=False),  # stored | undone
    sa.Column("created_by", sa.String(100), nullable=False, default=""),
    sa.Column("created_at", Stamp, nullable=False),
    sa.Column("undone_by", sa.String(100)),
    sa.Column("undone_at", Stamp),
    sa.Column("extractor_version", sa.String(32), nullable=False, default=""),
    sa.Column("n_new", sa.Integer, nullable=False, default=0),
    sa.Column("n_same", sa.Integer, nullable=False, default=0),
    sa.Column("n_changed", sa.Integer, nullable=False, default=0),
)  # fmt: skip

issue = sa.Table(
    "issue", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), nullable=False, index=True),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("locator", sa.String(200), nullable=False, default=""),
    sa.Column("quote", sa.Text, nullable=False, default=""),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("sheet", sa.String(255)),
    sa.Column("cell", sa.String(16)),
)  # fmt: skip

rejected = sa.Table(
    "rejected", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("indicator", sa.String(64)),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("sheet", sa.String(255)),
    sa.Column("cell", sa.String(16)),
)  # fmt: skip

REPORTED = "source_kind = 'report' AND valid_to IS NULL"  # current and stated by a report

# ---- facts ------------------------------------------------------------------------------------------

observation = sa.Table(
    "observation", metadata,
    sa.Column("area_id", sa.Integer, primary_key=True),
    sa.Column("id", BigId, primary_key=True, autoincrement=False),
    sa.Column("org_unit_id", sa.Integer, nullable=False),
    sa.Column("indicator_id", sa.Integer, nullable=False),
    sa.Column("period_id", sa.Integer, nullable=False),
    sa.Column("dim_set_id", sa.Integer, nullable=False),
    sa.Column("source_kind", sa.String(8), nullable=False),
    sa.Column("ordinal", sa.SmallInteger, nullable=False, default=0),  # >0 only where the period is unknown
    sa.Column("value", sa.Float(53)),
    sa.Column("value_high", sa.Float(53)),
    sa.Column("numerator", sa.Float(53)),
    sa.Column("denominator", sa.Float(53)),
    sa.Column("unit", sa.String(24), nullable=False),
    sa.Column("qualifier", sa.String(12), nullable=False, default="exact"),
    sa.Column("obs_status", sa.String(16), nullable=False, default="normal"),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Column("closed_by", sa.Integer),  # the import that replaced or undid it
    sa.Column("valid_from", Stamp, nullable=False),
    sa.Column("valid_to", Stamp),
    sa.Index(
        "uq_observation_current",
        "area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id", "source_kind", "ordinal",
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    ),
    sa.Index("ix_observation_id", "id"),  # links name an observation by its id alone
    sa.Index("ix_observation_import", "import_id", "area_id"),  # also: of which areas an import speaks
    sa.Index("ix_observation_closed_by", "closed_by",
             sqlite_where=sa.text("closed_by IS NOT NULL"), postgresql_where=sa.text("closed_by IS NOT NULL")),
    sa.Index("ix_observation_unit", "org_unit_id", "indicator_id", "period_id"),
    # What sources said that no longer stands, found by its cell.
    sa.Index("ix_observation_former", "area_id", "indicator_id", "period_id",
             sqlite_where=sa.text("valid_to IS NOT NULL"), postgresql_where=sa.text("valid_to IS NOT NULL")),
    # The search for a number gives the newest first; that for words goes through what reports say, which is little.
    sa.Index("ix_observation_value", "value", "import_id",
             sqlite_where=sa.text("valid_to IS NULL"), postgresql_where=sa.text("valid_to IS NULL")),
    sa.Index("ix_observation_report", "import_id",
             sqlite_where=sa.text(REPORTED), postgresql_where=sa.text(REPORTED)),
)  # fmt: skip

evidence = sa.Table(
    "evidence", metadata,
    sa.Column("area_id", sa.Integer, primary_key=True),
    sa.Column("observation_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("source_file_id", sa.Integer, nullable=False),
    sa.Column("locator", sa.String(200), nullable=False, default=""),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("sentence_start", sa.Integer),
    sa.Column("sentence_end", sa.Integer),
    sa.Column("sheet", sa.String(255)),
    sa.Column("cell", sa.String(16)),
    sa.Column("numerator_cell", sa.String(16)),
    sa.Column("denominator_cell", sa.String(16)),
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("rule_version", sa.String(32), nullable=False),
    sa.Column("confidence", sa.Float(53), nullable=False),
    sa.Index("ix_evidence_source_file_id", "source_file_id"),
)  # fmt: skip

# One row per unit, indicator, period and dims; for units with children the sums of the children (rates: the quotient of
# sums). Of a school there are rows only where its cells do not follow from its facts alone (db.cell_rows reads both).
rollup = sa.Table(
    "rollup", metadata,
    sa.Column("area_id", sa.Integer, primary_key=True),
    sa.Column("indicator_id", sa.Integer, primary_key=True),
    sa.Column("period_id", sa.Integer, primary_key=True),
    sa.Column("dim_set_id", sa.Integer, primary_key=True),
    sa.Column("org_unit_id", sa.Integer, primary_key=True),
    sa.Column("value", sa.Float(53)),
    sa.Column("numerator", sa.Float(53)),
    sa.Column("denominator", sa.Float(53)),
    sa.Column("n_units", sa.Integer, nullable=False),  # leaf units that contribute
    sa.Column("method", sa.String(12), nullable=False),  # computed | summed | reported | missing
    sa.Column("obs_status", sa.String(16), nullable=False, default="normal"),
    sa.Column("qualifier", sa.String(12), nullable=False, default="exact"),  # of the unit's own statement
    sa.Column("observation_id", BigId),  # the unit's own observation that the value rests on, if one
    sa.Column("stated_value", sa.Float(53)),  # what the unit itself stated, where that differs from value
    sa.Column("stated_observation_id", BigId),
    # Where a ruling puts another value into the cell: what would stand without it.
    sa.Column("displaced_value", sa.Float(53)),
    sa.Column("displaced_numerator", sa.Float(53)),
    sa.Column("displaced_denominator", sa.Float(53)),
    sa.Column("displaced_observation_id", BigId),
    sa.Index("ix_rollup_unit", "org_unit_id", "indicator_id", "period_id"),
    sa.Index("ix_rollup_stated", "stated_observation_id",
             sqlite_where=sa.text("stated_observation_id IS NOT NULL"),
             postgresql_where=sa.text("stated_observation_id IS NOT NULL")),
    sqlite_with_rowid=False,
)  # fmt: skip

# How many units have a value; dim_set_id 0 counts those that have one at any dims, area_id 0 holds the sums over areas.
cell_count = sa.Table(
    "cell_count", metadata,
    sa.Column("area_id", sa.Integer, primary_key=True),
    sa.Column("indicator_id", sa.Integer, primary_key=True),
    sa.Column("period_id", sa.Integer, primary_key=True),
    sa.Column("dim_set_id", sa.Integer, primary_key=True),
    sa.Column("n_schools", sa.Integer, nullable=False),
    sa.Column("n_others", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

store_state = sa.Table(
    "store_state", metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # one row
    sa.Column("revision", sa.Integer, nullable=False),  # grows with every change; part of every cache key
    sa.Column("next_observation_id", BigId, nullable=False),
    sa.Column("rules_digest", sa.String(64), nullable=False, default=""),  # of the rules the rollups were made by
    *(sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("1")) for name in COLUMNS),  # see db.versions
)  # fmt: skip
