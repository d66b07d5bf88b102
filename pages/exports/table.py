"""What every export is made from: one frame, its title, and the lines that say what the numbers mean."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


@dataclass(frozen=True, slots=True)
class Table:
    """A frame with column names as people read them; `notes` are lines such as definition, unit and source."""

    title: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    sheet: str = ""  # the name of its sheet in a workbook; the title where it has none of its own


def missing(value: object) -> bool:
    """Whether a cell of a frame is empty: None, NaN, NaT or pandas' NA."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; other text is untouched.

    White space in front does not help an attacker: programs trim it before they look at the first sign.
    """
    return f"'{text}" if text.startswith(RISKY) or text.lstrip().startswith(RISKY) else text
