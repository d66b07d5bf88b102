"""Rows of a long table that are alike but for their numbers, and the numbers themselves by columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.checks.points import Line, Point, lines_of, points_of
from etl.sheets.sequence import Made
from etl.sheets.views import View
from etl.woven import Bools, Ints, Quiet

Floats = npt.NDArray[np.float64]
_MOST = 200  # shapes of rows that are looked into; the rows of rarer ones are looked at one by one
_MANY = 2**30  # combinations that are numbered anew before further marks are put to them


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows that are alike but for their numbers: `line` is that of the first of them."""

    quiet: Quiet
    rows: Ints
    line: Line

    def numbers(self, point: Point) -> Floats:
        """The numbers in the place of a point of the line, row by row."""
        assert point.col is not None
        return self.quiet.spots.alike.numbers(point.col)[self.rows]

    def known(self, *points: Point) -> bool:
        """Whether the values of points are the numbers of their cells; those of rates may be scaled."""
        return all(point.col in self.quiet.spots.alike.columns for point in points)

    def all(self) -> Bools:
        return np.ones(len(self.rows), bool)

    def none(self) -> Bools:
        return np.zeros(len(self.rows), bool)


def shapes_of(quiet: Quiet, parts: Made | None) -> tuple[list[Shape], Bools]:
    """The shapes of the quiet rows of a table, and which rows have a rare one. `parts` are the counts without an
    indicator that stand in the same rows."""
    alike = quiet.spots.alike
    rows = np.flatnonzero(quiet.rows)
    inverse, counts = _numbered([alike.kinds[rows], *(shown[rows] for shown in alike.shown.values())])
    common = np.argsort(-counts, kind="stable")[:_MOST]
    rare = np.zeros(len(quiet.rows), bool)
    rare[rows[~np.isin(inverse, common)]] = True
    found = []
    for number in common.tolist():
        own = rows[inverse == number]
        points = [*_points(quiet.made, own[0]), *(_points(parts, own[0]) if parts is not None else ())]
        of_row = list(lines_of(points))
        if len(of_row) == 1:
            found.append(Shape(quiet, own, of_row[0]))
        else:
            rare[own] = True
    return found, rare


def _numbered(marks: Sequence[npt.NDArray[Any]]) -> tuple[Ints, Ints]:
    """The number of each row's combination of marks, and how many rows have it; one column after another, since a sort of
    whole rows costs many times as much."""
    numbers: Ints = np.zeros(len(marks[0]), np.int64)
    for some in marks:
        low = int(some.min(initial=0))
        numbers = numbers * (int(some.max(initial=0)) - low + 1) + (some.astype(np.int64) - low)
        if numbers.max(initial=0) >= _MANY:
            numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
    _, numbers, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    return numbers, counts


def _points(made: Made, row: int) -> list[Point]:
    assert made.spots is not None
    first, end = np.searchsorted(made.spots.rows, (row, row + 1)).tolist()
    return points_of(made[first:end])


def beside_another(quiet: Quiet, views: Sequence[View]) -> bool:
    """Whether another table of the sheet has rows of the same height, so that its numbers stand in the same lines."""
    own = [row.index for row in quiet.spots.alike.rows]
    same = [
        view for view in views
        if view.table.sheet.grid.sheet == quiet.spots.alike.name and view.table.body
        and view.table.body[0] <= own[-1] and own[0] <= view.table.body[-1]
    ]  # fmt: skip
    return len(same) != 1
