"""What each step added to a number, as it is printed: the printed parts add up to the printed whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from pages.analysis.display import rounded


def amounts(states: Sequence[float | None], decimals: int, *, from_nothing: bool = False) -> list[Decimal | None]:
    """The difference of each printed state to the printed state before it; None for the first one, and where one of both
    is missing. Rounding the differences themselves would leave a remainder that nobody can explain. `from_nothing`: a
    missing first state counts as 0, as of a sum to which nobody has added yet."""
    printed = [None if state is None or state != state else rounded(state, decimals) for state in states]
    if printed and printed[0] is None and from_nothing:
        printed[0] = Decimal(0)
    found: list[Decimal | None] = [None]
    for before, after in pairwise(printed):
        found.append(None if before is None or after is None else after - before)
    return found[: len(printed)]
