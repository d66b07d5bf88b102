"""A reader of very many schools sees districts first; their schools are offered once a district is chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import data, wide
from tests.pages.conftest import Shelf, shown

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def two_schools_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wide, "MOST", 2)
    data.forget()


def test_the_overview_lists_districts_and_says_why(store: Shelf, open_page: Open) -> None:
    app = open_page("overview")
    assert not app.exception
    words = shown(app)
    assert "学校超过2所，这里不逐校列出" in words
    assert "石岭中心小学" not in words
    [buttons] = [each for each in app.get("button_group") if each.key == "pick_kind"]
    assert [option.content for option in buttons.proto.options] == ["区县", "乡镇街道"]  # there are two towns


def test_who_has_reported_is_told_by_district_beside_a_year_before(store: Shelf, open_page: Open) -> None:
    app = open_page("overview", missing="vac_cert_check_rate")
    assert not app.exception
    assert any("已报3所，上年同期4所，少报**1**所" in each.value for each in app.markdown)


@pytest.mark.parametrize(("page", "key"), [("trends", "units"), ("compare", "units"), ("school", "unit")])
def test_schools_of_one_district_are_offered(store: Shelf, open_page: Open, page: str, key: str) -> None:
    app = open_page(page, **{key: store.ids["p3"]})
    assert not app.exception
    area = app.selectbox(key=f"pick_{key}_area")
    offered = (app.multiselect if key == "units" else app.selectbox)(key=f"pick_{key}").options
    assert area.value in data.above(store.ids["p3"])
    assert any("石岭中心小学" in each for each in offered)
    county = data.above(store.ids["p3"])
    elsewhere = [
        name for name, unit_id in store.ids.items()
        if data.unit(unit_id).kind == "school" and not set(county[:2]) <= set(data.above(unit_id))
    ]  # fmt: skip
    assert not any(data.name(store.ids[each]) in option for each in elsewhere for option in offered)


def test_a_school_of_another_district_that_the_address_names_stays(store: Shelf, open_page: Open) -> None:
    ids = [store.ids["p1"], store.ids["p3"]]
    app = open_page("compare", units=",".join(map(str, ids)))
    assert not app.exception
    assert list(app.multiselect(key="pick_units").value) == ids


def test_few_schools_are_offered_all(store: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wide, "MOST", 1500)
    data.forget()
    app = open_page("school", unit=store.ids["p3"])
    assert [each for each in app.selectbox if each.key == "pick_unit_area"] == []
