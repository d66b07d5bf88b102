"""Some of whom: 其中:持健康证 below the kindergarten's whole staff counts no canteen workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.sheets import words
from etl.sheets.columns import Column, Role
from etl.sheets.header import Table
from etl.sheets.labels import Label, read_label
from etl.sheets.vocabulary import Vocabulary

_OTHER_WHOLES = {"food_handlers_certified": frozenset(("staff", "teachers"))}


def of_another_whole(some: str | None, whole: str | None) -> bool:
    """Whether a part, by its indicator, belongs to another whole than the one that it stands below."""
    return whole in _OTHER_WHOLES.get(some or "", ())


def part_below(item: str, above: str, label: Label, vocabulary: Vocabulary, topic: str) -> Label:
    """The label of a row that begins with 其中, below the row `above`; without its meaning where that is of others."""
    if not above or not words.is_part_of(item) or label.indicator not in _OTHER_WHOLES:
        return label
    whole = read_label((above,), vocabulary, topic).indicator
    return Label(label.text, rest=label.text, unit=label.unit) if of_another_whole(label.indicator, whole) else label


def with_wholes(table: Table, columns: Sequence[Column]) -> list[Column]:
    """The same across the columns: 保教人员数 | 其中:持健康证."""
    found: list[Column] = []
    whole: str | None = None
    for column in columns:
        path = table.paths[column.index]
        if path and words.is_part_of(path[-1]) and of_another_whole(column.label.indicator, whole):
            column = replace(column, label=replace(column.label, indicator=None, rest=column.label.text))
        elif column.role is Role.VALUE:
            whole = column.label.indicator
        found.append(column)
    return found
