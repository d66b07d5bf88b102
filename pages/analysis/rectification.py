"""How many of the problems that inspections found were rectified: pure counts of a frame of findings."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of findings. `open` counts those said to be open and those of which nobody says they were mended."""

    total: int
    rectified: int
    unstated: int
    overdue: int

    @property
    def open(self) -> int:
        return self.total - self.rectified

    @property
    def share(self) -> float | None:
        """Rectified findings over all, in percent; None when there are none."""
        return 100 * self.rectified / self.total if self.total else None


def is_overdue(frame: pd.DataFrame, today: date) -> pd.Series:
    """Which findings are not rectified past their day (columns `state`, `due_on`)."""
    return (frame["state"] != "rectified") & (frame["due_on"] < pd.Timestamp(today))


def tally(frame: pd.DataFrame, today: date) -> Tally:
    """The counts of a frame of findings (columns `state`, `due_on`)."""
    states = frame["state"].value_counts()
    return Tally(
        len(frame), int(states.get("rectified", 0)), int(states.get("unstated", 0)), int(is_overdue(frame, today).sum())
    )


def tallies(frame: pd.DataFrame, by: str, today: date) -> dict[Hashable, Tally]:
    """The counts by the values of a column, most open ones first."""
    held = {key: tally(part, today) for key, part in frame.groupby(by, sort=False)}
    return dict(sorted(held.items(), key=lambda pair: (-pair[1].open, -pair[1].total)))
