"""One number: what it rests on, its history, and the search for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.frames import BOOL, DATE, FLOAT, INT, NULLABLE_INT, TEXT, fetch
from db.schema import dim_set, evidence, import_batch, indicator, org_unit, period, source_file
from db.schema import observation as obs

LISTED = {
    "observation_id": INT, "org_unit_id": INT, "org_unit_name": TEXT, "indicator": TEXT, "period": TEXT,
    "dims": TEXT, "value": FLOAT, "unit": TEXT, "qualifier": TEXT, "obs_status": TEXT, "confidence": FLOAT,
    "locator": TEXT, "quote": TEXT, "start": NULLABLE_INT, "end": NULLABLE_INT, "sentence_start": NULLABLE_INT,
    "sentence_end": NULLABLE_INT, "sheet": TEXT, "cell": TEXT, "is_current": BOOL,
}  # fmt: skip
_LISTED_COLUMNS = (
    obs.c.id, obs.c.org_unit_id, org_unit.c.name, indicator.c.code, period.c.code, dim_set.c.key, obs.c.value,
    obs.c.unit, obs.c.qualifier, obs.c.obs_status, evidence.c.confidence, evidence.c.locator, evidence.c.quote,
    evidence.c.start, evidence.c.end, evidence.c.sentence_start, evidence.c.sentence_end, evidence.c.sheet,
    evidence.c.cell, obs.c.valid_to.is_(None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ObservationDetail:
    """An observation with its proof and its import. `period` is "" when unknown, `dims` a dims key,
    `import_status` "stored" or "undone"; times are UTC."""

    observation_id: int
    area_id: int
    org_unit_id: int
    org_unit_name: str
    org_unit_status: str
    indicator: str
    period: str
    dims: str
    source_kind: str
    ordinal: int
    value: float | None
    value_high: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    qualifier: str
    obs_status: str
    valid_from: datetime
    valid_to: datetime | None
    closed_by: int | None
    import_id: int
    import_status: str
    imported_by: str
    imported_at: datetime
    extractor_version: str
    source_file_id: int
    file_name: str
    file_sha256: str
    media_type: str
    uploaded_at: datetime
    locator: str
    quote: str
    start: int | None
    end: int | None
    sentence_start: int | None
    sentence_end: int | None
    sheet: str | None
    cell: str | None
    numerator_cell: str | None
    denominator_cell: str | None
    rule: str
    rule_version: str
    confidence: float

    @property
    def is_current(self) -> bool:
        return self.valid_to is None


_SOURCES = {
    "observation_id": obs.c.id, "org_unit_name": org_unit.c.name, "org_unit_status": org_unit.c.status,
    "indicator": indicator.c.code, "period": period.c.code, "dims": dim_set.c.key,
    "import_status": import_batch.c.status, "imported_by": import_batch.c.created_by,
    "imported_at": import_batch.c.created_at, "extractor_version": import_batch.c.extractor_version,
    "source_file_id": source_file.c.id, "file_name": source_file.c.name, "file_sha256": source_file.c.sha256,
    "media_type": source_file.c.media_type, "uploaded_at": source_file.c.uploaded_at,
}  # fmt: skip


def _joined() -> sa.FromClause:
    proof = sa.and_(evidence.c.area_id == obs.c.area_id, evidence.c.observation_id == obs.c.id)
    return (
        sa.join(obs, evidence, proof)
        .join(org_unit, obs.c.org_unit_id == org_unit.c.id)
        .join(indicator, obs.c.indicator_id == indicator.c.id)
        .join(period, obs.c.period_id == period.c.id)
        .join(dim_set, obs.c.dim_set_id == dim_set.c.id)
        .join(import_batch, obs.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
    )


def _column(name: str) -> sa.ColumnElement[object]:
    if name in _SOURCES:
        return _SOURCES[name].label(name)
    return obs.c[name] if name in obs.c else evidence.c[name]


def observation(connection: sa.Connection, observation_id: int) -> ObservationDetail | None:
    """Everything that is known of one observation, closed ones included."""
    columns = [_column(name) for name in ObservationDetail.__dataclass_fields__]
    query = sa.select(*columns).select_from(_joined()).where(obs.c.id == observation_id)
    row: Any = connection.execute(query).first()
    return None if row is None else ObservationDetail(*row)


def history(connection: sa.Connection, observation_id: int) -> pd.DataFrame:
    """All observations of the same cell, open and closed, of sheets and reports, newest first."""
    columns = {
        "observation_id": INT, "value": FLOAT, "source_kind": TEXT, "valid_from": DATE, "valid_to": DATE,
        "import_id": INT, "file_name": TEXT, "user": TEXT, "ordinal": INT,
    }  # fmt: skip
    one = obs.alias("one")
    place = ("area_id", "org_unit_id", "indicator_id", "period_id", "dim_set_id")
    query = (
        sa.select(obs.c.id, obs.c.value, obs.c.source_kind, obs.c.valid_from, obs.c.valid_to, obs.c.import_id,
                  source_file.c.name, import_batch.c.created_by, obs.c.ordinal)
        .join_from(one, obs, sa.and_(*(obs.c[name] == one.c[name] for name in place)))
        .join(import_batch, obs.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .where(one.c.id == observation_id)
        .order_by(obs.c.valid_from.desc(), obs.c.id.desc())
    )  # fmt: skip
    return fetch(connection, query, columns)


def listed(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    """Observations with their proof, in the columns of LISTED."""
    return sa.select(*_LISTED_COLUMNS).select_from(_joined()).where(*conditions)
