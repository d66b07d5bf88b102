"""Every page with charts offers them as PNG and SVG: made when asked for, with source and version, in the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.exports import fonts
from pages.ui import data, measures, pictures
from tests.pages.conftest import Shelf

Open = Callable[..., AppTest]
CHARTED = [
    ("overview", {}), ("trends", {}), ("districts", {}), ("districts", {"view": "balance"}),
    ("compare", {"part": "detail"}), ("school", {}),
]  # fmt: skip


def labels(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.get("download_button")]


@pytest.mark.parametrize(("page", "address"), CHARTED)
def test_a_page_with_charts_offers_them_as_pictures(store: Shelf, open_page: Open, page: str, address: dict[str, str],
                                                    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(fonts, "chinese", lambda: ("Noto Sans CJK SC",))
    if address.get("part") == "detail":
        address = {**address, "units": f"{store.ids['p1']},{store.ids['p3']}", "indicator": "vac_cert_check_rate"}
    if address.get("view") == "balance":
        address = {**address, "indicator": "vac_cert_check_rate", "dims": "level=PRI"}
    app = open_page(page, **address)
    assert not app.exception
    held = labels(app)
    assert any("PNG" in each for each in held)
    assert any("SVG" in each for each in held)


def test_without_a_chinese_font_a_sentence_says_what_to_do(
    store: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "chinese", lambda: ())
    app = open_page("trends")
    assert not any("PNG" in each for each in labels(app))
    assert any("SVG" in each for each in labels(app))
    assert any("没有中文字体" in each.value for each in app.caption)


def test_a_picture_says_unit_period_source_and_version(store: Shelf) -> None:
    cells = data.cells(["vac_cert_check_rate"], [store.ids["west"]], None, ["level=PRI"])
    drawn: dict[str, object] = {}

    def draw(caption: object, look: object) -> dict[str, object]:
        drawn["caption"] = caption
        return {}

    title = "查验率"
    pictures.spec(pictures.Picture(title, "", measures.judged(cells), draw))
    caption = drawn["caption"]
    assert (caption.title, caption.under) == (title, "2023-2024学年至2025-2026学年")  # type: ignore[attr-defined]
    source, version = caption.foot  # type: ignore[attr-defined]
    assert source == "来源：《学年统计.csv》，共1份文件、5条记录。"
    assert version.startswith(f"数据版本{data.revision()}，")
