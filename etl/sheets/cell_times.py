"""When the number of a cell is of: what its table, its row and its column say together."""

from __future__ import annotations

import re
from dataclasses import replace

from etl.sheets import words
from etl.sheets.cohorts import of_cohort
from etl.sheets.labels import Label
from etl.sheets.periods import cohort_years, month_within, part_within, stamp_within
from etl.sheets.rows import Row
from etl.sheets.titles import Frame
from etl.sheets.when import told_by_label

_COHORT_FLOWS = frozenset(("transfer_in", "transfer_out", "suspended", "resumed", "withdrawn"))
_LEFT_COHORT = re.compile(r"减少.*/(?:辍学|流失)")  # since it began, as 转出 and 休学 beside it


def period_of(frame: Frame, row: Row, label: Label) -> str | None:
    """The period of a cell, as far as table, row and column tell it."""
    base = row.period or part_within(frame.period, row.part) or stamp_within(frame.period, row.month, row.day)
    base = base or frame.period
    cohort = cohort_years(row.cohort, cohort_length(frame, row)) if row.cohort else None
    if cohort and (label.indicator in _COHORT_FLOWS or _LEFT_COHORT.search(label.text)):
        return f"SY{cohort[0]}..SY{cohort[1]}"
    if cohort and not row.period:
        base = of_cohort(frame.period, f"SY{cohort[1]}", frame.several_cohorts)
    if row.label.period and row.label.known and not (label.period or label.month or label.quarter):
        label = replace(label, period=row.label.period)  # 2025年9月在校生 below 2024年9月在校生
    if label.period and row.month:
        label = replace(label, period=month_within(label.period, row.month))
    if row.label.shift == "last" and not label.shift:
        label = replace(label, shift="last")
    return told_by_label(base, label)


def cohort_length(frame: Frame, row: Row) -> int:
    """Six years of primary school, three of junior: from the row's level or the school's name, else from the title."""
    level = row.dims.get("level") or words.level_of_name(row.entity)
    if level in ("PRI", "JUN"):
        return 6 if level == "PRI" else 3
    return 6 if "六年" in frame.topic or "小学" in frame.topic else 3
