"""The school year of 上学年初 and 本学年初 in a table of moves, which tells of the year between the two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.periods import parse_period
from etl.sheets.columns import Column, Role
from etl.sheets.labels import Label
from etl.sheets.titles import Frame

_BEGIN = re.compile(r"上学?年[度]?初")
_END = re.compile(r"(?<!上)(?:本|今)?学年初")
_FIRST_MONTH, _LAST_MONTH = 9, 12


def with_turn_of_year(columns: list[Column], frame: Frame) -> list[Column]:
    """A table of moves in 2023-2024 that was filled in after September 2024: its 本学年初 is the begin of 2024-2025 and its
    上学年初 that of the year of its title. Filled in before, both are a year earlier, as the title alone has them."""
    year = re.fullmatch(r"SY(\d{4})", frame.period or "")
    if year is None or not _is_filled_in_after(int(year[1]), frame.filed):
        return columns
    begin, end = _of(columns, _BEGIN), _of(columns, _END)
    if len(begin) != 1 or len(end) != 1:
        return columns
    told, shifts = f"SY{int(year[1]) + 1}", {begin[0]: "last", end[0]: ""}
    return [
        replace(c, label=replace(c.label, period=told, shift=shifts[c.index])) if c.index in shifts else c
        for c in columns
    ]


def of_leavers(period: str | None, label: Label) -> str | None:
    """When those of 本年毕业 left, on a card that was filled in on a day of autumn: at the end of the school year before."""
    if label.indicator != "graduates" or label.period or label.month or label.shift:
        return period
    day = re.fullmatch(r"(\d{4})-(?:09|1[0-2])-\d{2}", period or "")
    return f"SY{int(day[1]) - 1}" if day else period


def _is_filled_in_after(year: int, filed: str) -> bool:
    day = parse_period(filed).start if re.fullmatch(r"\d{4}-\d{2}-\d{2}", filed) else None
    return day is not None and day.year == year + 1 and _FIRST_MONTH <= day.month <= _LAST_MONTH


def _of(columns: Sequence[Column], wanted: re.Pattern[str]) -> list[int]:
    return [c.index for c in columns if c.role is Role.VALUE and _is_stock(c.label) and wanted.search(c.label.text)]


def _is_stock(label: Label) -> bool:
    return label.indicator == "enrollment" and not label.rest and not label.period
