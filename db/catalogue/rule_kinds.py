"""The kinds of checks that rules are made of (rules.py), one class per evaluator of etl/checks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from db.catalogue.model_base import Code, Domain, Strict

Names = tuple[Code, ...]
Level = Literal["block", "confirm", "note"]


class Check(Strict):
    """What every check may say of itself; `sentence` and `severity` stand in for those of its rule."""

    slots: ClassVar[frozenset[str]] = frozenset()
    sentence: str | None = None
    severity: Level | None = None


class Limit(Strict):
    """Bounds of one indicator, of one level of education where it names one."""

    indicator: Code
    level: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None


class CountCheck(Check):
    """Values in these units are whole numbers from 0."""

    slots = frozenset({"name", "value", "cell"})
    kind: Literal["count"]
    units: tuple[str, ...]  # "count" is that of the quantities of rules.yml


class BoundCheck(Check):
    """A value outside its limits: those given here, else those of the catalogue (`of`)."""

    slots = frozenset({"name", "value", "cell", "low", "high", "limit"})
    kind: Literal["bound"]
    of: Literal["bounds", "plausible", "limits"]
    except_: Names = Field(default=(), alias="except")
    limits: tuple[Limit, ...] = ()


class FractionCheck(Check):
    """The numerator of a bounded rate is part of its denominator."""

    slots = frozenset({"name", "numerator", "denominator", "cell"})
    kind: Literal["fraction"]


class RecomputedCheck(Check):
    """The printed rate is the quotient, up to `half_units` of the last digit that its column prints.

    `of` says where the counts stand: in the row itself, or elsewhere (another table of the file, or the store)."""

    slots = frozenset({"name", "value", "computed", "numerator", "denominator", "difference", "cell", "unit"})
    kind: Literal["recomputed"]
    of: Literal["row", "elsewhere"] = "row"
    half_units: Decimal


class PossibleCheck(Check):
    """A rate that no whole number of its denominator gives (97.3 % of 40 pupils)."""

    slots = frozenset({"name", "value", "denominator", "lower", "upper", "cell"})
    kind: Literal["possible"]
    largest: int  # beyond it every printed rate is possible


class SmallBaseCheck(Check):
    """Too few people for a rate to mean anything."""

    slots = frozenset({"name", "n", "cells", "least"})
    kind: Literal["small_base"]
    least: int


class TotalCheck(Check):
    """Printed totals equal the sums of their parts, down the rows and across complete groups of columns."""

    slots = frozenset({"name", "value", "computed", "difference", "cell", "parts"})
    kind: Literal["total"]
    dims: tuple[str, ...]


class StockSumCheck(Check):
    """A stock added over months."""

    slots = frozenset({"name", "value", "cell"})
    kind: Literal["stock_sum"]


class ParentCheck(Check):
    """A unit's own value beside the sum of its parts, in the file or in the store; `card`: beside the list of all units."""

    slots = frozenset({"name", "unit", "value", "computed", "difference", "cell"})
    kind: Literal["parent"]
    of: Literal["parts", "card"] = "parts"


class Pair(Strict):
    """`less` may not exceed `more` in the same row and group; not asked where `unless` stands beside them."""

    less: Code
    more: Code
    unless: Code | None = None
    dims: dict[str, str] = Field(default_factory=dict)


class AtMostCheck(Check):
    """Pairs of counts, one part of the other; `subdivisions` are dims whose groups are part of the whole."""

    slots = frozenset({"less", "less_value", "more", "more_value", "difference", "cell", "unit"})
    kind: Literal["at_most"]
    pairs: tuple[Pair, ...] = ()
    subdivisions: tuple[str, ...] = ()


class Parts(Strict):
    """`whole` is the sum of `parts` (all must be there); `optional` are added where they stand."""

    whole: Code
    parts: tuple[Code, ...]
    optional: tuple[Code, ...] = ()
    by: str | None = None  # a dim whose groups are the parts (grade_abc)


class PartsCheck(Check):
    slots = frozenset({"whole", "value", "parts", "computed", "difference", "cell", "unit"})
    kind: Literal["parts"]
    sums: tuple[Parts, ...]


