"""What the store held at an earlier moment: its cells made anew of the facts that stood then.

The tree of units, the levels and the rules of the catalogue are those of today; only what documents and people had said
is of the moment. A decision of the review that was taken back since counts as never made: its traces are gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.book import FACTS, Book
from db.catalogue import Catalogue
from db.cell_rows import CellRow, with_levels_above
from db.fold import Ruled
from db.interning import split_level
from db.org import ABOVE_COUNTY
from db.rollups import Finished, Outer, Tier, rows_of
from db.ruled import ruled_facts
from db.schema import observation
from db.schema_claims import ruling
from db.school_cells import Facts, cells_of, facts_of

_LATEST = datetime(9999, 12, 31)
Held = Mapping[int, Sequence[CellRow]]  # by unit


def known_rows(
    connection: sa.Connection,
    at: datetime,
    unit_ids: Collection[int],
    indicators: Collection[int],
    periods: Collection[int] | None = None,
    dims: Collection[str] | None = None,
    catalogue: Catalogue | None = None,
) -> Iterator[CellRow]:
    """The cells of units as they stood at a moment (UTC), by the ids of indicators and periods and the keys of dims;
    None means all. In no order. As many queries for one period as for all."""
    within = None if periods is None else frozenset(periods)
    about, below = frozenset(indicators), frozenset(unit_ids)
    book = KnownBook(connection, catalogue, at=at, about=about, below=below, within=within)
    for period_id in np.unique(book.all_facts.period).tolist():
        held = cells_in(book, period_id)
        for unit_id in below & held.keys():
            yield from (row for row in held[unit_id] if dims is None or row.dims in dims)


def cells_in(book: KnownBook, period_id: int) -> Held:
    """The cells of one period at the book's moment: of the units asked for, and those that a city's are made of."""
    held: dict[int, list[CellRow]] = defaultdict(list)
    wanted = np.array(sorted(book.kept), np.int64)
    indicators = sorted(book.about)
    for areas in book.tiers(book.places):
        here = [area_id for area_id in areas if area_id in book.places]
        if not here:
            continue
        tier = rows_of(book, here, period_id, indicators, _among(held))
        for (area_id, indicator_id, _, key, unit_id), cell in tier.place_rows().items():
            if unit_id in book.kept:
                held[unit_id].append(CellRow(area_id, unit_id, indicator_id, period_id, key, cell))
        for row in _schools(tier, wanted):
            held[row.org_unit_id].append(row)
    return held


def _schools(tier: Tier, wanted: Any) -> Iterator[CellRow]:
    """The cells of plain schools, at their own level and at those above."""
    own = tier.own.take(~tier.folded & np.isin(tier.own.unit, wanted))
    keys = tier.book.dims.keys
    for each in with_levels_above(tier.book, tier.book.all_units, own):
        columns = (each.area, each.unit, each.indicator, each.period)
        numbers = (column.tolist() for column in columns)
        yield from map(CellRow, *numbers, [keys[dim] for dim in each.dim.tolist()], cells_of(each))


def _among(held: Held) -> Outer:
    def children(unit_ids: Sequence[int], period_id: int, indicators: Sequence[int]) -> Iterator[Finished]:
        for unit_id in unit_ids:
            for row in held.get(unit_id, ()):
                yield unit_id, row.indicator_id, *split_level(row.dims), row.cell

    return children


@dataclass
class KnownBook(Book):
    """A book whose facts and rulings are those of a moment; `about` are indicators, `below` the units asked for, `within`
    the periods (None: all). It may be turned to any moment from `first` (default: the first one) on. `beside` are units
    whose cells are wanted too."""

    at: datetime = field(kw_only=True)
    about: frozenset[int] = field(kw_only=True)
    below: frozenset[int] = field(kw_only=True)
    within: frozenset[int] | None = field(default=None, kw_only=True)
    first: datetime | None = field(default=None, kw_only=True)
    beside: frozenset[int] = field(default=frozenset(), kw_only=True)

    def turn_to(self, at: datetime) -> None:
        """Another moment; units, rules and rows read stay as they are."""
        self.at = at
        self.__dict__.pop("all_facts", None)

    @cached_property
    def places(self) -> frozenset[int]:
        """The areas that hold the units asked for or something below them."""
        found: set[int] = set()
        for unit in self.units.values():
            up: int | None = unit.id
            while up is not None and up not in self.below:
                up = self.units[up].parent_id
            if up is not None:
                found.add(unit.area_id)
        return frozenset(found)

    @cached_property
    def kept(self) -> frozenset[int]:
        """The units whose cells are asked for, and those that stand directly below a city or province."""
        kinds = {unit.id: unit.kind for unit in self.units.values()}
        outer = {u.id for u in self.units.values() if u.parent_id is not None and kinds[u.parent_id] in ABOVE_COUNTY}
        return self.below | outer | self.beside

    @cached_property
    def rows(self) -> Sequence[Any]:
        """The observations that stood at the moment, or at any from `first` on, the earlier ones first. Not by their
        numbers: what an undone import said in the words of another has a number of the day when it was undone."""
        from_, until = observation.c.valid_from, observation.c.valid_to
        more = [from_ <= self.at] if self.first is None else []
        if self.within is not None:
            more.append(observation.c.period_id.in_(self.within))
        query = (
            FACTS.add_columns(from_, until)
            .where(observation.c.area_id.in_(self.places))
            .where(observation.c.indicator_id.in_(self.with_counts(self.about)))
            .where(sa.or_(until.is_(None), until > (self.first or self.at)), *more)
            .order_by(from_, observation.c.id)
        )
        return self.connection.execute(query).all()

    @cached_property
    def all_facts(self) -> Facts:
        """The facts of the moment, of all periods. Where an import was undone since, what it had replaced stands again
        beside it: the later one counted."""
        standing = (row for row in self.rows if row.valid_from <= self.at and (row.valid_to or _LATEST) > self.at)
        return facts_of(list({(row[:5], row.source_kind): row[:-2] for row in standing}.values()))

    @cached_property
    def ruled_periods(self) -> frozenset[int]:
        """The periods in which somebody ruled on one of the indicators or their counts."""
        query = sa.select(ruling.c.period_id).where(ruling.c.indicator_id.in_(self.with_counts(self.about)))
        return frozenset(self.connection.scalars(query.distinct()))

    def facts_in(self, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> Facts:
        facts = self.all_facts
        here: Facts = facts.take((facts.period == period_id) & np.isin(facts.area, areas))
        return here

    def ruled_in(
        self, areas: Sequence[int], period_id: int, indicators: Sequence[int]
    ) -> dict[tuple[int, int, int, int], Ruled]:
        if period_id not in self.ruled_periods:
            return {}
        return ruled_facts(self.connection, areas, period_id, self.with_counts(indicators), self.at)

    def said_besides(self, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> list[Any]:
        return []  # which cells are stored as rows is no question here: nothing is stored
