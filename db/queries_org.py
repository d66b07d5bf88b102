"""What happened to org units, and the names that wait to become one."""

from __future__ import annotations

import json

import pandas as pd
import sqlalchemy as sa

from db.distribution import of_units
from db.frames import DATE, INT, TEXT, chunks, fetch, frame
from db.records import OrgStatus
from db.records_org import UnitChange, What
from db.schema import evidence, observation, org_unit, source_file
from db.schema_org import org_unit_change as changes
from db.units import succession_rows


def unit_changes(
    connection: sa.Connection, *, org_unit_id: int | None = None, event: int | None = None, limit: int = 200
) -> list[UnitChange]:
    """The history of a unit, of one event, or of all units, the latest first; changes taken back are among it."""
    query = sa.select(changes).order_by(changes.c.id.desc()).limit(limit)
    if org_unit_id is not None:
        query = query.where(changes.c.org_unit_id == org_unit_id)
    if event is not None:
        query = query.where(changes.c.event == event).limit(None)
    return [
        UnitChange(
            row.id, row.event, row.org_unit_id, What(row.kind), row.effective, json.loads(row.before),
            json.loads(row.after), row.note, row.changed_by, row.changed_at, row.withdrawn_by, row.withdrawn_at,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def successions(connection: sa.Connection) -> pd.DataFrame:
    """Which unit went on in the place of which from which day; `ended` is the day the former one closed, if it did."""
    columns = {"predecessor_id": INT, "successor_id": INT, "since": DATE, "ended": DATE}
    return frame(succession_rows(connection), columns)


def proposals(connection: sa.Connection) -> pd.DataFrame:
    """The units that documents name and nobody confirmed, with how many current numbers stand under each and in which
    file the first of them: columns org_unit_id, name, kind, values, file_name."""
    outside = sa.select(org_unit.c.id).where(org_unit.c.status == OrgStatus.PROPOSED.value)
    columns = {"org_unit_id": INT, "name": TEXT, "kind": TEXT, "values": INT, "file_name": TEXT}
    query = (
        sa.select(org_unit.c.id, org_unit.c.name, org_unit.c.kind, sa.func.count(sa.distinct(observation.c.id)),
                  sa.func.min(source_file.c.name))
        .join_from(org_unit, observation, sa.and_(observation.c.org_unit_id == org_unit.c.id, observation.c.valid_to.is_(None)))
        .join(evidence, sa.and_(evidence.c.area_id == observation.c.area_id, evidence.c.observation_id == observation.c.id))
        .join(source_file, source_file.c.id == evidence.c.source_file_id)
        .group_by(org_unit.c.id, org_unit.c.name, org_unit.c.kind)
    )  # fmt: skip
    named = [  # by their ids, so that the index of the unit is used
        fetch(connection, query.where(*of_units(connection, observation, some)), columns)
        for some in chunks(connection.scalars(outside))
    ]
    if not named:
        return frame([], columns)
    found = pd.concat(named, ignore_index=True)
    return found.sort_values(["values", "org_unit_id"], ascending=[False, True], ignore_index=True)
