"""Charts for paper: every value is drawn, a gap stays a gap, names are text, a missing font is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.charts.trend import TrendWords
from pages.charts.trend_print import trend_spec
from pages.exports.picture import Picture, as_png, as_svg, chinese_font, wrapped
from pages.text import words as words_of
from pages.ui import downloads
from tests.pages.conftest import Shelf

WORDS = TrendWords("%", "目标", {"a": "2022年", "b": "2023年", "c": "2024年"}, {1: "甲校<script>", 2: "乙校"})
FRAME = pd.DataFrame(
    {
        "org_unit_id": [1, 1, 1, 2, 2],
        "period": ["a", "b", "c", "a", "c"],
        "value": [97.0, None, 95.5, 90.0, 91.0],
        "lower": [96.0, None, 94.0, 88.0, 89.0],
        "upper": [98.0, None, 96.5, 92.0, 93.0],
        "method": ["reported", "derived", "derived", "derived", "derived"],
    }
)


def picture() -> Picture:
    spec = trend_spec(FRAME, WORDS, targets={"a": 95, "b": 95, "c": 96}, breaks={"b": "并入"}, interval=True)
    return Picture(spec, "查验率", "百分比,2022年至2024年", ("来源:台账", "数据版本7"))


def test_every_unit_and_period_has_a_row_so_that_a_gap_breaks_the_line() -> None:
    line = next(each for each in trend_spec(FRAME, WORDS)["layer"] if each["mark"]["type"] == "line")
    values = [(row["unit"], row["value"]) for row in line["data"]["values"]]
    assert values == [("1. 甲校<script>", 97.0), ("1. 甲校<script>", None), ("1. 甲校<script>", 95.5),
                      ("2. 乙校", 90.0), ("2. 乙校", None), ("2. 乙校", 91.0)]  # fmt: skip


def test_the_svg_holds_title_unit_source_and_version_and_no_markup_of_a_name() -> None:
    drawn = as_svg(picture()).decode()
    for text in ("查验率", "百分比,2022年至2024年", "来源:台账", "数据版本7", "并入", "2. 乙校", "目标"):
        assert f">{text}</text>" in drawn or f">{text}</tspan>" in drawn, text
    assert "<script" not in drawn
    assert "&lt;script" in drawn


def test_the_png_is_a_picture_with_something_on_it() -> None:
    drawn = Image.open(io.BytesIO(as_png(picture())))
    assert drawn.width > 1500
    assert len(drawn.convert("RGB").getcolors(1 << 24) or []) > 20


def test_a_chinese_font_is_found_by_its_file(tmp_path: Path) -> None:
    assert chinese_font([tmp_path, tmp_path / "absent"]) is None
    (tmp_path / "DejaVuSans.ttf").touch()
    assert chinese_font([tmp_path]) is None
    (tmp_path / "simhei.ttf").touch()
    assert chinese_font([tmp_path]) == "SimHei"


def test_long_notes_are_broken_and_lose_nothing() -> None:
    assert wrapped("甲" * 130) == ["甲" * 62, "甲" * 62, "甲" * 6]


@pytest.mark.parametrize(("font", "kinds"), [("SimHei", {"PNG 图片", "SVG 矢量图"}), (None, {"SVG 矢量图"})])
def test_trends_offers_pictures_and_says_when_no_font_is_there(
    store: Shelf, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, font: str | None, kinds: set[str]
) -> None:
    monkeypatch.setattr(downloads, "installed_font", lambda: font)
    app = open_page("trends", indicator="vac_cert_check_rate", units=store.ids["p3"])
    assert not app.exception
    labels = {each.proto.label for each in app.get("download_button")}
    assert labels & {"PNG 图片", "SVG 矢量图"} == kinds
    sentence = words_of("zh")["save.no_font"]
    assert (sentence in {each.value for each in app.caption}) is (font is None)
