"""Notes on a number: written on the page, shown on chart and table, taken back without being lost."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db import audit, notes
from db.engine import make_engine
from db.records_accounts import Role
from pages.ui import access
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]
WHERE = {"indicator": "vac_cert_check_rate", "dims": "level=PRI"}


def pinned(shelf: Shelf, unit: str, period: str, text: str) -> int:
    engine = make_engine()
    number = notes.pin(engine, shelf.ids[unit], "vac_cert_check_rate", "level=PRI", period, text, "王局")
    engine.dispose()
    return number


def chart_notes(app: AppTest) -> list[str]:
    [chart] = app.get("plotly_chart")
    return [each["text"] for each in json.loads(chart.proto.spec)["layout"].get("annotations", [])]


def test_a_note_is_written_and_stands_on_chart_and_table(corrected: Shelf, open_page: Open) -> None:
    app = open_page("trends", units=f"{corrected.ids['p3']},{corrected.ids['p1']}", **WHERE)
    app.selectbox(key="note_period").select("SY2024")
    app.text_area(key="note_text").input("校医*空缺*半年")
    app.button(key="FormSubmitter:note-保存批注").click().run()
    assert not app.exception
    assert chart_notes(app) == ["注1"]
    row = grids(app).split(">石岭中心小学<")[1].split("</tr>")[0]
    assert "<small>注1</small>" in row
    [line] = [each.value for each in app.markdown if "注1" in each.value]
    assert "石岭中心小学 · 2024-2025学年" in line
    assert r"校医\*空缺\*半年" in line


def test_notes_are_numbered_in_the_order_of_the_periods(corrected: Shelf, open_page: Open) -> None:
    pinned(corrected, "p3", "SY2025", "后一年")
    pinned(corrected, "p3", "SY2023", "前一年")
    pinned(corrected, "p1", "SY2023", "不在图中的单位")
    app = open_page("trends", units=corrected.ids["p3"], **WHERE)
    lines = [each.value for each in app.markdown if each.value.startswith("**注")]
    assert ["前一年" in lines[0], "后一年" in lines[1], len(lines)] == [True, True, 2]


def test_a_note_taken_back_leaves_chart_and_table_but_not_the_record(corrected: Shelf, open_page: Open) -> None:
    number = pinned(corrected, "p3", "SY2025", "写错了")
    app = open_page("trends", units=corrected.ids["p3"], **WHERE)
    app.button(key=f"withdraw_{number}").click().run()
    assert not app.exception
    assert chart_notes(app) == []
    assert "注1" not in grids(app)
    assert "已撤回的批注（1条）" in shown(app)


def test_an_empty_note_is_answered_with_what_to_do(corrected: Shelf, open_page: Open) -> None:
    app = open_page("trends", units=corrected.ids["p3"], **WHERE)
    app.button(key="FormSubmitter:note-保存批注").click().run()
    assert not app.exception
    assert "请先写批注的内容" in shown(app)


def test_a_note_on_a_year_without_a_value_stands_at_the_foot(corrected: Shelf, open_page: Open) -> None:
    pinned(corrected, "p4", "SY2025", "停办")
    app = open_page("trends", units=f"{corrected.ids['p4']},{corrected.ids['p3']}", **WHERE)
    [chart] = app.get("plotly_chart")
    [mark] = json.loads(chart.proto.spec)["layout"]["annotations"]
    assert (mark["text"], mark["y"], mark["yref"]) == ("注1", 0, "paper")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_say_it(corrected: Shelf, open_page: Open, language: str) -> None:
    pinned(corrected, "p3", "SY2025", "补种后复验")
    app = open_page("trends", units=corrected.ids["p3"], lang=language, **WHERE)
    assert not app.exception
    assert chart_notes(app) == [{"zh": "注1", "en": "note 1"}[language]]


def test_who_may_only_look_sees_notes_and_writes_none(
    corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pinned(corrected, "p3", "SY2025", "校医空缺")
    monkeypatch.setattr(access, "look", lambda: access.Person("juzhang", "局长", Role.VIEWER))
    app = open_page("trends", units=corrected.ids["p3"], **WHERE)
    assert "校医空缺" in shown(app)
    assert not any(each.key == f"withdraw_{number}" for each in app.button)
    assert not app.text_area


def test_no_note_is_pinned_to_a_unit_outside_the_scope(
    corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = pinned(corrected, "p1", "SY2025", "别县的批注")
    engine = make_engine()
    with engine.connect() as connection:
        scope = str(connection.exec_driver_sql("SELECT path FROM org_unit WHERE code = '990102'").scalar())
    monkeypatch.setattr(access, "look", lambda: access.Person("xiping", "西坪县", Role.APPROVER, scope))
    page = f"""
import streamlit as st
from pages.ui import access, actions
st.session_state["_person"] = access.look()
st.text(actions.pin_note({corrected.ids["p1"]}, "vac_cert_check_rate", "level=PRI", "SY2025", "越界"))
st.text(actions.withdraw_note({elsewhere}))
"""
    app = AppTest.from_string(page, default_timeout=30).run()
    assert all("管辖范围以外" in each.value for each in app.text)
    assert len(app.text) == 2
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*), count(withdrawn_at) FROM series_note").one()
        told = [each.action for each in audit.events(connection)]
    engine.dispose()
    assert tuple(kept) == (1, 0)
    assert told.count("refused") == 2
