"""Evaluators of the table itself: names, codes, repeats, blanks, layout, wording, uniform rates, balances."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from db.catalogue.rule_kinds import (
    BalanceCheck,
    BlankCheck,
    SupersededCheck,
    UniformCheck,
    UniqueCheck,
    WordingCheck,
)
from db.periods import parse_period
from db.records import dims_key
from etl.addresses import place_of
from etl.checks.cells import blank as blank_cells
from etl.checks.findings import Asked, Cell, Finding, listed, shown
from etl.checks.points import Point
from etl.normalise import Repeat
from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.columns import Column, Role
from etl.sheets.labels import Label
from etl.sheets.long import is_value_column
from etl.sheets.rows import Row
from etl.sheets.views import View

RATES = r"率|颗均|[户校园班]均|[师生班]比(?:$|[(（])|比例|占比|比重|%|％|平均|人均|生均|班额|得分"  # columns that no sum is made of
_A_FEW = 10  # of so many children one may get the old vaccine as a catch-up
_ONE_OR_TWO = 2
_TIMES = 2  # years of a row from which on a single blank one stands out
_MANY = 4  # columns of which one may be blank in the sum
_LABELLED = 2000  # rows of a list whose labels are looked at


def cell_at(view: View, row: int, col: int) -> Cell:
    """The place of a cell of a view."""
    grid = view.table.sheet.grid
    return grid.sheet, grid.address(row, col)


def printed_name(label: Label) -> str:
    """A heading or the name of a row as a sentence says it, its levels in one word."""
    return label.text.replace("/", "")


def unit_rows(view: View) -> list[Row]:
    """The rows of single units: no totals, no groups."""
    return [row for row in view.rows if not row.total]


def name_column(view: View) -> Column | None:
    """The column in which the units of the rows are named: the last of several (town, then school)."""
    return next((c for c in reversed(view.columns) if c.role is Role.ENTITY), None)


def number(view: View, row: int, col: int) -> Decimal | None:
    """The number that begins in a cell."""
    value = view.table.sheet.raw(row, col)
    if value is None:
        return None
    cell = read_cell(value)
    return cell.number if cell.kind is Kind.NUMBER else None


# ---- repeats and codes ---------------------------------------------------------------------------------------


def unique(asked: Asked, check: UniqueCheck, repeats: Sequence[Repeat], views: Sequence[View]) -> Iterator[Finding]:
    """B21: two rows of one unit and period, told once per pair of rows."""
    pairs: dict[tuple[str | None, str, int | None, int | None], list[Repeat]] = defaultdict(list)
    for repeat in repeats:
        one, two = place_of(repeat.first.evidence.cell)[0], place_of(repeat.again.evidence.cell)[0]
        pairs[repeat.again.evidence.sheet, repeat.entity, one, two].append(repeat)
    for (sheet, entity, one, two), found in pairs.items():
        first, again = found[0].first.evidence, found[0].again.evidence
        cells: list[Cell] = [(sheet, again.cell or ""), (sheet, first.cell or "")]
        view = next((v for v in views if v.table.sheet.grid.sheet == sheet and two in v.table.body), None)
        if view is not None and all(_has_run_so_far(view, repeat) for repeat in found):
            continue
        column = name_column(view) if view is not None else None
        if view is not None and column is not None and one is not None and two is not None:
            coded = [c.index for c in view.columns if c.role is Role.CODE]
            cells = [cell_at(view, row, col) for col in (column.index, *coded) for row in (two, one)]
        more = [(r.again.evidence.sheet, r.again.evidence.cell or "") for r in found]
        told = [address for _, address in cells]
        yield asked.find(
            [*cells, *more],
            again if not again.cell else None,
            unit=entity or "本单位",
            first=told[1],
            again=told[0],
            told=f"{n}项数值不同" if (n := sum(not one.same for one in found)) else "数值完全相同",
        )


def _has_run_so_far(view: View, repeat: Repeat) -> bool:
    """Whether a number is the 累计 of the last month and, once more, of the row of all months (1—10月)."""
    _, col = place_of(repeat.again.evidence.cell)
    return repeat.same and any(c.index == col and c.label.shift == "cumulative" for c in view.columns)


# ---- blanks and words ----------------------------------------------------------------------------------------


def blank(asked: Asked, check: BlankCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B27: empty cells of a column that most units filled in."""
    for view in views:
        rows = np.array([row.index for row in unit_rows(view) if row.entity and not row.problem], np.int64)
        for column in view.columns if len(rows) > 1 else ():
            if not is_value_column(column) and (column.role is not Role.VALUE or not column.label.known):
                continue
            empty = rows[blank_cells(view, column.index)[rows]].tolist()
            if empty and len(empty) * 2 < len(rows):
                cells = [cell_at(view, index, column.index) for index in empty]
                name = printed_name(column.label)
                yield asked.find(cells, name=name, n=len(empty), cells=listed([address for _, address in cells]))
        yield from _blank_in_time(asked, view)
        yield from _blank_total(asked, view)


