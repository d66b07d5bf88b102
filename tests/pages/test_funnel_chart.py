"""The funnel: limits around the whole, the chosen units named, the others there but quiet; and the words beside it."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.charts.funnel import FunnelWords, funnel
from pages.ui import group

WORDS = FunnelWords("人数", "%", "合计 90.0%", "95%界限", "99.8%界限", "其他单位", {2: "乙校", 9: "无数校"})
FRAME = pd.DataFrame(
    {
        "org_unit_id": [1, 2, 3],
        "name": ["甲校", "乙校", "<b>丙校</b>"],
        "value": [90.0, 70.0, 95.0],
        "numerator": [36.0, 280.0, 95.0],
        "denominator": [40.0, 400.0, 100.0],
        "text": ["90.0%", "70.0%", "95.0%"],
    }
)


def test_the_chosen_stand_in_front_and_the_others_behind() -> None:
    figure = funnel(FRAME, 0.9, WORDS)
    assert [each.name for each in figure.data] == [
        "乙校", "无数校", "99.8%界限", "99.8%界限", "95%界限", "95%界限", "合计 90.0%", "其他单位",
    ]  # fmt: skip
    chosen, nobody, others = figure.data[0], figure.data[1], figure.data[-1]
    assert (list(chosen.x), list(chosen.y), chosen.zorder) == ([400.0], [70.0], 2)
    assert list(nobody.x) == []
    assert others.customdata[1][0] == "&lt;b&gt;丙校&lt;/b&gt;"


def test_the_limits_close_in_on_the_whole_and_stay_within_0_and_100() -> None:
    lower, upper = funnel(FRAME, 0.9, WORDS).data[2:4]
    assert lower.y[0] < lower.y[-1] < 90 < upper.y[-1] <= upper.y[0] <= 100


@pytest.mark.parametrize(("unit_id", "key"), [(2, "low_998"), (1, "inside")])
def test_where_a_chosen_unit_stands_is_said(unit_id: int, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "say", lambda name, **values: f"{name} {values}")
    monkeypatch.setattr(group.profile, "listed", "、".join)
    said = group.outside(FRAME, 0.9, {unit_id: "选中"})
    assert f"group.{key} {{'units': '选中'}}" in said
    assert ("group.far" in said) == (unit_id != 2)  # 乙校 is named as one that was not chosen
