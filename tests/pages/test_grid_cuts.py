"""Cut points of the grid of status and change: fixed by one period, no unit at the best value in a middle band."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pages.analysis import grid


def test_the_highest_value_is_never_in_a_middle_band() -> None:
    cuts = grid.base_cuts([90.0, 95.0, 98.3, *[100.0] * 9], [0.5] * 4, "higher")
    assert grid.status(100.0, cuts) == 4
    assert grid.status(98.3, cuts) < 4
    assert grid.status(90.0, cuts) == 0
    alike = grid.base_cuts([100.0] * 6, [0.0] * 4, "higher")
    assert (grid.status(100.0, alike), grid.status(99.0, alike)) == (4, 0)
    none = grid.base_cuts([0.0] * 6, [0.0] * 4, "lower")
    assert (grid.status(0.0, none), grid.status(0.5, none)) == (4, 0)


def test_bounds_have_the_decimals_of_the_indicator() -> None:
    cuts = grid.base_cuts([0.01, 0.02, 0.04, 0.07, 0.12], [0.01, 0.03], "lower", 2)
    assert cuts.status[0] < 0.05
    assert (cuts.small, cuts.large) == (0.02, 0.03)
    assert [grid.status(value, cuts, 2) for value in (0.01, 0.12)] == [4, 0]


def test_cut_points_come_from_the_first_period_that_has_enough_units() -> None:
    rows = [(unit, year, 90.0 + unit, 1.0 if year != "A" else np.nan) for year in "ABC" for unit in range(6)]
    history = pd.DataFrame(rows, columns=["unit", "period", "value", "change"])
    found = grid.fixed_cuts(history, ["A", "B", "C"], "higher")
    assert found is not None
    assert found[1] == "B"
    assert grid.fixed_cuts(history, ["A"], "higher") is None
    assert grid.fixed_cuts(history[history["unit"] < 4], ["A", "B", "C"], "higher") is None
