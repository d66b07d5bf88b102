"""Settings of the bureau: what is set holds, what is not stays as it was, and every change is in the log."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from db import audit, bureau
from db.catalogue import Catalogue, load_catalogue
from db.engine import StoreError
from db.settings import Approval

CODE = "vac_cert_check_rate"
TODAY = date(2026, 11, 1)


def catalogue(engine: sa.Engine) -> Catalogue:
    with engine.connect() as connection:
        return bureau.catalogue_of(bureau.raw_settings(connection))


def target(engine: sa.Engine, kind: str = "county", day: date = TODAY) -> tuple[str, Decimal] | None:
    found = catalogue(engine).target(CODE, {"level": "PRI"}, day, kind)
    return None if found is None else (found.source, found.value)


def test_nothing_set_is_the_catalogue_itself(engine: sa.Engine) -> None:
    assert catalogue(engine) is load_catalogue()


def test_an_own_target_stands_before_that_of_the_catalogue_and_goes_again(engine: sa.Engine) -> None:
    before = target(engine)
    bureau.add_target(engine, CODE, "PRI", Decimal("99.5"), "county", date(2026, 1, 1), "县教发〔2026〕8号", "王芳")
    assert target(engine) == ("县教发〔2026〕8号", Decimal("99.5"))
    assert target(engine, day=date(2025, 12, 31)) == before
    bureau.remove_target(engine, 0, "王芳")
    assert target(engine) == before
    with pytest.raises(StoreError, match="已经删去"):
        bureau.remove_target(engine, 0, "王芳")


def test_the_same_target_again_takes_the_place_of_the_first(engine: sa.Engine) -> None:
    for value in ("98", "99"):
        bureau.add_target(engine, CODE, None, Decimal(value), "county", date(2026, 1, 1), "文件", "王芳")
    with engine.connect() as connection:
        [held] = bureau.bureau_of(bureau.raw_settings(connection)).targets
    assert held.value == 99


@pytest.mark.parametrize(
    ("code", "value", "source", "sentence"),
    [
        (CODE, "101", "文件", "超出"),
        (CODE, "99", " ", "请写明目标的依据"),
        ("enrollment", "10", "文件", "不能设目标"),
    ],
)
def test_what_can_be_no_target_is_told(engine: sa.Engine, code: str, value: str, source: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        bureau.add_target(engine, code, None, Decimal(value), "county", TODAY, source, "王芳")
    assert catalogue(engine) is load_catalogue()


def test_approval_as_set_goes_before_the_environment(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDU_APPROVAL", "any")

    def now() -> Approval:
        with engine.connect() as connection:
            return bureau.approval_of(bureau.raw_settings(connection))

    assert now() is Approval.ANY
    bureau.set_approval(engine, Approval.OFF, "王芳")
    assert now() is Approval.OFF


def test_the_last_day_of_a_form_is_changed_for_that_form_only(engine: sa.Engine) -> None:
    forms = load_catalogue().forms
    bureau.set_due(engine, forms[0].code, "end", 1, 31, "王芳")
    made = catalogue(engine).forms
    assert made[0].due is not None
    assert (made[0].due.after, made[0].due.months, made[0].due.day) == ("end", 1, 31)
    assert made[1:] == forms[1:]
    with pytest.raises(StoreError, match="期限填得不对"):
        bureau.set_due(engine, forms[0].code, "end", 1, 32, "王芳")


def test_a_change_is_in_the_log_with_before_and_after(engine: sa.Engine) -> None:
    bureau.set_approval(engine, Approval.ANY, "王芳")
    bureau.set_approval(engine, Approval.OTHER, "赵敏")
    with engine.connect() as connection:
        [last, first] = audit.events(connection)[:2]
        assert list(audit.checked(connection).broken) == []
    assert (last.actor, last.action, json.loads(last.before), json.loads(last.after)) == (
        "赵敏", "setting_changed", {"value": "any"}, {"value": "other"}
    )  # fmt: skip
    assert json.loads(first.before) == {"value": None}
