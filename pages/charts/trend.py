"""An indicator over time for several units: a gap stays a gap, a stated value is hollow, targets are a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from pages.charts.layout import MUTED, finish, two_lines

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_MARKS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "hexagon")


@dataclass(frozen=True, slots=True)
class TrendWords:
    """The words on a trend chart: the unit over the axis, the target's name, how to spell a value and a period."""

    axis: str
    target: str
    periods: Mapping[str, str]  # code -> text on the axis, oldest first
    units: Mapping[int, str]
    hollow: bool = True  # stated values are hollow; False for counts, which are always somebody's statement
    before: str = ""  # the name of the earlier state of knowledge


def trend(
    frame: pd.DataFrame,
    words: TrendWords,
    *,
    targets: Mapping[str, float] | None = None,
    breaks: Mapping[str, str] | None = None,
    interval: bool = False,
    before: pd.DataFrame | None = None,
    marks: Mapping[tuple[int, str], str] | None = None,
) -> go.Figure:
    """Lines over the periods of `words`. `frame` has org_unit_id, period, value, method, text and, for
    `interval`, lower and upper in the unit of value; `targets` maps period codes to values, `breaks` period
    codes to a text (a school was merged). `before` (org_unit_id, period, value, text) holds what was known earlier of
    the units of which it was something else; `marks` (unit and period to text) stand at the values that people wrote
    notes about."""
    figure = go.Figure()
    codes = list(words.periods)
    for n, unit_id in enumerate(words.units):
        rows = frame[frame["org_unit_id"] == unit_id].drop_duplicates("period").set_index("period").reindex(codes)
        figure.add_trace(_line(rows, words, unit_id, n, interval))
    if targets:
        figure.add_trace(_target(targets, words, codes))
    if before is not None:
        _add_earlier(figure, before, words)
    _add_marks(figure, frame, marks or {}, words)
    labels = _labels(words)
    _mark_breaks(figure, breaks or {}, words)
    finish(figure, height=420, legend=True)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=labels, range=[-0.4, len(labels) - 0.6])
    return figure.update_layout(legend_title_text=words.axis)


def _line(rows: pd.DataFrame, words: TrendWords, unit_id: int, n: int, interval: bool) -> go.Scatter:
    stated = (rows["method"] == "reported") & words.hollow
    mark = _MARKS[n % len(_MARKS)]
    trace = go.Scatter(
        x=_labels(words),
        y=_values(rows["value"]),
        name=words.units[unit_id],
        mode="lines+markers",
        connectgaps=False,
        line={"dash": _DASHES[(n // len(_MARKS)) % len(_DASHES)], "width": 2},
        marker={"symbol": [f"{mark}-open" if each else mark for each in stated], "size": 9},
        customdata=[[text if isinstance(text, str) else ""] for text in rows["text"]],
        hovertemplate="%{x}<br>%{customdata[0]}<extra>%{fullData.name}</extra>",
    )
    if interval:
        above, below = rows["upper"] - rows["value"], rows["value"] - rows["lower"]
        trace.error_y = {"type": "data", "symmetric": False, "array": _values(above), "arrayminus": _values(below),
                         "thickness": 1, "width": 4}  # fmt: skip
    return trace


def _add_earlier(figure: go.Figure, before: pd.DataFrame, words: TrendWords) -> None:
    """Dotted and in one grey, so that the lines of today keep their colours; each with the mark of its unit."""
    held = set(before["org_unit_id"])
    first = True
    for n, unit_id in enumerate(words.units):
        if unit_id in held:
            own = before[before["org_unit_id"] == unit_id].drop_duplicates("period").set_index("period")
            rows = own.reindex(list(words.periods))
            figure.add_trace(
                go.Scatter(
                    x=_labels(words),
                    y=_values(rows["value"]),
                    name=words.before,
                    legendgroup=words.before,
                    showlegend=first,
                    mode="lines+markers",
                    connectgaps=False,
                    line={"dash": "dot", "width": 1.5, "color": MUTED},
                    marker={"symbol": f"{_MARKS[n % len(_MARKS)]}-open", "size": 7, "color": MUTED},
                    customdata=[[text if isinstance(text, str) else ""] for text in rows["text"]],
                    hovertemplate=f"%{{x}}<br>%{{customdata[0]}}<extra>{words.units[unit_id]}<br>{words.before}</extra>",
                )
            )
            first = False


def _target(targets: Mapping[str, float], words: TrendWords, codes: Sequence[str]) -> go.Scatter:
    return go.Scatter(
        x=_labels(words),
        y=[targets.get(code) for code in codes],
        name=words.target,
        mode="lines",
        connectgaps=False,
        line={"color": MUTED, "dash": "longdash", "width": 1.5, "shape": "hv"},
        hovertemplate="%{x}<br>%{y}<extra>%{fullData.name}</extra>",
    )


def _add_marks(figure: go.Figure, frame: pd.DataFrame, marks: Mapping[tuple[int, str], str], words: TrendWords) -> None:
    """A mark over each value that has a note; where there is no value, at the foot of the chart."""
    held = frame[frame["value"].notna()]
    values = dict(zip(zip(held["org_unit_id"], held["period"], strict=True), held["value"].astype(float), strict=True))
    for (unit_id, code), text in marks.items():
        if unit_id in words.units and code in words.periods:
            value = values.get((unit_id, code))
            there = value is not None
            place = {"y": value, "ay": -22, "arrowhead": 0, "arrowwidth": 1} if there else {"y": 0, "yref": "paper"}
            figure.add_annotation(
                x=two_lines(words.periods[code]), text=text, showarrow=there, arrowcolor=MUTED,
                yanchor="bottom", font={"size": 11}, hovertext=words.units[unit_id], **place,
            )  # fmt: skip


def _mark_breaks(figure: go.Figure, breaks: Mapping[str, str], words: TrendWords) -> None:
    for code, text in breaks.items():
        if code in words.periods:
            label = two_lines(words.periods[code])
            figure.add_shape(
                type="line",
                x0=label,
                x1=label,
                y0=0,
                y1=1,
                yref="paper",
                line={"color": MUTED, "dash": "dot", "width": 1},
            )
            figure.add_annotation(
                x=label,
                y=1,
                yref="paper",
                text=text,
                showarrow=False,
                yanchor="top",
                font={"size": 11, "color": MUTED},
            )


def _labels(words: TrendWords) -> list[str]:
    return [two_lines(each) for each in words.periods.values()]


def _values(column: pd.Series) -> list[float | None]:
    return [None if pd.isna(each) else float(each) for each in column]
