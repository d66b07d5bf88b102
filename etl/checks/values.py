"""Evaluators of single values: whole counts, bounds, fractions, quotients, small bases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from db.catalogue import Indicator
from db.catalogue.rule_kinds import (
    BoundCheck,
    CompleteCheck,
    CountCheck,
    FractionCheck,
    Limit,
    PossibleCheck,
    RecomputedCheck,
    SmallBaseCheck,
)
from db.records import dims_key
from etl.checks.findings import Asked, Cell, Finding, listed, shown
from etl.checks.points import Point, named, named_school

_OF_INSTITUTIONS = frozenset((  # shares of canteens, schools and rooms, of which one school has few
    "open_kitchen_coverage", "internet_kitchen_coverage", "canteen_license_rate", "canteen_grade_ab_share",
    "hygiene_inspection_pass_rate", "food_safety_staff_rate", "report_completeness_rate", "hygiene_supervision_coverage",
))  # fmt: skip
_TWO = 2
SMALL_BASE = 30  # below it a rate jumps by chance: bands are not asked about


def count(asked: Asked, check: CountCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B01: counts are whole numbers from 0."""
    quantities = {one.code for one in asked.catalogue.quantities if not one.signed}
    for point in points:
        wrong = point.value < 0 or point.value != point.value.to_integral_value()
        counted = point.unit in check.units and (point.unit != "count" or point.name in quantities)
        if counted and (wrong or point.mention.value_high is not None):
            yield _find(asked, point)


def _find(asked: Asked, point: Point, late: bool = False, **slots: str) -> Finding:
    told: dict[str, Any] = {
        "name": named(point, asked.catalogue), "value": _as_written(point), "cell": point.at.cell or point.at.locator, **slots
    }  # fmt: skip
    return asked.find(_here(point), point.at, late=late, **told)


def _as_written(point: Point) -> str:
    """What stands in the cell; of a rate written as a fraction (0.548) also what it means."""
    written = point.at.quote
    scaled = point.unit == "percent" and written == shown_exactly(point.value / 100) and point.value != 0
    return f"{written}(即{shown(point.value)}%)" if scaled else written


def _here(point: Point) -> list[Cell]:
    return [point.cell] if point.at.cell else []


