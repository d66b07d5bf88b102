"""The state of a value against a target or another benchmark: met, near, missed beyond chance, not compared."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from pages.analysis.intervals import Z95, wilson

State = Literal["met", "near", "missed", "not_compared"]
Against = Literal["better", "similar", "worse", "higher", "lower", "unknown"]
SMALLEST = 10  # fewer people than this are never judged
SMALL = 30  # fewer than this carry a note
COUNTED_UNITS = frozenset({"person", "dose", "school", "visit", "finding", "canteen", "event", "case", "class"})
_CLOSE = 1e-9


def basis(unit: pd.Series, numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """What a judgement can rest on, per row: `proportion` (a percentage with its counts, 0 <= x <= n),
    `count` (a plain number) or `stated` (a rate of which the counts are unknown or no proportion)."""
    proportion = (unit == "percent") & (denominator > 0) & (numerator >= 0) & (numerator <= denominator)
    counted = unit.isin(sorted(COUNTED_UNITS))
    return pd.Series(np.select([proportion, counted], ["proportion", "count"], "stated"), index=unit.index)


def judge(frame: pd.DataFrame, z: float = Z95) -> pd.DataFrame:
    """The frame with `lower`, `upper` (percent points) and `state`.

    Needs columns value, numerator, denominator, unit, target, comparator (">=", "<=", "=="; missing: no
    benchmark). The benchmark counts as exact. A proportion on the wrong side is `missed` when its interval
    excludes the benchmark, else `near`; a count on the wrong side is `missed`; a stated rate on the wrong
    side and a base under 10 people are `not_compared`.
    """
    out = frame.copy()
    rests_on = basis(out["unit"], out["numerator"], out["denominator"])
    chance = rests_on == "proportion"
    low, high = wilson(
        out["numerator"].where(chance).to_numpy(float), out["denominator"].where(chance).to_numpy(float), z
    )
    out["lower"], out["upper"] = 100 * low, 100 * high
    out["state"] = _states(out, rests_on)
    return out


def _states(out: pd.DataFrame, rests_on: pd.Series) -> pd.Series:
    value, target = out["value"].astype(float), out["target"].astype(float)
    at_least, at_most = out["comparator"] == ">=", out["comparator"] == "<="
    met = (
        (at_least & (value >= target - _CLOSE))
        | (at_most & (value <= target + _CLOSE))
        | (~at_least & ~at_most & ((value - target).abs() <= _CLOSE))
    )
    excluded = (~at_most & (out["upper"] < target - _CLOSE)) | (~at_least & (out["lower"] > target + _CLOSE))
    chance = rests_on == "proportion"
    unknown = value.isna() | target.isna() | out["comparator"].isna() | (chance & (out["denominator"] < SMALLEST))
    chosen = np.select(
        [unknown, met, chance & excluded, chance, rests_on == "count"],
        ["not_compared", "met", "missed", "near", "missed"],
        "not_compared",
    )
    return pd.Series(chosen, index=out.index)


def against(lower: float, upper: float, benchmark: float, direction: str) -> Against:
    """How an interval stands to the value of another unit, which counts as exact (statistics E3): similar where it
    holds it, else better or worse by the `direction` of the indicator (higher, lower), without one higher or lower.
    Unknown without interval or benchmark."""
    if np.isnan(lower) or np.isnan(upper) or np.isnan(benchmark):
        return "unknown"
    if lower - _CLOSE <= benchmark <= upper + _CLOSE:
        return "similar"
    above = lower > benchmark
    if direction not in ("higher", "lower"):
        return "higher" if above else "lower"
    return "better" if above == (direction == "higher") else "worse"


def rag(value: float, n: float | None, target: float | None, comparator: str) -> State:
    """The state of one percentage over n people (None: the counts are unknown)."""
    base = np.nan if n is None else float(n)
    row = pd.DataFrame(
        {
            "value": [float(value)],
            "numerator": [float(value) * base / 100],
            "denominator": [base],
            "unit": ["percent"],
            "target": [np.nan if target is None else float(target)],
            "comparator": [comparator],
        }
    )
    state: State = judge(row)["state"].iloc[0]
    return state
