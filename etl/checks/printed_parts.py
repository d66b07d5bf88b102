"""Evaluators of parts as they are printed (B09): 其中 beside or below what it is part of, whatever the catalogue keeps of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from db.catalogue.rule_kinds import AtMostCheck
from etl.checks.cells import numbers
from etl.checks.findings import Asked, Finding, shown
from etl.checks.printed import LONG_TABLE, WHOLE, value_columns
from etl.checks.tables import RATES, cell_at, number
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.views import View

_RATE = re.compile(RATES + "|评分")
_YOUNG = re.compile(r"[<＜≤]?\d+月龄|^其中")
_SEX = re.compile(r"(?:女|男)(?:生|童|性)?")
_SHOWN = 2  # rows in which a part is one, of three in two or more

Spot = tuple[int, int]


def printed_parts(asked: Asked, check: AtMostCheck, views: Sequence[View]) -> Iterator[Finding]:
    """其中 columns and rows that are larger than what they are part of."""
    for view in views:
        if len(view.rows) > LONG_TABLE:
            continue
        for part, whole in _under_headings(view):
            yield from _larger(asked, view, [((row.index, part), (row.index, whole)) for row in view.rows])
        for part, whole in _beside(view):
            pairs = [((row.index, part), (row.index, whole)) for row in view.rows]
            if _are_parts(view, pairs):
                yield from _larger(asked, view, pairs)
        for below, above in _below(view):
            pairs = [((below, c.index), (above, c.index)) for c in value_columns(view)]
            if _are_parts(view, pairs):
                yield from _larger(asked, view, pairs)


def _under_headings(view: View) -> Iterator[tuple[int, int]]:
    """其中<12月龄 beside 小计, 其中:残疾 beside 计, under one heading."""
    headings: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for col, path in enumerate(view.table.paths):
        if len(path) > 1:
            headings[tuple(path[:-1])].append((col, compact(path[-1])))
    for columns in headings.values():
        whole = next((col for col, text in columns if WHOLE.match(text)), None)
        for col, text in columns if whole is not None else ():
            if col != whole and _YOUNG.search(text) and not _RATE.search(text) and whole is not None:
                yield col, whole


def _beside(view: View) -> Iterator[tuple[int, int]]:
    """其中:女 and the column that it follows; 已入学女 and 已入学."""
    paths = view.table.paths
    heads = {c: words.label_key(path[-1]) for c, path in enumerate(paths) if path and not _RATE.search(path[-1])}
    whole: int | None = None
    for col, path in enumerate(paths):
        if not path or col not in heads:
            continue
        if not words.is_part_of(path[-1]):
            named = (c for c in heads if c < col and paths[c][:-1] == path[:-1] and heads[col].startswith(heads[c]))
            yield from ((col, c) for c in named if _SEX.fullmatch(heads[col].removeprefix(heads[c])))
            whole = col if not np.isnan(numbers(view, col)[view.indexes]).all() else None
        elif whole is not None and (len(path) == 1 or paths[whole][:-1] == path[:-1]):
            yield col, whole


def _below(view: View) -> Iterator[tuple[int, int]]:
    """The rows that begin with 其中 and the row that they follow, where rows are items."""
    above: int | None = None
    for row in view.rows:
        text = compact(row.problem or row.label.text).rsplit("/", 1)[-1]
        if row.entity or row.total or _RATE.search(text) or row.label.ignored:
            above = None
        elif not words.is_part_of(text):
            above = row.index
        elif above is not None and _unit(view, row.index) == _unit(view, above):
            yield row.index, above


def _unit(view: View, index: int) -> str:
    """In what a row counts: 其中:食堂数(个) is no part of 学校数(所)."""
    row = view.by_index[index]
    return (row.unit or row.label.unit).strip("()（）")


def _are_parts(view: View, pairs: Sequence[tuple[Spot, Spot]]) -> bool:
    """Whether in most places one is at most the other, so that it is a part of it."""
    numbers_of = [(number(view, *less), number(view, *more)) for less, more in pairs]
    both = [(less, more) for less, more in numbers_of if less is not None and more is not None]
    good = sum(less <= more for less, more in both)
    return good >= _SHOWN and good * 3 >= len(both) * 2


def _larger(asked: Asked, view: View, pairs: Sequence[tuple[Spot, Spot]]) -> Iterator[Finding]:
    for part, whole in pairs:
        less, more = number(view, *part), number(view, *whole)
        if less is None or more is None or less <= more:
            continue
        cell, other = cell_at(view, *part), cell_at(view, *whole)
        across = part[0] == whole[0]
        names = [_head(view, spot[1]) if across else _text(view, spot[0]) for spot in (part, whole)]
        unit = _text(view, part[0]) if across else _head(view, part[1])
        yield asked.find(
            [cell, other], less=names[0], less_value=shown(less), more=names[1], more_value=f"{shown(more)}({other[1]})",
            difference=shown(less - more), cell=cell[1], unit=unit,
        )  # fmt: skip


def _head(view: View, col: int) -> str:
    return "".join(map(compact, view.table.paths[col]))


def _text(view: View, index: int) -> str:
    row = view.by_index[index]
    total = "合计" if row.total else ""
    return compact(row.entity or row.problem or row.label.text or "") or total or f"第{index + 1}行"
