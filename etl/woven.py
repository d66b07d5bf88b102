"""Observations of rows that are alike, made when they are read, woven into those that were looked at one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar, overload

import numpy as np
import numpy.typing as npt

from db.observed import ColumnarObservations, ObservationColumn
from db.records import Observation, SourceKind
from etl.sheets.sequence import Made, Spots, parts_of
from etl.types import Mention

T = TypeVar("T")
S = TypeVar("S")
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_AT_ONCE = 4096  # places that are looked up at once


@dataclass(frozen=True, slots=True)
class Quiet:
    """Rows of a long table about which nothing is to be said but that a unit is unknown: units, each stated once. Of the
    mentions of `made` the first is the `first` of the file; `rows` says which rows are meant, `units` whom each is about:
    a unit of the store, or, as a number below 0, the one that `strangers` proposes (-1 the first)."""

    made: Made
    spots: Spots
    first: int
    rows: Bools
    units: Ints
    strangers: Sequence[str] = ()

    @property
    def told(self) -> Bools:
        """Which mentions stand in the rows, in columns that are made by their model."""
        return self.spots.modelled_in(self.rows)

    def mentions(self, numbers: Sequence[int]) -> Iterator[Mention]:
        """The mentions of some numbers."""
        return self.spots.alike.made_at(self.spots.rows[numbers], self.spots.cols[numbers])

    def units_of(self, numbers: Sequence[int]) -> Iterator[int | None]:
        """The units of the store that some mentions are about."""
        return (unit if unit > 0 else None for unit in self.units[self.spots.rows[numbers]].tolist())

    def firsts_of_strangers(self) -> Iterator[tuple[int, Mention]]:
        """Of each row of an unknown unit the first mention, with its number in the file."""
        rows = self.spots.rows
        first = np.ones(len(rows), bool)
        first[1:] = rows[1:] != rows[:-1]
        numbers = np.flatnonzero(first & (self.units[rows] < 0) & self.told)
        return zip((numbers + self.first).tolist(), self.mentions(numbers.tolist()), strict=True)

    def observations(self, numbers: Sequence[int]) -> Iterator[Observation]:
        """The observations of some mentions."""
        alike, rows, cols = self.spots.alike, self.spots.rows[numbers], self.spots.cols[numbers]
        places = (array.tolist() for array in (rows, cols, alike.kinds[rows], self.units[rows], alike.at(rows, cols)))
        for n, col, kind, unit, number in zip(*places, strict=True):
            model, value = alike.models[kind, col], alike.value(number)
            proof = alike.proof(value, f"{alike.letters[col]}{alike.rows[n].index + 1}", model.evidence)
            whom = (unit, None) if unit > 0 else (None, self.strangers[-unit - 1])
            yield Observation(
                model.indicator, model.period, model.dims, value.number, model.unit, proof, SourceKind.SHEET, *whom
            )


class Woven(Sequence[T]):
    """What was kept of a file, in its order: `single` by their place among the mentions, the rest of `quiet` rows made by
    `make` from their numbers. A thing is made anew each time it is asked for."""

    def __init__(
        self, single: Mapping[int, T], quiet: Sequence[Quiet], make: Callable[[Quiet, Sequence[int]], Iterator[T]]
    ) -> None:
        self._single, self._quiet, self._make = single, quiet, make
        self._ends = [each.first + len(each.made) for each in quiet]
        places = [np.flatnonzero(each.told) + each.first for each in quiet]
        told = np.concatenate([np.fromiter(single, np.int64, len(single)), *places])
        self.places: Ints = np.sort(told, kind="stable")  # mostly in order already

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return tuple(self._made(self.places[at]))
        return next(self._made(self.places[range(len(self.places))[at], None]))

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(
            self._made(self.places[start : start + _AT_ONCE]) for start in range(0, len(self), _AT_ONCE)
        )

    def without(self, left_out: Sequence[Bools]) -> tuple[list[int], list[T]]:
        """The numbers of those that stand in none of the rows left out (by quiet table), and they themselves."""
        numbers = self._outside(left_out)
        return numbers.tolist(), list(self._made(self.places[numbers]))

    def _outside(self, left_out: Sequence[Bools]) -> Ints:
        dull = np.zeros(len(self.places), bool)
        for each, end, rows in zip(self._quiet, self._ends, left_out, strict=True):
            inside = slice(*np.searchsorted(self.places, (each.first, end)).tolist())
            dull[inside] = each.spots.modelled_in(rows)[self.places[inside] - each.first]
        return np.flatnonzero(~dull)

    def _made(self, places: Ints) -> Iterator[T]:
        """What stands at some places, which rise."""
        return self._of(places, self._single, self._make)

    def _of(
        self, places: Ints, single: Mapping[int, S], make: Callable[[Quiet, Sequence[int]], Iterator[S]]
    ) -> Iterator[S]:
        """Something of each of what stands at some places, which rise."""
        bounds = [0, *np.searchsorted(places, self._ends).tolist()]
        for quiet, start, end in zip(self._quiet, bounds[:-1], bounds[1:], strict=True):
            own = places[start:end].tolist()
            made = make(quiet, [place - quiet.first for place in own if place not in single])
            for place in own:
                yield single[place] if place in single else next(made)
        yield from map(single.__getitem__, places[bounds[-1] :].tolist())


class WovenObservations(Woven[Observation], ColumnarObservations):
    """The observations of a file."""

    def __init__(self, single: Mapping[int, Observation], quiet: Sequence[Quiet]) -> None:
        super().__init__(single, quiet, Quiet.observations)
        self._columns: list[ObservationColumn] | None = None

    def columns(self) -> list[ObservationColumn]:
        """The columns of the quiet rows."""
        if self._columns is None:
            self._columns = [column for quiet in self._quiet for column in self._columns_of(quiet)]
        return self._columns

    def chosen(self, numbers: Ints) -> list[Observation]:
        return list(self._made(self.places[numbers]))

    def units_without(self, left_out: Sequence[Bools]) -> list[int | None]:
        """The org units of those that stand in none of the rows left out."""
        single = {place: one.org_unit_id for place, one in self._single.items()}
        return list(self._of(self.places[self._outside(left_out)], single, Quiet.units_of))

    def _columns_of(self, quiet: Quiet) -> Iterator[ObservationColumn]:
        told, spots = np.flatnonzero(quiet.told), quiet.spots
        rows, cols, kinds = spots.rows[told], spots.cols[told], spots.alike.kinds[spots.rows[told]]
        numbers = np.searchsorted(self.places, told + quiet.first)
        alike = spots.alike
        for (kind, col), model in alike.models.items():
            alone = (cols == col) & (kinds == kind)
            for known in (True, False):
                own = alone & ((quiet.units[rows] > 0) == known)
                if not own.any():
                    continue
                units = quiet.units[rows[own]]
                yield ObservationColumn(
                    model.indicator, model.period, model.dims, model.unit, units if known else -1 - units, numbers[own],
                    alike.at(rows[own], cols[own]), alike.rows_of_sheet(rows[own]) + 1, alike.letters[col], model.evidence,
                    alike.said, () if known else quiet.strangers,
                )  # fmt: skip


def looked_at(mentions: Sequence[Mention], quiet: Sequence[Quiet]) -> Iterator[tuple[int, Mention]]:
    """The mentions that stand in no quiet row, each with its number."""
    if not quiet:
        yield from enumerate(mentions)
        return
    known = {one.first: one for one in quiet}
    first = 0
    for part in parts_of(mentions):
        one = known.get(first)
        places = range(len(part)) if one is None else np.flatnonzero(~one.told).tolist()
        for place in places:
            yield first + place, part[place]
        first += len(part)


def kept_without(kept: Sequence[T], left_out: Sequence[Bools]) -> tuple[Sequence[int], Sequence[T]]:
    """Of what was kept of a file that which stands in none of the rows left out, with its numbers."""
    return kept.without(left_out) if isinstance(kept, Woven) else (range(len(kept)), kept)


def places_of(kept: Sequence[object], numbers: Sequence[int]) -> Sequence[int]:
    """The places among the mentions of a file of some of what was kept of it."""
    return kept.places[list(numbers)].tolist() if isinstance(kept, Woven) else numbers


def units_without(kept: Sequence[Observation], left_out: Sequence[Bools]) -> Sequence[int | None]:
    """The org units of the observations that stand in none of the rows left out."""
    if isinstance(kept, WovenObservations):
        return kept.units_without(left_out)
    return [one.org_unit_id for one in kept]
