"""A draft against the store: which of its observations are new, the same or changed. Nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

from db.blocks import fit
from db.interning import UNKNOWN_PERIOD
from db.observed import (
    Ints,
    ObservationColumn,
    chosen,
    columns_in,
    places_of_chosen,
    places_of_units,
    proposed_in,
)
from db.records import Change, Draft, Observation, ObsStatus, Qualifier, SourceKind, dims_key
from db.schema import import_batch, observation, source_file


class Key(NamedTuple):
    """The current key of an observation; an id of 0 stands for something the store does not have yet."""

    area_id: int
    indicator_id: int
    period_id: int
    dim_set_id: int
    org_unit_id: int
    source_kind: str
    ordinal: int


class Content(NamedTuple):
    """What makes two observations of one cell the same statement."""

    value: float | None
    value_high: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    qualifier: str
    status: str


class Stored(NamedTuple):
    observation_id: int
    content: Content
    import_id: int


@dataclass(frozen=True, slots=True)
class Ids:
    """Texts to ids. What is missing has no entry."""

    indicators: Mapping[str, int]
    periods: Mapping[str, int]
    dims: Mapping[str, int]
    areas: Mapping[int, int]  # org unit to area
    proposed: Mapping[str, int]  # key of the draft to org unit

    def unit_of(self, item: Observation) -> int:
        if item.proposed_key is not None:
            return self.proposed.get(item.proposed_key, 0)
        return item.org_unit_id or 0


class Match(NamedTuple):
    """One observation of a draft, its key, and what the store holds at that key."""

    observation: Observation
    key: Key
    old: Stored | None

    @property
    def kind(self) -> str:
        if self.old is None:
            return "new"
        return "same" if self.old.content == content_of(self.observation) else "changed"

    def change(self) -> Change:
        old = self.old
        return Change(
            self.observation, self.kind, old.content.value if old else None, old.observation_id if old else None
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """A draft beside the store: observations one by one, and columns of them whose cells the store does not have. `places`
    are those of the former among all observations, `unplaced` counts values of units that the store does not know. `sole`:
    the store holds nothing at all of what the columns are about, in the areas of their units."""

    each: Sequence[Match]
    ids: Ids
    fresh: Sequence[ObservationColumn] = ()
    places: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    unplaced: int = 0
    sole: bool = False

    def cells(self) -> tuple[set[int], set[int], set[int]]:
        """The areas, indicators and units that the draft is about, as far as the store knows them."""
        known = [one.key for one in self.each if one.key.area_id and one.key.indicator_id]
        areas, indicators = {key.area_id for key in known}, {key.indicator_id for key in known}
        units = {key.org_unit_id for key in known}
        for column in self.fresh:
            here = column.org_unit_ids.tolist()
            if column.indicator in self.ids.indicators:
                areas |= {self.ids.areas[unit] for unit in here}
                indicators.add(self.ids.indicators[column.indicator])
                units.update(here)
        return areas, indicators, units


def match_by_columns(connection: sa.Connection, draft: Draft, ids: Ids) -> Matches:
    """As `match`, but for a column only the cells of units of which the store holds something are looked at one by one."""
    proposed = proposed_in(draft.observations)
    known = [column for one in proposed if len((column := one.known(ids.proposed)).numbers)]
    columns = [*columns_in(draft.observations), *known]
    held = _units_held(connection, columns, ids)
    if held is None:
        return Matches(match(connection, draft, ids), ids, places=np.arange(len(draft.observations)))
    beside = places_of_units(columns, held)
    alone = chosen(draft.observations, beside)
    fresh = [one.without(held) for one in columns]
    each = match(connection, replace(draft, observations=alone), ids)
    unplaced = sum(len(one.numbers) for one in proposed) - sum(len(one.numbers) for one in known)
    return Matches(each, ids, fresh, places_of_chosen(draft.observations, beside), unplaced, not held)


def _units_held(connection: sa.Connection, columns: Sequence[ObservationColumn], ids: Ids) -> set[int] | None:
    """The units of which the store holds something about the periods and indicators of columns; None where they can
    only be looked at together: something without a period is held already, or an area is not known."""
    indicators = {ids.indicators[one.indicator] for one in columns if one.indicator in ids.indicators}
    areas = {ids.areas.get(unit, 0) for one in columns for unit in one.org_unit_ids.tolist()}
    found: set[int] = set()
    for code in {one.period for one in columns}:
        asked = {"period": ids.periods.get(code or "", 0), "areas": sorted(areas), "indicators": sorted(indicators)}
        units = set(connection.scalars(_HELD, asked))
        if (units and not code) or 0 in areas:
            return None
        found |= units
    return found


def match(connection: sa.Connection, draft: Draft, ids: Ids) -> list[Match]:
    """Every observation of the draft beside the current one of its cell."""
    keyed = keys_of(draft, ids)
    known = _current(connection, [key for key, _ in keyed])
    undated = ids.periods.get(UNKNOWN_PERIOD, 0)
    if any(key.period_id == undated for key in known):
        keyed = _beside_other_files(connection, draft, keyed, known, undated)
    return [Match(item, key, known.get(key)) for key, item in keyed]


def _beside_other_files(
    connection: sa.Connection,
    draft: Draft,
    keyed: Sequence[tuple[Key, Observation]],
    known: Mapping[Key, Stored],
    undated: int,
) -> list[tuple[Key, Observation]]:
    """Values of an unknown period in two files need not be about the same time: only a file of the same
    name replaces them, any other file gets ordinals that are free."""
    same_name = set(
        connection.scalars(
            sa.select(import_batch.c.id)
            .join_from(import_batch, source_file, import_batch.c.source_file_id == source_file.c.id)
            .where(source_file.c.name == fit(source_file.c.name, draft.source.name))
        )
    )
    taken: dict[Key, set[int]] = defaultdict(set)
    for key, stored in known.items():
        if key.period_id == undated and stored.import_id not in same_name:
            taken[key._replace(ordinal=0)].add(key.ordinal)
    shifted = []
    for key, item in keyed:
        occupied = taken.get(key._replace(ordinal=0))
        if occupied:
            key = key._replace(ordinal=next(n for n in count() if n not in occupied))
            occupied.add(key.ordinal)
        shifted.append((key, item))
    return shifted


def keys_of(draft: Draft, ids: Ids) -> list[tuple[Key, Observation]]:
    """Keys in the draft's order. A cell stated again gets the next ordinal: only ordinal 0 enters sums."""
    seen: dict[tuple[object, ...], int] = {}
    keyed = []
    for item in draft.observations:
        unit_id, dims, period = ids.unit_of(item), dims_key(item.dims), item.period or ""
        kind = _SHEET if item.source_kind is SourceKind.SHEET else item.source_kind.value
        place = (item.indicator, period, dims, item.proposed_key, item.org_unit_id, kind)
        ordinal = seen.get(place, 0)
        seen[place] = ordinal + 1
        key = Key(
            ids.areas.get(unit_id, 0), ids.indicators.get(item.indicator, 0), ids.periods.get(period, 0),
            ids.dims.get(dims, 0), unit_id, kind, ordinal,
        )  # fmt: skip
        keyed.append((key, item))
    return keyed


