"""Counts that their own words set against each other, whatever the catalogue keeps of them: 应完成 | 实完成, 到园 | 已检 of the
morning, what was found among those examined (检出), schools visited of all schools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from db.catalogue.rule_kinds import LayoutCheck
from etl.checks.cells import numbers
from etl.checks.findings import Asked, Finding
from etl.checks.printed import LONG_TABLE, count_columns, head_of
from etl.checks.tables import cell_at, printed_name
from etl.sheets import words
from etl.sheets.columns import Column
from etl.sheets.views import View

_DUE, _DONE = re.compile(r"^(?:应该?|计划)(?=.)"), re.compile(r"^(?:实际?|已)(?=.)")
_PRESENT, _SEEN = re.compile(r"^(?:实)?到[园校]"), re.compile(r"^(?:已|实)[晨午]?检")
_EXAMINED = re.compile(r"^(?:实检|受检|实际?(?:体检|筛查|检查)|体检|参检)(?:人数|数)?$")
_FOUND = re.compile(r"检出|患病|异常")
_VISITED = re.compile(r"^已?(?:巡查|检查|督查|抽查|监督|覆盖)(?:的)?学校(?:数|\(去重\))?$")
_SCHOOLS = re.compile(r"^(?:辖区)?(?:中小)?学校(?:总)?数$|^辖区学校$")
_LEAST = 4  # rows that must keep the order of two columns
_ONE_OF = 4  # rows of which one may break it

Pair = tuple[Column, Column]  # what may not be larger, than what


def in_order(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """The rows in which a count is larger than the one that limits it in nearly all others."""
    if not _LEAST < len(view.rows) <= LONG_TABLE:
        return
    columns = count_columns(view)
    for less, more in _PAIRS[check.of](view, columns):
        small, large = numbers(view, less.index)[view.indexes], numbers(view, more.index)[view.indexes]
        both = ~np.isnan(small) & ~np.isnan(large)
        wrong = np.flatnonzero(both & (small > large)).tolist()
        if len(wrong) * _ONE_OF > both.sum() or both.sum() - len(wrong) < _LEAST:
            continue
        single = [n for n in wrong if not view.rows[n].total]
        for n in single or wrong:  # a sum follows from its parts
            row = view.rows[n]
            cells = [cell_at(view, row.index, c.index) for c in (less, more)]
            unit = row.entity or row.school_class or row.label.text or ("合计" if row.total else f"第{row.index + 1}行")
            yield asked.find(
                cells, unit=unit, value=f"{printed_name(less.label)}{small[n]:g}", cell=cells[0][1],
                other=f"{printed_name(more.label)}{large[n]:g}({cells[1][1]})",
            )  # fmt: skip


def _heading(view: View, column: Column) -> tuple[str, ...]:
    return tuple(view.table.paths[column.index][:-1])


def _is_known(column: Column) -> bool:
    return bool(column.label.indicator or column.label.part) and not column.label.rest


def _due_and_done(view: View, columns: Sequence[Column]) -> Iterator[Pair]:
    heads = [(c, head_of(view, c)) for c in columns]
    for done, key in heads:
        for due, other in heads:
            same = _heading(view, due) == _heading(view, done) and not (_is_known(due) and _is_known(done))
            stems = _DONE.sub("", key), _DUE.sub("", other)
            pair = _DONE.match(key) and _DUE.match(other) and stems[0] == stems[1]
            seen = _SEEN.match(key) and _PRESENT.match(other) and "检" in "".join(_heading(view, due))
            if same and (pair or seen):
                yield done, due


def _found_and_examined(view: View, columns: Sequence[Column]) -> Iterator[Pair]:
    examined = [c for c in columns if c.label.part == "examined" or _EXAMINED.match(head_of(view, c))]
    for column in columns if len(examined) == 1 else ():
        found = _FOUND.search("".join(_heading(view, column)))
        if found and column is not examined[0] and not words.is_total(head_of(view, column)):
            yield column, examined[0]


def _visited_schools(view: View, columns: Sequence[Column]) -> Iterator[Pair]:
    schools = [c for c in columns if _SCHOOLS.match(head_of(view, c))]
    visited = [c for c in columns if _VISITED.match(head_of(view, c)) and not _is_known(c)]
    if len(schools) == 1 and len(visited) == 1:
        yield visited[0], schools[0]


_PAIRS = {
    "done_over_due": _due_and_done, "found_over_examined": _found_and_examined, "visited_over_schools": _visited_schools,
}  # fmt: skip
