"""Balance between the schools of a county: the ministry's 差异系数."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Highest 差异系数 of each measure: 县域义务教育优质均衡发展督导评估办法, 教督〔2017〕6号.
LIMITS = {"PRI": 0.50, "JUN": 0.45}
SMALLEST = 50  # pupils: smaller teaching points are left out of the ministry's comparison


def variation(resources: npt.ArrayLike, pupils: npt.ArrayLike, *, smallest: float = 0) -> float:
    """Coefficient of variation of resources per pupil between schools, weighted by pupils.

    √(Σ (Pᵢ/P)(rᵢ - R)²) / R with rᵢ = resources per pupil of a school and R = the county's resources over its pupils
    (差异系数 of 义务教育均衡发展督导评估). Schools without pupils, with fewer than `smallest` (the ministry leaves out
    teaching points under 50), or without a figure are left out; nan when nothing is left or R is 0.
    """
    have, people = np.asarray(resources, dtype=float), np.asarray(pupils, dtype=float)
    used = ~np.isnan(have + people) & (people > 0) & (people >= smallest)
    if not used.any() or have[used].sum() == 0:
        return float("nan")
    weight = people[used] / people[used].sum()
    whole = have[used].sum() / people[used].sum()
    return float(np.sqrt((weight * (have[used] / people[used] - whole) ** 2).sum()) / whole)
