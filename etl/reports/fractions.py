"""Numerator and denominator of a rate: the two counts nearby that give it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from etl.reports.found import Found, Situation
from etl.reports.numbers import Number
from etl.reports.shares import TELLING, Whole, by_meaning, by_one_whole

_COUNTED = frozenset({
    "person", "school", "piece", "house", "finding", "item", "copies", "batches", "class", "event", "case", "room", "household",
    "doses", "visits", "other", "",
})  # fmt: skip
# What a rate of a later sentence may be a share of.
_WHOLES = frozenset({
    "enrollment", "entrants", "schools", "canteens", "food_handlers", "staff", "teachers", "hygiene_inspected_count", "hygiene_visits",
    "vac_cert_check_done", "vac_cert_check_due", "dropout_return_due", "dropout_count", "vaccination_due", "vac_catchup_due",
    "vac_missed_count", "disabled_students", "hygiene_findings", "graduates", "school_age_population", "final_year_students",
    "classes", "migrant_children", "vac_catchup_done", "vac_cert_held", "boarders", "left_behind_children", "dropout_returned_count",
    "food_handlers_certified", "hygiene_findings_closed",
})  # fmt: skip
_OF_EXAMINED = frozenset({"myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate", "anemia_rate"})
_KEPT = frozenset({"annual_retention_rate", "retention_rate"})
_EXAMINED = re.compile(r"(?:实检|受检|监测|体检|检查|筛查)[^,。;\d]{0,10}$")
_EXAMINED_AFTER = re.compile("(?:幼儿|学生|儿童|新生)?(?:进行了?|开展了?|做了?|接受)?(?:健康)?(?:体检|检查|筛查|监测)")
_FAILS_BEFORE = re.compile(r"(?:不|未|无|没有|缺|漏|过期|超期)[^,;。、\d]{0,8}$")
_FAILS_AFTER = re.compile(r"^(?:的)?[^,;。、\d]{0,8}(?:不合格|未|无证|没有|过期|超期|缺失|不符|不达标)")
_REST_BEFORE = re.compile("(?:剩余?下?|还有|尚有|余下|其余|另有)[^,;。、\\d]{0,8}$")
_ALL_OF_THEM = re.compile(r"^[^,;。\d]{0,6},(?:全部|全都|均|都)[^,。;\d]{1,12},[^,。;\d]{0,12}$")
# 新入园幼儿368人均在入园前完成健康检查,入园体检率100%
_ALL_EXAMINED = re.compile(r"^(?:幼儿|新生|学生|儿童)?(?:全部|全都|均|都)[^,。;\d]{1,16},[^,。;\d]{0,12}$")
_RATE_NEXT = re.compile("[人名份本],(?:接种证)?查验率(?:为|达到?)?")
_DUE = re.compile(r"应[^,。;]{0,8}$")
_DONE = re.compile(r"实(?!现)[^,。;]{0,8}$")


def attach(s: Situation, earlier: Sequence[Whole] = ()) -> None:
    """Fills numerator and denominator of the rates of a sentence; `earlier`: counts of the sentences before it."""
    everything, earlier = earlier, [x for x in earlier if not x.plain]
    counts = [x for x in s.numbers if _is_count(x)]
    used: set[tuple[Decimal, Decimal]] = set()
    for found in s.bound:
        shared = s.indicator(found.code).unit == "percent" or found.code == "average_class_size"
        if shared and found.numerator is None and found.value:
            fine = (_step(found, 2) or 1) < Decimal("0.01")
            near = [
                x for x in counts if abs(x.start - found.start) <= (240 if fine or found.code in _OF_EXAMINED else 80)
            ]
            if found.value == 100:  # two equal counts of another clause say nothing of it
                near = [x for x in near if x.start < found.start or _may_give(s, found, x)]
            pair = (
                by_meaning(s, found, earlier)
                if found.code == "average_class_size"
                else (
                    _bracket(s, found)
                    or by_meaning(s, found, earlier)
                    or _of_those_who_entered(s, found, near, earlier)
                    or _by_part_behind(s, found, near, everything)
                    or by_arithmetic(found, near, _preferred(s, found))
                    or _all_of_them(s, found, near)
                    or _by_parts(s, found, near, earlier)
                    or _by_words(s, found, near)
                    or _by_earlier(s, found, near, earlier)
                    or _by_kind(s, found, earlier)
                    or by_one_whole(s, found, everything, _step(found, 1))
                )
            )
            if pair and pair not in used:
                used.add(pair)
                _take_level(found, pair, earlier)
                _take_object(s, found, pair, earlier)
                found.numerator, found.denominator = pair


def _may_give(s: Situation, full: Found, behind: Number) -> bool:
    """Whether a count behind a rate of 100 % may be one of its two: 留样率100%,送检20件,合格20件,合格率100% tells of the next."""
    between = s.masked[full.end : behind.start]
    if ";" in between:
        return False
    inside = "(" in between and ")" not in between
    return inside or not any(x.start > behind.start and s.indicator(x.code).unit == "percent" for x in s.bound)


def _is_count(number: Number) -> bool:
    """Whether a number counts something: 平均班额46.5人 is no count."""
    whole = number.value == number.value.to_integral_value()
    return number.unit in _COUNTED and not number.is_rate and number.high is None and number.value > 0 and whole


def _take_level(rate: Found, pair: tuple[Decimal, Decimal], earlier: Sequence[Whole]) -> None:
    """义务教育阶段随迁子女3215人。…安排到公办学校就读的2983人,占92.78%: the share is that of the pupils counted before."""
    if rate.code == "migrant_public_place_share" and "level" not in rate.dims:
        levels = {x.level for x in earlier if x.code == "migrant_children" and x.value == pair[1]}
        if len(levels) == 1 and (level := levels.pop()):
            rate.dims["level"] = level


def _take_object(s: Situation, rate: Found, pair: tuple[Decimal, Decimal], earlier: Sequence[Whole]) -> None:
    """检查食堂118家。…综合判定合格109家,合格率92.37%: what passed is what was inspected before."""
    if rate.code != "hygiene_inspection_pass_rate" or "object" in rate.dims:
        return
    told = [x.object or "canteen" for x in earlier if x.value == pair[1] and (x.object or x.code == "canteens")]
    if told:
        for found in (rate, *(f for f in s.bound if f.code == "hygiene_passed_count" and f.value == pair[0])):
            found.dims.setdefault("object", told[-1])


def _preferred(s: Situation, found: Found) -> Callable[[Number], bool] | None:
    """Which wholes a rate goes by before others: dropouts by those of the beginning, findings by those examined."""
    if found.code == "dropout_rate":
        return lambda x: is_opening(s, x)
    if found.code in _OF_EXAMINED:
        return lambda x: not _DUE.search(s.masked[: x.start][-10:])
    return None


def wholes(s: Situation) -> list[Whole]:
    """The counts of a sentence of which rates of later sentences may be shares."""
    bound = {f.start: f for f in s.bound if f.code in _WHOLES}
    told = {start: (f.dims.get("level"), f.code, f.entity, f.dims.get("object", "")) for start, f in bound.items()}
    graded = [
        Whole(f.value, code=f.code, grade=f.dims["grade_abc"])
        for f in s.bound
        if f.code == "canteen_graded_count" and "grade_abc" in f.dims
    ]
    for x in s.numbers:
        if x.unit in _COUNTED and not x.is_rate and x.high is None and x.value >= (2 if x.start in bound else 5):
            level, code, entity, thing = told.get(x.start, (None, "", None, ""))
            examined = _examined(s, x)
            plain = not (x.start in bound or examined)
            graded.append(Whole(x.value, level, is_opening(s, x), code, "", examined, x.unit, entity, thing, plain))
    return graded


def _examined(s: Situation, number: Number) -> bool:
    if number.unit != "person":
        return False
    return bool(
        _EXAMINED.search(s.masked[max(0, number.start - 12) : number.start])
        or _EXAMINED_AFTER.match(s.masked, number.tail)
    )


def _step(found: Found, least: int) -> Decimal | None:
    """Half a unit of the last printed decimal, where a rate shows at least that many of them."""
    exponent = found.value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent < least or (least > 1 and found.value * 10 % 10 == 0):
        return None
    return Decimal(1).scaleb(exponent) * Decimal("0.51")


def _by_earlier(
    s: Situation, found: Found, near: list[Number], earlier: Sequence[Whole]
) -> tuple[Decimal, Decimal] | None:
    """体检1079人,受检率99.36%: the count just before a rate, over a count of an earlier sentence."""
    step = _step(found, 1)
    if step is None:
        return None
    level = found.dims.get("level")
    fine = step < Decimal("0.01")
    before = [x.value for x in near if 0 < found.start - x.end <= (60 if fine else 24)]
    tops = [
        *reversed(before[-2:] if fine else before[-1:]),
        *(x.value for x in reversed(earlier[-3:]) if fine and not before),
    ]
    tops += [x.value for x in near if 0 < x.start - found.end <= 2 and s.masked[x.start - 1] == "("]  # 97.9%(93所)
    if found.code in _KEPT:  # 学年初837人,学年末829人。…巩固率99.04%
        tops += [x.value for x in reversed(earlier[-3:])]
    if found.code == "dropout_rate" or found.code in _KEPT:
        earlier = [*(x for x in earlier if not x.opening), *(x for x in earlier if x.opening)]
    told: set[tuple[Decimal, Decimal]] = set()
    for top in tops:
        for n, whole in enumerate(reversed(earlier)):
            of_them = whole.examined and found.code in _OF_EXAMINED
            alike = (of_them or (level is not None and level == whole.level)) and top is tops[0] and bool(before)
            if not alike and (step / found.value > TELLING or (not fine and n >= 8)):
                continue
            every = (
                found.value == 100 and found.code == "hygiene_supervision_coverage"
            )  # 监督检查学校96所,监督覆盖率100%
            if (
                whole.value >= 5
                and (top < whole.value or (every and top == whole.value))
                and abs(100 * top / whole.value - found.value) <= step
            ):
                if alike:
                    return top, whole.value
                told.add((top, whole.value))
    return told.pop() if len(told) == 1 else None  # two wholes that fit tell nothing


def _by_kind(s: Situation, found: Found, earlier: Sequence[Whole]) -> tuple[Decimal, Decimal] | None:
    """Counts whose kind the rate names: those who returned of the dropouts, the disabled at school, the better grades."""
    told = [*earlier, *wholes(s)]
    step = Decimal("0.51").scaleb(-max(0, -int(found.value.as_tuple().exponent)))
    tops: list[Decimal] = []
    bottoms: list[Decimal] = []
    if found.code == "canteen_grade_ab_share":
        grades = {x.grade: x.value for x in told if x.grade}  # the last of each
        tops = [grades.get("A", Decimal(0)) + grades.get("B", Decimal(0))]
        bottoms = [sum((v for g, v in grades.items() if g != "none"), Decimal(0)), sum(grades.values(), Decimal(0))]
    elif found.code == "disabled_enrollment_rate":
        tops = bottoms = [x.value for x in told[-8:] if x.code == "disabled_students"]
    elif found.code == "dropout_return_rate":
        tops = [f.value for f in s.bound if f.code == "dropout_returned_count" and f.start < found.start][-1:]
        bottoms = [x.value for x in reversed(told) if x.code in ("dropout_return_due", "dropout_count")]
    full = found.value == 100 and found.code == "dropout_return_rate"  # 确认辍学3人。…已劝返3人,劝返率100%
    pairs = ((top, bottom) for bottom in bottoms for top in tops if 0 < top < bottom or (full and 0 < top == bottom))
    return next((pair for pair in pairs if abs(100 * pair[0] / pair[1] - found.value) <= step), None)


_ENTERED = re.compile("(?:入学|入校|进校|入园|校门|起始年级)[^,。;\\d]{0,8}$")


def _of_those_who_entered(
    s: Situation, found: Found, near: list[Number], earlier: Sequence[Whole]
) -> tuple[Decimal, Decimal] | None:
    """六年级毕业201人。六年前他们入学时是204人,六年巩固率98.5%: those who left of those who had entered."""
    step = _step(found, 1)
    if found.code != "retention_rate" or step is None:
        return None
    wholes_ = [x.value for x in near if x.start < found.start and _ENTERED.search(s.masked[: x.start][-16:])]
    tops = [x.value for x in (*earlier[-12:], *wholes(s)) if x.code in ("graduates", "final_year_students")]
    pairs = [(top, whole) for whole in wholes_ for top in tops if abs(100 * top / whole - found.value) <= step]
    return pairs[-1] if pairs else None


def _all_of_them(s: Situation, found: Found, near: list[Number]) -> tuple[Decimal, Decimal] | None:
    """送检水样6份,全部合格,合格率100%."""
    before = [x for x in near if x.end <= found.start]
    between = s.masked[before[-1].tail : found.start] if found.value == 100 and before else ""
    if _ALL_OF_THEM.match(between) or (found.code == "entry_exam_rate" and _ALL_EXAMINED.match(between)):
        return before[-1].value, before[-1].value
    done = next((f for f in reversed(s.bound) if f.end <= found.start), None)
    counted = done is not None and done.code == "vac_cert_check_done" and found.code == "vac_cert_check_rate"
    if counted and done is not None and found.value == 100 and _RATE_NEXT.fullmatch(s.masked[done.end : found.start]):
        return done.value, done.value  # 查验新生接种证109名,查验率100%
    return None


def _by_parts(
    s: Situation, found: Found, near: list[Number], earlier: Sequence[Whole]
) -> tuple[Decimal, Decimal] | None:
    """What remains of a whole (150批次,不合格19批次,合格率87.33%) and sums of parts (A级87家,B级402家,…占81.77%)."""
    step = _step(found, 1)
    before = [x for x in near if x.end <= found.start]
    if step is None or step / found.value > TELLING:
        return None
    wholes_ = [*(x.value for x in reversed(before)), *(x.value for x in reversed(earlier))]
    tops: list[Decimal] = []
    behind = [x for x in near if 0 < x.start - found.end <= 16 and re.match("%[,(;]", s.masked[found.end : x.start])]
    for part in (*reversed(before), *behind):
        left = s.masked[max(0, part.start - 10) : part.start]
        rest = part in behind and _REST_BEFORE.search(left)
        if rest or _FAILS_BEFORE.search(left) or _FAILS_AFTER.match(s.masked[part.tail : part.tail + 14]):
            tops += [whole - part.value for whole in wholes_ if whole > part.value]
    tops += _sums(s, before)
    for top in tops:
        for whole in wholes_:
            if top < whole and abs(100 * top / whole - found.value) <= step:
                return top, whole
    return None


def _sums(s: Situation, before: list[Number]) -> list[Decimal]:
    """Sums of counts listed side by side (随班就读236人、特校就读97人、送教上门72人)."""
    out: list[Decimal] = []
    for n, first in enumerate(before):
        total, last = first.value, first
        for part in before[n + 1 :]:
            between = s.masked[last.tail : part.start]
            if part.unit != first.unit or len(between) > 10 or not re.match("[、,和及]", between):
                break
            total, last = total + part.value, part
            out.append(total)
    return out


_OPENING = re.compile("初[^,;。]{0,8}$")


def is_opening(s: Situation, number: Number) -> bool:
    """Whether a count is that of the beginning of the year."""
    return bool(_OPENING.search(s.text[: number.start][-14:]))


_UP_TO_BRACKET = re.compile(r"[^,;。\d()]{0,3}[(]?|[%‰](?:以上)?的[^,;。\d()]{1,10}[(]")  # 88.9%的学校(112/126)
_IN_BRACKETS = re.compile("%[(](?:其中)?")


def _by_part_behind(
    s: Situation, found: Found, counts: list[Number], earlier: Sequence[Whole]
) -> tuple[Decimal, Decimal] | None:
    """应查验91份,…接种率97.8%(89人): the count in brackets right behind a rate is its part before any other is."""
    behind = (x for x in counts if 0 < x.start - found.end <= 4 and _CLOSES.match(s.masked, x.tail))
    part = next((x for x in behind if _IN_BRACKETS.fullmatch(s.masked[found.end : x.start])), None)
    if part is None:
        return None
    exact = [x.value for x in earlier[-24:] if x.unit == part.unit and part.value * 100 == found.value * x.value]
    return by_arithmetic(found, counts, _preferred(s, found), part) or (
        (part.value, exact[-1])
        if exact and part.value < exact[-1]
        else None  # 抽查16所学校。…配备率75%(12所学校达到要求)
    )


_CLOSES = re.compile("[)]|(?:学校|幼儿园|食堂)?[^,。;()\\d]{1,8}[)]")


def _bracket(s: Situation, found: Found) -> tuple[Decimal, Decimal] | None:
    """68.42%(13/19)."""
    for number in s.numbers:
        if (
            number.unit == "fraction"
            and number.start >= found.end
            and _UP_TO_BRACKET.fullmatch(s.masked[found.end : number.start])
            and number.numerator is not None
            and number.denominator
        ):
            return number.numerator, number.denominator
    return None


def by_arithmetic(
    found: Found,
    counts: list[Number],
    preferred: Callable[[Number], bool] | None = None,
    part: Number | None = None,
) -> tuple[Decimal, Decimal] | None:
    """The nearest two counts whose quotient is the rate to its printed decimals. 100 % needs two equal counts.
    `preferred`: which wholes go before the others. `part`: the one count that can be the numerator, where it is known."""
    step = _step(found, 0) or Decimal("0.51")
    best: tuple[tuple[bool, bool, int], Decimal, Decimal] | None = None
    for top in counts if part is None else [part]:
        for bottom in counts:
            if (
                top is bottom
                or (top.value > bottom.value and found.value <= 100)
                or (bottom.value < 5 and not _side_by_side(found, top, bottom))
            ):
                continue
            if abs(100 * top.value / bottom.value - found.value) <= step and not (
                found.value != 100 and top.value == bottom.value
            ):
                distance = abs(top.start - found.start) + abs(bottom.start - found.start)
                uneven = (
                    found.value == 100 and top.value != bottom.value
                )  # 查验率100%,持证10211人: 10211 of 10248 is less
                rank = (uneven, preferred is not None and not preferred(bottom), distance)
                if best is None or rank < best[0]:
                    best = (rank, top.value, bottom.value)
    return (best[1], best[2]) if best else None


def _side_by_side(found: Found, top: Number, bottom: Number) -> bool:
    """抽检3份,合格2份,合格率66.7%: small numbers count only where they stand directly before their rate."""
    return bottom.value > 1 and 0 < top.start - bottom.end <= 24 and 0 < found.start - top.end <= 10


def _by_words(s: Situation, found: Found, counts: list[Number]) -> tuple[Decimal, Decimal] | None:
    """应检418人,实检412人: the words name the two even where the rate contradicts them."""
    rates = [x for x in s.bound if s.indicator(x.code).unit == "percent"]
    start = max([s.masked.rfind(";", 0, found.start), *(x.end for x in rates if x.end <= found.start)])
    bracket = re.match(r"[%‰]?(?:[(][^()]*[)]|,应[^;。%]*)", s.masked[found.end :])
    end = found.end + bracket.end() if bracket else found.start
    within = [x for x in counts if start <= x.start < end]
    due = [x for x in within if _DUE.search(s.masked[: x.start][-10:])]
    done = [x for x in within if _DONE.search(s.masked[: x.start][-10:])]
    if len(due) == 1 and len(done) == 1 and not _of_a_later_rate(s, found, done[0].value, due[0].value):
        return done[0].value, due[0].value
    return None


def _of_a_later_rate(s: Situation, found: Found, top: Decimal, bottom: Decimal) -> bool:
    """查验率100%,应补种9人,实补种8人,补种率88.89%: the counts behind a rate are those of the next one, which they give."""
    later = [x for x in s.bound if x.start > found.start and s.indicator(x.code).unit == "percent"]
    return any(abs(100 * top / bottom - x.value) <= (_step(x, 0) or Decimal("0.51")) for x in later)
