"""Districts: the heat map, the ranking and the way down to a school."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import RATES, TREE, Shelf, shown

Open = Callable[..., AppTest]


def heat(app: AppTest) -> dict[str, Any]:
    [chart] = app.get("plotly_chart")
    found: dict[str, Any] = json.loads(chart.proto.spec)
    return dict(found["data"][0])


def links(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.get("page_link")]


def test_every_cell_prints_the_quotient_of_sums_with_its_sign(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", dims="level=ALL", within=store.ids["city"])
    assert not app.exception
    found = heat(app)
    assert found["y"] == ["东渡区", "西坪县"]
    assert found["x"] == ["2023-24", "2024-25", "2025-26"]
    assert found["text"] == [["100.0 ✓", "100.0 ✓", "100.0 ✓"], ["100.0 ✓", "91.4 ✗", "75.0 ✗"]]


def test_the_ranking_carries_interval_and_counts(store: Shelf, open_page: Open) -> None:
    table = open_page("districts", indicator="vac_cert_check_rate", dims="level=ALL", at="SY2024").dataframe[0].value
    parents = {unit.key: unit.parent_key for unit in TREE}
    west = [
        pairs[1] for (school, code, _), pairs in RATES.items()
        if code == "vac_cert_check_rate" and parents[school] == "hill" and pairs[1]
    ]  # fmt: skip
    assert table["单位"].tolist() == ["东渡区", "西坪县"]
    assert table["分子 / 分母"].tolist()[1] == f"{sum(x for x, _ in west)} / {sum(n for _, n in west)}"
    assert table["95%区间"].tolist()[1] == "88.0 – 93.9"


def test_one_step_down_shows_the_towns_and_then_the_schools(store: Shelf, open_page: Open) -> None:
    assert links(open_page("districts", indicator="vac_cert_check_rate", within=store.ids["west"]))[-1:] == ["石岭镇"]
    town = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["hill"])
    assert heat(town)["y"] == ["石岭中心小学", "青崖小学"]
    assert set(links(town)) >= {"岚川市", "西坪县", "石岭中心小学", "石岭初中", "青崖小学"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_count_has_no_good_or_bad_side(store: Shelf, open_page: Open, language: str) -> None:
    app = open_page("districts", indicator="enrollment", lang=language)
    assert not app.exception
    assert {state for row in heat(app)["z"] for state in row} == {0}


def test_without_a_target_the_city_is_the_measure(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="retention_rate", within=store.ids["city"])
    assert not app.exception
    assert "93.4" in shown(app)


def test_a_unit_without_values_below_says_so_and_leads_on(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="retention_rate", within=store.ids["east"])
    assert not app.exception
    assert "所选条件下没有数据" in shown(app)
    assert "湾口街道" in links(app)


def test_a_target_of_a_hundred_colours_against_the_city_unless_asked(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", dims="level=ALL", within=store.ids["city"])
    assert app.query_params["against"] == "city"
    assert heat(app)["text"] == [["100.0 ✓", "100.0 ✓", "100.0 ✓"], ["100.0 ✓", "91.4 ✗", "75.0 ✗"]]
    assert {"不差于全市", "差于全市"} == set(app.dataframe[0].value["判断"])
    asked = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["city"], against="target")
    assert {"达标", "未达标"} == set(asked.dataframe[0].value["判断"])


def test_another_indicator_lets_go_of_the_measure_that_was_the_default(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["city"])
    app.selectbox(key="pick_indicator").select("hygiene_inspection_pass_rate").run()
    assert not app.exception
    assert app.query_params["against"] == "target"
