"""Why a value changed, on the page: one sentence whose numbers add up, and the parts with their proofs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Shelf, shown
from tests.pages.test_districts import table

Open = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return shown(app).replace("\\", "")


def open_change(open_page: Open, **more: object) -> AppTest:
    app = open_page("districts", view="change", indicator="vac_cert_check_rate", dims="level=ALL", **more)
    assert not app.exception
    return app


def test_the_change_is_said_in_one_sentence_that_adds_up(store: Shelf, open_page: Open) -> None:
    """2024-25: 680 of 710, a year before 690 of 690; only 石岭镇 fell."""
    app = open_change(open_page, to="SY2024")
    assert (
        "岚川市预防接种证查验率由2023-2024学年的100.0%降到2024-2025学年的95.8%，下降4.23个百分点："
        "各部分自身的变化使其下降4.23个百分点，各部分占比的变化没有影响。影响最大的是西坪县（-4.22个百分点）。"
    ) in said(app)
    rows = {row[0]: row[1:] for row in table(app)}
    assert rows["西坪县"][:2] == ["100.0% 340 / 340", "91.4% 320 / 350"]
    assert rows["合计"][3:] == ["-4.23", "0.00", "-4.23"]


def test_a_part_with_one_period_only_says_so(store: Shelf, open_page: Open) -> None:
    app = open_change(open_page, by="schools", within=store.ids["hill"])
    rows = {row[0]: row[1:] for row in table(app)}
    assert rows["青崖小学 后期没有可用的数"][1] == "—"
    html = app.get("html")[0].value
    assert f"./evidence?unit={store.ids['p3']}&amp;indicator=vac_cert_check_rate&amp;period=SY2025" in html


def test_areas_can_be_the_parts(store: Shelf, open_page: Open) -> None:
    app = open_change(open_page, by="area", to="SY2024")
    assert {row[0] for row in table(app)} == {"组成部分", "城区", "镇区", "乡村", "合计"}


@pytest.mark.parametrize(
    ("indicator", "words"), [("enrollment", "本指标是数量"), ("retention_rate", "只有一个时期有数据")]
)
def test_what_cannot_be_taken_apart_says_why(store: Shelf, open_page: Open, indicator: str, words: str) -> None:
    app = open_page("districts", view="change", indicator=indicator, within=store.ids["city"])
    assert not app.exception
    assert words in said(app)
