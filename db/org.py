"""Org units: the tree of places and schools, their aliases and successors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from db.engine import StoreError, write
from db.records import OrgKind, OrgStatus, OrgUnit, OrgUnitInput, ProposedUnit
from db.schema import org_unit, org_unit_alias, org_unit_successor, store_state
from db.units import succession_rows

IN_TREE = (OrgStatus.ACTIVE.value, OrgStatus.CLOSED.value)  # not those that only documents name
ABOVE_COUNTY = (OrgKind.PROVINCE.value, OrgKind.CITY.value)
_FIELDS = ("code", "name", "short_name", "level", "area_type", "sponsor", "valid_from", "valid_to")


def load_org_units(engine: sa.Engine, units: Iterable[OrgUnitInput]) -> dict[str, int]:
    """Adds or updates units in one transaction; the same units twice change nothing.

    A unit is known again by its code, else by its parent and name. Returns key to id.
    Raises StoreError for a parent or successor that is nowhere, and for a move to another county.
    """
    wanted = list(units)
    with write(engine) as connection:
        known = _Known(connection)
        for generation in _generations(wanted, known):
            known.merge(connection, generation)
        spellings = [(known.of_key(unit.key), alias) for unit in wanted for alias in unit.aliases]
        more_aliases = add_aliases(connection, spellings, "loaded")
        more_successors = _add_successors(connection, wanted, known)
        if known.changed or more_aliases or more_successors:
            bump_revision(connection)
        return {unit.key: known.of_key(unit.key) for unit in wanted}


def add_alias(connection: sa.Connection, org_unit_id: int, alias: str, source: str = "confirmed") -> bool:
    """Adds another spelling of a unit; False when it was known. Call it inside `db.engine.write`."""
    added = add_aliases(connection, [(org_unit_id, alias)], source)
    if added:
        bump_revision(connection)
    return added


def drop_alias(connection: sa.Connection, org_unit_id: int, alias: str, source: str) -> None:
    """Forgets a spelling of a unit that came from the source. Call it inside `db.engine.write`."""
    connection.execute(
        sa.delete(org_unit_alias).where(
            org_unit_alias.c.org_unit_id == org_unit_id,
            org_unit_alias.c.alias == alias,
            org_unit_alias.c.source == source,
        )
    )


def revision(connection: sa.Connection) -> int:
    """The number that grows with every change of the store: every cache key of the pages carries it."""
    return int(connection.scalar(sa.select(store_state.c.revision)) or 0)


def bump_revision(connection: sa.Connection, by: int = 1) -> int:
    """The store's next revision; `by` as many as there were changes."""
    connection.execute(sa.update(store_state).values(revision=store_state.c.revision + by))
    return revision(connection)


def org_directory(connection: sa.Connection, area_id: int | None = None) -> list[OrgUnit]:
    """Every unit with its aliases and successors, by id; on request those of one county and of what stands above or beside
    counties."""
    wanted = sa.true() if area_id is None else org_unit.c.area_id.in_([area_id]) | (org_unit.c.area_id == org_unit.c.id)
    aliases: dict[int, list[str]] = defaultdict(list)
    for unit_id, alias in connection.execute(
        sa.select(org_unit_alias.c.org_unit_id, org_unit_alias.c.alias).order_by(org_unit_alias.c.id)
    ):
        aliases[unit_id].append(alias)
    successors = successors_of(connection)
    rows = connection.execute(sa.select(org_unit).where(wanted).order_by(org_unit.c.id)).mappings()
    return [_unit(row, tuple(aliases[row["id"]]), successors.get(row["id"], ())) for row in rows]


def successors_of(connection: sa.Connection) -> dict[int, tuple[int, ...]]:
    """Predecessor id to the ids of its successors."""
    found: dict[int, tuple[int, ...]] = {}
    for row in succession_rows(connection):
        found[row.predecessor_id] = (*found.get(row.predecessor_id, ()), row.successor_id)
    return found


