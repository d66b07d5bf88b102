"""Bare groups behind a count (在园幼儿数 | 小班 | 中班 | 大班): parts of it where they add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from etl.sheets.cells import Kind, read_cell
from etl.sheets.header import Table

if TYPE_CHECKING:
    from etl.sheets.columns import Column
    from etl.sheets.vocabulary import Vocabulary

_DIMS = ("grade", "sex", "area", "sponsor", "level")
_BEFORE = 3  # counts before the groups that may be their sum
_NEAR = 3  # a sum this part of the whole off, or less, is a sum with a mistake in it
_ROWS = 60  # rows of a long table that are tried


def with_summed_groups(table: Table, columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """The columns with every run of bare groups of one dim read as parts of the count that they add up to. The first of
    them may have been read already (病例数 | 其中:幼儿园 | 小学 | 初中)."""
    found = list(columns)
    for dim in _DIMS:
        for run in _runs(found, dim):
            whole = _sum_of(table, found, run, dim, vocabulary)
            for column in run if whole is not None else ():
                assert whole is not None
                if not column.label.known:
                    dims = {**whole.label.dims, **column.label.dims}
                    label = replace(column.label, indicator=whole.label.indicator, dims=dims, confidence=0.9)
                    found[found.index(column)] = replace(column, label=label)
    return found


def _is_bare(column: Column, dim: str) -> bool:
    label = column.label
    return column.role == "value" and not label.known and not label.rest and set(label.dims) == {dim}


def _runs(columns: Sequence[Column], dim: str) -> list[list[Column]]:
    runs: list[list[Column]] = []
    for n, column in enumerate(columns):
        if not _is_bare(column, dim):
            continue
        if runs and columns[n - 1] is runs[-1][-1]:
            runs[-1].append(column)
        else:
            first = columns[n - 1] if n else None
            known = first is not None and first.role == "value" and first.label.indicator and dim in first.label.dims
            runs.append([first, column] if known and first is not None else [column])
    return [run for run in runs if len(run) > 1 and len({column.label.dims[dim] for column in run}) == len(run)]


def _sum_of(
    table: Table, columns: Sequence[Column], run: Sequence[Column], dim: str, vocabulary: Vocabulary
) -> Column | None:
    first = columns.index(run[0])
    told = run[0].label.indicator
    before = [
        c for c in columns[:first]
        if c.role == "value" and c.label.indicator and not c.label.rest and dim not in c.label.dims
        and dim in vocabulary.dims.get(c.label.indicator, ()) and told in (None, c.label.indicator)
    ]  # fmt: skip
    return next((c for c in reversed(before[-_BEFORE:]) if _adds_up(table, c, run)), None)


def _adds_up(table: Table, whole: Column, run: Sequence[Column]) -> bool:
    """Whether the parts give the whole in two rows of three, or in some while all others are near it: mistyped numbers
    and blanks do not make other columns of them."""
    tried = agreed = near = 0
    for row in table.body[:_ROWS]:
        value = _number(table, row, whole)
        parts = [_number(table, row, column) for column in run]
        if value and any(part is not None for part in parts):
            total = sum((part or Decimal(0) for part in parts), Decimal(0))
            tried += 1
            agreed += value == total
            near += abs(value - total) * _NEAR <= value
    return agreed > 1 and (agreed * 3 >= tried * 2 or near * 5 >= tried * 4)


def _number(table: Table, row: int, column: Column) -> Decimal | None:
    cell = read_cell(table.sheet.raw(row, column.index))
    return cell.number if cell.kind is Kind.NUMBER else None
