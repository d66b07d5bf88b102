"""Whether a unit's last five years show a trend beyond chance, and how large a change could have been seen at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from pages.analysis.intervals import Z998, Floats, byar
from pages.analysis.rag import SMALLEST, basis
from pages.analysis.series import year_before

POINTS = 5  # years that a trend is judged on
CRITICAL = Z998**2  # chi-square on one degree of freedom, two-sided 99.8 %
_YEARS = np.arange(1.0, POINTS + 1)

Direction = Literal["rising", "falling", "steady", "unknown"]
Course = Literal[
    "better", "worse", "rising", "falling", "jump_better", "jump_worse", "jump_rising", "jump_falling",
    "uneven", "steady", "unknown",
]  # fmt: skip
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trend:
    """Per series: the chi-square for trend, the slope per year (in the unit of the values) and whether the trend
    is beyond chance. Series that could not be judged have nan and False."""

    chi2: Floats
    slope: Floats
    significant: Flags

    def directions(self) -> list[Direction]:
        """`rising`, `falling`, `steady` (no change beyond chance) or `unknown` (not judged), per series."""
        moved = np.where(self.slope > 0, "rising", "falling")
        found = np.where(self.significant, moved, "steady")
        return [str(each) for each in np.where(np.isnan(self.chi2), "unknown", found)]  # type: ignore[misc]


def proportions(x: npt.ArrayLike, n: npt.ArrayLike) -> Trend:
    """Chi-square for trend of series of x among n; both of shape (series, 5), oldest first.

    chi2 = N (N Σtx - X Σtn)² / (X (N-X) (N Σt²n - (Σtn)²)) with X = Σx, N = Σn (Fingertips, TrendMarkerCalculator).
    Beyond chance when chi2 exceeds 9.5495 (99.8 %) and the slope keeps its sign with each year left out in turn.
    The slope is that of the plain proportions weighted by n: 0 % and 100 % are ordinary values here, so the log odds
    of the published code are not used. A series that is 0 % or 100 % throughout has chi2 = 0. Missing counts or n = 0
    in any year: not judged.
    """
    events, base = _five(x), _five(n)
    if np.any((events < 0) | (base < 0) | (events > base)):
        raise ValueError("a proportion needs 0 <= x <= n")
    known = ~np.isnan(events + base).any(axis=1) & (base > 0).all(axis=1)
    total, people = events.sum(axis=1), base.sum(axis=1)
    cross = people * (events @ _YEARS) - total * (base @ _YEARS)
    spread = people * (base @ _YEARS**2) - (base @ _YEARS) ** 2
    mixed = known & (total > 0) & (total < people)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(mixed, people * cross**2 / (total * (people - total) * spread), 0.0)
        shares = np.where(base > 0, events / base, np.nan)
    return _judged(np.where(known, found, np.nan), shares, base)


def values(value: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> Trend:
    """Weighted regression of series of values with their 95 % intervals; all of shape (series, 5), oldest first.

    w = 1/SE², SE = (upper - lower)/3.92; chi2 = b² (Σw Σwt² - (Σwt)²)/Σw (Fingertips). Used for rates of events that
    recur. A missing value or an interval without width: not judged.
    """
    level, low, high = _five(value), _five(lower), _five(upper)
    width = high - low
    known = ~np.isnan(level + width).any(axis=1, keepdims=True) & (width > 0).all(axis=1, keepdims=True)
    weight = np.where(known, (3.92 / np.where(width > 0, width, np.nan)) ** 2, np.nan)
    slope = _slope(level, weight, np.ones(POINTS, dtype=bool))
    sums = weight.sum(axis=1)
    spread = sums * (weight @ _YEARS**2) - (weight @ _YEARS) ** 2
    return _judged(slope**2 * spread / sums, level, weight)


def _five(given: npt.ArrayLike) -> Floats:
    held = np.atleast_2d(np.asarray(given, dtype=float))
    if held.shape[1] != POINTS:
        raise ValueError(f"a trend needs {POINTS} points, not {held.shape[1]}")
    return held


def _judged(found: Floats, level: Floats, weight: Floats) -> Trend:
    everything = np.ones(POINTS, dtype=bool)
    slope = _slope(level, weight, everything)
    kept = np.ones(len(found), dtype=bool)
    for left_out in range(POINTS):
        kept &= np.sign(_slope(level, weight, np.arange(POINTS) != left_out)) == np.sign(slope)
    significant = np.nan_to_num(found, nan=0.0) > CRITICAL
    return Trend(found, np.where(np.isnan(found), np.nan, slope), significant & kept & (slope != 0))


def _slope(level: Floats, weight: Floats, used: Flags) -> Floats:
    """Weighted least-squares slope per year over the years that are used."""
    y, w, t = level[:, used], weight[:, used], _YEARS[used]
    sums, wt, wy = w.sum(axis=1), w @ t, (w * y).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope: Floats = (sums * ((w * y) @ t) - wt * wy) / (sums * (w @ t**2) - wt**2)
    return slope


def course(direction: Direction, polarity: str) -> Course:
    """The direction as the indicator's polarity (`higher`, `lower`, `neutral`) reads it."""
    if polarity not in ("higher", "lower") or direction not in ("rising", "falling"):
        return direction
    return "better" if (direction == "rising") == (polarity == "higher") else "worse"


