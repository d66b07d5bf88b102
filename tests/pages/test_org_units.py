"""The register of units, as an administrator uses it: list, new unit, changes with their consequence, history, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import audit, locks
from db.engine import make_engine
from db.records_accounts import Role
from db.schema import org_unit
from pages.ui import access
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]
DAY = date(2025, 9, 1)


def keyed(widgets: object, start: str) -> object:
    return next(each for each in widgets if each.key and each.key.startswith(start))  # type: ignore[attr-defined]


def column(unit_id: int, name: str) -> object:
    engine = make_engine()
    with engine.connect() as connection:
        found = connection.scalar(sa.select(org_unit.c[name]).where(org_unit.c.id == unit_id))
    engine.dispose()
    return found


def act(app: AppTest, unit_id: int, action: str) -> AppTest:
    app.button_group(key=f"action_{unit_id}").set_value(action).run()
    assert not app.exception
    return app


def ahead(app: AppTest) -> AppTest:
    keyed([each for each in app.button if each.key and each.key.endswith("_ahead")], "").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    return app


def confirm(app: AppTest) -> AppTest:
    keyed([each for each in app.button if each.key and each.key.endswith("_confirm")], "").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    return app


def taken_back(app: AppTest) -> AppTest:
    app.session_state["open_take_back"] = True
    app = ahead(app.run())
    app.button(key="take_back").click().run()
    return app


def test_the_list_is_searched_and_filtered(store: Shelf, open_page: Open) -> None:
    app = open_page("org_units")
    assert not app.exception
    assert all(name in grids(app) for name in ("岚川市", "湾口小学", "2199000001"))
    assert "共10个单位" in shown(app)
    app.selectbox(key="list_kind").select("school").run()
    assert "共5个单位" in shown(app)
    app.selectbox(key="list_within").select(store.ids["hill"]).run()
    assert "共3个单位" in shown(app)
    app.selectbox(key="list_within").select(None).run()
    app.text_input(key="q").input("渡头").run()
    assert "渡头小学" in grids(app)
    assert "湾口小学" not in grids(app)


def test_a_renamed_school_shows_its_history_and_is_taken_back(corrected: Shelf, open_page: Open) -> None:
    number = corrected.ids["p1"]
    app = act(open_page("org_units", side="change", unit=number), number, "rename")
    app.text_input(key="change_name").input("湾口第一小学").run()
    app.date_input(key="change_on").set_value(DAY).run()
    app = ahead(app)
    assert column(number, "name") == "湾口小学"
    assert "已入库的数不改动" in shown(app)
    assert "走势不断" in shown(app)
    keyed(app.text_input, f"change_{number}_rename_note").input("区教发〔2025〕1号").run()  # type: ignore[attr-defined]
    app = confirm(app)
    assert column(number, "name") == "湾口第一小学"
    assert "名称：湾口小学 → 湾口第一小学" in grids(app)
    assert "区教发〔2025〕1号" in grids(app)
    engine = make_engine()
    with engine.connect() as connection:
        [entry] = [one for one in audit.events(connection) if one.action == "unit_changed"]
    engine.dispose()
    assert ("湾口小学" in entry.before, "湾口第一小学" in entry.after, entry.actor) == (True, True, "wangfang")
    app = taken_back(open_page("org_units", side="log"))
    assert not app.exception
    assert column(number, "name") == "湾口小学"
    assert "已撤销" in shown(app)
    assert "已于" in grids(app)


def test_a_move_says_which_sums_change_before_it_is_made(corrected: Shelf, open_page: Open) -> None:
    number, county = corrected.ids["p3"], corrected.ids["west"]
    app = act(open_page("org_units", side="change", unit=number), number, "move")
    app.selectbox(key="change_parent").select(county).run()
    app.date_input(key="change_on").set_value(DAY).run()
    app = ahead(app)
    assert "石岭镇" in shown(app)
    assert "1230人" in grids(app).replace(",", "").replace(" ", "")
    assert column(number, "parent_id") == corrected.ids["hill"]
    app = confirm(app)
    assert column(number, "parent_id") == county
    assert "已办理" in shown(app)


def test_what_contradicts_is_said_and_not_offered(corrected: Shelf, open_page: Open) -> None:
    engine = make_engine()
    locks.lock(engine, "SY2025", None, "已上报", "李强")
    engine.dispose()
    number = corrected.ids["p3"]
    app = act(open_page("org_units", side="change", unit=number), number, "close")
    app.date_input(key="change_on").set_value(DAY).run()
    app = ahead(app)
    assert "停办日期矛盾" in shown(app)
    assert not [each for each in app.button if each.key and each.key.endswith("_confirm")]
    app = act(app, number, "move")
    app.selectbox(key="change_parent").select(corrected.ids["west"]).run()
    app.date_input(key="change_on").set_value(DAY).run()
    assert "审定锁定" in shown(ahead(app))


def test_a_new_school_is_registered_with_a_checked_code(corrected: Shelf, open_page: Open) -> None:
    app = open_page("org_units", side="new")
    keyed(app.text_input, "new_school__name").input("湾口第二小学").run()  # type: ignore[attr-defined]
    keyed(app.selectbox, "new_school__parent").select(corrected.ids["bay"]).run()  # type: ignore[attr-defined]
    keyed(app.selectbox, "new_school__level").select("PRI").run()  # type: ignore[attr-defined]
    keyed(app.text_input, "new_school__code").input("3199000099").run()  # type: ignore[attr-defined]
    app = ahead(app)
    assert "与学段不符" in shown(app)
    keyed(app.text_input, "new_school__code").input("2199000099").run()  # type: ignore[attr-defined]
    app = confirm(ahead(app))
    assert "湾口第二小学" in grids(open_page("org_units"))


@pytest.mark.parametrize("action", ["merge", "split", "reopen", "correct", "alias"])
def test_every_form_opens_and_asks_nothing_half_filled(corrected: Shelf, open_page: Open, action: str) -> None:
    number = corrected.ids["p2"]
    app = open_page("org_units", side="change", unit=number)
    if action == "reopen":
        app = act(app, number, "close")
        app.date_input(key="change_on").set_value(date(2026, 9, 1)).run()
        app = confirm(ahead(app))
        assert app.button_group(key=f"action_{number}").value == "reopen"
    app = act(app, number, action)
    if action == "split":
        app.checkbox(key="change_goes_on").check().run()
        app.selectbox(key="part_0").select(0).run()
        keyed(app.text_input, "part_0_name").input("渡头第二小学").run()  # type: ignore[attr-defined]
        app.date_input(key="change_on").set_value(DAY).run()
        app = confirm(ahead(app))
        assert "拆分" in grids(app)
    elif action == "merge":
        app.selectbox(key="change_into").select(corrected.ids["p1"]).run()
        app.date_input(key="change_on").set_value(date(2026, 9, 1)).run()
        app = ahead(app)
        assert "从2026-09-01起标出断点" in shown(app).replace("\\", "")
    elif action == "alias":
        app.text_input(key="change_alias").input("渡头完小").run()
        app = confirm(ahead(app))
        assert "渡头完小" in shown(app)


def test_an_administrator_of_a_part_changes_its_units_only(
    corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(column(corrected.ids["west"], "path"))
    monkeypatch.setattr(access, "look", lambda: access.Person("xian", "县", Role.ADMINISTRATOR, path))
    app = open_page("org_units")
    assert "共5个单位" in shown(app)
    assert "湾口" not in grids(app)
    from pages.ui import unit_desk

    asked = unit_desk.Rename(corrected.ids["p1"], "改名", DAY)
    fault = unit_desk.change(asked, "")
    assert isinstance(fault, str)
    assert "管辖范围以外" in fault
    assert column(corrected.ids["p1"], "name") == "湾口小学"


def test_both_languages_say_it(corrected: Shelf, open_page: Open) -> None:
    for side in ("list", "new", "change", "log"):
        app = open_page("org_units", lang="en", side=side)
        assert not app.exception
        assert app.title[0].value == "Schools and areas"
