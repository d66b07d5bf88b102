"""The page of forms: what is offered, what will be in the workbook, and the workbook itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from db.catalogue import load_catalogue
from pages.ui import data, forms
from tests.pages.conftest import FRAME, Shelf, grids, shown

Open = Callable[..., AppTest]
TODAY = date(2026, 11, 26)
FORMS = {form.code: form for form in load_catalogue().forms}


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "today", lambda: TODAY)


def lists_of(app: AppTest) -> list[str]:
    """The texts to copy, without the link of the page."""
    return [each.value for each in app.code if "known=" not in each.value]


def cells(app: AppTest) -> list[list[str]]:
    """The rows of the first table of the page."""
    html = grids(app).split("<tbody>")[1].split("</tbody>")[0]
    rows = html.replace("</th>", "|").replace("</td>", "|").split("</tr>")
    return [[part.split(">")[-1] for part in row.split("|")[:-1]] for row in rows if row]


def test_the_page_says_what_will_be_in_the_workbook(store: Shelf, open_page: Open) -> None:
    app = open_page("templates", form="school_basics", within=store.ids["west"], period="SY2026")
    assert not app.exception
    assert app.header[0].value == "西坪县2026—2027学年初基本情况统计表"
    assert cells(app) == [["小学", "2", "13", "1"], ["初中", "1", "10", "1"]]
    assert "报送截止：2026-09-20" in shown(app)
    assert "共2张表、3行" in shown(app)


def test_the_form_that_is_due_and_the_first_county_are_proposed(store: Shelf, open_page: Open) -> None:
    app = open_page("templates")
    assert app.selectbox(key="pick_form").value == "school_basics"
    assert app.selectbox(key="pick_within").value == store.ids["east"]
    assert app.selectbox(key="pick_period").value == "SY2026"
    assert app.query_params["form"] == "school_basics"


@pytest.mark.parametrize(
    ("code", "period"),
    [
        ("school_basics", "SY2026"), ("dropout_yearly", "SY2025"), ("dropout_monthly", "2026-10"),
        ("vaccination_check", "SY2026-T1"), ("canteen_inspection", "SY2026-T1"),
    ],
)  # fmt: skip
def test_the_period_that_is_being_filed(code: str, period: str) -> None:
    assert forms.current(FORMS[code], TODAY) == period
    assert period in forms.periods(FORMS[code], TODAY)


def test_another_form_takes_its_own_periods(store: Shelf, open_page: Open) -> None:
    app = open_page("templates", form="school_basics")
    app.selectbox(key="pick_form").select("dropout_monthly").run()
    assert not app.exception
    assert app.selectbox(key="pick_period").value == "2026-10"
    assert "2026年10月" in app.header[0].value


def test_a_form_by_towns_offers_no_schools(store: Shelf, open_page: Open) -> None:
    app = open_page("templates", form="net_enrollment", within=store.ids["p1"])
    assert app.selectbox(key="pick_within").value == store.ids["east"]
    assert cells(app) == [["小学", "1", "6", "0"], ["初中", "1", "6", "0"]]


def test_a_ledger_has_blank_rows_and_nobody_is_reminded_of_it(store: Shelf, open_page: Open) -> None:
    app = open_page("templates", form="findings_ledger", within=store.ids["west"], period="SY2026-T1")
    assert not app.exception
    assert cells(app) == [["问题整改台账", "3", "9", "0"]]
    assert "一张台账、60行空行" in shown(app)
    assert not lists_of(app)


def test_a_unit_without_rows_is_told(store: Shelf, open_page: Open) -> None:
    app = open_page("templates", form="vaccination_check", within=store.ids["j1"])
    assert "没有需要填这张表的单位" in app.info[0].value
    assert not app.get("download_button")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", FORMS)
def test_every_form_explains_its_columns(store: Shelf, code: str, language: str) -> None:
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    app.switch_page("templates.py")
    app.session_state[f"asks_{code}"] = True
    for name, value in {"form": code, "within": store.ids["city"], "lang": language}.items():
        app.query_params[name] = str(value)
    app.run()
    assert not app.exception
    table = grids(app).split("<table")[-1]
    assert table.count("<tr>") == 1 + len(FORMS[code].columns)
    assert all(f">{'/'.join(column.path)}<" in table for column in FORMS[code].columns)


def test_who_has_not_filed_stands_beside_as_a_text_to_copy(store: Shelf, open_page: Open) -> None:
    app = open_page("templates", form="school_basics", within=store.ids["west"], period="SY2025")
    assert not app.exception
    assert "应填3行，未填1行，未填全2行" in shown(app)
    text = lists_of(app)[0]
    assert text.startswith("西坪县2025—2026学年初基本情况统计表尚未报送：\n报送截止：2025-09-20\n")
    assert (
        "【小学】2个单位\n石岭镇：石岭中心小学（缺在校生数其中:女、在校生数一年级、在校生数二年级等12项）、青崖小学\n"
        in text
    )


def test_nobody_is_reminded_of_a_period_to_come(store: Shelf, open_page: Open) -> None:
    app = open_page("templates", form="school_basics", within=store.ids["west"], period="SY2027")
    assert not app.exception
    assert "还没有报的" not in shown(app)
    assert not lists_of(app)


def test_when_all_have_filed_it_says_so(store: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "unreported", lambda *_: pd.DataFrame())
    app = open_page("templates", form="school_basics", within=store.ids["west"], period="SY2025")
    assert app.success[0].value == "这张表已全部报齐。"


def test_an_empty_store_says_what_to_do(empty_store: object, open_page: Open) -> None:
    app = open_page("templates")
    assert not app.exception
    assert app.header[0].value == "库中还没有数据"


def test_the_workbook_holds_the_schools_and_their_last_values(store: Shelf, open_page: Open) -> None:
    app = AppTest.from_function(_make, kwargs={"unit": store.ids["west"]}).run()
    assert not app.exception
    book = openpyxl.load_workbook(io.BytesIO(bytes.fromhex(app.session_state["made"])))
    assert book.sheetnames == ["小学", "初中", "上年数(小学)", "上年数(初中)", "填表说明"]
    assert [book["小学"].cell(row, 2).value for row in (5, 6, 7)] == ["石岭中心小学", "青崖小学", "合计"]
    assert book["小学"]["C5"].value == 1230  # the opening figure is known
    assert book["小学"]["C6"].value is None  # a school that did not file last year
    assert book["上年数(小学)"]["O5"].value == 1230


def _make(unit: int) -> None:
    import streamlit as st

    from db.catalogue import load_catalogue
    from pages.ui import access, forms

    access.require("look")
    form = load_catalogue().form("pupil_changes")
    assert form is not None
    st.session_state["made"] = forms.workbook(forms.Asked(form, "SY2026", unit)).hex()
