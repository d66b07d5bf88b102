"""What stands for units, wherever it comes from: the rows of `rollup`, and the cells of schools that follow from facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

from db.book import Book, read_facts
from db.catalogue import Catalogue
from db.fold import CELL_FIELDS, Cell
from db.frames import chunks
from db.interning import ids
from db.records import OrgKind
from db.schema import observation, org_unit, rollup
from db.school_cells import LEVELS, Bools, Lookup, Own, cells_of, joined, own_cells

FEW_INDICATORS = 20


class CellRow(NamedTuple):
    """A cell and its place; `dims` is a dims key."""

    area_id: int
    org_unit_id: int
    indicator_id: int
    period_id: int
    dims: str
    cell: Cell


def cell_rows(
    connection: sa.Connection,
    unit_ids: Iterable[int],
    indicators: Collection[int],
    periods: Collection[int] | None = None,
    dims: Collection[str] | None = None,
    catalogue: Catalogue | None = None,
) -> Iterator[CellRow]:
    """The cells of units, by the ids of indicators and periods and the keys of dims; None means all. In no order."""
    book = Book(connection, catalogue)
    for some in chunks(unit_ids):
        units = connection.execute(
            sa.select(org_unit.c.id, org_unit.c.level, org_unit.c.kind).where(org_unit.c.id.in_(some))
        ).all()
        schools = {unit.id: unit.level for unit in units if unit.kind == OrgKind.SCHOOL.value}
        dim_ids = None if dims is None else book.dims.alike(dims) if schools else book.dims.known(dims)
        stored = list(_stored(book, some, indicators, periods, dim_ids))
        yield from (row for row in stored if dims is None or row.dims in dims)
        if schools:
            made = _unstored(book, book.lookup(schools), sorted(schools), indicators, periods, dim_ids, stored)
            yield from (row for own in made for row in _rows(book, own, dims))


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


def _stored(
    book: Book,
    unit_ids: Sequence[int],
    indicators: Collection[int],
    periods: Collection[int] | None,
    dim_ids: Collection[int] | None,
) -> Iterator[CellRow]:
    names = ("area_id", "org_unit_id", "indicator_id", "period_id", "dim_set_id", *CELL_FIELDS)
    query = sa.select(*(rollup.c[name] for name in names)).where(*_at(rollup, unit_ids, indicators, periods, dim_ids))
    keys = book.dims.keys
    for area_id, unit_id, indicator_id, period_id, dim_id, *rest in book.connection.execute(query):
        yield CellRow(area_id, unit_id, indicator_id, period_id, keys[dim_id], Cell(*rest))


def _at(
    table: sa.Table,
    unit_ids: Sequence[int],
    indicators: Collection[int],
    periods: Collection[int] | None,
    dim_ids: Collection[int] | None,
) -> list[sa.ColumnElement[bool]]:
    """The conditions on a table's rows. An index that begins with the unit is asked once for each unit, indicator and
    period; of many indicators it is asked by unit alone, and the rows are looked through."""
    few = len(indicators) <= FEW_INDICATORS
    code = table.c.indicator_id if few else table.c.indicator_id + 0
    found: list[sa.ColumnElement[bool]] = [table.c.org_unit_id.in_(unit_ids), code.in_(sorted(indicators))]
    if dim_ids is not None:
        found.append((table.c.dim_set_id + 0).in_(sorted(dim_ids)))
    if periods is None:
        return found
    return [*found, (table.c.period_id if few else table.c.period_id + 0).in_(sorted(periods))]


def _unstored(
    book: Book,
    lookup: Lookup,
    schools: Sequence[int],
    indicators: Collection[int],
    periods: Collection[int] | None,
    dim_ids: Collection[int] | None,
    stored: Sequence[CellRow],
) -> Iterator[Own]:
    """The cells of schools of which the table holds nothing at any level."""
    facts = read_facts(book.connection, *_at(observation, schools, book.with_counts(indicators), periods, dim_ids))
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
