"""A new school waits under its name until a person registers it; then all its numbers are its own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import StoreError
from db.new_units import register_school
from db.org import org_directory
from db.records import OrgKind, OrgStatus, ProposedUnit
from db.store import save_import
from db.verify import verify
from tests.db.makers import Fact, Place, sheet, value_of

PRI = "level=PRI"
NEW = ProposedUnit("?河口镇新城小学", "河口镇新城小学", OrgKind.SCHOOL, OrgStatus.PROPOSED)


def test_a_new_school_is_proposed_and_in_no_sum_until_it_is_registered(engine: sa.Engine, place: Place) -> None:
    facts = [Fact(NEW.key, "enrollment", 120, PRI), Fact("n1a", "enrollment", 300, PRI)]
    save_import(engine, sheet(place, facts, proposed_units=(NEW,)), "甲")
    assert value_of(engine, place, "N1", "enrollment", PRI)["value"] == 300
    with engine.connect() as connection:
        assert [one.status for one in org_directory(connection) if one.name == NEW.name] == [OrgStatus.PROPOSED]
    number, outcome = register_school(
        engine, NEW.name, place["N1"], "乙", level="PRI", code="2143990001", valid_from=date(2024, 9, 1)
    )
    assert (outcome.added, outcome.replaced) == (1, 0)
    assert value_of(engine, place, "N1", "enrollment", PRI)["value"] == 420
    with engine.connect() as connection:
        [school] = [one for one in org_directory(connection) if one.id == number]
        assert (school.kind, school.parent_id, school.code, school.level) == (
            OrgKind.SCHOOL,
            place["N1"],
            "2143990001",
            "PRI",
        )
        assert "乙" in set(queries.recent_changes(connection)["user"])
        assert [check.faults for check in verify(connection) if check.faults] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " "}, "请填写学校名称"),
        ({"name": "字" * 201}, "请填写学校名称"),
        ({"parent": "C"}, "乡镇或县区"),
        ({"parent": "n1a"}, "乡镇或县区"),
        ({"name": "河口镇中心小学"}, "已有“河口镇中心小学”"),
        ({"code": "q1a"}, "已有“石塘镇小学”"),
    ],
)
def test_what_cannot_be_registered_is_refused(
    engine: sa.Engine, place: Place, given: dict[str, Any], words: str
) -> None:
    asked = {"name": NEW.name, "parent": "N1", "code": None, **given}
    with engine.connect() as connection:
        before = org_directory(connection)
    with pytest.raises(StoreError, match=words):
        register_school(engine, asked["name"], place[asked["parent"]], "甲", level="PRI", code=asked["code"])
    with engine.connect() as connection:
        assert org_directory(connection) == before
