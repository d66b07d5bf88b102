"""An import reads the units that its sums need, not the whole register."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from db import book
from db.book import Book
from db.org_changes import carry_out
from db.records_org import Move
from db.register import rows_around
from db.store import save_import
from tests.db.makers import CITY, Fact, Place, sheet
from tests.db.registered import DAY, OLD_YEAR, PRI, YEAR, assert_sound, fill, pupils


def keys_in(engine: sa.Engine, place: Place, *areas: str) -> set[str]:
    """The units that a book of some areas holds, by their keys."""
    names = {number: key for key, number in place.ids.items()}
    with engine.connect() as connection:
        held = Book(connection, only=frozenset(place[area] for area in areas)).units
    return {names[number] for number in held}


def below(*tops: str) -> set[str]:
    """The keys of some units and of all that stands below them."""
    found = set(tops)
    for unit in CITY:  # parents before their children
        if unit.parent_key in found:
            found.add(unit.key)
    return found


def test_a_book_of_a_county_holds_its_units_the_city_and_what_stands_directly_below_it(
    engine: sa.Engine, place: Place
) -> None:
    directly = {unit.key for unit in CITY if unit.parent_key == "C"}
    held = keys_in(engine, place, "N")
    assert held == {"C"} | directly | below("N")
    assert held < set(place.ids)


def test_units_that_moved_are_there_with_all_that_stands_above_them(engine: sa.Engine, place: Place) -> None:
    with engine.connect() as connection:
        held = {row.id for row in rows_around(connection, [place["N"]], [place["q1a"]])}
    assert {place[key] for key in ("q1a", "Q1", "Q")} <= held
    assert place["q1b"] not in held


def test_a_moved_school_is_summed_where_it_stood_by_an_import_that_reads_its_county_alone(
    engine: sa.Engine, place: Place
) -> None:
    fill(engine, place)
    carry_out(engine, Move(place["n1a"], place["N2"], DAY), "甲")
    facts = [Fact("n1a", "enrollment", 305, PRI, period) for period in (OLD_YEAR, YEAR)]
    save_import(engine, sheet(place, facts, "更正.xlsx"), "甲")
    assert pupils(engine, place, "N1", OLD_YEAR) == 305
    assert pupils(engine, place, "N1", YEAR) is None
    assert_sound(engine)


def test_an_import_does_not_ask_for_the_whole_register(
    engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, place)

    def refuse(*_: object) -> Any:
        raise AssertionError("the whole register is read")

    with monkeypatch.context() as patched:
        patched.setattr(book, "tree_rows", refuse)
        save_import(engine, sheet(place, [Fact("n1a", "enrollment", 305, PRI)], "更正.xlsx"), "甲")
    assert_sound(engine)


def test_of_very_many_areas_the_register_is_read_at_once(
    engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "MOST_AREAS", 0)
    assert keys_in(engine, place, "N") == set(place.ids)
