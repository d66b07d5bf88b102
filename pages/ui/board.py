"""The judged board of the overview, worked out once per revision of the store: headlines, attention, reporting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from pages.analysis import attention
from pages.ui import courses, data, measures


class City(NamedTuple):
    """The headline series of a root, its judged cells of all periods, and the course of each series in their order."""

    chosen: list[measures.Series]
    judged: pd.DataFrame
    courses: list[str]


class Attention(NamedTuple):
    """The units that miss their benchmark, their past, how many comparisons were made, and how many of them
    chance alone would call clear."""

    found: pd.DataFrame
    compared: int
    alarms: float


def city(root: int) -> City:
    """The headline indicators of the root, judged."""

    return data.kept("city", lambda: _judged_board(root, measures.headlines(root)), root)


def within(root: int, period: str) -> City:
    """The same as it is told for one period: see measures.headlines_within."""
    return data.kept("city_within", lambda: _judged_board(root, measures.headlines_within(root, period)), root, period)


def _judged_board(root: int, chosen: list[measures.Series]) -> City:
    judged = measures.judged(measures.of_series(measures.headline_cells(root), chosen))
    by_series = dict(iter(judged.groupby(["indicator", "dims"])))
    found = [
        courses.of_unit(by_series[each.indicator.code, each.dims], each.indicator, root, each.latest).course
        for each in chosen
    ]
    return City(chosen, judged, found)


def needing(root: int, kind: str) -> Attention:
    """The units of a kind that miss their benchmark in the youngest period of each headline indicator. The rows
    also carry `first`, `run` and `change` (see analysis.attention.since) and `course` (see analysis.recent_trend);
    those beyond chance that are getting worse come first."""

    return data.kept("attention", lambda: attention_of(city(root), data.below(root, kind)), root, kind)


def attention_of(whole: City, unit_ids: Sequence[int]) -> Attention:
    """`needing` of some units, in the last period of each series of `whole`."""
    chosen = measures.without_parts(whole.chosen)
    cells = measures.measured(measures.load(chosen, unit_ids, latest=True), whole.judged)
    found = _with_past(attention.needs_attention(cells), chosen, whole.judged)
    return Attention(found, attention.compared(cells), attention.expected_false_alarms(cells))


def judged(root: int, kind: str) -> pd.DataFrame:
    """The judged cells of the lines of `needing`, in their order."""
    whole, found = city(root), needing(root, kind).found
    chosen, units = measures.without_parts(whole.chosen), sorted({int(each) for each in found["org_unit_id"]})
    cells = measures.judged(measures.load(chosen, units, latest=True), whole.judged)
    return found[["org_unit_id", "indicator", "dims", "period"]].merge(cells, how="left")


def _with_past(found: pd.DataFrame, chosen: list[measures.Series], whole: pd.DataFrame) -> pd.DataFrame:
    units = sorted({int(each) for each in found["org_unit_id"]})
    past = measures.measured(measures.load(chosen, units), whole)
    by_cell = dict(iter(past.groupby(["org_unit_id", "indicator", "dims"])))
    runs = [
        attention.since(by_cell[unit, code, dims], period)
        for unit, code, dims, period in found[["org_unit_id", "indicator", "dims", "period"]].itertuples(index=False)
    ]
    out = found.copy()
    out[["first", "run", "change"]] = pd.DataFrame(runs, columns=["first", "run", "change"], index=out.index)
    out["course"] = [_course(row, by_cell) for row in found.itertuples()]
    return attention.worst_first(out)


def _course(row: Any, by_cell: dict[Any, pd.DataFrame]) -> str:
    """What five years say of a gap beyond chance; of the others nobody asks, and a province has thousands."""
    if not row.sure:
        return "unknown"
    rows, unit_id = by_cell[row.org_unit_id, row.indicator, row.dims], int(row.org_unit_id)
    return courses.of_unit(rows, data.indicator(row.indicator), unit_id, row.period).course


def progress(root: int) -> pd.DataFrame:
    """Who has reported each headline indicator in its youngest period: the columns of queries.reporting with
    `indicator`, `period` and `due`: whether the school ever reported the indicator. One that never did may have
    nothing to report (a rate of the district, a school without a canteen) and is told apart."""

    return data.kept("progress", lambda: progress_of(city(root).chosen, root), root)


def progress_of(chosen: Sequence[measures.Series], root: int) -> pd.DataFrame:
    """`progress` of some series."""
    out = data.reporting([(each.indicator.code, each.latest) for each in chosen], root)
    return out.assign(due=out["last_period"].notna() & (out["last_period"] != ""))


def default_progress(root: int) -> str | None:
    """The indicator whose missing schools are shown first: of the youngest period, rather one with a target."""
    return data.kept("default_progress", lambda: _default_progress(root), root)


def _default_progress(root: int) -> str | None:
    rows, whole = progress(root), city(root)
    late = set(rows.loc[rows["due"] & ~rows["reported"].astype(bool), "indicator"])
    latest = whole.judged.drop_duplicates(["indicator", "dims", "period"]).set_index(["indicator", "dims", "period"])
    offered = [each for each in measures.without_parts(whole.chosen) if each.indicator.code in late]
    if not offered:
        return whole.chosen[0].indicator.code if whole.chosen else None

    def rank(each: measures.Series) -> tuple[pd.Timestamp, bool]:
        row = latest.loc[(each.indicator.code, each.dims, each.latest)]
        return pd.Timestamp(row["start_date"]), bool(row["benchmark"])

    return max(offered, key=rank).indicator.code
