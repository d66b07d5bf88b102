"""The page of locked periods: lock with a reason, see who did it, open again; and what a person of one county may lock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db import locks
from db.engine import make_engine
from db.records_accounts import Role
from pages.ui import access
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]


def held() -> list[tuple[str, int | None]]:
    engine = make_engine()
    with engine.connect() as connection:
        found = [(one.period, one.org_unit_id) for one in locks.in_force(connection)]
    engine.dispose()
    return found


def test_a_period_is_locked_and_opened_again(corrected: Shelf, open_page: Open) -> None:
    app = open_page("locks")
    assert "目前没有锁定的时期" in shown(app)
    app.selectbox(key="lock_period").select("SY2024")
    app.text_input(key="lock_reason").input("年报*已*上报")
    app.button(key="lock").click().run()
    assert not app.exception
    assert held() == [("SY2024", None)]
    assert "2024-2025学年 · 全部单位" in shown(app)
    assert r"年报\*已\*上报" in shown(app)
    app.text_input(key="why_1").input("省厅退回")
    app.button(key="open_1").click().run()
    assert not app.exception
    assert held() == []
    assert "已解除的锁定（1条）" in shown(app)


def test_a_lock_without_a_reason_is_answered(corrected: Shelf, open_page: Open) -> None:
    app = open_page("locks")
    app.button(key="lock").click().run()
    assert next(each.value for each in app.error).startswith("请写明理由")
    assert held() == []


def test_what_was_lifted_is_listed_with_both_reasons(corrected: Shelf, open_page: Open) -> None:
    engine = make_engine()
    locks.unlock(engine, locks.lock(engine, "SY2023", None, "已上报", "李强"), "省厅退回", "赵敏")
    engine.dispose()
    app = open_page("locks")
    app.session_state["open_locks_gone"] = True
    app.run()
    assert not app.exception
    row = grids(app)
    assert all(word in row for word in ("已上报", "省厅退回", "赵敏", "全部单位"))


def test_a_person_of_one_county_locks_that_county_only(
    corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine()
    locks.lock(engine, "SY2024", None, "全市已审定", "李强")
    with engine.connect() as connection:
        scope = str(connection.exec_driver_sql("SELECT path FROM org_unit WHERE code = '990102'").scalar())
    engine.dispose()
    monkeypatch.setattr(access, "look", lambda: access.Person("xiping", "西坪县", Role.APPROVER, scope))
    app = open_page("locks")
    assert app.selectbox(key="lock_unit").options == ["西坪县"]
    assert "全市已审定" in shown(app)
    assert not any(each.key == "open_1" for each in app.button)  # set above, not to be lifted from below
    app.text_input(key="lock_reason").input("本县已审定")
    app.button(key="lock").click().run()
    assert (held()[0][1], len(held())) == (corrected.ids["west"], 2)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.UPLOADER, Role.AUDITOR])
def test_only_who_approves_gets_the_page(
    role: Role, corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "look", lambda: access.Person("someone", "某人", role))
    app = open_page("overview")
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app.switch_page("locks.py")
    asked = open_page("locks")  # by its address
    assert not asked.exception
    assert not asked.text_input


def test_both_languages_say_it(corrected: Shelf, open_page: Open) -> None:
    app = open_page("locks", lang="en")
    assert not app.exception
    assert app.title[0].value == "Locked periods"
    assert grids(app) == ""
