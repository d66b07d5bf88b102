"""A map for paper: the filled traces of a figure as shapes in the plane, their labels on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

_TALL = 460


def plot(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], width: int, ink: str) -> dict[str, Any]:
    """The areas and labels of a figure of districtmap, `width` px wide; a degree of latitude as long as the figure's own
    scale makes it."""
    ratio = float((layout.get("yaxis") or {}).get("scaleratio") or 1)
    areas = [_feature(trace, ratio) for trace in traces if trace.get("fill") == "toself"]
    labels = [
        {"x": float(x), "y": float(y) * ratio, "text": unescape(str(text)).replace("<br>", "\n")}
        for trace in traces
        if trace.get("mode") == "text"
        for x, y, text in zip(trace["x"], trace["y"], trace["text"], strict=True)
    ]
    at = {"longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"}}
    letters = {"type": "text", "fontSize": 12, "color": ink, "lineBreak": "\n", "baseline": "middle"}
    shapes = {"type": "geoshape", "stroke": "#7B8794", "strokeWidth": 1}
    fill = {"field": "properties.fill", "type": "nominal", "scale": None}
    return {
        "width": width, "height": _TALL, "projection": {"type": "identity", "reflectY": True},
        "layer": [
            {"data": {"values": areas}, "mark": shapes, "encoding": {"fill": fill}},
            {"data": {"values": labels}, "mark": letters, "encoding": {**at, "text": {"field": "text"}}},
        ],
    }  # fmt: skip


def _feature(trace: Mapping[str, Any], ratio: float) -> dict[str, Any]:
    """The rings of a trace, which gaps part, as polygons of their own."""
    rings: list[list[list[float]]] = [[]]
    for x, y in zip(trace["x"], trace["y"], strict=True):
        if x is None:
            rings.append([])
        else:
            rings[-1].append([float(x), float(y) * ratio])
    shape = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings if ring]}
    return {"type": "Feature", "geometry": shape, "properties": {"fill": trace.get("fillcolor")}}
