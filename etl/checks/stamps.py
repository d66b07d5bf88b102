"""Evaluators of the times that rows name: months outside the period of the title, cohorts that did not leave in its year."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from db.catalogue.rule_kinds import LayoutCheck
from db.periods import Period, parse_period, period_words
from etl.checks.days import read_date
from etl.checks.findings import Asked, Finding
from etl.checks.oddities import period_columns, texts_below
from etl.checks.tables import cell_at
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Role
from etl.sheets.periods import find_period
from etl.sheets.rows import Row
from etl.sheets.views import View

_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})(?:年|[-./])(\d{1,2})月?份?")
_COHORT = re.compile(r"((?:19|20)\d{2})(级|届)")
_MONTH = re.compile(r"(\d{1,2})月份?")
_FILLED_IN = re.compile(r"(?:填表|填报|填写|上报|报送|报告|登记|录入)(?:日期|时间)")
_COUNTED_ON = re.compile(r"统计(?:日期|时间)")
_LISTED = 20_000  # rows whose days are looked at
_LENGTHS = (3, 4, 5, 6, 9)  # years that a cohort is at school
_ONE_OF = 4  # rows of which one may be of another time; more of them are there on purpose
_DAYS_EARLY = 60  # days before its school year on which nobody counts it
_LEAST = 3  # rows that must be of the time of the title


def stray_month(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """2025年10月 in a table of the first term of 2024-2025."""
    if not view.period or (period := parse_period(view.period)).kind == "date":
        return
    for col in period_columns(view):
        months = [
            (row, text, date(int(found[1]), int(found[2]), 1))
            for row, text in texts_below(view, col)
            if (found := _YEAR_MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12
        ]
        outside = [(row, text) for row, text, day in months if not period.start.replace(day=1) <= day <= period.end]
        if len(outside) * _ONE_OF > len(months) or len(months) - len(outside) < _LEAST:
            continue
        for row, text in outside:
            cell = cell_at(view, row, col)
            yield asked.find([cell], value=text, cell=cell[1], unit="", other=period_words(period))


def stray_cohort(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """2020级 in a table of those who left their primary schools in 2024, where the other schools of its level say 2018级."""
    column = next((c for c in view.columns if c.role is Role.COHORT), None)
    titles = " ".join(compact(view.table.sheet.raw(*spot)) for spot in view.table.titles)
    named = {year for year, kind in _COHORT.findall(titles) if kind == "届"}
    if column is None or len(named) != 1:
        return
    left = int(next(iter(named)))
    levels: dict[str | None, list[tuple[Row, str]]] = defaultdict(list)
    for row in view.rows:
        text = view.texts(column.index)[row.index]
        if _COHORT.fullmatch(text):
            levels[words.level_of_name(row.entity)].append((row, text))
    for told in levels.values():
        usual, n = Counter(text for _, text in told).most_common(1)[0]
        stray = [(row, text) for row, text in told if text != usual]
        for row, text in stray if n >= _LEAST and len(stray) * _ONE_OF <= len(told) and _leaves(usual, left) else ():
            cell = cell_at(view, row.index, column.index)
            yield asked.find([cell], value=text, cell=cell[1], unit=row.entity or "", other=f"{left}届({usual})")


def filled_in_before(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """A row that was filled in before the time that it reports on began: one of the two is wrong."""
    heads = {c: words.label_key(path[-1]) for c, path in enumerate(view.table.paths) if path}
    filled = next((c for c, key in heads.items() if _FILLED_IN.fullmatch(key)), None)
    counted = next((c for c, key in heads.items() if _COUNTED_ON.fullmatch(key)), None) if filled is None else None
    filled = counted if filled is None else filled
    if filled is None or len(view.table.body) > _LISTED:
        return
    stamp = next((c.index for c in view.columns if c.role is Role.PERIOD and c.index != filled), None)
    rows = _counted_before(view, filled, stamp) if counted is not None else view.table.body
    for row in rows:
        day = read_date(view.table.sheet.raw(row, filled))
        period = _told_time(view, row, stamp)
        if day is None or period is None or day >= period.start:
            continue
        cell = cell_at(view, row, filled)
        beside = [cell_at(view, row, stamp)] if stamp is not None else []
        unit = view.by_index[row].entity if row in view.by_index else None
        yield asked.find(
            [cell, *beside],
            value=day.isoformat(),
            cell=cell[1],
            other=period_words(period),
            unit=unit or f"第{row + 1}行",
        )


def _counted_before(view: View, col: int, stamp: int | None) -> list[int]:
    """The few rows of the next school year or a later one that were counted before it; the first days of September belong to
    either."""
    if stamp is None or len(view.table.body) > _LISTED // 10:
        return []
    days = [(row, read_date(view.table.sheet.raw(row, col)), _told_time(view, row, stamp)) for row in view.table.body]
    told = [(row, day, when) for row, day, when in days if day is not None and when is not None]
    early = [row for row, day, when in told if (when.start - day).days > _DAYS_EARLY]
    return early if len(early) * _ONE_OF <= len(told) else []


def _told_time(view: View, row: int, stamp: int | None) -> Period | None:
    """What the row says of its time, with the year of the title where it names a month only; else what the title says."""
    text = compact(view.table.sheet.filled(row, stamp) or "") if stamp is not None else ""
    whole = parse_period(view.period) if view.period else None
    code = find_period(text) if text else None
    if code:
        return parse_period(code)
    month = _MONTH.fullmatch(text)
    if month and whole is not None and 1 <= int(month[1]) <= 12:
        year = whole.start.year + (int(month[1]) < whole.start.month)
        return parse_period(f"{year}-{int(month[1]):02d}")
    return whole


def _leaves(cohort: str, left: int) -> bool:
    """Whether a cohort, named by the year in which it came (级) or left (届), can have left in a year."""
    year = int(cohort[:4])
    return year == left if cohort.endswith("届") else left - year in _LENGTHS
