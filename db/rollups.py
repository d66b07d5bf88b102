"""The rollup table: reads facts of the touched areas, folds them (db.fold), writes the rows that pages read.

An area is a county with everything below it, or one unit above the counties, or one outside the tree.
Areas are refreshed from the counties up: a city reads its counties' finished rows, never their facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import numpy as np
import sqlalchemy as sa

from db import cell_counts, discrepancies
from db.book import Book
from db.bulk import insert_many
from db.catalogue import Catalogue
from db.catalogue.model import Aggregation
from db.cell_counts import Counts, as_one, counted
from db.cell_rows import cell_rows, with_levels_above
from db.fold import CELL_FIELDS, Cell, Cells, Ruled, Unit, fold
from db.interning import intern_dims, split_level
from db.locks import refuse_locked
from db.org import ABOVE_COUNTY
from db.place_sums import Group, Sums, in_groups, no_sums, place_sums, write_sums
from db.reference import rules_digest
from db.schema import cell_count, observation, rollup, store_state
from db.schema_claims import discrepancy
from db.school_cells import LEVELS, UP, Bools, Ints, Own, cells_of, level_number, own_cells
from db.statements import in_scope
from db.written import Written

Touched = tuple[int, int, int]  # area, period, indicator
Key = tuple[int, int, int, str, int]  # area, indicator, period, dims key, org unit
Rows = dict[Key, Cell]
Finished = tuple[int, int, str | None, str, Cell]  # org unit, indicator, level, remaining dims, cell
Outer = Callable[[Sequence[int], int, Sequence[int]], Iterable[Finished]]
RuledByCell = Mapping[tuple[int, int, int, int], Ruled]

_KEY = ("area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id")


def refresh(
    connection: sa.Connection,
    touched: Iterable[Touched],
    catalogue: Catalogue | None = None,
    written: Mapping[int, Written] = MappingProxyType({}),
) -> int:
    """Recomputes the rows of the touched cells, of the rates that rest on them and of all units above, the numbers of
    units that have values, and the discrepancies there.

    Belongs into the transaction that changed the facts. Raises db.locks.Locked where they are of a locked period.
    Facts `written` (by period) are not read again. Returns the number of rows written.
    """
    touched = list(touched)
    refuse_locked(connection, ((area_id, period_id) for area_id, period_id, _ in touched))
    areas = frozenset(area_id for area_id, _, _ in touched)
    return _refreshed(Book(connection, catalogue, written, areas), touched)


def _refreshed(book: Book, touched: Iterable[Touched]) -> int:
    connection, rows = book.connection, 0
    for period_id, areas, indicators in _by_period(book, touched):
        tiers = book.tiers(areas)
        everything = [area_id for some in tiers for area_id in some]
        before = cell_counts.held(connection, everything, period_id, indicators)
        for some in tiers:
            tier = rows_of(book, some, period_id, indicators, _stored_children(connection, book.catalogue))
            rows += _replace(tier, some, indicators)
            elsewhere = book.told_elsewhere(some, period_id)
            if elsewhere:
                discrepancies.refresh(connection, elsewhere, period_id, indicators)
        cell_counts.add_up(connection, everything, period_id, indicators, before)
    return rows


def _by_period(book: Book, touched: Iterable[Touched]) -> list[tuple[int, set[int], list[int]]]:
    found: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for area_id, period_id, indicator_id in touched:
        found[period_id][0].add(area_id)
        found[period_id][1].update(book.dependents(indicator_id))
    return [(period_id, areas, sorted(indicators)) for period_id, (areas, indicators) in sorted(found.items())]


def _stored_children(connection: sa.Connection, catalogue: Catalogue | None) -> Outer:
    def children(unit_ids: Sequence[int], period_id: int, indicators: Sequence[int]) -> Iterable[Finished]:
        for row in cell_rows(connection, unit_ids, indicators, [period_id], catalogue=catalogue):
            yield row.org_unit_id, row.indicator_id, *split_level(row.dims), row.cell

    return children


def rebuild_all(connection: sa.Connection, catalogue: Catalogue | None = None) -> int:
    """Computes every row anew from the facts; returns how many there are."""
    connection.execute(sa.delete(rollup))
    connection.execute(sa.delete(cell_count))
    connection.execute(sa.delete(discrepancy))
    return _refreshed(Book(connection, catalogue), touched_by(connection))


def keep_with_rules(connection: sa.Connection, catalogue: Catalogue) -> None:
    """Computes the rows anew when the catalogue adds up by other rules than those they were made by."""
    digest = rules_digest(catalogue)
    if connection.scalar(sa.select(store_state.c.rules_digest)) != digest:
        rebuild_all(connection, catalogue)
        connection.execute(sa.update(store_state).values(rules_digest=digest, revision=store_state.c.revision + 1))


def touched_by(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> set[Touched]:
    """The cells of the facts that meet the conditions (default: of all current facts)."""
    where = conditions or (observation.c.valid_to.is_(None),)
    query = sa.select(observation.c.area_id, observation.c.period_id, observation.c.indicator_id).where(*where)
    return {
        (area_id, period_id, indicator_id) for area_id, period_id, indicator_id in connection.execute(query.distinct())
    }


def recompute(connection: sa.Connection, catalogue: Catalogue | None = None) -> Iterable[tuple[int, Rows, Counts]]:
    """Period by period every row as it should be and the numbers of units with values, from the facts alone, without
    writing (for verify)."""
    book = Book(connection, catalogue)
    for period_id, areas, indicators in _by_period(book, touched_by(connection)):
        rows: Rows = {}
        counts: Counts = {}
        for some in book.tiers(areas):
            tier = rows_of(book, some, period_id, indicators, _from_memory(connection, rows, catalogue))
            rows.update(tier.all_rows())
            counts.update(tier.counts())
        yield period_id, rows, counts


def _from_memory(connection: sa.Connection, rows: Rows, catalogue: Catalogue | None) -> Outer:
    """Rows worked out before, and the cells of schools that no row is for."""

    def children(unit_ids: Sequence[int], period_id: int, indicators: Sequence[int]) -> Iterable[Finished]:
        wanted = set(unit_ids)
        known = set()
        for (_, indicator_id, _, key, unit_id), cell in rows.items():
            if unit_id in wanted:
                known.add((unit_id, indicator_id))
                yield unit_id, indicator_id, *split_level(key), cell
        for row in cell_rows(connection, unit_ids, indicators, [period_id], catalogue=catalogue):
            if (row.org_unit_id, row.indicator_id) not in known:
                yield row.org_unit_id, row.indicator_id, *split_level(row.dims), row.cell

    return children


def rows_of(book: Book, areas: Sequence[int], period_id: int, indicators: Sequence[int], outer: Outer) -> Tier:
    """What stands in the areas for one period and some indicators."""
    book = book.in_period(period_id)
    facts = book.facts_in(areas, period_id, indicators)
    ruled = book.ruled_in(areas, period_id, indicators)
    by_cell = {(unit_id, indicator_id, dim_id): one for (_, unit_id, indicator_id, dim_id), one in ruled.items()}
    own = own_cells(facts, book.rules_in(period_id, indicators), by_cell)
    kept = _kept_apart(book, own, {place[:2] for place in by_cell}, (areas, period_id, indicators))
    tier = Tier(book, period_id, own, kept.folded, kept.stored)
    finished = _outer_cells(book, areas, period_id, indicators, outer)
    own_of = _by_group(book, own.take(kept.folded))
    rulings = _rulings(book, ruled)
    adding: Own = own.take(~kept.folded & own.adds)
    odd = in_groups(book, adding, own_of.keys() | finished.keys() | rulings.keys())
    tier.sums = place_sums(book, adding.take(~odd), book.rules_in(period_id, np.unique(adding.indicator).tolist()))
    _add_sums(book, adding.take(odd), finished, period_id)
    for group in own_of.keys() | finished.keys():
        area_id, indicator_id, rest = group
        mine, others = own_of.get(group, {}), finished.get(group, {})
        units = _concerned(book, area_id, (*mine, *others))
        rule = book.rule(indicator_id, period_id)
        for unit_id, cells in fold(rule, units, mine, others, rulings.get(group)).items():
            for level, cell in cells.items():
                tier.rows[area_id, indicator_id, period_id, book.dims.join(level, rest), unit_id] = cell
    return tier


@dataclass(frozen=True, slots=True)
class _Kept:
    """Which own cells are folded one by one, and which of the others are stored although they follow from the facts."""

    folded: Bools
    stored: Bools


def _kept_apart(
    book: Book, own: Own, ruled: set[tuple[int, int]], scope: tuple[Sequence[int], int, Sequence[int]]
) -> _Kept:
    """Places are folded, and schools that state several levels of a thing; of a school is stored what something else
    is said about: by another source, a former statement, its own counts or a ruling. `ruled` are units and indicators."""
    group = book.all_units.groups(own)
    _, back, count = np.unique(group, return_inverse=True, return_counts=True)
    folded = ~book.plain_schools[own.unit] | (count[back] > 1)
    for unit_id, indicator_id in ruled:
        folded |= (own.unit == unit_id) & np.isin(own.indicator, sorted(book.dependents(indicator_id)))
    others = _said_besides(book, own, scope)
    stored = (own.several | ~np.isnan(own.stated) | others) & ~folded
    return _Kept(folded, stored)


def _said_besides(book: Book, own: Own, scope: tuple[Sequence[int], int, Sequence[int]]) -> Bools:
    """Of which cells a former or a second statement is in the store, at whatever level."""
    found = book.said_besides(*scope)
    if not found:
        return np.zeros(len(own), bool)
    lookup = book.all_units
    said = np.array([tuple(row) for row in found], np.int64)
    units = int(max(own.unit.max(initial=0), said[:, 0].max())) + 1
    rests = len(lookup.rests) + 1

    def key(unit: Ints, indicator: Ints, dim: Ints) -> Ints:
        number: Ints = (indicator * rests + lookup.rest[dim]) * units + unit
        return number

    return np.isin(key(own.unit, own.indicator, own.dim), key(said[:, 0], said[:, 1], said[:, 2]))


@dataclass(slots=True)
class Tier:
    """The cells of some areas, one period and some indicators: `rows` are those of places and schools that are folded,
    `sums` those of places that only add up; `own` holds all own cells, of which those `stored` have rows too."""

    book: Book
    period_id: int
    own: Own
    folded: Bools
    stored: Bools
    rows: Rows = field(default_factory=dict)
    sums: Sums = field(default_factory=no_sums)

    def all_rows(self) -> Rows:
        """Every row that the table holds."""
        return {**self.place_rows(), **self.stored_rows()}

    def place_rows(self) -> Rows:
        """The rows of places, and of schools that are folded."""
        keys = self.book.dims.keys
        added = {
            (area, code, self.period_id, keys[dim], unit): cell for (area, code, dim, unit), cell in self.sums.cells()
        }
        return {**self.rows, **added}

    def stored_rows(self) -> Rows:
        """The rows of schools that are not folded."""
        found: Rows = {}
        keys = self.book.dims.keys
        for own in with_levels_above(self.book, self.book.all_units, self.own.take(self.stored)):
            columns = (
                own.area.tolist(),
                own.indicator.tolist(),
                own.period.tolist(),
                own.dim.tolist(),
                own.unit.tolist(),
            )
            for (area_id, indicator_id, period_id, dim, unit_id), cell in zip(
                zip(*columns, strict=True), cells_of(own), strict=True
            ):
                found[area_id, indicator_id, period_id, keys[dim], unit_id] = cell
        return found

    def counts(self) -> Counts:
        """How many units have values."""
        units = self.book.units
        rows = [
            (area_id, indicator_id, key, unit_id, units[unit_id].is_school)
            for (area_id, indicator_id, _, key, unit_id), cell in self.rows.items()
            if cell.value is not None
        ]
        schools = list(with_levels_above(self.book, self.book.all_units, self.own.take(~self.folded)))
        places = np.column_stack((self.sums.area, self.sums.indicator, self.sums.dim, self.sums.unit))
        return counted(schools, rows, self.book.dims.keys, self.period_id, places)


def _by_group(book: Book, own: Own) -> dict[Group, dict[int, Cells]]:
    """Cells one by one: by area, indicator and dims beside the level, then by unit and level."""
    found: dict[Group, dict[int, Cells]] = defaultdict(lambda: defaultdict(dict))
    places = (own.area.tolist(), own.unit.tolist(), own.indicator.tolist(), own.dim.tolist(), cells_of(own))
    for area_id, unit_id, indicator_id, dim_id, cell in zip(*places, strict=True):
        level, rest = book.dims.split(book.dims.keys[dim_id])
        found[area_id, indicator_id, rest][unit_id][level] = cell
    return found


def _add_sums(book: Book, own: Own, finished: dict[Group, dict[int, list[Cells]]], period_id: int) -> None:
    """Adds to each place the sums of the plain schools directly below it, one set of cells for each level stated."""
    parent = book.parents[own.unit]
    own, parent = own.take(parent > 0), parent[parent > 0]
    if not len(own):
        return
    place_of = (parent, own.indicator, own.dim)
    _, one_of, back = np.unique(as_one(place_of), return_index=True, return_inverse=True)
    found = np.column_stack([part[one_of] for part in place_of])
    n, value, top, base = (
        np.bincount(back, weights, len(found)).tolist() for weights in (None, own.value, own.numerator, own.denominator)
    )
    for place, (parent_id, indicator_id, dim_id) in enumerate(found.tolist()):
        rule = book.rule(indicator_id, period_id)
        if rule.aggregation is Aggregation.NONE:
            continue
        cell = Cell(value[place], n_units=n[place], method="summed")
        if rule.is_rate:
            parts = top[place], base[place]
            cell = Cell(rule.multiplier * parts[0] / parts[1] if parts[1] else None, *parts, n[place], "computed")
        level, rest = book.dims.split(book.dims.keys[dim_id])
        above = UP[rule.has_levels][level_number(level)]
        cells = {level: cell, **{LEVELS[up]: cell for up in above}}
        finished[book.units[parent_id].area_id, indicator_id, rest][parent_id].append(cells)


def _concerned(book: Book, area_id: int, unit_ids: Iterable[int]) -> list[Unit]:
    found: dict[int, Unit] = {}
    for unit_id in unit_ids:
        up: int | None = unit_id
        while up is not None and up not in found and book.units[up].area_id == area_id:
            found[up] = book.units[up]
            up = found[up].parent_id
    return list(found.values())


def _rulings(book: Book, ruled: RuledByCell) -> dict[Group, dict[int, dict[str | None, Ruled]]]:
    found: dict[Group, dict[int, dict[str | None, Ruled]]] = defaultdict(lambda: defaultdict(dict))
    for (area_id, unit_id, indicator_id, dim_id), one in ruled.items():
        level, rest = book.dims.split(book.dims.keys[dim_id])
        found[area_id, indicator_id, rest][unit_id][level] = one
    return found


def _outer_cells(
    book: Book, areas: Sequence[int], period_id: int, indicators: Sequence[int], outer: Outer
) -> dict[Group, dict[int, list[Cells]]]:
    above = {area_id for area_id in areas if book.units[area_id].kind in ABOVE_COUNTY}
    children = [unit.id for unit in book.units.values() if unit.parent_id in above] if above else []
    cells: dict[tuple[int, int, str], Cells] = defaultdict(dict)
    if children:
        for unit_id, indicator_id, level, rest, cell in outer(children, period_id, indicators):
            cells[unit_id, indicator_id, rest][level] = cell
    found: dict[Group, dict[int, list[Cells]]] = defaultdict(lambda: defaultdict(list))
    for (unit_id, indicator_id, rest), levels in cells.items():
        parent_id = book.units[unit_id].parent_id or 0
        found[parent_id, indicator_id, rest][parent_id].append(levels)
    return found


def cell_columns() -> list[sa.Column[Any]]:
    """The columns of `rollup` in the order of Cell's fields."""
    return [rollup.c[name] for name in CELL_FIELDS]


def _replace(tier: Tier, areas: Sequence[int], indicators: Sequence[int]) -> int:
    """Writes the rows and counts of some areas anew; returns how many rows there are."""
    connection, period_id = tier.book.connection, tier.period_id
    rows, counts = {**tier.rows, **tier.stored_rows()}, tier.counts()
    summed = {tier.book.dims.keys[number] for number in np.unique(tier.sums.dim).tolist()}
    keys = summed | {key for _, _, _, key, _ in rows} | {key for _, _, _, key in counts if key is not None}
    ids = intern_dims(connection, keys)
    connection.execute(sa.delete(rollup).where(*in_scope(rollup, areas, period_id, indicators)))
    ready = [
        (area_id, indicator_id, period, ids[key], unit_id, *cell.values())
        for (area_id, indicator_id, period, key, unit_id), cell in rows.items()
    ]
    ready.sort(key=itemgetter(0, 1, 2, 3, 4))
    insert_many(connection, rollup, (*_KEY, *CELL_FIELDS), ready)
    write_sums(tier.book, tier.sums, period_id, ids)
    cell_counts.replace(connection, in_scope(cell_count, areas, period_id, indicators), counts, ids)
    return len(rows) + len(tier.sums)
