"""How a sheet was understood, and what a person changed about it: plain frozen records, no SQL, no I/O.

The upload page draws them; a store may keep what a person changed (`override_to_json`). Rows and columns are counted
from 0, as in `Grid.cells`; ranges are inclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class LayoutKind(StrEnum):
    """WIDE: units down, indicators across. TRANSPOSED: indicators down; groups, years or units across.
    LONG: one value per row, its indicator named in a column. PAIR: label and value side by side, one unit per sheet.
    SCORE: marks of one unit. LEDGER: findings one by one, no numbers taken. ROSTER: persons, never read."""

    WIDE = "wide"
    TRANSPOSED = "transposed"
    LONG = "long"
    PAIR = "pair"
    SCORE = "score"
    LEDGER = "ledger"
    ROSTER = "roster"


class LineRole(StrEnum):
    """What a column (or a row of a transposed table, or a pair) is for.

    INDICATOR holds values of `LineLayout.indicator`. PART holds a count that only serves a rate or a check
    (`LineLayout.part`). BREAKDOWN is a group of values (小学, 2023年, 合计) whose indicator the other axis names.
    ITEM names the indicator or group of its row. IGNORED is left out on purpose (`why` says why: target, ordinal,
    remark ...), UNKNOWN because nobody understood it."""

    PLACE = "place"
    CODE = "code"
    PERIOD = "period"
    COHORT = "cohort"
    CLASS = "class"
    ITEM = "item"
    UNIT = "unit"
    SERIAL = "serial"
    INDICATOR = "indicator"
    PART = "part"
    BREAKDOWN = "breakdown"
    REMARK = "remark"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    BLANK = "blank"


class RowRole(StrEnum):
    """TITLE: title, issuer, unit, date lines. SECTION: a line that heads the rows under it. MEAN: a printed mean, never
    a value. PART: a single class, less than any unit. REPEAT: a header printed again or a line of column numbers."""

    TITLE = "title"
    HEADER = "header"
    SECTION = "section"
    DATA = "data"
    TOTAL = "total"
    SUBTOTAL = "subtotal"
    OF_WHICH = "of_which"
    MEAN = "mean"
    PART = "part"
    UNKNOWN = "unknown"
    REPEAT = "repeat"
    NOTE = "note"
    FOOTER = "footer"


class PeriodSource(StrEnum):
    """Where the period of a value stands. DATE: only the day of filling in says it. ABOVE: taken over from the block
    above. NONE: nothing says it, a person must."""

    COLUMN = "column"
    ROW = "row"
    TITLE = "title"
    STATED = "stated"  # 报告期:2024年
    SHEET_NAME = "sheet_name"
    FILE_NAME = "file_name"
    DATE = "date"
    NOTE = "note"
    ABOVE = "above"
    WORKBOOK = "workbook"  # the only period that the other sheets of the file name
    PERSON = "person"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LineLayout:
    """One column; in `TableLayout.items` one row, pair or item that names an indicator.

    `key` names the line inside its layout whatever its position: the normalised header path, with `#2` behind when an
    earlier line has the same. Overrides are given by it. `axis` is "column", "row" or "cell" (a pair, whose value stands
    at `cell`); `index` is the column or row, for a pair the row. `header` is the cell of the lowest label.
    `period` is a period code where the line itself names one, `stamp` what it names without a year ("3月", "Q2", "last",
    "cumulative"). `why` holds reasons `code|detail`: see `etl.sheets.reasons`. `examples` are its first values as text."""

    key: str
    axis: str
    index: int
    path: tuple[str, ...]
    role: LineRole
    header: tuple[int, int]
    indicator: str | None = None
    part: str | None = None
    dims: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    period: str | None = None
    stamp: str = ""
    period_source: PeriodSource = PeriodSource.NONE
    entity: str | None = None
    total: bool = False
    numerator_of: tuple[str, ...] = ()  # keys of the rates of the same table that are made of it
    denominator_of: tuple[str, ...] = ()
    confidence: float = 0.0
    why: tuple[str, ...] = ()
    cell: tuple[int, int] | None = None
    examples: tuple[str, ...] = ()
    changed: bool = False  # a person's override holds here


@dataclass(frozen=True, slots=True)
class RowSpan:
    """Rows first..last, all of one role; a sheet of 100,000 schools has a handful of spans."""

    first: int
    last: int
    role: RowRole


@dataclass(frozen=True, slots=True)
class Signature:
    """The shape of a table: its kind and the keys of its lines in order, without places, periods and row counts.
    Two files filled in on the same form have equal signatures; `digest` is a short text to keep them by."""

    kind: LayoutKind
    lines: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table of a sheet. `key` ("Sheet1#1") names it inside its file. `columns` go from left to right; `items` are the
    rows, pairs or item names that tell the indicators (empty in a WIDE table)."""

    key: str
    sheet: str
    kind: LayoutKind
    top: int
    left: int
    bottom: int
    right: int
    signature: Signature
    header_rows: tuple[int, ...] = ()
    columns: tuple[LineLayout, ...] = ()
    items: tuple[LineLayout, ...] = ()
    rows: tuple[RowSpan, ...] = ()
    title: str = ""
    period: str | None = None
    period_source: PeriodSource = PeriodSource.NONE
    entity: str | None = None
    level: str | None = None
    unit: str = ""
    ignored: bool = False  # a person left the table out

    def line(self, key: str) -> LineLayout | None:
        """The column or item of a key."""
        return next((line for line in (*self.columns, *self.items) if line.key == key), None)

    def row_role(self, row: int) -> RowRole | None:
        """The role of a row of the sheet; None for a blank one or one outside the table."""
        return next((span.role for span in self.rows if span.first <= row <= span.last), None)


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet of a workbook with its tables; `note` says why it has none ("hidden", "no_table", "personal_data"; "guide" and
    "reference" where the sheet itself says that it is not to be read)."""

    sheet: str
    height: int
    width: int
    tables: tuple[TableLayout, ...] = ()
    hidden: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineOverride:
    """What a person changed about one line; None keeps what was understood. `indicator` with `dims` replaces the whole
    reading of the label (dims None: those that were read, as far as the indicator is kept by them). `role` may be PLACE, CODE,
    PERIOD, ITEM, UNIT, SERIAL, IGNORED or REMARK for a column; giving an indicator implies INDICATOR."""

    ignore: bool = False
    role: LineRole | None = None
    indicator: str | None = None
    dims: Mapping[str, str] | None = None
    unit: str | None = None
    period: str | None = None
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class TableOverride:
    """What a person changed about one table: `lines` by `LineLayout.key`; `period`, `entity`, `level` and `unit` replace
    what the title says and hold where neither row nor column says otherwise."""

    ignore: bool = False
    period: str | None = None
    entity: str | None = None
    level: str | None = None
    unit: str | None = None
    lines: Mapping[str, LineOverride] = field(default_factory=dict)

    def to_remember(self) -> TableOverride:
        """What holds for the next file of the same form too: not its period and place, nor those of its columns."""
        lines = {key: replace(line, period=None, entity=None) for key, line in self.lines.items()}
        kept = {key: line for key, line in lines.items() if line != LineOverride()}
        return replace(self, period=None, entity=None, lines=kept)


Overrides = Mapping[str, TableOverride]
"""Overrides of a file, by `TableLayout.key` or by `Signature.digest` (all tables of that shape); the key wins."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How a table's shape differs from a remembered one: keys of lines that came, went, were renamed (old, new), or
    changed places among those that stayed. `kinds` is (old, new) where the kind of layout changed."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    moved: tuple[str, ...] = ()
    kinds: tuple[LayoutKind, LayoutKind] | None = None

    @property
    def none(self) -> bool:
        return not (self.added or self.gone or self.renamed or self.moved or self.kinds)


