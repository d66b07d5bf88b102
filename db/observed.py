"""The observations of a draft by columns, where a large sheet has thousands that differ in nothing but unit and number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from db.records import Dims, Evidence, Observation, dims_key

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ObservationColumn:
    """Exact values of one indicator, period and set of dims, one for each of `org_unit_ids` (units of the store), which no
    other observation of the draft is about. `numbers` are their places among the observations. They stand in one column
    of a sheet: `cells` are the numbers that its cells hold, in the `rows` (from 1) under `letters`, and `said` is what such
    a number is read as (value, quote). `proof` is that of one of them: sheet, rule and confidence are those of all.
    Where `keys` are given, `org_unit_ids` are places in them: keys of units that the draft proposes."""

    indicator: str
    period: str | None
    dims: Dims
    unit: str
    org_unit_ids: Ints
    numbers: Ints
    cells: Floats
    rows: Ints
    letters: str
    proof: Evidence
    said: Callable[[float], tuple[float, str]]
    keys: Sequence[str] = ()

    def without(self, units: set[int]) -> ObservationColumn:
        """The column without some units."""
        return self._only(~np.isin(self.org_unit_ids, np.fromiter(units, np.int64, len(units))))

    def known(self, proposed: Mapping[str, int]) -> ObservationColumn:
        """The column of those proposed units that the store has, by the ids that it gave their keys."""
        units = np.array([proposed.get(key, 0) for key in self.keys], np.int64)[self.org_unit_ids]
        return replace(self, org_unit_ids=units, keys=())._only(units > 0)

    def _only(self, kept: npt.NDArray[np.bool_]) -> ObservationColumn:
        arrays = {name: getattr(self, name)[kept] for name in ("org_unit_ids", "numbers", "cells", "rows")}
        return replace(self, **arrays)

    @property
    def dims_key(self) -> str:
        return dims_key(self.dims)


class ColumnarObservations(Sequence[Observation]):
    """Observations of which some stand in columns."""

    def columns(self) -> Sequence[ObservationColumn]:
        raise NotImplementedError

    def chosen(self, numbers: Ints) -> list[Observation]:
        """Those at some places, which rise."""
        raise NotImplementedError


def columns_in(observations: Sequence[Observation]) -> Sequence[ObservationColumn]:
    """The columns of observations about units of the store; none where each is kept by itself."""
    return [one for one in _all_columns(observations) if not one.keys]


def proposed_in(observations: Sequence[Observation]) -> Sequence[ObservationColumn]:
    """The columns of observations about units that the draft proposes."""
    return [one for one in _all_columns(observations) if one.keys]


def _all_columns(observations: Sequence[Observation]) -> Sequence[ObservationColumn]:
    return observations.columns() if isinstance(observations, ColumnarObservations) else ()


def outside_columns(observations: Sequence[Observation]) -> Sequence[Observation]:
    """The observations that stand in no column."""
    return chosen(observations, np.zeros(0, np.int64))


def chosen(observations: Sequence[Observation], numbers: Ints) -> Sequence[Observation]:
    """The observations that stand in no column, and those of the columns at some places, in their order."""
    if not isinstance(observations, ColumnarObservations):
        return observations
    return observations.chosen(places_of_chosen(observations, numbers))


def places_of_chosen(observations: Sequence[Observation], numbers: Ints) -> Ints:
    """Where `chosen` observations stand among all."""
    alone = np.ones(len(observations), bool)
    for column in _all_columns(observations):
        alone[column.numbers] = False
    alone[numbers] = True
    return np.flatnonzero(alone)


def of_units(observations: Sequence[Observation], org_unit_ids: set[int]) -> Ints:
    """The places of the observations of columns that are about some units."""
    return places_of_units(columns_in(observations), org_unit_ids)


def places_of_units(columns: Sequence[ObservationColumn], org_unit_ids: set[int]) -> Ints:
    """The places of what columns hold of some units."""
    wanted = np.fromiter(org_unit_ids, np.int64, len(org_unit_ids))
    found = [one.numbers[np.isin(one.org_unit_ids, wanted)] for one in columns]
    return np.concatenate([np.zeros(0, np.int64), *found])


def distinct(observations: Sequence[Observation]) -> set[tuple[str, str | None, str]]:
    """The (indicator, period, key of dims) that observations are about."""
    columns = {(one.indicator, one.period, one.dims_key) for one in _all_columns(observations)}
    return columns | {(one.indicator, one.period, dims_key(one.dims)) for one in outside_columns(observations)}


def units_in(observations: Sequence[Observation]) -> set[tuple[int | None, str | None]]:
    """The (org unit, key of a proposed unit) that observations are about."""
    units = {unit for one in columns_in(observations) for unit in np.unique(one.org_unit_ids).tolist()}
    alone = {(one.org_unit_id, one.proposed_key) for one in outside_columns(observations)}
    proposed = {one.keys[n] for one in proposed_in(observations) for n in np.unique(one.org_unit_ids).tolist()}
    return {(unit, None) for unit in units} | {(None, key) for key in proposed} | alone
