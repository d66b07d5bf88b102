"""Columns without a name of their own under a heading or beside columns that tell what they count: 男 | 女 | 小计 of the grades
beside 班数, kinds of problems under 发现问题, 应查 | 已查 under 查验机构, the only numbers beside a list of indicators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.labels import Label, read_label
from etl.sheets.vocabulary import Vocabulary

if TYPE_CHECKING:
    from etl.sheets.columns import Column
    from etl.sheets.header import Table

_GRADES = re.compile(r"(?:所在)?(?:年级|班级|年级班级)(?:别|名称)?")
_KIND = re.compile(r"[一-鿿、/]{2,8}")
_OF_SCHOOLS = re.compile(r"(?:查验|检查|应查|受检|托幼)*(?:机构|学校|单位|园所|校园)(?:数|情况)?")
_DUE = re.compile(r"应(?:查验?|检|验)(?:数|个数)?")
_DONE = re.compile(r"(?:实际?|已)(?:查验?|检|验)(?:数|个数)?")
_SURE = 0.9


def with_bare_counts(table: Table, columns: Sequence[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """The columns with those named that only what stands over or beside them names."""
    found = _with_kinds(table, _with_institutions(table, _with_pupils(columns)), vocabulary, topic)
    return _with_lone_values(table, found, vocabulary, topic)


def _with_pupils(columns: Sequence[Column]) -> list[Column]:
    """年级 | 班数 | 男 | 女 | 小计: the pupils of every grade."""
    heads = [words.label_key(compact(c.label.text)) for c in columns if c.role == "item"]
    values = [c for c in columns if c.role == "value"]
    known = {c.label.indicator for c in values}
    sexes = [c for c in values if _is_bare(c) and set(c.label.dims) == {"sex"}]
    if not any(map(_GRADES.fullmatch, heads)) or "classes" not in known or "enrollment" in known or len(sexes) != 2:
        return list(columns)
    at = {columns.index(c) for c in sexes}
    sums = {n for n, c in enumerate(columns) if _is_bare(c) and c.label.total and {n - 1, n + 1} & at}
    return [
        replace(c, label=replace(c.label, indicator="enrollment", confidence=_SURE)) if n in at | sums else c
        for n, c in enumerate(columns)
    ]


def _is_bare(column: Column) -> bool:
    return column.role == "value" and not column.label.known and not column.label.rest


def _with_institutions(table: Table, columns: Sequence[Column]) -> list[Column]:
    """应查 | 已查 under 查验机构 are of institutions, not of children."""
    found = list(columns)
    for n, column in enumerate(found):
        path = [key for part in table.paths[column.index] if (key := words.label_key(compact(part)))]
        if column.role != "value" or len(path) < 2 or not _OF_SCHOOLS.fullmatch(path[-2]):
            continue
        part = (
            "institutions_due" if _DUE.fullmatch(path[-1]) else "institutions_done" if _DONE.fullmatch(path[-1]) else ""
        )
        if part:
            label = replace(column.label, indicator=None, part=part, rest="", confidence=_SURE)
            found[n] = replace(column, label=label)
    return found


def _with_kinds(table: Table, columns: Sequence[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """食品 | 饮水 | 教室 under 发现问题: kinds of what the heading counts, where it is kept by kind."""
    found = list(columns)
    headed: dict[tuple[str, ...], list[int]] = {}
    for n, column in enumerate(found):
        path = table.paths[column.index]
        fits = column.role == "value" and column.label.rest and not column.label.ignored and len(path) > 1
        if fits and _KIND.fullmatch(compact(path[-1])) and not words.is_total(path[-1]):
            headed.setdefault(tuple(path[:-1]), []).append(n)
    for path, places in headed.items():
        heading = read_label(path, vocabulary, topic)
        kept = heading.indicator and not heading.rest and "category" in vocabulary.dims[heading.indicator]
        for n in places if kept and len(places) > 1 else ():
            kind = compact(table.paths[found[n].index][-1])
            label = replace(
                heading, text=found[n].label.text, dims={**heading.dims, "category": kind}, confidence=_SURE
            )
            found[n] = replace(found[n], label=label)
    return found


def _with_lone_values(table: Table, columns: Sequence[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """The only column of values beside a list of indicators holds theirs, whatever it is called."""
    values = [n for n, c in enumerate(columns) if c.role == "value"]
    items = [c for c in columns if c.role == "item"]
    if len(values) != 1 or not items or any(c.role in ("entity", "cohort") for c in columns):
        return list(columns)
    label = columns[values[0]].label
    if not label.rest or label.known or label.dims or label.period or label.month or label.ignored:
        return list(columns)
    names = [str(v) for r in table.body[:_LOOKED_AT] if (v := table.sheet.raw(r, items[-1].index)) is not None]
    read = [read_label((name,), vocabulary, topic) for name in names if compact(name)]
    if sum(one.known and not one.rest for one in read) * 2 <= len(read):
        return list(columns)
    found = list(columns)
    found[values[0]] = replace(found[values[0]], label=Label(label.text, unit=label.unit))
    return found


_LOOKED_AT = 60  # rows of a long list
