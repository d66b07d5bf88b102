"""What the last five years say of a unit, in words: better, worse, no change that can be told from chance."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.analysis import display
from pages.analysis.recent_trend import Verdict, verdict
from pages.ui import data, tables
from pages.ui.text import say

_COLOURS = {"met": "blue", "missed": "orange"}
_GOOD = {"higher": "↑", "lower": "↓"}  # which way an indicator moves when it gets better
_TURNED = {"↑": "↓", "↓": "↑"}
_SIGNS = {"better": "met", "worse": "missed", "jump_better": "met", "jump_worse": "missed"}  # states: colour and sign


def breaks(unit_id: int, periods: pd.DataFrame) -> frozenset[str]:
    """The periods (columns `period`, `start_date`, `end_date`) in which a unit took over merged schools."""
    found = set()
    for day in data.merged_into(unit_id):
        hit = periods[(pd.to_datetime(periods["start_date"]) <= day) & (day <= pd.to_datetime(periods["end_date"]))]
        found.update(str(each) for each in hit["period"])
    return frozenset(found)


def of_unit(rows: pd.DataFrame, indicator: Indicator, unit_id: int, period: str) -> Verdict:
    """The course of a unit over the five years that end with a period; `rows` are its rows of measures.measured."""
    return verdict(rows, period, indicator.direction, breaks(unit_id, rows))


def words(course: str) -> str:
    """A course as one phrase (`近五年变差`, `本期变差`); empty where five years say nothing."""
    if course in ("steady", "unknown"):
        return ""
    word = say(f"courses.{course}")
    return word if course.startswith("jump_") else say("courses.phrase", word=word)


def arrow(course: str, direction: str) -> str:
    """Which way the values of an indicator (good when `higher` or `lower`) went: ↑, ↓, or → where no change can be told
    from chance; empty where five years say nothing or point in no one direction."""
    moved = course.removeprefix("jump_")
    if moved in ("better", "worse"):
        good = _GOOD.get(direction, "")
        return good if moved == "better" else _TURNED.get(good, "")
    return {"rising": "↑", "falling": "↓", "steady": "→"}.get(moved, "")


def badge(course: str, direction: str) -> None:
    """The tested course as arrow, word and colour; nothing where five years say nothing."""
    if course == "unknown":
        return
    word = words(course) or say("courses.phrase", word=say(f"courses.{course}"))
    colour = _COLOURS.get(_SIGNS.get(course, ""), "gray")
    # a badge would be cut off in a narrow tile; a background wraps
    text = " ".join(filter(None, (arrow(course, direction), word)))
    st.markdown(f":small[:{colour}-background[{text}]]", help=say(f"courses.{course}_note"))


def tested(course: str, direction: str, change: float | None) -> bool:
    """Whether a change goes the way of a course that is beyond chance: only then it deserves a colour."""
    way = arrow(course, direction)
    return bool(change) and way in _TURNED and (change > 0) == (way == "↑")


def cell(found: Verdict, decimals: int) -> tables.Cell:
    """The course as a cell of a table: its word with sign and colour, and what it means below."""
    notes = [say(f"courses.{found.course}_note")]
    if found.smallest is not None:
        notes = [say("courses.smallest", value=display.number(found.smallest, max(1, decimals)))]
    sign = _SIGNS.get(found.course, "")
    words = say(f"courses.{found.course}")
    return tables.Cell("", None, tuple(notes), sign, words) if sign else tables.Cell(words, None, tuple(notes))
