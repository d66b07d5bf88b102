"""Columns of a draft whose cells the store does not have, written straight from their arrays. Call inside
`db.engine.write`. tests/db/test_observed.py holds the rows against those written one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.blocks import storable
from db.bulk import indexes_after, insert_alike, insert_columns, reserve_observations
from db.copying import Words
from db.facts import AT_ONCE, add_numbered
from db.interning import UNKNOWN_PERIOD
from db.matching import Ids, Match, Matches
from db.observed import Ints, ObservationColumn
from db.records import ObsStatus, Qualifier, SourceKind
from db.schema import evidence, observation
from db.written import Written

_OF_ALL: dict[str, Any] = {"source_kind": SourceKind.SHEET.value, "ordinal": 0, "qualifier": Qualifier.EXACT.value,
           "obs_status": ObsStatus.NORMAL.value}  # fmt: skip
_FACT = ("area_id", "org_unit_id", "id", "value")
_PROOF = ("area_id", "observation_id", "quote", "confidence")


def add_matches(
    connection: sa.Connection, matches: Matches, kinds: Sequence[str], file_id: int, import_id: int, now: datetime
) -> tuple[set[tuple[int, int, int]], dict[int, Written]]:
    """Writes what is new or changed (`kinds` of those matched one by one), numbered in the order of the document. Returns
    the (area, period, indicator) that are touched, and by period the facts beside which the store has none."""
    chosen = [n for n, kind in enumerate(kinds) if kind != "same"]
    writing = [matches.each[n] for n in chosen]
    alone = matches.places[np.array(chosen, np.int64)]
    places = np.sort(np.concatenate([alone, *(one.numbers for one in matches.fresh)]))
    if not len(places):
        return set(), {}
    first = reserve_observations(connection, len(places))
    numbers: list[int] = (np.searchsorted(places, alone) + first).tolist()
    columns = [_Numbered(one, matches.ids, np.searchsorted(places, one.numbers) + first) for one in matches.fresh]
    with indexes_after(connection, len(places), first - 1, observation, evidence):
        add_numbered(connection, writing, numbers, file_id, import_id, now)
        _add_columns(connection, columns, file_id, import_id, now)
    touched = {*_touched(writing), *(place for one in columns for place in one.touched())}
    stated = {(one.key.period_id, one.key.indicator_id) for one in matches.each}
    sole = [one for one in columns if (one.period, one.indicator) not in stated] if matches.sole else []
    return touched, _written(sole)


def _written(columns: Sequence[_Numbered]) -> dict[int, Written]:
    found = {}
    for period in {one.period for one in columns}:
        own = [one for one in columns if one.period == period]
        keys = np.concatenate([one.keys() for one in own])
        numbers, values = (np.concatenate([getattr(one, name) for one in own]) for name in ("numbers", "values"))
        area, indicator, _, dim, unit = keys.T
        found[period] = Written.of(area, unit, indicator, dim, numbers, values)
    return found


def _touched(writing: Iterable[Match]) -> Iterable[tuple[int, int, int]]:
    return ((one.key.area_id, one.key.period_id, one.key.indicator_id) for one in writing)


class _Numbered:
    """A column with the ids of the store, and its values and quotes; many cells hold the same number."""

    def __init__(self, column: ObservationColumn, ids: Ids, numbers: Ints) -> None:
        self.column, self.numbers = column, numbers
        units = column.org_unit_ids
        self.areas = np.fromiter(map(ids.areas.__getitem__, units.tolist()), np.int64, len(units))
        self.indicator = ids.indicators[column.indicator]
        self.period = ids.periods[column.period or UNKNOWN_PERIOD]
        self.dims = ids.dims[column.dims_key]
        once, back = np.unique(column.cells, return_inverse=True)
        values, quotes = zip(*map(column.said, once.tolist()), strict=True) if len(once) else ((), ())
        self.values, self.quotes = np.array(values, np.float64)[back], np.array(quotes, object)[back]

    def touched(self) -> Iterable[tuple[int, int, int]]:
        return ((area, self.period, self.indicator) for area in np.unique(self.areas).tolist())

    def fact(self, import_id: int, now: datetime) -> dict[str, object]:
        """What all observations of the column have in common."""
        ids = {"indicator_id": self.indicator, "period_id": self.period, "dim_set_id": self.dims}
        return {**ids, **_OF_ALL, "unit": self.column.unit, "import_id": import_id, "valid_from": now}

    def proof(self, file_id: int) -> dict[str, object]:
        """What all proofs of the column have in common."""
        told = {name: getattr(self.column.proof, name) for name in ("sheet", "rule", "rule_version")}
        return {"source_file_id": file_id, **told}

    def places(self) -> dict[str, str]:
        """What stands before the row in the columns that say where a number stands."""
        letters = self.column.letters
        return {"locator": storable(f"{self.column.proof.sheet}!{letters}"), "cell": letters}

    def keys(self) -> Ints:
        """Area, indicator, period, set of dims and unit, row by row, as the index has them."""
        units = self.column.org_unit_ids
        same = (np.full(len(units), number) for number in (self.indicator, self.period, self.dims))
        return np.column_stack([self.areas, *same, units])


def _add_columns(
    connection: sa.Connection, columns: Sequence[_Numbered], file_id: int, import_id: int, now: datetime
) -> None:
    if not columns:
        return
    rows = _Rows(columns)
    add = _add_together if connection.dialect.name == "postgresql" else _add_one_by_one
    for start in range(0, len(rows.order), AT_ONCE):
        add(connection, rows, rows.order[start : start + AT_ONCE], file_id, import_id, now)


class _Rows:
    """All rows of some columns, one column after the other; `order` is that of the index, `which` counts the columns."""

    def __init__(self, columns: Sequence[_Numbered]) -> None:
        self.columns = columns
        self.keys = np.concatenate([one.keys() for one in columns])
        self.numbers = np.concatenate([one.numbers for one in columns])
        self.values = np.concatenate([one.values for one in columns])
        self.quotes = np.concatenate([one.quotes for one in columns])
        self.rows = np.concatenate([one.column.rows for one in columns])
        self.which = np.repeat(np.arange(len(columns)), [len(one.numbers) for one in columns])
        self.order = np.lexsort(self.keys.T[::-1])


def _add_one_by_one(
    connection: sa.Connection, rows: _Rows, some: Ints, file_id: int, import_id: int, now: datetime
) -> None:
    """Column by column: what the rows of one have in common stands in its statement."""
    for n in np.unique(rows.which[some]).tolist():
        own, one = some[rows.which[some] == n], rows.columns[n]
        area_ids, unit_ids = rows.keys[own, 0].tolist(), rows.keys[own, -1].tolist()
        ids = rows.numbers[own].tolist()
        facts = list(zip(area_ids, unit_ids, ids, rows.values[own].tolist(), strict=True))
        insert_alike(connection, observation, one.fact(import_id, now), _FACT, facts)
        sure = repeat(one.column.proof.confidence, len(ids))
        proofs = list(zip(area_ids, ids, rows.quotes[own].tolist(), sure, rows.rows[own].tolist(), strict=True))
        insert_alike(connection, evidence, one.proof(file_id), _PROOF, proofs, one.places())


def _add_together(
    connection: sa.Connection, rows: _Rows, some: Ints, file_id: int, import_id: int, now: datetime
) -> None:
    """All columns in one COPY for each table."""
    which, numbers, area = rows.which[some], rows.numbers[some], rows.keys[some, 0]
    insert_columns(connection, observation, {
        **dict(zip(("area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id"), rows.keys[some].T, strict=True)),
        "id": numbers, "value": rows.values[some], "unit": Words(which, [one.column.unit for one in rows.columns]),
        **_OF_ALL, "import_id": import_id, "valid_from": now,
    }, len(some))  # fmt: skip
    told = [one.proof(file_id) for one in rows.columns]
    places = [one.places() for one in rows.columns]
    behind = list(zip(which.tolist(), rows.rows[some].tolist(), strict=True))
    each = np.arange(len(some))
    insert_columns(connection, evidence, {
        "area_id": area, "observation_id": numbers, "source_file_id": file_id,
        "quote": Words(each, rows.quotes[some].tolist()),
        "confidence": np.array([one.column.proof.confidence for one in rows.columns], np.float64)[which],
        **{name: Words(which, [str(one[name]) for one in told]) for name in ("sheet", "rule", "rule_version")},
        **{name: Words(each, [f"{places[n][name]}{row}" for n, row in behind]) for name in ("locator", "cell")},
    }, len(some))  # fmt: skip
