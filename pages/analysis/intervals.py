"""Intervals for proportions (Wilson) and for counts and rates (Byar, exact below 10 events)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammainccinv, gammaincinv, ndtr

Z95 = 1.959964
Z998 = 3.090232
EXACT_BELOW = 10  # events, below which Byar is replaced by the exact limits

Floats = npt.NDArray[np.float64]


def wilson(x: npt.ArrayLike, n: npt.ArrayLike, z: float = Z95) -> tuple[Floats, Floats]:
    """Wilson score interval of x events among n, as proportions in 0..1 (arrays of the broadcast shape).

    (2x + z^2 -/+ z*sqrt(z^2 + 4x(1-x/n))) / (2(n + z^2)). n = 0 or a missing count gives no interval (nan).
    Schools are fully counted: the interval describes chance in the process, not sampling.
    Raises ValueError for a negative count or x > n.
    """
    events, base = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
    known = ~(np.isnan(events) | np.isnan(base))
    if np.any(known & ((events < 0) | (base < 0) | (events > base))):
        raise ValueError("a proportion needs 0 <= x <= n")
    usable = known & (base > 0)
    count = np.where(usable, events, 0.0)
    total = np.where(usable, base, 1.0)
    middle = 2 * count + z**2
    spread = z * np.sqrt(z**2 + 4 * count * (1 - count / total))
    width = 2 * (total + z**2)
    lower = np.where(count == 0, 0.0, (middle - spread) / width)  # exact at the ends, where rounding would show
    upper = np.where(count == total, 1.0, (middle + spread) / width)
    return np.where(usable, lower, np.nan), np.where(usable, upper, np.nan)


def byar(x: npt.ArrayLike, z: float = Z95) -> tuple[Floats, Floats]:
    """Interval of a count of events that may recur (accidents, findings), in events (arrays of the shape of x).

    Byar's approximation from 10 events on, below that the exact Poisson limits from chi-square quantiles
    (PHEindicatormethods, R/utils.R). A missing count gives no interval (nan). Raises ValueError for a negative count.
    """
    events = np.asarray(x, dtype=float)
    if np.any(events < 0):
        raise ValueError("a count needs x >= 0")
    tail = ndtr(-z)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = events + 1
        lower = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3
        upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
        exact = events < EXACT_BELOW
        lower = np.where(exact, np.where(events == 0, 0.0, gammaincinv(events, tail)), lower)
        upper = np.where(exact, gammainccinv(above, tail), upper)
    return lower, upper


def rate(x: npt.ArrayLike, n: npt.ArrayLike, multiplier: float, z: float = Z95) -> tuple[Floats, Floats]:
    """Interval of multiplier * x / n for events that may recur; n = 0 or a missing count gives no interval (nan)."""
    base = np.asarray(n, dtype=float)
    if np.any(base < 0):
        raise ValueError("a rate needs n >= 0")
    usable = np.where(base > 0, base, np.nan)
    lower, upper = byar(x, z)
    return multiplier * lower / usable, multiplier * upper / usable
