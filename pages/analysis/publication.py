"""Which cells of units side by side may be told to the public: small numbers, and those that would give them away."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from pages.analysis.suppression import LEAST, Reason, end_coded, next_victim, suppress

LARGE = 300  # people, from which on 100 % says nothing of each one
_TOGETHER = ["indicator", "dims", "period"]


def hidden(cells: pd.DataFrame, counted_by: Mapping[str, str]) -> pd.Series:
    """Why each cell is hidden ("" where it is shown; see suppression.suppress), of units of which the sum is printed too.

    `cells` has one row per unit, indicator, dims and period with `value`, `numerator` and `denominator`; a row without
    counts that is no rate is a plain count. Both sides of a proportion are looked at: two children without a vaccination
    are told by the 98 who have it. `counted_by` maps a rate to the count that is its numerator and printed beside it:
    what is hidden of one is hidden of the other.
    """
    rate = cells["denominator"].notna()
    count = cells["numerator"].where(rate, cells["value"]).astype(float)
    sides = [count, (cells["denominator"] - cells["numerator"]).where(rate).astype(float)]
    reason = pd.Series("", index=cells.index, dtype=object)
    for side in sides:
        told = cells[["org_unit_id", *_TOGETHER, "denominator"]].assign(numerator=side)
        reason = _graver(reason, suppress(told, [_TOGETHER]))
    groups = [rows.index for _, rows in cells.groupby(_TOGETHER, sort=False, dropna=False)]
    while True:  # what is hidden beside a count may stand alone in its own group, and is worked out there
        reason = _linked(cells, reason, counted_by)
        victims = [next_victim(side.loc[rows], reason.loc[rows], LEAST) for rows in groups for side in sides]
        found = [each for each in dict.fromkeys(victims) if each is not None]
        if not found:
            return reason
        reason[reason.index.isin(found)] = "secondary"


def _graver(one: pd.Series, other: pd.Series) -> pd.Series:
    """Of two reasons the one that hides more surely."""
    small = (one == "small") | (other == "small")
    secondary = (one == "secondary") | (other == "secondary")
    return pd.Series("", index=one.index, dtype=object).mask(secondary, "secondary").mask(small, "small")


def _linked(cells: pd.DataFrame, reason: pd.Series, counted_by: Mapping[str, str]) -> pd.Series:
    """A rate and its count are hidden together, in all their breakdowns."""
    family = cells["indicator"].map(lambda code: counted_by.get(code, code))
    keys = list(zip(cells["org_unit_id"], family, cells["period"], strict=True))
    gravest: dict[Hashable, Reason] = {}
    for key, why in zip(keys, reason, strict=True):
        if why and gravest.get(key) != "small":
            gravest[key] = why
    return pd.Series([gravest.get(key, "") for key in keys], index=cells.index, dtype=object)


def bound(value: float, people: float) -> tuple[str, float] | None:
    """How a share (percent) near its ends is told to the public: as a bound where it rests on few people (see
    suppression.end_coded), None where it is told as it is."""
    return end_coded(value, people) if people < LARGE else None
