"""From a value to the records it rests on, however many sums lie between: the walk that mirrors how values add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pandas as pd

Key = tuple[int, str, str, str]  # unit id, indicator code, period code, dims key


@dataclass(frozen=True, slots=True)
class Held:
    """What stands at a place: the record that states it, if one does, and whether it enters a sum."""

    record: int | None
    adds: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything a walk may meet. `children` of a unit; `counts` of a rate: the codes of its numerator and
    denominator; `parts` of a dims key: the ways to make it up of the same unit's others, the best first."""

    held: Mapping[Key, Held]
    children: Callable[[int], Sequence[int]]
    counts: Mapping[str, tuple[str, ...]]
    parts: Callable[[str], Sequence[Sequence[str]]]


def held(cells: pd.DataFrame, rates: Iterable[str]) -> dict[Key, Held]:
    """The places of a frame of cells (columns of queries.cells); `rates` are codes that add by their counts."""
    of_counts = set(rates)
    names = ["org_unit_id", "indicator", "period", "dims", "observation_id", "value", "numerator", "denominator"]
    found = {}
    for unit, code, period, dims, record, value, top, base, qualifier in cells[[*names, "qualifier"]].itertuples(
        index=False, name=None
    ):
        rate = code in of_counts
        adds = pd.notna(top) and pd.notna(base) and base > 0 if rate else pd.notna(value) and qualifier != "range"
        found[int(unit), str(code), str(period), str(dims)] = Held(None if pd.isna(record) else int(record), bool(adds))
    return found


def records_of(key: Key, stock: Stock) -> tuple[int, ...]:
    """The ids of the records that a value rests on, in order, each once; empty where the place holds nothing.

    A record of its own ends the walk; else the children that add; else the levels that make up its own; else, of a
    rate, the counts of the unit itself.
    """
    return tuple(sorted(set(_walk(key, stock))))


def _walk(key: Key, stock: Stock) -> Iterator[int]:
    unit, code, period, dims = key
    place = stock.held.get(key)
    if place is None:
        return
    if place.record is not None:
        yield place.record
        return
    for steps in (
        [(child, code, period, dims) for child in stock.children(unit)],
        *([(unit, code, period, part) for part in way] for way in stock.parts(dims)),
        [(unit, count, period, dims) for count in stock.counts.get(code, ())],
    ):
        adding = [step for step in steps if (met := stock.held.get(step)) is not None and met.adds]
        if adding:
            for step in adding:
                yield from _walk(step, stock)
            return


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers as a bureau lists them, runs of three and more drawn together: `3, 7-12, 20`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(part for run in runs for part in _spelled(run))


def _spelled(run: Sequence[int]) -> list[str]:
    return [f"{run[0]}-{run[-1]}"] if len(run) > 2 else [str(each) for each in run]


class Age(NamedTuple):
    """What became of the numbers that a link showed: how many there were, and how many of them are others now, are gone,
    and have come since."""

    shown: int
    replaced: int
    withdrawn: int
    added: int

    @property
    def state(self) -> Literal["current", "replaced", "withdrawn"]:
        """`withdrawn` where none of the numbers is left, `current` where each of them still stands."""
        if self.shown and self.withdrawn == self.shown:
            return "withdrawn"
        return "replaced" if self.replaced or self.withdrawn else "current"


def age(shown: int, differing: pd.DataFrame) -> Age:
    """The age of `shown` numbers of which those in `differing` (columns `then` and `now`, missing where there was or is no
    value) are others now."""
    was, stands = differing["then"].notna(), differing["now"].notna()
    return Age(shown, int((was & stands).sum()), int((was & ~stands).sum()), int((~was & stands).sum()))
