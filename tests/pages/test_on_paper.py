"""Charts on paper: the same values, signs and lines as on the screen, with title, source and version around them."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

from pages.analysis.shapes import Shape
from pages.analysis.width import text_width, wrapped
from pages.charts import districtmap, multiples, on_paper
from pages.charts.dotplot import DotWords, dotplot
from pages.charts.funnel import FunnelWords, funnel
from pages.charts.trend import TrendWords, trend
from pages.exports import fonts, picture

LOOK = on_paper.Look("sans-serif", "#1C2733", "#5C6B7A", ("#0072B2", "#E69F00", "#009E73"))
CAPTION = on_paper.Caption("查验率", "单位：% · 2023-2024学年至2025-2026学年", ("来源：《学年统计.csv》", "数据版本12"))
WORDS = TrendWords("单位：%", "目标", {"SY2023": "2023-24", "SY2024": "2024-25 秋"}, {4: "临江<区>", 9: "云岭县"})
FRAME = pd.DataFrame(
    [
        (4, "SY2023", 95.0, "computed", "95.0%", 94.0, 96.0),
        (4, "SY2024", 97.0, "reported", "97.0%", np.nan, np.nan),
        (9, "SY2024", 0.0, "summed", "0%", 0.0, 1.0),
    ],
    columns=["org_unit_id", "period", "value", "method", "text", "lower", "upper"],
)


def layers(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return list(spec["vconcat"][0]["layer"])


def of_mark(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in layers(spec) if each["mark"]["type"] == kind]


def paper(figure: go.Figure) -> dict[str, Any]:
    return on_paper.spec(figure.to_plotly_json(), CAPTION, LOOK)


def texts(spec: Any) -> Iterator[str]:
    if isinstance(spec, dict):
        for value in spec.values():
            yield from texts(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from texts(value)
    elif isinstance(spec, str):
        yield spec


def test_a_line_has_the_values_of_the_screen_and_a_gap_stays_a_gap() -> None:
    figure = trend(FRAME, WORDS)
    drawn = of_mark(paper(figure), "line")
    assert [[row["y"] for row in each["data"]["values"]] for each in drawn] == [list(trace.y) for trace in figure.data]
    assert drawn[1]["data"]["values"][0]["y"] is None
    assert all(each["mark"]["invalid"].startswith("break-paths") for each in drawn)


def test_a_stated_value_is_hollow_and_colours_are_those_of_the_place() -> None:
    points = of_mark(paper(trend(FRAME, WORDS)), "point")
    found = {(each["data"]["values"][0]["y"], each["mark"]["fill"], each["mark"]["stroke"]) for each in points}
    assert found == {(95.0, "#0072B2", "#0072B2"), (97.0, "white", "#0072B2"), (0.0, "#E69F00", "#E69F00")}


def test_targets_breaks_and_notes_are_drawn() -> None:
    figure = trend(FRAME, WORDS, targets={"SY2024": 96.0}, breaks={"SY2024": "撤并"}, marks={(4, "SY2024"): "批注1"})
    spec = paper(figure)
    assert {"撤并", "批注1", "目标"} <= set(texts(spec))
    assert [each["data"]["values"][0]["x"] for each in of_mark(spec, "rule")] == ["2024-25\n秋"]
    assert any(each["mark"].get("interpolate") == "step-after" for each in of_mark(spec, "line"))


def test_intervals_are_drawn_from_end_to_end() -> None:
    rules = of_mark(paper(trend(FRAME, WORDS, interval=True)), "rule")
    assert [(row["low"], row["high"]) for each in rules for row in each["data"]["values"]] == [(94.0, 96.0), (0.0, 1.0)]


def test_a_name_is_written_as_it_is() -> None:
    assert "临江<区>" in set(texts(paper(trend(FRAME, WORDS))))
    words = DotWords(
        "单位：%", "目标 94%", {1: "甲<b>校", 2: "乙校"}, {"met": "达到", "near": "", "missed": "", "not_compared": ""}
    )
    rows = pd.DataFrame(
        [(1, 95.0, 94.0, 96.0, "met", "95%")], columns=["org_unit_id", "value", "lower", "upper", "state", "text"]
    )
    spec = paper(dotplot(rows, words, target=94.0))
    assert spec["vconcat"][0]["encoding"]["y"]["scale"]["domain"] == ["甲<b>校", "乙校"]
    assert "目标 94%" in set(texts(spec))


def test_an_axis_does_not_go_below_nought_nor_beyond_a_hundred() -> None:
    domain = paper(trend(FRAME, WORDS))["vconcat"][0]["encoding"]["y"]["scale"]["domain"]
    assert domain == [0.0, 100.0]


def test_a_funnel_keeps_its_logarithmic_axis_and_its_titles() -> None:
    rows = pd.DataFrame({"org_unit_id": range(9), "name": ["校"] * 9, "value": np.linspace(90, 99, 9), "denominator": np.arange(50, 950, 100), "text": ["a"] * 9})  # fmt: skip
    words = FunnelWords("应查验人数", "单位：%", "全市", "95%界限", "99.8%界限", "其他", {3: "石岭小学"})
    encoding = paper(funnel(rows, 0.95, words))["vconcat"][0]["encoding"]
    assert encoding["x"]["scale"]["type"] == "log"
    assert (encoding["x"]["axis"]["title"], encoding["y"]["axis"]["title"]) == ("应查验人数", "单位：%")


def test_a_map_is_shapes_of_the_colours_of_their_states() -> None:
    shapes = {1: Shape((), (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)),))}
    words = districtmap.MapWords({1: "东渡区"}, dict.fromkeys(districtmap.STATES, "达到"))
    rows = pd.DataFrame([(1, "95% ✓", "", "met")], columns=["org_unit_id", "text", "detail", "state"])
    colours = dict.fromkeys(districtmap.STATES, "#CFE3F5")
    spec = paper(districtmap.district_map(rows, shapes, words, colours, "#111111"))
    [area, label] = spec["vconcat"][0]["layer"]
    assert area["data"]["values"][0]["properties"]["fill"] == "#CFE3F5"
    assert label["data"]["values"][0]["text"] == "东渡区\n95% ✓"


def test_lines_are_wrapped_at_signs_and_words() -> None:
    line = "来源：《学年统计.csv》等3份文件，共120条记录。率由分子之和除以分母之和计算。"
    parts = wrapped(line, 20)
    assert "".join(parts) == line
    assert all(text_width(each) <= 22 for each in parts)
    assert not any(each[0] in "，。》" for each in parts)
    assert any("csv" in each for each in parts)


@pytest.mark.skipif(not fonts.chinese(), reason="no Chinese font on this machine: apt-get install fonts-noto-cjk")
def test_the_pictures_come_out_with_every_word_in_them() -> None:
    panels = [multiples.Panel(f"指标{n}", "95%", ["2023-24", "2024-25"], [90.0, None], 95.0) for n in range(5)]
    look = on_paper.Look(f"'{fonts.chinese()[0]}'", LOOK.ink, LOOK.muted, LOOK.colours)
    specs = [on_paper.spec(trend(FRAME, WORDS).to_plotly_json(), CAPTION, look), on_paper.framed(multiples.plots(panels, look), CAPTION, look)]  # fmt: skip
    pngs = [Image.open(io.BytesIO(each)) for each in picture.drawn(specs, "png")]
    assert all(each.format == "PNG" and each.width > 1200 for each in pngs)
    for content in picture.drawn(specs, "svg"):
        said = "".join(ET.fromstring(content.decode()).itertext())
        assert {"查验率", "数据版本12"} <= set(re.findall(r"查验率|数据版本12", said))


def test_a_chart_that_cannot_be_drawn_says_so() -> None:
    with pytest.raises(picture.NotDrawn):
        picture.drawn([{"mark": "no such mark"}], "png")


def test_nothing_is_fetched_from_the_network() -> None:
    spec = {"data": {"url": "https://example.org/data.csv"}, "mark": "point", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(picture.NotDrawn, match="example"):
        picture.drawn([spec], "svg")


def test_a_folder_without_fonts_has_no_chinese(tmp_path: Any) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert fonts.families([tmp_path, tmp_path / "absent"]) == ()
    assert fonts.first(fonts.SANS, ()) is None
