"""Side by side: one period per indicator, differences to the units above, words about chance."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Shelf, shown

Open = Callable[..., AppTest]
CELL = re.compile("<td[^>]*>")


def row(app: AppTest, name: str) -> str:
    html = "\n".join(each.value for each in app.get("html"))
    return html.split(f">{name}")[1].split("</tr>")[0]


def both(store: Shelf, *keys: str) -> str:
    return ",".join(str(store.ids[key]) for key in keys)


def test_value_counts_state_and_difference_of_each_unit(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", units=both(store, "p1", "p3"))
    assert not app.exception
    first, second = CELL.split(row(app, "预防接种证查验率"))[1:]
    assert "100.0%" in first
    assert "220 / 220" in first
    assert "✓ 达标" in first
    assert "✓ 与东渡区相当（0.0个百分点）" not in first
    assert "≈ 与东渡区相当（0.0个百分点）" in first
    assert "✓ 优于同类学校（+17.0个百分点）" in first
    assert "75.0%" in second
    assert "✗ 未达标" in second
    assert "≈ 与西坪县相当（0.0个百分点）" in second


def test_all_units_are_compared_in_one_period(store: Shelf, open_page: Open) -> None:
    """青崖小学 has not reported the last year: with two units half is enough, with it alone its own last year."""
    late = row(open_page("compare", units=both(store, "p4", "p3")), "预防接种证查验率")
    assert "2025-2026学年" in late
    assert "未报" in CELL.split(late)[1]
    assert "2024-2025学年" not in late


def test_a_clear_difference_and_an_unclear_one_are_told_apart(store: Shelf, open_page: Open) -> None:
    where = {"part": "detail", "indicator": "vac_cert_check_rate", "units": both(store, "p1", "p2", "p3")}
    said = shown(open_page("compare", **where))
    assert "**湾口小学** 比 **石岭中心小学** 高25.0个百分点，差距超出偶然波动。" in said
    assert "共3组两两比较，2组差距超出偶然波动，1组差距在偶然波动之内" in said


def test_counts_are_not_judged_by_chance(store: Shelf, open_page: Open) -> None:
    said = shown(open_page("compare", part="detail", indicator="enrollment", units=both(store, "p1", "p3")))
    assert "没有分子、分母" in said


def test_dots_and_years_are_drawn_for_the_chosen_indicator(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", part="detail", indicator="vac_cert_check_rate", units=both(store, "p1", "p3"))
    dots, years = (json.loads(each.proto.spec) for each in app.get("plotly_chart"))
    assert dots["layout"]["yaxis"]["categoryarray"] == ["石岭中心小学", "湾口小学"]
    assert [each["name"] for each in years["data"]][:2] == ["湾口小学", "石岭中心小学"]
    assert all(each.proto.alt for each in app.get("plotly_chart"))


@pytest.mark.parametrize("chosen", ["", "5"])
def test_fewer_than_two_units_is_answered_with_what_to_do(store: Shelf, open_page: Open, chosen: str) -> None:
    app = open_page("compare", units=chosen)
    assert not app.exception
    assert "请在上面选择2至6个单位" in shown(app)


def test_districts_are_compared_when_nobody_chose(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", lang="en")
    assert not app.exception
    assert app.multiselect(key="pick_units").value == [store.ids["east"], store.ids["west"]]


def test_an_empty_store_says_what_to_do(empty_store: object, open_page: Open) -> None:
    assert "请先上报一份工作报告" in shown(open_page("compare"))


def test_what_a_school_cannot_have_is_not_called_unreported(store: Shelf, open_page: Open) -> None:
    """A check of primary schools says nothing of a junior school; a primary school without it has not reported."""
    first, second = CELL.split(row(open_page("compare", units=both(store, "p3", "j1")), "预防接种证查验率"))[1:]
    assert "75.0%" in first
    assert second.startswith("不适用")


def test_a_unit_named_twice_stands_once(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", units=both(store, "p1", "p1", "p3"))
    assert not app.exception
    assert row(app, "预防接种证查验率").count("<td ") == 2


def test_few_units_of_a_kind_make_no_funnel(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", part="detail", indicator="vac_cert_check_rate", units=both(store, "p1", "p3"))
    assert len(app.get("plotly_chart")) == 2


def test_schools_alike_are_offered_with_their_reasons(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", units=both(store, "p1", "p3"), like=store.ids["p3"])
    app.session_state["open_alike"] = True
    app.run()
    assert not app.exception
    html = "\n".join(each.value for each in app.get("html"))
    own = html.split(">石岭中心小学（")[1].split("</tr>")[0]
    assert "本校" in own
    assert "相近程度" in html
    assert "湾口小学" in html


def test_counts_are_listed_on_request(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", units=both(store, "p1", "p3"))
    assert not app.toggle  # the size of a unit is always there, and there is no other count
    assert "920人" in row(app, "在校生数")


def test_the_spine_shows_the_units_between_worst_and_best(store: Shelf, open_page: Open) -> None:
    app = open_page("compare", part="spine", units=both(store, "p1", "p3"), range="city")
    assert not app.exception
    assert "同类单位不足4个" in shown(app)  # three primary schools have values


def test_a_district_is_measured_against_the_city_and_has_no_peers(store: Shelf, open_page: Open) -> None:
    second = CELL.split(row(open_page("compare", units=both(store, "east", "west")), "预防接种证查验率"))[2]
    assert "✗ 差于岚川市" in second
    assert "同类学校" not in second