class OrderCheck(Check):
    """Values along an ordered dim never rise (doses) or never fall (before and after the catch-up)."""

    slots = frozenset({"name", "earlier", "earlier_value", "later", "later_value", "cell", "unit"})
    kind: Literal["order"]
    dim: str
    sequence: tuple[str, ...]
    never: Literal["rises", "falls"]
    indicators: Names
    periods: tuple[str, ...] = ()  # kinds of period in which it holds; none named: all
    due: Code | None = None  # in other periods it holds where this falls along the dim


class BalanceCheck(Check):
    """Start + increases - decreases = end; the columns of increases and decreases stand under these words, or between
    start and end and are `more` and `fewer`."""

    slots = frozenset({"value", "computed", "difference", "cell", "unit"})
    kind: Literal["balance"]
    stock: Code
    end: Code
    increase: tuple[str, ...]
    decrease: tuple[str, ...]
    more: Names
    fewer: Names


class FlowsCheck(Check):
    """What leaves some units of a file arrives at others of it; `listed`: schools that only a table of transfers names."""

    slots = frozenset({"out", "out_value", "in_", "in_value", "difference", "cell", "senders", "takers"})
    kind: Literal["flows"]
    of: Literal["matched", "listed"] = "matched"
    out: Code
    in_: Code = Field(alias="in")


class SupersededCheck(Check):
    """A dim's value that is no longer in use since a day; beside a column of `instead` only what is
    more than a tenth of that is told."""

    slots = frozenset({"name", "cell"})
    kind: Literal["superseded"]
    dims: dict[str, str]
    instead: dict[str, str] | None = None
    since: date


class ShareCheck(Check):
    """A count that is more than `most` percent of another: of `whole`, or of the first of `or_of` that stands beside it."""

    slots = frozenset({"part", "part_value", "whole", "whole_value", "share", "most", "cell", "unit"})
    kind: Literal["share"]
    part: Code
    whole: Code
    or_of: Names = ()
    most: Decimal
    least_count: int = 1


class QuotientCheck(Check):
    """A quotient of two counts of a row outside a band: above `high` (told with value, cell and unit), or below `low` (told once
    for each sheet with n and cells)."""

    slots = frozenset({"value", "low", "cell", "unit", "n", "cells"})
    kind: Literal["quotient"]
    numerator: Code
    denominator: Code
    low: Decimal | None = None
    high: Decimal | None = None


class LargeClassesCheck(Check):
    """Classes of so many pupils that a table or a card counts by itself; `heads` are patterns of its header, the larger classes
    first; `least` is the number from which on it is told (of a header for the pupils of the largest class)."""

    slots = frozenset({"value", "name", "cell", "unit"})
    kind: Literal["large_classes"]
    heads: tuple[str, ...]
    least: Decimal = Decimal(1)


class EmptyCheck(Check):
    """A zero beside a count that cannot be without it."""

    slots = frozenset({"zero", "other", "other_value", "cell", "unit"})
    kind: Literal["empty"]
    pairs: tuple[tuple[Code, Code], ...] = ()
    together: Names = ()  # counts that are not all zero in a school at work


class ContradictionCheck(Check):
    """A rate (or count) of zero beside counts that speak against it."""

    slots = frozenset({"name", "other", "n", "cell", "unit"})
    kind: Literal["contradiction"]
    rates: Names
    counts: Names
    gap: tuple[Code, Code] | None = None  # (more, less): pupils on the roll and pupils present
    least: int
    least_gap: int
    percent: Decimal


class AbsentCheck(Check):
    """Where a count is zero, these rates do not apply, and these counts are zero too."""

    slots = frozenset({"base", "name", "value", "cell", "unit"})
    kind: Literal["absent"]
    bases: Names
    rates: Names
    counts: Names = ()


class UniqueCheck(Check):
    """One row per unit, indicator, period and dims."""

    slots = frozenset({"unit", "first", "again", "told"})
    kind: Literal["unique"]


class CodeCheck(Check):
    """The form of codes: `school` for 标识码, `region` for 区划码, `province` when the two disagree, `county` for a 区划码 of
    another county than the table's, `town` for one school in two towns."""

    slots = frozenset({"value", "cell", "digits", "unit", "other"})
    kind: Literal["code"]
    of: Literal["school", "region", "province", "county", "repeated", "spaces", "town"]
    digits: tuple[int, ...] = ()
    types: tuple[str, ...] = ()


