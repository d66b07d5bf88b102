"""The table of what happened to org units. A row is written once; taking a change back only fills in by whom and when."""

from __future__ import annotations

import sqlalchemy as sa

from db.schema import Stamp, metadata

LONGEST_NOTE = 200

org_unit_change = sa.Table(
    "org_unit_change", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("event", sa.Integer, nullable=False, index=True),  # one step of a person may concern several units
    sa.Column("org_unit_id", sa.Integer, sa.ForeignKey("org_unit.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),  # db.records_org.What
    sa.Column("effective", sa.Date),  # the day from which it holds; NULL for a spelling
    sa.Column("before", sa.Text, nullable=False, default=""),  # JSON of the columns of org_unit that changed
    sa.Column("after", sa.Text, nullable=False, default=""),
    # Of a move: the parent to which the numbers of periods that began before `effective` still belong.
    sa.Column("former_parent_id", sa.Integer, sa.ForeignKey("org_unit.id")),
    sa.Column("note", sa.String(LONGEST_NOTE), nullable=False, default=""),
    sa.Column("changed_by", sa.String(100), nullable=False),
    sa.Column("changed_at", Stamp, nullable=False),
    sa.Column("withdrawn_by", sa.String(100)),
    sa.Column("withdrawn_at", Stamp),
)  # fmt: skip
