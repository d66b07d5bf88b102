"""What programs read, a page at a time: the cost of a page depends on its rows, never on how much is stored.

A page is a list of records and the place to go on from, None at the end. Places are plain numbers: the last unit and
how many of its rows were given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.queries_cells import cells
from db.queries_evidence import ObservationDetail, observation
from db.schema import org_unit, store_state

Record = dict[str, Any]
_UNIT = ("id", "code", "name", "kind", "level", "area_type", "sponsor", "status", "parent_id", "valid_from", "valid_to")
_UNITS_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class UnitsAsked:
    """Which units: one by id or code, with all below it if `below`; none named: all. `kind` is an OrgKind's value."""

    org_unit_id: int | None = None
    code: str | None = None
    below: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class CellsAsked:
    """Which values: codes of indicators, and of periods and dims keys where not all are wanted."""

    indicators: tuple[str, ...]
    units: UnitsAsked = UnitsAsked()
    periods: tuple[str, ...] | None = None
    dims: tuple[str, ...] | None = None


def revision(connection: sa.Connection) -> int:
    """The revision of the store: grows with every change."""
    return int(connection.scalar(sa.select(store_state.c.revision)) or 0)


def units_page(connection: sa.Connection, asked: UnitsAsked, after: int, limit: int) -> tuple[list[Record], int | None]:
    """Units by id, those after an id; and the id to go on after."""
    query = _of(sa.select(*(org_unit.c[name] for name in _UNIT)), connection, asked)
    if query is None:
        return [], None
    rows = connection.execute(query.where(org_unit.c.id > after).order_by(org_unit.c.id).limit(limit + 1)).all()
    found = [
        {"org_unit_id" if name == "id" else name: row[at] for at, name in enumerate(_UNIT)} for row in rows[:limit]
    ]
    return found, found[-1]["org_unit_id"] if len(rows) > limit else None


def cells_page(
    connection: sa.Connection, asked: CellsAsked, after: tuple[int, int], limit: int
) -> tuple[list[Record], tuple[int, int] | None]:
    """Values by unit, indicator, period and dims, after (the last unit, how many of its rows were given)."""
    query = _of(sa.select(org_unit.c.id, org_unit.c.code, org_unit.c.name), connection, asked.units)
    if query is None:
        return [], None
    unit_id, given = after
    found: list[Record] = []
    for units in _in_turn(connection, query, unit_id - 1 if given else unit_id):
        rows = _records(connection, asked, units)
        found.extend(rows[given:] if units[0].id == unit_id else rows)
        if len(found) > limit:
            last = found[limit - 1]["org_unit_id"]
            mine = sum(row["org_unit_id"] == last for row in found[:limit])
            return found[:limit], (last, mine + (given if last == unit_id else 0))
    return found, None


def _in_turn(connection: sa.Connection, query: sa.Select[Any], after: int) -> Iterator[Sequence[Any]]:
    while True:
        page = query.where(org_unit.c.id > after).order_by(org_unit.c.id).limit(_UNITS_AT_ONCE)
        units = connection.execute(page).all()
        if not units:
            return
        yield units
        after = units[-1].id


def _records(connection: sa.Connection, asked: CellsAsked, units: Sequence[Any]) -> list[Record]:
    found = cells(
        connection, indicators=asked.indicators, org_unit_ids=[unit.id for unit in units], periods=asked.periods,
        dims=asked.dims,
    )  # fmt: skip
    by_id = {unit.id: unit for unit in units}
    names = ("org_unit_id", "indicator", "period", "dims", "value", "numerator", "denominator", "method", "obs_status",
             "qualifier", "n_units", "observation_id")  # fmt: skip
    wanted = found[list(names)].astype(object)
    rows = (dict(zip(names, row, strict=True)) for row in wanted.where(wanted.notna(), None).to_numpy().tolist())
    return [
        {"org_unit_code": by_id[row["org_unit_id"]].code, "org_unit_name": by_id[row["org_unit_id"]].name, **row}
        for row in rows
    ]


def evidence_of(connection: sa.Connection, observation_id: int) -> ObservationDetail | None:
    """One observation with its proof, closed ones included."""
    return observation(connection, observation_id)


def _of(query: sa.Select[Any], connection: sa.Connection, asked: UnitsAsked) -> sa.Select[Any] | None:
    """The query narrowed to the units asked for; None where the one that is named is not to be seen."""
    if asked.kind is not None:
        query = query.where(org_unit.c.kind == asked.kind)
    if asked.org_unit_id is None and asked.code is None:
        return query
    named = org_unit.c.code == asked.code if asked.code is not None else org_unit.c.id == asked.org_unit_id
    top = connection.execute(sa.select(org_unit.c.id, org_unit.c.path).where(named)).first()
    if top is None:
        return None
    own = org_unit.c.id == top.id
    return query.where(sa.or_(own, org_unit.c.path.startswith(top.path, autoescape=True)) if asked.below else own)
