"""Rates whose numerator is the sum of columns side by side: 普惠率 of 公办园 and 普惠性民办园, A、B级占比 of A级 and B级; and those
whose denominator is (近视率 over 合格 and 不合格 where nobody wrote how many were examined)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from db.catalogue import Indicator
from etl.sheets.cells import Kind
from etl.sheets.facts import Fact, Output
from etl.sheets.fractions import agrees, pairs_of
from etl.sheets.reasons import reason

Key = tuple[object, ...]
_NEAR = 8  # counts before a rate that may be its parts
_MOST = 3  # columns that are added up
_LINES = 40  # lines of a long table that are tried
_FEW = 4  # of so many lines one may fail


def find_joint_quotients(out: Output, indicators: Mapping[str, Indicator]) -> None:
    """Numerator and denominator of the rates that no two counts before them give, where the sum of two or three
    neighbouring counts over another one does in all but few of at least three lines."""
    series: dict[Key, dict[Key, Fact]] = defaultdict(dict)
    for fact in out.facts:
        if fact.cell.kind is Kind.NUMBER:
            series[fact.series].setdefault(fact.line, fact)
    order = list(series)
    for place, key in enumerate(order):
        rates = series[key]
        first = next(iter(rates.values()))
        if not first.indicator or first.unit != "percent" or any(fact.numerator is not None for fact in rates.values()):
            continue
        before = [other for other in order[:place] if _counts(series[other])][-_NEAR:]
        multiplier = indicators[first.indicator].multiplier
        if _with_joint_whole(rates, before, series, indicators[first.indicator]):
            out.reasons.setdefault(key, {})[reason("quotient", f"{len(rates)}/{len(rates)}")] = None
            continue
        for parts, whole in _choices(before):
            if _holds(rates, [series[part] for part in parts], series[whole], multiplier):
                _bind(rates, [series[part] for part in parts], series[whole])
                out.reasons.setdefault(key, {})[reason("quotient", f"{len(rates)}/{len(rates)}")] = None
                break


def _with_joint_whole(
    rates: Mapping[Key, Fact], before: Sequence[Key], series: Mapping[Key, Mapping[Key, Fact]], rate: Indicator
) -> bool:
    """Numerator and denominator of a rate whose count stands before it, where two neighbouring counts without a name of their
    own make up its whole in all but few of the lines."""
    names = {top for top, _ in pairs_of(rate)}
    tops = [key for key in before if {(one := next(iter(series[key].values()))).indicator, one.part} & names]
    for top in reversed(tops):
        others = [key for key in before if key != top and not next(iter(series[key].values())).indicator]
        for parts in reversed(list(pairwise(others))):
            sums = {
                line: replace(fact, value=fact.value + other.value)
                for line, fact in series[parts[0]].items()
                if (other := series[parts[1]].get(line)) and fact.value is not None and other.value is not None
            }
            if _holds(rates, [series[top]], sums, rate.multiplier):
                for line, fact in rates.items():
                    if line in series[top] and line in sums:
                        fact.numerator, fact.denominator = series[top][line], series[parts[0]][line]
                        fact.denominator_value = sums[line].value
                return True
    return False


def _counts(facts: Mapping[Key, Fact]) -> bool:
    first = next(iter(facts.values()))
    return first.unit != "percent" and not first.rate_word and not first.cell.percent


def _choices(before: Sequence[Key]) -> Iterator[tuple[Sequence[Key], Key]]:
    """Runs of neighbouring columns with another column as the whole, the shortest and nearest first."""
    for length in range(2, _MOST + 1):
        for start in range(len(before) - length, -1, -1):
            parts = before[start : start + length]
            yield from ((parts, whole) for whole in reversed(before) if whole not in parts)


def _sum(parts: Sequence[Mapping[Key, Fact]], line: Key) -> Decimal | None:
    values = [part[line].value for part in parts if line in part]
    if len(values) < len(parts):
        return None
    return sum((value for value in values if value is not None), Decimal(0))


def _holds(
    rates: Mapping[Key, Fact], parts: Sequence[Mapping[Key, Fact]], wholes: Mapping[Key, Fact], multiplier: Decimal
) -> bool:
    """Whether the rate is the quotient wherever all stand; 0 %, 100 % and a sum with a single part tell nothing."""
    tried = agreed = telling = 0
    for line in list(rates)[:_LINES]:
        num, whole = _sum(parts, line), wholes.get(line)
        if num is None or whole is None or not whole.value:
            continue
        tried += 1
        good = agrees(rates[line], num, whole.value, multiplier)
        agreed += good
        telling += good and num not in (0, whole.value) and all(part[line].value for part in parts)
        if (tried - agreed) * _FEW > _LINES:
            return False
    return telling >= 3 and (tried - agreed) * _FEW <= tried


def _bind(rates: Mapping[Key, Fact], parts: Sequence[Mapping[Key, Fact]], wholes: Mapping[Key, Fact]) -> None:
    for line, rate in rates.items():
        num, whole = _sum(parts, line), wholes.get(line)
        if num is not None and whole is not None:
            rate.numerator, rate.numerator_value, rate.denominator = parts[0][line], num, whole
