"""The figure of the screen as a Vega-Lite chart for paper: the same traces, marks and lines, told once and drawn twice.

Plotly needs a browser to become a picture; Vega-Lite needs none. Colours and signs are those of the figure, its legend is
drawn as marks, because the legends of Vega-Lite know neither hollow signs nor dashes of single traces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import numpy as np

from pages.analysis.width import text_width, wrapped
from pages.charts import paper_map

WIDTH = 720
_LETTER = 6.3  # px of a half-width sign at 12 px
_LEGEND_ROW = 20
_SHAPES = {
    "circle": "circle", "square": "square", "diamond": "diamond", "triangle-up": "triangle-up", "triangle-down": "triangle-down",
    "hexagon": "M.5,-.87L1,0L.5,.87L-.5,.87L-1,0L-.5,-.87Z",
    "x": "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z",
    "line-ns": "M0,-1L0,1",
}  # fmt: skip
_DASHES = {"solid": [], "dash": [8, 4], "dot": [2, 3], "dashdot": [8, 3, 2, 3], "longdash": [13, 5],
           "longdashdot": [13, 4, 2, 4]}  # fmt: skip
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around a picture: its title, the line below it (unit, period), the lines at its foot (source, version)."""

    title: str
    under: str
    foot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Font families (the first one that is there is taken), ink, and the colours of traces that have none."""

    font: str
    ink: str
    muted: str
    colours: tuple[str, ...]


def framed(plots: Sequence[Spec], caption: Caption, look: Look) -> Spec:
    """Plots one below the other with title and foot, on white."""
    line = int(WIDTH / _LETTER)
    heading = {
        "text": wrapped(caption.title, int(line * 12 / 16)), "subtitle": wrapped(caption.under, line), "anchor": "start",
        "frame": "group", "fontSize": 16, "subtitleFontSize": 12, "color": look.ink, "subtitleColor": look.muted,
        "subtitlePadding": 4, "offset": 10,
    }  # fmt: skip
    foot = {
        "text": [part for each in caption.foot for part in wrapped(each, int(line * 12 / 11))], "orient": "bottom",
        "anchor": "start", "frame": "group", "fontSize": 11, "fontWeight": "normal", "color": look.muted, "offset": 12,
    }  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "white", "padding": 16, "spacing": 10, "title": foot,
        "vconcat": [{**plots[0], "title": heading}, *plots[1:]],
        "config": {
            "font": look.font, "lineBreak": "\n", "view": {"stroke": None}, "title": {"font": look.font},
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": look.ink, "titleColor": look.muted,
                     "titleFontWeight": "normal", "gridColor": "#E3E8EE", "domainColor": "#AEB8C2", "tickColor": "#AEB8C2"},
        },
    }  # fmt: skip


def spec(figure: Mapping[str, Any], caption: Caption, look: Look) -> Spec:
    """A figure (its plotly JSON: `data`, `layout`) as a Vega-Lite chart with title, foot and legend."""
    traces = [_coloured(trace, n, look) for n, trace in enumerate(figure["data"])]
    layout = figure["layout"]
    if any(trace.get("fill") == "toself" for trace in traces):
        return framed([paper_map.plot(traces, layout, WIDTH, look.ink), *_legend(traces, look)], caption, look)
    inside = [layer for trace in sorted(traces, key=_order) for layer in _layers(trace, layout)]
    inside += [*_lines(layout), *_notes(layout, look)]
    first = {"encoding": {"x": _x(layout, traces), "y": _y(layout, traces)}}
    plot = {"width": WIDTH, "height": _height(layout), **first, "layer": inside}
    return framed([plot, *_legend(traces, look)], caption, look)


def _coloured(trace: Mapping[str, Any], n: int, look: Look) -> dict[str, Any]:
    """A trace with its colour written out, as plotly gives it by its place."""
    marker, line = trace.get("marker", {}), trace.get("line", {})
    held = marker.get("color") or line.get("color") or look.colours[n % len(look.colours)]
    return {**trace, "colour": held}


def _order(trace: Mapping[str, Any]) -> int:
    return int(trace.get("zorder") or 0)


def _height(layout: Mapping[str, Any]) -> int:
    return max(120, int(layout.get("height") or 420) - 100)


def text_of(words: object) -> str:
    """Text of a figure without its markup: line breaks as such, escaped signs as themselves."""
    return unescape(str(words).replace("<br>", "\n"))


def _is_category(axis: Mapping[str, Any]) -> bool:
    return axis.get("type") == "category"


def _x(layout: Mapping[str, Any], traces: Sequence[Mapping[str, Any]]) -> Spec:
    axis = layout.get("xaxis", {})
    if _is_category(axis):
        order = [text_of(each) for each in axis.get("categoryarray", ())]
        crowded = max((text_width(each) for each in order), default=0) * _LETTER * len(order) > WIDTH
        angle = {"labelAngle": -40} if crowded else {"labelAngle": 0}
        return {"type": "nominal", "sort": order, "scale": {"domain": order},
                "axis": {**angle, "title": None, "grid": False, "labelPadding": 6}}  # fmt: skip
    orient = {"orient": "top"} if axis.get("side") == "top" else {}
    return _numbers(axis, orient, None if axis.get("type") == "log" else _reach(traces, layout, "x"))


def _y(layout: Mapping[str, Any], traces: Sequence[Mapping[str, Any]]) -> Spec:
    axis = layout.get("yaxis", {})
    if _is_category(axis):
        order = [text_of(each) for each in axis.get("categoryarray", ())][::-1]  # plotly counts from below
        return {"type": "nominal", "sort": order, "scale": {"domain": order, "type": "point", "padding": 0.7},
                "axis": {"title": None, "grid": True, "labelLimit": 260}}  # fmt: skip
    return _numbers(axis, {}, _reach(traces, layout, "y"))


def _reach(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], name: str) -> tuple[float, float]:
    """From where to where the numbers of an axis go, with some air around them; not below nought where nothing is, nor
    beyond 100 where everything lies just under it."""
    held = [float(shape[f"{name}0"]) for shape in layout.get("shapes", ()) if name == "x"]
    for trace in traces:
        values = [_number(each) for each in _listed(trace.get(name))]
        error = trace.get(f"error_{name}") or {}
        above = _listed(error.get("array")) or [None] * len(values)
        below = _listed(error.get("arrayminus")) or above
        for value, up, down in zip(values, above, below, strict=True):
            held += [] if value is None else [value, value + (up or 0), value - (down or 0)]
    low, high = (min(held), max(held)) if held else (0.0, 1.0)
    air = 0.05 * (high - low) or abs(high) * 0.05 or 1.0
    top = 100.0 if 90 <= high <= 100 else high + air
    return (max(0.0, low - air) if low >= 0 else low - air), top


def _numbers(axis: Mapping[str, Any], extra: Spec, reach: tuple[float, float] | None) -> Spec:
    """An axis of numbers, with the range and the ticks that the figure sets, else over `reach`; without one by powers."""
    scale: Spec = (
        {"type": "log", "nice": False} if reach is None else {"domain": list(reach), "zero": False, "nice": True}
    )
    held = axis.get("range")
    if held:
        low, high = sorted(map(float, held))
        scale = {"domain": [low, high], "nice": False, "reverse": float(held[0]) > float(held[1])}
    title = text_of((axis.get("title") or {}).get("text") or "") or None
    drawn: Spec = {"title": title, "format": ",~f", "grid": axis.get("showgrid") is not False, **extra}
    if axis.get("tickvals") is not None:
        words = {str(value): text_of(text) for value, text in zip(axis["tickvals"], axis["ticktext"], strict=True)}
        drawn |= {"values": list(axis["tickvals"]), "labelExpr": f"{json.dumps(words)}[datum.value]", "labelLimit": 320,
                  "ticks": False, "domain": False}  # fmt: skip
    return {"type": "quantitative", "scale": scale, "axis": drawn}


def _layers(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> Iterator[Spec]:
    rows = list(_rows(trace, layout))
    if trace["type"] == "bar":
        yield _band(trace, rows)
        return
    mode = trace.get("mode") or ""
    yield from _bars_of_error(trace, rows)
    if "lines" in mode:
        stepped = {"interpolate": "step-after"} if (trace.get("line") or {}).get("shape") == "hv" else {}
        mark = {"type": "line", "color": trace["colour"], "strokeDash": _dash(trace), "strokeWidth": _thick(trace), **stepped,
                "invalid": "break-paths-show-path-domains"}  # fmt: skip
        yield _layer(rows, mark)
    held = [row for row in rows if row["x"] is not None and row["y"] is not None]
    if "markers" in mode:
        for hollow in (False, True):
            for shape in dict.fromkeys(row["shape"] for row in held if row["hollow"] is hollow):
                same = [row for row in held if (row["hollow"], row["shape"]) == (hollow, shape)]
                yield _layer(same, _sign(trace, str(shape), hollow=hollow))
    if "text" in mode:
        yield _layer([row for row in held if row["text"]], _letters(trace), text=True)


def _rows(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> Iterator[Spec]:
    """The points of a trace: x, y, the sign and whether it is hollow, the text that stands at it, the ends of its error."""
    xs, ys = _listed(trace.get("x")), _listed(trace.get("y"))
    texts = _listed(trace.get("text")) or [""] * len(xs)
    symbols = (trace.get("marker") or {}).get("symbol") or "circle"
    signs = [symbols] * len(xs) if isinstance(symbols, str) else list(symbols)
    by_name = [_is_category(layout.get(name, {})) for name in ("xaxis", "yaxis")]
    for n, (x, y) in enumerate(zip(xs, ys, strict=True)):
        yield {
            "x": text_of(x) if by_name[0] else _number(x), "y": text_of(y) if by_name[1] else _number(y),
            "shape": str(signs[n]).removesuffix("-open"), "hollow": str(signs[n]).endswith("-open"),
            "text": text_of(texts[n] or ""), "n": n,
        }  # fmt: skip


def _listed(values: Any) -> list[Any]:
    return [] if values is None else np.asarray(values, dtype=object).tolist()


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _layer(rows: Sequence[Spec], mark: Spec, *, text: bool = False) -> Spec:
    encoding: Spec = {"x": {"field": "x"}, "y": {"field": "y"}}
    if mark["type"] == "line":
        encoding["order"] = {"field": "n"}
    if text:
        encoding["text"] = {"field": "text"}
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _band(trace: Mapping[str, Any], rows: Sequence[Spec]) -> Spec:
    """Horizontal bars that begin at a base, around the number of their row."""
    half = float(trace.get("width") or 0.8) / 2
    values = [
        {"x": float(base), "end": float(base) + row["x"], "low": row["y"] - half, "high": row["y"] + half}
        for row, base in zip(rows, _listed(trace.get("base")), strict=True)
    ]
    encoding = {"x": {"field": "x"}, "x2": {"field": "end"}, "y": {"field": "low"}, "y2": {"field": "high"}}
    return {"data": {"values": values}, "mark": {"type": "rect", "color": trace["colour"]}, "encoding": encoding}


def _bars_of_error(trace: Mapping[str, Any], rows: Sequence[Spec]) -> Iterator[Spec]:
    for name, other in (("x", "y"), ("y", "x")):
        error = trace.get(f"error_{name}") or {}
        above = _listed(error.get("array"))
        below = _listed(error.get("arrayminus")) or above
        values = [
            {other: row[other], "low": row[name] - below[row["n"]], "high": row[name] + above[row["n"]]}
            for row in rows
            if above and None not in (row[name], above[row["n"]], below[row["n"]])
        ]
        if values:
            encoding = {other: {"field": other}, name: {"field": "low"}, f"{name}2": {"field": "high"}}
            mark = {"type": "rule", "color": trace["colour"], "strokeWidth": 1.3, "opacity": 0.8}
            yield {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _dash(trace: Mapping[str, Any]) -> list[int]:
    return _DASHES.get((trace.get("line") or {}).get("dash") or "solid", [])


def _thick(trace: Mapping[str, Any]) -> float:
    return float((trace.get("line") or {}).get("width") or 2)


def _sign(trace: Mapping[str, Any], shape: str, *, hollow: bool) -> Spec:
    size = float((trace.get("marker") or {}).get("size") or 8)
    drawn = _SHAPES.get(shape, "circle")
    line_only = shape.startswith("line-")
    return {"type": "point", "shape": drawn, "size": size**2 * 0.8, "stroke": trace["colour"], "strokeWidth": 1.7, "opacity": 1,
            "fill": "transparent" if line_only else "white" if hollow else trace["colour"]}  # fmt: skip


def _letters(trace: Mapping[str, Any]) -> Spec:
    font = trace.get("textfont") or {}
    above = {"dy": -11, "baseline": "bottom"} if trace.get("textposition") == "top center" else {"baseline": "middle"}
    return {"type": "text", "fontSize": float(font.get("size") or 12), **above, "color": font.get("color") or "#1C2733"}


def _lines(layout: Mapping[str, Any]) -> Iterator[Spec]:
    """Lines from edge to edge at an x of the chart."""
    for shape in layout.get("shapes", ()):
        line, at = shape.get("line") or {}, shape["x0"]
        value = text_of(at) if isinstance(at, str) else float(at)
        mark = {"type": "rule", "color": line.get("color"), "strokeDash": _DASHES.get(line.get("dash") or "solid", []),
                "strokeWidth": float(line.get("width") or 1)}  # fmt: skip
        yield {"data": {"values": [{"x": value}]}, "mark": mark, "encoding": {"x": {"field": "x"}, "y": None}}


def _notes(layout: Mapping[str, Any], look: Look) -> Iterator[Spec]:
    """Texts that stand at an x, at a value or at the upper or lower edge."""
    for note in layout.get("annotations", ()):
        at = note["x"]
        row: Spec = {"x": text_of(at) if isinstance(at, str) else float(at), "text": text_of(note["text"])}
        font = note.get("font") or {}
        mark = {"type": "text", "fontSize": float(font.get("size") or 11), "color": font.get("color") or look.ink}
        encoding: Spec = {"x": {"field": "x"}, "text": {"field": "text"}}
        if note.get("yref") == "paper":
            top = float(note["y"]) > 0.5
            outside = top and note.get("yanchor") == "bottom"
            encoding["y"] = {"value": 0 if top else _height(layout)}
            mark |= {"baseline": "bottom" if outside or not top else "top", "dy": -4 if outside or not top else 4}
        else:
            row["y"], encoding["y"] = float(note["y"]), {"field": "y"}
            mark |= {"baseline": "bottom", "dy": -12}
        yield {"data": {"values": [row]}, "mark": mark, "encoding": encoding}


def _legend(traces: Sequence[Mapping[str, Any]], look: Look) -> list[Spec]:
    """The names of the traces with their signs, in as many rows as they need; none where no trace is named."""
    named = [each for each in traces if each.get("showlegend") is not False and each.get("name")]
    rows: list[Spec] = []
    x = y = 0.0
    for trace in named:
        name = text_of(trace["name"])
        wide = 34 + _LETTER * text_width(name)
        if x and x + wide > WIDTH:
            x, y = 0.0, y + _LEGEND_ROW
        rows.append(
            {"x": x, "y": y + 10, "end": x + 22, "middle": x + 11, "from": x + 28, "name": name, "trace": trace}
        )
        x += wide + 14
    layers = [layer for row in rows for layer in _key(row, look)]
    held = {"width": WIDTH, "height": y + _LEGEND_ROW, "layer": layers}
    return [held] if layers else []


def _key(row: Spec, look: Look) -> Iterator[Spec]:
    trace = row.pop("trace")
    data = {"data": {"values": [row]}}
    y = _px("y")
    mode = trace.get("mode") or ""
    if trace["type"] == "bar" or trace.get("fill") == "toself":
        colour = trace.get("fillcolor") or trace["colour"]
        yield {
            **data,
            "mark": {"type": "square", "size": 200, "color": colour, "opacity": 1},
            "encoding": {"x": _px("middle"), "y": y},
        }
    if "lines" in mode and trace.get("fill") != "toself":
        mark = {"type": "rule", "color": trace["colour"], "strokeDash": _dash(trace), "strokeWidth": _thick(trace)}
        yield {**data, "mark": mark, "encoding": {"x": _px("x"), "x2": {"field": "end"}, "y": y}}
    if "markers" in mode:
        symbols = (trace.get("marker") or {}).get("symbol") or "circle"
        first = str(symbols if isinstance(symbols, str) else next(iter(symbols), "circle"))
        several = not isinstance(symbols, str) and len({str(each) for each in symbols}) > 1
        mark = _sign(trace, first.removesuffix("-open"), hollow=first.endswith("-open") and not several)
        yield {**data, "mark": {**mark, "size": min(mark["size"], 110)}, "encoding": {"x": _px("middle"), "y": y}}
    words = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 12, "color": look.ink}
    yield {**data, "mark": words, "encoding": {"x": _px("from"), "y": y, "text": {"field": "name"}}}


def _px(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}
