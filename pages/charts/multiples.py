"""Many short courses side by side, each on a scale of its own or all on one: the tiles of the screen on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.analysis.width import wrapped
from pages.charts.on_paper import WIDTH, Look

ACROSS = 4
_GAP, _TALL, _LETTERS = 18, 70, 25
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Panel:
    """One course: what it is about, its last value as printed, periods (oldest first) with values (None for a gap), and
    the target, if there is one."""

    title: str
    last: str
    periods: Sequence[str]
    values: Sequence[float | None]
    target: float | None = None


def plots(panels: Sequence[Panel], look: Look, scale: tuple[float, float] | None = None) -> list[Spec]:
    """Rows of panels, `ACROSS` of them side by side; `scale`: the lowest and the highest value of all, where they share it."""
    rows = [panels[at : at + ACROSS] for at in range(0, len(panels), ACROSS)]
    return [{"hconcat": [_plot(each, look, scale) for each in row], "spacing": _GAP} for row in rows]


def _plot(panel: Panel, look: Look, scale: tuple[float, float] | None) -> Spec:
    width = (WIDTH - (ACROSS - 1) * _GAP) // ACROSS - 12
    points = [
        {"x": name, "y": value, "n": n} for n, (name, value) in enumerate(zip(panel.periods, panel.values, strict=True))
    ]
    held = [each for each in points if each["y"] is not None]
    x = {
        "field": "x",
        "type": "nominal",
        "sort": list(panel.periods),
        "scale": {"domain": list(panel.periods)},
        "axis": None,
    }
    shared = {"domain": list(scale)} if scale else {}
    y = {"field": "y", "type": "quantitative", "scale": {"zero": False, "padding": 8, **shared}, "axis": None}
    line = {"type": "line", "color": look.muted, "strokeWidth": 1.5, "invalid": "break-paths-show-path-domains"}
    dot = {"type": "point", "filled": True, "opacity": 1, "color": look.muted, "size": 14}
    layers: list[Spec] = [
        {"data": {"values": points}, "mark": line, "encoding": {"order": {"field": "n"}}},
        {"data": {"values": held}, "mark": dot},
        {"data": {"values": held[-1:]}, "mark": {**dot, "color": look.colours[0], "size": 60}},
    ]
    if panel.target is not None:
        rule = {"type": "rule", "color": look.muted, "strokeDash": [6, 4], "strokeWidth": 1}
        layers.append({"data": {"values": [{"y": panel.target}]}, "mark": rule, "encoding": {"x": None}})
    title = {
        "text": [*wrapped(panel.title, _LETTERS)[:2]], "subtitle": [panel.last, _span(panel.periods)], "fontSize": 12,
        "fontWeight": "normal", "subtitleFontSize": 12, "anchor": "start", "frame": "group", "color": look.ink,
        "subtitleColor": look.ink, "offset": 4,
    }  # fmt: skip
    return {"width": width, "height": _TALL, "title": title, "encoding": {"x": x, "y": y}, "layer": layers}


def _span(periods: Sequence[str]) -> str:
    ends = list(dict.fromkeys([*periods[:1], *periods[-1:]]))
    return " \u2013 ".join(ends)
