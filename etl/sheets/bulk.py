"""Long tables: what a few hundred rows show about the columns holds for all of them, and no object is made per cell.

The rows that need thought (sums, unreadable cells, odd spellings) and rows at equal steps are read as any other table;
every other cell is only noted as holding a value. Its mention is made from what its column was found to be when somebody
asks for it. The result is the same as that of `read_crosstab` and `finish` (tests/etl/sheets/test_bulk.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np
import numpy.typing as npt

from db.catalogue import Catalogue
from db.records import Rejected
from etl.sheets.alike import Alike
from etl.sheets.cells import CellValue, Kind, read_cell
from etl.sheets.cohorts import START
from etl.sheets.columns import Column, Role
from etl.sheets.crosstab import dims_of, fact_of, read_crosstab, settled
from etl.sheets.facts import Fact, Output, reject
from etl.sheets.fractions import ONLY_IF_EXACT, PAIRS, agrees
from etl.sheets.header import Table
from etl.sheets.identities import confirm
from etl.sheets.mentions import mention_of, part_of
from etl.sheets.plain_rows import says_only_group
from etl.sheets.rates import as_percent, finish, plain_value
from etl.sheets.row import Row
from etl.sheets.sequence import Made, Spots
from etl.sheets.understood import Understood
from etl.sheets.vocabulary import Vocabulary
from etl.sheets.words import is_single_school, level_of_name, telling_part, telling_parts
from etl.types import Mention

LONG = 3000  # rows from which on a table is read in bulk
_STEPS = 250  # rows at equal steps that are read in full
_MOST = 4000  # rows that need thought, above which the table is read in full
_LOW = 1.05  # a percentage below may be a fraction
_NOTHING, _VALUE, _THOUGHT = 0, 1, 2
Kinds = dict[int, npt.NDArray[np.uint8]]
Dims = dict[str, str]


@dataclass(slots=True)
class _Plan:
    """What a column of values was found to be. `pair` are the columns of its numerator and denominator; it holds where
    the printed rate agrees, and `always` where the catalogue names it."""

    indicator: str | None
    part: str | None
    fraction: bool = False
    decimals: int = 0
    confidence: float = 0.0
    extra: Dims = field(default_factory=dict)
    pair: tuple[int, int] | None = None
    always: bool = False


class Bulk:
    """A long table while it is read."""

    def __init__(self, table: Table, understood: Understood, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
        self.table, self.sheet, self.vocabulary = table, table.sheet, vocabulary
        self.indicators = {one.code: one for one in catalogue.indicators}
        self.frame, columns = settled(table, understood, vocabulary)
        self.columns = {column.index: column for column in columns}
        self.rows = understood.rows
        self.at = np.array([row.index for row in self.rows], np.int64)
        self.percents = table.sheet.grid.percent_cells
        self.plans: dict[int, _Plan] = {}
        self.bound: dict[tuple[object, ...], Dims | None] = {}
        self.names: dict[str | None, tuple[str | None, bool]] = {}

    def numbers(self, col: int) -> npt.NDArray[np.float64]:
        """The numbers of a column, row by row; NaN where none stands."""
        numbers: npt.NDArray[np.float64] = self.sheet.column(col).floats[self.at]
        return numbers

    def kinds(self, col: int, of_number: int, of_other: Callable[[CellValue], int]) -> npt.NDArray[np.uint8]:
        """What kind of cell stands in a column, row by row: one for all numbers, that of any other value by what it is
        read as, 0 for blanks."""
        column = self.sheet.column(col)
        found = np.where(np.isnan(column.floats), 0, of_number).astype(np.uint8)
        if column.codes is not None:
            told = [of_other(read_cell(value)) for value in column.values]
            some = column.codes >= 0
            found[some] = np.array(told, np.uint8)[column.codes[some]]
        kinds: npt.NDArray[np.uint8] = found[self.at]
        return kinds

    def dims(self, row: Row, col: int) -> Dims | None:
        """The dims of a cell, worked out once for all rows that differ in nothing but their name."""
        label = self.columns[col].label
        key = (col, id(row.dims), id(row.label), row.total, row.entity is None, self.told(row.entity))
        if key not in self.bound:
            self.bound[key] = dims_of(self.frame, row, self.columns[col], label.indicator, self.vocabulary)
        return self.bound[key]

    def told(self, entity: str | None) -> tuple[str | None, bool]:
        """The level that a name tells and whether it is a single school's, asked once of all names that end alike."""
        return self._told(None if entity is None else telling_part(entity))

    def all_told(self, entities: Sequence[str | None]) -> list[tuple[str | None, bool]]:
        """`told` of many names."""
        parts = iter(telling_parts([name for name in entities if name is not None]))
        return [self._told(None if name is None else next(parts)) for name in entities]

    def _told(self, part: str | None) -> tuple[str | None, bool]:
        if part not in self.names:
            self.names[part] = level_of_name(part), is_single_school(part)
        return self.names[part]

    def bare(self, n: int, col: int) -> Fact | None:
        """The fact of a cell without its numerator and denominator; None when no number stands there."""
        row, column = self.rows[n], self.columns[col]
        cell = read_cell(self.sheet.raw(row.index, col))
        plan = self.plans.get(col)
        if plan is None:
            fact = fact_of(self.frame, row, column, cell, None, None, {}, False)
            plain_value(fact, None)
            return fact if cell.kind is Kind.NUMBER else None
        dims = self.dims(row, col)
        takes = "object" in self.vocabulary.dims.get(plan.indicator or "", ())
        fact = fact_of(self.frame, row, column, cell, plan.indicator, plan.part, dict(dims or {}), takes)
        plain_value(fact, self.indicators.get(plan.indicator or ""))
        fact.decimals, fact.confidence = plan.decimals, plan.confidence
        return fact

    def fact(self, n: int, col: int) -> Fact:
        """The fact of a cell as `finish` leaves it."""
        fact, plan = self.bare(n, col), self.plans[col]
        assert fact is not None  # only cells that hold a value are asked for
        if plan.pair is not None and fact.value is not None:
            num, den = self.bare(n, plan.pair[0]), self.bare(n, plan.pair[1])
            numbers = num is not None and den is not None and num.cell.kind is den.cell.kind is Kind.NUMBER
            if num is not None and den is not None and numbers:
                multiplier = self.indicators[plan.indicator or ""].multiplier
                if plan.always or agrees(fact, num.value, den.value, multiplier):
                    fact.numerator, fact.denominator = num, den
        open_rate = fact.unit == "percent" and not fact.cell.percent and fact.cell.denominator is None
        if open_rate and fact.value is not None and (plan.fraction or (fact.row, fact.col) in self.percents):
            fact.value = as_percent(fact.value)
        fact.dims = {**fact.dims, **plan.extra}
        return fact


