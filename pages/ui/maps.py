"""The bureau's own map of its divisions: read once, matched with the units, coloured like the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from db.settings import Settings
from pages.analysis import shapes
from pages.charts.districtmap import STATES, MapWords, district_map
from pages.ui import cards, data, heat, pictures, tables, wide
from pages.ui.text import join, listed, name_of, period_text, plain, say, value_text

LARGEST = 30_000_000  # bytes of a map file
NAMED = 8  # units without an area that are named


def draw(judged: pd.DataFrame, indicator: Indicator, code: str, parent: int) -> pictures.Picture | None:
    """The units below one on the map, or the sentence that says what is missing and what to do; returns the map."""
    path = Settings.from_environment().map_file
    if path is None or not path.is_file():
        st.info(say("maps.absent", path=plain(path)), icon=":material/map:")
        return None
    found = _opened(path)
    if isinstance(found, str):
        st.warning(found, icon=":material/map:")
        return None
    areas, others = found
    children = data.children(parent)
    held = {each: shape for each, shape in shapes.matched(areas, _texts(children)).items() if each in children}
    if not held:
        st.info(say("maps.none", unit=plain(data.name(parent)), path=plain(path)), icon=":material/map:")
        return None
    picture = _figure(judged[judged["period"] == code], indicator, code, parent, held)
    _left_over(children, held, others)
    return picture


def _opened(path: Path) -> tuple[list[shapes.Shape], int] | str:
    """The areas of the file with the number of other features, or what is wrong with it."""
    state = path.stat()
    if state.st_size > LARGEST:
        return say("maps.large", path=plain(path), size=state.st_size // 1_000_000, most=LARGEST // 1_000_000)
    found = _areas(str(path), state.st_mtime_ns, state.st_size)
    if isinstance(found, shapes.NotAMap):
        return say(f"maps.fault.{found.reason}", path=plain(path), where=found.where)
    return found


@st.cache_data(max_entries=2, show_spinner=False)
def _areas(path: str, changed: int, size: int) -> tuple[list[shapes.Shape], int] | shapes.NotAMap:
    try:
        areas, others = shapes.read(Path(path).read_bytes())
    except shapes.NotAMap as fault:
        return fault
    return shapes.thinned(areas), others


def _texts(children: list[int]) -> dict[int, list[str]]:
    """The codes and names under which the map may know a unit; schools are no areas. Of too many towns those that are
    shown."""
    units = [*data.upper(), *map(data.unit, children)] if wide.has_too_many("town") else data.tree()
    return {
        each.id: [text for text in (each.code, each.name, each.short_name) if text]
        for each in units
        if each.kind != "school"
    }


def _figure(
    rows: pd.DataFrame, indicator: Indicator, code: str, parent: int, held: Mapping[int, shapes.Shape]
) -> pictures.Picture:
    rows = rows[rows["value"].notna()]
    frame = rows.assign(
        text=[
            value_text(value, indicator) + " " + tables.SYMBOLS[state].strip()
            for value, state in zip(rows["value"], rows["state"], strict=True)
        ],
        detail=[heat.detail(row) for row in rows.to_dict("records")],
    )
    benchmark = str(rows["benchmark"].iloc[0]) if len(rows) else "target"
    states = {each: tables.SYMBOLS[each] + cards.state_words(each, benchmark) for each in STATES}
    words = MapWords({each: data.name(each) for each in held}, states)
    alt = say("maps.alt", indicator=name_of(indicator), unit=data.name(parent), period=period_text(code))
    st.caption(join([heat.key_to_colours({benchmark}), say(f"common.axis.{indicator.unit}")]))
    cards.chart(district_map(frame, held, words, cards.state_colours(), cards.ink()), key="map", alt=alt)
    on_paper = district_map(frame, held, words, cards.state_colours("light"), cards.ink("light"))
    title = join([name_of(indicator), data.name(parent)])
    return pictures.of_figure(lambda: on_paper, title, say(f"common.axis.{indicator.unit}"), rows)


def _left_over(children: list[int], held: Mapping[int, shapes.Shape], others: int) -> None:
    rest = [data.name(each) for each in children if each not in held]
    if rest:
        st.caption(plain(say("maps.without", units=listed(rest[:NAMED]), n=len(rest))))
    if others:
        st.caption(say("maps.others", n=others))
