"""The cells of places that are nothing but sums of the schools below them, column by column for whole counties at once.

That is what nearly all places are. A place that states something itself, about which a person ruled, or that has finished cells
of other areas below it is folded cell by cell (`db.fold`), with all that belongs to its group: an area, an indicator and
the dims beside the level. Both ways give the same; tests/db/test_place_sums.py holds them against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from db.book import Book
from db.bulk import insert_columns
from db.catalogue.model import Aggregation
from db.cell_counts import as_one
from db.copying import Words
from db.fold import Cell, Rule
from db.records import ObsStatus, Qualifier
from db.schema import rollup
from db.school_cells import LEVELS, OTHER, UP, Bools, Columns, Floats, Ints, Own, none_or

Group = tuple[int, int, str]  # area, indicator, dims key without the level


@dataclass(slots=True)
class Sums(Columns):
    """Cells of places; `rate`: the quotient of the sums of numerators and denominators, elsewhere these are NaN."""

    area: Ints
    indicator: Ints
    dim: Ints  # id of the set of dims, below 0 where the store does not have it yet
    unit: Ints
    value: Floats
    numerator: Floats
    denominator: Floats
    n_units: Ints
    rate: Bools

    def cells(self) -> Iterator[tuple[tuple[int, int, int, int], Cell]]:
        """(area, indicator, set of dims, unit) and the cell there."""
        places = zip(self.area.tolist(), self.indicator.tolist(), self.dim.tolist(), self.unit.tolist(), strict=True)
        told = (
            self.value.tolist(),
            self.numerator.tolist(),
            self.denominator.tolist(),
            self.n_units.tolist(),
            self.rate.tolist(),
        )
        for place, (value, top, base, n, rate) in zip(places, zip(*told, strict=True), strict=True):
            yield place, Cell(value, none_or(top), none_or(base), n, _METHODS[rate])


_METHODS = ("summed", "computed")


def no_sums() -> Sums:
    """No cells at all."""
    ids, numbers = np.zeros(0, np.int64), np.zeros(0, np.float64)
    return Sums(ids, ids, ids, ids, numbers, numbers, numbers, ids, np.zeros(0, np.bool_))


def in_groups(book: Book, own: Own, groups: Collection[Group]) -> Bools:
    """Which cells belong to groups that are folded cell by cell: those given, and those with a level that nothing is derived
    from or a rate without a base."""
    rest = book.all_units.rest[own.dim]
    _, first, back = np.unique(as_one((own.area, own.indicator, rest)), return_index=True, return_inverse=True)
    texts = book.all_units.rests
    places = zip(own.area[first].tolist(), own.indicator[first].tolist(), rest[first].tolist(), strict=True)
    chosen = np.array([(area, code, texts[number]) in groups for area, code, number in places], np.bool_)
    odd = (book.all_units.level[own.dim] == OTHER) | (own.denominator <= 0)
    chosen[back[odd]] = True
    found: Bools = chosen[back]
    return found


def place_sums(book: Book, own: Own, rules: Mapping[int, Rule]) -> Sums:
    """The cells of all places above some cells of schools that add, within their areas."""
    place = book.parents[own.unit]
    adding = np.array([number for number, rule in rules.items() if rule.aggregation is not Aggregation.NONE], np.int64)
    own = own.take((place > 0) & np.isin(own.indicator, adding))
    if not len(own):
        return no_sums()
    rates = np.array([number for number, rule in rules.items() if rule.is_rate], np.int64)
    found = _Adding(
        own.area, own.indicator, own.dim, book.parents[own.unit], np.ones(len(own), np.int64), own.value,
        np.nan_to_num(own.numerator), np.nan_to_num(own.denominator),
    )  # fmt: skip
    found = _with_levels_above(book, found.added_up(), rules)
    steps = [found]
    while len(found):
        found = found.take(book.parents[found.unit] > 0)
        found.unit = book.parents[found.unit]
        steps.append(found)
    return _finished(_joined(steps).added_up(), rules, rates)


@dataclass(slots=True)
class _Adding(Columns):
    area: Ints
    indicator: Ints
    dim: Ints
    unit: Ints
    n_units: Ints
    value: Floats
    numerator: Floats
    denominator: Floats

    def added_up(self) -> _Adding:
        """One row for each place, in the order of the keys."""
        keys = (self.area, self.indicator, self.dim, self.unit)
        _, first, back = np.unique(as_one(keys), return_index=True, return_inverse=True)
        n, value, top, base = (
            np.bincount(back, part, len(first)).astype(np.float64)
            for part in (self.n_units, self.value, self.numerator, self.denominator)
        )
        area, indicator, dim, unit = (key[first] for key in keys)
        return _Adding(area, indicator, dim, unit, n.astype(np.int64), value, top, base)


def _joined(parts: Collection[_Adding]) -> _Adding:
    arrays: list[Any] = [np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Adding)]
    return _Adding(*arrays)


def _with_levels_above(book: Book, found: _Adding, rules: Mapping[int, Rule]) -> _Adding:
    """The cells, and the same once more at the levels above."""
    lookup = book.all_units
    leveled = np.isin(found.indicator, [number for number, rule in rules.items() if rule.has_levels])
    level = lookup.level[found.dim]
    parts = [found]
    for number in np.unique(level).tolist():
        for flag in (False, True):
            for up in UP[flag][number]:
                above: _Adding = found.take((level == number) & (leveled == flag))
                rests, back = np.unique(lookup.rest[above.dim], return_inverse=True)
                dims = [book.dims.number(LEVELS[up], lookup.rests[rest]) for rest in rests.tolist()]
                above.dim = np.array(dims, np.int64)[back]
                parts.append(above)
    return _joined(parts)


def _finished(found: _Adding, rules: Mapping[int, Rule], rates: Ints) -> Sums:
    rate = np.isin(found.indicator, rates)
    codes, back = np.unique(found.indicator, return_inverse=True)
    multiplier = np.array([rules[code].multiplier for code in codes.tolist()], np.float64)[back]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(rate, multiplier * found.numerator / found.denominator, found.value)
    top, base = (np.where(rate, part, np.nan) for part in (found.numerator, found.denominator))
    return Sums(found.area, found.indicator, found.dim, found.unit, value, top, base, found.n_units, rate)


def write_sums(book: Book, sums: Sums, period_id: int, ids: Mapping[str, int]) -> None:
    """Adds the cells to the rollups; `ids` are those of all sets of dims."""
    numbers, back = np.unique(sums.dim, return_inverse=True)
    dims = np.array([ids[book.dims.keys[number]] for number in numbers.tolist()], np.int64)
    insert_columns(book.connection, rollup, {
        "area_id": sums.area, "indicator_id": sums.indicator, "period_id": period_id,
        "dim_set_id": dims[back] if len(back) else back, "org_unit_id": sums.unit, "value": sums.value,
        "numerator": sums.numerator, "denominator": sums.denominator, "n_units": sums.n_units,
        "method": Words(sums.rate.astype(np.int64), _METHODS), "obs_status": ObsStatus.NORMAL.value,
        "qualifier": Qualifier.EXACT.value,
    }, len(sums))  # fmt: skip
