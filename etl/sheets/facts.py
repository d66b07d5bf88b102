"""One number of a table with everything known about it, before rates are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from db.records import Evidence, Issue, Rejected, Role, Severity
from etl.sheets.cells import CellValue
from etl.sheets.sheet import Sheet

if TYPE_CHECKING:
    from etl.sheets.columns import Column
    from etl.sheets.rows import Row

RULE_VERSION = "1"
OWN = "own:"  # before the name of a count in a row that is a rate of its own (乙肝首针及时 among the doses)


@dataclass(slots=True)
class Fact:
    """A cell bound to an indicator (or to a part of a rate). `line` names what stands together: the facts of
    one line (a row of a wide table, a column of a transposed one) can be each other's numerator."""

    row: int
    col: int
    cell: CellValue
    indicator: str | None
    part: str | None
    dims: dict[str, str]
    printed_unit: str
    period: str | None
    entity: str | None
    code: str | None
    total: bool
    confidence: float
    line: tuple[object, ...]
    series: tuple[object, ...]  # the facts printed in one spelling: a column, or the row of a transposed table
    cohort: str = ""
    cohort_length: int = 0  # years, of the start of a cohort
    begun: str = ""  # the school year in which that cohort entered, as far as it is told
    takes_object: bool = False  # the indicator is kept by what was inspected
    title_object: str = ""  # what the title says was inspected
    sums_dims: bool = False  # 合计 over groups
    scope: str = ""  # the row of a name that is struck out: two such rows are two units
    nameless: str = ""  # the last word of a label that nobody understood
    rate_word: bool = False  # that word says a rate, as 率 or 比例 do
    of_row: bool = False  # the rate of what its row counts
    by_numbers: bool = False  # the arithmetic of the table told what it is
    value: Decimal | None = None
    unit: str = ""
    decimals: int = 0
    numerator: Fact | None = None
    denominator: Fact | None = None
    numerator_value: Decimal | None = None  # of a sum of columns, of which `numerator` is the first
    denominator_value: Decimal | None = None


@dataclass(slots=True)
class Output:
    """What a layout has found so far."""

    facts: list[Fact] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    parts: list[Fact] = field(default_factory=list)  # counts without an indicator, for the checks
    reasons: dict[tuple[object, ...], dict[str, None]] = field(default_factory=dict)  # of each series
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()


def where(sheet: Sheet, row: int, col: int) -> str:
    """Sheet1!C7, as a person reads it."""
    return f"{sheet.grid.sheet}!{sheet.grid.address(row, col)}"


def issue(sheet: Sheet, row: int, col: int, code: str, severity: Severity, sentence: str, quote: str = "") -> Issue:
    """An issue standing at a cell."""
    return Issue(
        code,
        severity,
        sentence,
        where(sheet, row, col),
        quote,
        sheet=sheet.grid.sheet,
        cell=sheet.grid.address(row, col),
    )


def reject(sheet: Sheet, row: int, col: int, reason: str, text: str, indicator: str | None = None) -> Rejected:
    """A number of the sheet that is no observation."""
    return Rejected(reason, text, sheet=sheet.grid.sheet, cell=sheet.grid.address(row, col), indicator=indicator)


def evidence(sheet: Sheet, fact: Fact, layout: str) -> Evidence:
    """The proof of a fact, with the cells of its numerator and denominator."""
    grid = sheet.grid

    def cell_of(other: Fact | None) -> str | None:
        return grid.address(other.row, other.col) if other is not None else None

    return Evidence(
        quote=fact.cell.text, rule=f"sheet.{layout}", rule_version=RULE_VERSION, confidence=round(fact.confidence, 3),
        locator=where(sheet, fact.row, fact.col), sheet=grid.sheet, cell=grid.address(fact.row, fact.col),
        numerator_cell=cell_of(fact.numerator), denominator_cell=cell_of(fact.denominator),
    )  # fmt: skip


def role_of(fact: Fact) -> Role:
    """TOTAL for printed sums."""
    return Role.TOTAL if fact.total else Role.UNIT
