"""What every chart shares: margins for a phone, transparent ground, the page's own font and colours."""

from __future__ import annotations

import plotly.graph_objects as go

MUTED = "#7B8794"  # readable on the light and on the dark ground
LINE = "#3F8ACB"  # so is this blue


def two_lines(label: str) -> str:
    """An axis label broken at its spaces, so that more of them stand side by side."""
    return label.replace(" ", "<br>")


def finish(figure: go.Figure, *, height: int, legend: bool) -> go.Figure:
    """Lay a figure out for the page; colours and fonts are left to the theme of the page."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 24, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=legend,
        # above the plot: below it, slanted labels of a narrow screen would run into it
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "xanchor": "left", "title": {"text": ""}},
        hovermode="closest",
        dragmode=False,
    )
    figure.update_xaxes(automargin=True, fixedrange=True, title_text="")
    figure.update_yaxes(automargin=True, fixedrange=True, tickformat=",")  # 81,000 rather than 81k
    return figure
