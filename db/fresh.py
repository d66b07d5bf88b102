"""Columns of a draft whose cells the store does not have, written straight from their arrays. Call inside
`db.engine.write`. tests/db/test_observed.py holds the rows against those written one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from db.bulk import insert_many, reserve_observations
from db.facts import AT_ONCE, EVIDENCE, OBSERVATION, add_numbered
from db.interning import UNKNOWN_PERIOD
from db.matching import Ids, Match, Matches
from db.observed import Ints, ObservationColumn
from db.records import ObsStatus, Qualifier, SourceKind
from db.restated import locator_of
from db.schema import evidence, observation

_SAME_IN_ALL = (SourceKind.SHEET.value, 0)
_NO_COUNTS = (None, None, None)
_PLAIN = (Qualifier.EXACT.value, ObsStatus.NORMAL.value)


def add_matches(
    connection: sa.Connection, matches: Matches, kinds: Sequence[str], file_id: int, import_id: int, now: datetime
) -> set[tuple[int, int, int]]:
    """Writes what is new or changed (`kinds` of those matched one by one), numbered in the order of the document. Returns
    the (area, period, indicator) that are touched."""
    chosen = [n for n, kind in enumerate(kinds) if kind != "same"]
    writing = [matches.each[n] for n in chosen]
    alone = matches.places[np.array(chosen, np.int64)]
    places = np.sort(np.concatenate([alone, *(one.numbers for one in matches.fresh)]))
    if not len(places):
        return set()
    first = reserve_observations(connection, len(places))
    numbers: list[int] = (np.searchsorted(places, alone) + first).tolist()
    add_numbered(connection, writing, numbers, file_id, import_id, now)
    columns = [_Numbered(one, matches.ids, np.searchsorted(places, one.numbers) + first) for one in matches.fresh]
    _add_columns(connection, columns, file_id, import_id, now)
    return {*_touched(writing), *(place for one in columns for place in one.touched())}


def _touched(writing: Iterable[Match]) -> Iterable[tuple[int, int, int]]:
    return ((one.key.area_id, one.key.period_id, one.key.indicator_id) for one in writing)


class _Numbered:
    """A column with the ids of the store."""

    def __init__(self, column: ObservationColumn, ids: Ids, numbers: Ints) -> None:
        self.column, self.numbers = column, numbers
        units = column.org_unit_ids
        self.areas = np.fromiter(map(ids.areas.__getitem__, units.tolist()), np.int64, len(units))
        self.indicator = ids.indicators[column.indicator]
        self.period = ids.periods[column.period or UNKNOWN_PERIOD]
        self.dims = ids.dims[column.dims_key]

    def touched(self) -> Iterable[tuple[int, int, int]]:
        return ((area, self.period, self.indicator) for area in np.unique(self.areas).tolist())

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
    keys = np.concatenate([one.keys() for one in columns])
    numbers = np.concatenate([one.numbers for one in columns])
    cells = np.concatenate([one.column.cells for one in columns])
    rows = np.concatenate([one.column.rows for one in columns])
    which = np.repeat(np.arange(len(columns)), [len(one.numbers) for one in columns])
    order = np.lexsort(keys.T[::-1])
    told = [one.column for one in columns]
    prefixes = [locator_of(f"{one.proof.sheet}!{one.letters}") for one in told]
    for start in range(0, len(order), AT_ONCE):
        some = order[start : start + AT_ONCE]
        places, of = [tuple(key) for key in keys[some].tolist()], which[some].tolist()
        ids, at = numbers[some].tolist(), rows[some].tolist()
        said = _said(told, of, cells[some].tolist())
        facts = [
            (*key, *_SAME_IN_ALL, number, value, *_NO_COUNTS, told[n].unit, *_PLAIN, import_id, now)
            for key, number, n, (value, _) in zip(places, ids, of, said, strict=True)
        ]
        insert_many(connection, observation, OBSERVATION, facts)
        proofs = [
            (key[0], number, file_id, locator_of(f"{prefixes[n]}{row}"), quote, None, None, None, None,
             told[n].proof.sheet, f"{told[n].letters}{row}", None, None, told[n].proof.rule,
             told[n].proof.rule_version, told[n].proof.confidence)
            for key, number, n, row, (_, quote) in zip(places, ids, of, at, said, strict=True)
        ]  # fmt: skip
        insert_many(connection, evidence, EVIDENCE, proofs)


def _said(columns: Sequence[ObservationColumn], of: Sequence[int], cells: Sequence[float]) -> list[tuple[float, str]]:
    """Value and quote of each cell; many cells hold the same number."""
    known: dict[float, tuple[float, str]] = {}
    for n, cell in zip(of, cells, strict=True):
        if cell not in known:
            known[cell] = columns[n].said(cell)
    return [known[cell] for cell in cells]
