"""The rows of long tables that need no look of their own: units that the register surely knows or surely does not, each
stated once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from db.records import dims_key
from etl.places import Directory, tidy_name
from etl.sheets.alike import Alike
from etl.sheets.sequence import Made, Spots, parts_of
from etl.types import Mention
from etl.woven import Bools, Ints, Quiet

_ONE = 0  # the number of the period where a row speaks of several


@dataclass(slots=True)
class _Table:
    """A long table while its quiet rows are looked for. `keys` are unit and period of each row as one number."""

    made: Made
    spots: Spots
    first: int
    units: Ints
    rows: Bools
    indicators: frozenset[str]
    periods: Ints

    @property
    def alike(self) -> Alike:
        return self.spots.alike


def quiet_rows(
    mentions: Sequence[Mention],
    directory: Directory,
    unit_of: Callable[[Mention], int | None],
    strangers: Strangers,
) -> list[Quiet]:
    """The quiet rows of each long table. `unit_of` looks up whom any other mention is about: a unit, or the number that
    `strangers` gives its name."""
    numbers: dict[str | None, int] = {}
    first, tables, others = 0, list[_Table](), list[Iterable[Mention]]()
    for part in parts_of(mentions):
        table = (
            _table(part, first, directory, strangers, numbers)
            if isinstance(part, Made) and part.spots is not None
            else None
        )
        if table is not None:
            tables.append(table)
        else:
            others.append(part)
        first += len(part)
    if not tables:
        return []
    for one, other in combinations(tables, 2):
        _apart(one, other)
    _unlike(tables, [mention for part in others for mention in part], unit_of, numbers)
    keys = tuple(strangers.keys)
    return [Quiet(one.made, one.spots, one.first, one.rows, one.units, keys) for one in tables if one.rows.any()]


class Strangers:
    """Names that the register does not know, with numbers below 0; `keys` are those of the units proposed for them."""

    def __init__(self, directory: Directory) -> None:
        self._directory, self.keys = directory, dict[str, int]()

    def number(self, name: str) -> int:
        """The number of a name, whether it is known or not."""
        return self.keys.setdefault(proposed_key(name), -1 - len(self.keys))

    def sure(self, name: str | None, code: str | None) -> int:
        """The number of a name to which no unit answers, at whatever place and day; else 0."""
        return 0 if not name or self._directory.find(name, code).units else self.number(name)


def proposed_key(name: str) -> str:
    """The key of the unit that a draft proposes for a name."""
    return f"proposed:{tidy_name(name)}"


def _table(
    made: Made, first: int, directory: Directory, strangers: Strangers, numbers: dict[str | None, int]
) -> _Table | None:
    assert made.spots is not None
    alike = made.spots.alike
    cols = sorted(alike.columns & set(np.unique(made.spots.cols).tolist()))
    told = {(kind, col): model for (kind, col), model in alike.models.items() if col in cols}
    indicators = frozenset(model.indicator for model in told.values())
    if not cols or indicators & alike.others:
        return None
    rows = (alike.kinds >= 0) & ~_twice_in_row(alike, told)
    if rows.sum() * 2 < len(rows):
        return None
    units = np.fromiter(
        (
            directory.sure(row.entity, row.code) or strangers.sure(row.entity, row.code) if fits else 0
            for row, fits in zip(alike.rows, rows, strict=True)
        ),
        np.int64, len(rows),
    )  # fmt: skip
    rows &= units != 0
    table = _Table(made, made.spots, first, units, rows, indicators, _periods(alike, told, numbers))
    keys = _keys(table)
    found, counts = np.unique(keys[units != 0], return_counts=True)
    table.rows &= ~np.isin(keys, found[counts > 1])
    return table


def _twice_in_row(alike: Alike, told: dict[tuple[int, int], Mention]) -> Bools:
    """The rows in which two columns state the same thing."""
    columns: dict[tuple[int, str, str | None, str], list[int]] = defaultdict(list)
    for (kind, col), model in told.items():
        columns[kind, model.indicator, model.period, dims_key(model.dims)].append(col)
    found = np.zeros(len(alike.rows), bool)
    for (kind, _, _, _), cols in columns.items():
        if len(cols) > 1:
            found |= (alike.kinds == kind) & (np.sum([alike.shown[col] for col in cols], axis=0) > 1)
    return found


def _periods(alike: Alike, told: dict[tuple[int, int], Mention], numbers: dict[str | None, int]) -> Ints:
    """The number of the period that each row speaks of, from 1; `_ONE` everywhere when a row speaks of several."""
    by_kind: dict[int, set[str | None]] = defaultdict(set)
    for (kind, _), model in told.items():
        by_kind[kind].add(model.period)
    known = np.zeros(int(alike.kinds.max()) + 2, np.int64)
    if all(len(periods) == 1 for periods in by_kind.values()):
        for kind, periods in by_kind.items():
            known[kind] = numbers.setdefault(next(iter(periods)), len(numbers) + 1)
    return known[alike.kinds]


_MOST_PERIODS = 10**6


def _keys(table: _Table, alone: bool = False) -> Ints:
    return table.units if alone else table.units * _MOST_PERIODS + table.periods


def _apart(one: _Table, other: _Table) -> None:
    """A unit that two tables state the same thing of is quiet in neither."""
    if not one.indicators & other.indicators:
        return
    alone = not (one.periods.any() and other.periods.any())
    ours, theirs = _keys(one, alone), _keys(other, alone)
    shared = np.intersect1d(ours[one.units != 0], theirs[other.units != 0])
    one.rows &= ~np.isin(ours, shared)
    other.rows &= ~np.isin(theirs, shared)


def _unlike(
    tables: Sequence[_Table],
    mentions: Sequence[Mention],
    unit_of: Callable[[Mention], int | None],
    numbers: dict[str | None, int],
) -> None:
    """A unit of which anything else in the file states the same thing is not quiet."""
    beside = [*mentions, *(mention for table in tables for mention in _loud(table))]
    stated = [(mention.indicator, unit_of(mention), numbers.get(mention.period, -1)) for mention in beside]
    for table in tables:
        alone = not table.periods.any()
        keys = {
            unit if alone else unit * _MOST_PERIODS + period
            for indicator, unit, period in stated
            if unit is not None and indicator in table.indicators
        }
        table.rows &= ~np.isin(_keys(table, alone), np.fromiter(keys, np.int64, len(keys)))


def _loud(table: _Table) -> Iterator[Mention]:
    """What the rows that are not quiet state."""
    for n in np.flatnonzero(~table.rows[table.spots.rows]).tolist():
        yield table.made[n]
