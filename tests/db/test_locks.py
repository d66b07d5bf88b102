"""A locked period: nothing that would change its numbers gets through, and the way to open it again is on record."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from db import audit, locks, queries
from db.engine import StoreError
from db.impact import impact
from db.locks import Locked
from db.records import Draft
from db.schema import observation
from db.store import save_import, undo_import
from tests.db.makers import YEAR, Fact, Place, sheet


def value(engine: sa.Engine, unit: int) -> float | None:
    with engine.connect() as connection:
        found = queries.cells(connection, indicators=["enrollment"], org_unit_ids=[unit], periods=[YEAR])
    return None if found.empty else float(found["value"].iloc[0])


def facts(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        query = sa.select(observation.c.id, observation.c.value, observation.c.valid_to).order_by(observation.c.id)
        return [tuple(row) for row in connection.execute(query)]


def told(place: Place, n: int, name: str, period: str = YEAR) -> Draft:
    return sheet(place, [Fact("n1a", "enrollment", n, "level=PRI", period)], name)


@pytest.fixture
def stored(engine: sa.Engine, place: Place) -> int:
    return int(save_import(engine, told(place, 100, "年报.csv"), "甲").import_id or 0)


def test_a_correction_of_a_locked_period_is_refused_whole(engine: sa.Engine, place: Place, stored: int) -> None:
    locks.lock(engine, YEAR, None, "年报已上报", "李强")
    before = facts(engine)
    with pytest.raises(Locked, match=r"李强.*审定锁定.*解除锁定"):
        save_import(engine, told(place, 101, "更正.csv"), "甲")
    with pytest.raises(Locked):
        undo_import(engine, stored, "甲")
    assert facts(engine) == before
    assert value(engine, place["n1a"]) == 100


def test_the_same_numbers_again_are_no_change(engine: sa.Engine, place: Place, stored: int) -> None:
    locks.lock(engine, YEAR, None, "年报已上报", "李强")
    assert save_import(engine, told(place, 100, "又一份.csv"), "乙").same == 1


def test_a_lock_holds_for_the_periods_within_it_and_no_other(engine: sa.Engine, place: Place, stored: int) -> None:
    locks.lock(engine, YEAR, None, "年报已上报", "李强")
    with pytest.raises(Locked, match="属于"):
        save_import(engine, told(place, 90, "学期.csv", f"{YEAR}-T1"), "甲")
    other = f"SY{int(YEAR[2:]) + 1}"
    assert save_import(engine, told(place, 105, "次年.csv", other), "甲").new == 1


def test_a_lock_of_one_county_leaves_the_others_open(engine: sa.Engine, place: Place, stored: int) -> None:
    locks.lock(engine, YEAR, place["Q"], "青山县已审定", "李强")
    assert save_import(engine, told(place, 101, "更正.csv"), "甲").changed == 1
    locks.lock(engine, YEAR, place["N"], "北岭县已审定", "李强")
    with pytest.raises(Locked):
        save_import(engine, told(place, 102, "再更正.csv"), "甲")


def test_the_difference_says_before_storing_that_a_period_is_locked(
    engine: sa.Engine, place: Place, stored: int
) -> None:
    locks.lock(engine, YEAR, None, "年报已上报", "李强")
    with engine.connect() as connection:
        [sentence] = impact(connection, told(place, 101, "更正.csv")).locked
        assert "审定锁定" in sentence
        assert impact(connection, told(place, 100, "又一份.csv")).locked == ()


def test_an_opened_period_takes_changes_again_and_both_are_on_record(
    engine: sa.Engine, place: Place, stored: int
) -> None:
    number = locks.lock(engine, YEAR, None, "年报已上报", "李强")
    locks.unlock(engine, number, "省厅退回", "赵敏")
    assert save_import(engine, told(place, 101, "更正.csv"), "甲").changed == 1
    with engine.connect() as connection:
        [kept] = locks.locks(connection)
        actions = [event.action for event in audit.events(connection)]
        assert list(audit.checked(connection).broken) == []
    assert (kept.locked_by, kept.reason, kept.unlocked_by, kept.unlock_reason) == (
        "李强",
        "年报已上报",
        "赵敏",
        "省厅退回",
    )
    assert actions.count("period_locked") == actions.count("period_unlocked") == 1
    with pytest.raises(StoreError, match="已经解除"):
        locks.unlock(engine, number, "再来", "赵敏")


@pytest.mark.parametrize(
    ("code", "unit", "reason", "sentence"),
    [
        ("去年", None, "理由", "请选择要锁定的时期"),
        (YEAR, None, " ", "请写明理由"),
        (YEAR, None, "长" * 501, "请缩短"),
        (YEAR, 99999, "理由", "没有这个单位"),
        (YEAR, "n1a", "理由", "只能按县区"),
    ],
)
def test_what_cannot_be_locked_is_told(
    engine: sa.Engine, place: Place, code: str, unit: int | str | None, reason: str, sentence: str
) -> None:
    number = place[unit] if isinstance(unit, str) else unit
    with pytest.raises(StoreError, match=sentence):
        locks.lock(engine, code, number, reason, "李强")


def test_a_period_is_not_locked_twice(engine: sa.Engine, place: Place) -> None:
    locks.lock(engine, YEAR, None, "一", "李强")
    with pytest.raises(StoreError, match="已经锁定"):
        locks.lock(engine, YEAR, None, "二", "李强")
