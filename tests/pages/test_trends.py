"""Trends: the address restores the choice, gaps and stated values show, the table says what the chart says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.text import words
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]
CELL = re.compile("<td[^>]*>")


def row_of(app: AppTest, unit: str) -> str:
    """The HTML of a unit's row of the table."""
    return grids(app).split(f">{unit}<")[1].split("</tr>")[0]


def figure(app: AppTest) -> dict[str, Any]:
    [chart] = app.get("plotly_chart")
    found: dict[str, Any] = json.loads(chart.proto.spec)
    return found


def test_the_address_restores_indicator_dims_and_units(store: Shelf, open_page: Open) -> None:
    ids = store.ids
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=ALL", units=f"{ids['city']},{ids['p3']}")
    assert not app.exception
    assert app.selectbox(key="pick_indicator").value == "vac_cert_check_rate"
    assert app.multiselect(key="pick_units").value == [ids["city"], ids["p3"]]
    assert [trace["name"] for trace in figure(app)["data"]] == ["岚川市", "石岭中心小学", "目标"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_address_opens_in_both_languages(store: Shelf, open_page: Open, language: str) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", units=store.ids["p3"], lang=language)
    assert not app.exception
    assert ">75.0%<" in grids(app)
    assert "240 / 320" in figure(app)["data"][0]["customdata"][2][0]


def test_a_year_without_a_report_is_a_gap(store: Shelf, open_page: Open) -> None:
    ids = store.ids
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=PRI", units=f"{ids['p4']},{ids['p3']}")
    [quiet, _, _] = figure(app)["data"]
    assert quiet["y"] == [100.0, 100.0, None]
    values = CELL.split(row_of(app, "青崖小学"))
    assert values[-2] == f"{words('zh')['common.obs_status.not_reported']}</td>"


def test_a_stated_value_is_hollow_and_says_so(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="retention_rate", dims="level=CE", units=store.ids["west"])
    [line, *_] = figure(app)["data"]
    assert line["marker"]["symbol"] == ["circle-open"]
    assert ">93.4%<" in grids(app)
    assert "报告值" in grids(app)


def test_choosing_another_indicator_changes_the_address(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", units=store.ids["city"])
    app.selectbox(key="pick_indicator").select("enrollment").run()
    assert not app.exception
    assert app.query_params["indicator"] == "enrollment"
    assert ">3,485人<" in grids(app)


def test_every_value_of_the_table_leads_to_its_proof(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=PRI", units=store.ids["p3"])
    row = row_of(app, "石岭中心小学")
    assert row.count(f"evidence?unit={store.ids['p3']}&amp;indicator=vac_cert_check_rate&amp;period=SY") == 3
    assert "240 / 320" in row


def test_a_choice_that_no_longer_exists_falls_back(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="no_such_code", units="999999", dims="level=XX")
    assert not app.exception
    assert app.selectbox(key="pick_indicator").value != "no_such_code"


def test_no_unit_chosen_is_answered_with_what_to_do(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", units="")
    assert not app.exception
    assert "请至少选择一个单位。" in shown(app)


def test_the_interval_is_drawn_on_request(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", units=store.ids["p3"])
    assert "error_y" not in figure(app)["data"][0]
    app.toggle(key="trend_interval").set_value(True).run()
    spread = figure(app)["data"][0]["error_y"]
    assert spread["arrayminus"][2] == pytest.approx(75 - 69.97, abs=0.01)


def test_a_count_has_no_interval_to_show(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="enrollment", units=store.ids["city"])
    assert not app.exception
    assert [each.key for each in app.toggle] == []
    assert "空心点" not in shown(app)


def test_fewer_than_five_years_make_no_course(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=PRI", units=store.ids["p3"])
    last = CELL.split(row_of(app, "石岭中心小学"))[-1]
    assert words("zh")["courses.unknown"] in last
    assert words("zh")["courses.unknown_note"] in last


def test_the_words_of_a_chart_have_the_colour_of_the_page(store: Shelf, open_page: Open) -> None:
    layout = figure(open_page("trends", indicator="vac_cert_check_rate", units=store.ids["city"]))["layout"]
    colours = [
        layout["font"],
        layout["legend"]["title"]["font"],
        layout["xaxis"]["tickfont"],
        layout["yaxis"]["tickfont"],
    ]
    assert {each["color"] for each in colours} == {"#1C2733"}
