"""Cells by columns are the same cells."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from db import cell_columns
from db.blocks import grid_from_json, grid_to_json
from db.cell_columns import CellColumn, CellColumns, columns_of
from db.records import Grid

COLUMNS: dict[str, list[object]] = {
    "numbers": [1.0, 2.5, -0.0, 1e300],
    "words": ["甲", "乙", "甲", "1"],
    "mixed": [1.0, "1", True, 1],
    "days": [date(2024, 9, 1), datetime(2024, 9, 1), None, date(2024, 9, 1)],
    "truths": [True, 1, False, 0],
    "names": ["甲", None, "乙", ""],
    "blank": [None, None, None, None],
    "gaps": [None, 3.0, None, "—"],
}


@pytest.mark.parametrize("cells", COLUMNS.values(), ids=COLUMNS)
def test_a_column_gives_back_what_it_was_made_of(cells: list[object]) -> None:
    column = CellColumn.of(cells)
    assert [(type(value), value) for value in column] == [(type(value), value) for value in cells]
    assert [column[n] for n in range(4)] == cells
    assert column[-1] == cells[-1]
    assert column[1:3] == cells[1:3]
    assert column[::-2] == cells[::-2]
    assert column.filled.tolist() == [value is not None for value in cells]
    assert [None if value != value else value for value in column.floats.tolist()] == [
        value if type(value) is float else None for value in cells
    ]
    with pytest.raises(IndexError):
        column[4]


@pytest.mark.parametrize("few", [0, 1000])
def test_values_that_stand_once_are_numbered_as_any_others(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(cell_columns, "_FEW", few)
    column = CellColumn.of(["", "甲", None, True, 1, "", "乙"], ("", None))
    assert column.codes is not None
    assert column.codes.tolist() == [-1, 0, -1, 1, 2, -1, 3]
    assert [repr(value) for value in column.values] == ["'甲'", "True", "1", "'乙'"]


def test_a_test_is_asked_once_for_each_value() -> None:
    asked: list[object] = []

    def is_one(value: object) -> bool:
        asked.append(value)
        return value == "甲"

    assert CellColumn.of(["甲", 1.0, "乙", "甲", None]).where(is_one).tolist() == [True, False, False, True, False]
    assert asked == ["甲", "乙"]
    assert not CellColumn.of([1.0]).where(is_one).any()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
@pytest.mark.parametrize("beside", [1.0, "甲"])
def test_a_number_without_end_is_kept_beside_the_numbers(number: float, beside: object) -> None:
    column = CellColumn.of([beside, number, None])
    assert [repr(value) for value in column] == [repr(beside), repr(number), "None"]
    assert not np.isinf(column.floats).any()
    assert column.filled.tolist() == [True, True, False]


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError):
        CellColumn(2, np.zeros(3), None, ())
    with pytest.raises(ValueError):
        CellColumn(1, None, np.array([1], np.int32), ("甲",))
    with pytest.raises(ValueError):
        CellColumns([CellColumn.of([1.0])], 2)


def test_rows_are_put_together_again() -> None:
    rows = tuple(zip(*(cells * 50 for cells in COLUMNS.values()), strict=True))
    cells = CellColumns.of(rows)
    assert len(cells) == len(rows)
    assert cells == rows
    assert tuple(cells) == rows
    assert cells[3] == rows[3]
    assert cells[-1] == rows[-1]
    assert cells[5:140:7] == rows[5:140:7]
    assert cells != rows[1:]
    with pytest.raises(IndexError):
        cells[len(rows)]
    assert len(CellColumns((), 3)[1:]) == 2


def test_rows_of_several_lengths() -> None:
    cells = columns_of((("甲",), (), ("乙", 1.0)))
    assert cells == (("甲", None), (None, None), ("乙", 1.0))
    assert columns_of(cells) is cells
    assert columns_of(()).width == 0


def test_a_grid_by_columns_is_stored_as_any_grid() -> None:
    rows = tuple(zip(*COLUMNS.values(), strict=True))
    grid = Grid("表", CellColumns.of(rows))
    assert grid == Grid("表", rows)
    assert grid_to_json(grid) == grid_to_json(Grid("表", rows))
    assert grid_from_json(grid_to_json(grid)) == grid
