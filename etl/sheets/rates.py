"""From facts to values: percent spellings of a column, numerators and denominators of a line, units."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from db.catalogue import Catalogue, Indicator
from db.records import Severity
from etl.sheets.cells import Kind
from etl.sheets.facts import Fact, Output, issue
from etl.sheets.header import Sheet

_HUNDRED = Decimal(100)
# rate -> (numerator, denominator) by indicator code or by name of a part, beyond what the catalogue says
_PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "net_enrollment_rate": (("enrolled", "school_age_population"),),
    "disabled_enrollment_rate": (("disabled_students", "disabled_all"), ("enrolled", "disabled_all")),
    "attendance_rate": (("attendance_done", "attendance_due"),),
    "sick_absence_rate": (("sick_absent", "attendance_due"),),
    "hygiene_supervision_coverage": (("hygiene_inspected_count", "schools"), ("hygiene_inspected_count", "canteens")),
    "classroom_lighting_rate": (("rooms_passed", "rooms_checked"),),
    "student_exam_coverage": (("examined", "enrollment"),),
    "full_vaccination_rate": (("fully_vaccinated", "vac_cert_check_done"),),
    "retention_rate": (("graduates", "cohort_start"), ("final_year_students", "cohort_start")),
    "vaccination_coverage": (("vaccination_given", "vaccination_due"),),
    "vac_catchup_rate": (("vac_catchup_done", "vac_catchup_due"),),
    "open_kitchen_coverage": (("open_kitchens", "canteens"),),
    "internet_kitchen_coverage": (("internet_kitchens", "canteens"),),
    "canteen_license_rate": (("licensed_canteens", "canteens"),),
    "hygiene_rectification_rate": (("hygiene_findings_closed", "hygiene_findings"),),
    "vac_cert_check_rate": (("vac_cert_check_done", "vac_cert_check_due"),),
}
_ONLY_IF_EXACT = frozenset(("retention_rate", "vac_catchup_rate", "classroom_lighting_rate"))
_UNIT_FACTORS = {"万人": Decimal(10000)}


def finish(out: Output, sheet: Sheet, catalogue: Catalogue) -> None:
    """Sets value, unit, numerator and denominator of every fact; takes facts out that are no values."""
    indicators = {indicator.code: indicator for indicator in catalogue.indicators}
    for fact in out.facts:
        _plain_value(fact, indicators.get(fact.indicator or ""))
    _note_decimals(out.facts)
    _join_fractions(out.facts, indicators)
    series: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in out.facts:
        if fact.unit == "percent" and fact.value is not None and not fact.cell.percent:
            series[fact.series, fact.indicator].append(fact)
    printed = sheet.grid.percent_cells
    for facts in series.values():
        _scale(facts, _others(facts, out.facts), indicators, printed, sheet, out)
    for fact in out.facts:
        _choose_basis(fact)
        _share_object(fact)
    for fact in out.facts:
        _guess_object(fact)
    out.parts = [fact for fact in out.facts if fact.part and not fact.indicator and _is_count(fact)]
    out.facts[:] = [fact for fact in out.facts if _is_kept(fact, sheet, out)]


def _is_count(fact: Fact) -> bool:
    return fact.cell.kind is Kind.NUMBER and not fact.cell.percent and not fact.cell.permille


def _others(facts: Sequence[Fact], everything: Iterable[Fact]) -> list[Fact]:
    """The cells of the same series that carry their own % sign."""
    key = (facts[0].series, facts[0].indicator)
    return [f for f in everything if (f.series, f.indicator) == key and f.cell.percent]


def _plain_value(fact: Fact, indicator: Indicator | None) -> None:
    cell = fact.cell
    fact.value = cell.number
    if indicator is None:
        return
    fact.unit = indicator.unit
    if indicator.unit == "percent":
        if cell.permille or "‰" in fact.printed_unit:
            fact.unit = "permille"
        if cell.denominator:
            fact.value = (_HUNDRED * (cell.numerator or 0) / cell.denominator).quantize(Decimal("0.01"))
    elif fact.value is not None and "万" in fact.printed_unit and cell.unit == "" and indicator.unit == "person":
        fact.value *= _UNIT_FACTORS["万人"]
    if indicator.unit == "person" and fact.dims.get("basis") == "dose":
        fact.unit = "dose"


def _join_fractions(facts: Sequence[Fact], indicators: dict[str, Indicator]) -> None:
    lines: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        lines[fact.line].append(fact)
    rates = [f for f in facts if f.indicator and f.unit in ("percent", "ratio", "person_per_class", "permille")]
    candidates = {id(rate): _fractions(rate, lines[rate.line], indicators[rate.indicator or ""]) for rate in rates}
    bases = _usual_bases(rates, candidates, indicators)
    for rate in rates:
        found = candidates[id(rate)]
        usual = bases.get((rate.series, rate.indicator))
        found.sort(key=lambda pair: pair[0].dims.get("basis") != usual)
        _find_fraction(rate, found, lines[rate.line], indicators[rate.indicator or ""])


def _usual_bases(
    rates: Sequence[Fact], candidates: dict[int, list[tuple[Fact, Fact]]], indicators: dict[str, Indicator]
) -> dict[tuple[object, ...], str]:
    """补种率 by persons or by doses: what most rows of the column agree with (a row of 100 % tells nothing)."""
    votes: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for rate in rates:
        multiplier = indicators[rate.indicator or ""].multiplier
        for num, den in candidates[id(rate)]:
            if "basis" in num.dims and agrees(rate, num.value, den.value, multiplier):
                votes[rate.series, rate.indicator][num.dims["basis"]] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}


def _fractions(rate: Fact, line: Sequence[Fact], indicator: Indicator) -> list[tuple[Fact, Fact]]:
    pairs = list(_PAIRS.get(indicator.code, ()))
    if indicator.numerator and indicator.denominator and (indicator.numerator, indicator.denominator) not in pairs:
        pairs.insert(0, (indicator.numerator, indicator.denominator))
    return [
        (num, den)
        for wanted in pairs
        for num in _matching(line, wanted[0], rate)
        for den in _matching(line, wanted[1], rate)
        if num.dims.get("basis") == den.dims.get("basis")
    ]


def _find_fraction(rate: Fact, found: Sequence[tuple[Fact, Fact]], line: Sequence[Fact], indicator: Indicator) -> None:
    if _netted(rate, found, line, indicator):
        return
    exact = [(num, den) for num, den in found if agrees(rate, num.value, den.value, indicator.multiplier)]
    if exact:
        rate.numerator, rate.denominator = exact[0]
        rate.confidence = min(0.99, rate.confidence + 0.02)
    elif len(found) == 1 and indicator.code not in _ONLY_IF_EXACT:
        rate.numerator, rate.denominator = found[0]


def _netted(rate: Fact, found: Sequence[tuple[Fact, Fact]], line: Sequence[Fact], indicator: Indicator) -> bool:
    """Retention: the cohort's start plus its net moves is the denominator, if the printed rate says so. It is tried
    before the start alone, which may round to the same 100 %."""
    net = next((f for f in line if f.part == "cohort_net" and f.value is not None), None)
    if net is None or net.value is None:
        return False
    for num, den in found:
        if den.value is not None and agrees(rate, num.value, den.value + net.value, indicator.multiplier):
            rate.numerator, rate.denominator, rate.denominator_value = num, den, den.value + net.value
            return True
    return False


def _matching(line: Sequence[Fact], wanted: str, rate: Fact) -> list[Fact]:
    return [
        fact for fact in line
        if wanted in (fact.indicator, fact.part) and fact.value is not None and fact.period == rate.period
        and fact.cell.kind is Kind.NUMBER and _compatible(fact.dims, rate.dims)
    ]  # fmt: skip


def _compatible(count: dict[str, str], rate: dict[str, str]) -> bool:
    """A count belongs to a rate when they name the same group; the basis is chosen by the arithmetic."""
    left = {k: v for k, v in count.items() if k != "basis"}
    right = {k: v for k, v in rate.items() if k != "basis"}
    if "object" not in left or "object" not in right:
        left.pop("object", None)
        right.pop("object", None)
    shared = left.keys() & right.keys()
    return (
        all(left[k] == right[k] for k in shared)
        and left.keys() - {"level"} <= right.keys() | {"level"}
        and (right.keys() - {"level", "stage"} <= left.keys())
        and ("basis" not in rate or count.get("basis") in (None, rate["basis"]))
    )


def agrees(rate: Fact, num: Decimal | None, den: Decimal | None, multiplier: Decimal) -> bool:
    """Whether the printed rate is the quotient, to the digits printed and in either percent spelling."""
    if num is None or not den or rate.value is None:
        return False
    computed = multiplier * num / den
    for shown, factor in ((rate.value, 1), (rate.value * _HUNDRED, 100)):
        if factor == 100 and (rate.cell.percent or rate.unit != "percent" or rate.value > 2):
            continue
        if abs(shown - computed) <= _slack(rate) * factor:
            return True
    return False


def _slack(rate: Fact) -> Decimal:
    """What rounding, or cutting off, to the digits of the column may hide."""
    if rate.decimals == 0:
        return Decimal("0.51")
    return Decimal("1.0001").scaleb(-rate.decimals)


def _note_decimals(facts: Iterable[Fact]) -> None:
    """The digits that a column prints: 100 in a column of 99.37 stands for 100.00."""
    digits: dict[tuple[object, ...], int] = defaultdict(int)
    for fact in facts:
        if fact.value is not None:
            exponent = fact.value.as_tuple().exponent
            shown = -exponent if isinstance(exponent, int) and exponent < 0 else 0
            key = (fact.series, fact.indicator)
            digits[key] = max(digits[key], min(shown, 4))
    for fact in facts:
        fact.decimals = digits[fact.series, fact.indicator]


def _scale(
    facts: Sequence[Fact],
    signed: Sequence[Fact],
    indicators: dict[str, Indicator],
    printed: frozenset[tuple[int, int]],
    sheet: Sheet,
    out: Output,
) -> None:
    """0.985 or 98.5? A cell formatted as percent is a fraction; else the line's own arithmetic tells; else the
    range of the whole column against the range that the indicator can have."""
    votes = [vote for fact in facts if (vote := _vote(fact, indicators)) is not None]
    values = [fact.value for fact in facts if fact.value is not None]
    indicator = indicators[facts[0].indicator or ""]
    small = bool(values) and max(values) <= Decimal("1.05")
    for fact in facts:
        if fact.value is None or fact.cell.denominator is not None:
            continue
        if (fact.row, fact.col) in printed:
            fraction = True
        elif votes:
            fraction = small and sum(votes) * 2 > len(votes)
        else:
            fraction = small and _is_fraction_column(fact, values, indicator, bool(signed))
        if not fraction and not small and fact.value <= Decimal("1.05") and _floor(indicator) > 2 and fact.value > 0:
            fraction = True
            address = sheet.grid.address(fact.row, fact.col)
            sentence = f"单元格{address}为“{fact.cell.text}”,同列其他值是百分数,已按小数换算。请核对该格的书写方式。"
            out.issues.append(issue(sheet, fact.row, fact.col, "B25", Severity.CONFIRM, sentence, fact.cell.text))
        if fraction:
            fact.value = _tidy(fact.value * _HUNDRED)


def _tidy(value: Decimal) -> Decimal:
    """Without the zeros that a product leaves behind, and never as 1E+2."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    return plain.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else plain


