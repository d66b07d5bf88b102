"""A workbook to fill in, as data: sheets, columns, rows, and the words printed on it."""

from __future__ import annotations

from dataclasses import dataclass

Value = float | int | str | None
Sides = tuple[tuple[int, ...], tuple[int, ...]]  # columns to add, columns to take off


@dataclass(frozen=True, slots=True)
class Column:
    """One column of values; other columns are named by their place among these, from 0.

    `kind`: count (whole, not negative), choice (of a list, other text is welcome), text or date."""

    path: tuple[str, ...]
    kind: str = "count"
    choices: tuple[str, ...] = ()
    within: int | None = None
    equals: tuple[Sides, ...] = ()  # each: what it must come to
    sum: Sides | None = None  # worked out
    rate: tuple[int, tuple[int, ...]] | None = None  # worked out: a column over the sum of others, in percent
    may_not_apply: bool = False
    not_before: int | None = None

    @property
    def is_computed(self) -> bool:
        """Whether a formula fills it in."""
        return self.sum is not None or self.rate is not None


@dataclass(frozen=True, slots=True)
class Row:
    """What names a row (code and name of a unit, or a number), what is filled in and what stood there the year before."""

    heads: tuple[str, ...]
    values: tuple[Value, ...]
    last: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `last_name` and `last_title` are those of the sheet of last values, which needs some to be made.
    `total`: a row of sums below several rows."""

    name: str
    title: str
    line: tuple[str, str, str]  # issuer, date, unit
    heads: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    last_name: str
    last_title: str
    total: bool = True

    @property
    def has_last(self) -> bool:
        """Whether anything is known of the year before."""
        return any(value is not None for row in self.rows for value in row.last)


@dataclass(frozen=True, slots=True)
class Words:
    """What is printed on every sheet, and what a cell says to the person who types into it: `whole`, `day` and `within`
    (with {part} and {whole}) refuse a value, `last` heads the message with the value of the year before. `lists` names the
    sheet that holds long lists."""

    total: str
    not_read: str
    not_applicable: str
    whole: str
    within: str
    or_not_applicable: str
    day: str
    lists: str
    last: str


@dataclass(frozen=True, slots=True)
class Template:
    """The workbook; a count that moves by more than `jump` (percent, least) against the year before is coloured."""

    author: str
    sheets: tuple[Sheet, ...]
    guide_name: str
    guide: tuple[str, ...]
    words: Words
    jump: tuple[float, float]