class DateCheck(Check):
    """Dates of rows: inside the period, real, in order, in time. `first` and `then` name columns by words of their header."""

    slots = frozenset({"value", "cell", "unit", "period", "other", "days"})
    kind: Literal["date"]
    of: Literal["period", "real", "order", "deadline", "open", "within"]
    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    after_term: bool = False  # counted from the first day of the autumn term where no column tells the day of entry
    days: int = 0
    last_day: str | None = None  # MM-DD
    usual: bool = False  # only where most rows keep it


class UnfinishedCheck(Check):
    """What is due was not all done `days` after the period began, by the date on which the sheet was filled in."""

    slots = frozenset({"n", "left", "cells", "value", "days"})
    kind: Literal["unfinished"]
    due: Code
    done: Code
    days: int


class GapCheck(Check):
    """A monthly report is handed in while one before it is missing in the store; months off school do not count."""

    slots = frozenset({"units", "missing", "period", "cell"})
    kind: Literal["gap"]
    indicators: Names
    months_off: tuple[int, ...] = ()
    reach: int  # how many months back


class FactorCheck(Check):
    """A value that is a power of ten away from the unit's other periods."""

    slots = frozenset({"name", "value", "usual", "factor", "cell", "unit"})
    kind: Literal["factor"]
    factors: tuple[int, ...]
    within: Decimal  # relative distance from the exact factor


class ChangeLimit(Strict):
    """What may change from one period to the next: percent of the value, or points of a rate."""

    domain: Domain | None = None
    indicator: Code | None = None
    level: Literal["school", "county"] | None = None
    percent: Decimal | None = None
    least: Decimal = Decimal(0)
    points: Decimal | None = None


class ChangeCheck(Check):
    """A jump against the unit's own history: beyond the limit and, for a rate with its denominator, beyond the
    99.8 % prediction from the last period; with enough history also an outlier by the modified z score."""

    slots = frozenset({"name", "value", "old", "period", "difference", "cell", "unit"})
    kind: Literal["change"]
    limits: tuple[ChangeLimit, ...]
    prediction_z: Decimal
    outlier_z: Decimal
    outlier_least: int


class ConstantCheck(Check):
    """The same value in this many periods running."""

    slots = frozenset({"name", "value", "n", "cell", "unit"})
    kind: Literal["constant"]
    periods: int
    least_value: Decimal


class UniformCheck(Check):
    """Every rate of a table is exactly this value."""

    slots = frozenset({"value", "n", "cell"})
    kind: Literal["uniform"]
    values: tuple[Decimal, ...]
    least_units: int
    least_alone: int  # of a single rate beside others
    least_counted: int  # of one with its counts beside it
    least_columns: int


class BlankCheck(Check):
    """Empty cells in a column that others filled in."""

    slots = frozenset({"name", "n", "cells"})
    kind: Literal["blank"]


class WordingCheck(Check):
    """A header, a row label or a note that says what it must not."""

    slots = frozenset({"text", "cell"})
    kind: Literal["wording"]
    patterns: tuple[str, ...]
    notes: tuple[str, ...] = ()  # patterns of the lines around the table
    remarks: tuple[str, ...] = ()  # patterns of the words in its rows, and around it


class CompleteCheck(Check):
    """Fewer units than the register holds report an indicator."""

    slots = frozenset({"name", "n", "missing", "cell", "value", "percent"})
    kind: Literal["complete"]
    rate: Code
    percent: Decimal


class LayoutCheck(Check):
    """A fault of the table itself."""

    slots = frozenset({"cell", "value", "unit", "other"})
    kind: Literal["layout"]
    of: Literal[
        "missing_place", "missing_header", "merged_data", "shifted_row", "swapped_columns", "period_conflict", "column_doubt",
        "wrong_period", "missing_period", "missing_report", "age", "mixed_units", "missing_count", "inexact_count", "ragged_row",
        "broken_sum", "broken_rate", "broken_subtotal", "stray_month", "stray_cohort", "text_number", "unnamed_entry",
        "carried_on", "unexplained", "brought_back", "filled_in_before", "done_over_due", "found_over_examined", "visited_over_schools", "uncertain_count",
    ]  # fmt: skip
    names: Names = ()
    patterns: tuple[str, ...] = ()
