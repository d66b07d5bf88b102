"""Tables of claims, discrepancies and rulings."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import BigId, Stamp, metadata

# A comparison that a document states (比上年提高1.4个百分点), as it was read. Its truth is worked out when read.
claim = sa.Table(
    "claim", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("import_id", sa.Integer, sa.ForeignKey("import_batch.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("direction", sa.String(8)),
    sa.Column("size", sa.Float(53)),
    sa.Column("decimals", sa.SmallInteger),  # as printed; negative where a count is rounded to ten thousands
    sa.Column("unit", sa.String(24), nullable=False, default=""),
    sa.Column("qualifier", sa.String(12), nullable=False, default="exact"),
    sa.Column("note", sa.String(32), nullable=False, default=""),
    sa.Column("indicator_id", sa.Integer, sa.ForeignKey("indicator.id")),
    sa.Column("dim_set_id", sa.Integer, sa.ForeignKey("dim_set.id")),
    sa.Column("period_id", sa.Integer, sa.ForeignKey("period.id")),
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id")),
    sa.Column("value", sa.Float(53)),
    sa.Column("value_decimals", sa.SmallInteger),
    sa.Column("base_kind", sa.String(16), nullable=False),
    sa.Column("base_words", sa.String(100), nullable=False, default=""),
    sa.Column("base_indicator_id", sa.Integer, sa.ForeignKey("indicator.id")),
    sa.Column("base_dim_set_id", sa.Integer, sa.ForeignKey("dim_set.id")),
    sa.Column("base_period_id", sa.Integer, sa.ForeignKey("period.id")),
    sa.Column("base_org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id")),
    sa.Column("base_value", sa.Float(53)),
    sa.Column("base_decimals", sa.SmallInteger),
    sa.Column("locator", sa.String(200), nullable=False, default=""),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("sentence_start", sa.Integer, nullable=False),
    sa.Column("sentence_end", sa.Integer, nullable=False),
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("confidence", sa.Float(53), nullable=False),
)  # fmt: skip

# A source that tells another value than the one that stands for its cell. Derived from the facts, kept in step with
# them by the transaction that changes them, so that reading costs as much as there are discrepancies.
discrepancy = sa.Table(
    "discrepancy", metadata,
    sa.Column("area_id", sa.Integer, primary_key=True),
    sa.Column("told_observation_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("indicator_id", sa.Integer, nullable=False),
    sa.Column("period_id", sa.Integer, nullable=False),
    sa.Column("dim_set_id", sa.Integer, nullable=False),  # of the cell whose value stands
    sa.Column("org_unit_id", sa.Integer, nullable=False),
    sa.Column("told_value", sa.Float(53), nullable=False),
    sa.Column("standing_value", sa.Float(53), nullable=False),  # what stands when nobody rules
    sa.Column("standing_observation_id", BigId),  # missing where it is a sum of the parts
    sa.Column("size", sa.Float(53), nullable=False),  # told minus standing, in the indicator's unit
    sa.Column("affected", sa.Float(53)),  # the same in what is counted (persons, canteens), where it can be said
    sa.Column("cause", sa.String(16), nullable=False),
    sa.Column("cause_detail", sa.String(200), nullable=False, default=""),  # the period, dims or code it is equal to
    sa.Column("opened_at", Stamp, nullable=False),
    sa.Index("ix_discrepancy_cell", "area_id", "indicator_id", "period_id"),
)  # fmt: skip

# Append-only: the latest row about an observation counts, as long as the value it was ruled against still stands.
ruling = sa.Table(
    "ruling", metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("area_id", sa.Integer, nullable=False),
    sa.Column("told_observation_id", BigId, nullable=False),
    sa.Column("indicator_id", sa.Integer, nullable=False),
    sa.Column("period_id", sa.Integer, nullable=False),
    sa.Column("dim_set_id", sa.Integer, nullable=False),
    sa.Column("org_unit_id", sa.Integer, nullable=False),
    sa.Column("told_value", sa.Float(53), nullable=False),
    sa.Column("standing_value", sa.Float(53), nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),  # told | standing | both | revoked
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("ruled_by", sa.String(100), nullable=False),
    sa.Column("ruled_at", Stamp, nullable=False),
    sa.Index("ix_ruling_told", "area_id", "told_observation_id"),
    sa.Index("ix_ruling_cell", "area_id", "indicator_id", "period_id"),
)  # fmt: skip