@dataclass(frozen=True, slots=True)
class RememberedLayout:
    """A shape that a person confirmed, with what was changed about it; `title` and `file_name` are those of the sheet it
    was confirmed on, `confirmed_at` is UTC."""

    signature: Signature
    override: TableOverride
    title: str
    file_name: str
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class DriftedLayout:
    """A table that is like a remembered one but not equal: what changed, and the remembered changes put on its lines."""

    remembered: RememberedLayout
    drift: Drift
    override: TableOverride


@dataclass(frozen=True, slots=True)
class RecalledLayouts:
    """The tables of a file (by `TableLayout.key`) of a remembered shape, of a drifted one, and of a new one. Only the
    last two want a look."""

    known: Mapping[str, RememberedLayout] = field(default_factory=dict)
    drifted: Mapping[str, DriftedLayout] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()


def override_to_json(override: TableOverride) -> dict[str, Any]:
    """Plain data without the fields that nothing was changed in."""
    data: dict[str, Any] = _changed(override, TableOverride(), ("ignore", "period", "entity", "level", "unit"))
    lines = {key: _changed(line, LineOverride(), _LINE_FIELDS) for key, line in override.lines.items()}
    return {**data, "lines": lines} if lines else data


def override_from_json(data: Mapping[str, Any]) -> TableOverride:
    """The reverse; raises ValueError or TypeError when the data is not what `override_to_json` gives."""
    lines = {
        str(key): LineOverride(**{**line, "role": LineRole(line["role"]) if line.get("role") else None})
        for key, line in data.get("lines", {}).items()
    }
    return TableOverride(**{**{k: v for k, v in data.items() if k != "lines"}, "lines": lines})


_LINE_FIELDS = ("ignore", "role", "indicator", "dims", "unit", "period", "entity")


def _changed(record: object, plain: object, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in names}
    kept = {name: value for name, value in values.items() if value != getattr(plain, name)}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in kept.items()}
