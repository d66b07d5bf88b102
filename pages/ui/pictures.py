"""Charts of the screen as files: what stands around them on paper, and how they are made when someone asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from pages.analysis import display
from pages.charts import multiples, on_paper
from pages.exports import fonts, picture
from pages.ui import data, datasets, proofs
from pages.ui.text import join, listed, period_text, say

KINDS: dict[picture.Kind, str] = {"png": "image/png", "svg": "image/svg+xml"}
_FILES = 3  # sources named below a picture
Drawer = Callable[[on_paper.Caption, on_paper.Look], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be saved: its title, unit and period, the cells it shows (columns of data.cells), how it is drawn,
    and what its signs mean."""

    title: str
    unit: str
    cells: pd.DataFrame
    drawer: Drawer
    notes: tuple[str, ...] = ()


def of_figure(figure: Callable[[], Any], title: str, unit: str, cells: pd.DataFrame, *notes: str) -> Picture:
    """The picture of a figure of the screen, made again when it is asked for; `unit` is that of its axis in words."""

    def draw(caption: on_paper.Caption, look: on_paper.Look) -> dict[str, Any]:
        return on_paper.spec(figure().to_plotly_json(), caption, look)

    return Picture(title, unit, cells, draw, notes)


def of_panels(
    panels: Callable[[], Sequence[multiples.Panel]],
    title: str,
    cells: pd.DataFrame,
    scale: tuple[float, float] | None = None,
) -> Picture:
    """The picture of many short courses; `scale`: the lowest and the highest value of all, where they share it."""

    def draw(caption: on_paper.Caption, look: on_paper.Look) -> dict[str, Any]:
        return on_paper.framed(multiples.plots(panels(), look, scale), caption, look)

    return Picture(title, say("pictures.own_scale" if scale is None else "pictures.one_scale"), cells, draw)


def span(cells: pd.DataFrame) -> str:
    """The periods of some cells in words: one, or the first and the last."""
    held = cells[cells["period"] != ""].sort_values(["end_date", "start_date"])
    codes = list(dict.fromkeys(str(each) for each in held["period"]))
    if not codes:
        return ""
    ends = [period_text(each) for each in dict.fromkeys([codes[0], codes[-1]])]
    return say("pictures.span", first=ends[0], last=ends[-1]) if len(ends) > 1 else ends[0]


def look() -> on_paper.Look:
    """Fonts and colours of paper: those of the page's light theme."""
    families = fonts.chinese()
    first = fonts.first(fonts.SANS, families)
    names = dict.fromkeys([*([first] if first else []), *fonts.SANS])
    spelled = ", ".join(f"'{name}'" for name in names)
    colours = tuple(str(each) for each in st.get_option("theme.chartCategoricalColors") or ())
    ink, muted = (str(st.get_option(f"theme.light.{name}")) for name in ("textColor", "grayColor"))
    return on_paper.Look(f"{spelled}, sans-serif", ink, muted, colours)


def can_write() -> bool:
    """Whether this machine has a font for the words of a picture."""
    return bool(fonts.chinese())


def spec(one: Picture, version: str = "") -> dict[str, Any]:
    """The whole chart, with the line of its sources and that of the data's version (`version`: another one for it)."""
    foot = (*one.notes, sources(one.cells), version or datasets.stamp())
    return one.drawer(on_paper.Caption(one.title, join([one.unit, span(one.cells)]), foot), look())


def sources(cells: pd.DataFrame) -> str:
    """Which files and how many records the values of some cells rest on."""
    cells = cells[(cells["period"] != "") & cells["value"].notna()]
    ids = sorted({each for found in proofs.of(cells) for each in found})
    names = list(dict.fromkeys(str(each) for each in data.records(ids)["file_name"])) if ids else []
    if not names:
        return say("pictures.no_source")
    named = listed(say("pictures.file", name=each) for each in names[:_FILES])
    key = "pictures.source" if len(names) <= _FILES else "pictures.sources"
    return say(key, names=named, files=display.number(len(names)), records=display.number(len(ids)))


def made(one: Picture, kind: picture.Kind) -> bytes:
    """The picture as a file. Raises NotDrawn."""
    return picture.drawn([spec(one)], kind)[0]


def files(held: Sequence[Picture]) -> list[tuple[str, str, str, Callable[[], bytes]]]:
    """For every picture and format (no PNG without a Chinese font: it would hold empty boxes): the words on its button, its file name, its kind, and what makes it."""
    several = len(held) > 1
    return [
        (say(f"pictures.{kind}", name=one.title) if several else say(f"save.{kind}"), f"{one.title}.{kind}", mime,
         partial(made, one, kind))
        for one in held
        for kind, mime in KINDS.items()
        if kind == "svg" or can_write()
    ]  # fmt: skip
