"""Whether two units differ by more than chance explains: their 95 % intervals do not touch."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

COLUMNS = ["higher", "lower_unit", "difference", "beyond_chance"]
RANKS = ["rank", "best", "worst"]


def apart(low: float, high: float, other_low: float, other_high: float) -> bool | None:
    """Whether two 95 % intervals do not touch, as those of one unit in two years; None where one of them is unknown."""
    if any(pd.isna(each) for each in (low, high, other_low, other_high)):
        return None
    return bool(low > other_high or other_low > high)


def pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """Every pair of units with its difference, the widest first (columns: COLUMNS).

    Needs org_unit_id, value, lower, upper (upper and lower in the unit of value). `beyond_chance` is True
    where the two intervals are disjoint, False where they overlap, and missing where a unit has none. The
    rule is conservative: intervals that overlap a little may still belong to units that differ.
    """
    rows = frame[frame["value"].notna()].drop_duplicates("org_unit_id").to_dict("records")
    found = []
    for one, other in combinations(rows, 2):
        high, low = (one, other) if one["value"] >= other["value"] else (other, one)
        known = not any(pd.isna(each) for each in (high["lower"], low["upper"]))
        beyond = bool(high["lower"] > low["upper"]) if known else pd.NA
        found.append((high["org_unit_id"], low["org_unit_id"], float(high["value"] - low["value"]), beyond))
    out = pd.DataFrame(found, columns=COLUMNS).astype({"difference": "float64", "beyond_chance": "boolean"})
    return out.sort_values("difference", ascending=False, kind="stable").reset_index(drop=True)


def ranks(frame: pd.DataFrame, *, ascending: bool) -> pd.DataFrame:
    """The rank of each row and the ranks that chance leaves open (columns RANKS, index of the frame).

    Needs value, lower and upper. Equal values share a rank; rows without a value have none. `best` is 1 plus the rows
    that stand before by more than chance, `worst` the number of rows less those that stand behind by more than chance;
    both are missing where a row has no interval. With `ascending` the lowest value comes first.
    """
    held = frame[frame["value"].notna()]
    out = pd.DataFrame({"rank": held["value"].rank(method="min", ascending=ascending)}, index=frame.index)
    low, high = (held["lower"], held["upper"]) if ascending else (-held["upper"], -held["lower"])
    before = pd.Series([int((high < each).sum()) for each in low], index=held.index)
    behind = pd.Series([int((low > each).sum()) for each in high], index=held.index)
    out["best"] = (1 + before).where(low.notna())
    out["worst"] = (len(held) - behind).where(low.notna())
    return out.astype("Int64")[RANKS]
