"""The tested course: which arrow it has, and which changes it lends a colour to."""

from __future__ import annotations

import pytest

from pages.ui import courses


@pytest.mark.parametrize(
    ("course", "direction", "expected"),
    [
        ("better", "higher", "↑"),
        ("better", "lower", "↓"),
        ("worse", "higher", "↓"),
        ("jump_worse", "lower", "↑"),
        ("rising", "none", "↑"),
        ("jump_falling", "none", "↓"),
        ("steady", "higher", "→"),
        ("uneven", "higher", ""),
        ("unknown", "higher", ""),
        ("better", "none", ""),
    ],
)
def test_the_arrow_shows_which_way_the_values_went(course: str, direction: str, expected: str) -> None:
    assert courses.arrow(course, direction) == expected


@pytest.mark.parametrize(
    ("course", "direction", "change", "expected"),
    [
        ("worse", "higher", -1.1, True),
        ("worse", "higher", 1.1, False),
        ("better", "lower", -0.1, True),
        ("steady", "higher", -5.0, False),
        ("unknown", "higher", 5.0, False),
        ("better", "higher", None, False),
        ("better", "higher", 0.0, False),
    ],
)
def test_a_change_deserves_a_colour_only_where_it_goes_the_way_of_a_tested_course(
    course: str, direction: str, change: float | None, expected: bool
) -> None:
    assert courses.tested(course, direction, change) is expected
