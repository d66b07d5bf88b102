"""The units that a page shows: all of them where they are few, else those of the counties and the names it comes to.

What these give can be changed by nobody (`MappingProxyType`), so that a cache hands out the thing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.frames import chunks
from db.org import IN_TREE
from db.records_org import Unit
from db.schema import org_unit, org_unit_alias
from db.units import few_rows, rows_where, rows_with_parents

Units = Mapping[int, Unit]


class Found(NamedTuple):
    """Some units of a search in the order of their ids, and how many there are."""

    units: tuple[Unit, ...]
    total: int


def all_units(connection: sa.Connection) -> Units | None:
    """Every unit by id, in the order of the tree; None where they are many (`db.units.FEW`)."""
    rows = few_rows(connection)
    return None if rows is None else _units(rows)


def upper_units(connection: sa.Connection) -> Units:
    """The counties and what stands above or beside them, by id, in the order of the tree."""
    return _units(rows_where(connection, org_unit.c.area_id == org_unit.c.id, org_unit.c.status.in_(IN_TREE)))


def units_of_areas(connection: sa.Connection, *, area_ids: Sequence[int]) -> Units:
    """The units of some counties by id, in the order of the tree."""
    return _units(row for some in chunks(area_ids) for row in rows_where(connection, org_unit.c.area_id.in_(some)))


def units_at(connection: sa.Connection, *, org_unit_ids: Sequence[int]) -> Units:
    """Some units and those directly above them, by id; who is not there is not among them."""
    return _units(rows_with_parents(connection, org_unit_ids))


def has_more_units(connection: sa.Connection, *, path: Sequence[int], kind: str, most: int) -> bool:
    """Whether more than so many units of a kind stand in the tree below a unit (`path`: ids from the root to it). It stops
    counting there."""
    below = org_unit.c.path.startswith("/" + "".join(f"{step}/" for step in path))
    some = sa.select(org_unit.c.id).where(org_unit.c.kind == kind, org_unit.c.status.in_(IN_TREE), below)
    return connection.scalar(some.offset(most).limit(1)) is not None


def search_units(
    connection: sa.Connection,
    *,
    text: str = "",
    kind: str | None = None,
    level: str | None = None,
    status: str | None = None,
    path: Sequence[int] = (),
    outside: bool = False,
    limit: int = 100,
) -> Found:
    """The units of the tree whose name, code or other spelling holds a text, of a kind, phase (level) and status, at and below
    a unit (`path`: ids from the root to it); None means any. `outside`: those outside the tree too."""
    asked = [] if outside else [org_unit.c.status.in_(IN_TREE) if status is None else org_unit.c.status == status]
    asked += [org_unit.c[name] == value for name, value in (("kind", kind), ("level", level)) if value is not None]
    if path:
        asked.append(org_unit.c.path.startswith("/" + "".join(f"{step}/" for step in path)))
    if text:
        named = sa.select(org_unit_alias.c.org_unit_id).where(org_unit_alias.c.alias.contains(text, autoescape=True))
        own = [org_unit.c[name].contains(text, autoescape=True) for name in ("name", "code")]
        asked.append(sa.or_(*own, org_unit.c.id.in_(named)))
    total = sa.select(sa.func.count()).select_from(org_unit).where(*asked).scalar_subquery()
    ids = connection.execute(sa.select(org_unit.c.id, total).where(*asked).order_by(org_unit.c.path).limit(limit)).all()
    held = units_at(connection, org_unit_ids=[row[0] for row in ids])
    return Found(tuple(held[row[0]] for row in ids), int(ids[0][1]) if ids else 0)


def aliases(connection: sa.Connection, *, org_unit_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Other spellings of those units that have some."""
    columns = (org_unit_alias.c.org_unit_id, org_unit_alias.c.alias)
    found: dict[int, tuple[str, ...]] = {}
    for some in chunks(org_unit_ids):
        query = sa.select(*columns).where(org_unit_alias.c.org_unit_id.in_(some)).order_by(org_unit_alias.c.id)
        for unit_id, alias in connection.execute(query):
            found[unit_id] = (*found.get(unit_id, ()), alias)
    return found


def _units(rows: Iterable[Any]) -> Units:
    """By id, in the order of the tree: parents before children."""
    made = [
        Unit(row.id, row.parent_id, row.area_id, row.kind, tuple(int(step) for step in row.path.split("/") if step),
             row.level, row.code, row.name, row.short_name, row.area_type, row.sponsor, row.status, row.valid_from, row.valid_to)
        for row in rows
    ]  # fmt: skip
    return MappingProxyType({unit.id: unit for unit in sorted(made, key=lambda unit: unit.path)})
