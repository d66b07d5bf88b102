"""Changes of org units as the other packages see them: what is asked for, what follows from it, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from db.records import OrgKind


class Unit(NamedTuple):
    """A unit of the register as it is today. `path` holds the ids from the root down to itself; `area_id` is its county, and
    the unit itself for a county and whatever stands above or beside one; `status` is active, closed, proposed or unnamed."""

    id: int
    parent_id: int | None
    area_id: int
    kind: str
    path: tuple[int, ...]
    level: str | None
    code: str | None
    name: str
    short_name: str | None
    area_type: str | None
    sponsor: str | None
    status: str
    valid_from: date | None
    valid_to: date | None

    @property
    def in_tree(self) -> bool:
        """Whether it stands in the tree: neither proposed nor unnamed."""
        return self.status in ("active", "closed")


class What(StrEnum):
    """What happened to one unit."""

    REGISTERED = "registered"
    RENAMED = "renamed"
    CORRECTED = "corrected"
    MOVED = "moved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"  # closed, and another unit goes on in its place
    SPLIT = "split"  # its pupils went to several units
    SUCCEEDED = "succeeded"  # took over from others
    ALIAS_ADDED = "alias_added"
    ALIAS_DROPPED = "alias_dropped"


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be registered. `proposal` is a name under which documents already state numbers that shall be its own."""

    name: str
    kind: OrgKind
    parent_id: int
    valid_from: date
    level: str | None = None
    code: str | None = None
    short_name: str | None = None
    area_type: str | None = None
    sponsor: str | None = None
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Rename:
    unit_id: int
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class Correct:
    """Particulars that were wrong or missing; they hold without a day. None leaves one as it is, "" empties it."""

    unit_id: int
    code: str | None = None
    short_name: str | None = None
    area_type: str | None = None
    sponsor: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Under another parent of the same county: periods that begin on or after the day count there, earlier ones stay."""

    unit_id: int
    parent_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Close:
    unit_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Reopen:
    """A closed unit opens again and gets its old code back."""

    unit_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Merge:
    """Units end and another goes on in their place: one of the tree (by id) or a new one."""

    unit_ids: tuple[int, ...]
    into: int | NewUnit
    on: date


@dataclass(frozen=True, slots=True)
class Part:
    """One of the units that a split leaves; `share` is the part of the pupils that it took, None where nobody stated it."""

    into: int | NewUnit
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A school's pupils go to several units; with `goes_on` the school itself stays open beside them."""

    unit_id: int
    parts: tuple[Part, ...]
    on: date
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """Another spelling of a unit, added or (`drop`) withdrawn."""

    unit_id: int
    alias: str
    drop: bool = False


Asked = NewUnit | Rename | Correct | Move | Close | Reopen | Merge | Split | Alias


@dataclass(frozen=True, slots=True)
class SumChange:
    """A value of a unit that comes out otherwise; `dims` is a dims key, None stands for no value."""

    org_unit_id: int
    indicator: str
    period: str
    dims: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class SeenChange:
    """An account (or token of the data interface) that sees more, less or only past numbers: `how` is "gains", "loses",
    "follows" (its own unit moved) or "past" (its own unit ended)."""

    name: str
    how: str
    units: int
    token: bool = False


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a change does. `facts`: numbers that get another unit; `sums`: values that come out otherwise; `breaks`: units
    whose series are marked with a break from a day on; `touched`: units whose register entry changes."""

    event: int
    touched: tuple[int, ...]
    facts: int = 0
    sums: tuple[SumChange, ...] = ()
    breaks: tuple[tuple[int, date], ...] = ()
    seen: tuple[SeenChange, ...] = ()
    made: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One row of a unit's history; times are UTC."""

    id: int
    event: int
    org_unit_id: int
    kind: What
    effective: date | None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