def smallest_seen(share: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """The smallest steady change over five years, first to last, that the trend test could call beyond chance, for a
    proportion `share` (0..1) of n people every year; as a proportion.

    4 z √(p(1-p)/(10 n)): the chi-square of a straight line over five equal bases is b² 10 n / (p(1-p)).
    """
    p, base = np.asarray(share, dtype=float), np.asarray(n, dtype=float)
    seen: Floats = (POINTS - 1) * Z998 * np.sqrt(p * (1 - p) / (10 * np.where(base > 0, base, np.nan)))
    return seen


RECURRING = frozenset({"event", "case"})  # counts of what may happen again: Byar's interval, not Wilson's


@dataclass(frozen=True, slots=True)
class Verdict:
    """What five years say of a unit: the course, and for a steady proportion the smallest change from first to last
    (percent points) that could have been told from chance.

    `jump_…`: no trend, but the last year differs beyond chance from the four before together. `uneven`: the years
    differ beyond chance without one direction.
    """

    course: Course
    smallest: float | None = None


def verdict(history: pd.DataFrame, period: str, polarity: str, breaks: frozenset[str] = frozenset()) -> Verdict:
    """The course of one unit and indicator over the five years that end with a period.

    `history` has period, value, numerator, denominator and unit; see `last_five`. Judged are proportions with their
    counts and counts of recurring events; of all else, and of a base under ten, the course is `unknown`.
    """
    rows = last_five(history, period, breaks)
    if rows is None:
        return Verdict("unknown")
    if _are_proportions(rows):
        return _of_proportions(rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float), polarity)
    if set(rows["unit"]) <= RECURRING and rows["value"].ge(0).all():
        counts = rows["value"].to_numpy(float)
        return Verdict(course(values(counts, *byar(counts)).directions()[0], polarity))
    return Verdict("unknown")


def _are_proportions(rows: pd.DataFrame) -> bool:
    rests_on = basis(rows["unit"], rows["numerator"], rows["denominator"])
    return bool((rests_on == "proportion").all() and rows["denominator"].ge(SMALLEST).all())


def _of_proportions(x: Floats, n: Floats, polarity: str) -> Verdict:
    found = proportions(x, n)
    direction = found.directions()[0]
    if direction != "steady":
        return Verdict(course(direction, polarity))
    z = float(last_against_before(x, n)[0])
    if abs(z) > Z998:
        moved = course("rising" if z > 0 else "falling", polarity)
        return Verdict(f"jump_{moved}")  # type: ignore[arg-type]
    if float(found.chi2[0]) > CRITICAL:
        return Verdict("uneven")
    smallest = 100 * float(smallest_seen(x.sum() / n.sum(), n.mean()))
    return Verdict("steady", smallest or None)


def last_against_before(x: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """z of the last year's proportion against that of the four before together, by the pooled variance (two-sample
    score test); shapes as in `proportions`, 0 where all years are 0 % or 100 %."""
    events, base = _five(x), _five(n)
    old_x, old_n, new_x, new_n = events[:, :-1].sum(axis=1), base[:, :-1].sum(axis=1), events[:, -1], base[:, -1]
    share = (old_x + new_x) / (old_n + new_n)
    spread = np.sqrt(share * (1 - share) * (1 / old_n + 1 / new_n))
    with np.errstate(divide="ignore", invalid="ignore"):
        z: Floats = np.where(spread > 0, (new_x / new_n - old_x / old_n) / spread, 0.0)
    return z


def last_five(history: pd.DataFrame, period: str, breaks: frozenset[str] = frozenset()) -> pd.DataFrame | None:
    """The rows of the five consecutive years that end with a period, oldest first; None when a year is missing, has
    two rows, or a series break (`breaks`: the first period after each) lies between them.

    `history` has one row per comparable period, with its code in `period`.
    """
    wanted = [period]
    while len(wanted) < POINTS:
        before = year_before(wanted[0])
        if before is None:
            return None
        wanted.insert(0, before)
    if breaks.intersection(wanted[1:]):
        return None
    held = [(code, at) for at, code in enumerate(history["period"].tolist()) if code in wanted]
    places = dict(held)
    if len(held) != POINTS or len(places) != POINTS:
        return None
    return history.iloc[[places[code] for code in wanted]].reset_index(drop=True)
