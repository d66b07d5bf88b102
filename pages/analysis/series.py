"""Series over time: which periods belong together, which one is comparable, where a run begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

_YEAR = re.compile(r"\d{4}")


def year_before(code: str) -> str | None:
    """The code of the comparable period one year earlier (same term, quarter, month or day); None for a span."""
    if ".." in code or not _YEAR.search(code):
        return None
    return _YEAR.sub(lambda found: f"{int(found.group()) - 1:04d}", code, count=1)


def main_kind(periods: pd.DataFrame) -> str | None:
    """The kind of period (school year, term, ...) in which most units report; columns kind, period, n_units.
    Only periods of one kind stand in one series."""
    if periods.empty:
        return None
    best = periods.groupby("kind").agg(units=("n_units", "max"), length=("period", "nunique"))
    return str(best.sort_values(["units", "length"], ascending=False).index[0])


def timeline(periods: pd.DataFrame, kind: str | None = None) -> list[str]:
    """Period codes of one kind (default: the main one), oldest first."""
    chosen = main_kind(periods) if kind is None else kind
    rows = periods[(periods["kind"] == chosen) & (periods["period"] != "")]
    return [str(each) for each in rows.sort_values(["end_date", "start_date"])["period"].drop_duplicates()]


def run_start(bad: Sequence[bool]) -> int | None:
    """Index at which the present run of bad values began, oldest first; None when the last one is not bad."""
    if not bad or not bad[-1]:
        return None
    start = len(bad) - 1
    while start > 0 and bad[start - 1]:
        start -= 1
    return start


def change(values: pd.Series, code: str) -> float | None:
    """Value of a period less that of the comparable period a year earlier; `values` is indexed by period code."""
    before = year_before(code)
    if before is None or code not in values.index or before not in values.index:
        return None
    now, then = values.loc[code], values.loc[before]
    return None if pd.isna(now) or pd.isna(then) else float(now) - float(then)
