"""Which units need attention: worse than their benchmark by more than chance explains, the most people first."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd

from pages.analysis.rag import SMALL, judge
from pages.analysis.series import run_start, year_before

ONE_SIDED = 0.025  # chance that a unit exactly at its benchmark is flagged by a 95 % interval
COLUMNS = [
    "org_unit_id", "indicator", "dims", "period", "value", "numerator", "denominator", "target", "comparator",
    "benchmark", "lower", "upper", "gap", "people", "short", "small", "observation_id",
]  # fmt: skip


def short_of(numerator: float, denominator: float, target: float, comparator: str) -> int:
    """Persons between a unit and its target: how many more are needed (>=), or how many are too many (<=).

    95 % of 2,311 needs 2,196: with 2,170 the unit is 26 short.
    """
    limit = Decimal(repr(float(target))) * Decimal(repr(float(denominator))) / 100
    have = Decimal(repr(float(numerator)))
    missing = math.floor(have) - math.floor(limit) if comparator == "<=" else math.ceil(limit) - math.ceil(have)
    return max(0, missing)


def needs_attention(cells: pd.DataFrame) -> pd.DataFrame:
    """The rows that miss their benchmark beyond chance, sorted by gap times people (columns: COLUMNS).

    Needs the columns of `judge` and org_unit_id, indicator, dims, period, benchmark, observation_id.
    Plain counts have no base: they are sorted by what they exceed the benchmark by.
    """
    judged = judge(cells)
    found = judged[judged["state"] == "missed"].copy()
    found["gap"] = (found["value"] - found["target"]).abs()
    share = found["gap"] * found["denominator"] / 100
    found["people"] = share.where(found["unit"] == "percent", found["gap"]).astype(float)
    found["short"] = _shortfalls(found)
    found["small"] = (found["denominator"] < SMALL) & (found["unit"] == "percent")
    order = found.sort_values(["people", "gap", "org_unit_id", "indicator"], ascending=[False, False, True, True])
    return order.reindex(columns=COLUMNS).reset_index(drop=True)


def _shortfalls(found: pd.DataFrame) -> list[int]:
    """Persons short of the target per row; for a plain count what it exceeds or misses the target by."""
    numbers = found[["numerator", "denominator", "target", "gap"]].astype(float).to_numpy()
    return [
        short_of(x, n, target, str(comparator)) if unit == "percent" else math.ceil(gap)
        for (x, n, target, gap), comparator, unit in zip(numbers, found["comparator"], found["unit"], strict=True)
    ]


def expected_false_alarms(cells: pd.DataFrame) -> float:
    """How many proportions would be flagged by chance alone if every unit stood exactly at its benchmark. A
    benchmark of 0 or 100 % leaves no room for chance: one case is a miss."""
    judged = judge(cells)
    open_to_chance = judged["lower"].notna() & (judged["target"] > 0) & (judged["target"] < 100)
    return ONE_SIDED * int((open_to_chance & (judged["state"] != "not_compared")).sum())


def compared(cells: pd.DataFrame) -> int:
    """How many rows of a frame could be judged at all."""
    return int((judge(cells)["state"] != "not_compared").sum())


def since(history: pd.DataFrame, period: str) -> tuple[str, int, float | None]:
    """For one unit and indicator: first period of the present run on the wrong side of the benchmark, its
    length in reported periods, and the change against a year earlier (None when that is unknown).

    `history` has one row per period of one kind with period, end_date, value, target, comparator.
    """
    rows = history.dropna(subset=["value"]).sort_values("end_date").drop_duplicates("period", keep="last")
    rows = rows[rows["end_date"] <= rows.loc[rows["period"] == period, "end_date"].max()]
    wrong = _wrong_side(rows)
    start = run_start(wrong.tolist())
    codes = rows["period"].tolist()
    first = codes[start] if start is not None else period
    length = len(codes) - start if start is not None else 1
    values = rows.set_index("period")["value"]
    before = year_before(period)
    known = before is not None and before in values.index and period in values.index
    return str(first), int(length), float(values[period] - values[before]) if known else None


def _wrong_side(rows: pd.DataFrame) -> pd.Series:
    value, target = rows["value"].astype(float), rows["target"].astype(float)
    below = (rows["comparator"] != "<=") & (value < target)
    above = (rows["comparator"] != ">=") & (value > target)
    return pd.Series(np.asarray(below | above), index=rows.index)
