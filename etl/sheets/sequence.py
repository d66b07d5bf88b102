"""Mentions that are made when they are read: a long table has more of them than fit into memory comfortably."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt

from etl.types import Mention

if TYPE_CHECKING:
    from etl.sheets.alike import Alike


@dataclass(frozen=True, slots=True)
class Spots:
    """Where the mentions of a long table stand: the row (counted among those of `alike`) and the column of each, row by
    row."""

    alike: Alike
    rows: npt.NDArray[np.int64]
    cols: npt.NDArray[np.int64]

    def modelled_in(self, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which mentions stand in some rows, in columns whose cells are made by a model."""
        known = np.zeros(max(self.alike.columns, default=0) + 1, bool)
        known[list(self.alike.columns)] = True
        found: npt.NDArray[np.bool_] = rows[self.rows]
        found &= known.take(self.cols, mode="clip") & (self.cols < len(known))
        return found


class Made(Sequence[Mention]):
    """`count` mentions, the n-th made by `make(n)` each time it is asked for. `spots` say where they stand; None when they
    are no table's."""

    def __init__(self, count: int, make: Callable[[int], Mention], spots: Spots | None = None) -> None:
        self._count, self._make, self.spots = count, make, spots

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Mention: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mention]: ...
    def __getitem__(self, at: int | slice) -> Mention | Sequence[Mention]:
        if isinstance(at, slice):
            return [self._make(n) for n in range(*at.indices(self._count))]
        place = range(self._count)[at]
        return self._make(place)

    def __iter__(self) -> Iterator[Mention]:
        return map(self._make, range(self._count))

    def one_of_each(self) -> Iterator[Mention]:
        """Mentions that together name every unit: of rows that are alike only the first."""
        if self.spots is None:
            return iter(self)
        rows = self.spots.rows
        first = np.ones(len(rows), bool)
        first[1:] = rows[1:] != rows[:-1]
        return map(self._make, np.flatnonzero(first | (self.spots.alike.kinds[rows] < 0)).tolist())


class Chained(Sequence[Mention]):
    """Several sequences one after another, without copying them."""

    def __init__(self, parts: Sequence[Sequence[Mention]]) -> None:
        self.parts = [part for each in parts for part in parts_of(each) if len(part)]
        self._ends = list(accumulate(len(part) for part in self.parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, at: int) -> Mention: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mention]: ...
    def __getitem__(self, at: int | slice) -> Mention | Sequence[Mention]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        which = next(n for n, end in enumerate(self._ends) if place < end)
        return self.parts[which][place - (self._ends[which - 1] if which else 0)]

    def __iter__(self) -> Iterator[Mention]:
        return chain.from_iterable(self.parts)

    def one_of_each(self) -> Iterator[Mention]:
        return chain.from_iterable(map(one_of_each_unit, self.parts))


def one_of_each_unit(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Mentions that together name every unit that all of them are about, in their order."""
    return mentions.one_of_each() if isinstance(mentions, Made | Chained) else iter(mentions)


def parts_of(mentions: Sequence[Mention]) -> Sequence[Sequence[Mention]]:
    """The sequences that a sequence was joined from."""
    return mentions.parts if isinstance(mentions, Chained) else (mentions,)


def joined_mentions(parts: Sequence[Sequence[Mention]]) -> Sequence[Mention]:
    """The parts as one: a tuple where all of them are in memory anyway."""
    if all(isinstance(part, tuple) for part in parts):
        return tuple(chain.from_iterable(parts))
    return Chained(parts)
