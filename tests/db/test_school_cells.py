"""Cells of schools that are worked out when they are read are those that one-by-one folding makes of the same facts."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from db import units
from db.book import Book
from db.catalogue.model import Aggregation
from db.cell_counts import EVERY, EVERYWHERE
from db.cell_rows import CellRow, cell_rows
from db.engine import write
from db.fold import Cell, Cells, Rule, Unit, with_derived_levels
from db.interning import indicator_ids
from db.records import Draft, ObsStatus, Qualifier
from db.rollups import rebuild_all
from db.schema import cell_count, observation, org_unit, rollup
from db.school_cells import LEVELS, UP, level_number
from db.scope import ScopedReaders
from db.store import save_import, undo_import
from db.units import unit_rows
from tests.db.makers import YEAR, Fact, Place, report, sheet
from tests.depth import seeds

PRI = "level=PRI"
SCHOOLS = ("n1a", "n1b", "n2a", "n2b", "q1a", "q1b")


def all_cells(engine: sa.Engine) -> dict[tuple[int, int, int, str], Cell]:
    with engine.connect() as connection:
        units = connection.scalars(sa.select(org_unit.c.id)).all()
        codes = set(connection.scalars(sa.select(observation.c.indicator_id)))
        codes = {each for code in codes for each in Book(connection).dependents(code)}
        rows: list[CellRow] = list(cell_rows(connection, units, codes))
    found = {(row.org_unit_id, row.indicator_id, row.period_id, row.dims): row.cell for row in rows}
    assert len(found) == len(rows)  # no cell comes from both
    return found


def rows_of_schools(engine: sa.Engine, place: Place) -> int:
    with engine.connect() as connection:
        query = sa.select(sa.func.count()).where(rollup.c.org_unit_id.in_([place[key] for key in SCHOOLS]))
        return connection.scalar(query) or 0


@pytest.mark.parametrize(("backend", "seed"), seeds(3, 1), indirect=["backend"])
def test_folding_every_school_one_by_one_gives_the_same_cells(
    engine: sa.Engine, place: Place, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    for n in range(6):
        facts = [chosen(chance) for _ in range(12)]
        unique = {(f.unit, f.indicator, f.dims, f.period): f for f in facts}
        made = sheet(place, list(unique.values()), name=f"表{n % 3}.xlsx") if n % 3 else told(place, unique, n)
        result = save_import(engine, made, "甲")
        if n == 3 and result.import_id:
            undo_import(engine, result.import_id, "甲")
    lean, stored = all_cells(engine), rows_of_schools(engine, place)
    monkeypatch.setattr(Book, "plain_schools", property(lambda book: book.parents < 0))  # no school is plain
    with write(engine) as connection:
        rebuild_all(connection)
    assert rows_of_schools(engine, place) > stored
    assert all_cells(engine) == lean


def told(place: Place, facts: Mapping[tuple[object, ...], Fact], n: int) -> Draft:
    valued = [fact for fact in facts.values() if fact.value is not None]
    return report(place, valued, name=f"总结{n}.txt")


def chosen(chance: random.Random) -> Fact:
    unit = chance.choice((*SCHOOLS, "N1", "N"))
    dims = chance.choice(("", PRI, PRI, "level=JUN", "level=CE", "level=KG", "level=ALL", "level=PRI;sex=F"))
    period = chance.choice((YEAR, YEAR, "SY2023", None))
    if chance.random() < 0.3:
        base = chance.randrange(50, 400)
        top = chance.randrange(base)
        printed = round(100 * top / base, chance.choice((0, 2)))
        with_counts = {"numerator": top, "denominator": base} if chance.random() < 0.6 else {}
        return Fact(unit, "dropout_rate", printed, dims, period, **with_counts)
    code = chance.choice(("enrollment", "enrollment", "dropout_count", "classes"))
    if chance.random() < 0.1:
        return Fact(unit, code, None, dims, period, status=ObsStatus.NOT_REPORTED)
    if chance.random() < 0.1:
        return Fact(unit, code, 100, dims, period, qualifier=Qualifier.RANGE, value_high=120)
    return Fact(unit, code, chance.randrange(0, 400), dims, period)


def test_a_school_with_one_statement_has_no_rows_and_all_its_cells(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI)]), "甲")
    assert rows_of_schools(engine, place) == 0
    mine = {key[3]: cell for key, cell in all_cells(engine).items() if key[0] == place["n1a"]}
    assert set(mine) == {PRI, "level=CE", "level=ALL"}
    assert {cell.value for cell in mine.values()} == {300}


def test_a_school_of_which_two_sources_speak_has_rows(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI)]), "甲")
    save_import(engine, report(place, [Fact("n1a", "enrollment", "290", PRI)]), "甲")
    assert rows_of_schools(engine, place) == 3


def test_units_with_a_value_are_counted_once_whatever_their_dims(engine: sa.Engine, place: Place) -> None:
    facts = [
        Fact("n1a", "enrollment", 300, PRI), Fact("n1a", "enrollment", 140, "level=PRI;sex=F"),
        Fact("n2b", "enrollment", 500, PRI), Fact("n2b", "enrollment", 200, "level=JUN"),
        Fact("n2a", "enrollment", None, PRI, status=ObsStatus.NOT_REPORTED),
    ]  # fmt: skip
    save_import(engine, sheet(place, facts), "甲")
    with engine.connect() as connection:
        every = connection.execute(
            sa.select(cell_count.c.n_schools, cell_count.c.n_others).where(
                cell_count.c.area_id == EVERYWHERE,
                cell_count.c.dim_set_id == EVERY,
                cell_count.c.indicator_id == indicator_ids(connection)["enrollment"],
            )
        ).one()
    assert tuple(every) == (2, 4)  # n1a and n2b; their two towns, the county and the city


def test_what_stands_again_above_is_what_the_rules_of_levels_say() -> None:
    """The arrays of `UP` against the one-by-one rule, for every level a school may be of and state."""
    rule = Rule(1, Aggregation.STOCK, has_levels=True, levels=("ALL",))
    for level in LEVELS:
        unit = Unit(1, None, 1, "school", None, 4)
        cells: Cells = {level: Cell(5.0)}
        derived = set(with_derived_levels(rule, unit, cells)) - {level}
        assert {LEVELS[up] for up in UP[True][level_number(level)]} == derived


def test_cells_of_most_schools_of_a_county_are_those_read_one_by_one(
    engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by the key of the county, with what else stands there left out; beside units of another county too."""
    facts = {(f.unit, f.indicator, f.dims, f.period): f for f in (chosen(random.Random(n)) for n in range(60))}
    save_import(engine, sheet(place, list(facts.values())), "甲")

    def cells(asked: list[int]) -> set[str]:
        with engine.connect() as connection:
            codes = indicator_ids(connection)
            names = ("enrollment", "dropout_rate", "classes")
            return {repr(row) for row in cell_rows(connection, asked, [codes[name] for name in names])}

    alone = {key: cells([place[key]]) for key in SCHOOLS}
    monkeypatch.setattr(units, "MANY", 2)
    for some in (SCHOOLS, SCHOOLS[:3], ("n1a", "q1b")):
        ids = [place[key] for key in some]
        with engine.connect() as connection:
            assert units.areas_mostly_of(connection, ids)
        assert cells(ids) == set().union(*(alone[key] for key in some))
    assert any(alone.values())


def test_areas_are_read_whole_for_a_good_part_of_their_units(
    engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [place["n1a"], place["n1b"]]
    with engine.connect() as connection:
        assert units.areas_mostly_of(connection, ids) == []  # few
        monkeypatch.setattr(units, "MANY", 2)
        assert units.areas_mostly_of(connection, ids) == [place["N"]]
        monkeypatch.setattr(units, "PART", 1)
        assert units.areas_mostly_of(connection, ids) == []
    with ScopedReaders(engine).reading_all() as connection:  # where the units are read already
        unit_rows(connection)
        assert units.areas_mostly_of(connection, ids) == []
        monkeypatch.setattr(units, "PART", 8)
        assert units.areas_mostly_of(connection, ids) == [place["N"]]