def add_proposed(connection: sa.Connection, units: Sequence[ProposedUnit]) -> dict[str, int]:
    """Key to id of units named in a document only. A proposed name is one row for all documents that
    name it; an unnamed unit is always a row of its own. Both stand outside the tree."""
    named = _proposed_by_name(connection)
    result: dict[str, int] = {}
    for unit in units:
        name = unit.name[:200]
        if unit.status is OrgStatus.PROPOSED and (name, unit.kind.value) in named:
            result[unit.key] = named[name, unit.kind.value]
            continue
        values = {"name": name, "kind": unit.kind.value, "status": unit.status.value, "area_id": 0, "depth": 0}
        [new_id] = connection.execute(sa.insert(org_unit).values(**values).returning(org_unit.c.id)).one()
        result[unit.key] = new_id
        if unit.status is OrgStatus.PROPOSED:
            named[name, unit.kind.value] = new_id
    connection.execute(
        sa.update(org_unit)
        .where(org_unit.c.area_id == 0)
        .values(area_id=org_unit.c.id, path="/" + sa.cast(org_unit.c.id, sa.String) + "/")
    )
    return result


def find_proposed(connection: sa.Connection, units: Sequence[ProposedUnit]) -> dict[str, int]:
    """Key to id of those proposed units that the store already has; unnamed ones never."""
    named = _proposed_by_name(connection)
    return {
        unit.key: named[unit.name[:200], unit.kind.value]
        for unit in units
        if unit.status is OrgStatus.PROPOSED and (unit.name[:200], unit.kind.value) in named
    }


def _proposed_by_name(connection: sa.Connection) -> dict[tuple[str, str], int]:
    rows = connection.execute(
        sa.select(org_unit.c.name, org_unit.c.kind, org_unit.c.id).where(org_unit.c.status == OrgStatus.PROPOSED.value)
    )
    return {(name, kind): number for name, kind, number in rows}


def _unit(row: sa.RowMapping, aliases: tuple[str, ...], successors: tuple[int, ...]) -> OrgUnit:
    return OrgUnit(
        id=row["id"],
        parent_id=row["parent_id"],
        area_id=row["area_id"],
        kind=OrgKind(row["kind"]),
        status=OrgStatus(row["status"]),
        aliases=aliases,
        successor_ids=successors,
        **{name: row[name] for name in _FIELDS},
    )


class _Known:
    """The units of the store while new ones are merged into it."""

    def __init__(self, connection: sa.Connection) -> None:
        rows = connection.execute(sa.select(org_unit).where(org_unit.c.status.in_(IN_TREE)))
        self.rows: dict[int, dict[str, Any]] = {row["id"]: dict(row) for row in rows.mappings()}
        self.keys: dict[str, int] = {}
        self.changed = False
        self._by_code: dict[str, int] = {row["code"]: row["id"] for row in self.rows.values() if row["code"]}
        self._by_name: dict[tuple[int | None, str], int] = {
            (row["parent_id"], row["name"]): row["id"] for row in self.rows.values()
        }
        self._names: dict[str, list[int]] = defaultdict(list)
        for row in self.rows.values():
            self._names[row["name"]].append(row["id"])

    def find(self, key: str) -> int | None:
        """The id of a key of this load, of a code, or of a name that only one unit has."""
        named = self._names.get(key, [])
        return self.keys.get(key) or self._by_code.get(key) or (named[0] if len(named) == 1 else None)

    def of_key(self, key: str) -> int:
        found = self.find(key)
        if found is None:
            raise StoreError(f"找不到机构「{key}」,请先在机构表中补上它,再重新载入。")
        return found

    def merge(self, connection: sa.Connection, generation: Sequence[OrgUnitInput]) -> None:
        """Updates the units that are known and adds the others; their parents are known by now."""
        fresh: list[tuple[OrgUnitInput, dict[str, Any]]] = []
        for unit in generation:
            parent_id = None if unit.parent_key is None else self.of_key(unit.parent_key)
            values = self._values(unit, parent_id)
            found = self._same(unit, parent_id)
            if found is None:
                fresh.append((unit, values))
            else:
                self._update(connection, found, values)
                self.keys[unit.key] = found
        if fresh:
            self._insert(connection, fresh)

    def _same(self, unit: OrgUnitInput, parent_id: int | None) -> int | None:
        if unit.code and unit.code in self._by_code:
            return self._by_code[unit.code]
        namesake = self._by_name.get((parent_id, unit.name))
        if namesake is not None and unit.code and self.rows[namesake]["code"] not in (None, unit.code):
            return None  # two units of one name, told apart by their codes
        return namesake

    def _values(self, unit: OrgUnitInput, parent_id: int | None) -> dict[str, Any]:
        closed = unit.valid_to is not None and unit.valid_to <= date.today()
        values: dict[str, Any] = {name: getattr(unit, name) for name in _FIELDS}
        values.update(
            kind=unit.kind.value,
            parent_id=parent_id,
            depth=0 if parent_id is None else self.rows[parent_id]["depth"] + 1,
            status=(OrgStatus.CLOSED if closed else OrgStatus.ACTIVE).value,
        )
        return values

    def _update(self, connection: sa.Connection, unit_id: int, values: dict[str, Any]) -> None:
        row = self.rows[unit_id]
        if values["code"] is None:
            values = {**values, "code": row["code"]}
        if all(row[name] == value for name, value in values.items()):
            return
        if row["parent_id"] != values["parent_id"]:
            raise StoreError(
                f"机构「{values['name']}」的上级变了。请先在“机构名录”页登记改隶(写明从哪天起),再重新载入。"
            )
        connection.execute(sa.update(org_unit).where(org_unit.c.id == unit_id).values(**values))
        row.update(values)
        self.changed = True

    def _insert(self, connection: sa.Connection, fresh: list[tuple[OrgUnitInput, dict[str, Any]]]) -> None:
        numbers = connection.scalars(
            sa.insert(org_unit).returning(org_unit.c.id, sort_by_parameter_order=True),
            [{**values, "area_id": 0, "path": ""} for _, values in fresh],
        ).all()
        places = []
        for number, (unit, values) in zip(numbers, fresh, strict=True):
            parent = None if values["parent_id"] is None else self.rows[values["parent_id"]]
            area_id = area_of(number, values["kind"], parent)
            path = f"{parent['path'] if parent else '/'}{number}/"
            places.append({"unit": number, "area": area_id, "new_path": path})
            self.rows[number] = {**values, "id": number, "area_id": area_id, "path": path}
            self.keys[unit.key] = number
            self._by_name[values["parent_id"], unit.name] = number
            self._names[unit.name].append(number)
            if unit.code:
                self._by_code[unit.code] = number
        connection.execute(
            sa.update(org_unit)
            .where(org_unit.c.id == sa.bindparam("unit"))
            .values(area_id=sa.bindparam("area"), path=sa.bindparam("new_path")),
            places,
        )
        self.changed = True


