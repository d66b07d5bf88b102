"""Units on the bureau's own map: filled with the colour of their state, with value and sign; no tiles from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.analysis.shapes import Point, Shape, centre
from pages.charts.layout import MUTED, finish

STATES = ("met", "near", "missed", "not_compared")
_HEIGHT = 560


@dataclass(frozen=True, slots=True)
class MapWords:
    """The words of a map: names of units and of states."""

    units: Mapping[int, str]
    states: Mapping[str, str]


def district_map(
    frame: pd.DataFrame, shapes: Mapping[int, Shape], words: MapWords, colours: Mapping[str, str], ink: str
) -> go.Figure:
    """One filled area per unit of `shapes`. `frame` has org_unit_id, text (value with its sign, printed on the area),
    detail (shown over it) and state; a unit without a row stays unfilled. `colours` maps every state to a colour on
    which `ink` can be read."""
    figure = go.Figure()
    held = {int(row["org_unit_id"]): row for row in frame.to_dict("records")}
    seen: set[str] = set()
    for unit_id, shape in sorted(shapes.items(), key=lambda each: STATES.index(_state(held, each[0]))):
        state = _state(held, unit_id)
        detail = str(held[unit_id]["detail"]) if unit_id in held else ""
        text = f"{escape(words.units[unit_id])}<br>{escape(detail)}"
        figure.add_trace(_area(shape, colours[state], text, words.states[state], state, first=state not in seen))
        seen.add(state)
    figure.add_trace(_labels(shapes, held, words, ink))
    finish(figure, height=_HEIGHT, legend=True)
    return _true_to_scale(figure, shapes)


def _state(held: Mapping[int, Mapping[Any, Any]], unit_id: int) -> str:
    return str(held[unit_id]["state"]) if unit_id in held else "not_compared"


def _area(shape: Shape, colour: str, text: str, name: str, state: str, *, first: bool) -> go.Scatter:
    points: list[Point | tuple[None, None]] = []
    for ring in shape.rings:
        points += [*ring, (None, None)]
    return go.Scatter(
        x=[x for x, _ in points], y=[y for _, y in points], mode="lines", fill="toself", fillcolor=colour,
        line={"color": MUTED, "width": 1}, name=name, legendgroup=state, showlegend=first, text=text,
        hoveron="fills", hoverinfo="text",
    )  # fmt: skip


def _labels(
    shapes: Mapping[int, Shape], held: Mapping[int, Mapping[Any, Any]], words: MapWords, ink: str
) -> go.Scatter:
    centres = {unit_id: centre(shape) for unit_id, shape in shapes.items()}
    return go.Scatter(
        x=[x for x, _ in centres.values()],
        y=[y for _, y in centres.values()],
        mode="text",
        text=[
            f"{escape(words.units[each])}<br>{escape(str(held[each]['text']))}"
            if each in held
            else escape(words.units[each])
            for each in centres
        ],
        textfont={"color": ink, "size": 12},
        hoverinfo="skip",
        showlegend=False,
    )


def _true_to_scale(figure: go.Figure, shapes: Mapping[int, Shape]) -> go.Figure:
    """A degree of longitude is shorter than one of latitude; coordinates beyond degrees are taken for metres."""
    points = [point for shape in shapes.values() for ring in shape.rings for point in ring]
    middle = (min(y for _, y in points) + max(y for _, y in points)) / 2
    degrees = all(abs(x) <= 180 and abs(y) <= 90 for x, y in points)
    figure.update_xaxes(visible=False)
    return figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1 / cos(radians(middle)) if degrees else 1)
