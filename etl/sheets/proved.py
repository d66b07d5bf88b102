"""Columns that no word tells but the arithmetic of the table does: the count whose quotient by another is a known rate (带证 of
持证率), and the rate of a count that belongs to no other (持证率 of 有健康证 by 在岗)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from db.catalogue import Indicator
from db.records import dims_key
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.facts import Fact, Output
from etl.sheets.fractions import agrees, pairs_of, rates_of
from etl.sheets.reasons import reason

_CONFIDENCE = 0.75  # of what only numbers tell: the page asks to have a look
_LEAST = 3  # lines in which the quotient holds and tells something
_Pairs = list[tuple[Fact, Fact, Fact]]  # a rate with its numerator and its denominator


def rate_of_count(num: Fact, den: Fact, word: str, indicators: Mapping[str, Indicator]) -> str | None:
    """The rate of two counts of which only the upper one is known: the only one that is made of it, where the label is part
    of one of its names."""
    code = num.indicator or num.part
    if code is None or den.indicator or den.part or not den.nameless or len(word) < 3:
        return None
    rates = rates_of(code, indicators.values())
    names = [compact(name) for one in rates for name in (one.name_zh, *one.synonyms)]
    return rates[0].code if len(rates) == 1 and any(word in name for name in names) else None


def name_by_quotients(out: Output, indicators: Mapping[str, Indicator]) -> None:
    """Names the counts without a name that a known rate is made of in every line, where nothing else of the table is called
    so. The facts have their numerators and denominators."""
    if not any(fact.nameless for fact in out.facts):
        return
    series: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    made: dict[tuple[object, ...], _Pairs] = defaultdict(list)
    for fact in out.facts:
        series[fact.series].append(fact)
        plain = fact.numerator_value is None and fact.denominator_value is None
        if plain and fact.indicator and fact.numerator is not None and fact.denominator is not None:
            made[fact.series].append((fact, fact.numerator, fact.denominator))
    for pairs in made.values():
        rate, top, bottom = pairs[0]
        known = indicators[rate.indicator or ""]
        if not _holds(pairs, known):
            continue
        tops = {n for n, d in pairs_of(known) if _may_be(bottom, d)}
        bottoms = {d for n, d in pairs_of(known) if _may_be(top, n)}
        for count, names in ((top, tops), (bottom, bottoms)):
            if count.nameless and not (count.indicator or count.part) and len(names) == 1:
                rates = {one.line: one for one, *_ in pairs}
                _name([f for f in series[count.series] if f.line in rates], names.pop(), rates, indicators, out)


def _may_be(count: Fact, code: str) -> bool:
    known = count.indicator or count.part
    return known == code if known else bool(count.nameless)


def _holds(pairs: _Pairs, rate: Indicator) -> bool:
    """Whether the rate is the quotient in every line, and in enough of them of more than nothing and less than everything;
    all lines name the same two columns."""
    columns = {(top.series, bottom.series) for _, top, bottom in pairs}
    good = all(agrees(one, top.value, bottom.value, rate.multiplier) for one, top, bottom in pairs)
    telling = sum(top.value not in (0, bottom.value) for _, top, bottom in pairs)
    return len(columns) == 1 and good and telling >= _LEAST


def _name(
    counts: Sequence[Fact],
    code: str,
    rates: Mapping[tuple[object, ...], Fact],
    indicators: Mapping[str, Indicator],
    out: Output,
) -> None:
    """Makes the counts, of which each has its rate in its line, those of an indicator in the groups of that rate."""
    indicator = indicators.get(code)
    if indicator is None or indicator.unit not in words.COUNTED or counts[0].printed_unit in words.OTHER_UNITS:
        return  # what only checks use is not worth a false alarm
    dims = [{k: v for k, v in rates[fact.line].dims.items() if k in indicator.dims} for fact in counts]
    called = {(fact.line, fact.indicator, dims_key(fact.dims)) for fact in out.facts}
    same = any((fact.line, code, dims_key(own)) in called for fact, own in zip(counts, dims, strict=True))
    if same or not all(map(_is_whole, counts)):
        return
    for fact, own in zip(counts, dims, strict=True):
        fact.indicator, fact.dims, fact.unit, fact.confidence = code, own, indicator.unit, _CONFIDENCE
        fact.by_numbers, fact.takes_object = True, "object" in indicator.dims
    out.reasons.setdefault(counts[0].series, {})[reason("quotient", f"{len(counts)}/{len(counts)}")] = None


def _is_whole(fact: Fact) -> bool:
    value = fact.value
    return value is not None and value == value.to_integral_value() and not fact.cell.percent
