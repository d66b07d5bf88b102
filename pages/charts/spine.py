"""A spine chart: per indicator the range and the middle half of a group around a benchmark, and the units on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from pages.analysis.spine import Spine
from pages.charts.layout import MUTED, finish

MARKS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "hexagon")
_ROW_PX = 46
_LINE = 11  # signs of a label in a line
_BRACKET = chr(0xFF08)  # the full-width one of Chinese labels
_COLUMN = 1.2  # where the printed ends stand
_EDGE = 1.42
_REACH = 1.05
_APART = 0.13  # of a row between the signs of two units, which would else hide each other
_LIGHT, _DARK = "rgba(123, 135, 148, .20)", "rgba(123, 135, 148, .48)"


@dataclass(frozen=True, slots=True)
class Mark:
    """A unit on a row: its value on the indicator's scale, as printed, and whether it differs beyond chance."""

    unit_id: int
    value: float
    text: str
    clear: bool


@dataclass(frozen=True, slots=True)
class SpineRow:
    """One indicator: its label, scale, the printed worst, best and benchmark, the target if there is one, the units."""

    label: str
    scale: Spine
    worst: str
    best: str
    centre: str
    target: tuple[float, str] | None
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class SpineWords:
    """The words of a spine chart: the ends, the benchmark, range, middle half and target, and names of units."""

    worse: str
    better: str
    centre: str
    group: str
    middle: str
    target: str
    units: Mapping[int, str]


def spine_chart(rows: Sequence[SpineRow], words: SpineWords) -> go.Figure:
    """One row per indicator, first on top. The filled sign of a unit differs from the benchmark beyond chance, the
    open one does not; hovering tells the values."""
    figure = go.Figure()
    for number, (unit_id, name) in enumerate(words.units.items()):  # first, so that they have the colours of the trend
        off = (number - (len(words.units) - 1) / 2) * _APART
        figure.add_trace(_unit(rows, unit_id, name, MARKS[number % len(MARKS)], off).update(zorder=2))
    figure.add_trace(_band(rows, words.group, _LIGHT, [(each.scale.worst, each.scale.best) for each in rows]))
    figure.add_trace(_band(rows, words.middle, _DARK, [(each.scale.q1, each.scale.q3) for each in rows]))
    for name, x in (("worst", -_COLUMN), ("best", _COLUMN)):
        figure.add_trace(_ends(rows, name, x))
    figure.add_trace(_targets(rows, words.target))
    figure.add_shape(type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": MUTED, "width": 1.5})
    finish(figure, height=130 + _ROW_PX * len(rows), legend=True)
    figure.update_layout(barmode="overlay", legend={"y": -0.02, "yanchor": "top"}, margin={"t": 36})
    figure.update_xaxes(
        range=[-_EDGE, _EDGE], tickvals=[-_COLUMN, 0, _COLUMN], ticktext=[words.worse, words.centre, words.better],
        side="top", showgrid=False, zeroline=False,
    )  # fmt: skip
    labels = [_wrapped(each.label) for each in rows]
    return figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=labels, range=[len(rows) - 0.4, -0.6], showgrid=False, zeroline=False
    )


def _band(rows: Sequence[SpineRow], name: str, colour: str, ends: Sequence[tuple[float, float]]) -> go.Bar:
    return go.Bar(
        y=list(range(len(rows))), base=[low for low, _ in ends], x=[high - low for low, high in ends], orientation="h",
        name=name, marker={"color": colour, "line": {"width": 0}}, width=0.5,
        customdata=[[escape(each.label), f"{escape(each.worst)} – {escape(each.best)}"] for each in rows],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def _ends(rows: Sequence[SpineRow], name: str, x: float) -> go.Scatter:
    return go.Scatter(
        x=[x] * len(rows), y=list(range(len(rows))), mode="text", text=[escape(getattr(each, name)) for each in rows],
        textfont={"size": 11, "color": MUTED}, hoverinfo="skip", showlegend=False, cliponaxis=False,
    )  # fmt: skip


def _unit(rows: Sequence[SpineRow], unit_id: int, name: str, symbol: str, off: float) -> go.Scatter:
    held = [(at, row, mark) for at, row in enumerate(rows) for mark in row.marks if mark.unit_id == unit_id]
    symbols = [symbol if mark.clear else f"{symbol}-open" for *_, mark in held]
    return go.Scatter(
        x=[row.scale.place(mark.value) for _, row, mark in held],
        y=[at + off for at, *_ in held],
        mode="markers",
        name=escape(name),
        marker={"symbol": symbols, "size": 11, "line": {"width": 2}},
        customdata=[[escape(row.label), escape(mark.text), escape(row.centre)] for _, row, mark in held],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra>%{fullData.name}</extra>",
    )


def _targets(rows: Sequence[SpineRow], name: str) -> go.Scatter:
    """Targets within reach of the scale; one far outside would squeeze everything else."""
    held = [
        (row.scale.place(row.target[0]), at, row.label, row.target[1])
        for at, row in enumerate(rows)
        if row.target is not None and abs(row.scale.place(row.target[0])) <= _REACH
    ]
    return go.Scatter(
        x=[each[0] for each in held], y=[each[1] for each in held], mode="markers", name=name,
        marker={"symbol": "line-ns-open", "size": 26, "line": {"width": 2}, "color": MUTED},
        customdata=[[escape(each[2]), escape(each[3])] for each in held],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def _wrapped(label: str) -> str:
    """A label in lines short enough for a phone: at spaces where there are any, else before brackets and by signs."""
    if label.isascii():
        lines = [""]
        for word in label.split():
            longer = f"{lines[-1]} {word}".strip()
            lines = [*lines[:-1], longer] if len(longer) <= 2 * _LINE else [*lines, word]
        return "<br>".join(escape(each) for each in lines if each)
    name, bracket, rest = label.partition(_BRACKET)
    parts = [name, bracket + rest] if len(label) > _LINE else [label]
    return "<br>".join(escape(each[at : at + _LINE]) for each in parts for at in range(0, len(each), _LINE))
