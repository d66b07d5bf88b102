"""One step of a person that changes org units, while it is carried out: what it wrote and what it will have touched."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from db import audit
from db.blocks import fit, storable
from db.engine import moment
from db.org import bump_revision
from db.org_effects import Key, above, differing, paths_of, seen_changes, sums_of, touched_below
from db.records_accounts import Action
from db.records_org import Consequence, What
from db.rollups import Touched, refresh
from db.schema import org_unit
from db.schema_org import org_unit_change as changes


@dataclass(slots=True)
class Event:
    """Belongs to one write transaction. `sums` are values as they were; `paths` those of units that move, as they were."""

    connection: sa.Connection
    user: str
    note: str
    number: int = 0
    touched: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    breaks: list[tuple[int, date]] = field(default_factory=list)
    cells: set[Touched] = field(default_factory=set)
    facts: int = 0
    sums: dict[Key, float | None] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)
    _watched: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.number = int(self.connection.scalar(sa.select(sa.func.max(changes.c.event))) or 0) + 1

    def watch(self, unit_ids: Collection[int], periods: Collection[int]) -> None:
        """Remember the values of places before they change."""
        fresh = {(unit, when) for unit in unit_ids for when in periods} - self._watched
        if fresh:
            self.sums.update(sums_of(self.connection, fresh))
            self._watched |= fresh

    def set(self, unit: Any, what: What, on: date | None, told: dict[str, Any] | None = None, **values: Any) -> None:
        """Changes columns of a unit and notes what they were; `told` is noted beside them."""
        self.connection.execute(sa.update(org_unit).where(org_unit.c.id == unit.id).values(**values))
        before = {name: getattr(unit, name) for name in values}
        self.write(unit.id, what, on, before, {**values, **(told or {})})

    def write(
        self,
        unit_id: int,
        what: What,
        on: date | None,
        before: dict[str, Any],
        after: dict[str, Any],
        former_parent_id: int | None = None,
    ) -> None:
        """A row of the unit's history, and one of the log."""
        self.connection.execute(
            sa.insert(changes).values(
                event=self.number, org_unit_id=unit_id, kind=what.value, effective=on, before=_text(before),
                after=_text(after), former_parent_id=former_parent_id, note=fit(changes.c.note, " ".join(self.note.split())),
                changed_by=fit(changes.c.changed_by, self.user), changed_at=moment().replace(microsecond=0),
            )
        )  # fmt: skip
        self.log(unit_id, what.value, on, before, after)

    def log(self, unit_id: int, what: str, on: date | None, before: dict[str, Any], after: dict[str, Any]) -> None:
        """A row of the log."""
        said = {"what": what, "effective": on, "note": storable(" ".join(self.note.split()))}
        audit.record(
            self.connection, Action.UNIT_CHANGED, self.user, subject=f"unit {unit_id}", before=before,
            after={**after, **{name: value for name, value in said.items() if value}},
        )  # fmt: skip
        if unit_id not in self.touched:
            self.touched.append(unit_id)

    def place(self, unit: Any, parent: Any, since: date) -> None:
        """Puts a unit, with all below it, under another parent of its area; sums of periods since the day will be anew."""
        inside = paths_of(self.connection, [unit.path])
        cells = touched_below(self.connection, inside, since)
        self.watch(above([unit.path]) | above([parent.path], own=True), {when for _, when, _ in cells})
        self.cells |= cells
        self.paths = {**inside, **self.paths}
        path, deeper = f"{parent.path}{unit.id}/", parent.depth + 1 - unit.depth
        self.connection.execute(
            sa.update(org_unit)
            .where(org_unit.c.id.in_(sorted(inside)))
            .values(
                path=sa.literal(path) + sa.func.substr(org_unit.c.path, len(unit.path) + 1),
                depth=org_unit.c.depth + deeper,
            )
        )
        self.connection.execute(sa.update(org_unit).where(org_unit.c.id == unit.id).values(parent_id=parent.id))

    def finish(self) -> Consequence:
        """Works out the sums anew and tells what came of it all. Raises db.locks.Locked where a locked period would change."""
        if self.cells:
            refresh(self.connection, self.cells)
        bump_revision(self.connection)
        now = sums_of(self.connection, self._watched)
        every = paths_of(self.connection) if self.paths else {}
        after = {number: every[number] for number in self.paths}
        return Consequence(
            self.number, tuple(self.touched), self.facts, differing(self.connection, self.sums, now),
            tuple(dict.fromkeys(self.breaks)), seen_changes(self.connection, self.paths, after, self.ended),
            tuple(self.made),
        )  # fmt: skip


def _text(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
