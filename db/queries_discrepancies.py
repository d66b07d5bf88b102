"""Discrepancies between sources as pages read them, with the ruling that counts."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from db.frames import BOOL, DATE, FLOAT, INT, NULLABLE_INT, TEXT, fetch
from db.records_claims import Verdict
from db.ruled import latest
from db.schema import dim_set, import_batch, indicator, observation, org_unit, period, source_file
from db.schema_claims import discrepancy, ruling

_DISCREPANCY = {
    "told_observation_id": INT, "org_unit_id": INT, "org_unit_name": TEXT, "indicator": TEXT, "period": TEXT,
    "dims": TEXT, "told_value": FLOAT, "told_unit": TEXT, "told_kind": TEXT, "told_file_id": INT, "told_file": TEXT,
    "standing_value": FLOAT, "standing_observation_id": NULLABLE_INT, "standing_kind": TEXT, "standing_file": TEXT,
    "size": FLOAT, "affected": FLOAT, "cause": TEXT, "cause_detail": TEXT, "opened_at": DATE,
    "is_open": BOOL, "is_reopened": BOOL, "verdict": TEXT, "reason": TEXT, "ruled_by": TEXT, "ruled_at": DATE,
}  # fmt: skip
_RULING = {
    "id": INT, "verdict": TEXT, "told_value": FLOAT, "standing_value": FLOAT, "reason": TEXT, "ruled_by": TEXT,
    "ruled_at": DATE,
}  # fmt: skip


def discrepancies(connection: sa.Connection) -> pd.DataFrame:
    """Cells about which two sources differ: what the other source told, and what stands when nobody rules
    (`standing_observation_id` is missing where that is a sum). One query; its cost grows with the discrepancies.

    `is_open`: no ruling applies. `is_reopened`: one was made, and a value has changed since. `affected`: the
    difference in persons (or what else is counted), missing where it cannot be said. Open ones first, then by
    affected and size.
    """
    told, standing = observation.alias("told"), observation.alias("standing")
    batch, file = import_batch.alias("standing_batch"), source_file.alias("standing_file")
    last = latest()
    applies = sa.and_(
        ruling.c.verdict.is_not(None),
        ruling.c.verdict != Verdict.REVOKED.value,
        ruling.c.told_value == discrepancy.c.told_value,
        ruling.c.standing_value == discrepancy.c.standing_value,
    )
    reopened = sa.and_(ruling.c.verdict.is_not(None), ruling.c.verdict != Verdict.REVOKED.value, sa.not_(applies))
    is_open = sa.case((applies, False), else_=True)
    weight = sa.func.coalesce(discrepancy.c.affected, -1.0)
    query = (
        sa.select(
            discrepancy.c.told_observation_id, org_unit.c.id, org_unit.c.name, indicator.c.code, period.c.code,
            dim_set.c.key, discrepancy.c.told_value, told.c.unit, told.c.source_kind, source_file.c.id,
            source_file.c.name, discrepancy.c.standing_value, discrepancy.c.standing_observation_id,
            standing.c.source_kind, file.c.name, discrepancy.c.size, discrepancy.c.affected, discrepancy.c.cause,
            discrepancy.c.cause_detail, discrepancy.c.opened_at, is_open, sa.case((reopened, True), else_=False),
            ruling.c.verdict, ruling.c.reason, ruling.c.ruled_by, ruling.c.ruled_at,
        )
        .join_from(discrepancy, told, sa.and_(told.c.area_id == discrepancy.c.area_id,
                                              told.c.id == discrepancy.c.told_observation_id))
        .join(org_unit, discrepancy.c.org_unit_id == org_unit.c.id)
        .join(indicator, discrepancy.c.indicator_id == indicator.c.id)
        .join(period, discrepancy.c.period_id == period.c.id)
        .join(dim_set, discrepancy.c.dim_set_id == dim_set.c.id)
        .join(import_batch, told.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .outerjoin(standing, sa.and_(standing.c.area_id == discrepancy.c.area_id,
                                     standing.c.id == discrepancy.c.standing_observation_id))
        .outerjoin(batch, standing.c.import_id == batch.c.id)
        .outerjoin(file, batch.c.source_file_id == file.c.id)
        .outerjoin(last, sa.and_(last.c.area_id == discrepancy.c.area_id,
                                 last.c.told_observation_id == discrepancy.c.told_observation_id))
        .outerjoin(ruling, ruling.c.id == last.c.id)
        .order_by(sa.case((applies, 1), else_=0), weight.desc(), sa.func.abs(discrepancy.c.size).desc(),
                  discrepancy.c.told_observation_id)
    )  # fmt: skip
    return fetch(connection, query, _DISCREPANCY)


def rulings_of(connection: sa.Connection, told_observation_id: int) -> pd.DataFrame:
    """Every ruling ever made about an observation, the revoked ones among them, newest first."""
    columns = [ruling.c[name] for name in _RULING]
    query = sa.select(*columns).where(ruling.c.told_observation_id == told_observation_id)
    return fetch(connection, query.order_by(ruling.c.id.desc()), _RULING)
