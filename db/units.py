"""The units of the tree as rows. Where they are few all of them are read once, for all that a page asks of them; of many only
those that it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.frames import chunks
from db.names import noted, once_in_scope, while_lent
from db.records import OrgKind
from db.schema import org_unit, org_unit_successor

COLUMNS = ("id", "parent_id", "area_id", "kind", "depth", "path", "level", "code", "name", "short_name", "area_type", "sponsor",
           "status", "valid_from", "valid_to")  # fmt: skip
_FEW = "few units"
FEW = 3000  # units that are read as a whole: a county or a small city
_WIDE = (OrgKind.PROVINCE.value, OrgKind.CITY.value)  # kinds of units that hold several counties
MANY, PART = 50, 8  # units that are worth reading their areas whole, if they are an eighth of the units there


class Few(NamedTuple):
    """All units that a reader sees, by id (rows of COLUMNS); None where there are more than FEW."""

    rows: Sequence[Any] | None


def few_rows(connection: sa.Connection) -> Sequence[Any] | None:
    """Every unit, by id: rows of COLUMNS; None where there are more than FEW."""
    few: Few = once_in_scope(connection, _FEW, _read_few)
    return few.rows


def _read_few(connection: sa.Connection) -> Few:
    rows = connection.execute(sa.select(*_columns()).order_by(org_unit.c.id).limit(FEW + 1)).all()
    return Few(None if len(rows) > FEW else rows)


def _columns() -> list[sa.ColumnElement[Any]]:
    return [org_unit.c[name] for name in COLUMNS]


def unit_rows(connection: sa.Connection) -> Sequence[Any]:
    """Every unit, by id: rows of COLUMNS. Many are read anew by each connection."""
    few = few_rows(connection)
    return few if few is not None else while_lent(connection, "every unit", _read_all)


def _read_all(connection: sa.Connection) -> Sequence[Any]:
    return connection.execute(sa.select(*_columns()).order_by(org_unit.c.id)).all()


def rows_where(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Sequence[Any]:
    """The units under some conditions, by id: rows of COLUMNS."""
    return connection.execute(sa.select(*_columns()).where(*conditions).order_by(org_unit.c.id)).all()


def rows_with_parents(connection: sa.Connection, unit_ids: Iterable[int]) -> Sequence[Any]:
    """Some units and those directly above them, by id: rows of COLUMNS."""
    few, wanted = few_rows(connection), {int(each) for each in unit_ids}
    if few is not None:
        held = wanted | {row.parent_id for row in few if row.id in wanted}
        return [row for row in few if row.id in held]
    found: dict[int, Any] = {}
    for some in chunks(wanted):
        above = sa.select(org_unit.c.parent_id).where(org_unit.c.id.in_(some), org_unit.c.parent_id.is_not(None))
        found |= {row.id: row for row in rows_where(connection, org_unit.c.id.in_(some) | org_unit.c.id.in_(above))}
    return [found[number] for number in sorted(found)]


def children_of(connection: sa.Connection, unit_id: int) -> set[int]:
    """Ids of the direct children of a unit."""
    few = few_rows(connection)
    if few is None:
        return set(connection.scalars(sa.select(org_unit.c.id).where(org_unit.c.parent_id == unit_id)))
    return {row.id for row in few if row.parent_id == unit_id}


def rows_around(connection: sa.Connection, unit_id: int) -> Sequence[Any]:
    """A unit, those below it and those above it, and perhaps others, by id: rows of COLUMNS. Of a county, town or school only
    the units of its county and those above are read."""
    few = few_rows(connection)
    if few is not None:
        return few
    [own] = rows_where(connection, org_unit.c.id == unit_id) or [None]
    if own is None:
        return []
    above = [int(step) for step in own.path.split("/") if step]
    below = org_unit.c.path.startswith(own.path) if own.kind in _WIDE else org_unit.c.area_id == own.area_id
    return rows_where(connection, below | org_unit.c.id.in_(above))


def levels_of_schools(connection: sa.Connection, unit_ids: Iterable[int]) -> Mapping[int, str | None]:
    """The level of each school among some units (at most as many as one IN list takes)."""
    asked = set(unit_ids)
    if not _are_read(connection):
        query = sa.select(org_unit.c.id, org_unit.c.level, org_unit.c.kind).where(org_unit.c.id.in_(sorted(asked)))
        return _levels(connection.execute(query))
    every = once_in_scope(connection, "levels of schools", lambda reader: _levels(unit_rows(reader)))
    return {number: every[number] for number in asked & every.keys()}


def _are_read(connection: sa.Connection) -> bool:
    """Whether all units are few, and read already."""
    few: Few | None = noted(connection, _FEW)
    return few is not None and few.rows is not None


def _levels(rows: Iterable[Any]) -> dict[int, str | None]:
    return {row.id: row.level for row in rows if row.kind == OrgKind.SCHOOL.value}


def areas_mostly_of(connection: sa.Connection, unit_ids: Collection[int]) -> list[int]:
    """The areas of some units, where these are many and a good part of all units there; else none. A city's or a province's own
    area is itself alone."""
    if len(unit_ids) < MANY:
        return []
    if not _are_read(connection):
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