def _blank_total(asked: Asked, view: View) -> Iterator[Finding]:
    """The same in the row of the sum, where every unit has a number and the sum has those of the other columns."""
    columns = [c for c in view.columns if c.role is Role.VALUE and c.label.known and not c.label.rest]
    if len(columns) < _MANY or len(view.rows) > _LABELLED or any(row.label.known for row in view.rows):
        return
    units = unit_rows(view)
    for row in view.rows if len(units) > 1 else ():
        lacking = [c for c in columns if read_cell(view.table.sheet.filled(row.index, c.index)).kind is Kind.BLANK]
        if not row.total or not lacking or len(lacking) * _MANY > len(columns):
            continue
        for column in lacking:
            if all(number(view, unit.index, column.index) is not None for unit in units):
                cell = cell_at(view, row.index, column.index)
                yield asked.find([cell], name=printed_name(column.label) + "的合计", n=1, cells=cell[1])


def _blank_in_time(asked: Asked, view: View) -> Iterator[Finding]:
    """The same in a row of one item over several years or months, all others of which are filled in."""
    stamped = [c for c in view.columns if c.role is Role.VALUE and (c.label.period or c.label.month or c.label.quarter)]
    items = [row for row in view.rows if row.label.known and not row.entity]
    if len(stamped) <= _TIMES or len(items) > _LABELLED:
        return
    for row in items:
        empty = [c for c in stamped if read_cell(view.table.sheet.filled(row.index, c.index)).kind is Kind.BLANK]
        if len(empty) == 1:
            cell = cell_at(view, row.index, empty[0].index)
            yield asked.find([cell], name=printed_name(row.label), n=1, cells=cell[1])