def bound(asked: Asked, check: BoundCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B02-B05, B30: a value outside hard limits, usual bands, or limits of the rule itself."""
    named_here = {one.indicator for one in check.limits} or None
    known = {
        one.code: one
        for one in asked.catalogue.indicators
        if one.code not in check.except_ and (named_here is None or one.code in named_here)
    }
    lows = {one.code: one.plausible_low for one in asked.catalogue.vaccines} if check.of == "plausible" else {}
    for point in points:
        indicator = known.get(point.name)
        if indicator is None or point.unit != indicator.unit:
            continue
        limits = limits_of(check, indicator, point)
        if limits is None or _few(check, point):
            continue
        low, high = limits
        low = own if (own := lows.get(point.dims.get("vaccine", ""))) is not None else low
        if _one_or_two_short(check, point, low):
            continue
        if (low is not None and point.value < low) or (high is not None and point.value > high):
            words = {
                "low": shown(low) if low is not None else "下限不限",
                "high": shown(high) if high is not None else "上限不限",
            }
            broken = high if high is not None and point.value > high else low
            usual = check.of == "plausible"  # silent where a rule says more of the cell
            yield _find(asked, point, late=usual, limit=shown(broken or Decimal(0)), **words)


def limits_of(check: BoundCheck, indicator: Indicator, point: Point) -> tuple[Decimal | None, Decimal | None] | None:
    if check.of == "plausible":
        return indicator.plausible
    if check.of == "bounds":
        return indicator.bounds if indicator.unit in ("percent", "score") or indicator.bounds[1] is not None else None
    fitting = [
        one for one in check.limits if one.indicator == point.name and one.level in (None, point.dims.get("level"))
    ]
    found: Limit | None = max(fitting, key=lambda one: one.level is not None, default=None)
    return (found.low, found.high) if found is not None else None


def _few(check: BoundCheck, point: Point) -> bool:
    """Too few people for a usual band to mean anything (B26): bands are those of a county, a school's canteens are few."""
    base = point.mention.denominator
    single = point.name in _OF_INSTITUTIONS and named_school(point.mention.entity)
    return check.of == "plausible" and (single or (base is not None and base < SMALL_BASE))


def _one_or_two_short(check: BoundCheck, point: Point, low: Decimal | None) -> bool:
    """Whether two more canteens or schools would make a rate usual: of 47 each is 2 %."""
    base = point.mention.denominator
    if check.of != "plausible" or point.name not in _OF_INSTITUTIONS or not base or low is None:
        return False
    return low > point.value >= low - _TWO * 100 / base


def fraction(asked: Asked, check: FractionCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B06: the numerator of a rate that cannot pass 100 % is part of its denominator."""
    bounded = {one.code for one in asked.catalogue.indicators if one.unit == "percent" and one.bounds[1] is not None}
    wrong = [(point, _too_large(asked, point)) for point in points if point.name in bounded and _is_larger(point)]
    units = {(point.at.sheet, point.col): finding for point, finding in reversed(wrong) if not point.total}
    for point, finding in wrong:
        part = units.get((point.at.sheet, point.col)) if point.total else None
        if part is None:
            yield finding
        else:  # the sum follows from its parts
            part.beside += tuple(finding.cells)


def _too_large(asked: Asked, point: Point) -> Finding:
    at, num, den = point.at, point.mention.numerator or Decimal(0), point.mention.denominator or Decimal(0)
    counts = [cell for cell in (at.numerator_cell, at.denominator_cell) if cell]
    cells = [(at.sheet, cell) for cell in counts or ([at.cell] if at.cell else [])]  # the rate itself is B02's
    top, base = _with_cell(num, at.numerator_cell), _with_cell(den, at.denominator_cell)
    name = named(point, asked.catalogue)
    return asked.find(
        cells, at, late=point.total, name=name, numerator=top, denominator=base, cell=at.cell or at.locator
    )


def _is_larger(point: Point) -> bool:
    num, den = point.mention.numerator, point.mention.denominator
    return num is not None and den is not None and num > den


def _counts_of(point: Point) -> list[Cell]:
    """The cells of the two counts of a rate, where they stand in its own sheet."""
    return [(point.at.sheet, cell) for cell in (point.at.numerator_cell, point.at.denominator_cell) if cell]


def _with_cell(value: Decimal, cell: str | None) -> str:
    return f"{shown(value)}({cell})" if cell else shown(value)


def recomputed(asked: Asked, check: RecomputedCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B07: the printed rate is the quotient, to the digits that its column prints; both ways of rounding a half pass."""
    known = {one.code: one for one in asked.catalogue.indicators}
    digits = _column_digits(points)
    for point in points:
        num, den, indicator = point.mention.numerator, point.mention.denominator, known.get(point.name)
        per_mille = indicator is not None and (point.unit, indicator.unit) == ("permille", "percent")
        if num is None or not den or indicator is None or not (per_mille or point.unit == indicator.unit):
            continue
        computed = indicator.multiplier * num / den * (10 if per_mille else 1)
        slack = rounding_slack(point.value, check.half_units, digits.get(_column_of(point), 0))
        if abs(computed - point.value) > slack:
            yield asked.find(
                _here(point), point.at, derived=True, beside=_counts_of(point), name=named(point, asked.catalogue),
                value=shown(point.value), computed=shown(computed), numerator=_with_cell(num, point.at.numerator_cell),
                denominator=_with_cell(den, point.at.denominator_cell), difference=shown(abs(computed - point.value)),
                cell=point.at.cell or point.at.locator,
            )  # fmt: skip


def rounding_slack(stated: Decimal, half_units: Decimal = Decimal("0.5"), least_digits: int = 0) -> Decimal:
    """Half a unit of the last printed digit, plus a hair so that both ways of rounding a half pass."""
    return (half_units + Decimal("0.00005")).scaleb(-max(_digits(stated), least_digits))


def _digits(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _column_of(point: Point) -> tuple[str | None, str, str]:
    return point.at.sheet, point.name, dims_key(point.dims)


def _column_digits(points: Sequence[Point]) -> dict[tuple[str | None, str, str], int]:
    """The decimals that most rates of a column have. A number cell drops its last noughts: in a column of 99.46 and
    98.71 a 99.5 stands for 99.50. Typed text (99.5%) keeps them and says its digits itself."""
    counts: dict[tuple[str | None, str, str], Counter[int]] = defaultdict(Counter)
    for point in points:
        if point.at.cell and point.unit == "percent" and point.at.quote == shown_exactly(point.value):
            counts[_column_of(point)][min(_digits(point.value), 4)] += 1
    return {
        column: digits
        for column, counter in counts.items()
        for digits, n in counter.most_common(1)
        if 2 * n > counter.total() and n > 2
    }


def shown_exactly(value: Decimal) -> str:
    """A number as the cell that holds it reads."""
    return format(value.normalize(), "f") if value else "0"


def possible(asked: Asked, check: PossibleCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """A rate that no whole number of people gives; only where the numerator itself is not printed."""
    known = {one.code: one for one in asked.catalogue.indicators}
    for point in points:
        den, indicator = point.mention.denominator, known.get(point.name)
        if den is None or point.mention.numerator is not None or not 0 < den <= check.largest or indicator is None:
            continue
        if point.unit != "percent" or den != den.to_integral_value():
            continue
        exact = point.value * den / 100
        near = [
            round_to * 100 / den
            for round_to in (exact.to_integral_value(ROUND_FLOOR), exact.to_integral_value(ROUND_CEILING))
        ]
        if all(abs(one - point.value) > rounding_slack(point.value) for one in near):
            yield _find(asked, point, denominator=shown(den), lower=shown(near[0]), upper=shown(near[1]))


def small_base(asked: Asked, check: SmallBaseCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B26: one note per table and rate about the units with few people."""
    found: dict[tuple[str | None, str], list[Point]] = defaultdict(list)
    for point in points:
        base = point.mention.denominator
        if point.unit == "percent" and base is not None and base < check.least and point.at.cell:
            found[point.at.sheet, point.name].append(point)
    for (_, name), few in found.items():
        cells = listed([point.at.cell or "" for point in few])
        yield asked.find(
            [point.cell for point in few], name=asked.catalogue.name(name), n=len(few), cells=cells, least=check.least
        )


def complete(asked: Asked, check: CompleteCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B40: a printed completeness below the limit."""
    for point in points:
        if point.name == check.rate and point.unit == "percent" and point.value < check.percent:
            yield asked.find(
                _here(point), point.at, name=named(point, asked.catalogue), value=shown(point.value),
                percent=shown(check.percent), cell=point.at.cell or point.at.locator, n="", missing="",
            )  # fmt: skip
