"""Schools taken together by what they are (urban, town, rural): sums of their counts, never means of their rates."""

from __future__ import annotations

import pandas as pd

COLUMNS = ["group", "period", "value", "numerator", "denominator", "n_units", "left_out"]


def pooled(cells: pd.DataFrame, groups: pd.Series, multiplier: float | None) -> pd.DataFrame:
    """One row per group and period (columns COLUMNS), sorted by both.

    `cells` has org_unit_id, period, value, numerator, denominator, one row per unit and period; `groups` maps unit id
    to group. A rate is multiplier x Σnumerator / Σdenominator of the units that have both, and missing where the
    denominators add up to 0; with `multiplier` None the values are counts and add up. `n_units` counts the units that
    were taken, `left_out` those with a value and without counts.
    """
    rows = cells[cells["value"].notna() & cells["org_unit_id"].isin(groups.index)]
    rows = rows.assign(group=groups.loc[rows["org_unit_id"]].to_numpy())
    both = rows["numerator"].notna() & rows["denominator"].notna()
    rows = rows.assign(taken=both | (multiplier is None))
    whole = rows.groupby(["group", "period"], as_index=False).agg(n=("taken", "size"), n_units=("taken", "sum"))
    sums = (
        rows[rows["taken"]]
        .groupby(["group", "period"], as_index=False)
        .agg(value=("value", "sum"), numerator=("numerator", "sum"), denominator=("denominator", "sum"))
    )
    found = whole.merge(sums, on=["group", "period"], how="left").assign(
        left_out=lambda each: each["n"] - each["n_units"]
    )
    if multiplier is None:
        found[["numerator", "denominator"]] = float("nan")
    else:
        people = found["denominator"].where(found["denominator"] > 0)
        found["value"] = multiplier * found["numerator"] / people
    return found[COLUMNS].sort_values(["group", "period"], ignore_index=True)


def ends(cells: pd.DataFrame, smallest: float) -> pd.DataFrame:
    """The rows with the highest and the lowest value among units with a base of at least `smallest` (two rows, the
    higher first; empty with fewer than two such units)."""
    rows = cells[cells["value"].notna() & (cells["denominator"] >= smallest)].sort_values("value", kind="stable")
    return rows.iloc[[-1, 0]] if len(rows) > 1 else rows.head(0)
