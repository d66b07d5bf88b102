"""One row of a table with what its labels say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from etl.sheets.labels import Label


@dataclass(slots=True)
class Row:
    """`label` is what the item columns say; `entity` is None when the row stands for the sheet's own unit."""

    index: int
    label: Label
    entity: str | None = None
    code: str | None = None
    period: str | None = None
    month: int | None = None
    day: int | None = None
    cohort: str = ""
    unit: str = ""
    total: bool = False
    redacted: bool = False
    dims: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""  # a row label that nobody understood
    excluded: str = ""  # why the row is no value of its unit: a mean, a single class
    school_class: str = ""
    group: str | None = None  # the count of the pupils that the row is about (寄宿生), under columns that name others
    part: str = ""  # the quarter, half or term of the sheet's year
    plain: bool = False  # it was seen at a glance that it says only whose it is, when, and of which group
