"""Numerator and denominator of a rate: the two counts nearby that give it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from etl.reports.found import Found, Situation
from etl.reports.numbers import Number

_COUNTED = frozenset(
    {
        "person",
        "school",
        "piece",
        "house",
        "finding",
        "item",
        "copies",
        "batches",
        "class",
        "event",
        "case",
        "room",
        "household",
        "doses",
        "",
    }
)
# What a rate of a later sentence may be a share of.
_WHOLES = frozenset({
    "enrollment", "entrants", "schools", "canteens", "food_handlers", "staff", "hygiene_inspected_count", "vac_cert_check_done",
    "vac_cert_check_due", "dropout_return_due", "dropout_count", "vaccination_due", "vac_catchup_due", "hygiene_findings",
    "graduates", "school_age_population",
})  # fmt: skip
_EXAMINED = re.compile(r"(?:实检|受检|监测|体检|检查|筛查)[^,。;\d]{0,10}$")
_DUE = re.compile(r"应[^,。;]{0,8}$")
_DONE = re.compile(r"实(?!现)[^,。;]{0,8}$")


def attach(s: Situation, earlier: Sequence[Decimal] = ()) -> None:
    """Fills numerator and denominator of the rates of a sentence; `earlier`: counts of the sentences before it."""
    counts = [x for x in s.numbers if x.unit in _COUNTED and not x.is_rate and x.high is None and x.value > 0]
    used: set[tuple[Decimal, Decimal]] = set()
    for found in s.bound:
        if s.indicator(found.code).unit == "percent" and found.numerator is None and found.value:
            bracket = _bracket(s, found)
            near = [x for x in counts if abs(x.start - found.start) <= 80]
            pair = (
                bracket
                or by_arithmetic(found, near)
                or _by_words(s, found, near)
                or _by_earlier(s, found, near, earlier)
            )
            if pair and pair not in used:
                used.add(pair)
                found.numerator, found.denominator = pair


def wholes(s: Situation) -> list[Decimal]:
    """The counts of a sentence of which rates of later sentences may be shares."""
    bound = {f.start for f in s.bound if f.code in _WHOLES}
    return [
        x.value
        for x in s.numbers
        if x.value >= 5 and (x.start in bound or (x.unit == "person" and _EXAMINED.search(s.masked[: x.start])))
    ]


def _by_earlier(
    s: Situation, found: Found, near: list[Number], earlier: Sequence[Decimal]
) -> tuple[Decimal, Decimal] | None:
    """体检1079人,受检率99.36%: the count just before a rate of two decimals, over a count of an earlier sentence."""
    before = [x for x in near if 0 < found.start - x.end <= 24]
    exponent = found.value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent > -1 or (exponent > -2 and found.value * 10 % 10 == 0):
        return None
    step = Decimal(1).scaleb(exponent) * Decimal("0.51")
    for top in reversed(before[-2:]):
        for bottom in reversed(earlier):
            if top.value < bottom and abs(100 * top.value / bottom - found.value) <= step:
                return top.value, bottom
    return None


def _bracket(s: Situation, found: Found) -> tuple[Decimal, Decimal] | None:
    """68.42%(13/19)."""
    for number in s.numbers:
        if (
            number.unit == "fraction"
            and 0 <= number.start - found.end <= 4
            and number.numerator is not None
            and number.denominator
        ):
            return number.numerator, number.denominator
    return None


def by_arithmetic(found: Found, counts: list[Number]) -> tuple[Decimal, Decimal] | None:
    """The nearest two counts whose quotient is the rate to its printed decimals. 100 % needs two equal counts."""
    exponent = found.value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) * Decimal("0.51")
    best: tuple[int, Decimal, Decimal] | None = None
    for top in counts:
        for bottom in counts:
            if top is bottom or top.value > bottom.value or bottom.value < 5:
                continue
            if abs(100 * top.value / bottom.value - found.value) <= step and not (
                found.value != 100 and top.value == bottom.value
            ):
                distance = abs(top.start - found.start) + abs(bottom.start - found.start)
                if best is None or distance < best[0]:
                    best = (distance, top.value, bottom.value)
    return (best[1], best[2]) if best else None


def _by_words(s: Situation, found: Found, counts: list[Number]) -> tuple[Decimal, Decimal] | None:
    """应检418人,实检412人: the words name the two even where the rate contradicts them."""
    rates = [x for x in s.bound if s.indicator(x.code).unit == "percent"]
    start = max([s.masked.rfind(";", 0, found.start), *(x.end for x in rates if x.end <= found.start)])
    bracket = re.match(r"[%‰]?(?:[(][^()]*[)]|,应[^;。%]*)", s.masked[found.end :])
    end = found.end + bracket.end() if bracket else found.start
    within = [x for x in counts if start <= x.start < end]
    due = [x for x in within if _DUE.search(s.masked[: x.start][-10:])]
    done = [x for x in within if _DONE.search(s.masked[: x.start][-10:])]
    if len(due) == 1 and len(done) == 1:
        return done[0].value, due[0].value
    return None
