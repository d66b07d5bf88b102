"""Where units stand between the worst and the best of their group, every indicator on one scale (Fingertips' spine)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Spine(NamedTuple):
    """The scale of one indicator: the benchmark stands at 0, the end of the group that lies farther from it at -1 or 1,
    better to the right. `worst`, `q1`, `q3` and `best` are places of the group on it."""

    centre: float
    unit: float  # what 1 on the scale is in the indicator's own measure, below 0 where low is good
    worst: float
    q1: float
    q3: float
    best: float

    def place(self, value: float) -> float:
        """Where a value of the indicator stands."""
        return (value - self.centre) / self.unit


def spine(values: npt.ArrayLike, centre: float, *, higher_is_better: bool) -> Spine | None:
    """The scale of a group's values around a benchmark; quartiles count every unit once. None where all values are the
    benchmark itself or there are none."""
    held = np.asarray(values, dtype=float)
    held = held[~np.isnan(held)]
    if not held.size or np.isnan(centre):
        return None
    reach = float(np.abs(held - centre).max())
    if reach == 0:
        return None
    unit = reach if higher_is_better else -reach
    places = np.sort((held - centre) / unit)
    q1, q3 = np.quantile(places, [0.25, 0.75])
    return Spine(centre, unit, float(places[0]), float(q1), float(q3), float(places[-1]))
