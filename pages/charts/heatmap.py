"""Units by periods: the value printed in every cell, its state as colour and as symbol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from pages.charts.layout import finish

STATES = ("not_compared", "missed", "near", "met")
SYMBOLS = {"not_compared": "", "missed": " ✗", "near": " ≈", "met": " ✓"}
_ROW_PX = 38


@dataclass(frozen=True, slots=True)
class HeatWords:
    """Rows (unit id -> name, top first), columns (period code -> text), and what is printed where there is no
    value."""

    units: Mapping[int, str]
    periods: Mapping[str, str]
    missing: str = "—"


def heatmap(frame: pd.DataFrame, words: HeatWords, colours: Mapping[str, str], ink: str) -> go.Figure:
    """Cells coloured by state. `frame` has org_unit_id, period, text (the value as printed), detail (hover) and
    state; `colours` maps every state to a colour on which `ink` can be read."""
    empty = {"state": "not_compared", "text": words.missing, "detail": words.missing}
    grids = {name: _grid(frame, name, words, blank) for name, blank in empty.items()}
    codes = {state: n for n, state in enumerate(STATES)}
    printed = [
        [text + SYMBOLS.get(state, "") for text, state in zip(texts, states, strict=True)]
        for texts, states in zip(grids["text"], grids["state"], strict=True)
    ]
    figure = go.Figure(
        go.Heatmap(
            x=list(words.periods.values()),
            y=list(words.units.values()),
            z=[[codes[state] for state in row] for row in grids["state"]],
            zmin=-0.5,
            zmax=len(STATES) - 0.5,
            colorscale=_steps([colours[state] for state in STATES]),
            showscale=False,
            text=printed,
            texttemplate="%{text}",
            textfont={"color": ink, "size": 13},
            customdata=grids["detail"],
            hovertemplate="%{y}<br>%{x}<br>%{customdata}<extra></extra>",
            xgap=2,
            ygap=2,
        )
    )
    return _axes(figure, words)


def _axes(figure: go.Figure, words: HeatWords) -> go.Figure:
    finish(figure, height=70 + _ROW_PX * max(1, len(words.units)), legend=False)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(type="category", side="top", showgrid=False, ticks="")
    return figure.update_yaxes(type="category", autorange="reversed", showgrid=False, ticks="")


def _grid(frame: pd.DataFrame, column: str, words: HeatWords, blank: str) -> list[list[str]]:
    held = {(row[0], row[1]): row[2] for row in frame[["org_unit_id", "period", column]].itertuples(index=False)}
    return [[str(held.get((unit, code), blank)) for code in words.periods] for unit in words.units]


def _steps(colours: Sequence[str]) -> list[tuple[float, str]]:
    """A colour scale of flat steps, one per state."""
    share = 1 / len(colours)
    return [(edge, colour) for n, colour in enumerate(colours) for edge in (n * share, (n + 1) * share)]
