"""Why the rate of a whole changed: its parts' own rates (effort) or their weights (mix)."""

from __future__ import annotations

import pandas as pd

COLUMNS = ["effort", "mix", "presence"]  # presence: "both", "entered", "left"


def decompose(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What each part adds to the change of the whole's proportion, indexed by part (columns COLUMNS).

    `before` and `after` are indexed by part and have numerator and denominator. With w = share of the people and
    p = the part's proportion: effort = w̄ Δp, mix = Δw (p̄ - c), c the mean of both totals; a part that entered adds
    w₁ (p₁ - c), one that left -w₀ (p₀ - c), both as mix. Since ΣΔw = 0, effort and mix of all parts add up exactly to
    the change of the whole (Kitagawa 1955), as proportions. Parts without people in a period count as absent in it.
    """
    old, new = _shares(before), _shares(after)
    centre = (_total(old) + _total(new)) / 2
    parts = old.add_suffix("0").join(new.add_suffix("1"), how="outer")
    both = parts["w0"].notna() & parts["w1"].notna()
    weights = parts[["w0", "w1"]].fillna(0.0)
    middle = parts[["p0", "p1"]].mean(axis=1)  # of a part with one period that period's own
    return pd.DataFrame(
        {
            "effort": (weights.mean(axis=1) * (parts["p1"] - parts["p0"])).where(both, 0.0),
            "mix": (weights["w1"] - weights["w0"]) * (middle - centre),
            "presence": both.map({True: "both", False: ""}).where(
                both, parts["w0"].isna().map({True: "entered", False: "left"})
            ),
        }
    )[COLUMNS]


def _shares(counts: pd.DataFrame) -> pd.DataFrame:
    held = counts[(counts["denominator"] > 0) & counts["numerator"].notna()].astype(
        {"numerator": float, "denominator": float}
    )
    return pd.DataFrame(
        {"w": held["denominator"] / held["denominator"].sum(), "p": held["numerator"] / held["denominator"]}
    )


def _total(shares: pd.DataFrame) -> float:
    return float((shares["w"] * shares["p"]).sum())
