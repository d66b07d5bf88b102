"""Status by change: how good a unit is and where it is going, in one of 25 cells (California School Dashboard)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pages.analysis.display import rounded

Colour = Literal["red", "orange", "yellow", "green", "blue", "none"]
FEWEST = 30  # people, below which a unit has no colour
FEWEST_UNITS = 5  # that cut points can be taken from
COARSE = 150  # people, below which the two outer columns of change are not told apart
# rows: status from worst to best; columns: change from much worse to much better
COLOURS: tuple[tuple[Colour, ...], ...] = (
    ("red", "red", "red", "orange", "yellow"),
    ("red", "orange", "orange", "yellow", "yellow"),
    ("orange", "orange", "yellow", "green", "green"),
    ("orange", "yellow", "green", "green", "blue"),
    ("yellow", "green", "blue", "blue", "blue"),
)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Fixed cut points of an indicator and phase, in the unit of the value; every row and column is closed upwards.

    `status`: four ascending bounds, the largest value of each of the first four bands. `small` and `large`: the least
    change (one decimal) that counts as a change and as a large change. `polarity`: `higher` or `lower` is good.
    """

    status: tuple[float, float, float, float]
    small: float
    large: float
    polarity: Literal["higher", "lower"]


def base_cuts(
    values: Sequence[float], changes: Sequence[float], polarity: Literal["higher", "lower"], decimals: int = 1
) -> Cuts:
    """Cut points from the units of a base year: fifths of their values; the quartile and the nine-tenths point of the
    size of their changes. Keep them for later years: with moving cuts nobody could improve. Needs five values.

    No bound is as high as the highest value, which many units may share (100 %): it belongs to the outermost band."""
    if len(values) < FEWEST_UNITS or not len(changes):
        raise ValueError("cut points need at least five units and one change")
    step = 10.0**-decimals
    printed = sorted({float(rounded(float(each), decimals)) for each in values})
    highest = printed[-2] if len(printed) > 1 else printed[0] - (step if polarity == "higher" else 0.0)
    fifths = np.quantile(values, [0.2, 0.4, 0.6, 0.8])
    bounds = [min(highest, float(rounded(float(each), decimals))) for each in fifths]
    sizes = np.quantile(np.abs(changes), [0.25, 0.9])
    small, large = (max(step, float(rounded(float(each), decimals))) for each in sizes)
    return Cuts((bounds[0], bounds[1], bounds[2], bounds[3]), small, max(large, small + step), polarity)


def fixed_cuts(
    history: pd.DataFrame, codes: Sequence[str], polarity: Literal["higher", "lower"], decimals: int = 1
) -> tuple[Cuts, str] | None:
    """Cut points from the first period in which at least five units have both a value and a change, and that period;
    None where there is none. Later periods leave them as they are.

    `history` has period, value and change, one row per unit and period; `codes` are the periods, oldest first.
    """
    usable = history.dropna(subset=["value", "change"])
    for code in codes:
        rows = usable[usable["period"] == code]
        if len(rows) >= FEWEST_UNITS:
            return base_cuts(rows["value"].tolist(), rows["change"].tolist(), polarity, decimals), code
    return None


def place(frame: pd.DataFrame, cuts: Cuts, decimals: int = 1) -> pd.DataFrame:
    """Row (0 worst .. 4 best), column (0 much worse .. 4 much better) and colour of each unit (same index).

    Needs value, change and denominator. Values and changes are rounded to what is printed before they are placed, so
    that the colour never contradicts the text. Without value or change, or with fewer than 30 people: -1, -1, none;
    under 150 people the outer columns are folded into their neighbours.
    """
    numbers = frame[["value", "change", "denominator"]].astype(float).to_numpy()
    found = [_placed(value, change, people, cuts, decimals) for value, change, people in numbers]
    return pd.DataFrame(found, columns=["row", "column", "colour"], index=frame.index)


def _placed(value: float, change: float, people: float, cuts: Cuts, decimals: int) -> tuple[int, int, Colour]:
    if any(pd.isna(each) for each in (value, change, people)) or people < FEWEST:
        return -1, -1, "none"
    row, column = status(value, cuts, decimals), direction(change, cuts, decimals)
    if people < COARSE:
        column = min(3, max(1, column))
    return row, column, COLOURS[row][column]


def status(value: float, cuts: Cuts, decimals: int = 1) -> int:
    """The band of a value, 0 (worst) to 4 (best); where bounds coincide the better one."""
    printed = float(rounded(value, decimals))
    band = int(np.searchsorted(cuts.status, printed, side="left"))
    if cuts.polarity == "lower":
        return 4 - band
    return max([band, *(n for n, bound in enumerate(cuts.status) if bound == printed)])


def direction(change: float, cuts: Cuts, decimals: int = 1) -> int:
    """The band of a change, 0 (much worse) to 4 (much better); 2 is about the same."""
    size = float(rounded(change, decimals))
    step = (abs(size) >= cuts.small) + (abs(size) >= cuts.large)
    good = (size > 0) == (cuts.polarity == "higher")
    return 2 + step if good else 2 - step
