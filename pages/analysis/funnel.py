"""Funnel limits: how far units of a given size stray from the whole by chance alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from pages.analysis.intervals import Z95, Z998, Floats, byar, wilson

Place = Literal["low_998", "low_95", "inside", "high_95", "high_998", "unknown"]
_HALVINGS = 60  # of a span of some ten thousand counts: nothing is left of it
_TRIMMED = 0.1  # share winsorised at each end before the spread is measured


def pooled(x: npt.ArrayLike, n: npt.ArrayLike) -> float:
    """Σx / Σn over the units that have both; nan when nobody is counted."""
    events, base = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    both = ~np.isnan(events + base)
    people = base[both].sum()
    return float(events[both].sum() / people) if people > 0 else float("nan")


def limits(share: float, n: npt.ArrayLike, z: float = Z95, dispersion: float = 1.0) -> tuple[Floats, Floats]:
    """Lower and upper limit of a proportion around `share` (0..1) for bases n: P ∓ z √(φ P(1-P)/n), clipped to 0..1.

    With φ = 1 a unit lies outside exactly when its Wilson interval excludes P (statistics E6), so that funnel and
    RAG never contradict each other.
    """
    base = np.asarray(n, dtype=float)
    half = z * np.sqrt(dispersion * share * (1 - share) / np.where(base > 0, base, np.nan))
    return np.clip(share - half, 0.0, 1.0), np.clip(share + half, 0.0, 1.0)


def rate_limits(per_person: float, n: npt.ArrayLike, z: float = Z95) -> tuple[Floats, Floats]:
    """Limits in events per person for events that may recur: the counts whose Byar interval touches what the whole
    would lead to expect (`per_person` × n), divided by n. No events expected or n = 0: nan."""
    base = np.atleast_1d(np.asarray(n, dtype=float))
    expected = np.where(per_person * base > 0, per_person * base, np.nan)
    far = expected + 10 * z * np.sqrt(expected) + 20
    low = _reached(lambda x: byar(x, z)[1], expected, far)
    high = _reached(lambda x: byar(x, z)[0], expected, far)
    return low / base, high / base


def _reached(rising: Callable[[Floats], Floats], wanted: Floats, far: Floats) -> Floats:
    """Where a rising function reaches each of the wanted values between 0 and `far`; 0 where it starts above it. By
    halving, all at once: `scipy.optimize` would take 23 MB of every server for this."""
    low, high = np.zeros_like(far), far.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = rising(middle) >= wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(rising(np.zeros_like(far)) >= wanted, 0.0, high)


def place(x: npt.ArrayLike, n: npt.ArrayLike, share: float) -> list[Place]:
    """Where each proportion stands against the pooled share, by its Wilson intervals of 95 % and 99.8 %."""
    wide, narrow = wilson(x, n, Z998), wilson(x, n, Z95)
    chosen = np.select(
        [np.isnan(narrow[0]), wide[1] < share, wide[0] > share, narrow[1] < share, narrow[0] > share],
        ["unknown", "low_998", "high_998", "low_95", "high_95"],
        "inside",
    )
    return [str(each) for each in np.atleast_1d(chosen)]  # type: ignore[misc]


def dispersion(x: npt.ArrayLike, n: npt.ArrayLike) -> float:
    """φ: the mean of the squared z-scores around the pooled share after winsorising a tenth at each end, never below 1.

    Above 1 the units differ by more than chance for reasons common to all (Spiegelhalter 2005); limits × √φ then
    mark only those that stand out from this spread. nan-free: units without people are left out; 1 without any.
    """
    events, base = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    share = pooled(events, base)
    usable = ~np.isnan(events + base) & (base > 0)
    if not usable.any() or not 0 < share < 1:
        return 1.0
    scores = (events[usable] / base[usable] - share) / np.sqrt(share * (1 - share) / base[usable])
    low, high = np.quantile(scores, [_TRIMMED, 1 - _TRIMMED])
    return max(1.0, float(np.mean(np.clip(scores, low, high) ** 2)))
