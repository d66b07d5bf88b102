"""Printed parts of a change add up to the printed whole, whatever the rounding."""

from __future__ import annotations

import random
from decimal import Decimal

from pages.analysis.display import rounded
from pages.analysis.steps import amounts


def test_parts_add_up_to_the_whole() -> None:
    rng = random.Random(3)
    for _ in range(500):
        states = [rng.uniform(0, 100) for _ in range(rng.randint(2, 9))]
        decimals = rng.randint(0, 3)
        parts = [part for part in amounts(states, decimals) if part is not None]
        assert sum(parts) == rounded(states[-1], decimals) - rounded(states[0], decimals)


def test_where_rounding_the_parts_themselves_would_leave_a_remainder() -> None:
    assert amounts([98.04, 98.08, 98.12], 1) == [None, Decimal("0.1"), Decimal("0.0")]


def test_a_missing_state_has_no_difference() -> None:
    nan = float("nan")
    assert amounts([nan, 95.0, None, 96.0, 97.5], 1) == [None, None, None, None, Decimal("1.5")]
    assert amounts([None, 350.0], 0, from_nothing=True) == [None, Decimal(350)]
    assert amounts([], 1) == []
