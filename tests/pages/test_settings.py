"""The settings page: what is set shows on the other pages at once; a limited administrator sets nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db.records_accounts import Role
from pages.ui import access
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]
CODE = "vac_cert_check_rate"


def with_target(app: AppTest, value: str) -> AppTest:
    app.selectbox(key="target_indicator").select(CODE).run()
    app.text_input(key="target_value").input(value)
    app.text_input(key="target_source").input("县教发〔2026〕8号")
    app.button(key="add_target").click().run()
    assert not app.exception
    return app


def test_an_own_target_is_listed_judged_by_and_removed(corrected: Shelf, open_page: Open) -> None:
    app = with_target(open_page("settings"), "99.9%")
    assert "县教发〔2026〕8号" in grids(app)
    assert "县教发〔2026〕8号" in grids(open_page("catalogue", indicator=CODE))
    app = open_page("settings")
    app.button(key="remove_target").click().run()
    assert not app.exception
    assert "县教发〔2026〕8号" not in grids(app)


@pytest.mark.parametrize(("typed", "sentence"), [("很高", "不是数字"), ("NaN", "不是数字"), ("120", "超出")])
def test_a_value_that_cannot_be_is_answered(corrected: Shelf, open_page: Open, typed: str, sentence: str) -> None:
    assert sentence in shown(with_target(open_page("settings"), typed))


def test_approval_and_a_deadline_are_changed(corrected: Shelf, open_page: Open) -> None:
    app = open_page("settings")
    app.radio(key="approval").set_value("other").run()
    app.button(key="save_approval").click().run()
    assert app.radio(key="approval").value == "other"
    app.number_input(key="due_months_school_basics").set_value(2)
    app.button(key="save_due").click().run()
    assert not app.exception
    assert "已保存" in shown(app)


def test_an_administrator_of_a_part_changes_nothing(
    corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "look", lambda: access.Person("xian", "县", Role.ADMINISTRATOR, "/1/3/"))
    app = open_page("settings")
    assert not app.exception
    assert not app.button
    assert "不限范围的管理员" in shown(app)


def test_both_languages_say_it(corrected: Shelf, open_page: Open) -> None:
    app = open_page("settings", lang="en")
    assert not app.exception
    assert app.title[0].value == "Settings"
