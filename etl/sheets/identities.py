"""Arithmetic that a table must satisfy in itself: it confirms what a column was taken for, corrects it, or casts doubt.

All of it works on series (a column, or the row of a transposed table) and lines (what stands together across series).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import permutations

from db.catalogue import Indicator
from etl.sheets.cells import Kind
from etl.sheets.facts import Fact, Output
from etl.sheets.fractions import PAIRS, agrees
from etl.sheets.proved import rate_of_count
from etl.sheets.reasons import reason

Key = tuple[object, ...]
_SUMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("vac_cert_check_done", ("vac_cert_held", "no_certificate"), "有证+无证=实查验"),
    ("vac_cert_check_done", ("fully_vaccinated", "vac_catchup_due", "vac_contraindicated_count"), "全程+需补种+禁忌=实查验"),
)  # fmt: skip
_BOUNDS: tuple[tuple[str, str, str], ...] = (
    ("vaccination_given", "vaccination_due", "实种≤应种"), ("vac_catchup_done", "vac_catchup_due", "实补种≤应补种"),
    ("vac_cert_check_done", "vac_cert_check_due", "实查验≤应查验"), ("vac_cert_held", "vac_cert_check_done", "有证≤实查验"),
    ("food_handlers_certified", "food_handlers", "持证≤从业人员"), ("hygiene_findings_closed", "hygiene_findings", "已整改≤发现问题"),
    ("hygiene_passed_count", "hygiene_inspected_count", "合格≤检查"), ("teachers", "staff", "专任教师≤教职工"),
    ("dropout_returned_count", "dropout_return_due", "已劝返≤应劝返"),
)  # fmt: skip
DOUBT = 0.6
_SURE = 0.99
_LINES = 80  # lines of a long table that are tried
_FEW = 4  # of so many lines one may fail: a mistyped number makes no other column
_NEAR = 16  # counts before a rate that may be its parts


def confirm(out: Output) -> None:
    """Sums and bounds that hold make the facts of their series surer, those that fail in most lines doubtful. One that
    fails in a few lines is a mistyped number, which the rules name (B12)."""
    lines = _lines(out.facts)
    for whole, parts, name in _SUMS:
        tried = [line for line in lines if whole in line and all(part in line for part in parts)]
        kept = sum(_number(line[whole]) == sum(_number(line[part]) for part in parts) for line in tried)
        _judge(out, [line[part] for line in tried for part in parts], kept, len(tried), name)
    for small, large, name in _BOUNDS:
        tried = [line for line in lines if small in line and large in line]
        kept = sum(_number(line[small]) <= _number(line[large]) for line in tried)
        _judge(out, [line[p] for line in tried for p in (small, large)], kept, len(tried), name)


def _judge(out: Output, facts: Sequence[Fact], kept: int, tried: int, name: str) -> None:
    if not tried:
        return
    fails = (tried - kept) * 2 > tried
    if not fails and (kept < tried or tried < 2):
        return
    for fact in facts:
        if fails:
            fact.confidence = min(fact.confidence, DOUBT)
        elif fact.confidence > DOUBT:  # what one identity doubts another does not settle
            fact.confidence = max(fact.confidence, min(_SURE, fact.confidence + 0.02))
    text = reason("fails" if fails else "holds", name, f"{kept}/{tried}")
    for key in {fact.series for fact in facts}:
        out.reasons.setdefault(key, {})[text] = None


def _number(fact: Fact) -> Decimal:
    return fact.cell.number or Decimal(0)


def _lines(facts: Sequence[Fact]) -> list[dict[str, Fact]]:
    lines: dict[Key, dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.cell.kind is Kind.NUMBER and fact.dims.get("basis") != "dose":
            lines[fact.line].setdefault(fact.indicator or fact.part or "", fact)
    return list(lines.values())


def find_quotients(out: Output, indicators: Mapping[str, Indicator]) -> None:
    """The columns that a rate was computed from, whatever they are called, and the rate that 比例 or 完成率 stands for:
    the nearest two counts before it whose quotient it is in all but few of the lines."""
    series: dict[Key, dict[Key, Fact]] = defaultdict(dict)
    for fact in out.facts:
        if fact.cell.kind is Kind.NUMBER or fact.cell.denominator is not None:
            series[fact.series].setdefault(fact.line, fact)
    order = list(series)
    counts = [key for key in order if _is_count(series[key])]
    for place, key in enumerate(order):
        rates = series[key]
        first = next(iter(rates.values()))
        if not _is_open_rate(rates.values(), first):
            continue
        before = [other for other in order[:place] if other in counts][-_NEAR:]
        multiplier = indicators[first.indicator].multiplier if first.indicator else Decimal(100)
        pair = _quotient(rates, before, series, multiplier)
        if pair is not None:
            _bind(out, key, rates, series[pair[0]], series[pair[1]], multiplier, indicators)


def _is_count(facts: Mapping[Key, Fact]) -> bool:
    return all(
        f.cell.number is not None and not f.cell.percent and not f.rate_word and f.unit != "percent"
        for f in facts.values()
    )


def _is_open_rate(facts: Iterable[Fact], first: Fact) -> bool:
    return (first.rate_word or first.unit == "percent") and all(fact.numerator is None for fact in facts)


def _quotient(
    rates: Mapping[Key, Fact], before: Sequence[Key], series: Mapping[Key, Mapping[Key, Fact]], multiplier: Decimal
) -> tuple[Key, Key] | None:
    found = [
        (place[num] + place[den], num, den)
        for place in [{key: len(before) - n for n, key in enumerate(before)}]
        for num, den in permutations(before, 2)
        if _holds(rates, series[num], series[den], multiplier)
    ]
    best = min(found, key=lambda one: one[0], default=None)
    return (best[1], best[2]) if best else None


def _holds(rates: Mapping[Key, Fact], nums: Mapping[Key, Fact], dens: Mapping[Key, Fact], multiplier: Decimal) -> bool:
    """Whether the rate is the quotient wherever all three stand; a line of 0 % or 100 % tells nothing."""
    agreed = tried = telling = 0
    for line in list(rates)[:_LINES]:
        rate, num, den = rates[line], nums.get(line), dens.get(line)
        if num is None or den is None or not den.value or num.value is None or rate.value is None:
            continue
        tried += 1
        good = agrees(rate, num.value, den.value, multiplier)
        agreed += good
        telling += good and num.value not in (0, den.value)
        if (tried - agreed) * _FEW > _LINES:
            return False
    return tried > 0 and telling >= 2 and (tried - agreed) * _FEW <= tried


def _bind(
    out: Output,
    key: Key,
    rates: Mapping[Key, Fact],
    nums: Mapping[Key, Fact],
    dens: Mapping[Key, Fact],
    multiplier: Decimal,
    indicators: Mapping[str, Indicator],
) -> None:
    agreed = 0
    first_num, first_den = next(iter(nums.values())), next(iter(dens.values()))
    word = next(iter(rates.values())).nameless
    named = _rate_of(first_num, first_den) or rate_of_count(first_num, first_den, word, indicators)
    for line, rate in rates.items():
        num, den = nums.get(line), dens.get(line)
        if num is None or den is None:
            continue
        good = agrees(rate, num.value, den.value, multiplier)
        agreed += good
        if rate.rate_word and named is not None:
            group = den.dims if den.indicator or den.part else num.dims
            dims = {k: v for k, v in group.items() if k != "basis" or named == "vac_catchup_rate"}
            rate.indicator, rate.unit, rate.dims, rate.confidence = named, "percent", dims, 0.9
            rate.by_numbers = True
        if rate.indicator:
            rate.numerator, rate.denominator = num, den
        if rate.indicator and not good and rate.total:
            rate.denominator_value = _of_those_told(rate, num, rates, dens, multiplier)
    if any(rate.indicator for rate in rates.values()):
        out.reasons.setdefault(key, {})[reason("quotient", f"{agreed}/{len(rates)}")] = None


def _of_those_told(
    rate: Fact, num: Fact, rates: Mapping[Key, Fact], dens: Mapping[Key, Fact], multiplier: Decimal
) -> Decimal | None:
    """The base of a sum that leaves out the lines for which no rate is printed (托幼机构 | / of 配备率), where it gives the rate."""
    parts = [
        den.value for line, den in dens.items() if line in rates and not rates[line].total and den.value is not None
    ]
    base = sum(parts, Decimal(0))
    return base if len(parts) > 1 and agrees(rate, num.value, base, multiplier) else None


def _rate_of(num: Fact, den: Fact) -> str | None:
    """The rate that two counts make."""
    pair = (num.indicator or num.part or "", den.indicator or den.part or "")
    return next((code for code, pairs in PAIRS.items() if pair in pairs), None)
