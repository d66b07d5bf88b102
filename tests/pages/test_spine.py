"""The spine: one scale for every indicator, the group's range and middle half, units filled where beyond chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pages.analysis.rag import against
from pages.analysis.spine import spine
from pages.charts.spine import Mark, SpineRow, SpineWords, spine_chart
from pages.ui import benchmarks

WORDS = SpineWords("较差", "较好", "全市", "全部范围", "中间一半", "目标", {1: "甲校", 2: "<乙校>"})


def test_the_farther_end_is_one_and_better_is_right() -> None:
    scale = spine([80, 90, 92, 94, 100], 92, higher_is_better=True)
    assert scale is not None
    assert (scale.worst, scale.best) == (-1.0, pytest.approx(8 / 12))
    assert (scale.q1, scale.q3) == (pytest.approx(-2 / 12), pytest.approx(2 / 12))
    assert scale.place(86) == -0.5


def test_where_low_is_good_the_scale_is_turned() -> None:
    scale = spine([0.0, 0.1, 0.5], 0.1, higher_is_better=False)
    assert scale is not None
    assert (scale.worst, scale.best) == (pytest.approx(-1), pytest.approx(0.25))


@pytest.mark.parametrize("values", [[], [95.0, 95.0], [np.nan]])
def test_a_group_without_range_has_no_scale(values: list[float]) -> None:
    assert spine(values, 95.0, higher_is_better=True) is None


def test_units_targets_and_bands_stand_on_their_rows() -> None:
    scale = spine([80, 90, 100], 90, higher_is_better=True)
    assert scale is not None
    marks = [Mark(1, 80, "80.0%", True), Mark(2, 95, "95.0%", False)]
    rows = [
        SpineRow("预防接种证查验率（小学）", scale, "80.0%", "100.0%", "全市 90.0%", (95.0, "95%"), marks),
        SpineRow("Dropout rate", scale, "80.0%", "100.0%", "90.0%", (300.0, "300%"), marks[:1]),
    ]
    figure = spine_chart(rows, WORDS)
    one, two, *_, targets = figure.data
    assert (list(one.x), list(one.marker.symbol)) == ([-1, -1], ["circle", "circle"])
    assert (list(two.x), list(two.marker.symbol), two.name) == ([0.5], ["square-open"], "&lt;乙校&gt;")
    assert one.y[0] != two.y[0]  # side by side, so that none hides the other
    assert list(targets.x) == [0.5]  # the far one is not drawn
    assert list(figure.layout.yaxis.ticktext) == ["预防接种证查验率<br>（小学）", "Dropout rate"]
    assert [list(each.text) for each in figure.data if getattr(each, "mode", "") == "text"] == [
        ["80.0%"] * 2,
        ["100.0%"] * 2,
    ]


@pytest.mark.parametrize(
    ("low", "high", "benchmark", "direction", "found"),
    [
        (91.92, 96.95, 90, "higher", "better"), (91.92, 96.95, 97, "higher", "worse"),
        (91.92, 96.95, 95, "higher", "similar"), (91.92, 96.95, 91.92, "lower", "similar"),
        (0.1, 0.3, 0.5, "lower", "better"), (0.1, 0.3, 0.05, "lower", "worse"),
        (10, 20, 5, "neutral", "higher"), (10, 20, 25, "neutral", "lower"),
        (np.nan, np.nan, 5, "higher", "unknown"), (10, 20, np.nan, "higher", "unknown"),
    ],
)  # fmt: skip
def test_an_interval_against_another_value(
    low: float, high: float, benchmark: float, direction: str, found: str
) -> None:
    assert against(low, high, benchmark, direction) == found


def test_schools_alike_are_one_value_from_their_counts() -> None:
    columns = ["org_unit_id", "period", "value", "numerator", "denominator"]
    rows = pd.DataFrame(
        [(1, "SY2025", 90.0, 90, 100), (2, "SY2025", 50.0, 150, 300), (3, "SY2025", 0.0, 0, 9)], columns=columns
    )
    found = benchmarks.of_peers(rows.to_dict("records"), [1, 2, 8], ("vac_cert_check_rate", "level=PRI"))
    assert found is not None
    assert (found["value"], found["n_units"]) == (60.0, 2)
    assert benchmarks.of_peers([], [1], ("vac_cert_check_rate", "level=PRI")) is None
