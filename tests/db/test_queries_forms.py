"""Who has a row in a form: levels, the unit that files, schools that came and went."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from db.org import load_org_units
from db.queries_forms import form_rows
from db.records import OrgKind, OrgUnitInput

FIRST = date(2025, 9, 1)
TREE = [
    OrgUnitInput("city", None, OrgKind.CITY, "岚川市"),
    OrgUnitInput("east", "city", OrgKind.COUNTY, "东渡区"),
    OrgUnitInput("west", "city", OrgKind.COUNTY, "西坪县"),
    OrgUnitInput("bay", "east", OrgKind.TOWN, "湾口镇", code="990101101"),
    OrgUnitInput("cape", "east", OrgKind.TOWN, "岬角镇", valid_to=FIRST),
    OrgUnitInput("hill", "west", OrgKind.TOWN, "石岭镇"),
    OrgUnitInput("kg", "bay", OrgKind.SCHOOL, "湾口幼儿园", level="KG"),
    OrgUnitInput("p1", "bay", OrgKind.SCHOOL, "湾口小学", code="2199000001", level="PRI"),
    OrgUnitInput("old", "bay", OrgKind.SCHOOL, "渡头小学", level="PRI", valid_to=FIRST, successor_keys=("new",)),
    OrgUnitInput("new", "bay", OrgKind.SCHOOL, "湾口联合小学", level="PRI", valid_from=FIRST),
    OrgUnitInput("nine", "bay", OrgKind.SCHOOL, "湾口九年制学校", level="CE"),
    OrgUnitInput("j1", "hill", OrgKind.SCHOOL, "石岭初中", level="JUN"),
]


@pytest.fixture
def ids(engine: sa.Engine) -> dict[str, int]:
    return load_org_units(engine, TREE)


def rows(engine: sa.Engine, form: str, period: str, root: int | None = None) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        frame = form_rows(connection, form=form, period=period, root_id=root)
    return list(zip(frame["stage"], frame["name"], strict=True))


def test_a_nine_year_school_has_a_row_in_both_sheets(engine: sa.Engine, ids: dict[str, int]) -> None:
    assert rows(engine, "school_basics", "SY2025", ids["east"]) == [
        ("KG", "湾口幼儿园"), ("PRI", "湾口小学"), ("PRI", "湾口联合小学"), ("PRI", "湾口九年制学校"), ("JUN", "湾口九年制学校"),
    ]  # fmt: skip


def test_where_sections_are_not_told_apart_it_has_one(engine: sa.Engine, ids: dict[str, int]) -> None:
    found = rows(engine, "canteen_inspection", "SY2025-T1", ids["east"])
    assert [stage for stage, name in found if "九年制" in name] == ["JUN"]


def test_a_merged_school_has_a_row_until_it_is_gone(engine: sa.Engine, ids: dict[str, int]) -> None:
    before = {name for _, name in rows(engine, "school_basics", "SY2024", ids["city"])}
    after = {name for _, name in rows(engine, "school_basics", "SY2025", ids["city"])}
    assert before - after == {"渡头小学"}
    assert after - before == {"湾口联合小学"}
    assert "渡头小学" in {name for _, name in rows(engine, "dropout_monthly", "2025-08", ids["city"])}
    assert "渡头小学" not in {name for _, name in rows(engine, "dropout_monthly", "2025-09", ids["city"])}


def test_a_school_files_for_itself(engine: sa.Engine, ids: dict[str, int]) -> None:
    assert rows(engine, "pupil_changes", "SY2025", ids["j1"]) == [("JUN", "石岭初中")]
    assert rows(engine, "vaccination_check", "SY2025-T1", ids["j1"]) == []


def test_a_form_by_towns_lists_the_towns_in_every_stage(engine: sa.Engine, ids: dict[str, int]) -> None:
    assert rows(engine, "net_enrollment", "SY2025", ids["east"]) == [("PRI", "湾口镇"), ("JUN", "湾口镇")]
    assert ("PRI", "岬角镇") in rows(engine, "net_enrollment", "SY2024")


def test_the_rows_carry_codes_and_the_places_above(engine: sa.Engine, ids: dict[str, int]) -> None:
    with engine.connect() as connection:
        frame = form_rows(connection, form="vaccination_check", period="SY2025-T1", root_id=ids["bay"])
    first = frame[frame["name"] == "湾口小学"].iloc[0]
    assert (first["code"], first["org_unit_id"], first["level"]) == ("2199000001", ids["p1"], "PRI")
    assert (first["town_id"], first["county_id"]) == (ids["bay"], ids["east"])


def test_an_unknown_form_is_refused(engine: sa.Engine, ids: dict[str, int]) -> None:
    with pytest.raises(KeyError):
        rows(engine, "nothing", "SY2025")
