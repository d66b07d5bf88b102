"""Districts: the heat map, the ranking and the way down to a school."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import RATES, TREE, Shelf, shown

Open = Callable[..., AppTest]


PARTS = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)


def table(app: AppTest, number: int = 0) -> list[list[str]]:
    """The rows of a table of the page as text: the heads first."""
    html = [each.value for each in app.get("html")][number].split("</style>")[1]
    rows = [PARTS.findall(row) for row in html.split("<tr")[1:]]
    return [[re.sub(r"<[^>]*>", "", cell.replace("<small", " <small")) for cell in row] for row in rows]


def links(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.get("page_link")]


def test_every_cell_prints_the_quotient_of_sums_with_its_sign(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", dims="level=ALL", within=store.ids["city"])
    assert not app.exception
    assert table(app) == [
        ["单位", "2023-24", "2024-25", "2025-26"],
        ["东渡区", "100.0 ✓不差于全市", "100.0 ✓不差于全市", "100.0 ✓不差于全市"],
        ["西坪县", "100.0 ✓不差于全市", "91.4 ✗差于全市", "75.0 ✗差于全市"],
    ]


def test_a_cell_leads_to_its_proof_and_a_name_one_level_down(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", dims="level=ALL", within=store.ids["city"])
    html = app.get("html")[0].value
    west = store.ids["west"]
    assert f"./evidence?unit={west}&amp;indicator=vac_cert_check_rate&amp;period=SY2025&amp;dims=level%3DALL" in html
    assert f"./districts?within={west}&amp;indicator=vac_cert_check_rate" in html
    town = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["hill"])
    assert f"./school?unit={store.ids['p3']}" in town.get("html")[0].value


def test_the_ranking_carries_rank_interval_and_counts(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", dims="level=ALL", at="SY2024")
    parents = {unit.key: unit.parent_key for unit in TREE}
    west = [
        pairs[1] for (school, code, _), pairs in RATES.items()
        if code == "vac_cert_check_rate" and parents[school] == "hill" and pairs[1]
    ]  # fmt: skip
    counts = f"{sum(x for x, _ in west)} / {sum(n for _, n in west)}"
    head, first, second = table(app, 1)
    assert head[:6] == ["单位", "名次", "数值", "判断", "95%区间", "分子 / 分母"]
    assert first[:2] == ["东渡区", "1"]
    assert [*second[:3], *second[4:6]] == ["西坪县", "2", "91.4%", "88.0%—93.9%", counts]
    [dots] = app.get("plotly_chart")
    assert dots.proto.alt
    assert json.loads(dots.proto.spec)["layout"]["yaxis"]["categoryarray"] == ["西坪县", "东渡区"]


def test_ranks_that_chance_leaves_open_say_so(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="hygiene_inspection_pass_rate", at="SY2024", within=store.ids["city"])
    assert [row[1] for row in table(app, 1)[1:]] == ["1（1—2）", "2（1—2）"]


def test_one_step_down_shows_the_towns_and_then_the_schools(store: Shelf, open_page: Open) -> None:
    west = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["west"])
    assert [row[0] for row in table(west)] == ["单位", "石岭镇"]
    town = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["hill"])
    assert [row[0] for row in table(town)] == ["单位", "石岭中心小学", "青崖小学"]
    assert set(links(town)) >= {"岚川市", "西坪县"}


def test_all_indicators_stand_side_by_side_with_what_they_are_measured_against(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", view="indicators", within=store.ids["city"])
    assert not app.exception
    head, east, west, city = table(app)
    column = next(n for n, each in enumerate(head) if each.startswith("预防接种证查验率"))
    assert "全市" in head[column]
    assert (east[column], west[column]) == ("100.0 ✓不差于全市", "75.0 ✗差于全市")
    assert (city[0], city[column]) == ("岚川市", "88.4")


def test_a_domain_without_values_says_so(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", view="indicators", domain="dropout", within=store.ids["hill"])
    assert not app.exception
    assert "所选条件下没有数据" in shown(app)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_count_has_no_good_or_bad_side(store: Shelf, open_page: Open, language: str) -> None:
    app = open_page("districts", indicator="enrollment", lang=language)
    assert not app.exception
    assert all(sign not in each for row in table(app) for each in row for sign in "✓≈✗")


def test_without_a_target_the_city_is_the_measure(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="retention_rate", within=store.ids["city"])
    assert not app.exception
    assert "93.4" in app.get("html")[0].value


def test_a_unit_without_values_below_says_so_and_leads_on(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="retention_rate", within=store.ids["east"])
    assert not app.exception
    assert "所选条件下没有数据" in shown(app)
    assert "湾口街道" in app.get("html")[0].value
    assert f"./districts?within={store.ids['bay']}" in app.get("html")[0].value


def test_a_target_of_a_hundred_colours_against_the_city_unless_asked(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", dims="level=ALL", within=store.ids["city"])
    assert app.query_params["against"] == "city"
    assert table(app, 1)[2][3].strip() == "✗ 差于全市"
    asked = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["city"], against="target")
    assert [row[3].strip() for row in table(asked, 1)[1:]] == ["✓ 达标", "✗ 未达标"]


def test_another_indicator_lets_go_of_the_measure_that_was_the_default(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", indicator="vac_cert_check_rate", within=store.ids["city"])
    app.selectbox(key="pick_indicator").select("hygiene_inspection_pass_rate").run()
    assert not app.exception
    assert app.query_params["against"] == "target"
