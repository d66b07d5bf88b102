"""The units of the tree as rows, read once for all that a page asks of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from db.names import noted, once_in_scope
from db.records import OrgKind
from db.schema import org_unit, org_unit_successor

COLUMNS = ("id", "parent_id", "area_id", "kind", "depth", "path", "level", "code", "name", "short_name", "area_type", "sponsor",
           "status", "valid_from", "valid_to")  # fmt: skip
_UNITS = "units"
MANY, PART = 50, 8  # units that are worth reading their areas whole, if they are an eighth of the units there


def unit_rows(connection: sa.Connection) -> Sequence[Any]:
    """Every unit, by id: rows of COLUMNS."""
    return once_in_scope(connection, _UNITS, _read)


def _read(connection: sa.Connection) -> Sequence[Any]:
    return connection.execute(sa.select(*(org_unit.c[name] for name in COLUMNS)).order_by(org_unit.c.id)).all()


def levels_of_schools(connection: sa.Connection, unit_ids: Iterable[int]) -> Mapping[int, str | None]:
    """The level of each school among some units (at most as many as one IN list takes)."""
    asked = set(unit_ids)
    if noted(connection, _UNITS) is None:
        query = sa.select(org_unit.c.id, org_unit.c.level, org_unit.c.kind).where(org_unit.c.id.in_(sorted(asked)))
        return _levels(connection.execute(query))
    every = once_in_scope(connection, "levels of schools", lambda reader: _levels(unit_rows(reader)))
    return {number: every[number] for number in asked & every.keys()}


def _levels(rows: Iterable[Any]) -> dict[int, str | None]:
    return {row.id: row.level for row in rows if row.kind == OrgKind.SCHOOL.value}


def areas_mostly_of(connection: sa.Connection, unit_ids: Collection[int]) -> list[int]:
    """The areas of some units, where these are many and a good part of all units there; else none. A city's or a province's own
    area is itself alone."""
    if len(unit_ids) < MANY:
        return []
    if noted(connection, _UNITS) is None:
        own = sa.select(org_unit.c.area_id).where(org_unit.c.id.in_(sorted(unit_ids)))
        sizes = sa.select(org_unit.c.area_id, sa.func.count()).where(org_unit.c.area_id.in_(own))
        size = {area_id: count for area_id, count in connection.execute(sizes.group_by(org_unit.c.area_id))}  # noqa: C416
    else:
        area_of = once_in_scope(connection, "areas of units", _areas)
        every = once_in_scope(connection, "sizes of areas", lambda reader: Counter(_areas(reader).values()))
        size = {area_id: every[area_id] for area_id in {area_of.get(number, 0) for number in unit_ids}}
    return sorted(size) if len(unit_ids) * PART >= sum(size.values()) else []


def _areas(connection: sa.Connection) -> dict[int, int]:
    return {row.id: row.area_id for row in unit_rows(connection)}


def succession_rows(connection: sa.Connection) -> Sequence[Any]:
    """Which unit went on in the place of which: rows of predecessor_id, successor_id, `since` (the day from which on) and
    `ended` (the day the former one closed, if it did), in the order of both ids."""
    return once_in_scope(connection, "successions", _read_successions)


def _read_successions(connection: sa.Connection) -> Sequence[Any]:
    link, former = org_unit_successor, org_unit
    query = (
        sa.select(link.c.predecessor_id, link.c.successor_id,
                  sa.func.coalesce(link.c.valid_from, former.c.valid_to).label("since"), former.c.valid_to.label("ended"))
        .join_from(link, former, link.c.predecessor_id == former.c.id)
        .order_by(link.c.predecessor_id, link.c.successor_id)
    )  # fmt: skip
    return connection.execute(query).all()
