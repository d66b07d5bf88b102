"""What the store holds of a draft's units, as plain data for the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from db.records import OrgKind

SeriesKey = tuple[int, str, str]  # org unit, indicator, dims_key
PartsKey = tuple[int, str, str, str]  # parent unit, indicator, dims_key, period


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A current value of the store."""

    period: str
    value: float
    numerator: float | None
    denominator: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class StoredParts:
    """The sum of the values of a unit's children; complete when `n` of them reported and `expected` exist."""

    total: float
    n: int
    expected: int


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit as the checks name it."""

    name: str
    kind: OrgKind
    parent_id: int | None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """`reporters` are, by parent, the active units that have reported an indicator of the draft before."""

    series: Mapping[SeriesKey, tuple[StoredValue, ...]] = field(default_factory=dict)
    parts: Mapping[PartsKey, StoredParts] = field(default_factory=dict)
    units: Mapping[int, StoredUnit] = field(default_factory=dict)
    reporters: Mapping[int, tuple[tuple[int, str], ...]] = field(default_factory=dict)
