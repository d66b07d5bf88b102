"""Who has a row in a form."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.frames import INT, NULLABLE_INT, TEXT, frame
from db.queries_reporting import expected_units
from db.records import OrgKind

_ROWS = {
    "stage": TEXT, "org_unit_id": INT, "code": TEXT, "name": TEXT, "level": TEXT, "town_id": NULLABLE_INT, "county_id": NULLABLE_INT,
}  # fmt: skip


def form_rows(connection: sa.Connection, *, form: str, period: str, root_id: int | None = None) -> pd.DataFrame:
    """The rows of a form's sheets, sheet by sheet: the schools (or towns) at and below a unit that stand in the period.

    A school that was merged or closed before the period has none, one that opened in it has one; a nine-year school
    has one in each sheet of its sections. Raises KeyError for a code that is no form.
    """
    entry = load_catalogue().form(form)
    if entry is None:
        raise KeyError(form)
    kind = OrgKind(entry.rows)
    units = expected_units(connection, kind, period, root_id)
    rows: list[tuple[Any, ...]] = []
    for stage in entry.stages:
        rows += [
            (stage, unit.id, unit.code, unit.name, unit.level, unit.town_id, unit.county_id)
            for unit in units
            if kind is OrgKind.TOWN or stage in entry.stages_of(unit.level)
        ]
    return frame(rows, _ROWS)