# Asking an enumeration for its value takes longer than the rest of a line, and most observations are like this.
_SHEET, _EXACT, _NORMAL = SourceKind.SHEET.value, Qualifier.EXACT.value, ObsStatus.NORMAL.value


def content_of(item: Observation) -> Content:
    return Content(
        _number(item.value),
        _number(item.value_high),
        _number(item.numerator),
        _number(item.denominator),
        item.unit,
        _EXACT if item.qualifier is Qualifier.EXACT else item.qualifier.value,
        _NORMAL if item.status is ObsStatus.NORMAL else item.status.value,
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _current(connection: sa.Connection, keys: Sequence[Key]) -> dict[Key, Stored]:
    """The current observations at the keys: one read per period."""
    by_period: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for key in keys:
        if key.area_id and key.indicator_id and key.period_id:
            by_period[key.period_id][0].add(key.area_id)
            by_period[key.period_id][1].add(key.indicator_id)
    found: dict[Key, Stored] = {}
    for period_id, (areas, indicators) in by_period.items():
        rows = connection.execute(
            _CURRENT, {"period": period_id, "areas": sorted(areas), "indicators": sorted(indicators)}
        )
        for row in rows:
            found[Key(*row[:7])] = Stored(row[7], Content(*row[8:15]), row[15])
    return found


def current_of(connection: sa.Connection, key: Key) -> Stored | None:
    """The current observation at one key."""
    return _current(connection, [key]).get(key)


_HELD = sa.select(observation.c.org_unit_id).distinct().where(
    observation.c.area_id.in_(sa.bindparam("areas", expanding=True)),
    observation.c.indicator_id.in_(sa.bindparam("indicators", expanding=True)),
    observation.c.period_id == sa.bindparam("period"),
    observation.c.valid_to.is_(None),
)  # fmt: skip
_CURRENT = sa.select(
    *(observation.c[name] for name in (*Key._fields, "id", "value", "value_high", "numerator", "denominator",
                                       "unit", "qualifier", "obs_status", "import_id"))
).where(
    observation.c.area_id.in_(sa.bindparam("areas", expanding=True)),
    observation.c.indicator_id.in_(sa.bindparam("indicators", expanding=True)),
    observation.c.period_id == sa.bindparam("period"),
    observation.c.valid_to.is_(None),
)  # fmt: skip