def area_of(unit_id: int, kind: str, parent: dict[str, Any] | None) -> int:
    """The county is the distribution key; a county, and whatever stands directly under a city, is its own."""
    if parent is None or kind in (*ABOVE_COUNTY, OrgKind.COUNTY.value) or parent["kind"] in ABOVE_COUNTY:
        return unit_id
    area: int = parent["area_id"]
    return area


def _generations(wanted: Sequence[OrgUnitInput], known: _Known) -> Iterable[list[OrgUnitInput]]:
    """Parents before children."""
    here = {unit.key for unit in wanted}
    if len(here) < len(wanted):
        raise StoreError("机构表中有重复的键,请给每个机构一个不同的代码或名称。")
    left = list(wanted)
    done: set[str] = set()
    while left:
        ready = [
            unit for unit in left if unit.parent_key is None or unit.parent_key in done or unit.parent_key not in here
        ]
        if not ready:
            raise StoreError(f"机构「{left[0].name}」与它的上级互为上级,请改正机构表。")
        yield ready
        done.update(unit.key for unit in ready)
        left = [unit for unit in left if unit.key not in done]


def add_aliases(connection: sa.Connection, wanted: Sequence[tuple[int, str]], source: str) -> bool:
    """Adds other spellings of units (id, spelling); False when all were known. Call it inside `db.engine.write`."""
    ids = sorted({unit_id for unit_id, _ in wanted})
    query = sa.select(org_unit_alias.c.org_unit_id, org_unit_alias.c.alias).where(org_unit_alias.c.org_unit_id.in_(ids))
    known = {(unit_id, alias) for unit_id, alias in connection.execute(query)} if ids else set()
    fresh = [pair for pair in dict.fromkeys(wanted) if pair not in known]
    if fresh:
        rows = [{"org_unit_id": unit_id, "alias": alias, "source": source} for unit_id, alias in fresh]
        connection.execute(sa.insert(org_unit_alias), rows)
    return bool(fresh)


def _add_successors(connection: sa.Connection, wanted: Sequence[OrgUnitInput], known: _Known) -> bool:
    present = successors_of(connection)
    rows = [
        {"predecessor_id": old, "successor_id": new, "valid_from": unit.valid_to, "share": None}
        for unit in wanted
        for old in [known.of_key(unit.key)]
        for new in [known.of_key(key) for key in unit.successor_keys]
        if new not in present.get(old, ())
    ]
    if rows:
        connection.execute(sa.insert(org_unit_successor), rows)
    return bool(rows)
