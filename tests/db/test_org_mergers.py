"""Units that merge and split, and what is not taken back any more."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import StoreError
from db.org_changes import carry_out, take_back
from db.records import OrgKind, OrgStatus
from db.records_org import (
    Correct,
    Merge,
    NewUnit,
    Part,
    Split,
)
from db.schema import org_unit
from db.store import save_import
from tests.db.makers import Fact, Place, sheet
from tests.db.registered import DAY, OLD_YEAR, PRI, YEAR, assert_sound, everything, fill, kinds, new, pupils, unit


@pytest.fixture
def filled(engine: sa.Engine, place: Place) -> sa.Engine:
    return fill(engine, place)


# ---- merge, split ------------------------------------------------------------------------------------


def test_a_school_merges_into_another_with_a_break_in_its_series(filled: sa.Engine, place: Place) -> None:
    after = date(2025, 9, 1)
    done = carry_out(filled, Merge((place["n1a"], place["n2a"]), place["n2a"], after), "甲")
    assert done.breaks == ((place["n2a"], after),)
    held = unit(filled, place["n1a"])
    assert (held.status, held.successor_ids, held.code) == (OrgStatus.CLOSED, (place["n2a"],), "n1a")
    assert kinds(filled, place["n2a"]) == ["succeeded"]
    with filled.connect() as connection:
        rows = queries.successions(connection).set_index("predecessor_id")
    assert rows.loc[place["n1a"], "since"].date() == after
    take_back(filled, done.event, "乙")
    assert unit(filled, place["n1a"]).successor_ids == ()
    assert unit(filled, place["n1a"]).status is OrgStatus.ACTIVE
    assert_sound(filled)


def test_a_school_of_another_county_goes_on_under_its_code(filled: sa.Engine, place: Place) -> None:
    carry_out(filled, Correct(place["q1a"], code="2143000007"), "甲")
    heir = NewUnit("石塘镇小学", OrgKind.SCHOOL, place["N1"], DAY, level="PRI", code="2143000007")
    with pytest.raises(StoreError, match="请把它选作合并后的单位"):
        carry_out(filled, Merge((place["q1a"], place["n1a"]), heir, date(2025, 9, 1)), "甲")
    done = carry_out(filled, Merge((place["q1a"],), heir, date(2025, 9, 1)), "甲")
    [made] = done.made
    assert (unit(filled, made).code, unit(filled, place["q1a"]).code) == ("2143000007", None)
    assert unit(filled, made).area_id == place["N"]
    assert unit(filled, made).valid_from == date(2025, 9, 1)
    take_back(filled, done.event, "甲")
    assert unit(filled, place["q1a"]).code == "2143000007"
    assert unit(filled, made).status is OrgStatus.CLOSED


def test_towns_merge_with_their_schools_from_the_day_on(filled: sa.Engine, place: Place) -> None:
    done = carry_out(filled, Merge((place["N1"],), place["N2"], DAY), "甲")
    assert [pupils(filled, place, each, OLD_YEAR) for each in ("N1", "N2", "N")] == [300, 200, 500]
    assert [pupils(filled, place, each, YEAR) for each in ("N1", "N2", "N")] == [None, 520, 520]
    assert unit(filled, place["N1"]).status is OrgStatus.CLOSED
    assert unit(filled, place["n1b"]).parent_id == place["N2"]
    assert_sound(filled)
    take_back(filled, done.event, "甲")
    assert [pupils(filled, place, each, YEAR) for each in ("N1", "N2", "N")] == [310, 210, 520]
    assert unit(filled, place["n1b"]).parent_id == place["N1"]
    assert_sound(filled)


def test_a_school_splits_and_may_go_on_itself(filled: sa.Engine, place: Place) -> None:
    campus = NewUnit("河口镇第二小学", OrgKind.SCHOOL, place["N1"], DAY, level="PRI")
    done = carry_out(filled, Split(place["n1a"], (Part(campus, 0.4),), DAY, goes_on=True), "甲")
    assert unit(filled, place["n1a"]).status is OrgStatus.ACTIVE
    assert set(done.breaks) == {(done.made[0], DAY), (place["n1a"], DAY)}
    parts = (Part(done.made[0]), Part(place["n2a"]))
    with pytest.raises(StoreError, match="已登记过承接关系"):
        carry_out(filled, Split(place["n1a"], parts, date(2025, 9, 1)), "甲")


@pytest.mark.parametrize(
    ("parts", "goes_on", "words"),
    [
        ((("n2a", None),), False, "至少要有两个"),
        ((("n2a", 0.5), ("q1a", None)), False, "要么都填、要么都不填"),
        ((("n2a", 0.5), ("q1a", 0.4)), False, "之和应为100%"),
        ((("n2a", 1.0),), True, "应小于100%"),
        ((("n2a", None), ("n2a", None)), False, "有重复"),
        ((("n2a", None), ("N2", None)), False, "只能拆分为学校"),
    ],
)
def test_a_split_that_cannot_be_is_refused(
    filled: sa.Engine, place: Place, parts: tuple[tuple[str, float | None], ...], goes_on: bool, words: str
) -> None:
    asked = Split(place["n1a"], tuple(Part(place[key], share) for key, share in parts), date(2025, 9, 1), goes_on)
    before = everything(filled)
    with pytest.raises(StoreError, match=words):
        carry_out(filled, asked, "甲")
    assert everything(filled) == before


@pytest.mark.parametrize(
    ("ending", "into", "words"),
    [
        (("n2a",), "n2a", "请选择被合并的单位"),
        (("N",), "Q", "请先登记新的区县"),
        (("n1a",), "N2", "只有同类的单位能合并"),
        (("Q1",), "N1", "请先登记新的区县"),
        (("n1a",), "old", "已停办"),
    ],
)
def test_a_merger_that_cannot_be_is_refused(
    filled: sa.Engine, place: Place, ending: tuple[str, ...], into: str, words: str
) -> None:
    before = everything(filled)
    with pytest.raises(StoreError, match=words):
        carry_out(filled, Merge(tuple(place[key] for key in ending), place[into], date(2025, 9, 1)), "甲")
    assert everything(filled) == before


def test_a_registration_with_numbers_is_not_taken_back(engine: sa.Engine, place: Place) -> None:
    done = carry_out(engine, new()(place), "甲")
    with engine.connect() as connection:
        path = connection.scalar(sa.select(org_unit.c.path).where(org_unit.c.id == done.made[0]))
    assert path.endswith(f"/{done.made[0]}/")
    facts = sheet(Place({**place.ids, "x": done.made[0]}), [Fact("x", "enrollment", 10, PRI)])
    save_import(engine, facts, "甲")
    with pytest.raises(StoreError, match="已有数"):
        take_back(engine, done.event, "甲")
    other = carry_out(engine, new(name="误登小学", code="2143000009")(place), "甲")
    take_back(engine, other.event, "甲")
    assert unit(engine, other.made[0]).status is OrgStatus.CLOSED
    again = carry_out(engine, new(name="误登小学", code="2143000009")(place), "甲")
    assert unit(engine, again.made[0]).code == "2143000009"
    with pytest.raises(StoreError, match="已经撤销"):
        take_back(engine, other.event, "甲")
