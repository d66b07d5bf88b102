"""Small charts of many units on one scale: what is drawn, in which order, and what the page says of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.charts.small import HEIGHT, Scale, course
from tests.pages.conftest import Shelf, shown

Open = Callable[..., AppTest]


def drawing(image: str) -> str:
    return base64.b64decode(re.search(r"base64,([^\"]+)", image)[1]).decode()  # type: ignore[index]


def test_a_gap_parts_the_line_and_a_stated_value_is_hollow() -> None:
    svg = drawing(course([1.0, 2.0, None, 4.0], [False, True, False, False], Scale(0.0, 4.0), "甲"))
    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 3
    assert svg.count('fill="none" stroke="#2F86D6" stroke-width="1.6"') == 1


def test_the_unit_above_and_the_target_stand_behind() -> None:
    svg = drawing(course([1.0, 2.0], [False, False], Scale(0.0, 4.0), "甲", whole=[3.0, 3.0], target=[4.0, None]))
    assert svg.count("<polyline") == 3
    assert svg.index("stroke-dasharray") < svg.index("#2F86D6")


def test_the_scale_is_that_of_everything_drawn() -> None:
    scale = Scale.over([1.0, None], [5.0], [])
    assert (scale.low, scale.high) == (1.0, 5.0)
    assert scale.y(5.0) < scale.y(1.0) < HEIGHT
    assert Scale(2.0, 2.0).y(2.0) == HEIGHT / 2
    with pytest.raises(ValueError):
        Scale.over([None], [])


def test_what_is_read_aloud_is_escaped() -> None:
    assert 'alt="&lt;b&gt;&quot;"' in course([1.0, 2.0], [False, False], Scale(1.0, 2.0), '<b>"')


def tiles(app: AppTest) -> list[tuple[str, float]]:
    """The names over the small charts with the newest values, in their order."""
    [page] = [each.proto.body for each in app.get("html") if "<ul" in each.proto.body]
    found = re.findall(r'<li><a href="[^"]*" title="([^"]*)".*?<b>([\d.]+)%</b>', page, re.DOTALL)
    return [(name, float(value)) for name, value in found]


def test_the_schools_of_a_unit_are_drawn_the_worst_first(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=PRI", units=store.ids["city"], drawn="schools")  # fmt: skip
    assert not app.exception
    assert app.get("plotly_chart") == []
    values = [value for _, value in tiles(app)]
    assert len(set(values)) > 1
    assert values == sorted(values)  # the higher the better
    assert "由差到好" in shown(app)


def test_the_units_chosen_each_have_a_chart(store: Shelf, open_page: Open) -> None:
    ids = store.ids
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=PRI", units=f"{ids['p4']},{ids['p3']}", drawn="apart")  # fmt: skip
    assert tiles(app) == [("石岭中心小学", 75.0), ("青崖小学", 100.0)]


def test_a_school_has_no_units_below(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=PRI", units=store.ids["p3"], drawn="schools")
    assert not app.exception
    assert "石岭中心小学没有下级单位" in shown(app)