def wording(asked: Asked, check: WordingCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B32, B38: a header or a row label that mixes what must be kept apart, or a note that says so."""
    patterns, notes, remarks = (
        [re.compile(pattern) for pattern in group] for group in (check.patterns, check.notes, check.remarks)
    )
    for view in views:
        sheet = view.table.sheet
        items = [c.index for c in view.columns if c.role is Role.ITEM]
        heads = [sheet.origin(row, col) for row in view.table.header for col in range(sheet.width)]
        heads += [sheet.origin(row, col) for row in view.table.body[:_LABELLED] for col in items]
        around = [*view.table.titles, *view.table.footers]
        told = [(spot, patterns) for spot in dict.fromkeys(heads)] + [(spot, notes) for spot in around]
        texts = [c.index for c in view.columns if c.role in (Role.TEXT, Role.IGNORED)] if remarks else []
        told += [(sheet.origin(row, col), remarks) for row in view.table.body[:_LABELLED] for col in texts]
        found = [spot for spot, wanted in told if _says(sheet.text(*spot), wanted)]
        for spot in found or [spot for spot in around if _says(sheet.text(*spot), remarks)]:
            cell = cell_at(view, *spot)
            yield asked.find([cell], text=sheet.text(*spot), cell=cell[1])


def _says(text: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    return any(pattern.search(compact(text)) for pattern in patterns)


def uniform(asked: Asked, check: UniformCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B19: every rate of a table, or one rate of many units, is the same round value, without the counts behind it, or of
    very many units with them: then it may be the plan that both were copied from."""
    tables: dict[str | None, list[Point]] = defaultdict(list)
    rates: dict[tuple[object, ...], list[Point]] = defaultdict(list)
    years: dict[tuple[object, ...], list[Point]] = defaultdict(list)  # of several years side by side each
    for point in points:
        if point.unit == "percent" and not point.total and point.at.cell:
            tables[point.at.sheet].append(point)
            groups_of = {name: value for name, value in point.dims.items() if name != "level"}
            rates[point.at.sheet, point.name, dims_key(groups_of)].append(point)
            years[point.at.sheet, point.name, dims_key(groups_of), point.mention.period].append(point)
    groups = [(one, check.least_units, False) for one in tables.values()]
    groups += [(one, check.least_alone, False) for one in rates.values()]
    groups += [(one, check.least_counted, True) for one in rates.values() if len(one) >= check.least_counted]
    several = Counter(key[:3] for key in years)
    changed = {key for key, one in rates.items() if len({p.value for p in one}) > 1}
    groups += [
        (one, check.least_alone, False) for key, one in years.items() if several[key[:3]] > 1 and key[:3] in changed
    ]
    for group, least, counted in groups:
        bare = [p for p in group if counted or p.mention.numerator is None]
        columns, units = {(p.col, p.name) for p in bare}, {p.mention.entity for p in bare}
        many = len(columns) >= check.least_columns and len(units) >= least
        if many and len({p.value for p in group}) == 1 and group[0].value in check.values:
            ordered = sorted(bare, key=lambda p: (p.row or 0, p.col or 0))
            yield asked.find(
                [p.cell for p in ordered], value=shown(group[0].value), n=len(group), cell=ordered[0].at.cell
            )


def superseded(asked: Asked, check: SupersededCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B15: a vaccine that the programme no longer gives, as a column or a row; one question per table."""
    name = next((v.name_zh for v in asked.catalogue.vaccines if v.code == check.dims.get("vaccine")), "")
    for view in views:
        yield from _in_later_years(asked, check, view, name)
        if not view.period or parse_period(view.period).start < check.since:
            continue
        columns = [c for c in view.columns if c.role is Role.VALUE and check.dims.items() <= c.label.dims.items()]
        rows = [r for r in view.rows if check.dims.items() <= r.label.dims.items()]
        newer = [c for c in view.columns if check.instead and check.instead.items() <= c.label.dims.items()]
        beside = next((c for c in newer if columns and c.label.indicator == columns[0].label.indicator), None)
        if columns and beside is not None:  # as a catch-up the old one may stand there still
            yield from _more_of_the_old(asked, view, columns[0], beside, name)
        elif columns:
            cell = _header_cell(view, columns[0].index)
            yield asked.find([cell], name=name, cell=cell[1])
        elif rows:
            col = next((c for c, _ in view.table.sheet.own(rows[0].index)), 0)
            cell = cell_at(view, rows[0].index, col)
            yield asked.find([cell], name=name, cell=cell[1])


def _in_later_years(asked: Asked, check: SupersededCheck, view: View, name: str) -> Iterator[Finding]:
    """A row of the old vaccine that goes on in the columns of years in which it is no longer given."""
    if view.period and parse_period(view.period).start >= check.since:
        return  # told of the whole table
    stamped = [c for c in view.columns if c.role is Role.VALUE and c.label.period]
    late = [c for c in stamped if parse_period(c.label.period or "").start >= check.since]
    for row in view.rows if late and len(view.rows) <= _LABELLED else ():
        if not check.dims.items() <= row.label.dims.items():
            continue
        given = [c for c in late if number(view, row.index, c.index)]
        if given:
            cell = cell_at(view, row.index, given[-1].index)
            yield asked.find([cell], name=name, cell=cell[1])
            return


def _more_of_the_old(asked: Asked, view: View, old: Column, new: Column, name: str) -> Iterator[Finding]:
    """The units in which the old vaccine is no catch-up of a few beside the new one."""
    for row in unit_rows(view):
        given = number(view, row.index, old.index)
        if given is not None and given > _ONE_OR_TWO and _A_FEW * given > (number(view, row.index, new.index) or 0):
            cell = cell_at(view, row.index, old.index)
            yield asked.find([cell, cell_at(view, row.index, new.index)], name=name, cell=cell[1])


def _header_cell(view: View, col: int) -> Cell:
    """The outermost header of a column that has a text."""
    sheet = view.table.sheet
    spots = [sheet.origin(row, col) for row in view.table.header]
    return cell_at(view, *next((spot for spot in spots if compact(sheet.raw(*spot))), spots[-1]))


# ---- movements -----------------------------------------------------------------------------------------------


def balance(asked: Asked, check: BalanceCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B10: start + increases - decreases = end, for every row of a movements table."""
    for view in views:
        values = [c for c in view.columns if c.role is Role.VALUE]
        held = [
            c
            for c in values
            if check.stock in (c.label.indicator, c.label.part) and not c.label.dims and not c.label.rest
        ]
        start = next((c for c in held if c.label.shift in ("last", "start")), None)
        end = next((c for c in values if c.label.part == check.end), None)
        start, end = (held[0], end) if end is not None and start is None and held else (start, end)
        end = end or next((c for c in held if c.label.shift in ("", "end")), None)
        more, fewer = _headed(view, values, check.increase), _headed(view, values, check.decrease)
        if not more and not fewer and start is not None and end is not None:
            more, fewer = _between(view, values, start, end, check)
        if start is None or end is None or not more or not fewer:
            continue
        for row in view.rows:
            first, last = number(view, row.index, start.index), number(view, row.index, end.index)
            if first is None or last is None:
                continue
            moved = sum((number(view, row.index, c) or Decimal(0) for c in more), first)
            moved -= sum((number(view, row.index, c) or Decimal(0) for c in fewer), Decimal(0))
            if moved != last:
                cell = cell_at(view, row.index, end.index)
                unit = row.entity or ("合计" if row.total else f"第{row.index + 1}行")
                gap = shown(abs(moved - last))
                yield asked.find(
                    [cell], computed=shown(moved), value=shown(last), cell=cell[1], difference=gap, unit=unit
                )


_OUT = re.compile(r"结业|死亡|减少|开除|流失|辍学")


def _is_in_sum(view: View, column: Column, values: Sequence[Column]) -> bool:
    """Whether a column is part of the 小计 beside it (转入: 小计, 县内转入, 县外转入), or of the one before it (其中:县内转入)."""
    if words.is_part_of(view.table.paths[column.index][-1]):
        return True
    heading = view.table.paths[column.index][:-1]
    beside = (c for c in values if heading and view.table.paths[c.index][:-1] == heading and c is not column)
    return not column.label.total and any(c.label.total for c in beside)


def _between(
    view: View, values: Sequence[Column], start: Column, end: Column, check: BalanceCheck
) -> tuple[list[int], list[int]]:
    """The movements without a heading between start and end; none where one of them is not understood."""
    moves = [c for c in values if start.index < c.index < end.index and not _is_in_sum(view, c, values)]
    more = [c.index for c in moves if c.label.indicator in check.more or c.label.part in check.more]
    fewer = [c.index for c in moves if {c.label.indicator, c.label.part} & {*check.fewer} or _OUT.search(c.label.text)]
    return (more, fewer) if len(more) + len(fewer) == len(moves) else ([], [])


def _headed(view: View, values: Sequence[Column], under: Sequence[str]) -> list[int]:
    paths = view.table.paths
    found = [c for c in values if len(paths[c.index]) > 1 and any(word in compact(paths[c.index][0]) for word in under)]
    found = [c for c in found if not words.is_part_of(paths[c.index][-1])]  # 其中:跨区县 is in the count before it
    return [c.index for c in found if not c.label.total or words.label_key(paths[c.index][-1]) == "其他"]
