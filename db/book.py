"""What cells are worked out by: the tree of units, the rules of the catalogue, the sets of dims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.catalogue import Catalogue, load_catalogue
from db.catalogue.model import Aggregation
from db.fold import Rule, Ruled, Unit
from db.interning import UNKNOWN_PERIOD, dim_rows, indicator_ids, join_level, period_ids, split_level
from db.names import once_in_scope
from db.org import ABOVE_COUNTY
from db.org_tree import FormerParent, former_parents, parents_on, period_starts
from db.register import MOST_AREAS, rows_around, tree_rows
from db.ruled import ruled_facts
from db.schema import observation
from db.school_cells import Bools, Facts, Ints, Lookup, all_facts, facts_of, level_number
from db.statements import in_scope
from db.written import Written

UNITS_AT_ONCE = 3000


class DimBook:
    """Sets of dims: id to text, text to level and rest. A set that the store does not have yet has a number below 0."""

    def __init__(self, connection: sa.Connection) -> None:
        found = dim_rows(connection)
        self.keys: dict[int, str] = {number: key for number, key, _, _ in found}
        self.ids: dict[str, int] = {key: number for number, key, _, _ in found}
        self._split: dict[str, tuple[str | None, str]] = {key: (level, rest) for _, key, level, rest in found}
        self._joined: dict[tuple[str | None, str], str] = {parts: key for key, parts in self._split.items()}

    def known(self, keys: Collection[str]) -> list[int]:
        """The ids of those keys that the store has."""
        return [number for key in keys if (number := self.ids.get(key, 0)) > 0]

    def alike(self, keys: Collection[str]) -> list[int]:
        """The ids of the sets that differ from one of the keys in nothing but the level."""
        rests = {split_level(key)[1] for key in keys}
        return [number for number, key in self.keys.items() if number > 0 and self._split[key][1] in rests]

    def split(self, key: str) -> tuple[str | None, str]:
        return self._split[key]

    def join(self, level: str | None, rest: str) -> str:
        if (level, rest) not in self._joined:
            key = join_level(level, rest)
            self._joined[level, rest] = key
            self._split[key] = (level, rest)
        return self._joined[level, rest]

    def number(self, level: str | None, rest: str) -> int:
        """The id of a set of dims, or its number below 0."""
        key = self.join(level, rest)
        if key not in self.ids:
            self.ids[key] = -1 - len(self.ids)
            self.keys[self.ids[key]] = key
        return self.ids[key]


@dataclass
class Book:
    """What the arithmetic of cells knows beforehand: the tree, the catalogue's rules, the sets of dims. Where it is `only` of
    some areas, the tree holds what their sums and those above them need."""

    connection: sa.Connection
    catalogue: Catalogue | None = None
    written: Mapping[int, Written] = field(default_factory=dict)  # by period what is not read from the store
    only: frozenset[int] | None = None

    @cached_property
    def units(self) -> dict[int, Unit]:
        """By id; the top of what a reader may see (db.scope) stands without a parent."""
        if self.only is not None and len(self.only) <= MOST_AREAS:
            moved = {number for one in self._moves for number in (one.org_unit_id, one.parent_id)}
            rows = rows_around(self.connection, self.only, moved)
        else:
            rows = once_in_scope(self.connection, "tree", tree_rows)
        seen = {row.id for row in rows}
        return {row.id: Unit(row.id, row.parent_id if row.parent_id in seen else None, *row[2:]) for row in rows}

    @cached_property
    def _moves(self) -> list[FormerParent]:
        return once_in_scope(self.connection, "former parents", former_parents)

    @cached_property
    def _starts(self) -> Mapping[int, date | None]:
        return period_starts(self.connection)

    def in_period(self, period_id: int) -> Book:
        """This book with the tree as it stood when a period began."""
        before = parents_on(self._moves, self._starts.get(period_id)) if self._moves else {}
        if not before:
            return self
        self.__dict__.update(dims=self.dims, rules=self.rules)  # shared: what one numbers the other knows
        then, key = copy(self), frozenset(before.items())
        if key not in self._trees:
            then.__dict__["units"] = _with_parents(self.units, before)
            for name in _OF_TREE:
                then.__dict__.pop(name, None)
            self._trees[key] = {"units": then.units, **{name: getattr(then, name) for name in _OF_TREE}}
        then.__dict__.update(self._trees[key])
        return then

    @cached_property
    def _trees(self) -> dict[frozenset[tuple[int, int]], dict[str, Any]]:
        """What was made of the tree of former days, by the units that stood elsewhere."""
        return {}

    @cached_property
    def areas(self) -> dict[int, list[Unit]]:
        found: dict[int, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            found[unit.area_id].append(unit)
        return found

    @cached_property
    def dims(self) -> DimBook:
        return DimBook(self.connection)

    @cached_property
    def unknown_period(self) -> int | None:
        return period_ids(self.connection).get(UNKNOWN_PERIOD)

    @cached_property
    def rules(self) -> dict[int, Rule]:
        ids = indicator_ids(self.connection)
        rules = {number: Rule(number, Aggregation.NONE) for number in ids.values()}
        for entry in (self.catalogue or load_catalogue()).indicators:
            number = ids[entry.code]
            rules[number] = Rule(
                number,
                entry.aggregation,
                float(entry.multiplier),
                ids[entry.numerator] if entry.numerator else None,
                ids[entry.denominator] if entry.denominator else None,
                "level" in entry.dims,
                tuple(entry.levels),
            )
        return rules

    @cached_property
    def _rates_of(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for rule in self.rules.values():
            for part in (rule.numerator, rule.denominator):
                if part is not None and rule.is_rate:
                    found[part].add(rule.indicator_id)
        return found

    def dependents(self, indicator_id: int) -> set[int]:
        """The indicator and the rates that rest on it."""
        return {indicator_id, *self._rates_of.get(indicator_id, ())}

    def tiers(self, areas: Iterable[int]) -> list[list[int]]:
        """The areas and all areas above them: first those that hold facts of their own only, then upwards."""
        everything = set(areas)
        for area_id in list(everything):
            parent_id = self.units[area_id].parent_id
            while parent_id is not None:
                everything.add(self.units[parent_id].area_id)
                parent_id = self.units[parent_id].parent_id
        tiers: dict[int, list[int]] = defaultdict(list)
        for area_id in sorted(everything):
            unit = self.units[area_id]
            tiers[-unit.depth if unit.kind in ABOVE_COUNTY else -999].append(area_id)
        return [chunk for depth in sorted(tiers) for chunk in self._chunks(tiers[depth])]

    def _chunks(self, areas: Sequence[int]) -> Iterable[list[int]]:
        chunk: list[int] = []
        size = 0
        for area_id in areas:
            chunk.append(area_id)
            size += len(self.areas[area_id])
            if size >= UNITS_AT_ONCE:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    def facts_in(self, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> Facts:
        """The facts that count for indicators, with those of the counts that their rates rest on."""
        wanted = self.with_counts(indicators)
        written = self.written.get(period_id)
        here = written.areas_among(areas) if written is not None else set()
        if written is None or not here:
            return read_facts(self.connection, *in_scope(observation, areas, period_id, wanted))
        others = self.told_elsewhere(areas, period_id)
        asked = ((others, set(wanted) - written.indicators), (set(areas) - here, written.indicators & set(wanted)))
        parts = [
            read_facts(self.connection, *in_scope(observation, sorted(some), period_id, sorted(about)))
            for some, about in asked
            if some and about
        ]
        return all_facts([written.facts(sorted(here), period_id, wanted), *parts])

    def told_elsewhere(self, areas: Sequence[int], period_id: int) -> list[int]:
        """Those areas of which the store may hold more than what is `written`."""
        written = self.written.get(period_id)
        sole = written.areas_among(areas) if written is not None and written.sole else set()
        return [area_id for area_id in areas if area_id not in sole]

    def ruled_in(
        self, areas: Sequence[int], period_id: int, indicators: Sequence[int]
    ) -> dict[tuple[int, int, int, int], Ruled]:
        """The facts ruled to hold for indicators and the counts of their rates (see `ruled_facts`)."""
        return ruled_facts(self.connection, areas, period_id, self.with_counts(indicators))

    def said_besides(self, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> list[Any]:
        """Unit, indicator and set of dims of every former or second statement in the store."""
        areas = self.told_elsewhere(areas, period_id)
        if not areas:
            return []
        query = sa.select(*(observation.c[name] for name in ("org_unit_id", "indicator_id", "dim_set_id"))).where(
            *in_scope(observation, areas, period_id, indicators)
        )
        former = self.connection.execute(query.where(observation.c.valid_to.is_not(None))).all()
        second = self.connection.execute(query.where(observation.c.valid_to.is_(None), observation.c.ordinal > 0)).all()
        return [*former, *second]

    def rule(self, indicator_id: int, period_id: int) -> Rule:
        """The rule of an indicator; values of an unknown period are not known to belong together."""
        rule = self.rules[indicator_id]
        return replace(rule, aggregation=Aggregation.NONE) if period_id == self.unknown_period else rule

    def with_counts(self, indicators: Iterable[int]) -> list[int]:
        """The indicators and the counts that their rates rest on."""
        wanted = set(indicators)
        counts = {part for i in wanted for part in (self.rules[i].numerator, self.rules[i].denominator)}
        return sorted(wanted | {part for part in counts if part is not None})

    def rules_in(self, period_id: int, indicators: Iterable[int]) -> dict[int, Rule]:
        """The rules of indicators in a period."""
        return {number: self.rule(number, period_id) for number in indicators}

    def lookup(self, level_of: Mapping[int, str | None]) -> Lookup:
        """The arrays for units of which the levels are given."""
        dims, rests = self.dims, RestNumbers()
        size = max(dims.keys, default=0) + 1
        level, rest = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for number, key in dims.keys.items():
            if number < 0:
                continue
            name, text = dims.split(key)
            level[number], rest[number] = level_number(name), rests.number(text)
        units = np.zeros(max(level_of, default=0) + 1, np.int64)
        for unit_id, name in level_of.items():
            units[unit_id] = level_number(name)
        return Lookup(level, rest, units, rests.texts)

    @cached_property
    def all_units(self) -> Lookup:
        """The arrays for every unit."""
        return self.lookup({unit.id: unit.level for unit in self.units.values()})

    @cached_property
    def plain_schools(self) -> Bools:
        """By unit id: whether it is a school without units below it."""
        found = np.zeros(max(self.units, default=0) + 1, bool)
        for unit in self.units.values():
            found[unit.id] = unit.is_school
        for unit in self.units.values():
            if unit.parent_id is not None:
                found[unit.parent_id] = False
        return found

    @cached_property
    def parents(self) -> Ints:
        """By unit id: its parent in the same area, or 0."""
        found = np.zeros(max(self.units, default=0) + 1, np.int64)
        for unit in self.units.values():
            parent = self.units.get(unit.parent_id or 0)
            found[unit.id] = parent.id if parent is not None and parent.area_id == unit.area_id else 0
        return found


_OF_TREE = ("areas", "plain_schools", "parents")


def _with_parents(units: Mapping[int, Unit], parents: Mapping[int, int]) -> dict[int, Unit]:
    """The units with other parents, and depths that fit."""
    found = {
        number: replace(unit, parent_id=parents[number] if parents[number] in units else None)
        if number in parents
        else unit
        for number, unit in units.items()
    }

    def depth(number: int) -> int:
        up, steps = found[number].parent_id, 0
        while up is not None:
            up, steps = found[up].parent_id, steps + 1
        return steps

    return {number: replace(unit, depth=depth(number)) for number, unit in found.items()}


class RestNumbers:
    """The dims beside the level, as numbers."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._known: dict[str, int] = {}

    def number(self, text: str) -> int:
        if text not in self._known:
            self._known[text] = len(self.texts)
            self.texts.append(text)
        return self._known[text]


def read_facts(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Facts:
    """The current facts of ordinal 0 that meet the conditions."""
    return facts_of(connection.execute(CURRENT.where(*conditions)).all())


FACTS = sa.select(
    *(observation.c[name] for name in ("area_id", "org_unit_id", "indicator_id", "dim_set_id", "period_id", "id",
                                       "source_kind", "value", "numerator", "denominator", "qualifier", "obs_status"))
).where(observation.c.ordinal == 0)  # fmt: skip
CURRENT = FACTS.where(observation.c.valid_to.is_(None))
