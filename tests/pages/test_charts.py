"""Figures say what their frames say: gaps stay gaps, stated values are hollow, states have sign and colour."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pages.charts.trend import TrendWords, trend

WORDS = TrendWords(
    axis="单位：%",
    target="目标",
    periods={"SY2023": "2023-24", "SY2024": "2024-25", "SY2025": "2025-26"},
    units={4: "临江区", 9: "云岭县"},
)
FRAME = pd.DataFrame(
    [
        (4, "SY2023", 95.0, "computed", "95.0%", 94.0, 96.0),
        (4, "SY2025", 97.0, "reported", "97.0%", np.nan, np.nan),
        (9, "SY2024", 90.0, "summed", "90.0%", 88.5, 91.25),
    ],
    columns=["org_unit_id", "period", "value", "method", "text", "lower", "upper"],
)


def test_a_gap_stays_a_gap_and_a_stated_value_is_hollow() -> None:
    figure = trend(FRAME, WORDS)
    first = figure.data[0]
    assert first.name == "临江区"
    assert list(first.y) == [95.0, None, 97.0]
    assert first.connectgaps is False
    assert (first.marker.symbol[0], first.marker.symbol[2]) == ("circle", "circle-open")


def test_a_count_that_somebody_states_is_a_full_mark() -> None:
    words = TrendWords(WORDS.axis, WORDS.target, WORDS.periods, WORDS.units, hollow=False)
    assert set(trend(FRAME, words).data[0].marker.symbol) == {"circle"}


def test_units_differ_in_more_than_colour() -> None:
    figure = trend(FRAME, WORDS)
    assert len({trace.marker.symbol[0].removesuffix("-open") for trace in figure.data}) == len(figure.data)


def test_the_target_is_a_line_over_the_periods_in_which_it_held() -> None:
    figure = trend(FRAME, WORDS, targets={"SY2024": 96.0, "SY2025": 96.5})
    line = figure.data[-1]
    assert (line.name, list(line.y), line.mode) == ("目标", [None, 96.0, 96.5], "lines")


def test_breaks_are_marked_where_they_are() -> None:
    figure = trend(FRAME, WORDS, breaks={"SY2024": "撤并", "SY1999": "不在图中"})
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [("2024-25", "2024-25")]
    assert [note.text for note in figure.layout.annotations] == ["撤并"]


def test_the_interval_is_drawn_on_request_only() -> None:
    assert trend(FRAME, WORDS).data[1].error_y.array is None
    drawn = trend(FRAME, WORDS, interval=True).data[1].error_y
    assert list(drawn.array) == [None, 1.25, None]
    assert list(drawn.arrayminus) == [None, 1.5, None]


def test_a_label_of_two_words_takes_two_lines_on_the_axis() -> None:
    words = TrendWords("", "", {"SY2024-T1": "2024-25 秋", "SY2025-T1": "2025-26 秋"}, {4: "临江区"})
    figure = trend(FRAME.assign(period="SY2025-T1"), words, targets={"SY2025-T1": 96.0}, breaks={"SY2024-T1": "撤并"})
    assert list(figure.data[0].x) == list(figure.data[1].x) == ["2024-25<br>秋", "2025-26<br>秋"]
    assert figure.layout.shapes[0].x0 == "2024-25<br>秋"


def test_the_unit_stands_over_the_legend() -> None:
    assert trend(FRAME, WORDS).layout.legend.title.text == WORDS.axis


def test_the_chart_leaves_ground_and_fonts_to_the_page() -> None:
    layout = trend(FRAME, WORDS).layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.family is None
    assert all(trace.type == "scatter" for trace in trend(FRAME, WORDS).data)
