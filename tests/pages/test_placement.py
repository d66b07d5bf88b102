"""The grid of status and change: every unit in one cell by name, every cell with its word."""

from __future__ import annotations

import pandas as pd
import pytest

from db.catalogue import load_catalogue
from pages.analysis import grid
from pages.ui import data
from pages.ui.measures import Series
from pages.ui.placement import Placed, change_bounds, grid_html, status_bounds, with_change

RATE = load_catalogue().indicator("vac_cert_check_rate")
CUTS = grid.Cuts((90.0, 95.0, 98.0, 99.0), 0.5, 2.0, "higher")


def test_the_bounds_are_said_in_words() -> None:
    assert [status_bounds(CUTS, n, RATE) for n in (0, 2, 4)] == ["90%及以下", "高于95%，至98%", "高于99%"]
    lower = grid.Cuts((1.0, 2.0, 5.0, 9.0), 0.5, 2.0, "lower")
    assert [status_bounds(lower, n, RATE) for n in (0, 4)] == ["高于9%", "1%及以下"]
    assert status_bounds(grid.Cuts((90.0, 95.0, 95.0, 99.0), 0.5, 2.0, "higher"), 2, RATE) == "界限与相邻一档相同"


@pytest.mark.parametrize(("polarity", "better", "worse"), [("higher", "上升", "下降"), ("lower", "下降", "上升")])
def test_better_is_up_or_down(polarity: str, better: str, worse: str) -> None:
    cuts = grid.Cuts((1.0, 2.0, 5.0, 9.0), 0.5, 2.0, polarity)  # type: ignore[arg-type]
    said = [change_bounds(cuts, n, 1) for n in range(5)]
    assert said == [f"{worse}2个百分点以上", f"{worse}0.5个百分点以上", "升降不到0.5个百分点",
                    f"{better}0.5个百分点以上", f"{better}2个百分点以上"]  # fmt: skip


def test_a_unit_stands_in_its_cell_and_the_cell_says_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "name", lambda unit: {4: "临江<区>", 9: "云岭县"}[unit])
    monkeypatch.setattr(data, "above", lambda unit: [1, unit])
    units = pd.DataFrame({"value": [99.5, 80.0], "change": [-3.0, 0.0], "denominator": [400.0, 400.0]}, index=[4, 9])
    found = Placed(units.join(grid.place(units, CUTS)), CUTS, "SY2021", "SY2025")
    html = grid_html(found, Series(RATE, "level=ALL", ["SY2025"])).split("</style>")[-1]
    assert '<td class="yellow"><b>留意</b><a href="./trends?units=4%2C1' in html
    assert "临江&lt;区&gt;" in html
    assert '<td class="red"><b>重点督办</b><a' in html
    assert html.count("<td") == 25


def test_the_change_is_against_the_comparable_period() -> None:
    cells = pd.DataFrame(
        [(1, "SY2024-T1", 90.0), (1, "SY2024-T2", 70.0), (1, "SY2025-T1", 92.0), (2, "SY2025-T1", 80.0)],
        columns=["org_unit_id", "period", "value"],
    )
    assert with_change(cells)["change"].fillna(-99).tolist() == [-99, -99, 2.0, -99]
