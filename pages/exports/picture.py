"""A chart as PNG or SVG, drawn from Vega-Lite without a browser and without the network, in a font of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
    Path("C:/Windows/Fonts"),
    Path("/System/Library/Fonts"),
)
_FAMILIES = {  # how the file of a Chinese font begins, and the name the font answers to; the first found is taken
    "notosanscjk": "Noto Sans CJK SC",
    "sourcehansans": "Source Han Sans SC",
    "msyh": "Microsoft YaHei",
    "simhei": "SimHei",
    "wqy-zenhei": "WenQuanYi Zen Hei",
    "wqy-microhei": "WenQuanYi Micro Hei",
    "pingfang": "PingFang SC",
    "simsun": "SimSun",
    "notoserifcjk": "Noto Serif CJK SC",
}
_SCALE = 2.0  # sharp on paper
_LINE = 62  # signs of a Chinese line under the chart


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart for paper: its Vega-Lite spec, what stands over it (title; unit and period) and the lines under it
    (source, data version)."""

    spec: dict[str, Any]
    title: str
    subtitle: str
    notes: Sequence[str]


def chinese_font(folders: Iterable[Path] = FOLDERS) -> str | None:
    """The family of a Chinese font that is installed in one of the folders; None where there is none."""
    files = {file.name.lower() for folder in folders if folder.is_dir() for file in folder.rglob("*.[tToO][tT][fFcC]")}
    return next((family for start, family in _FAMILIES.items() if any(each.startswith(start) for each in files)), None)


@cache
def installed_font() -> str | None:
    """The Chinese font of this machine, looked for once."""
    return chinese_font()


def as_svg(picture: Picture) -> bytes:
    """The picture as SVG, UTF-8; its words stay words and are shown in the reader's own fonts."""
    drawn: str = vl_convert.vegalite_to_svg(complete(picture, installed_font()), allowed_base_urls=[])
    return drawn.encode()


def as_png(picture: Picture) -> bytes:
    """The picture as PNG at twice the size of the screen."""
    drawn: bytes = vl_convert.vegalite_to_png(complete(picture, installed_font()), scale=_SCALE, allowed_base_urls=[])
    return drawn


def complete(picture: Picture, font: str | None) -> dict[str, Any]:
    """The whole Vega-Lite spec: the chart between its title and its notes, all of it data."""
    notes = [line for note in picture.notes for line in wrapped(note)]
    chart = dict(picture.spec)
    chart["title"] = {"text": wrapped(picture.title, 36), "subtitle": wrapped(picture.subtitle), "anchor": "start",
                      "fontSize": 18, "subtitleFontSize": 13, "offset": 14}  # fmt: skip
    under = {
        "data": {"values": [{}]}, "width": chart.get("width", 760), "height": 16 * len(notes), "view": {"stroke": None},
        "mark": {"type": "text", "align": "left", "baseline": "top", "x": 0, "y": 0, "fontSize": 12, "lineHeight": 16,
                 "color": "#444444"},
        "encoding": {"text": {"value": notes}},
    }  # fmt: skip
    family = f"{font}, sans-serif" if font else "sans-serif"
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white", "padding": 16, "vconcat": [chart, under], "spacing": 12,
        "config": {"font": family, "axis": {"labelFontSize": 12},
                   "legend": {"orient": "bottom", "columns": 3, "labelFontSize": 12, "labelLimit": 240}},
    }  # fmt: skip


def wrapped(text: str, most: int = _LINE) -> list[str]:
    """The text in lines of at most `most` Chinese signs; one that is not Chinese takes half the room."""
    lines, room = [""], 0.0
    for sign in text:
        wide = 0.55 if sign.isascii() else 1.0
        if room + wide > most:
            lines, room = [*lines, ""], 0.0
        lines[-1] += sign
        room += wide
    return lines
