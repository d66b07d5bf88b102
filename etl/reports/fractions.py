"""Numerator and denominator of a rate: the two counts nearby that give it."""

from __future__ import annotations

import re
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
_DUE = re.compile(r"应[^,。;]{0,8}$")
_DONE = re.compile(r"实(?!现)[^,。;]{0,8}$")


def attach(s: Situation) -> None:
    """Fills numerator and denominator of the rates of a sentence."""
    counts = [x for x in s.numbers if x.unit in _COUNTED and not x.is_rate and x.high is None and x.value > 0]
    used: set[tuple[Decimal, Decimal]] = set()
    for found in s.bound:
        if s.indicator(found.code).unit == "percent" and found.numerator is None:
            bracket = _bracket(s, found)
            near = [x for x in counts if abs(x.start - found.start) <= 80]
            pair = bracket or by_arithmetic(found, near) or _by_words(s, found, near)
            if pair and pair not in used:
                used.add(pair)
                found.numerator, found.denominator = pair


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
    due = [x for x in counts if _DUE.search(s.masked[: x.start][-10:])]
    done = [x for x in counts if _DONE.search(s.masked[: x.start][-10:])]
    if len(due) == 1 and len(done) == 1:
        return done[0].value, due[0].value
    return None
