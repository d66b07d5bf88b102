"""Mentions that are made when they are read: a long table has more of them than fit into memory comfortably."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import overload

from etl.types import Mention


class Made(Sequence[Mention]):
    """`count` mentions, the n-th made by `make(n)` each time it is asked for. `telling` are those among which every unit
    is that the mentions are about; None when that is not known."""

    def __init__(self, count: int, make: Callable[[int], Mention], telling: Sequence[int] | None = None) -> None:
        self._count, self._make, self._telling = count, make, telling

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
        return iter(self) if self._telling is None else map(self._make, self._telling)


class Chained(Sequence[Mention]):
    """Several sequences one after another, without copying them."""

    def __init__(self, parts: Sequence[Sequence[Mention]]) -> None:
        self._parts = [part for part in parts if len(part)]
        self._ends = list(accumulate(len(part) for part in self._parts))

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
        return self._parts[which][place - (self._ends[which - 1] if which else 0)]

    def __iter__(self) -> Iterator[Mention]:
        return chain.from_iterable(self._parts)

    def one_of_each(self) -> Iterator[Mention]:
        return chain.from_iterable(map(one_of_each_unit, self._parts))


def one_of_each_unit(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Mentions that together name every unit that all of them are about, in their order."""
    return mentions.one_of_each() if isinstance(mentions, Made | Chained) else iter(mentions)


def joined_mentions(parts: Sequence[Sequence[Mention]]) -> Sequence[Mention]:
    """The parts as one: a tuple where all of them are in memory anyway."""
    if all(isinstance(part, tuple) for part in parts):
        return tuple(chain.from_iterable(parts))
    return Chained(parts)
