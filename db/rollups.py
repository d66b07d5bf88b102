"""The rollup table: reads facts of the touched areas, folds them (db.fold), writes the rows that pages read.

An area is a county with everything below it, or one unit above the counties, or one outside the tree.
Areas are refreshed from the counties up: a city reads its counties' finished rows, never their facts.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from db import discrepancies
from db.bulk import insert_many
from db.catalogue import Catalogue, load_catalogue
from db.catalogue.model import Aggregation
from db.fold import Cell, Cells, Fact, Rule, Ruled, Unit, fold, own_cell, strongest
from db.interning import UNKNOWN_PERIOD, indicator_ids, intern_dims, join_level, period_ids
from db.org import ABOVE_COUNTY
from db.ruled import ruled_facts
from db.schema import dim_set, observation, org_unit, rollup, store_state
from db.schema_claims import discrepancy

Touched = tuple[int, int, int]  # area, period, indicator
Key = tuple[int, int, int, str, int]  # area, indicator, period, dims key, org unit
Rows = dict[Key, Cell]
Finished = tuple[int, int, str | None, str, Cell]  # org unit, indicator, level, remaining dims, cell
Outer = Callable[[Sequence[int], int, Sequence[int]], Iterable[Finished]]

_KEY = ("area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id")
_CELL = ("value", "numerator", "denominator", "n_units", "method", "obs_status", "qualifier",
         "observation_id", "stated_value", "stated_observation_id", "displaced_value", "displaced_numerator",
         "displaced_denominator", "displaced_observation_id")  # fmt: skip
UNITS_AT_ONCE = 3000
DERIVED = "rollups and discrepancies, 2"  # what is derived from the facts; another text has all of it derived anew


def refresh(connection: sa.Connection, touched: Iterable[Touched], catalogue: Catalogue | None = None) -> int:
    """Recomputes the rows of the touched cells, of the rates that rest on them and of all units above, and the
    discrepancies there.

    Belongs into the transaction that changed the facts. Returns the number of rows written.
    """
    book = Book(connection, catalogue)
    by_period: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for area_id, period_id, indicator_id in touched:
        by_period[period_id][0].add(area_id)
        by_period[period_id][1].update(book.dependents(indicator_id))
    written = 0
    for period_id, (areas, indicators) in sorted(by_period.items()):
        for tier in book.tiers(areas):
            rows = book.rows(tier, period_id, sorted(indicators), book.stored_children)
            _replace(connection, tier, period_id, sorted(indicators), rows)
            discrepancies.refresh(connection, tier, period_id, sorted(indicators))
            written += len(rows)
    return written


def rebuild_all(connection: sa.Connection, catalogue: Catalogue | None = None) -> int:
    """Computes every row anew from the facts; returns how many there are."""
    connection.execute(sa.delete(rollup))
    connection.execute(sa.delete(discrepancy))
    return refresh(connection, touched_by(connection), catalogue)


def keep_with_rules(connection: sa.Connection, catalogue: Catalogue) -> None:
    """Computes the rows anew when the catalogue adds up by other rules than those they were made by."""
    digest = rules_digest(catalogue)
    if connection.scalar(sa.select(store_state.c.rules_digest)) != digest:
        rebuild_all(connection, catalogue)
        connection.execute(sa.update(store_state).values(rules_digest=digest, revision=store_state.c.revision + 1))


def rules_digest(catalogue: Catalogue) -> str:
    """A digest of everything in the catalogue that sums depend on."""
    rules = sorted(
        (one.code, one.aggregation.value, str(one.multiplier), one.numerator or "", one.denominator or "",
         "level" in one.dims, one.levels)
        for one in catalogue.indicators
    )  # fmt: skip
    return hashlib.sha256(repr((DERIVED, rules)).encode()).hexdigest()


def touched_by(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> set[Touched]:
    """The cells of the facts that meet the conditions (default: of all current facts)."""
    where = conditions or (observation.c.valid_to.is_(None),)
    query = sa.select(observation.c.area_id, observation.c.period_id, observation.c.indicator_id).where(*where)
    return {
        (area_id, period_id, indicator_id) for area_id, period_id, indicator_id in connection.execute(query.distinct())
    }


def recompute(connection: sa.Connection, catalogue: Catalogue | None = None) -> Iterable[tuple[int, Rows]]:
    """Period by period every row as it should be, from the facts alone, without writing (for verify)."""
    book = Book(connection, catalogue)
    by_period: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for area_id, period_id, indicator_id in touched_by(connection):
        by_period[period_id][0].add(area_id)
        by_period[period_id][1].update(book.dependents(indicator_id))
    for period_id, (areas, indicators) in sorted(by_period.items()):
        rows: Rows = {}
        for tier in book.tiers(areas):
            rows.update(book.rows(tier, period_id, sorted(indicators), _from_memory(rows, book.dims)))
        yield period_id, rows


def _from_memory(rows: Rows, dims: DimBook) -> Outer:
    def children(unit_ids: Sequence[int], _period_id: int, _indicators: Sequence[int]) -> Iterable[Finished]:
        wanted = set(unit_ids)
        for (_, indicator_id, _, key, unit_id), cell in rows.items():
            if unit_id in wanted:
                yield unit_id, indicator_id, *dims.split(key), cell

    return children


class DimBook:
    """Sets of dims: id to text, text to level and rest."""

    def __init__(self, connection: sa.Connection) -> None:
        columns = (dim_set.c.id, dim_set.c.key, dim_set.c.level, dim_set.c.rest)
        found = connection.execute(sa.select(*columns)).all()
        self.keys: dict[int, str] = {number: key for number, key, _, _ in found}
        self.ids: dict[str, int] = {key: number for number, key, _, _ in found}
        self._split: dict[str, tuple[str | None, str]] = {key: (level, rest) for _, key, level, rest in found}
        self._joined: dict[tuple[str | None, str], str] = {parts: key for key, parts in self._split.items()}

    def split(self, key: str) -> tuple[str | None, str]:
        return self._split[key]

    def join(self, level: str | None, rest: str) -> str:
        if (level, rest) not in self._joined:
            key = join_level(level, rest)
            self._joined[level, rest] = key
            self._split[key] = (level, rest)
        return self._joined[level, rest]


@dataclass
class Book:
    """What a refresh knows beforehand: the tree, the catalogue's rules, the sets of dims."""

    connection: sa.Connection
    catalogue: Catalogue | None = None

    @cached_property
    def units(self) -> dict[int, Unit]:
        columns = [org_unit.c[name] for name in ("id", "parent_id", "area_id", "kind", "level", "depth")]
        return {row.id: Unit(*row) for row in self.connection.execute(sa.select(*columns))}

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

    def rule(self, indicator_id: int, period_id: int) -> Rule:
        """The rule of an indicator; values of an unknown period are not known to belong together."""
        rule = self.rules[indicator_id]
        return replace(rule, aggregation=Aggregation.NONE) if period_id == self.unknown_period else rule

    def rows(self, areas: Sequence[int], period_id: int, indicators: Sequence[int], outer: Outer) -> Rows:
        """The rows of the areas for one period and some indicators."""
        facts = self._facts(areas, period_id, indicators)
        ruled = ruled_facts(self.connection, areas, period_id, self._with_counts(indicators))
        own = self._own_cells(facts, ruled, period_id, indicators)
        rulings = self._rulings(ruled)
        finished = self._outer_cells(areas, period_id, indicators, outer)
        rows: Rows = {}
        for group in own.keys() | finished.keys():
            area_id, indicator_id, rest = group
            rule = self.rule(indicator_id, period_id)
            mine, others = own.get(group, {}), finished.get(group, {})
            units = self._concerned(area_id, (*mine, *others))
            for unit_id, cells in fold(rule, units, mine, others, rulings.get(group)).items():
                for level, cell in cells.items():
                    rows[area_id, indicator_id, period_id, self.dims.join(level, rest), unit_id] = cell
        return rows

    def _concerned(self, area_id: int, unit_ids: Iterable[int]) -> list[Unit]:
        found: dict[int, Unit] = {}
        for unit_id in unit_ids:
            up: int | None = unit_id
            while up is not None and up not in found and self.units[up].area_id == area_id:
                found[up] = self.units[up]
                up = found[up].parent_id
        return list(found.values())

    def _with_counts(self, indicators: Sequence[int]) -> list[int]:
        """The indicators and the counts that their rates rest on."""
        counts = {part for i in indicators for part in (self.rules[i].numerator, self.rules[i].denominator)}
        return sorted({*indicators, *(part for part in counts if part is not None)})

    def _rulings(self, ruled: RuledByCell) -> dict[tuple[int, int, str], dict[int, dict[str | None, Ruled]]]:
        found: dict[tuple[int, int, str], dict[int, dict[str | None, Ruled]]] = defaultdict(lambda: defaultdict(dict))
        for (area_id, unit_id, indicator_id, dim_id), one in ruled.items():
            level, rest = self.dims.split(self.dims.keys[dim_id])
            found[area_id, indicator_id, rest][unit_id][level] = one
        return found

    def _facts(self, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> FactsByCell:
        wanted = self._with_counts(indicators)
        found: FactsByCell = defaultdict(list)
        for area_id, unit_id, indicator_id, dim_id, *rest in self.connection.execute(
            _FACTS, {"areas": list(areas), "period": period_id, "indicators": wanted}
        ):
            found[area_id, unit_id, indicator_id, dim_id].append(Fact(*rest))
        return found

    def _own_cells(
        self, facts: FactsByCell, ruled: RuledByCell, period_id: int, indicators: Sequence[int]
    ) -> dict[tuple[int, int, str], dict[int, Cells]]:
        strong = {cell: strongest(found) for cell, found in facts.items()}
        counting = {cell: _counting(fact, ruled.get(cell)) for cell, fact in strong.items()}
        places: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
        for area_id, unit_id, indicator_id, dim_id in strong:
            places[indicator_id].add((area_id, unit_id, dim_id))
        own: dict[tuple[int, int, str], dict[int, Cells]] = defaultdict(lambda: defaultdict(dict))
        for indicator_id in indicators:
            rule = self.rule(indicator_id, period_id)
            top, base = rule.numerator or 0, rule.denominator or 0
            counted = places[top] & places[base] if rule.is_rate else set()
            for area_id, unit_id, dim_id in places[indicator_id] | counted:
                fact = strong.get((area_id, unit_id, indicator_id, dim_id))
                upper, lower = (counting.get((area_id, unit_id, i, dim_id)) for i in (top, base))
                cell = own_cell(rule, fact, upper, lower)
                if cell is not None:
                    level, rest = self.dims.split(self.dims.keys[dim_id])
                    own[area_id, indicator_id, rest][unit_id][level] = cell
        return own

    def _outer_cells(
        self, areas: Sequence[int], period_id: int, indicators: Sequence[int], outer: Outer
    ) -> dict[tuple[int, int, str], dict[int, list[Cells]]]:
        above = {area_id for area_id in areas if self.units[area_id].kind in ABOVE_COUNTY}
        children = [unit.id for unit in self.units.values() if unit.parent_id in above]
        cells: dict[tuple[int, int, str], Cells] = defaultdict(dict)
        if children:
            for unit_id, indicator_id, level, rest, cell in outer(children, period_id, indicators):
                cells[unit_id, indicator_id, rest][level] = cell
        found: dict[tuple[int, int, str], dict[int, list[Cells]]] = defaultdict(lambda: defaultdict(list))
        for (unit_id, indicator_id, rest), levels in cells.items():
            parent_id = self.units[unit_id].parent_id or 0
            found[parent_id, indicator_id, rest][parent_id].append(levels)
        return found

    def stored_children(self, unit_ids: Sequence[int], period_id: int, indicators: Sequence[int]) -> Iterable[Finished]:
        """The finished rows of units, from the table."""
        query = sa.select(rollup.c.org_unit_id, rollup.c.indicator_id, rollup.c.dim_set_id, *cell_columns()).where(
            rollup.c.org_unit_id.in_(unit_ids),
            rollup.c.indicator_id.in_(indicators),
            rollup.c.period_id == period_id,
        )
        dims = DimBook(self.connection)  # derived sets of dims may be new
        for unit_id, indicator_id, dim_id, *rest in self.connection.execute(query):
            yield unit_id, indicator_id, *dims.split(dims.keys[dim_id]), Cell(*rest)


def _counting(fact: Fact, ruled: Ruled | None) -> Fact:
    """The count that enters a rate: the one ruled to hold, if one is."""
    return ruled.fact if ruled is not None and ruled.holds_against(fact.value) else fact


FactsByCell = dict[tuple[int, int, int, int], list[Fact]]  # by area, org unit, indicator, dim set
RuledByCell = Mapping[tuple[int, int, int, int], Ruled]

_FACTS = sa.select(
    *(observation.c[name] for name in ("area_id", "org_unit_id", "indicator_id", "dim_set_id", "id", "source_kind",
                                       "value", "numerator", "denominator", "qualifier", "obs_status"))
).where(
    observation.c.area_id.in_(sa.bindparam("areas", expanding=True)),
    observation.c.indicator_id.in_(sa.bindparam("indicators", expanding=True)),
    observation.c.period_id == sa.bindparam("period"),
    observation.c.valid_to.is_(None),
    observation.c.ordinal == 0,
)  # fmt: skip


def cell_columns() -> list[sa.Column[Any]]:
    """The columns of `rollup` in the order of Cell's fields."""
    return [rollup.c[name] for name in _CELL]


def _replace(
    connection: sa.Connection, areas: Sequence[int], period_id: int, indicators: Sequence[int], rows: Mapping[Key, Cell]
) -> None:
    ids = intern_dims(connection, {key for _, _, _, key, _ in rows})
    connection.execute(
        sa.delete(rollup).where(
            rollup.c.area_id.in_(areas), rollup.c.indicator_id.in_(indicators), rollup.c.period_id == period_id
        )
    )
    ready = [
        (area_id, indicator_id, period, ids[key], unit_id, *cell.values())
        for (area_id, indicator_id, period, key, unit_id), cell in rows.items()
    ]
    ready.sort(key=itemgetter(0, 1, 2, 3, 4))
    insert_many(connection, rollup, (*_KEY, *_CELL), ready)
