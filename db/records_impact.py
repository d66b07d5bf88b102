"""What storing a draft would do beyond its own values: what no longer stands, and what rests on what changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.records import Difference


@dataclass(frozen=True, slots=True)
class EarlierImport:
    """A stored import of an earlier version of the same file, by its name; a person may let the new file stand for it."""

    import_id: int
    source_file_id: int
    file_name: str
    created_by: str
    created_at: datetime
    n_values: int  # of those that stand now


@dataclass(frozen=True, slots=True)
class LeftValue:
    """A value that an earlier version states and the draft does not: it stays, unless that import is replaced."""

    observation_id: int
    org_unit_name: str
    indicator: str
    period: str
    dims: str
    value: float | None


@dataclass(frozen=True, slots=True)
class ImpactedSum:
    """A unit above whose number of an indicator and a period would be worked out anew; `cells` counts the stored values
    below it that change, `rate` says that the indicator is a rate made of a count that changes."""

    org_unit_id: int
    name: str
    indicator: str
    period: str
    cells: int
    rate: bool = False


@dataclass(frozen=True, slots=True)
class Impact:
    """`earlier` are the versions before, the latest first. The numbers of discrepancies (by their told observation),
    rulings, claims and review decisions are those that rest on values that change or go, for links."""

    difference: Difference
    earlier: tuple[EarlierImport, ...] = ()
    left: tuple[LeftValue, ...] = ()
    sums: tuple[ImpactedSum, ...] = ()
    discrepancies: tuple[int, ...] = ()
    rulings: tuple[int, ...] = ()
    claims: tuple[int, ...] = ()
    decisions: tuple[int, ...] = ()
    locked: tuple[str, ...] = ()  # why it cannot be stored: a sentence for each locked period that it would change
