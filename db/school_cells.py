"""What stands for schools, column by column for many at once. Pure arithmetic on arrays, by the rules of `db.fold`.

A school of which one level of a thing is stated has cells that follow from its facts alone: its own, and the same again
at the levels above (CE, ALL). They are worked out when they are read and never stored twice (decision 001).
tests/db/test_school_cells.py holds both ways of computing against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from db.fold import COMPONENTS, COMPULSORY, Cell, Rule, Ruled
from db.records import ObsStatus, Qualifier, SourceKind

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

LEVELS = (None, "KG", "PRI", "JUN", "CE", "SEN", "VOC", "SPE", "ALL")
OTHER = len(LEVELS)  # a level of a name that nothing is derived from
_CE, _ALL = LEVELS.index("CE"), LEVELS.index("ALL")


def level_number(level: str | None) -> int:
    """A level's place in LEVELS; OTHER for any other text."""
    return LEVELS.index(level) if level in LEVELS else OTHER


def _up(level: str | None, has_levels: bool) -> tuple[int, ...]:
    """The levels at which a school's only statement stands again."""
    if level in COMPULSORY:
        return (_CE, _ALL)
    return (_ALL,) if level in COMPONENTS or (level is None and has_levels) else ()


UP = {with_levels: (*(_up(level, with_levels) for level in LEVELS), ()) for with_levels in (False, True)}


