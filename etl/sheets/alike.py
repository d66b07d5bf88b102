"""Rows of a long table that differ in nothing but the unit and the numbers: what they share is worked out once for each
kind of row and each column, and only the place, the unit and the number are put in for the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from db.records import Evidence, Qualifier
from db.records import Role as SheetRole
from etl.sheets.cells import CellValue, Kind, read_cell
from etl.sheets.mentions import mention_of, part_of
from etl.types import Mention

if TYPE_CHECKING:
    from etl.sheets.bulk import Bulk

_LARGEST = 1e15  # beyond it a number is printed with an exponent
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Alike:
    """`kinds` number the kind of each row, -1 for one that is like no other; `columns` are those whose cells of a row
    that has a kind are made by the model of (kind, column). What stands in other columns is read by itself."""

    def __init__(
        self, bulk: Bulk, rule: str, shown: Mapping[int, npt.NDArray[np.uint8]], told_of: Sequence[int], alone: set[int]
    ) -> None:
        """`shown` are by column the rows that hold a value, `told_of` the columns of indicators among them, `alone` the
        rows that were read by themselves."""
        self._bulk, self._rule = bulk, rule
        self.sheet, self.rows = bulk.sheet, bulk.rows
        self.name = bulk.sheet.grid.sheet
        self.shown = {col: mask > 0 for col, mask in shown.items()}
        self.kinds = self._numbered(alone)
        self.letters = {col: bulk.sheet.grid.address(0, col)[:-1] for col in shown}
        self._cells: dict[float, CellValue] = {}  # of the many counts that stand in many cells
        self.models: dict[tuple[int, int], Mention] = {}
        self._only_numbers(shown)
        self.columns = self._modelled(set(told_of))
        self.others = {bulk.plans[col].indicator for col in told_of if col not in self.columns}

    def numbers(self, col: int) -> Floats:
        """The numbers of a column, row by row; NaN where none stands."""
        return self._bulk.numbers(col)

    def line(self, n: int) -> str:
        """What stands together in a row."""
        return f"{self.name}{('row', self.rows[n].index, None)}"

    def made(self, n: int, col: int) -> Mention | None:
        """The mention of a cell of a row; None where it is read by itself."""
        if self.kinds[n] < 0 or col not in self.columns:
            return None
        return next(self.made_at(np.array([n]), np.array([col])))

    def made_at(self, rows: npt.NDArray[np.int64], cols: npt.NDArray[np.int64]) -> Iterator[Mention]:
        """The mentions of cells that are made by their models."""
        places = (array.tolist() for array in (rows, cols, self.kinds[rows], self.at(rows, cols)))
        for n, col, kind, number in zip(*places, strict=True):
            model, row, value = self.models[kind, col], self.rows[n], self.value(number)
            proof = self.proof(value, f"{self.letters[col]}{row.index + 1}", model.evidence)
            yield Mention(
                model.indicator, value.number, model.unit, proof, model.dims, row.entity, row.code, model.scope,
                model.period, line=self.line(n),
            )  # fmt: skip

    def at(self, rows: npt.NDArray[np.int64], cols: npt.NDArray[np.int64]) -> Floats:
        """The numbers of some cells."""
        found = np.empty(len(rows))
        for col in np.unique(cols).tolist():
            own = cols == col
            found[own] = self.sheet.column(col).floats[self._bulk.at[rows[own]]]
        return found

    def rows_of_sheet(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Where rows stand in the sheet, from 0."""
        return self._bulk.at[rows]

    def said(self, number: float) -> tuple[float, str]:
        """What a cell that holds a number says: its value and its text."""
        value = self.value(number)
        assert value.number is not None
        return float(value.number), value.text

    def value(self, number: float) -> CellValue:
        """What a cell that holds a number is read as, worked out once."""
        found = self._cells.get(number)
        if found is None:
            found = self._cells[number] = read_cell(number)
        return found

    def proof(self, value: CellValue, address: str, shared: Evidence) -> Evidence:
        """The proof of a value; the model's own says what all have in common."""
        return Evidence(
            value.text, shared.rule, shared.rule_version, shared.confidence, f"{self.name}!{address}", None, None, None,
            None, self.name, address,
        )  # fmt: skip

    def _numbered(self, alone: set[int]) -> npt.NDArray[np.int32]:
        kinds = np.full(len(self.rows), -1, np.int32)
        if self.sheet.grid.address_style != "A1":
            return kinds
        places = np.array([n for n in range(len(self.rows)) if n not in alone], np.int64)
        rows = [self.rows[n] for n in places.tolist()]
        same = (map(id, map(attrgetter(name), rows)) for name in ("dims", "label"))
        told = self._bulk.all_told([row.entity for row in rows])
        numbers: dict[tuple[object, ...], int] = defaultdict(count().__next__)
        like = zip(*same, map(attrgetter("period", "month", "day", "part"), rows), told, strict=True)
        kinds[places] = np.fromiter(map(numbers.__getitem__, like), np.int32, len(rows))
        return kinds

    def _only_numbers(self, shown: Mapping[int, npt.NDArray[np.uint8]]) -> None:
        """A row with a typed empty or another text is like no other."""
        for col in shown:
            plain = np.abs(self.numbers(col)) < _LARGEST
            self.kinds[self.shown[col] & ~plain] = -1

    def _modelled(self, told_of: set[int]) -> frozenset[int]:
        found = set()
        for col, shown in self.shown.items():
            models = self._models(col, shown, mention_of if col in told_of else part_of)
            if models is not None:
                self.models |= models
                found.add(col)
        return frozenset(found)

    def _models(self, col: int, shown: Bools, made: Callable[..., Mention]) -> dict[tuple[int, int], Mention] | None:
        numbers = self.numbers(col)
        models = {}
        for kind in np.unique(self.kinds[shown & (self.kinds >= 0)]).tolist():
            rows = np.flatnonzero(shown & (self.kinds == kind))
            telling = rows[numbers[rows] != 0]  # nought is nought in any unit
            model = self._model(int((telling if telling.size else rows)[0]), col, made)
            if model is None:
                return None
            models[kind, col] = model
        return models

    def _model(self, n: int, col: int, made: Callable[..., Mention]) -> Mention | None:
        """A mention that others may be made like; None for rates, scaled counts and what is not told by the row alone."""
        row, column = self.rows[n], self._bulk.columns[col]
        plain = row.entity is not None and column.entity is None and not (row.total or row.redacted or row.cohort)
        if not plain or self._bulk.plans[col].pair is not None:
            return None
        fact = self._bulk.fact(n, col)
        model = made(self.sheet, fact, self._rule)
        exact = model.qualifier is Qualifier.EXACT and model.role is SheetRole.UNIT and model.value == fact.cell.number
        alone = model.numerator is None and model.denominator is None and model.entity == row.entity
        told = model.line == self.line(n) and model.unit not in ("percent", "permille") and not model.sums_dims
        return model if exact and alone and told and fact.cell.kind is Kind.NUMBER else None