def read_bulk(
    table: Table, understood: Understood, vocabulary: Vocabulary, catalogue: Catalogue, rule: str
) -> tuple[Output, Sequence[Mention], Sequence[Mention]] | None:
    """(what the rows read in full gave, all mentions, all parts); None when the table is no case for this way."""
    if len(understood.rows) < LONG or any(column.entity for column in understood.columns):
        return None
    if any(c.role in (Role.CLASS, Role.COHORT) or c.label.part in ("cohort_net", START) for c in understood.columns):
        return None
    bulk = Bulk(table, understood, vocabulary, catalogue)
    kinds = {col: _kinds(bulk, column) for col, column in bulk.columns.items() if _is_read(column)}
    thought = _thoughtful(bulk, kinds)
    if len(thought) > _MOST:
        return None
    full = sorted(thought | set(range(0, len(bulk.rows), len(bulk.rows) // _STEPS + 1)))
    rows = [bulk.rows[n] for n in full]
    part = replace(table, body=tuple(row.index for row in rows))
    out = read_crosstab(part, replace(understood, rows=rows), vocabulary)
    confirm(out)
    finish(out, table.sheet, catalogue)
    _make_plans(bulk, out)
    return _assembled(bulk, out, kinds, thought, rule)


def _is_read(column: Column) -> bool:
    return column.role is Role.VALUE and column.label.known and not column.label.rest and not column.label.ignored


def _kinds(bulk: Bulk, column: Column) -> npt.NDArray[np.uint8]:
    """For every row whether a value stands in the column, and whether it needs thought."""
    unit = bulk.indicators[column.label.indicator].unit if column.label.indicator else "count"
    kinds = bulk.kinds(column.index, _VALUE, lambda cell: _kind_of(cell, unit))
    _mark_low(bulk, column, kinds)
    return kinds


def _kind_of(cell: CellValue, unit: str) -> int:
    if cell.kind is Kind.BLANK:
        return _NOTHING
    plain = not (cell.percent and unit != "percent") and not cell.permille and cell.denominator is None
    return _VALUE if cell.kind in (Kind.NUMBER, Kind.STATUS) and plain else _THOUGHT


def _mark_low(bulk: Bulk, column: Column, found: npt.NDArray[np.uint8]) -> None:
    """0.985 in a column of 98.5 needs thought, where a rate can never be so low."""
    indicator = bulk.indicators.get(column.label.indicator or "")
    if indicator is None or indicator.unit != "percent" or not indicator.plausible or indicator.plausible[0] <= 2:
        return
    values = bulk.numbers(column.index)
    some = values[~np.isnan(values)]
    if some.size and float(np.median(some)) > _LOW:
        found[(values > 0) & (values <= _LOW)] = _THOUGHT


def _thoughtful(bulk: Bulk, kinds: Kinds) -> set[int]:
    """The rows that are no plain rows, and those with a cell that needs thought."""
    found = {n for n, row in enumerate(bulk.rows) if not (row.plain or says_only_group(row)) or row.label.unit}
    for kind in kinds.values():
        found.update(np.flatnonzero(kind == _THOUGHT).tolist())
    return found


def _make_plans(bulk: Bulk, out: Output) -> None:
    by_column: dict[int, list[Fact]] = {}
    for fact in (*out.facts, *out.parts):
        by_column.setdefault(fact.col, []).append(fact)
    rows = {row.index: row for row in bulk.rows} if by_column else {}
    for col, facts in by_column.items():
        if _is_read(bulk.columns[col]) or facts[0].by_numbers:
            bulk.plans[col] = _plan(bulk, facts, rows[facts[0].row])


def _plan(bulk: Bulk, facts: Sequence[Fact], row: Row) -> _Plan:
    first = facts[0]
    base = bulk.dims(row, first.col) or {}
    open_rates = [
        f
        for f in facts
        if f.unit == "percent" and f.value is not None and not f.cell.percent and (f.row, f.col) not in bulk.percents
    ]
    scaled = sum(f.value != f.cell.number for f in open_rates)
    made = [f for f in facts if f.numerator is not None and f.denominator is not None and f.numerator.row == f.row]
    pairs = Counter((f.numerator.col, f.denominator.col) for f in made if f.numerator and f.denominator)
    pair = pairs.most_common(1)[0][0] if pairs else None
    return _Plan(
        first.indicator, first.part, scaled * 2 > len(open_rates), first.decimals, median(f.confidence for f in facts),
        {name: value for name, value in first.dims.items() if base.get(name) != value}, pair,
        bool(made) and len(pairs) == 1 and _is_known(bulk, made[0]),
    )  # fmt: skip


def _is_known(bulk: Bulk, rate: Fact) -> bool:
    """Whether the catalogue names the counts that the rate is made of, so that they stand beside a wrong rate too."""
    code = rate.indicator or ""
    if code in ONLY_IF_EXACT or rate.numerator is None or rate.denominator is None:
        return False
    pair = (rate.numerator.indicator or rate.numerator.part, rate.denominator.indicator or rate.denominator.part)
    known = bulk.indicators[code]
    return pair in (*PAIRS.get(code, ()), (known.numerator, known.denominator))


def _assembled(
    bulk: Bulk, out: Output, kinds: Kinds, thought: set[int], rule: str
) -> tuple[Output, Sequence[Mention], Sequence[Mention]]:
    """The mentions of all rows from top to bottom: those of rows that needed thought as they were read, the rest made
    when they are asked for."""
    at = {row.index: n for n, row in enumerate(bulk.rows)}
    full = {(fact.row, fact.col): fact for fact in (*out.facts, *out.parts) if at[fact.row] in thought}
    plain = np.ones(len(bulk.rows), bool)
    plain[list(thought)] = False
    shown: Kinds = {}
    left_out: list[tuple[int, int]] = []
    groups = {(id(row.dims), id(row.label)): row for row in bulk.rows}
    for col in {**kinds, **bulk.plans}:
        mask = (kinds[col] if col in kinds else _numbers(bulk, col)) * plain
        told = col in kinds and bulk.columns[col].label.indicator is not None
        other = {key for key, row in groups.items() if told and bulk.dims(row, col) is None}
        if other:  # groups that the indicator is not kept by
            outside = np.array([(id(row.dims), id(row.label)) in other for row in bulk.rows])
            left_out += [(int(n), col) for n in np.flatnonzero(mask * outside)]
            mask = mask * ~outside
        mask[[at[row] for row, c in full if c == col]] = True
        shown[col] = mask
    told_of = sorted(col for col, plan in bulk.plans.items() if plan.indicator)
    parts = sorted(col for col, plan in bulk.plans.items() if not plan.indicator)
    out.rejected = [*out.rejected, *_rejected(bulk, out, left_out)]
    read = _Cells(
        bulk, Alike(bulk, rule, {col: shown[col] for col in (*told_of, *parts)}, told_of, thought), full, rule
    )
    return out, read.made(told_of, False), read.made(parts, True)


class _Cells:
    """The mentions of the cells that hold a value, made when they are asked for."""

    def __init__(self, bulk: Bulk, alike: Alike, full: Mapping[tuple[int, int], Fact], rule: str) -> None:
        self.bulk, self.alike, self.full, self.rule = bulk, alike, full, rule

    def made(self, cols: Sequence[int], as_part: bool) -> Made:
        """The mentions, or the parts, of some columns, row by row."""
        spots = _spots(self.alike.shown, cols)
        rows, which = spots[:, 0], np.array(cols, np.int64)[spots[:, 1]]

        def one(n: int) -> Mention:
            return self.mention(int(rows[n]), int(which[n]), as_part)

        return Made(len(spots), one, Spots(self.alike, rows, which))

    def mention(self, n: int, col: int, as_part: bool) -> Mention:
        """The mention of the cell of a row."""
        quick = self.alike.made(n, col)
        if quick is not None:
            return quick
        fact = self.full.get((self.bulk.rows[n].index, col)) or self.bulk.fact(n, col)
        return part_of(self.bulk.sheet, fact, self.rule) if as_part else mention_of(self.bulk.sheet, fact, self.rule)


def _numbers(bulk: Bulk, col: int) -> npt.NDArray[np.uint8]:
    return bulk.kinds(col, 1, lambda cell: cell.kind is Kind.NUMBER)


def _spots(shown: Mapping[int, npt.NDArray[np.bool_]], cols: Sequence[int]) -> npt.NDArray[np.int64]:
    """(row, place of the column) of every mention, row by row."""
    if not cols:
        return np.zeros((0, 2), np.int64)
    return np.argwhere(np.column_stack([shown[col] for col in cols]))


def _rejected(bulk: Bulk, out: Output, left_out: list[tuple[int, int]]) -> list[Rejected]:
    """The numbers of columns that are left out on purpose, and of groups that an indicator is not kept by, as far as they
    were not named yet."""
    named = {(one.sheet, one.cell) for one in out.rejected}
    found = []
    for n, col in left_out:
        cell = read_cell(bulk.sheet.raw(bulk.rows[n].index, col))
        if cell.kind is Kind.NUMBER:
            label = bulk.columns[col].label
            found.append(reject(bulk.sheet, bulk.rows[n].index, col, "out_of_domain", cell.text, label.indicator))
    for col, column in bulk.columns.items():
        if column.role is not Role.IGNORED:
            continue
        for n in np.flatnonzero(_numbers(bulk, col)).tolist():
            row = bulk.rows[n].index
            text = read_cell(bulk.sheet.raw(row, col)).text
            found.append(reject(bulk.sheet, row, col, column.label.ignored or "noise", text, column.label.indicator))
    return [one for one in found if (one.sheet, one.cell) not in named]
