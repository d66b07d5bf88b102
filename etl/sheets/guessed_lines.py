"""The columns and rows of a table with those that no rule understood as the second reader understands them: where the rules
know others of the table, and none that holds the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db.records import dims_key
from etl.sheets.cells import CellValue, read_cell
from etl.sheets.column_heads import values_of
from etl.sheets.columns import Column, Role
from etl.sheets.guesses import guessed
from etl.sheets.header import Table
from etl.sheets.labels import Label, read_label
from etl.sheets.row import Row
from etl.sheets.threes import Line, threes
from etl.sheets.vocabulary import Vocabulary

_SOME = 60  # rows of a long table that tell what a column holds


def with_guesses(table: Table, columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """The columns; those of a table in which the rows name the indicators are left alone."""
    columns = _with_threes(table, columns, vocabulary)
    known = {(_stands_for(c.label), c.entity) for c in columns if c.role is Role.VALUE and _understood(c.label)}
    found = []
    for column in columns:
        if column.role is Role.VALUE and known:
            label = guessed(column.label, table.paths[column.index], values_of(table, column.index), vocabulary)
            if (what := (_stands_for(label), column.entity)) not in known:
                column = replace(column, label=label)
            known |= {what} if _understood(label) else set()
        found.append(column)
    return found


def _with_threes(table: Table, columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """The columns with those that are a rate and its counts by their numbers, where no other is called so."""
    found = list(columns)
    values = [
        at for at, c in enumerate(found) if c.role is Role.VALUE and c.entity is None and any(table.paths[c.index])
    ]
    if all(_understood(found[at].label) for at in values):
        return found
    body = table.body[:: len(table.body) // _SOME + 1]
    lines = [
        Line(c.label, table.paths[c.index], c.label.unit, _cells(table, body, c.index))
        for c in (found[at] for at in values)
    ]
    known = {_stands_for(line.label) for line in lines if line.understood}
    for place, label in threes(lines, vocabulary).items():
        if (what := _stands_for(label)) not in known:
            known.add(what)
            found[values[place]] = replace(found[values[place]], label=label)
    return found


def _cells(table: Table, rows: Sequence[int], col: int) -> dict[int, CellValue]:
    return {row: read_cell(value) for row in rows if (value := table.sheet.raw(row, col)) is not None}


def with_guessed_rows(
    table: Table, rows: Sequence[Row], columns: Sequence[Column], vocabulary: Vocabulary, topic: str
) -> list[Row]:
    """The rows of a table whose columns name no indicator; what the unit in their column of units says more (幼儿园 | 所) comes
    before any guess."""
    known = {_stands_for(row.label) for row in rows if _understood(row.label)}
    if not known or any(c.role is Role.VALUE and c.label.known for c in columns):
        return list(rows)
    cells = [c.index for c in columns if c.role is Role.VALUE]
    found = []
    for row in rows:
        if row.entity is None and not _understood(row.label) and not (row.total or row.excluded or row.school_class):
            values = [value for c in cells if (value := table.sheet.raw(row.index, c)) is not None]
            path = row.label.text.split("/")
            with_unit = (
                read_label((*path[:-1], f"{path[-1]}({row.unit})"), vocabulary, topic) if row.unit else row.label
            )
            label = with_unit if _understood(with_unit) else guessed(row.label, path, values, vocabulary, row.unit)
            if _understood(label) and (what := _stands_for(label)) not in known:
                known.add(what)
                row = replace(row, label=label, dims={**row.dims, **label.dims}, problem="")
        found.append(row)
    return found


def _understood(label: Label) -> bool:
    return label.known and not label.rest


def _stands_for(label: Label) -> tuple[object, ...]:
    return (
        label.indicator, label.part, dims_key(label.dims), label.period, label.month, label.quarter, label.shift,
    )  # fmt: skip
