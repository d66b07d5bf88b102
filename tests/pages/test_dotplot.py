"""The dot plot: a dot per unit, an interval where there is one, the state as shape and word."""

from __future__ import annotations

import math

import pandas as pd

from pages.charts.dotplot import DotWords, dotplot

WORDS = DotWords(
    axis="%", target="目标 ≥95%", units={1: "甲校", 2: "乙校", 3: "丙校"},
    states={"met": "达标", "near": "接近目标", "missed": "未达标", "not_compared": "不作比较"},
)  # fmt: skip
FRAME = pd.DataFrame(
    {
        "org_unit_id": [1, 2, 3],
        "value": [96.0, 80.0, math.nan],
        "lower": [93.0, math.nan, math.nan],
        "upper": [98.0, math.nan, math.nan],
        "state": ["met", "not_compared", "not_compared"],
        "text": ["96.0%", "80.0%", "—"],
    }
)


def test_one_trace_per_state_with_its_own_shape() -> None:
    figure = dotplot(FRAME, WORDS, target=95.0)
    assert [(each.name, each.marker.symbol) for each in figure.data] == [
        ("达标", "circle"),
        ("不作比较", "circle-open"),
    ]
    assert list(figure.data[0].x) == [96.0]
    assert list(figure.data[1].y) == ["乙校"]


def test_the_interval_is_drawn_from_the_value_and_a_missing_one_is_not() -> None:
    met, stated = dotplot(FRAME, WORDS).data
    assert (list(met.error_x.array), list(met.error_x.arrayminus)) == ([2.0], [3.0])
    assert list(stated.error_x.array) == [None]


def test_a_unit_without_a_value_keeps_its_row() -> None:
    assert list(dotplot(FRAME, WORDS).layout.yaxis.categoryarray) == ["丙校", "乙校", "甲校"]


def test_the_target_is_a_line_with_its_words() -> None:
    figure = dotplot(FRAME, WORDS, target=95.0)
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 95.0
    assert figure.layout.annotations[0].text == "目标 ≥95%"
    assert not dotplot(FRAME, WORDS).layout.shapes


def test_a_name_is_never_read_as_markup() -> None:
    words = DotWords("%", "", {1: "<b>甲</b>", 2: "乙校", 3: "丙校"}, WORDS.states)
    figure = dotplot(FRAME, words)
    assert figure.layout.yaxis.categoryarray[-1] == figure.data[0].y[0] == "&lt;b&gt;甲&lt;/b&gt;"
