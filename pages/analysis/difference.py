"""Whether two units differ by more than chance explains: their 95 % intervals do not touch."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

COLUMNS = ["higher", "lower_unit", "difference", "beyond_chance"]


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
