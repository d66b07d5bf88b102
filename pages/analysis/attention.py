"""Which units need attention: those that miss their benchmark, beyond chance first, then the most people."""

from __future__ import annotations

import math
from decimal import Decimal
from operator import itemgetter

import numpy as np
import pandas as pd

from pages.analysis.rag import SMALL, judge
from pages.analysis.series import run_start, year_before

ONE_SIDED = 0.025  # chance that a unit exactly at its benchmark is flagged by a 95 % interval
COLUMNS = [
    "org_unit_id", "indicator", "dims", "period", "value", "numerator", "denominator", "target", "comparator",
    "benchmark", "lower", "upper", "gap", "people", "short", "small", "observation_id", "whole", "sure",
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
    """The rows that miss their benchmark, those beyond chance first, then by gap times people (columns: COLUMNS).

    Needs the columns of `judge` and org_unit_id, indicator, dims, period, benchmark, observation_id; `whole`
    (the value of the whole city) where it is known. `sure` says whether the gap is beyond chance, see `_tested`.
    Plain counts have no base: they are sorted by what they exceed the benchmark by.
    """
    judged = judge(cells)
    found = judged[judged["state"] == "missed"].copy()
    found["gap"] = (found["value"] - found["target"]).abs()
    share = found["gap"] * found["denominator"] / 100
    found["people"] = share.where(found["unit"] == "percent", found["gap"]).astype(float)
    found["short"] = _shortfalls(found)
    found["small"] = (found["denominator"] < SMALL) & (found["unit"] == "percent")
    found["whole"] = _whole(found)
    found["sure"] = _beyond(found, _tested(found))
    order = found.sort_values(
        ["sure", "people", "gap", "org_unit_id", "indicator"], ascending=[False, False, False, True, True]
    )
    return order.reindex(columns=COLUMNS).reset_index(drop=True)


def worst_first(found: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order in which they are looked at: beyond chance and getting worse (`course`, see
    analysis.recent_trend), beyond chance, the rest; within each the order they came in."""
    worsening = found["course"].isin(["worse", "jump_worse"])
    order = (found["sure"].astype(int) + (found["sure"] & worsening)).sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _whole(rows: pd.DataFrame) -> pd.Series:
    known = rows["whole"] if "whole" in rows else pd.Series(np.nan, index=rows.index)
    return known.astype(float)


def _tested(rows: pd.DataFrame) -> pd.Series:
    """What chance is tested against: the benchmark; the city's value where the benchmark is 0 or 100 %, because
    there one case is a miss and any unit would fail. Missing where neither leaves room for chance."""
    target, whole = rows["target"].astype(float), _whole(rows)
    tested = target.where((target > 0) & (target < 100), whole)
    return tested.where((tested > 0) & (tested < 100))


def _beyond(rows: pd.DataFrame, tested: pd.Series) -> pd.Series:
    """Whether the 95 % interval lies on the wrong side of what it is tested against; a count has no interval."""
    at_least, at_most = rows["comparator"] != "<=", rows["comparator"] != ">="
    return pd.Series((at_least & (rows["upper"] < tested)) | (at_most & (rows["lower"] > tested)), index=rows.index)


def _shortfalls(found: pd.DataFrame) -> list[int]:
    """Persons short of the target per row; for a plain count what it exceeds or misses the target by."""
    numbers = found[["numerator", "denominator", "target", "gap"]].astype(float).to_numpy()
    return [
        short_of(x, n, target, str(comparator)) if unit == "percent" else math.ceil(gap)
        for (x, n, target, gap), comparator, unit in zip(numbers, found["comparator"], found["unit"], strict=True)
    ]


def expected_false_alarms(cells: pd.DataFrame) -> float:
    """How many proportions would be called beyond chance if every unit stood exactly at what it is tested against."""
    judged = judge(cells)
    judged["whole"] = _whole(judged)
    open_to_chance = judged["lower"].notna() & _tested(judged).notna()
    return ONE_SIDED * int((open_to_chance & (judged["state"] != "not_compared")).sum())


def compared(cells: pd.DataFrame) -> int:
    """How many rows of a frame could be judged at all."""
    return int((judge(cells)["state"] != "not_compared").sum())


def since(history: pd.DataFrame, period: str) -> tuple[str, int, float | None]:
    """For one unit and indicator: first period of the present run on the wrong side of the benchmark, its
    length in reported periods, and the change against a year earlier (None when that is unknown).

    `history` has one row per period of one kind with period, end_date, value, target, comparator.
    """
    columns = (history[name].tolist() for name in ("end_date", "period", "value", "target", "comparator"))
    held = [row for row in zip(*columns, strict=True) if pd.notna(row[0]) and pd.notna(row[2])]
    rows = list({row[1]: row for row in sorted(held, key=itemgetter(0))}.values())
    values = {row[1]: float(row[2]) for row in rows}
    last = next((row[0] for row in rows if row[1] == period), None)
    rows = [row for row in rows if last is not None and row[0] <= last]
    start = run_start([_wrong_side(*row[2:]) for row in rows])
    first = rows[start][1] if start is not None else period
    length = len(rows) - start if start is not None else 1
    before = year_before(period)
    known = before in values and period in values
    return str(first), length, values[period] - values[str(before)] if known else None


def _wrong_side(value: float, target: float | None, comparator: object) -> bool:
    if target is None or pd.isna(target):
        return False
    return (comparator != "<=" and value < target) or (comparator != ">=" and value > target)
