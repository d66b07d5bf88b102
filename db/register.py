"""The units that the sums of some areas are made of, without the rest of the register: a province has 200,000, a sheet is
about the schools of a few counties."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from db.frames import chunks
from db.schema import org_unit

MOST_AREAS = 1000  # beyond it the whole register is read at once
_COLUMNS = ("id", "parent_id", "area_id", "kind", "level", "depth")


def tree_rows(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Any]:
    """Units by id: rows of id, parent_id, area_id, kind, level and depth; without conditions all units."""
    query = sa.select(*(org_unit.c[name] for name in _COLUMNS)).where(*conditions).order_by(org_unit.c.id)
    return list(connection.execute(query).all())


def rows_around(connection: sa.Connection, areas: Collection[int], others: Iterable[int]) -> list[Any]:
    """Of the units those that sums of some areas need: all of these areas and of the areas above them, what stands directly
    below any of those, some `others` (units that moved, with the parents they had), and whatever stands above one of all
    these. Rows as of `tree_rows`."""
    found = _with_parents(connection, {}, areas)
    whole = sorted({row.area_id for row in found.values()})
    inside = sa.select(org_unit.c.id).where(org_unit.c.area_id.in_(whole))
    below = org_unit.c.parent_id.in_(inside), org_unit.c.area_id.not_in(whole)
    for row in (*tree_rows(connection, org_unit.c.area_id.in_(whole)), *tree_rows(connection, *below)):
        found[row.id] = row
    found = _with_parents(connection, found, others)
    return [found[number] for number in sorted(found)]


def _with_parents(connection: sa.Connection, found: dict[int, Any], more: Iterable[int]) -> dict[int, Any]:
    """Rows by id with further units and with all that stand above any of them."""
    parents = {row.parent_id for row in found.values() if row.parent_id is not None}
    missing = (parents | set(more)) - found.keys()
    while missing:
        new = [row for part in chunks(missing) for row in tree_rows(connection, org_unit.c.id.in_(part))]
        found |= {row.id: row for row in new}
        missing = {row.parent_id for row in new if row.parent_id is not None} - found.keys()
    return found
