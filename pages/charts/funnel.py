"""A funnel: every unit of a group by its size, the limits that chance sets, the chosen ones marked and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.analysis import funnel as limits
from pages.analysis.intervals import Z95, Z998
from pages.charts.layout import MUTED, finish

_POINTS = 120  # of each limit line
_MARKS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "hexagon")


@dataclass(frozen=True, slots=True)
class FunnelWords:
    """The words of a funnel: the axes, the lines, the other units, and the names of the chosen ones."""

    people: str
    value: str
    whole: str
    limit_95: str
    limit_998: str
    others: str
    chosen: Mapping[int, str]


def funnel(frame: pd.DataFrame, share: float, words: FunnelWords) -> go.Figure:
    """The funnel of proportions around `share` (0..1). `frame` has org_unit_id, name, value (percent), denominator
    (people, above 0) and text (the value as printed). The axis of people is logarithmic: a group holds teaching
    points of ten beside schools of three thousand."""
    figure = go.Figure()
    for number, (unit_id, name) in enumerate(words.chosen.items()):  # first, so that they have the colours of the trend
        row = frame[frame["org_unit_id"] == unit_id]
        figure.add_trace(_dots(row, name, {"symbol": _MARKS[number % len(_MARKS)], "size": 13}).update(zorder=2))
    sizes = np.geomspace(frame["denominator"].min() * 0.9, frame["denominator"].max() * 1.1, _POINTS)
    for z, name, dash in ((Z998, words.limit_998, "solid"), (Z95, words.limit_95, "dot")):
        for side, bound in enumerate(limits.limits(share, sizes, z)):
            figure.add_trace(_line(sizes, 100 * bound, name, dash, shown=side == 0))
    figure.add_trace(_line(sizes, np.full(_POINTS, 100 * share), words.whole, "longdash", shown=True))
    rest = frame[~frame["org_unit_id"].isin(list(words.chosen))]
    figure.add_trace(_dots(rest, words.others, {"symbol": "circle-open", "size": 7, "color": MUTED}))
    finish(figure, height=440, legend=True)
    figure.update_xaxes(type="log", title_text=words.people, tickformat=",", dtick="D2")
    return figure.update_yaxes(title_text=words.value)


def _line(sizes: np.ndarray, values: np.ndarray, name: str, dash: str, *, shown: bool) -> go.Scatter:
    return go.Scatter(
        x=sizes.tolist(), y=values.tolist(), name=name, legendgroup=name, showlegend=shown, mode="lines",
        line={"color": MUTED, "dash": dash, "width": 1.3}, hoverinfo="skip",
    )  # fmt: skip


def _dots(rows: pd.DataFrame, name: str, marker: Mapping[str, object]) -> go.Scatter:
    return go.Scatter(
        x=[float(each) for each in rows["denominator"]],
        y=[float(each) for each in rows["value"]],
        name=escape(name),
        mode="markers",
        marker=dict(marker),
        customdata=[
            [escape(str(each)), escape(str(text))] for each, text in zip(rows["name"], rows["text"], strict=True)
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )
