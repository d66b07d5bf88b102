"""Evaluators of monthly tables whose rows hang together: the stock that is carried on, pupils on the roll who are accounted for,
pupils brought back of those who ever left."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np

from db.catalogue.rule_kinds import BalanceCheck, LayoutCheck
from etl.checks.cells import Floats, numbers
from etl.checks.findings import Asked, Cell, Finding
from etl.checks.oddities import HOLIDAYS
from etl.checks.printed import LONG_TABLE, count_columns, head_of, is_rate, unreadable, value_columns
from etl.checks.tables import cell_at
from etl.sheets.cells import compact
from etl.sheets.columns import Column, Role
from etl.sheets.rows import Row
from etl.sheets.views import View

_START = re.compile(r"(?:月|期|学期|季|周)(?:初|开始)")
_END = re.compile(r"(?:月|期|学期|季|周)(?:末|底|结束)")
_LEAST = 3  # rows that must show how a table hangs together
_ONE_OF = 4  # rows of which one may break it
_ABSENT = re.compile(
    r"请假|病假|事假|休学|缺勤|外出|疑似.*(?:台账|累计|人数|在册)|未返.*(?:小计|合计|人数)|疑似(?:辍学|失学)$|^(?:未返|未返校)$"
)
_AWAY = re.compile(r"请假|病假|事假|休学|外出实习|顶岗实习|送教上门")
_CAME = re.compile(r"入园|入校|入学|迁入|转入|新增|增加|招生|复学|出生|建档|新建|新入")
_WENT = re.compile(r"离园|离校|退园|退学|迁出|转出|减少|注销|死亡|毕业|结业|休学|满龄|剔除|流失")
_SOME_OF = 3  # rows of months of which one may break the balance
_MOST_REASONS = 8  # columns that may explain who is not there
_LEFT = re.compile(r"(?:辍学|失学|流失).*累计|累计.*(?:辍学|失学|流失)")
_BACK = re.compile(r"(?:劝返|复学|返校).*累计|累计.*(?:劝返|复学|返校)")
_NOT_BACK = re.compile(r"未(?:劝?返|复学)|疑似")


def carried_on(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """B10: 月初在园人数 is 月末在园人数 of the month before, in nearly all rows of a unit."""
    columns = count_columns(view)
    pair = _carried(view, columns)
    if pair is None or len(view.rows) > LONG_TABLE:
        return
    rows = [r for r in view.rows if not r.total and (r.period or r.month)]
    start, end = (numbers(view, c.index) for c in pair)
    told = [
        (one.index, two.index)
        for one, two in pairwise(rows)
        if one.entity == two.entity
        and not np.isnan(end[one.index])
        and not np.isnan(start[two.index])
        and not _left_out(one, two)
    ]
    broken = [(one, two) for one, two in told if end[one] != start[two]]
    for one, two in broken if len(told) - len(broken) >= _LEAST and len(broken) * _ONE_OF <= len(told) else ():
        cells = [cell_at(view, two, pair[0].index), cell_at(view, one, pair[1].index)]
        value = f"{head_of(view, pair[0])}{start[two]:g}"
        other = f"上一期的{head_of(view, pair[1])}{end[one]:g}({cells[1][1]})"
        yield asked.find([cells[0]], beside=[cells[1]], value=value, cell=cells[0][1], other=other, unit="")


def _left_out(one: Row, two: Row) -> bool:
    """Whether a month of term time is missing between two rows, in which pupils may have come or left."""
    before, after = _month(one), _month(two)
    if before is None or after is None:
        return False
    return any((before + n - 1) % 12 + 1 not in HOLIDAYS for n in range(1, (after - before) % 12))


def _month(row: Row) -> int | None:
    period = row.period or ""
    return row.month or (int(period[5:]) if re.fullmatch(r"\d{4}-\d{2}", period) else None)


def moved(asked: Asked, check: BalanceCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B10: 月初在册 + 出生 + 迁入 - 迁出 - 注销 = 月末在册, whatever is counted, in the rows of months that break it."""
    for view in views if check.more and check.stock == "enrollment" else ():
        columns = count_columns(view)
        pair = _carried(view, columns) if len(view.rows) <= LONG_TABLE else None
        if pair is None or pair[0].index >= pair[1].index or any(c.label.known and not c.label.rest for c in pair):
            continue  # of pupils: told by what the catalogue knows of them
        between = [c for c in columns if pair[0].index < c.index < pair[1].index]
        signs = [_sign(head_of(view, c)) for c in between]
        if not between or 0 in signs:
            continue
        rows = [r for r in view.rows if not r.total and (r.period or r.month)]
        start, end = (numbers(view, c.index) for c in pair)
        changes = sum(
            (sign * numbers(view, c.index) for sign, c in zip(signs, between, strict=True)), np.zeros_like(start)
        )
        told = [r for r in rows if not np.isnan(start[r.index] + changes[r.index] + end[r.index])]
        wrong = [r for r in told if start[r.index] + changes[r.index] != end[r.index]]
        for row in wrong if len(wrong) * _SOME_OF <= len(told) else ():
            cells = [cell_at(view, row.index, c.index) for c in (pair[1], pair[0])]
            computed, value = start[row.index] + changes[row.index], end[row.index]
            beside = [cell_at(view, row.index, c.index) for c in between]
            yield asked.find(
                cells, beside=beside, computed=f"{computed:g}", value=f"{value:g}", cell=cells[0][1],
                difference=f"{abs(computed - value):g}", unit=row.entity or view.texts(view.columns[0].index)[row.index] or f"第{row.index + 1}行",
            )  # fmt: skip


