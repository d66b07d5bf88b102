"""One indicator, several units: a dot per unit on one scale, with its interval and the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd
import plotly.graph_objects as go

from pages.charts.layout import MUTED, finish

# of the palette of config.toml: blue, grey and vermilion, as the tables have them
COLOURS = {"met": "#0072B2", "near": MUTED, "missed": "#D55E00", "not_compared": MUTED}
SYMBOLS = {"met": "circle", "near": "diamond", "missed": "x", "not_compared": "circle-open"}
_ROW_PX = 44


@dataclass(frozen=True, slots=True)
class DotWords:
    """The words of a dot plot: the axis title, the target's name, names of units (top first) and of states."""

    axis: str
    target: str
    units: Mapping[int, str]
    states: Mapping[str, str]


def dotplot(frame: pd.DataFrame, words: DotWords, *, target: float | None = None) -> go.Figure:
    """Dots with intervals. `frame` has org_unit_id, value, lower, upper, state and text (the value as
    printed); lower and upper are in the unit of value and may be missing: then there is a dot only. A unit
    without a value keeps its row and stays empty. One trace per state, so shape and legend say the state."""
    figure = go.Figure()
    for state in SYMBOLS:
        rows = frame[(frame["state"] == state) & frame["value"].notna()]
        if not rows.empty:
            figure.add_trace(_dots(rows, words, words.states[state], state))
    if target is not None:
        _mark_target(figure, target, words.target)
    finish(figure, height=110 + _ROW_PX * max(1, len(words.units)), legend=True)
    figure.update_layout(legend={"y": -0.12, "yanchor": "top"}, legend_title_text=words.axis)
    figure.update_xaxes(tickformat=",")  # 12,000 rather than 12k
    names = [escape(name) for name in words.units.values()]  # plotly would read tags in a name
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=names[::-1], range=[-0.6, len(names) - 0.4]
    )
    return figure


def _dots(rows: pd.DataFrame, words: DotWords, name: str, state: str) -> go.Scatter:
    above, below = rows["upper"] - rows["value"], rows["value"] - rows["lower"]
    return go.Scatter(
        x=[float(each) for each in rows["value"]],
        y=[escape(words.units[int(each)]) for each in rows["org_unit_id"]],
        name=name,
        mode="markers+text",
        marker={"symbol": SYMBOLS[state], "size": 13, "color": COLOURS[state]},
        text=[str(each) for each in rows["text"]],
        textposition="top center",
        cliponaxis=False,
        error_x={"type": "data", "symmetric": False, "array": _plain(above), "arrayminus": _plain(below),
                 "thickness": 1.5, "width": 5},
        hovertemplate="%{y}<br>%{text}<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def _mark_target(figure: go.Figure, target: float, name: str) -> None:
    line = {"color": MUTED, "dash": "longdash", "width": 1.5}
    figure.add_shape(type="line", x0=target, x1=target, y0=0, y1=1, yref="paper", line=line)
    label = {"size": 11}
    figure.add_annotation(x=target, y=1, yref="paper", text=name, showarrow=False, yanchor="bottom", font=label)


def _plain(column: pd.Series) -> list[float | None]:
    return [None if pd.isna(each) else max(0.0, float(each)) for each in column]
