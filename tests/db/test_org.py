"""The tree of org units: loading it twice, areas, successors, aliases, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import StoreError, write
from db.org import add_alias, load_org_units, org_directory
from db.records import OrgKind, OrgStatus, OrgUnit, OrgUnitInput
from tests.db.makers import CITY, Place, load_place


def directory(engine: sa.Engine) -> dict[str, OrgUnit]:
    with engine.connect() as connection:
        return {unit.name: unit for unit in org_directory(connection)}


def test_the_tree_knows_its_areas_paths_and_successors(engine: sa.Engine, place: Place) -> None:
    units = directory(engine)
    old, school = units["枫桥镇南岸小学"], units["枫桥镇小学"]
    assert (old.status, old.valid_to, old.successor_ids) == (OrgStatus.CLOSED, date(2023, 8, 31), (place["n2a"],))
    assert (school.status, school.parent_id, school.area_id) == (OrgStatus.ACTIVE, place["N2"], place["N"])
    assert units["澄湖市"].area_id == place["C"]
    assert units["北岭县"].area_id == place["N"]
    assert units["河口镇中心小学"].aliases == ("河口小学",)
    with engine.connect() as connection:
        frame = queries.org_units(connection).set_index("org_unit_id")
    row = frame.loc[place["n2a"]]
    assert row["path"] == f"/{place['C']}/{place['N']}/{place['N2']}/{place['n2a']}/"
    assert row["depth"] == 3


def test_the_same_units_twice_change_nothing(engine: sa.Engine, place: Place) -> None:
    before = directory(engine)
    with engine.connect() as connection:
        revision = queries.revision(connection)
    assert load_place(engine).ids == place.ids
    assert directory(engine) == before
    with engine.connect() as connection:
        assert queries.revision(connection) == revision


def test_a_unit_is_known_by_its_code_even_under_a_new_name(engine: sa.Engine, place: Place) -> None:
    renamed = [replace(unit, name="河口镇第一小学") if unit.key == "n1a" else unit for unit in CITY]
    assert load_org_units(engine, renamed)["n1a"] == place["n1a"]
    assert directory(engine)["河口镇第一小学"].id == place["n1a"]


def test_units_without_code_are_known_by_parent_and_name(engine: sa.Engine, place: Place) -> None:
    point = OrgUnitInput("p", "N1", OrgKind.SCHOOL, "教学点")
    twin = OrgUnitInput("p2", "Q1", OrgKind.SCHOOL, "教学点")
    ids = load_org_units(engine, [point, twin])
    assert ids["p"] != ids["p2"]
    coded = load_org_units(engine, [replace(point, code="3301")])
    assert coded["p"] == ids["p"]
    assert load_org_units(engine, [point])["p"] == ids["p"]
    with engine.connect() as connection:
        codes = {unit.id: unit.code for unit in org_directory(connection)}
    assert codes[ids["p"]] == "3301"


def test_a_school_right_under_the_city_is_an_area_of_its_own(engine: sa.Engine, place: Place) -> None:
    ids = load_org_units(engine, [OrgUnitInput("direct", "C", OrgKind.SCHOOL, "澄湖市实验小学", level="PRI")])
    assert directory(engine)["澄湖市实验小学"].area_id == ids["direct"]


def test_a_future_closing_does_not_close_yet(engine: sa.Engine, place: Place) -> None:
    load_org_units(engine, [replace(unit, valid_to=date(2999, 8, 31)) if unit.key == "q1a" else unit for unit in CITY])
    assert directory(engine)["石塘镇小学"].status is OrgStatus.ACTIVE


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ([OrgUnitInput("x", "nowhere", OrgKind.SCHOOL, "甲小学")], "找不到机构「nowhere」"),
        ([OrgUnitInput("x", "y", OrgKind.TOWN, "甲镇"), OrgUnitInput("y", "x", OrgKind.TOWN, "乙镇")], "互为上级"),
        ([OrgUnitInput("x", "N1", OrgKind.SCHOOL, "甲"), OrgUnitInput("x", "N1", OrgKind.SCHOOL, "乙")], "重复的键"),
        ([OrgUnitInput("x", "N1", OrgKind.SCHOOL, "甲小学", successor_keys=("none",))], "找不到机构「none」"),
        ([OrgUnitInput("q1a", "N1", OrgKind.SCHOOL, "石塘镇小学", code="q1a", level="PRI")], "的上级变了"),
    ],
)
def test_a_broken_table_is_refused_whole(
    engine: sa.Engine, place: Place, units: list[OrgUnitInput], words: str
) -> None:
    before = directory(engine)
    with pytest.raises(StoreError, match=words):
        load_org_units(engine, units)
    assert directory(engine) == before


def test_an_alias_is_added_once(engine: sa.Engine, place: Place) -> None:
    with write(engine) as connection:
        assert add_alias(connection, place["q1a"], "石塘完小")
        assert not add_alias(connection, place["q1a"], "石塘完小")
    assert directory(engine)["石塘镇小学"].aliases == ("石塘完小",)