def _sign(head: str) -> int:
    """Whether a column between the start and the end of a month is added or taken away; 0 where its words do not say."""
    return 0 if bool(_CAME.search(head)) == bool(_WENT.search(head)) else 1 if _CAME.search(head) else -1


def _carried(view: View, columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """The columns of a stock at the start and at the end of the row's time, told by the same words but for that."""
    starts = {_START.sub("", head_of(view, c)): c for c in columns if _START.search(head_of(view, c))}
    ends = {_END.sub("", head_of(view, c)): c for c in columns if _END.search(head_of(view, c))}
    both = [(starts[key], ends[key]) for key in starts if key in ends]
    return both[0] if len(both) == 1 else None


def unexplained(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """B31: where a table accounts for everybody who is on the roll but not present (请假, 台账, 未返), the rows in which some
    are left over."""
    if not _LEAST < len(view.rows) <= LONG_TABLE:
        return
    for columns in _by_month(value_columns(view)):
        yield from _unexplained(asked, view, columns)


def _by_month(columns: Sequence[Column]) -> list[list[Column]]:
    """The columns of each month, where several stand side by side; else all of them."""
    months: dict[tuple[str | None, int | None], list[Column]] = defaultdict(list)
    for column in columns:
        months[column.label.period, column.label.month].append(column)
    stamped = [found for (period, month), found in months.items() if period or month]
    return stamped if len(stamped) > 1 else [list(columns)]


def _unexplained(asked: Asked, view: View, columns: Sequence[Column]) -> Iterator[Finding]:
    roll = _on_the_roll(columns)
    present = [c for c in columns if c.label.part == "attendance_done"]
    reasons = [c for c in columns if _ABSENT.search(_path(view, c)) and "新增" not in _path(view, c)][:_MOST_REASONS]
    rows = [r.index for r in view.rows if not r.total]
    if len(roll) != 1 or len(present) != 1 or not reasons or len(rows) <= _LEAST:
        return
    gap: Floats = numbers(view, roll[0].index)[rows] - numbers(view, present[0].index)[rows]
    table = np.nan_to_num(np.array([numbers(view, c.index)[rows] for c in reasons]))
    chosen = _explaining(gap, table)
    if chosen is None:
        return
    left = gap - table[list(chosen)].sum(axis=0)
    for n in np.flatnonzero(left > 0).tolist():
        if any(unreadable(view, rows[n], reasons[c].index) for c in chosen):
            continue
        cells = [cell_at(view, rows[n], c.index) for c in (present[0], roll[0])]
        names = "、".join(head_of(view, reasons[c]) or reasons[c].label.text for c in chosen)
        value = f"学籍人数比实到人数多{gap[n]:g}人"
        other = f"{names}只说明了{gap[n] - left[n]:g}人"
        unit = view.by_index[rows[n]].entity or f"第{rows[n] + 1}行"
        told = [*cells, *(cell_at(view, rows[n], reasons[c].index) for c in chosen)]
        yield asked.find(told, derived=True, late=True, value=value, cell=cells[0][1], other=other, unit=unit)


def accounted_for(views: Sequence[View]) -> set[Cell]:
    """The numbers of those present beside which 请假 and the like tell where all others on the roll are."""
    found: set[Cell] = set()
    for view in views:
        for columns in _by_month(value_columns(view)) if 0 < len(view.rows) <= LONG_TABLE else ():
            roll, present = _on_the_roll(columns), [c for c in columns if c.label.part == "attendance_done"]
            away = [c for c in columns if _AWAY.search(_path(view, c)) and not is_rate(head_of(view, c))]
            if len(roll) != 1 or len(present) != 1 or not away:
                continue
            gap: Floats = numbers(view, roll[0].index) - numbers(view, present[0].index)
            told = np.nan_to_num(np.array([numbers(view, c.index) for c in away])).sum(axis=0)
            rows = [row.index for row in view.rows if told[row.index] >= gap[row.index]]
            found.update(cell_at(view, row, present[0].index) for row in rows)
    return found


def _on_the_roll(columns: Sequence[Column]) -> list[Column]:
    return [
        c for c in columns
        if c.label.indicator == "enrollment" and not c.label.dims.keys() - {"level"} and not c.label.shift
    ]  # fmt: skip


def _path(view: View, column: Column) -> str:
    return compact("".join(view.table.paths[column.index]))


def _explaining(gap: Floats, table: Floats) -> tuple[int, ...] | None:
    """The columns that make up the gap in nearly all rows, of which some have a gap; of several sets the one that does so in
    most rows, and the smallest of these."""
    there = ~np.isnan(gap)
    found: list[tuple[int, int, tuple[int, ...]]] = []
    for many in range(1, len(table) + 1):
        for chosen in combinations(range(len(table)), many):
            agreed = there & (gap == table[list(chosen)].sum(axis=0))
            telling = len(set(gap[agreed & (gap > 0)].tolist()))
            if (
                telling > 1
                and (agreed & (gap > 0)).sum() >= _LEAST
                and (there.sum() - agreed.sum()) * _ONE_OF <= there.sum()
            ):
                found.append((int(agreed.sum()), -many, chosen))
    return max(found, key=lambda one: one[:2])[2] if found else None


def brought_back(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """B12: of those who ever left no more can have been brought back (both columns say 累计)."""
    columns = [c for c in view.columns if c.role in (Role.VALUE, Role.IGNORED) and not is_rate(head_of(view, c))]
    left = [c for c in columns if _LEFT.search(_path(view, c)) and not _NOT_BACK.search(_path(view, c))]
    back = [c for c in columns if _BACK.search(_path(view, c)) and not _NOT_BACK.search(_path(view, c))]
    if len(left) != 1 or len(back) != 1 or len(view.rows) > LONG_TABLE:
        return
    ever, again = numbers(view, left[0].index), numbers(view, back[0].index)
    rows = [row for row in view.rows if not np.isnan(ever[row.index]) and not np.isnan(again[row.index])]
    wrong = [row for row in rows if again[row.index] > ever[row.index]]
    for row in wrong if len(wrong) * _ONE_OF <= len(rows) else ():
        cells = [cell_at(view, row.index, c.index) for c in (back[0], left[0])]
        value = f"{back[0].label.text.replace('/', '')}{again[row.index]:g}"
        other = f"{left[0].label.text.replace('/', '')}{ever[row.index]:g}({cells[1][1]})"
        yield asked.find(cells, value=value, cell=cells[0][1], other=other, unit=row.entity or "合计", late=row.total)
