"""What the last five years say of a unit, in words: better, worse, no change that can be told from chance."""

from __future__ import annotations

import pandas as pd

from db.catalogue import Indicator
from pages.analysis import display
from pages.analysis.recent_trend import Verdict, verdict
from pages.ui import data, tables
from pages.ui.text import say

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


def cell(found: Verdict, decimals: int) -> tables.Cell:
    """The course as a cell of a table: its word with sign and colour, and what it means below."""
    notes = [say(f"courses.{found.course}_note")]
    if found.smallest is not None:
        notes = [say("courses.smallest", value=display.number(found.smallest, max(1, decimals)))]
    sign = _SIGNS.get(found.course, "")
    words = say(f"courses.{found.course}")
    return tables.Cell("", None, tuple(notes), sign, words) if sign else tables.Cell(words, None, tuple(notes))
