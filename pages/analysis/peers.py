"""Schools like a school: the nearest of the same phase by size, place and intake, and why each was chosen."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def nearest(units: pd.DataFrame, unit_id: int, weights: Mapping[str, float], k: int) -> pd.DataFrame:
    """The k units of the same `level` that are nearest to a unit, nearest first, indexed by unit id.

    d = √(Σ wₖ ((aₖ - bₖ)/rangeₖ)²) over the attributes in `weights` (after FBIT's comparator sets), numbers by the
    range of the phase, words (urban, town, rural) as 0 when equal, 1 when not. A missing number stands at the
    median of the phase, a missing word is unlike every other. An attribute that nobody has is left out and the
    weights of the others scaled to 1. Columns: `distance` (0..1) and one per attribute used: its share of d² (0..1), 0
    for a perfect match. No unit enters twice, and none is its own peer. KeyError for an unknown unit.
    """
    level = units.loc[unit_id, "level"]
    phase = units[units["level"] == level]
    phase = phase[~phase.index.duplicated()]
    used = {name: weight for name, weight in weights.items() if name in phase and phase[name].notna().any()}
    total = sum(used.values())
    parts = pd.DataFrame(
        {name: weight / total * _apart(phase[name], unit_id) ** 2 for name, weight in used.items()}, index=phase.index
    )
    squared = parts.sum(axis=1)
    shares = parts.div(squared.where(squared > 0), axis=0).fillna(0.0)
    shares.insert(0, "distance", squared**0.5)
    return shares.drop(index=unit_id).sort_values("distance", kind="stable").head(k)


def _apart(values: pd.Series, unit_id: int) -> pd.Series:
    """How far each unit is from one, 0..1."""
    if not pd.api.types.is_numeric_dtype(values):
        own = values.loc[unit_id]
        unlike: pd.Series = (values.isna() | (values != own) | bool(pd.isna(own))).astype(float)
        return unlike
    filled = values.astype(float).fillna(float(values.median()))
    span = float(filled.max() - filled.min())
    apart: pd.Series = (filled - filled.loc[unit_id]).abs() / (span or 1.0)
    return apart
