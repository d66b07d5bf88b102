"""What the members of a list share: whether its numbers state facts, and how one of them is bound to its name."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from etl.reports import judge
from etl.reports.build import build, domain_reason
from etl.reports.fitting import fits
from etl.reports.found import Found, Head, Refused, Situation
from etl.reports.lexicon import Name
from etl.reports.numbers import Number


def mood_of(s: Situation, number: Number) -> str | None:
    """Why a number states no fact (requirement, target, …), by heading, kind of paper and words; None where it does."""
    if s.report.is_order and not looks_back(s, number):
        return "requirement"
    return judge.section_mood(s.paragraph.headings, s.report.anchor) or judge.mood(
        s.text, number.start, number.tail, s.spans, s.report.anchor
    )


_ON_THE_PAST = re.compile(
    "过去|回顾|(?:去年|上年|[一-鿿]年)[^,。;]{0,6}(?:基础|成绩|成效|完成情况|工作情况)$|现状|基本情况|发展基础$"
)
_NOW = re.compile("目前|现有|现已|去年|上年|已达|已有|已建成")
_TO_COME = re.compile(
    "今年|年内|年底前|计划|力争|确保|(?:提高|提升|增加|压减|下降|降|控制)(?:到|至|在)|新增|不低于|不少于|要达|再"
)


def looks_back(s: Situation, number: Number | None = None) -> bool:
    """附:2023年完成情况, 目前是83.5% — in a plan only sentences that begin with a year before its own, and clauses that speak
    of the past or of now, state facts."""
    if number is not None:
        told = _clause_looks_back(s, number)
        if told is not None:
            return told
    if any(map(_ON_THE_PAST.search, s.paragraph.headings)):
        return True
    first = next((span for span in s.spans if not span.baseline and span.start <= 4), None)
    year = s.report.anchor.year
    return bool(first and first.code and year and first.code[:4].isdigit() and int(first.code[:4]) < year)


def _clause_looks_back(s: Situation, number: Number) -> bool | None:
    """What the words of time in the clause of a number say; None when there are none."""
    cut = max(s.text.rfind(char, 0, number.start) for char in ",;。") + 1
    year = s.report.anchor.year
    past = [m.end() for m in _NOW.finditer(s.text, cut, number.start)]
    past += [
        span.end for span in s.spans
        if cut <= span.start < number.start and span.code and year and span.code.removeprefix("SY")[:4] < str(year)
    ]  # fmt: skip
    ahead = [m.end() for m in _TO_COME.finditer(s.text, cut, number.start)]
    if past:
        return not any(at > max(past) for at in ahead)
    earlier = s.text[:cut]
    turned = re.search("今年|年内|年底前", earlier[earlier.rfind(";") + 1 :])
    return False if ahead or turned else None


def add_named(
    s: Situation,
    number: Number,
    name: Name,
    phrase: str,
    joined: str,
    period: str | None = None,
    confidence: float = 0.85,
) -> bool:
    """Binds a number of a list to its name, or notes why it cannot be; whether it was bound. `joined` are the words that
    stand between the names and the numbers, `confidence` lies between 0 and 1."""
    head = Head(name.code, name.word, phrase)
    if not fits(s, name.code, number, name.word):
        s.refused.append(Refused(number.start, number.end, "ambiguous", name.code))
        return False
    if (why := domain_reason(s, head, number)) is not None:
        s.refused.append(Refused(number.start, number.end, why, name.code))
        return False
    found = build(s, number, head, joined, "aligned_list", confidence)
    if found is None:
        s.refused.append(Refused(number.start, number.end, "other_entity", name.code))
        return False
    if period is not None:
        found.period = period
    s.last_list.append((name, phrase))
    s.bound.append(found)
    s.topic = head
    return True


def named_for(s: Situation, subject: str, name: Name) -> Name:
    """The name as it stands for a subject: 高中 and 入学率 make 高中入学率."""
    whole = s.lexicon.ending(subject + name.word)
    return whole if whole and whole.code else name


def of_pairs(s: Situation, numbers: list[Number], name: Name, joined: str) -> int:
    """乙肝疫苗应补112剂次、实补110剂次,脊灰疫苗应补386剂次、实补371剂次,补种率分别为98.21%、96.11%: rates of the pairs of counts
    before them, each of which gives its rate to the printed decimals. Returns how many numbers it dealt with, 0 for none."""
    counts = [f for f in s.bound if f.start < numbers[0].start and s.indicator(f.code).unit == "person"]
    pairs = [
        (a, b) for a, b in itertools.pairwise(counts) if b.value <= a.value and _same_dims(a, b) and a.code != b.code
    ]
    pairs = pairs[-len(numbers) :]
    rates = all(x.is_rate for x in numbers) and s.indicator(name.code).unit == "percent"
    if len(pairs) != len(numbers) and len(numbers) > 1 and rates:
        return _of_due_and_done(s, numbers, name, joined)
    if len(pairs) != len(numbers) or len(numbers) < 2 or not rates:
        return 0
    for number, (due, done) in zip(numbers, pairs, strict=True):
        step = Decimal("0.51").scaleb(-max(0, -int(number.value.as_tuple().exponent)))
        if not due.value or abs(100 * done.value / due.value - number.value) > step:
            return 0
    for number, (due, done) in zip(numbers, pairs, strict=True):
        if add_named(s, number, name, "", joined):
            rate, allowed = s.bound[-1], s.indicator(name.code).dims
            rate.dims = {k: v for k, v in done.dims.items() if k in allowed}
            rate.dims |= {"basis": "dose"} if done.unit == "dose" and "basis" in allowed else {}
            rate.entity, rate.numerator, rate.denominator = done.entity, done.value, due.value
    return len(numbers)


def _same_dims(one: Found, other: Found) -> bool:
    keys = ("level", "vaccine")
    return (
        one.unit == other.unit
        and one.entity == other.entity
        and all(one.dims.get(k) == other.dims.get(k) for k in keys)
    )


_DUE = re.compile(r"(?:^|[,;。、])(?P<who>(?:小学|初中|高中|幼儿园|中职)(?:部|段)?(?:学生)?)应[^,。;\d]{0,6}$")
_DONE = re.compile(r"实[^,。;\d]{0,6}$")


def _of_due_and_done(s: Situation, numbers: list[Number], name: Name, joined: str) -> int:
    """小学应检2431人,实检2418人;初中应检1187人,实检1170人,受检率分别为99.5%和98.57%: counts that are no observations give
    the rates of their levels."""
    counts = [x for x in s.numbers if x.start < numbers[0].start and not x.is_rate]
    pairs = [
        (told["who"], due, done)
        for due, done in itertools.pairwise(counts)
        if (told := _DUE.search(s.masked[: due.start])) and _DONE.search(s.masked[due.tail : done.start])
    ][-len(numbers) :]
    if len(pairs) != len(numbers):
        return 0
    for number, (_, due, done) in zip(numbers, pairs, strict=True):
        step = Decimal("0.51").scaleb(-max(0, -int(number.value.as_tuple().exponent)))
        if not due.value or abs(100 * done.value / due.value - number.value) > step:
            return 0
    for number, (who, due, done) in zip(numbers, pairs, strict=True):
        if add_named(s, number, name, who, joined):
            s.bound[-1].numerator, s.bound[-1].denominator = done.value, due.value
    return len(numbers)
