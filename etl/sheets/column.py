"""One column of a table and what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from etl.sheets.labels import Label


class Role(StrEnum):
    SERIAL = "serial"
    CODE = "code"
    ENTITY = "entity"
    PERIOD = "period"
    COHORT = "cohort"
    CLASS = "class"  # a single class of a school: less than any unit of the tree
    ITEM = "item"  # the row's indicator or breakdown stands here
    UNIT = "unit"
    VALUE = "value"
    IGNORED = "ignored"  # `label.ignored` says why
    TEXT = "text"  # words that no indicator is made of
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    role: Role
    label: Label
    header_cell: tuple[int, int]
    entity: str | None = None  # the unit that heads the column, where units stand side by side
    whole: bool = False  # the printed sum of the units beside it
