"""From facts to values: percent spellings of a column, numerators and denominators of a line, units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from db.catalogue import Catalogue, Indicator
from db.records import Severity
from etl.sheets.bare_rates import join_beside, join_shares
from etl.sheets.cells import Kind
from etl.sheets.cohorts import ENTRANTS, entrants_of
from etl.sheets.facts import OWN, Fact, Output, issue
from etl.sheets.fractions import join_fractions, note_decimals
from etl.sheets.identities import find_quotients
from etl.sheets.joint import find_joint_quotients
from etl.sheets.proved import name_by_quotients
from etl.sheets.sheet import Sheet

_HUNDRED = Decimal(100)
_UNIT_FACTORS = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}  # 百人, 万人


def finish(out: Output, sheet: Sheet, catalogue: Catalogue) -> None:
    """Sets value, unit, numerator and denominator of every fact; takes facts out that are no values."""
    indicators = {indicator.code: indicator for indicator in catalogue.indicators}
    for fact in out.facts:
        plain_value(fact, indicators.get(fact.indicator or ""))
    note_decimals(out.facts)
    join_fractions(out.facts, indicators)
    join_shares(out.facts, indicators)
    join_beside(out.facts, indicators)
    find_quotients(out, indicators)
    find_joint_quotients(out, indicators)
    name_by_quotients(out, indicators)
    series: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in out.facts:
        if fact.indicator and fact.unit == "percent" and fact.value is not None and not fact.cell.percent:
            series[fact.series, fact.indicator].append(fact)
    printed = sheet.grid.percent_cells
    decided: list[bool] = []
    sure = {key for key, facts in series.items() if _tells_spelling(facts, indicators, printed)}
    for key in sorted(series, key=lambda key: key not in sure):
        facts = series[key]
        beside = key not in sure and bool(decided) and all(decided)
        fractions = _scale(facts, _others(facts, out.facts), indicators, printed, sheet, out, beside)
        decided += [fractions] if key in sure else []
    for fact in out.facts:
        _choose_basis(fact)
        _share_object(fact)
    for fact in out.facts:
        _guess_object(fact)
    out.parts = [fact for fact in out.facts if fact.part and not fact.indicator and _is_count(fact)]
    out.parts = [fact for fact in out.parts if not (fact.part or "").startswith(OWN)]
    if ENTRANTS in indicators and (entered := entrants_of(out.parts)):
        out.facts += entered
        out.facts.sort(key=lambda fact: (fact.row, fact.col))
    out.facts[:] = [fact for fact in out.facts if _is_kept(fact, sheet, out)]


def _tells_spelling(
    facts: Sequence[Fact], indicators: dict[str, Indicator], printed: frozenset[tuple[int, int]]
) -> bool:
    """Whether a series shows by itself that it prints 0.985 or 98.5: by arithmetic or because its rate is never so low."""
    if any((fact.row, fact.col) in printed for fact in facts):
        return False  # a format is of its own column only
    votes = any(_vote(fact, indicators) is not None for fact in facts)
    return votes or _floor(indicators[facts[0].indicator or ""]) > 2


def _is_count(fact: Fact) -> bool:
    return fact.cell.kind is Kind.NUMBER and not fact.cell.percent and not fact.cell.permille


def _others(facts: Sequence[Fact], everything: Iterable[Fact]) -> list[Fact]:
    """The cells of the same series that carry their own % sign."""
    key = (facts[0].series, facts[0].indicator)
    return [f for f in everything if (f.series, f.indicator) == key and f.cell.percent]


def plain_value(fact: Fact, indicator: Indicator | None) -> None:
    """Sets unit and value of a fact as printed, before the spelling of percents is settled."""
    cell = fact.cell
    fact.value = cell.number
    if indicator is None:
        fact.unit = "percent" if fact.rate_word else ""
        return
    fact.unit = indicator.unit
    if indicator.unit == "percent":
        if cell.permille or "‰" in fact.printed_unit:
            fact.unit = "permille"
        if cell.denominator:
            fact.value = (_HUNDRED * (cell.numerator or 0) / cell.denominator).quantize(Decimal("0.01"))
    elif fact.value is not None and indicator.unit == "person":
        fact.value *= _factor(fact)
    if indicator.unit == "person" and fact.dims.get("basis") == "dose":
        fact.unit = "dose"


def _factor(fact: Fact) -> Decimal:
    """What the unit of the heading multiplies by, where the cell does not say its own (1.26万 has been multiplied already)."""
    if fact.cell.unit or "万" in fact.cell.text:
        return Decimal(1)
    return next((factor for word, factor in _UNIT_FACTORS.items() if word in fact.printed_unit), Decimal(1))


def _scale(
    facts: Sequence[Fact],
    signed: Sequence[Fact],
    indicators: dict[str, Indicator],
    printed: frozenset[tuple[int, int]],
    sheet: Sheet,
    out: Output,
    beside: bool,
) -> bool:
    """0.985 or 98.5? A cell formatted as percent is a fraction; else the line's own arithmetic tells; else the
    range of the whole column against the range that the indicator can have, and the spelling of all columns `beside`
    that show theirs. Gives whether the series is one of fractions."""
    votes = [vote for fact in facts if (vote := _vote(fact, indicators)) is not None]
    values = [fact.value for fact in facts if fact.value is not None]
    indicator = indicators[facts[0].indicator or ""]
    small = bool(values) and max(values) <= Decimal("1.05")
    scaled = 0
    for fact in facts:
        if fact.value is None or fact.cell.denominator is not None:
            continue
        if (fact.row, fact.col) in printed:
            fraction = True
        elif votes:
            fraction = small and sum(votes) * 2 > len(votes)
        else:
            fraction = small and (beside or _is_fraction_column(fact, values, indicator, bool(signed)))
        if not fraction and not small and fact.value <= Decimal("1.05") and _floor(indicator) > 2 and fact.value > 0:
            fraction = True
            address = sheet.grid.address(fact.row, fact.col)
            sentence = f"单元格{address}为“{fact.cell.text}”,同列其他值是百分数,已按小数换算。请核对该格的书写方式。"
            out.issues.append(issue(sheet, fact.row, fact.col, "B25", Severity.CONFIRM, sentence, fact.cell.text))
        if fraction:
            fact.value = as_percent(fact.value)
            scaled += 1
    return scaled * 2 > len(values)


def as_percent(fraction: Decimal) -> Decimal:
    """0.985 as 98.5: without the zeros that a product leaves behind, and never as 1E+2."""
    plain = (fraction * _HUNDRED).normalize()
    exponent = plain.as_tuple().exponent
    return plain.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else plain


def _vote(fact: Fact, indicators: dict[str, Indicator]) -> bool | None:
    """True when the quotient of the line shows that the cell is a fraction, False when it is a percent."""
    if fact.numerator is None or fact.denominator is None or not fact.value or not fact.numerator.value:
        return None
    den = fact.denominator_value or fact.denominator.value
    if not den:
        return None
    computed = _HUNDRED * (fact.numerator_value or fact.numerator.value) / den
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
