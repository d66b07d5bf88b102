"""How even the schools are: 差异系数 by phase, best and worst, areas in words."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from db.catalogue import load_catalogue
from pages.ui import evenness
from tests.pages.conftest import Shelf, shown
from tests.pages.test_districts import table

Open = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("code", "found"), [("pupil_teacher_ratio", True), ("average_class_size", False), ("dropout_rate", False)]
)
def test_only_what_pupils_share_has_a_coefficient(code: str, found: bool) -> None:
    assert evenness.shares_resources(load_catalogue().indicator(code)) is found


def test_the_coefficient_is_that_of_teachers_per_pupil_with_its_limit() -> None:
    rows = pd.DataFrame({"numerator": [100.0, 100.0, 40.0], "denominator": [15.0, 5.0, 1.0]})
    cell = evenness._coefficient(rows, "PRI")
    assert (cell.text, cell.state) == ("0.500", "met")  # 0.15 and 0.05 around 0.10; the school of 40 is left out
    assert evenness._coefficient(rows, "JUN").state == "missed"
    assert evenness._coefficient(rows.head(1), "JUN").text == "—"


def test_areas_are_pooled_and_told_apart_beyond_chance(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", view="balance", indicator="vac_cert_check_rate", dims="level=ALL", at="SY2024")
    assert not app.exception
    assert "城区100.0%、镇区90.3%、乡村100.0%" in shown(app).replace("\\", "")
    assert "城区学校比镇区学校高9.7个百分点，差距超出偶然波动" in shown(app).replace("\\", "")
    rows = {row[0]: row[1:] for row in table(app)}
    assert rows["城区"][1].split() == ["100.0%", "360", "/", "360", "2所学校"]
    assert rows["全部学校"][1].startswith("95.8%")
    assert all(each.proto.alt for each in app.get("plotly_chart"))


def test_highest_and_lowest_name_their_schools(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", view="balance", indicator="vac_cert_check_rate", dims="level=ALL", at="SY2024")
    rows = {row[0]: row[1:] for row in table(app, 1)}
    assert rows["西坪县"] == ["2", "100.0% 青崖小学", "90.3% 石岭中心小学", "9.7个百分点", "1 / 2所"]
    assert rows["东渡区"][1] == "100.0% 渡头小学等2所"


def test_the_schools_behind_the_areas_are_listed_on_request(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", view="balance", indicator="vac_cert_check_rate", dims="level=ALL", at="SY2024")
    app.session_state["open_area"] = True
    app.run()
    assert not app.exception
    assert [row[:2] for row in table(app, 1)[1:]] == [
        ["湾口小学", "城区"], ["渡头小学", "城区"], ["石岭中心小学", "镇区"], ["青崖小学", "乡村"],
    ]  # fmt: skip


def test_a_unit_without_schools_in_one_value_says_so(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", view="balance", indicator="retention_rate", within=store.ids["city"])
    assert not app.exception
    assert "没有学校报过这项数据" in shown(app)
