"""小计 and 合计 down the rows of columns that the catalogue keeps nothing of (B08): a sum that one column alone breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from db.catalogue.rule_kinds import LayoutCheck
from etl.checks.cells import Floats, numbers
from etl.checks.findings import Asked, Finding
from etl.checks.printed import LONG_TABLE, count_columns, unreadable
from etl.checks.tables import cell_at, printed_name
from etl.sheets.columns import Column
from etl.sheets.rows import Row
from etl.sheets.views import View

_NO_COUNT = re.compile(r"[%‰]|百分点|同比|[较比](?:上|去|20\d{2})|增[减幅长]|最[大高小低]|平均")
_LEAST = 4  # columns that must show which rows a row sums, and more than break it


def broken_subtotal(asked: Asked, check: LayoutCheck, view: View) -> Iterator[Finding]:
    """The columns nobody understood in which a total is not the sum of the rows above it, as it is in nearly all others."""
    if len(view.rows) > LONG_TABLE or any(row.label.known for row in view.rows):
        return
    columns = [c for c in count_columns(view) if not _NO_COUNT.search("".join(view.table.paths[c.index]))]
    held = [(c, numbers(view, c.index)) for c in columns]
    for whole, parts in _sums(view.rows):
        tried = [(c, *sums) for c, cells in held if (sums := _compared(view, c, cells, whole, parts)) is not None]
        wrong = [(c, value, total) for c, value, total in tried if value != total]
        if len(tried) - len(wrong) < max(_LEAST, len(wrong)):
            continue
        for column, value, total in wrong:
            if column.label.known and not column.label.rest:
                continue
            cell = cell_at(view, whole.index, column.index)
            beside = [cell_at(view, row.index, column.index) for row in parts]
            yield asked.find(
                [cell], beside=beside, late=True, derived=True, unit=_unit(view, whole), value=f"{printed_name(column.label)}{value:g}",
                cell=cell[1], other=f"{total:g}",
            )  # fmt: skip


def _sums(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """Each total with the rows above it, back to the total before."""
    parts: list[Row] = []
    for row in rows:
        if not row.total:
            parts.append(row)
            continue
        if len(parts) > 1:
            yield row, parts
        parts = []


def _compared(
    view: View, column: Column, cells: Floats, whole: Row, parts: Sequence[Row]
) -> tuple[float, float] | None:
    rows = [row.index for row in parts]
    if (
        np.isnan(cells[whole.index])
        or any(unreadable(view, row, column.index) for row in rows)
        or np.isnan(cells[rows]).all()
    ):
        return None
    return float(cells[whole.index]), float(np.nansum(cells[rows]))


def _unit(view: View, row: Row) -> str:
    first = min((c.index for c in view.columns), default=0)
    return row.entity or view.texts(first)[row.index] or "合计"
