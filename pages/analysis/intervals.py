"""Intervals for proportions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Z95 = 1.959964
Z998 = 3.090232

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
