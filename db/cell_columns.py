"""The cells of a large sheet by columns: numbers as an array, every other value once, however often it stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
_FEW = 1000  # blanks that are sought one after another
_AT_ONCE, _NEAR = 4096, 64  # rows that are put together at once: of many, and around a single one


class CellColumn(Sequence[object]):
    """One column. `numbers` is NaN where no finite float stands, `codes` counts `values` from 0 and is -1 where no other value
    stands; one of both may be None where the column has nothing of it. What neither of them has is blank."""

    __slots__ = ("_known", "codes", "height", "numbers", "values")

    def __init__(self, height: int, numbers: Floats | None, codes: Codes | None, values: Sequence[object]) -> None:
        """Raises ValueError when the arrays are not as high as the column, or a code names no value."""
        if any(part is not None and len(part) != height for part in (numbers, codes)):
            raise ValueError("a column of another height")
        if codes is not None and height and not -1 <= codes.min() <= codes.max() < len(values):
            raise ValueError("a code without a value")
        self.height, self.numbers, self.codes, self.values = height, numbers, codes, values
        self._known: dict[Callable[[Any], object], Bools] = {}

    @classmethod
    def of(cls, cells: Sequence[object], blanks: Sequence[object] = (None,)) -> CellColumn:
        """A column of any hashable values; `blanks` stand for nothing. A float that is not finite is kept as a value."""
        kinds = list(map(type, cells))
        numbers, some, at = None, cells, None
        if float in kinds:
            plain = list(cells)
            if kinds.count(float) < len(plain):
                for n in [n for n, kind in enumerate(kinds) if kind is not float]:
                    plain[n] = np.nan
            numbers = np.array(plain)
            infinite = np.flatnonzero(~np.isfinite(numbers))
            if not len(infinite):
                return cls(len(cells), numbers, None, ())
            numbers[infinite] = np.nan
            at, some = infinite, [cells[n] for n in infinite.tolist()]
        codes, values = _coded(some, blanks, bool in kinds)
        if at is not None:
            few, codes = codes, np.full(len(cells), -1, np.int32)
            codes[at] = few
        return cls(len(cells), numbers, codes if values else None, values)

    def __len__(self) -> int:
        return self.height

    @overload
    def __getitem__(self, at: int) -> object: ...
    @overload
    def __getitem__(self, at: slice) -> list[object]: ...
    def __getitem__(self, at: int | slice) -> object:
        if isinstance(at, slice):
            return self._list(at)
        if self.codes is not None and (code := self.codes[at]) >= 0:
            return self.values[code]
        if self.numbers is not None:
            number = self.numbers.item(at)
            return None if number != number else number
        if not -self.height <= at < self.height:
            raise IndexError(at)
        return None

    def __iter__(self) -> Iterator[object]:
        return iter(self._list(slice(None)))

    def _list(self, at: slice) -> list[object]:
        if self.numbers is None:
            found: list[object] = [None] * len(range(*at.indices(self.height)))
        else:
            some = self.numbers[at]
            found = some.tolist()
            for place in np.flatnonzero(np.isnan(some)).tolist():
                found[place] = None
        if self.codes is not None:
            codes = self.codes[at]
            for place in np.flatnonzero(codes >= 0).tolist():
                found[place] = self.values[codes[place]]
        return found

    @property
    def filled(self) -> Bools:
        """Where something stands."""
        found = np.zeros(self.height, bool) if self.numbers is None else ~np.isnan(self.numbers)
        return found if self.codes is None else found | (self.codes >= 0)

    @property
    def floats(self) -> Floats:
        """The numbers, NaN where none stands."""
        return np.full(self.height, np.nan) if self.numbers is None else self.numbers

    def known(self, test: Callable[[Any], object]) -> Bools:
        """`where` of a test that always gives the same (a function of a module), asked once for good. Not to be changed."""
        if test not in self._known:
            self._known[test] = self.where(test)
        return self._known[test]

    def where(self, test: Callable[[Any], object]) -> Bools:
        """The rows whose value, if it is no finite float, passes a test that is asked once for each value."""
        return self.chosen([bool(test(value)) for value in self.values])

    def chosen(self, passed: Sequence[bool]) -> Bools:
        """The rows whose value, if it is no finite float, is one of those that passed; one is told of each value."""
        if self.codes is None:
            return np.zeros(self.height, bool)
        return np.append(np.array(passed, bool), False)[self.codes]


def _coded(cells: Sequence[object], blanks: Sequence[object], typed: bool) -> tuple[Codes, tuple[object, ...]]:
    """The code of each cell, -1 for `blanks`, and what the codes stand for in the order of its first place. `typed` keeps
    True apart from 1."""
    keys = [(type(cell), cell) if isinstance(cell, int) else cell for cell in cells] if typed else cells
    told: dict[Any, Any] = dict.fromkeys(keys)
    for blank in blanks:
        told.pop(blank, None)
    values = tuple(key[1] if type(key) is tuple else key for key in told) if typed else tuple(told)
    empty = sum(map(keys.count, blanks))
    if len(told) + empty == len(keys) and empty <= _FEW:  # names and codes: each stands once
        return _codes_once(keys, blanks), values
    told.update(zip(told, range(len(told)), strict=True))
    told.update(dict.fromkeys(blanks, -1))
    return np.fromiter(map(told.__getitem__, keys), np.int32, len(keys)), values


def _codes_once(cells: Sequence[object], blanks: Sequence[object]) -> Codes:
    """The codes of cells no two of which are alike but for `blanks`."""
    some = np.ones(len(cells), bool)
    for blank in blanks:
        at = -1
        for _ in range(cells.count(blank)):
            at = cells.index(blank, at + 1)
            some[at] = False
    codes = np.full(len(cells), -1, np.int32)
    codes[some] = np.arange(np.count_nonzero(some))
    return codes


class CellColumns(Sequence[tuple[object, ...]]):
    """The rows of a sheet that is kept by columns; a row is put together each time it is asked for."""

    __slots__ = ("_near", "columns", "height")

    def __init__(self, columns: Sequence[CellColumn], height: int) -> None:
        """Raises ValueError for columns of another height."""
        if any(len(column) != height for column in columns):
            raise ValueError("columns of several heights")
        self.columns, self.height = tuple(columns), height
        self._near: tuple[int, tuple[tuple[object, ...], ...]] = (-1, ())  # rows are asked for one after another

    @classmethod
    def of(cls, rows: Sequence[Sequence[object]], blanks: Sequence[object] = (None,)) -> CellColumns:
        """From rows of one length."""
        return cls([CellColumn.of(cells, blanks) for cells in zip(*rows, strict=True)], len(rows))

    @property
    def width(self) -> int:
        return len(self.columns)

    def __len__(self) -> int:
        return self.height

    @overload
    def __getitem__(self, at: int) -> tuple[object, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[object, ...], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[Any, ...]:
        if isinstance(at, slice):
            columns = [column[at] for column in self.columns]
            return tuple(zip(*columns, strict=True)) if columns else ((),) * len(range(*at.indices(self.height)))
        part, place = divmod(range(self.height)[at], _NEAR)
        first, rows = self._near
        if first != part:
            rows = self[part * _NEAR : (part + 1) * _NEAR]
            self._near = part, rows
        return rows[place]

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return chain.from_iterable(self[start : start + _AT_ONCE] for start in range(0, self.height, _AT_ONCE))

    def __eq__(self, other: object) -> bool:
        """Whether the same cells stand there, in whatever form."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == tuple(theirs) for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def columns_of(cells: Sequence[Sequence[object]]) -> CellColumns:
    """The cells of a sheet by columns; rows may be of several lengths."""
    if isinstance(cells, CellColumns):
        return cells
    width = max(map(len, cells), default=0)
    rows = [row if len(row) == width else (*row, *[None] * (width - len(row))) for row in cells]
    return CellColumns.of(rows) if width else CellColumns((), len(rows))
