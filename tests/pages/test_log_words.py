"""The log in words: names in place of numbers, what was and what is in place of JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from db.catalogue import load_catalogue
from db.records_accounts import Action, AuditEvent
from pages.ui import log_words
from tests.pages.conftest import Shelf

TARGET = {"indicator": "vac_cert_check_rate", "dims": {"level": "KG"}, "comparator": ">=", "value": "98",
          "valid_from": "2026-01-01", "source": "县教发8号", "applies_to": "county"}  # fmt: skip
DUE = {"after": "end", "months": 1, "day": 10, "source": "own"}


def event(action: Action, subject: str = "", before: Any = None, after: Any = None) -> AuditEvent:
    texts = ("" if each is None else json.dumps(each, sort_keys=True) for each in (before, after))
    return AuditEvent(1, datetime(2026, 9, 1, 8), "guanli", "", action.value, subject, *texts)


@pytest.mark.parametrize(
    ("action", "subject", "said"),
    [
        (Action.IMPORT, "12 2026年 报表.xlsx", "2026年 报表.xlsx（第12次入库）"),
        (Action.IMPORT_UNDONE, "12", "第12次入库的文件"),
        (Action.PERIOD_LOCKED, "SY2024", "2024-2025学年，全部单位"),
        (Action.SETTING_CHANGED, "approval", "入库前审核"),
        (Action.EXPORT, "unit 1", "unit 1"),
        (Action.TOKEN_REVOKED, "token 3", "第3号接口令牌"),
        (Action.REFUSED, "draft 上报 表.xlsx", "上报草稿“上报 表.xlsx”"),
        (Action.REFUSED, "4 decisions", "4项认定"),
        (Action.REFUSED, "units [99998, 99999]", "名录外的单位（编号99998）、名录外的单位（编号99999）"),
        (Action.VIEW, "accounts", "账号"),
    ],
)
def test_the_subject_is_named(store: Shelf, action: Action, subject: str, said: str) -> None:
    assert log_words.subject(event(action, subject)) == said


def test_units_are_named(store: Shelf) -> None:
    [name] = [log_words.subject(event(Action.NOTE, f"unit {store.ids['p1']}"))]
    assert name
    assert not any(sign.isdigit() for sign in name)
    scope = f"/1/{store.ids['p1']}/"
    changed = event(Action.ACCOUNT_CHANGED, "li", {"role": "viewer", "scope": ""}, {"role": "approver", "scope": scope})
    assert log_words.changed(changed) == ("角色由“查看”改为“审核”", f"管辖范围由“全部单位”改为“{name}”")


def test_what_did_not_change_is_left_out_and_codes_are_words(store: Shelf) -> None:
    same = {"name": "li", "disabled": False}
    assert log_words.changed(event(Action.ACCOUNT_CHANGED, "li", same, {**same, "disabled": True})) == (
        "已停用由“否”改为“是”",
    )
    ruled = event(
        Action.RULING, "observation 4", {"standing": 3952, "told": 4264}, {"verdict": "told", "reason": "以年报为准"}
    )
    assert log_words.changed(ruled) == (
        "认定：以另一说法为准",
        "采用的数：3,952",
        "另一说法：4,264",
        "理由：以年报为准",
    )
    stored = event(Action.IMPORT, "1 a.xlsx", None, {"new": 8, "sha256": "ab" * 32})
    assert log_words.changed(stored) == ("新增数值：8",)


def test_a_setting_says_what_came_and_what_went(store: Shelf) -> None:
    [came] = log_words.changed(event(Action.SETTING_CHANGED, "targets", {"value": []}, {"value": [TARGET]}))
    assert came == "增加目标：预防接种证查验率（学前）≥98，2026-01-01起，依据：县教发8号"
    [went] = log_words.changed(event(Action.SETTING_CHANGED, "targets", {"value": [TARGET]}, {"value": []}))
    assert went.startswith("删去目标：")
    form = load_catalogue().forms[0]
    [due] = log_words.changed(event(Action.SETTING_CHANGED, "form_due", {"value": None}, {"value": {form.code: DUE}}))
    assert due.endswith("由“未定”改为“时期结束后第1个月10日”")
    [approval] = log_words.changed(event(Action.SETTING_CHANGED, "approval", {"value": None}, {"value": "off"}))
    assert approval == "入库前审核由“未定”改为“不需要审核，填报人确认后直接入库”"


def test_what_is_no_record_of_ours_is_shown_as_it_is(store: Shelf) -> None:
    broken = AuditEvent(1, datetime(2026, 9, 1), "x", "", "note", "something else", "{", "[1]")
    assert log_words.subject(broken) == "something else"
    assert log_words.changed(broken) == ()
