"""Days as cells hold them: dates, numbers that Excel shows as dates, and texts."""

from __future__ import annotations

import re
from datetime import date, datetime

from etl.sheets.cells import compact
from etl.sheets.periods import serial_day

FULL = re.compile(r"((?:19|20)\d{2})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?(?:[ T]?\d{1,2}:\d{2}(?::\d{2})?)?")
SHORT = re.compile(r"(\d{1,2})(?:月|[-./])(\d{1,2})日?")


def read_date(value: object, year: int | None = None) -> date | None:
    """The day of a cell; `year` is that of a day without one. None when it is no real day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if (day := serial_day(value)) is not None:
        return day
    text = compact(value) if value is not None else ""
    full, short = FULL.fullmatch(text), SHORT.fullmatch(text)
    numbers = [int(n) for n in full.groups()] if full else [year, *map(int, short.groups())] if short and year else None
    try:
        return date(*numbers) if numbers else None
    except ValueError:
        return None
