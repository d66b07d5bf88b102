"""Evaluators of ledgers, one finding a row: a problem that is entered twice, a mark that no school can have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.catalogue.rule_kinds import BoundCheck, LayoutCheck, UniqueCheck
from etl.checks.findings import Asked, Finding, shown
from etl.checks.tables import cell_at, number
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.left_out import ledger_column
from etl.sheets.views import View

_UNIT = re.compile(r"(?:被检查?|受检|责任|整改|检查)?(?:学校|单位|幼儿园|园所|机构)(?:名称)?")
_FOUND_ON = re.compile(r"(?:检查|发现|排查|登记|抽查|督查)?(?:日期|时间)")
_MARK = re.compile(r"(?:检查|评价|考核|综合|实际)?(?:得分|评分|分数|总分)")
_FULL = 100  # full marks of an inspection
_ONE_OF = 4  # entries of which one may lack its school; more of them leave it out on purpose
_MOST_OVER = 3  # of so many marks one may be above: more of them are marked otherwise
Heads = dict[int, str]


def _heads(view: View) -> Heads:
    return {c: words.label_key(path[-1]) for c, path in enumerate(view.table.paths) if path}


def _column(heads: Heads, pattern: re.Pattern[str]) -> int | None:
    return next((c for c, key in heads.items() if pattern.fullmatch(key)), None)


def _ledgers(views: Sequence[View]) -> Iterator[tuple[View, Heads, int]]:
    """The ledgers among the tables, with their heads and the column of problems."""
    for view in views:
        problem = ledger_column(view.table) if not view.columns else None
        if problem is not None:
            yield view, _heads(view), problem


def _text(view: View, row: int, col: int) -> str:
    value = view.table.sheet.filled(row, col)
    return "" if value is None else compact(value)


def repeated(asked: Asked, check: UniqueCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B21: the same problem of the same school on the same day in two rows."""
    for view, heads, problem in _ledgers(views):
        unit, day = _column(heads, _UNIT), _column(heads, _FOUND_ON)
        if unit is None or day is None:
            continue
        first: dict[tuple[str, ...], int] = {}
        for row in view.table.body:
            key = tuple(_text(view, row, col) for col in (unit, day, problem))
            earlier = first.setdefault(key, row) if all(key) else row
            if earlier == row:
                continue
            cells = [cell_at(view, at, col) for col in (unit, day, problem) for at in (row, earlier)]
            yield asked.find(cells, unit=key[0], first=cells[1][1], again=cells[0][1], told="日期和问题都相同")


def unnamed(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """A problem of nobody, where nearly all others name their school."""
    for _, heads, problem in _ledgers([view]):
        unit = _column(heads, _UNIT)
        entered = [row for row in view.table.body if _text(view, row, problem)]
        blank = [] if unit is None else [row for row in entered if not _text(view, row, unit)]
        for row in blank if len(blank) * _ONE_OF <= len(entered) else ():
            assert unit is not None
            cells = [cell_at(view, row, col) for col in (unit, problem)]
            yield asked.find(cells[:1], beside=cells[1:], cell=cells[0][1], value="空白", unit="", other=cells[1][1])


def marks(asked: Asked, check: BoundCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B02: a mark above a hundred or below nought, where the others are not."""
    for view, heads, _ in _ledgers(views) if check.of == "bounds" else ():
        col = _column(heads, _MARK)
        given = (
            [] if col is None else [(row, n) for row in view.table.body if (n := number(view, row, col)) is not None]
        )
        wrong = [(row, n) for row, n in given if not 0 <= n <= _FULL]
        for row, n in wrong if len(wrong) * _MOST_OVER <= len(given) else ():
            assert col is not None
            cell = cell_at(view, row, col)
            yield asked.find(
                [cell], name=heads[col], value=shown(n), cell=cell[1], low="0", high=str(_FULL),
                limit=shown(Decimal(_FULL if n > _FULL else 0)),
            )  # fmt: skip
