"""The period of a number by its own label: a period, month, quarter or year before that stands in it, of the table's period."""

from __future__ import annotations

import re

from etl.sheets.labels import Label
from etl.sheets.periods import at_its_end, month_within, part_within, previous, since_new_year, since_school_year

_SCHOOL_YEAR, _TERM = re.compile(r"学年[初末]"), re.compile(r"SY\d{4}-T2")
_LAST_TERM = re.compile(r"上学?期(?!末)|上一学期")  # the one before, of what is told on a day of autumn
_IN_FIRST_TERM = re.compile(r"(\d{4})-(?:09|10)-\d{2}")
_BY_CALENDAR = ("vaccination_", "hygiene_", "infectious_", "cluster_", "foodborne_")  # counted from January on


def told_by_label(base: str | None, label: Label) -> str | None:
    """The period of a number whose table, row or card is of `base`: 9月出勤率 on the card of a school year is of that month."""
    if label.period:
        base = label.period
    elif base is not None and _LAST_TERM.match(label.text) and (opened := _IN_FIRST_TERM.fullmatch(base)):
        base = f"SY{int(opened[1]) - 1}-T2"
    elif base is not None and _SCHOOL_YEAR.match(label.text) and _TERM.fullmatch(base):
        base = base[: len("SY2024")]  # 学年初在校生 in a table of the second term
    elif label.month:
        base = month_within(base, label.month) or base
    elif label.quarter:
        return part_within(base, label.quarter) or base
    if label.shift in ("start", "end"):
        return at_its_end(base, label.shift)
    if label.shift == "last":
        return previous(base)
    if label.shift != "cumulative":
        return base
    return since_new_year(base) if (label.indicator or "").startswith(_BY_CALENDAR) else since_school_year(base)
