"""人 and 剂次 side by side under one heading: the same thing counted by children and by doses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.column import Column, Role
from etl.sheets.header import Table
from etl.sheets.vocabulary import Vocabulary

_PERSONS = frozenset(("人", "人数", "儿童", "儿童数"))


def with_persons(table: Table, columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """The columns of children beside those of doses under the same heading say that they are of children."""
    doses = {_kind(table, c) for c in columns if c.role is Role.VALUE and c.label.dims.get("basis") == "dose"}
    return [
        replace(c, label=replace(c.label, dims={**c.label.dims, "basis": "person"}))
        if c.role is Role.VALUE and _kind(table, c) in doses and _counts_persons(table, c, vocabulary)
        else c
        for c in columns
    ]


def _kind(table: Table, column: Column) -> tuple[str | None, tuple[str, ...]]:
    return column.label.indicator, tuple(table.paths[column.index][:-1])


def _counts_persons(table: Table, column: Column, vocabulary: Vocabulary) -> bool:
    path, label = table.paths[column.index], column.label
    kept = "basis" in vocabulary.dims.get(label.indicator or "", ()) and "basis" not in label.dims
    return kept and len(path) > 1 and words.PUNCTUATION.sub("", compact(path[-1])) in _PERSONS
