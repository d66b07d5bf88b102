"""Which cells of a public table are hidden so that no child can be told from them (statistics E9)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import pandas as pd

Reason = Literal["", "small", "secondary"]
LEAST = 5  # a count of 1 to 4 is hidden
BASE = 10  # a base below is hidden, with whatever rests on it


def suppress(
    frame: pd.DataFrame, groups: Sequence[Sequence[str]], *, least: int = LEAST, base: int = BASE
) -> pd.Series:
    """Why each cell is hidden: "" (shown), `small`, or `secondary` (hidden so that a small one cannot be worked out).

    `frame` has `numerator` (for a plain count the count itself) and `denominator` (nan for a plain count), one row per
    cell. `groups` are the additive groups whose totals are printed: each a list of columns, rows that agree in them add
    up to one total (schools of a district in a year; years of a school are no group). Inside each group, if exactly one
    cell is hidden or the hidden ones add up to less than `least`, the next smallest non-zero cell is hidden too;
    repeated over all groups until nothing changes. A true zero with a large base is shown. Rates, intervals, ranks and
    downloads of a hidden cell are hidden by the caller.
    """
    count, people = frame["numerator"].astype(float), frame["denominator"].astype(float)
    small = (count.gt(0) & count.lt(least)) | (people.gt(0) & people.lt(base))
    reason = pd.Series("", index=frame.index, dtype=object).mask(small, "small")
    parts = [rows.index for group in groups for _, rows in frame.groupby(list(group), sort=False, dropna=False)]
    changed = True
    while changed:
        changed = False
        for rows in parts:
            victim = next_victim(count.loc[rows], reason.loc[rows], least)
            if victim is not None:
                reason.at[victim] = "secondary"
                changed = True
    return reason


def next_victim(count: pd.Series, reason: pd.Series, least: int) -> Hashable | None:
    """The label of the cell to be hidden next in a group, None when the group is safe or has nothing left.

    `count` and `reason` are those of the cells of one additive group; a missing count hides nothing."""
    hidden = reason != ""
    if not hidden.any() or (hidden.sum() > 1 and count[hidden].sum() >= least):
        return None
    open_cells = count[~hidden & count.notna()]
    candidates = open_cells[open_cells > 0] if (open_cells > 0).any() else open_cells
    return None if candidates.empty else candidates.idxmin()


def end_coded(value: float, people: float) -> tuple[str, float] | None:
    """How a share (percent) near its ends is published for a base: (">=" or "<=", limit), None when as it is.

    300 people and more 99/1, 100 to 299 98/2, 40 to 99 and fewer 95/5 (Utah's method): with few children 100 % says
    of each one what he or she has.
    """
    margin = 1 if people >= 300 else 2 if people >= 100 else 5
    if value >= 100 - margin:
        return ">=", 100.0 - margin
    return ("<=", float(margin)) if value <= margin else None
