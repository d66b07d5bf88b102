"""What stands for units, wherever it comes from: the rows of `rollup`, and the cells of schools that follow from facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from db.book import CURRENT, Book
from db.catalogue import Catalogue
from db.distribution import of_units
from db.fold import CELL_FIELDS, Cell
from db.frames import CHUNK, chunks
from db.interning import ids
from db.schema import observation, rollup
from db.school_cells import LEVELS, Bools, Facts, Lookup, Own, cells_of, facts_of, joined, own_cells
from db.together import several
from db.units import areas_mostly_of, levels_of_schools

FEW_INDICATORS = 20
FEW_PERIODS = 2


class CellRow(NamedTuple):
    """A cell and its place; `dims` is a dims key."""

    area_id: int
    org_unit_id: int
    indicator_id: int
    period_id: int
    dims: str
    cell: Cell


class Asked(NamedTuple):
    """Cells that are asked for: of units, by the ids of indicators and periods and the keys of dims; None means all."""

    unit_ids: Collection[int]
    indicators: Collection[int]
    periods: Collection[int] | None = None
    dims: Collection[str] | None = None

    def parts(self) -> Iterator[Asked]:
        """The same in parts of as many units as one statement takes."""
        yield from (self._replace(unit_ids=some) for some in chunks(self.unit_ids))

    def size(self) -> int:
        """How many values a statement for it holds."""
        return sum(len(each) for each in self if each is not None)


def cell_rows(
    connection: sa.Connection,
    unit_ids: Iterable[int],
    indicators: Collection[int],
    periods: Collection[int] | None = None,
    dims: Collection[str] | None = None,
    catalogue: Catalogue | None = None,
) -> Iterator[CellRow]:
    """The cells of units, by the ids of indicators and periods and the keys of dims; None means all. In no order."""
    asked = Asked(list(unit_ids), indicators, periods, dims)
    yield from (row for _, row in cells_asked(connection, [asked], catalogue))


def cells_asked(
    connection: sa.Connection, asked: Sequence[Asked], catalogue: Catalogue | None = None
) -> Iterator[tuple[int, CellRow]]:
    """The cells of several such questions in as few statements as one takes, each with the place of its question."""
    book = Book(connection, catalogue)
    parts = [(n, part) for n, one in enumerate(asked) for part in one.parts()]
    for some in _together(parts):
        schools = levels_of_schools(connection, {unit_id for _, part in some for unit_id in part.unit_ids})
        yield from _cells(book, some, schools)


def _together(parts: Iterable[tuple[int, Asked]]) -> Iterator[list[tuple[int, Asked]]]:
    """The parts in groups that one statement takes."""
    some: list[tuple[int, Asked]] = []
    for part in parts:
        if some and sum(one.size() for _, one in (*some, part)) > CHUNK:
            yield some
            some = []
        some.append(part)
    if some:
        yield some


def _cells(
    book: Book, parts: Sequence[tuple[int, Asked]], schools: Mapping[int, str | None]
) -> Iterator[tuple[int, CellRow]]:
    dim_ids = [
        None if one.dims is None else book.dims.alike(one.dims) if schools else book.dims.known(one.dims)
        for _, one in parts
    ]
    of_schools = [one._replace(unit_ids=schools.keys() & set(one.unit_ids)) for _, one in parts]
    stored, facts = several(
        lambda: _stored(book, [one for _, one in parts], dim_ids),
        lambda: _facts(book, of_schools, dim_ids) if schools else [],
    )
    for (n, one), rows in zip(parts, stored, strict=True):
        yield from ((n, row) for row in rows if one.dims is None or row.dims in one.dims)
    if not schools:
        return
    lookup = book.lookup(schools)
    for (n, one), found, rows in zip(parts, facts, stored, strict=True):
        for own in _unstored(book, lookup, found, one.indicators, rows):
            yield from ((n, row) for row in _rows(book, own, one.dims))


def texts_of(connection: sa.Connection, table: sa.Table, codes: Iterable[str]) -> dict[int, str]:
    """Id to code of those rows of a reference table that the store knows."""
    numbers = ids(connection, table, table.c.code)
    return {numbers[code]: code for code in set(codes) if code in numbers}


def _rows(book: Book, own: Own, dims: Collection[str] | None) -> Iterator[CellRow]:
    if dims is not None:
        wanted = [number for number in np.unique(own.dim).tolist() if book.dims.keys[number] in dims]
        own = own.take(np.isin(own.dim, wanted))
    keys = [book.dims.keys[number] for number in own.dim.tolist()]
    columns = (own.area.tolist(), own.unit.tolist(), own.indicator.tolist(), own.period.tolist(), keys, cells_of(own))
    yield from map(CellRow, *columns)


def _stored(book: Book, asked: Sequence[Asked], dim_ids: Sequence[Collection[int] | None]) -> list[list[CellRow]]:
    """By question the rows of the table."""
    names = ("area_id", "org_unit_id", "indicator_id", "period_id", "dim_set_id", *CELL_FIELDS)
    query = sa.select(*(rollup.c[name] for name in names))
    conditions = [
        _at(book.connection, rollup, one.unit_ids, one.indicators, one.periods, dims)
        for one, dims in zip(asked, dim_ids, strict=True)
    ]
    keys = book.dims.keys
    return [
        [
            CellRow(area_id, unit_id, indicator_id, period_id, keys[dim_id], Cell(*rest))
            for area_id, unit_id, indicator_id, period_id, dim_id, *rest in rows
        ]
        for rows in _each(book.connection, query, conditions)
    ]


def _facts(book: Book, asked: Sequence[Asked], dim_ids: Sequence[Collection[int] | None]) -> list[Facts]:
    """By question the facts of the units and of the counts that rates rest on."""
    conditions = [
        _at(book.connection, observation, one.unit_ids, book.with_counts(one.indicators), one.periods, dims)
        for one, dims in zip(asked, dim_ids, strict=True)
    ]
    return [facts_of(rows) for rows in _each(book.connection, CURRENT, conditions)]


def _each(
    connection: sa.Connection, query: sa.Select[Any], conditions: Sequence[Sequence[sa.ColumnElement[bool]]]
) -> list[Sequence[Sequence[Any]]]:
    """What a query finds under each of several sets of conditions, in one statement."""
    if len(conditions) == 1:
        return [connection.execute(query.where(*conditions[0])).all()]
    numbered = [
        query.add_columns(sa.literal_column(str(n), sa.Integer).label("asked")).where(*each)
        for n, each in enumerate(conditions)
    ]
    found: list[list[Sequence[Any]]] = [[] for _ in conditions]
    for *row, n in connection.execute(sa.union_all(*numbered)):
        found[n].append(row)
    return list(found)


def _at(
    connection: sa.Connection,
    table: sa.Table,
    unit_ids: Collection[int],
    indicators: Collection[int],
    periods: Collection[int] | None,
    dim_ids: Collection[int] | None,
) -> list[sa.ColumnElement[bool]]:
    """The conditions on a table's rows. An index that begins with the unit is asked once for each unit, indicator and
    period; of many indicators it is asked by unit alone, and the rows are looked through. Units above schools have
    thousands of rows: of few periods the former is always less. Facts of a good part of a county's units are read county by
    county."""
    few = len(indicators) <= FEW_INDICATORS or (table is rollup and periods is not None and len(periods) <= FEW_PERIODS)
    code = table.c.indicator_id if few else table.c.indicator_id + 0
    areas = areas_mostly_of(connection, unit_ids) if table is observation else []
    units: tuple[sa.ColumnElement[bool], ...]
    if areas:  # one stretch of the index of keys for each area, indicator and period
        few, code = True, table.c.indicator_id
        units = (table.c.area_id.in_(areas), (table.c.org_unit_id + 0).in_(sorted(unit_ids)))
    else:
        units = of_units(connection, table, unit_ids)
    found: list[sa.ColumnElement[bool]] = [*units, code.in_(sorted(indicators))]
    if dim_ids is not None:
        found.append((table.c.dim_set_id + 0).in_(sorted(dim_ids)))
    if periods is None:
        return found
    return [*found, (table.c.period_id if few else table.c.period_id + 0).in_(sorted(periods))]


def _unstored(
    book: Book, lookup: Lookup, facts: Facts, indicators: Collection[int], stored: Sequence[CellRow]
) -> Iterator[Own]:
    """The cells of schools of which the table holds nothing at any level."""
    undated = facts.period == (book.unknown_period or 0)
    parts = [own_cells(facts.take(~undated), book.rules_in(0, indicators))]
    if undated.any():
        parts.append(own_cells(facts.take(undated), book.rules_in(book.unknown_period or 0, indicators)))
    own = joined(parts)
    known = {(row.org_unit_id, row.indicator_id, row.period_id, book.dims.split(row.dims)[1]) for row in stored}
    yield from with_levels_above(book, lookup, own.take(~_held(lookup, own, known)))


def _held(lookup: Lookup, own: Own, known: Collection[tuple[int, int, int, str]]) -> Bools:
    """Which of the cells belong to a group of which the table holds rows."""
    if not known:
        return np.zeros(len(own), bool)
    rests = lookup.rest[own.dim].tolist()
    places = zip(own.unit.tolist(), own.indicator.tolist(), own.period.tolist(), rests, strict=True)
    return np.array([(unit, code, when, lookup.rests[rest]) in known for unit, code, when, rest in places], bool)


def with_levels_above(book: Book, lookup: Lookup, own: Own) -> Iterator[Own]:
    """Cells of schools and, after them, the same once more at the levels above."""
    if not len(own):
        return
    yield own
    leveled = {number: book.rules[number].has_levels for number in np.unique(own.indicator).tolist()}
    for up, which in lookup.lifted(own, leveled):
        if len(which):
            above: Own = own.take(which)
            rests, back = np.unique(lookup.rest[above.dim], return_inverse=True)
            numbers = np.array([book.dims.number(LEVELS[up], lookup.rests[rest]) for rest in rests.tolist()], np.int64)
            above.dim = numbers[back]
            yield above
