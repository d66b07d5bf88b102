"""Differences, halves and rates that a table shows in nearly all of its rows: the few rows that break them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from db.catalogue.rule_kinds import LayoutCheck
from etl.checks.cells import Bools, Floats, numbers
from etl.checks.findings import Asked, Finding
from etl.checks.printed import LONG_TABLE, head_of, is_rate, unreadable
from etl.checks.tables import cell_at
from etl.sheets import words
from etl.sheets.columns import Column, Role
from etl.sheets.views import View

_FAR = 8  # columns between a sum and its parts
_TELLING = 3  # rows in which a relation must show: with two parts that are there, and no small number
_SMALL = 5
_ONE_OF = 4  # rows of which one may break a relation
_CHANCE = 1e-9
_DIFFERENCE = re.compile(r"(?:人数)?(?:差额|差数|差值|相差|差距|缺额|差)(?:人数|数)?")
_HALVES = (  # two words that name all there is
    ("已", "未"), ("实", "未"), ("本地", "外地"), ("县内", "县外"), ("区内", "区外"), ("市内", "市外"), ("省内", "省外"),
    ("寄宿", "走读"), ("住校", "走读"), ("公办", "民办"), ("在编", "编外"), ("户籍", "随迁"),
)  # fmt: skip
_NEAR = 12  # counts before a rate that may be its parts
_CHANGE = re.compile(
    r"净增|净减|增加|减少|转入|转出|迁入|迁出"
)  # what is added to a base or taken from it in some rows only


@dataclass(frozen=True)
class _Counts:
    """The columns of counts of a table, and their numbers: a row of the sheet in each row, a column in each column."""

    view: View
    columns: list[Column]
    rows: list[int]
    table: Floats


def broken(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """The rows that break a sum (`of: broken_sum`) or a rate (`of: broken_rate`) which the others keep."""
    if not view.columns or len(view.rows) > LONG_TABLE:
        return
    counts = _counts(view)
    if check.of == "broken_rate":
        yield from _rates(asked, view, counts)
        return
    for row, whole, parts in _sums(counts):
        yield _sum_finding(asked, view, row, whole, parts)


def _counts(view: View) -> _Counts:
    """Those of single units; what a heading calls a part (其中) stands by itself."""
    columns = [
        c for c in view.columns
        if c.role is Role.VALUE and head_of(view, c) and not is_rate(head_of(view, c)) and c.label.unit not in ("%", "‰")
        and not any(words.is_part_of(text) for text in view.table.paths[c.index])
    ]  # fmt: skip
    rows = [row for row in view.unit_indexes.tolist() if not view.by_index[row].label.known]
    table = np.array([numbers(view, c.index)[rows] for c in columns]).T if columns else np.empty((len(rows), 0))
    return _Counts(view, columns, rows, table)


# ---- sums ------------------------------------------------------------------------------------------------------


def _sums(counts: _Counts) -> Iterator[tuple[int, int, Sequence[int]]]:
    """(row, whole, parts) of every broken sum: two parts stand side by side, their whole before them or just behind. Of
    several columns that may be the whole (学龄人口, 已入学) it is the one that most rows say."""
    columns = counts.columns
    for first in range(len(columns) - 1):
        parts = [first, first + 1]
        if not _make_up([head_of(counts.view, columns[c]) for c in parts]):
            continue
        kept = []
        for whole in (*range(first - 1, max(-1, first - _FAR), -1), first + 2):
            if whole >= len(columns) or not _under_one(counts.view, columns[whole], columns[first]):
                continue
            tried, agreed, told = _tried(counts.table, whole, parts)
            if told >= _TELLING and (tried.sum() - agreed.sum()) * _ONE_OF <= tried.sum():
                kept.append((int(agreed.sum()), tried & ~agreed, whole))
        if kept:
            _, wrong, whole = max(kept, key=lambda one: one[0])
            for n in np.flatnonzero(wrong).tolist():
                yield counts.rows[n], columns[whole].index, [columns[c].index for c in parts]


def _under_one(view: View, whole: Column, part: Column) -> bool:
    """Whether a column stands under the heading of the parts, where they have one."""
    heading = view.table.paths[part.index][:-1]
    return not heading or view.table.paths[whole.index][: len(heading)] == heading


def _make_up(heads: Sequence[str]) -> bool:
    """Whether two columns say of themselves that they make up a whole: one is called a difference, or they are its halves."""
    one, other = heads
    halves = any(
        a in x and b in y and x.replace(a, "", 1) == y.replace(b, "", 1)
        for x, y in ((one, other), (other, one))
        for a, b in _HALVES
    )
    return halves or any(_DIFFERENCE.fullmatch(head) for head in heads)


def _tried(table: Floats, whole: int, parts: list[int]) -> tuple[Bools, Bools, int]:
    """The rows in which all stand, those in which the sum holds, and how many of these tell something."""
    sums, there = table[:, parts].sum(axis=1), (table[:, parts] > 0).sum(axis=1)
    tried: Bools = ~np.isnan(sums) & ~np.isnan(table[:, whole])
    agreed: Bools = tried & (np.abs(sums - table[:, whole]) < _CHANCE)
    return tried, agreed, int((agreed & (there >= 2) & (table[:, whole] > _SMALL)).sum())


def _sum_finding(asked: Asked, view: View, row: int, whole: int, parts: Sequence[int]) -> Finding:
    cells = [cell_at(view, row, col) for col in (whole, *parts)]
    heads = {c.index: head_of(view, c) for c in view.columns}
    value, computed = numbers(view, whole)[row], sum(numbers(view, col)[row] for col in parts)
    told = f"{heads[whole]}{value:g}不等于{'、'.join(heads[col] for col in parts)}之和{computed:g}"
    unit = view.by_index[row].entity or f"第{row + 1}行"
    return asked.find(cells, derived=True, late=True, value=told, cell=cells[0][1], unit=unit, other="")


# ---- rates -----------------------------------------------------------------------------------------------------


def _rates(asked: Asked, view: View, counts: _Counts) -> Iterator[Finding]:
    """Rates that are the quotient of two counts before them, by the digits that they print."""
    for rate in view.columns:
        if rate.role is not Role.VALUE or not is_rate(head_of(view, rate)):
            continue
        shown = numbers(view, rate.index)[counts.rows]
        before = [n for n, c in enumerate(counts.columns) if c.index < rate.index][-_NEAR:]
        found = _made_of(counts, shown, [(top, (base,)) for top, base in permutations(before, 2)])
        if found is None:  # 合格率 of those checked, 巩固率 of those who came at first and since
            sums = [(top, bases) for bases in combinations(before, 2) for top in before]
            found = _made_of(counts, shown, sums)
        if found is None:
            continue
        (there, agreed), top, bases = found
        others = [n for n in before if n not in (top, *bases)]
        changed = _fits_changed(shown, counts, top, bases, others)
        for n in np.flatnonzero(there & ~agreed & ~changed).tolist():
            if not unreadable(view, counts.rows[n], rate.index):
                yield _rate_finding(asked, counts, n, rate, shown[n], top, bases)


def _made_of(
    counts: _Counts, shown: Floats, tries: Sequence[tuple[int, tuple[int, ...]]]
) -> tuple[tuple[Bools, Bools], int, tuple[int, ...]] | None:
    """Of the (part, what its whole is the sum of) that a rate may be made of the one that most rows show."""
    found = [(_fits(shown, counts.table[:, t], counts.table[:, list(b)].sum(axis=1)), t, b) for t, b in tries]
    kept = [(int(fits[1].sum()), top + sum(bases), fits, top, bases) for fits, top, bases in found if fits is not None]
    return max(kept, key=lambda one: one[:2])[2:] if kept else None


def _rate_finding(
    asked: Asked, counts: _Counts, n: int, rate: Column, shown: float, top: int, bases: tuple[int, ...]
) -> Finding:
    view, row = counts.view, counts.rows[n]
    num, dens = counts.columns[top], [counts.columns[base] for base in bases]
    cells = [cell_at(view, row, c.index) for c in (rate, num, *dens)]
    some, whole = counts.table[n, top], counts.table[n, list(bases)].sum()
    named = "+".join(f"{head_of(view, den)}{counts.table[n, base]:g}" for den, base in zip(dens, bases, strict=True))
    told = (
        f"{head_of(view, rate)}为{shown:g},按{head_of(view, num)}{some:g}÷{f'({named})' if len(dens) > 1 else named}"
        f"算得{100 * some / whole:.2f}"
    )
    unit = view.by_index[row].entity or view.by_index[row].label.text or f"第{row + 1}行"
    return asked.find(cells, derived=True, late=True, value=told, cell=cells[0][1], unit=unit, other="")


def _fits(shown: Floats, top: Floats, base: Floats) -> tuple[Bools, Bools] | None:
    """The rows in which all three stand and those in which they agree; None where too few do."""
    tried: Bools = ~np.isnan(shown) & ~np.isnan(top) & ~np.isnan(base) & (base > 0)
    if tried.sum() < _TELLING:
        return None
    agreed = tried & _agrees(shown, top, base)
    telling = agreed & (top < base) & (shown > 1) & (shown < 100)
    enough = len(set(shown[telling].tolist())) >= _TELLING and (tried.sum() - agreed.sum()) * _ONE_OF <= tried.sum()
    return (tried, agreed) if enough else None


def _agrees(shown: Floats, top: Floats, base: Floats) -> Bools:
    """The rows whose rate is the quotient by the digits that the column prints; never those in which a number is missing."""
    told: Bools = ~np.isnan(shown) & ~np.isnan(top) & ~np.isnan(base) & (base > 0)
    quotient = np.divide(100 * top, base, out=np.zeros_like(top), where=told)
    printed = [len(f"{value:.4f}".rstrip("0").partition(".")[2]) for value in shown[told]]
    usual = max(set(printed), key=lambda n: (printed.count(n), n), default=0)
    hair, part = np.ones(len(shown)), np.full(len(shown), _CHANCE)
    hair[told] = 1.0001 * 10.0 ** -np.maximum(printed, usual).astype(float)  # rounded or cut off
    part[told] = np.where(shown[told] < 1, 1.0001 * 10.0 ** -np.maximum(printed, 2).astype(float), _CHANCE)  # 0.994
    agreed: Bools = told & ((np.abs(quotient - shown) <= hair) | (np.abs(quotient / 100 - shown) <= part))
    return agreed


def _fits_changed(shown: Floats, counts: _Counts, top: int, bases: Sequence[int], others: Sequence[int]) -> Bools:
    """The rows whose rate is right once those who came or left (净增加, 转入-转出) are counted with the base: where most
    rows have none, the base alone seems to be the rule."""
    changes = [n for n in others if _CHANGE.search(head_of(counts.view, counts.columns[n]))]
    told = np.nan_to_num(counts.table)
    tops, wholes = counts.table[:, top], counts.table[:, list(bases)].sum(axis=1)
    shifts = [sign * told[:, n] for n in changes for sign in (1, -1)]
    shifts += [told[:, n] - told[:, m] for n, m in permutations(changes, 2)]
    fits = np.zeros(len(shown), dtype=bool)
    for shift in shifts:
        fits |= _agrees(shown, tops, wholes + shift)
    return fits
