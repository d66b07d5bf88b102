"""The trend chart for paper, as Vega-Lite: the same lines, gaps, hollow signs, target and breaks as on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.charts.trend import TrendWords

Spec = dict[str, Any]
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")  # told apart by the colour-blind
_SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross")
_GREY = "#5F6B76"


def trend_spec(
    frame: pd.DataFrame,
    words: TrendWords,
    *,
    targets: Mapping[str, float] | None = None,
    breaks: Mapping[str, str] | None = None,
    interval: bool = False,
    before: pd.DataFrame | None = None,
    marks: Mapping[tuple[int, str], str] | None = None,
) -> Spec:
    """A Vega-Lite layer chart; the arguments are those of `trend`, values and limits in the unit of the indicator."""
    names = [f"{n}. {name}" for n, name in enumerate(words.units.values(), 1)]  # two units may share a name
    named = dict(zip(words.units, names, strict=True))
    points = _points(frame, words, named, marks or {})
    layers = _units(points, names, interval=interval)
    if before is not None:
        layers += _named(_points(before, words, named, {}), words.before, [2, 3])
    if targets:
        rows = [{"unit": "", "period": text, "value": targets.get(code)} for code, text in words.periods.items()]
        layers += _named(rows, words.target, [8, 4], interpolate="step-after")
    layers += _breaks(breaks or {}, words)
    for layer in layers:
        layer["encoding"].setdefault("x", _x(words))
    return {"width": 760, "height": 380, "layer": layers}


def _units(points: list[Spec], names: list[str], *, interval: bool) -> list[Spec]:
    """Intervals, lines, signs and marks of notes, all in the colours and shapes of the legend."""
    colour = {
        "field": "unit",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": _cycle(_COLOURS, names)},
    }
    shape = {
        "field": "unit",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": _cycle(_SHAPES, names)},
    }
    layers: list[Spec] = []
    if interval:
        layers.append(_layer(points, {"type": "rule", "opacity": 0.7}, y="lower", y2={"field": "upper"}, color=colour))
    layers.append(_layer(points, {"type": "line", "strokeWidth": 2}, color=colour))
    for fill in (None, "white"):  # what somebody stated is hollow
        rows = [row for row in points if row["stated"] is (fill is not None)]
        look = {"type": "point", "size": 70, "strokeWidth": 2, "opacity": 1, "filled": fill is None}
        layers.append(_layer(rows, look | ({"fill": fill} if fill else {}), color=colour, shape=shape))
    layers.append(_layer([row for row in points if row["mark"]], {"type": "text", "dy": -14}, text={"field": "mark"}))
    return layers


def _breaks(breaks: Mapping[str, str], words: TrendWords) -> list[Spec]:
    """A dotted upright line with its text at each break."""
    found: list[Spec] = []
    rows = [{"period": words.periods[code], "text": text} for code, text in breaks.items() if code in words.periods]
    place = {"x": _x(words)}
    found.append(
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "strokeDash": [2, 2], "color": _GREY},
            "encoding": place,
        }
    )
    found.append({"data": {"values": rows}, "mark": {"type": "text", "y": 8, "align": "left", "dx": 4, "color": _GREY},
                   "encoding": place | {"text": {"field": "text"}}})  # fmt: skip
    return found if rows else []


def _x(words: TrendWords) -> Spec:
    axis = {"labelAngle": -30 if len(words.periods) > 6 else 0, "labelLimit": 200}
    return {"field": "period", "type": "ordinal", "title": None, "axis": axis,
            "scale": {"domain": list(words.periods.values())}}  # fmt: skip


def _layer(rows: list[Spec], mark: Spec, y: str = "value", **encoding: Spec) -> Spec:
    height = {"field": y, "type": "quantitative", "title": None, "scale": {"zero": False}}
    return {"data": {"values": rows}, "mark": mark, "encoding": {"y": height, **encoding}}


def _named(rows: list[Spec], name: str, dash: list[int], **look: str) -> list[Spec]:
    """A grey line of its own, its name written at its last value."""
    line = {"type": "line", "strokeDash": dash, "strokeWidth": 1.5, "color": _GREY, **look}
    last = [row | {"name": name} for row in rows if row["value"] is not None][-1:]
    text = {"type": "text", "align": "left", "dx": 8, "dy": -8, "color": _GREY}
    return [_layer(rows, line, detail={"field": "unit"}), _layer(last, text, text={"field": "name"})]


def _points(
    frame: pd.DataFrame, words: TrendWords, named: Mapping[int, str], marks: Mapping[tuple[int, str], str]
) -> list[Spec]:
    """One row for every unit and period, so that a period without a value interrupts the line."""
    once = frame.drop_duplicates(["org_unit_id", "period"])
    held = {(int(row["org_unit_id"]), row["period"]): row for row in once.to_dict("records")}
    rows = []
    for unit_id, name in named.items():
        for code, text in words.periods.items():
            row: Mapping[Any, Any] = held.get((unit_id, code), {})
            rows.append({
                "unit": name, "period": text, **{each: _number(row.get(each)) for each in ("value", "lower", "upper")},
                "stated": words.hollow and row.get("method") == "reported", "mark": marks.get((unit_id, code), ""),
            })  # fmt: skip
    return rows


def _number(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]


def _cycle(choices: tuple[str, ...], names: list[str]) -> list[str]:
    return [choices[n % len(choices)] for n in range(len(names))]