@dataclass(slots=True)
class Columns:
    """Arrays of equal length."""

    def take(self, which: Ints | Bools) -> Any:
        """The same columns with the chosen entries."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))


@dataclass(slots=True)
class Facts(Columns):
    """Current facts of ordinal 0; NaN stands for no number."""

    area: Ints
    unit: Ints
    indicator: Ints
    dim: Ints  # id of the set of dims
    period: Ints
    id: Ints
    source: Texts
    value: Floats
    numerator: Floats
    denominator: Floats
    qualifier: Texts
    status: Texts


@dataclass(slots=True)
class Own(Columns):
    """A unit's own cells: what its strongest fact says (one with a value, then the sheet's), and for rates the quotient
    of its numerator and denominator, printed with it or stated at the same place. `computed`: it is such a quotient;
    `stated`: what the unit says itself where that differs; `several`: more than one fact states it; `adds`: it may enter
    a sum. NaN stands for no number, an id of 0 for none."""

    area: Ints
    unit: Ints
    indicator: Ints
    dim: Ints
    period: Ints
    value: Floats
    numerator: Floats
    denominator: Floats
    computed: Bools
    status: Texts
    qualifier: Texts
    observation: Ints
    stated: Floats
    several: Bools
    adds: Bools


def facts_of(rows: Sequence[Sequence[Any]]) -> Facts:
    """Columns of rows in the order of the fields."""
    kinds: list[Any] = [np.int64] * 6 + [np.object_] + [np.float64] * 3 + [np.object_] * 2
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    arrays: list[Any] = [np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)]
    return Facts(*arrays)


def all_facts(parts: Sequence[Facts]) -> Facts:
    """Several facts as one."""
    return Facts(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Facts)))


def own_cells(
    facts: Facts, rules: Mapping[int, Rule], ruled: Mapping[tuple[int, int, int], Ruled] | None = None
) -> Own:
    """The own cells of every unit for the indicators of `rules`, which say how they add in the period of the facts.
    `ruled` are the facts that people ruled to hold, by unit, indicator and set of dims: such a count enters rates."""
    place = _places(facts)
    weak = facts.source != SourceKind.SHEET.value
    order = np.lexsort((weak, np.isnan(facts.value), place, facts.indicator))
    place, indicator = place[order], facts.indicator[order]
    first = np.ones(len(order), bool)
    first[1:] = (place[1:] != place[:-1]) | (indicator[1:] != indicator[:-1])
    starts = np.flatnonzero(first)
    several = np.diff(np.append(starts, len(order))) > 1
    strong: Facts = facts.take(order[starts])
    shelf = _Shelf(strong, place[starts], several, ruled or {})
    parts = [_of_indicator(shelf, rule) for rule in sorted(rules.values(), key=lambda rule: rule.indicator_id)]
    return joined(parts)


def _places(facts: Facts) -> Ints:
    """Period, dims and unit of each fact as one number that sorts like the three."""
    units, dims = (int(column.max(initial=0)) + 1 for column in (facts.unit, facts.dim))
    return (facts.period * dims + facts.dim) * units + facts.unit


class _Shelf:
    """The strongest fact of each cell, by indicator."""

    def __init__(self, facts: Facts, place: Ints, several: Bools, ruled: Mapping[tuple[int, int, int], Ruled]) -> None:
        self.facts, self.place, self.several = facts, place, several
        self.count = np.where(facts.qualifier != Qualifier.RANGE.value, facts.value, np.nan)
        for (unit_id, indicator_id, dim_id), one in ruled.items():
            here = (facts.unit == unit_id) & (facts.indicator == indicator_id) & (facts.dim == dim_id)
            for n in np.flatnonzero(here):
                if not np.isnan(facts.value[n]) and one.holds_against(float(facts.value[n])):
                    told = one.fact
                    exact = told.qualifier != Qualifier.RANGE.value and told.value is not None
                    self.count[n] = told.value if exact else np.nan

    def slice(self, indicator_id: int | None) -> slice:
        if indicator_id is None:
            return slice(0, 0)
        lower, upper = np.searchsorted(self.facts.indicator, (indicator_id, indicator_id + 1))
        return slice(int(lower), int(upper))

    def counts(self, indicator_id: int | None, places: Ints) -> Floats:
        """The exact counts of an indicator at places, NaN where there is none."""
        part = self.slice(indicator_id)
        return _at(self.place[part], self.count[part], places)


def _at(keys: Ints, values: Floats, wanted: Ints) -> Floats:
    """The values at the wanted keys, NaN where there is none; `keys` are sorted."""
    if not len(keys):
        return np.full(len(wanted), np.nan)
    spot = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Floats = np.where(keys[spot] == wanted, values[spot], np.nan)
    return found


def _of_indicator(shelf: _Shelf, rule: Rule) -> Own:
    part = shelf.slice(rule.indicator_id)
    own: Facts = shelf.facts.take(np.arange(part.start, part.stop))
    several = shelf.several[part]
    if not rule.is_rate:
        return _as_stated(own, several)
    stated_at = shelf.place[part]
    top, base = shelf.counts(rule.numerator, stated_at), shelf.counts(rule.denominator, stated_at)
    top, base = (
        np.where(np.isnan(said), counted, said) for said, counted in ((own.numerator, top), (own.denominator, base))
    )
    stated = _rates(own, several, rule, top, base, own.id)
    counted = _only_counted(shelf, rule, stated_at)
    return stated if counted is None else joined([stated, counted])


def _only_counted(shelf: _Shelf, rule: Rule, stated_at: Ints) -> Own | None:
    """The rates that nobody states: of counts that stand at one place."""
    tops, bases = shelf.slice(rule.numerator), shelf.slice(rule.denominator)
    here = shelf.place[tops]
    if not len(here) or bases.start == bases.stop:
        return None
    there = np.isin(here, shelf.place[bases], assume_unique=True) & ~np.isin(here, stated_at, assume_unique=True)
    if not there.any():
        return None
    at: Facts = shelf.facts.take(np.flatnonzero(there) + tops.start)
    none = np.full(len(at), np.nan)
    bare = Facts(
        at.area, at.unit, np.full(len(at), rule.indicator_id), at.dim, at.period, np.zeros(len(at), np.int64),
        at.source, none, none, none, at.qualifier, at.status,
    )  # fmt: skip
    top, base = (shelf.counts(each, here[there]) for each in (rule.numerator, rule.denominator))
    found = _rates(bare, np.zeros(len(at), bool), rule, top, base, bare.id)
    made: Own = found.take(found.computed)
    return made


def _rates(own: Facts, several: Bools, rule: Rule, top: Floats, base: Floats, ids: Ints) -> Own:
    """Rates by their counts where they have both, else as they are stated."""
    computed = ~np.isnan(top) & ~np.isnan(base) & (base != 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(computed, rule.multiplier * top / base, own.value)
    kept = np.where(computed & (own.value != value), own.value, np.nan)
    top, base = np.where(computed, top, np.nan), np.where(computed, base, np.nan)
    status, qualifier = _said(own, computed)
    return Own(
        own.area, own.unit, own.indicator, own.dim, own.period, value, top, base, computed, status, qualifier, ids,
        kept, several, computed,
    )  # fmt: skip


def _as_stated(own: Facts, several: Bools) -> Own:
    there = ~np.isnan(own.value)
    top, base = (np.where(there, each, np.nan) for each in (own.numerator, own.denominator))
    status, qualifier = _said(own, np.zeros(len(own), bool))
    adds = there & (own.qualifier != Qualifier.RANGE.value)
    none = np.full(len(own), np.nan)
    return Own(
        own.area, own.unit, own.indicator, own.dim, own.period, own.value, top, base, np.zeros(len(own), bool), status,
        qualifier, own.id, none, several, adds,
    )  # fmt: skip


def _said(own: Facts, computed: Bools) -> tuple[Texts, Texts]:
    """Status and qualifier of the cells: a computed value is exact, and only a missing one has a status."""
    missing = np.isnan(own.value) & ~computed
    status = np.where(missing, own.status, ObsStatus.NORMAL.value)
    qualifier = np.where(missing | computed, Qualifier.EXACT.value, own.qualifier)
    return status.astype(object), qualifier.astype(object)


def joined(parts: Sequence[Own]) -> Own:
    if not parts:
        return _as_stated(facts_of([]), np.zeros(0, bool))
    return Own(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Own)))


def cells_of(own: Own) -> list[Cell]:
    """Each of the cells as a record."""
    return [
        Cell(
            none_or(value), none_or(top), none_or(base), 0 if value != value else 1, method_of(value, computed), status,
            qualifier, number or None, none_or(stated), number if stated == stated else None,
        )
        for value, top, base, computed, status, qualifier, number, stated in zip(
            own.value.tolist(), own.numerator.tolist(), own.denominator.tolist(), own.computed.tolist(), own.status,
            own.qualifier, own.observation.tolist(), own.stated.tolist(), strict=True,
        )
    ]  # fmt: skip


def none_or(number: float) -> float | None:
    """NaN as None."""
    return number if number == number else None


def method_of(value: float, computed: bool) -> str:
    """How a cell came about."""
    return "computed" if computed else "reported" if value == value else "missing"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Level and rest of sets of dims, and levels of units, by id."""

    level: Ints  # of a set of dims: place in LEVELS
    rest: Ints
    unit_level: Ints
    rests: Sequence[str]

    def groups(self, own: Own) -> Ints:
        """One number per indicator, period, rest and unit: what the levels of a school are derived within."""
        rest = self.rest[own.dim]
        keys = np.stack((own.indicator, own.period, rest, own.unit), axis=1)
        if not len(keys):
            return np.zeros(0, np.int64)
        spans = [int(column.max()) + 1 for column in keys.T]
        found: Ints = ((keys[:, 0] * spans[1] + keys[:, 1]) * spans[2] + keys[:, 2]) * spans[3] + keys[:, 3]
        return found

    def lifted(self, own: Own, has_levels: Mapping[int, bool]) -> Iterable[tuple[int, Ints]]:
        """The cells that stand again above their own level: level number and which."""
        level, of_unit = self.level[own.dim], self.unit_level[own.unit]
        leveled = np.array([has_levels[int(one)] for one in own.indicator], bool)
        compulsory = np.isin(of_unit, [level_number(one) for one in (*COMPULSORY, "CE")])
        for number in np.unique(level):
            for flag in (False, True):
                some = np.flatnonzero((level == number) & (leveled == flag))
                for up in UP[flag][number]:
                    if LEVELS[number] is not None:
                        whole = (
                            compulsory[some]
                            if up == _ALL and number in (_CE, *_COMPULSORY)
                            else of_unit[some] == number
                        )
                        some = some[whole | own.adds[some]]
                    yield up, some


_COMPULSORY = tuple(level_number(one) for one in COMPULSORY)
