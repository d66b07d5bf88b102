"""A course as small as a word: gaps stay gaps, the label is told, what would not draw is left out."""

from __future__ import annotations

from base64 import b64decode

import pytest

from pages.charts.layout import LINE
from pages.charts.sparkline import TILE, sparkline


def drawn(html: str) -> str:
    return b64decode(html.split("base64,")[1].rstrip('">')).decode()


def test_the_course_rises_from_left_to_right_and_ends_in_a_dot() -> None:
    svg = drawn(sparkline([10.0, 20.0, 30.0], "三年"))
    points = [tuple(map(float, each.split(","))) for each in svg.split('points="')[1].split('"')[0].split()]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)
    assert svg.count("<circle") == 2


def test_a_gap_breaks_the_line() -> None:
    assert drawn(sparkline([1.0, 2.0, None, 4.0, 3.0], "")).count("<polyline") == 2


def test_equal_values_are_a_level_line_in_the_middle() -> None:
    assert ",8.0" in drawn(sparkline([5.0, 5.0], ""))


@pytest.mark.parametrize("values", [[], [3.0], [None, 3.0, None]])
def test_one_value_has_no_course(values: list[float | None]) -> None:
    assert sparkline(values, "x") == ""


def test_the_label_is_text() -> None:
    assert 'alt="&lt;a&gt; &quot;"' in sparkline([1.0, 2.0], '<a> "')


def test_a_tile_holds_a_larger_course_with_words_under_the_pointer() -> None:
    html = sparkline([1.0, 2.0], "x", style=TILE, title="自2024 1% 至2025 2%")
    assert f'width="{TILE[0]}" height="{TILE[1]}"' in html
    assert 'title="自2024 1% 至2025 2%"' in html
    assert LINE in drawn(html)
