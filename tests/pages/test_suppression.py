"""What a public table hides, and that nothing hidden can be had by subtraction."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.analysis.suppression import end_coded, suppress


def table(numbers: list[tuple[str, str, int]], people: int = 200) -> pd.DataFrame:
    held = pd.DataFrame(numbers, columns=["school", "sex", "numerator"])
    return held.assign(district="east", year="2025", denominator=float(people))


def test_one_hidden_cell_takes_the_next_smallest_with_it() -> None:
    frame = table([("a", "T", 3), ("b", "T", 9), ("c", "T", 7), ("d", "T", 0)])
    assert suppress(frame, [["district", "year"]]).tolist() == ["small", "", "secondary", ""]


def test_hidden_cells_that_add_up_to_less_than_the_least_take_another() -> None:
    frame = table([("a", "T", 1), ("b", "T", 2), ("c", "T", 30)])
    assert suppress(frame, [["district", "year"]]).tolist() == ["small", "small", "secondary"]
    enough = table([("a", "T", 4), ("b", "T", 2), ("c", "T", 30)])
    assert suppress(enough, [["district", "year"]]).tolist() == ["small", "small", ""]


def test_rows_and_columns_are_repeated_until_nothing_can_be_worked_out() -> None:
    frame = table([("a", "M", 2), ("a", "F", 20), ("b", "M", 30), ("b", "F", 25), ("c", "M", 40), ("c", "F", 50)])
    reason = suppress(frame, [["school", "year"], ["sex", "year"]])
    hidden = frame[reason != ""]
    assert len(hidden) == 4
    assert hidden.groupby("school").size().tolist() == [2, 2]
    assert hidden.groupby("sex").size().tolist() == [2, 2]


def test_small_bases_are_hidden_and_a_true_zero_is_not() -> None:
    frame = table([("a", "T", 0), ("b", "T", 8)], people=9).assign(denominator=[200.0, 9.0])
    assert suppress(frame, [["school"]]).tolist() == ["", "small"]


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_no_hidden_cell_can_be_had_by_subtraction(numbers: list[int]) -> None:
    frame = table([(str(n), "T", count) for n, count in enumerate(numbers)])
    reason = suppress(frame, [["district", "year"]])
    hidden = frame.loc[reason != "", "numerator"]
    shown = frame.loc[reason == "", "numerator"]
    assert not ((shown > 0) & (shown < 5)).any()
    assert len(hidden) != 1
    assert hidden.empty or hidden.sum() >= 5 or shown.empty


@pytest.mark.parametrize(
    ("value", "people", "text"),
    [
        (100, 20, (">=", 95)),
        (97, 150, None),
        (98, 150, (">=", 98)),
        (99.4, 400, (">=", 99)),
        (0, 60, ("<=", 5)),
        (50, 20, None),
    ],
)
def test_the_ends_are_published_as_limits(value: float, people: int, text: tuple[str, float] | None) -> None:
    assert end_coded(value, people) == text
