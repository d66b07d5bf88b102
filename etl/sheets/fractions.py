"""Numerators and denominators: which counts of a line a printed rate was computed from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from db.catalogue import Indicator
from etl.sheets.cells import Kind
from etl.sheets.facts import OWN, Fact

_HUNDRED = Decimal(100)
# rate -> (numerator, denominator) by indicator code or by name of a part, beyond what the catalogue says
PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "graduation_rate": (("graduates", "final_year_students"),),
    "dropout_rate": (("dropout_count", "enrollment"),),
    "dropout_return_rate": (
        ("dropout_returned_count", "dropout_return_due"),
        ("dropout_returned_count", "dropout_count"),
    ),
    "food_handler_cert_rate": (("food_handlers_certified", "food_handlers"),),
    "vac_cert_held_rate": (("vac_cert_held", "vac_cert_check_done"),),
    "hygiene_inspection_pass_rate": (("hygiene_passed_count", "hygiene_inspected_count"),),
    "net_enrollment_rate": (("enrolled", "school_age_population"),),
    "disabled_enrollment_rate": (("disabled_students", "disabled_all"), ("enrolled", "disabled_all")),
    "attendance_rate": (("attendance_done", "attendance_due"),),
    "morning_check_rate": (("checked_present", "attendance_done"), ("checked_present", "enrollment")),
    "sick_absence_rate": (("sick_absent", "attendance_due"),),
    "hygiene_supervision_coverage": (("hygiene_inspected_count", "schools"), ("hygiene_inspected_count", "canteens")),
    "classroom_lighting_rate": (("rooms_passed", "rooms_checked"),),
    "student_exam_coverage": (("examined", "exam_due"), ("examined", "enrollment")),
    "water_quality_pass_rate": (("samples_passed", "samples_taken"),),
    "tableware_pass_rate": (("samples_passed", "samples_taken"),),
    "food_sampling_pass_rate": (("samples_passed", "samples_taken"),),
    "full_vaccination_rate": (("fully_vaccinated", "vac_cert_check_done"),),
    "retention_rate": (
        ("graduates", "cohort_adjusted"),
        ("final_year_students", "cohort_adjusted"),
        ("graduates", "cohort_start"),
        ("final_year_students", "cohort_start"),
    ),
    "vaccination_coverage": (("vaccination_given", "vaccination_due"),),
    "hepb_birth_timely_rate": ((f"{OWN}vaccination_given", f"{OWN}vaccination_due"),),
    "vac_catchup_rate": (("vac_catchup_done", "vac_catchup_due"),),
    "open_kitchen_coverage": (("open_kitchens", "canteens"),),
    "internet_kitchen_coverage": (("internet_kitchens", "canteens"),),
    "canteen_license_rate": (("licensed_canteens", "canteens"),),
    "hygiene_rectification_rate": (("hygiene_findings_closed", "hygiene_findings"),),
    "vac_cert_check_rate": (("vac_cert_check_done", "vac_cert_check_due"),),
    "report_completeness_rate": (("report_done", "report_due"),),
    "myopia_rate": (("myopic", "examined"),),
    "low_vision_rate": (("low_vision", "examined"),),
    "caries_rate": (("carious", "examined"),),
    "obesity_rate": (("obese", "examined"),),
    "anemia_rate": (("anemic", "examined"),),
}
_Kind = tuple[str | None, str | None, str, bool]
_DOSES = ("vaccine", "dose")
_OF_ALL = {"vaccination_coverage": _DOSES, "morning_check_rate": ("session",)}  # their base is printed once
_OF_THE_START = frozenset(("dropout_rate",))
ONLY_IF_EXACT = frozenset(("retention_rate", "vac_catchup_rate", "classroom_lighting_rate", "morning_check_rate"))


def pairs_of(indicator: Indicator) -> list[tuple[str, str]]:
    """The pairs (numerator, denominator) of counts that a rate is made of, that of the catalogue first."""
    pairs = list(PAIRS.get(indicator.code, ()))
    if indicator.numerator and indicator.denominator and (indicator.numerator, indicator.denominator) not in pairs:
        pairs.insert(0, (indicator.numerator, indicator.denominator))
    return pairs


def rates_of(count: str, indicators: Iterable[Indicator]) -> list[Indicator]:
    """The rates of which a count is the numerator."""
    return [one for one in indicators if any(count == top for top, _ in pairs_of(one))]


def join_fractions(facts: Sequence[Fact], indicators: dict[str, Indicator]) -> None:
    """Sets numerator and denominator of every rate whose counts the catalogue knows."""
    lines: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        lines[fact.line].append(fact)
    rates = [f for f in facts if f.indicator and f.unit in ("percent", "ratio", "person_per_class", "permille")]
    candidates = {id(rate): _fractions(rate, lines[rate.line], indicators[rate.indicator or ""]) for rate in rates}
    bases = _usual_bases(rates, candidates, indicators)
    for rate in rates:
        found = candidates[id(rate)]
        usual = bases.get((rate.series, rate.indicator))
        found.sort(key=lambda pair: (_kind_of(*pair) != usual, not _of_its_level(rate, pair)))
        _find_fraction(rate, found, lines[rate.line], indicators[rate.indicator or ""], usual)
    _net_the_rest(rates, candidates, lines)
    _take_levels(rates, candidates, indicators)


def _take_levels(
    rates: Sequence[Fact], candidates: dict[int, list[tuple[Fact, Fact]]], indicators: dict[str, Indicator]
) -> None:
    """A column of rates that does not say its level (入学率 after 12-14岁人口) is of the level that both its counts are of, in
    all but few of its rows; a wrong rate among them too."""
    series: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for rate in rates:
        if "level" in indicators[rate.indicator or ""].dims:
            series[rate.series, rate.indicator].append(rate)
    for column in series.values():
        levels = Counter(_level_of(rate.numerator, rate.denominator) for rate in column if rate.numerator is not None)
        level, n = levels.most_common(1)[0] if levels else (None, 0)
        if level is None or n * 4 < levels.total() * 3 or any("level" in rate.dims for rate in column):
            continue
        for rate in column:
            rate.dims = {**rate.dims, "level": level}
            own = [pair for pair in candidates[id(rate)] if _level_of(*pair) == level]
            if _level_of(rate.numerator, rate.denominator) != level:
                rate.numerator, rate.denominator = own[0] if len(own) == 1 else (None, None)


def _level_of(num: Fact | None, den: Fact | None) -> str | None:
    """The level of two counts that are of one."""
    level = num.dims.get("level") if num is not None else None
    return level if den is not None and den.dims.get("level") == level else None


def _usual_bases(
    rates: Sequence[Fact], candidates: dict[int, list[tuple[Fact, Fact]]], indicators: dict[str, Indicator]
) -> dict[tuple[object, ...], _Kind]:
    """补种率 by persons or by doses, 劝返率 of those due or of all who left: what most rows of the column agree with (a row of
    100 % tells nothing)."""
    votes: dict[tuple[object, ...], Counter[_Kind]] = defaultdict(Counter)
    for rate in rates:
        multiplier = indicators[rate.indicator or ""].multiplier
        for num, den in candidates[id(rate)]:
            if agrees(rate, num.value, den.value, multiplier):
                rounded = agrees(rate, num.value, den.value, multiplier, half=True)  # and not just cut off
                votes[rate.series, rate.indicator][_kind_of(num, den)] += 1 + rounded
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}


def _kind_of(num: Fact, den: Fact) -> _Kind:
    """What a rate is made of: the two counts, their basis, and whether they are of one time."""
    return num.indicator or num.part, den.indicator or den.part, num.dims.get("basis", ""), num.period == den.period


def _fractions(rate: Fact, line: Sequence[Fact], indicator: Indicator) -> list[tuple[Fact, Fact]]:
    found = [
        (num, den)
        for wanted in pairs_of(indicator)
        for num in _matching(line, wanted[0], rate)
        for den in _denominators(line, wanted[1], rate)
        if num.dims.get("basis") == den.dims.get("basis")
    ]
    if not found and rate.indicator in _OF_THE_START:
        found = _of_year_before(rate, line, indicator)
    adjusted = [(num, den) for num, den in found if _is_adjusted(den)]
    return adjusted or found


def _of_year_before(rate: Fact, line: Sequence[Fact], indicator: Indicator) -> list[tuple[Fact, Fact]]:
    """上学年辍学人数 and 上学年初在校生数 beside a 辍学率 that does not say 上学年: two counts of one other time."""
    periods = dict.fromkeys(fact.period for fact in line if fact.period != rate.period)
    return [
        (num, den)
        for period in periods
        for top, bottom in pairs_of(indicator)
        for num in _matching(line, top, replace(rate, period=period))
        for den in _matching(line, bottom, replace(rate, period=period))
    ]


def _denominators(line: Sequence[Fact], wanted: str, rate: Fact) -> list[Fact]:
    """The counts that a rate may be of: those of its group and time; 应种人数 that is printed once for all doses, those
    present for 晨检 and 午检; and for 辍学率 those at the start of the school year."""
    found = _matching(line, wanted, rate)
    apart = _OF_ALL.get(rate.indicator or "")
    if apart and not found:
        found = _matching(line, wanted, replace(rate, dims={k: v for k, v in rate.dims.items() if k not in apart}))
        found = found if len(found) == 1 else []
    if rate.indicator in _OF_THE_START:
        found += [
            den for period in dict.fromkeys(f.period for f in line if f.period != rate.period)
            for den in _matching(line, wanted, replace(rate, period=period))
        ]  # fmt: skip
    return found


def _is_adjusted(den: Fact) -> bool:
    """应有人数: the start of a cohort with its moves already in it."""
    return den.part == "cohort_adjusted"


def _find_fraction(
    rate: Fact, found: Sequence[tuple[Fact, Fact]], line: Sequence[Fact], indicator: Indicator, usual: _Kind | None
) -> None:
    """The counts that give the printed rate; else, of a wrong rate, the only ones it can be made of or those of the
    basis that the rest of its column shows."""
    if _netted(rate, found, line, indicator):
        return
    exact = [(num, den) for num, den in found if agrees(rate, num.value, den.value, indicator.multiplier)]
    if exact:
        rate.numerator, rate.denominator = exact[0]
        rate.confidence = min(0.99, rate.confidence + 0.02)
        return
    found = [pair for pair in found if _of_its_level(rate, pair)] or found
    alone = len(found) == 1 and (indicator.code not in ONLY_IF_EXACT or _is_adjusted(found[0][1]))
    alone = alone and found[0][1].period == rate.period
    if alone or (usual is not None and [_kind_of(*pair) for pair in found].count(usual) == 1):
        rate.numerator, rate.denominator = found[0]


def _of_its_level(rate: Fact, pair: tuple[Fact, Fact]) -> bool:
    """Whether both counts are of the level of a rate, or of none like it: 合计 below the blocks of 托幼机构 and 小学."""
    return all(count.dims.get("level") == rate.dims.get("level") for count in pair)


def _netted(rate: Fact, found: Sequence[tuple[Fact, Fact]], line: Sequence[Fact], indicator: Indicator) -> bool:
    """Retention: the cohort's start plus its net moves is the denominator, if the printed rate says so. It is tried
    before the start alone, which may round to the same 100 %."""
    net = _net_of(line)
    if net is None:
        return False
    for num, den in found:
        if (
            den.value is not None
            and not _is_adjusted(den)
            and agrees(rate, num.value, den.value + net, indicator.multiplier)
        ):
            rate.numerator, rate.denominator, rate.denominator_value = num, den, den.value + net
            return True
    return False


def _net_of(line: Sequence[Fact]) -> Decimal | None:
    """What a cohort gained since its start: the printed 净增, else 转入 less 转出."""
    if not any(fact.part == "cohort_start" for fact in line):
        return None
    net = next((f.value for f in line if f.part == "cohort_net" and f.value is not None), None)
    came, left = (
        next((f.value for f in line if f.indicator == code and not f.dims.keys() - {"level"}), None)
        for code in ("transfer_in", "transfer_out")
    )
    return net if net is not None or came is None or left is None else came - left


def _net_the_rest(
    rates: Sequence[Fact],
    candidates: dict[int, list[tuple[Fact, Fact]]],
    lines: Mapping[tuple[object, ...], list[Fact]],
) -> None:
    """A retention rate that disagrees with its counts, where the others of its column are over the start of the cohort, or
    over the start plus its net moves."""
    series: dict[object, list[Fact]] = defaultdict(list)
    for rate in rates:
        if rate.indicator == "retention_rate":
            series[rate.series].append(rate)
    for column in series.values():
        plain = sum(rate.numerator is not None and rate.denominator_value is None for rate in column)
        for rate in column if plain > 1 and plain * 2 > len(column) else ():
            found = candidates[id(rate)]
            if rate.numerator is None and len(found) == 1:
                rate.numerator, rate.denominator = found[0]
        netted = sum(rate.denominator_value is not None for rate in column)
        for rate in column if netted > 1 and netted * 2 > len(column) else ():
            net, found = _net_of(lines[rate.line]), candidates[id(rate)]
            if rate.numerator is None and net is not None and len(found) == 1 and found[0][1].value is not None:
                rate.numerator, rate.denominator = found[0]
                rate.denominator_value = found[0][1].value + net


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


def agrees(rate: Fact, num: Decimal | None, den: Decimal | None, multiplier: Decimal, *, half: bool = False) -> bool:
    """Whether the printed rate is the quotient, to the digits printed and in either percent spelling; `half`: rounded."""
    if num is None or not den or rate.value is None:
        return False
    computed = multiplier * num / den * (10 if rate.unit == "permille" else 1)
    for shown, factor in ((rate.value, 1), (rate.value * _HUNDRED, 100)):
        if factor == 100 and (rate.cell.percent or rate.unit != "percent" or rate.value > 2):
            continue
        slack = _slack(rate) * (factor if rate.decimals else 1)  # a 1 or 0 that stands for all or none is exact
        slack = slack / 2 if half else slack
        if abs(shown - computed) <= slack:
            return True
    return False


def _slack(rate: Fact) -> Decimal:
    """What rounding, or cutting off, to the digits of the column may hide."""
    if rate.decimals == 0:
        return Decimal("0.51")
    return Decimal("1.0001").scaleb(-rate.decimals)


def note_decimals(facts: Iterable[Fact]) -> None:
    """The digits that a column prints: 100 in a column of 99.37 stands for 100.00. A column that spells rates in two ways
    (0.9909, 96.16%) prints so many digits of each."""
    digits: dict[tuple[object, ...], int] = defaultdict(int)
    for fact in facts:
        if fact.value is not None:
            exponent = fact.value.as_tuple().exponent
            shown = -exponent if isinstance(exponent, int) and exponent < 0 else 0
            key = (fact.series, fact.indicator, _is_small(fact))
            digits[key] = max(digits[key], min(shown, 4))
    for fact in facts:
        fact.decimals = digits[fact.series, fact.indicator, _is_small(fact)]


def _is_small(fact: Fact) -> bool:
    """Whether a number may be the fraction that other cells of its column spell as percent."""
    return fact.value is not None and fact.value <= 2 and not fact.cell.percent
