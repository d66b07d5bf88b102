"""When the numbers of a row are of: its stamp, or the month under 月份 beside the term or year that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from etl.sheets import words
from etl.sheets.above import Above
from etl.sheets.cells import compact
from etl.sheets.columns import Column
from etl.sheets.periods import month_within, stamped_part
from etl.sheets.row import stamp_parts, stamped_period
from etl.sheets.sheet import Sheet

_MONTHS = re.compile(r"月份?|月次|月别|月度")
_SEASON = re.compile(r"([春秋])季?(?:学期)?")


@dataclass(frozen=True, slots=True)
class When:
    """When a row's numbers are of."""

    period: str | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""
    total: bool = False


def when_of(
    sheet: Sheet, index: int, stamps: Sequence[tuple[Column, object]], topic: str, above: Above, total: bool
) -> When:
    """What the stamps of a row say. `stamps` are the columns of times with what stands in them, or above."""
    if not stamps:
        return When(total=total)
    column, stamp = stamps[0]
    told = _told(stamp, column, topic, above, total, _own(sheet, index, column) != "")
    month = None if told.total else _month_beside(sheet, index, stamps[1:])
    if month is None or told.month or (told.period and len(told.period) > len("SY2024-T1")):
        return told
    if told.period is None:
        return When(month=month)
    period = month_within(told.period, month)
    return When(period) if period else told


def _own(sheet: Sheet, index: int, column: Column) -> str:
    return compact(sheet.filled(index, column.index) or "")


def _month_beside(sheet: Sheet, index: int, stamps: Sequence[tuple[Column, object]]) -> int | None:
    """The month under 月份 behind the term (学期 | 月份), where the row has its own."""
    for column, _ in stamps:
        if _MONTHS.fullmatch(column.label.text) and (text := _own(sheet, index, column)):
            return stamp_parts(text, column.label.text)[0]
    return None


def _told(stamp: object, column: Column, topic: str, above: Above, total: bool, own: bool) -> When:
    """What one stamp says, and whether it makes the row a sum; a day that is not the row's own is not that of a sum."""
    if not stamp:
        return When(total=total)
    period = stamped_period(stamp, column.label.text, topic)
    if period is not None:
        if total and not own and len(period) == len("2024-03-05"):
            return When(total=total)
        above.period = period
        return When(period, total=total)
    total = total or words.is_sum_over_time(str(stamp))
    if part := stamped_part(stamp):
        season = _SEASON.match(compact(stamp))
        return When(part=season[1] if season else part, total=total)
    month, day = stamp_parts(stamp, column.label.text)
    return When(above.month_before(month) if total else None, month, day, total=total)
