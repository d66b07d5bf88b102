"""Org units over time: each change holds from its day, leaves former sums as they were, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from db import accounts, audit, frames, locks, queries
from db.engine import StoreError, write
from db.locks import Locked
from db.org_changes import carry_out, consequence, take_back
from db.records import OrgKind, OrgStatus
from db.records_accounts import Role
from db.records_org import (
    Alias,
    Asked,
    Close,
    Correct,
    Move,
    NewUnit,
    Rename,
    Reopen,
    SeenChange,
    SumChange,
    What,
)
from db.schema import org_unit
from db.store import save_import
from tests.db.makers import Fact, Place, sheet
from tests.db.registered import DAY, NEW, OLD_YEAR, PRI, YEAR, assert_sound, everything, fill, kinds, new, pupils, unit


@pytest.fixture
def filled(engine: sa.Engine, place: Place) -> sa.Engine:
    return fill(engine, place)


# ---- register ----------------------------------------------------------------------------------------


def test_names_that_wait_are_told_the_most_used_first_however_many_there_are(
    engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "CHUNK", 1)  # ids in one IN list
    other = replace(NEW, key="?河口镇新村小学", name="河口镇新村小学")
    facts = [
        Fact(unit, "enrollment", 120, PRI, when)
        for unit, when in ((NEW.key, YEAR), (other.key, YEAR), (other.key, OLD_YEAR))
    ]
    save_import(engine, sheet(place, facts, proposed_units=(NEW, other)), "甲")
    with engine.connect() as connection:
        told = queries.proposals(connection)
    assert told[["name", "values"]].to_numpy().tolist() == [[other.name, 2], [NEW.name, 1]]


def test_a_new_school_is_in_no_sum_until_it_is_registered(engine: sa.Engine, place: Place) -> None:
    facts = [Fact(NEW.key, "enrollment", 120, PRI), Fact("n1a", "enrollment", 300, PRI)]
    save_import(engine, sheet(place, facts, proposed_units=(NEW,)), "甲")
    with engine.connect() as connection:
        [waits] = queries.proposals(connection).to_dict("records")
    assert (waits["name"], waits["values"], waits["file_name"]) == (NEW.name, 1, "报表.xlsx")
    assert pupils(engine, place, "N1", YEAR) == 300
    asked = NewUnit(NEW.name, OrgKind.SCHOOL, place["N1"], DAY, level="PRI", code="2143990001", proposal=NEW.name)
    told = consequence(engine, asked, "乙")
    assert pupils(engine, place, "N1", YEAR) == 300
    done = carry_out(engine, asked, "乙", "县教发〔2024〕3号")
    assert (told.facts, told.sums) == (done.facts, done.sums)
    assert (done.facts, len(done.made)) == (1, 1)
    assert SumChange(place["N1"], "enrollment", YEAR, PRI, 300, 420) in done.sums
    assert {one.org_unit_id for one in done.sums} == {place[each] for each in ("N1", "N", "C")}
    assert pupils(engine, place, "N1", YEAR) == 420
    school = unit(engine, done.made[0])
    assert (school.kind, school.parent_id, school.area_id, school.code) == (
        OrgKind.SCHOOL, place["N1"], place["N"], "2143990001"
    )  # fmt: skip
    with engine.connect() as connection:
        assert queries.proposals(connection).empty
        assert "乙" in set(queries.recent_changes(connection)["user"])
        [entry] = [one for one in audit.events(connection) if one.action == "unit_changed"]
        assert "县教发〔2024〕3号" in entry.after
    assert_sound(engine)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (new(name=" "), "请填写单位名称"),
        (new(name="字" * 201), "请填写单位名称"),
        (new(name="河口镇中心小学"), "已有“河口镇中心小学”"),
        (new(parent="n1a"), "不能作这类单位的上级"),
        (new(kind=OrgKind.TOWN, level=None), "乡镇街道归区县"),
        (new(kind=OrgKind.CITY, level=None), "机构名录表"),
        (new(level=None), "请选择学校的学段"),
        (new(code="q1a"), "代码“Q1A”|应为10位"),
        (new(code="214399000"), r"应为10位数字.*9位"),
        (new(code="3143990001"), "前两位31与学段不符"),
        (new(code="2.1E+09"), "应为10位"),
        (new(valid_from=date.today() + timedelta(days=400)), "一年以后"),
        (new(area_type="城里"), "城乡类型“城里”不认识"),
    ],
)
def test_what_cannot_be_registered_is_refused(
    engine: sa.Engine, place: Place, asked: Callable[[Place], Asked], words: str
) -> None:
    before = everything(engine)
    with pytest.raises(StoreError, match=words):
        carry_out(engine, asked(place), "甲")
    assert everything(engine) == before


def test_codes_belong_to_the_region_and_are_never_given_twice(engine: sa.Engine, place: Place) -> None:
    carry_out(engine, Correct(place["C"], code="430100"), "甲")
    carry_out(engine, Correct(place["N"], code="430121"), "甲")
    with pytest.raises(StoreError, match="前6位与上级“北岭县”"):
        carry_out(engine, Correct(place["N1"], code="430122001"), "甲")
    with pytest.raises(StoreError, match="前4位与上级“澄湖市”"):
        carry_out(engine, Correct(place["Q"], code="430221"), "甲")
    carry_out(engine, Correct(place["N1"], code="４３０１２１００１"), "甲")
    assert unit(engine, place["N1"]).code == "430121001"
    with pytest.raises(StoreError, match="不是本省"):
        carry_out(engine, Correct(place["n1a"], code="2144000001"), "甲")
    carry_out(engine, Correct(place["old"], code="2143000001"), "甲")
    with pytest.raises(StoreError, match="停用的代码不再给别的单位"):
        carry_out(engine, new(code="2143000001")(place), "甲")


# ---- rename, spellings, particulars ------------------------------------------------------------------


def test_a_renamed_school_keeps_code_and_series_and_is_found_by_both_names(filled: sa.Engine, place: Place) -> None:
    sums = everything(filled)[1]
    done = carry_out(filled, Rename(place["n1a"], "河口镇第一小学", DAY), "甲", "批复")
    held = unit(filled, place["n1a"])
    assert (held.name, held.code) == ("河口镇第一小学", "n1a")
    assert set(held.aliases) == {"河口小学", "河口镇中心小学"}
    assert (done.sums, done.breaks, done.facts) == ((), (), 0)
    assert everything(filled)[1] == sums
    with filled.connect() as connection:
        [row] = queries.unit_changes(connection, org_unit_id=place["n1a"])
    assert (row.kind, row.effective, row.before, row.after) == (
        What.RENAMED, DAY, {"name": "河口镇中心小学"}, {"name": "河口镇第一小学"}
    )  # fmt: skip
    take_back(filled, done.event, "乙", "填错")
    held = unit(filled, place["n1a"])
    assert (held.name, held.aliases) == ("河口镇中心小学", ("河口小学",))
    with filled.connect() as connection:
        [row] = queries.unit_changes(connection, org_unit_id=place["n1a"])
    assert row.withdrawn_by == "乙"


@pytest.mark.parametrize(
    ("name", "on", "words"),
    [
        ("河口镇初级中学", DAY, "已有“河口镇初级中学”"),
        ("河口镇中心小学", DAY, "与现在的名称"),
        ("新名", date.today() + timedelta(days=1), "还没有到"),
        ("", DAY, "请填写单位名称"),
    ],
)
def test_a_name_that_cannot_be_is_refused(filled: sa.Engine, place: Place, name: str, on: date, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        carry_out(filled, Rename(place["n1a"], name, on), "甲")


def test_changes_come_one_after_the_other(filled: sa.Engine, place: Place) -> None:
    first = carry_out(filled, Rename(place["n1a"], "甲小学", DAY), "甲")
    with pytest.raises(StoreError, match="不能早于它"):
        carry_out(filled, Rename(place["n1a"], "乙小学", DAY - timedelta(days=1)), "甲")
    carry_out(filled, Rename(place["n1a"], "乙小学", DAY + timedelta(days=30)), "甲")
    with pytest.raises(StoreError, match="请先撤销后来的"):
        take_back(filled, first.event, "甲")


def test_spellings_come_and_go(filled: sa.Engine, place: Place) -> None:
    carry_out(filled, Alias(place["n1a"], " 河口 一小 "), "甲")
    assert "河口 一小" in unit(filled, place["n1a"]).aliases
    with pytest.raises(StoreError, match="两个单位同用一个说法"):
        carry_out(filled, Alias(place["n1b"], "河口小学"), "甲")
    with pytest.raises(StoreError, match="就是本单位的名称"):
        carry_out(filled, Alias(place["n1a"], "河口镇中心小学"), "甲")
    dropped = carry_out(filled, Alias(place["n1a"], "河口小学", drop=True), "甲")
    assert unit(filled, place["n1a"]).aliases == ("河口 一小",)
    take_back(filled, dropped.event, "甲")
    assert "河口小学" in unit(filled, place["n1a"]).aliases
    with pytest.raises(StoreError, match="没有“无名”"):
        carry_out(filled, Alias(place["n1a"], "无名", drop=True), "甲")


# ---- move --------------------------------------------------------------------------------------------


def test_a_moved_school_counts_at_its_new_parent_from_the_day_on_and_before_at_the_old(
    filled: sa.Engine, place: Place
) -> None:
    asked = Move(place["n1a"], place["N2"], DAY)
    told = consequence(filled, asked, "甲")
    done = carry_out(filled, asked, "甲")
    assert told == done
    assert set(done.sums) >= {
        SumChange(place["N1"], "enrollment", YEAR, PRI, 310, None),
        SumChange(place["N2"], "enrollment", YEAR, PRI, 210, 520),
    }
    assert {one.period for one in done.sums} == {YEAR}
    assert [pupils(filled, place, each, OLD_YEAR) for each in ("N1", "N2", "N")] == [300, 200, 500]
    assert [pupils(filled, place, each, YEAR) for each in ("N1", "N2", "N")] == [None, 520, 520]
    with filled.connect() as connection:
        parts = {
            period: set(
                queries.contributions(
                    connection, indicator="enrollment", period=period, dims=PRI, org_unit_id=place["N2"]
                )["org_unit_id"]
            )
            for period in (OLD_YEAR, YEAR)
        }
        path = connection.scalar(sa.select(org_unit.c.path).where(org_unit.c.id == place["n1a"]))
    assert parts == {OLD_YEAR: {place["n2a"]}, YEAR: {place["n1a"], place["n2a"]}}
    assert path == f"/{place['C']}/{place['N']}/{place['N2']}/{place['n1a']}/"
    assert_sound(filled)
    save_import(filled, sheet(place, [Fact("n1a", "enrollment", 305, PRI, OLD_YEAR)], "更正.xlsx"), "甲")
    assert [pupils(filled, place, each, OLD_YEAR) for each in ("N1", "N2")] == [305, 200]
    assert_sound(filled)
    take_back(filled, done.event, "甲")
    assert [pupils(filled, place, each, YEAR) for each in ("N1", "N2")] == [310, 210]
    assert_sound(filled)


def test_a_school_that_comes_up_to_its_county_and_goes_down_again(filled: sa.Engine, place: Place) -> None:
    carry_out(filled, Move(place["n1a"], place["N"], date(2023, 9, 1)), "甲")
    assert [pupils(filled, place, each, OLD_YEAR) for each in ("N1", "N2", "N")] == [None, 200, 500]
    carry_out(filled, Move(place["n1a"], place["N2"], DAY), "甲")
    assert [pupils(filled, place, each, OLD_YEAR) for each in ("N1", "N2", "N")] == [None, 200, 500]
    assert [pupils(filled, place, each, YEAR) for each in ("N1", "N2", "N")] == [None, 520, 520]
    assert_sound(filled)


def test_a_move_says_which_accounts_see_more_or_less(filled: sa.Engine, place: Place) -> None:
    with write(filled) as connection:
        for name, key in (("hekou", "N1"), ("fengqiao", "N2"), ("beiling", "N"), ("xuexiao", "n1a")):
            accounts.add_account(connection, name, name, Role.UPLOADER, place[key], by="甲")
    done = carry_out(filled, Move(place["n1a"], place["N2"], DAY), "甲")
    assert set(done.seen) == {
        SeenChange("hekou", "loses", 1), SeenChange("fengqiao", "gains", 1), SeenChange("xuexiao", "follows", 1)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("school", "parent", "words"),
    [
        ("n1a", "N1", "现在就归"),
        ("n1a", "Q1", "请先登记新的区县"),
        ("n1a", "n1b", "不能作这类单位的上级"),
        ("N1", "N2", "不能作这类单位的上级"),
        ("old", "N1", "已停办"),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    filled: sa.Engine, place: Place, school: str, parent: str, words: str
) -> None:
    before = everything(filled)
    with pytest.raises(StoreError, match=words):
        carry_out(filled, Move(place[school], place[parent], DAY), "甲")
    assert everything(filled) == before


def test_a_locked_period_is_not_moved_and_one_before_the_day_does_not_matter(filled: sa.Engine, place: Place) -> None:
    locks.lock(filled, OLD_YEAR, None, "已上报", "李强")
    carry_out(filled, Move(place["n1a"], place["N2"], DAY), "甲")
    locks.lock(filled, YEAR, None, "已上报", "李强")
    before = everything(filled)
    for asked in (consequence, carry_out):
        with pytest.raises(Locked, match="已由李强"):
            asked(filled, Move(place["n1a"], place["N1"], DAY), "甲")
    assert everything(filled) == before


# ---- close, reopen -----------------------------------------------------------------------------------


def test_a_closed_school_keeps_its_numbers_and_opens_again_under_its_code(filled: sa.Engine, place: Place) -> None:
    after = date(2025, 9, 1)
    with pytest.raises(StoreError, match=r"还有 1 个数\(2024—2025学年\)|还有 1 个数"):
        carry_out(filled, Close(place["n1a"], DAY), "甲")
    with write(filled) as connection:
        accounts.add_account(connection, "xuexiao", "学校", Role.UPLOADER, place["n1a"], by="甲")
    done = carry_out(filled, Close(place["n1a"], after), "甲")
    assert done.seen == (SeenChange("xuexiao", "past", 1),)
    assert done.sums == ()
    held = unit(filled, place["n1a"])
    assert (held.status, held.valid_to) == (OrgStatus.CLOSED, after)
    with pytest.raises(StoreError, match="已停办"):
        carry_out(filled, Rename(place["n1a"], "新名", after), "甲")
    carry_out(filled, Reopen(place["n1a"], date(2026, 9, 1)), "甲")
    held = unit(filled, place["n1a"])
    assert (held.status, held.valid_to, held.code) == (OrgStatus.ACTIVE, None, "n1a")
    assert kinds(filled, place["n1a"]) == ["reopened", "closed"]
    with pytest.raises(StoreError, match="不必恢复"):
        carry_out(filled, Reopen(place["n1a"], date(2026, 9, 1)), "甲")


def test_a_town_with_schools_and_the_top_of_the_tree_do_not_close(filled: sa.Engine, place: Place) -> None:
    with pytest.raises(StoreError, match=r"下面还有 2 个在用单位\(河口镇中心小学、河口镇初级中学\)"):
        carry_out(filled, Close(place["N1"], DAY), "甲")
    with pytest.raises(StoreError, match="最上级单位"):
        carry_out(filled, Close(place["C"], DAY), "甲")
