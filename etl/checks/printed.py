"""Evaluators of a table as it is printed: sums and quotients of its cells whatever the catalogue keeps of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.catalogue.rule_kinds import PartsCheck, TotalCheck
from etl.checks.findings import Asked, Finding, shown
from etl.checks.tables import RATES, cell_at, number
from etl.checks.totals import COUNTS
from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.columns import Column, Role
from etl.sheets.labels import Label
from etl.sheets.rows import Row
from etl.sheets.views import View

_GROUPS = ("area", "sponsor", "grade", "level", "category")
_ALL_AREAS = {"urban", "town", "rural"}
LONG_TABLE = 2000  # rows from which on a table is one of single units
_RATE = re.compile(RATES + "|评分")
_DUE = re.compile(r"^(?:应|拟|计划)(?:检查?|抽检|监测|抽查|评)(?!出)")
_OUTCOMES = (
    re.compile(r"^(?:检查|检测|监测)?(?:合格|达标|符合)(?!率)"),
    re.compile(r"^(?:检查|检测|监测)?不(?:合格|达标|符合)(?!率)"),
    re.compile(r"^未(?:检|监测|抽检)|^(?:未|待)出(?:结果|报告)|^在检"),
)
_SAMPLED = re.compile(r"(?:已|实际?)?(?:抽检|送检|采样|抽样|检测)(?:批次|份数|样品)?数?")  # beside 未出结果
_SOME = 3  # rows that must show that a column is a sum
WHOLE = re.compile(r"^(?:小计|合计|计|总计|总数|人数)$")

Spot = tuple[int, int]


def value_columns(view: View) -> list[Column]:
    return [c for c in view.columns if c.role is Role.VALUE and not c.label.ignored]


def count_columns(view: View) -> list[Column]:
    """Those that hold no rates."""
    return [c for c in value_columns(view) if not is_rate(head_of(view, c))]


def head_of(view: View, column: Column) -> str:
    path = view.table.paths[column.index]
    return words.label_key(path[-1]) if path else ""


def is_rate(head: str) -> bool:
    """Whether a heading is of a rate, a mean or a mark: nothing that adds up."""
    return bool(_RATE.search(head))


def unreadable(view: View, row: int, col: int) -> bool:
    """Whether something stands in a cell that is no number and no word for nothing."""
    return read_cell(view.table.sheet.raw(row, col)).kind in (Kind.TEXT, Kind.ERROR, Kind.REDACTED)


def _sum(view: View, spots: Sequence[Spot]) -> Decimal | None:
    """The sum of cells; None where one of them cannot be read, or none of them is a number."""
    if any(unreadable(view, *spot) for spot in spots):
        return None
    numbers = [value for spot in spots if (value := number(view, *spot)) is not None]
    return sum(numbers, Decimal(0)) if numbers else None


# ---- B08: groups down the rows and across the columns ------------------------------------------------------


def group_sums(asked: Asked, check: TotalCheck, views: Sequence[View]) -> Iterator[Finding]:
    """总计 = 城区 + 镇区 + 乡村, 城区 = 公办 + 民办, and 合计 = 一年级 + … where groups are the columns of items."""
    for view in views:
        if len(view.rows) > LONG_TABLE:
            continue
        tried = [*_down_groups(asked, view), *_across_groups(asked, view), *_under_headings(view)]
        for whole, parts in tried:
            value, computed = number(view, *whole), _sum(view, parts)
            if value is None or computed is None or value == computed:
                continue
            cell = cell_at(view, *whole)
            ends = f"{cell_at(view, *parts[0])[1]}、{cell_at(view, *parts[-1])[1]}等{len(parts)}处"
            yield asked.find(
                [cell], derived=True, beside=[cell_at(view, *part) for part in parts], name=_name(asked, view, whole),
                value=shown(value), computed=shown(computed), difference=shown(abs(value - computed)), cell=cell[1],
                parts=ends,
            )  # fmt: skip


def _name(asked: Asked, view: View, spot: Spot) -> str:
    row = view.by_index[spot[0]]
    column = next(c for c in view.columns if c.index == spot[1])
    code = row.label.indicator or column.label.indicator
    return asked.catalogue.name(code) if code else (column.label.text or row.label.text)


def _is_counted(asked: Asked, label: Label, unit: str = "") -> bool:
    """Whether a label is of numbers that add up: by the unit of its indicator, else by its words and its printed unit."""
    known = next((one.unit for one in asked.catalogue.indicators if one.code == label.indicator), None)
    return (known is None or known in COUNTS) and not any(_RATE.search(compact(text)) for text in (label.text, unit))


def _down_groups(asked: Asked, view: View) -> Iterator[tuple[Spot, list[Spot]]]:
    """The rows that are whole and parts of each other by their groups, in every column of counts in which they may add up."""
    rows = [
        r
        for r in view.rows
        if not r.label.known and r.entity in (None, view.rows[0].entity) and not r.problem and not r.excluded
    ]
    families = list(_families(rows))
    columns = [c for c in value_columns(view) if _is_counted(asked, c.label)]
    for whole, parts, complete in families:
        tries = [((whole.index, c.index), [(p.index, c.index) for p in parts]) for c in columns]
        tries = [(at, spots) for at, spots in tries if number(view, *at) is not None and _sum(view, spots) is not None]
        agreed = sum(number(view, *at) == _sum(view, spots) for at, spots in tries)
        if agreed * 2 > len(tries) or (complete and agreed * 2 >= len(tries) - 1):
            yield from tries


def _families(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Row], bool]]:
    """(whole, parts, whether the parts are all there can be)."""
    stamps: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        stamps[row.entity, row.period, row.month, row.day, row.part].append(row)
    for group in stamps.values():
        seen: dict[tuple[tuple[str, str], ...], Row] = {}
        for row in group:
            key = tuple(sorted(row.dims.items()))
            if key in seen:
                return  # rows are told apart by something else
            seen[key] = row
        for row in group:
            for dim in _GROUPS:
                parts = [
                    p
                    for p in group
                    if p.dims.keys() == row.dims.keys() | {dim}
                    and dim not in row.dims
                    and row.dims.items() <= p.dims.items()
                ]
                if len(parts) > 1 and (row.total or row.dims):
                    all_areas = dim == "area" and {p.dims[dim] for p in parts} == _ALL_AREAS
                    yield row, parts, all_areas or (dim == "category" and len(parts) == len(group) - 1)


def _across_groups(asked: Asked, view: View) -> Iterator[tuple[Spot, list[Spot]]]:
    """The columns of groups or units beside their sum, in the rows that are items."""
    columns = value_columns(view)
    wholes = [c for c in columns if (c.label.total or c.whole) and not c.label.known and not c.label.dims]
    parts = [
        c for c in columns if c not in wholes and not c.label.known and (c.entity or c.label.dims) and not c.label.total
    ]
    kinds = {frozenset(c.label.dims) for c in parts if not c.entity}
    if len(wholes) != 1 or len(parts) < 2 or len(kinds) > 1 or any(c.label.rest for c in parts):
        return
    rows = [
        r
        for r in view.rows
        if (r.label.known or not r.entity) and _is_counted(asked, r.label, r.unit) and not r.label.ignored
    ]
    tries = [((r.index, wholes[0].index), [(r.index, c.index) for c in parts]) for r in rows]
    tries = [(at, spots) for at, spots in tries if number(view, *at) is not None and _sum(view, spots) is not None]
    agreed = sum(number(view, *at) == _sum(view, spots) for at, spots in tries)
    if agreed * 2 > len(tries) or (len(tries) == 2 and agreed == 1):
        yield from tries


def _under_headings(view: View) -> Iterator[tuple[Spot, list[Spot]]]:
    """小计 and the columns that stand beside it under one heading (转入: 小计, 县内, 县外), where most rows show that it is
    their sum."""
    headings: dict[tuple[str, ...], list[Column]] = defaultdict(list)
    for column in value_columns(view):
        path = view.table.paths[column.index]
        if len(path) > 1 and not _RATE.search(path[-1]):
            headings[tuple(path[:-1])].append(column)
    for columns in headings.values():
        wholes = [c for c in columns if WHOLE.match(head_of(view, c))]
        some = [c for c in columns if words.is_part_of(view.table.paths[c.index][-1])]
        parts = [c for c in columns if c not in wholes and c not in some]  # 计 | 其中:女 | 本地就读 | 外地就读
        if len(wholes) != 1 or len(parts) < 2 or (some and some[-1].index > parts[0].index):
            continue
        tries = [((r.index, wholes[0].index), [(r.index, c.index) for c in parts]) for r in view.rows]
        tries = [(at, spots) for at, spots in tries if number(view, *at) is not None and _sum(view, spots) is not None]
        agreed = sum(number(view, *at) == _sum(view, spots) for at, spots in tries)
        if agreed >= _SOME and agreed * 2 > len(tries):
            yield from tries


# ---- B34: what was to be checked ---------------------------------------------------------------------------


def outcomes(asked: Asked, check: PartsCheck, views: Sequence[View]) -> Iterator[Finding]:
    """应检 = 合格 + 不合格 + 未检, of whatever is checked (rooms, items, schools)."""
    for view in views:
        headings: dict[tuple[str, ...], list[Column]] = defaultdict(list)
        values = value_columns(view) if len(view.rows) <= LONG_TABLE else []
        due = [c for c in values if _DUE.match(head_of(view, c)) and not _RATE.search(head_of(view, c))]
        for column in values:
            headings[tuple(view.table.paths[column.index][:-1])].append(column)
        for heading, columns in headings.items():
            beside = (
                due if heading and len(due) == 1 and due[0] not in columns else []
            )  # 应检人数 | 体检结果: 合格, 不合格
            yield from _outcomes_of(asked, view, [*beside, *columns])
        if values and not any(c.label.known for c in values):
            yield from _outcomes_down(asked, view, values)


def _outcomes_of(asked: Asked, view: View, columns: Sequence[Column]) -> Iterator[Finding]:
    named = [(c, key) for c in columns if not _RATE.search(key := head_of(view, c))]
    due = [c for c, key in named if _DUE.match(key)] or _all_of_them(named)
    sampled = [] if due else [c for c, key in named if _SAMPLED.fullmatch(key)]
    due = due or sampled
    parts = [next((c for c, key in named if pattern.match(key)), None) for pattern in _OUTCOMES]
    if len(due) != 1 or parts[0] is None or parts[1] is None:
        return
    told = [c for c in parts if c is not None]
    if sampled and len(told) < len(_OUTCOMES):
        return
    tries = [
        (row.entity or ("合计" if row.total else row.label.text or f"第{row.index + 1}行"),
         (row.index, due[0].index), [(row.index, c.index) for c in told])
        for row in view.rows
    ]  # fmt: skip
    yield from _not_the_sum(asked, view, tries, head_of(view, due[0]), [head_of(view, c) for c in told])


def _all_of_them(named: Sequence[tuple[Column, str]]) -> list[Column]:
    """食堂数 beside 合格食堂, 不合格食堂 and 未检食堂: what was to be checked by its own name."""
    kinds = [next((key[found.end() :] for _, key in named if (found := one.match(key))), "") for one in _OUTCOMES]
    if len(set(kinds)) != 1 or len(kinds[0]) < 2:
        return []
    return [c for c, key in named if re.fullmatch(rf"{re.escape(kinds[0])}(?:总?数|总计)?", key)]


def _outcomes_down(asked: Asked, view: View, columns: Sequence[Column]) -> Iterator[Finding]:
    """The same down the rows: 应检样品数 and below it 合格数, 不合格数, 未检数."""
    named = [(row, words.label_key(row.label.text)) for row in view.rows]
    for n, (due, key) in enumerate(named):
        below = named[n + 1 : n + 5]
        parts = [next((row for row, name in below if pattern.match(name)), None) for pattern in _OUTCOMES]
        told = [row for row in parts if row is not None]
        if not _DUE.match(key) or _RATE.search(key) or parts[0] is None or parts[1] is None:
            continue
        tries = [(c.label.text, (due.index, c.index), [(row.index, c.index) for row in told]) for c in columns]
        yield from _not_the_sum(asked, view, tries, due.label.text, [row.label.text for row in told])


def _not_the_sum(
    asked: Asked, view: View, tries: Sequence[tuple[str, Spot, Sequence[Spot]]], whole: str, parts: Sequence[str]
) -> Iterator[Finding]:
    """The wholes (of what, where, where its parts stand) that are not the sum of their parts; none where most are not."""
    full = [(unit, at, s) for unit, at, s in tries if number(view, *at) is not None and _sum(view, s) is not None]
    wrong = [(unit, at, spots) for unit, at, spots in full if number(view, *at) != _sum(view, spots)]
    for unit, at, spots in wrong if len(wrong) * 2 <= len(full) else ():
        value, computed = number(view, *at) or Decimal(0), _sum(view, spots) or Decimal(0)
        cell = cell_at(view, *at)
        yield asked.find(
            [cell, *(cell_at(view, *spot) for spot in spots)], unit=unit, value=shown(value),
            parts="、".join(parts) + "之和", whole=whole, cell=cell[1],
            computed=shown(computed), difference=shown(abs(value - computed)),
        )  # fmt: skip
