"""One row of a table with what its labels say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.labels import Label
from etl.sheets.periods import find_period, headed_month, lone_day, lone_month, span_of_days, stamp_period


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


def why_left_out(told: str, stamp: str, items: Sequence[str], single: str) -> str:
    """Why a row is no value of its unit (a Rejected reason), empty where it is one: `told` are its first words, `stamp` its
    name or period, `single` the class that it is about."""
    if words.is_aim(told):
        return "target"
    spread = any(words.SPREAD.search(compact(item)) for item in items)
    if spread or words.is_difference(stamp) or words.is_mean(told):
        return "definition"
    return "out_of_domain" if single else ""


def stamped_period(stamp: object, header: str, topic: str) -> str | None:
    """The period of a row's stamp; days from one to another take the year of the title."""
    return span_of_days(stamp, find_period(topic)) or stamp_period(stamp, header)


def stamp_parts(stamp: object, header: str) -> tuple[int | None, int | None]:
    """(month, day) of a stamp that names no year."""
    month = headed_month(stamp, header)
    return (month, None) if month else lone_day(stamp) or (lone_month(compact(stamp)), None)