def _vote(fact: Fact, indicators: dict[str, Indicator]) -> bool | None:
    """True when the quotient of the line shows that the cell is a fraction, False when it is a percent."""
    if fact.numerator is None or fact.denominator is None or not fact.value or not fact.numerator.value:
        return None
    den = fact.denominator_value or fact.denominator.value
    if not den:
        return None
    computed = _HUNDRED * fact.numerator.value / den
    return abs(fact.value * _HUNDRED - computed) < abs(fact.value - computed)


def _floor(indicator: Indicator) -> Decimal:
    return indicator.plausible[0] if indicator.plausible else Decimal(0)


def _is_fraction_column(fact: Fact, values: Sequence[Decimal], indicator: Indicator, signed: bool) -> bool:
    if not any(values):
        return False
    if _floor(indicator) > 2:
        return True
    headed = "%" in fact.printed_unit
    return not headed and not signed and max(values) > Decimal("0.3")


def _share_object(rate: Fact) -> None:
    """A rate and its counts speak of the same things: what one of their labels names holds for all three."""
    group = [fact for fact in (rate, rate.numerator, rate.denominator) if fact is not None]
    named = {fact.dims["object"] for fact in group if "object" in fact.dims}
    if len(group) == 3 and len(named) == 1:
        for fact in group:
            if fact.takes_object:
                fact.dims = {**fact.dims, "object": next(iter(named))}


def _guess_object(fact: Fact) -> None:
    """Where no label names what was inspected, the title does."""
    if fact.takes_object and "object" not in fact.dims and fact.title_object:
        fact.dims = {**fact.dims, "object": fact.title_object}


def _choose_basis(fact: Fact) -> None:
    """补种率 without a basis takes that of the counts it is the quotient of."""
    if fact.indicator == "vac_catchup_rate" and fact.numerator is not None and "basis" not in fact.dims:
        basis = fact.numerator.dims.get("basis")
        if basis:
            fact.dims = {**fact.dims, "basis": basis}


def _is_kept(fact: Fact, sheet: Sheet, out: Output) -> bool:
    cell = fact.cell
    if fact.indicator is None or cell.kind is Kind.STATUS or fact.unit in ("percent", "permille"):
        return fact.indicator is not None
    if cell.percent or cell.denominator is not None:
        address = sheet.grid.address(fact.row, fact.col)
        sentence = f"单元格{address}应为数量,写的却是“{cell.text}”,没有取数。请改填数字。"
        out.issues.append(issue(sheet, fact.row, fact.col, "unreadable_number", Severity.CONFIRM, sentence, cell.text))
        return False
    return True
