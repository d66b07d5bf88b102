"""Whether the unit printed with a number can be that of an indicator."""

from __future__ import annotations

import re
from decimal import Decimal

from etl.reports.found import Situation
from etl.reports.numbers import Number
from etl.reports.phrases import leaves_nothing, strip_joining

_ACCEPTS: dict[str, frozenset[str]] = {
    "person": frozenset({"person"}),
    "school": frozenset({"school", "house", "piece"}),
    "canteen": frozenset({"school", "house", "piece", "room"}),
    "class": frozenset({"class", "piece"}),
    "visit": frozenset({"visits"}),
    "finding": frozenset({"finding", "piece", "item", "event"}),
    "event": frozenset({"event", "case", "times"}),
    "case": frozenset({"case", "person"}),
    "score": frozenset({"score"}),
    "dose": frozenset({"doses"}),
    "ratio": frozenset({"ratio"}),
    "person_per_class": frozenset({"person"}),
}
_BARE = frozenset(
    {
        "vaccination_due",
        "vaccination_given",
        "vac_catchup_due",
        "vac_catchup_done",
        "vac_cert_check_due",
        "vac_cert_check_done",
        "transfer_in",
        "transfer_out",
        "suspended",
        "resumed",
        "withdrawn",
    }
)
_MOST = 200  # percent; gross enrolment of a place with many children from elsewhere comes near it
MEASURED = frozenset({"percent", "score", "ratio", "person_per_class"})  # what may have a fraction
# Certificates are counted by the copy, canteens by the place.
_BY_COPY = frozenset({"vac_cert_check_due", "vac_cert_check_done", "vac_cert_held"})
_NAMED_ALONE = frozenset({
    "staff", "teachers", "enrollment", "classes", "food_handlers", "entrants", "graduates", "boarders", "left_behind_children",
    "migrant_children", "vac_missed_count", "vac_cert_held", "dropout_returned_count",
})  # fmt: skip
_IN_MYRIADS = frozenset({"enrollment", "migrant_children", "left_behind_children", "boarders", "entrants", "graduates"})
_CATCHUP = frozenset({"vac_catchup_due", "vac_catchup_done"})
_ENDS = re.compile("[,。;、!?)了]|$|的|孩子|学生|娃|新生|幼儿")


def fits(s: Situation, code: str, number: Number, word: str) -> bool:
    """Whether the unit printed with a number can be that of an indicator."""
    if not code:
        return False
    unit = s.indicator(code).unit
    if unit not in MEASURED and number.value != int(number.value):
        return False
    if unit == "percent":
        bare = number.unit == "" and not number.han and number.high is None and Decimal(0) <= number.value <= 110
        if number.unit == "percent" and number.value > _MOST:
            return False  # 926%: a decimal point was lost
        told = number.han and number.unit == "" and number.value != int(number.value)  # 巩固率,去年是九十五点八
        return number.is_rate or ((bare or told) and word.endswith("率")) or (number.value == 0 and number.unit == "")
    if unit == "person" and code in _CATCHUP and number.unit == "doses":
        return True
    if code in ("vaccination_due", "vaccination_given") and number.unit == "doses":
        return True
    of_households = code == "hygiene_passed_count" and bool(_INSPECTED.search(s.masked[: number.start]))
    if (number.word == "户" and (code == "hygiene_inspected_count" or of_households)) or (
        code == "hygiene_passed_count" and number.unit == "visits"
    ):
        return True
    if (code in _BY_COPY and number.word in ("份", "本")) or (
        code in ("canteens", "childcare_points") and number.word == "处"
    ):
        return True
    if unit == "event" and (number.word == "件" or (number.unit == "" and number.value == 0)):
        return True
    if number.unit == "" and number.value == 0 and unit == "person" and s.indicator(code).domain == "dropout":
        return bool(_NOBODY.search(s.masked, max(0, number.start - 10), number.start))
    people = (
        s.indicator(code).domain in ("vaccination", "dropout")
        or code in _MOVED
        or (len(word) > 2 and re.search("孩子|学生|娃|幼儿", word))
    )
    if unit == "person" and number.word == "个" and people:
        return bool(_ENDS.match(s.masked, number.tail))  # 实际查验了24402个,查验率99.5%
    if unit == "person" and number.han and (number.word == "个" or (number.after and code in _NAMED_ALONE)):
        return bool(_ENDS.match(s.masked, number.tail))  # 二十三个, 八千五百左右; not 四个一样
    if number.unit == "" and number.value >= 10_000 and code in _IN_MYRIADS:
        return True  # 中小学生38.6万
    if unit == "ratio" and number.unit == "" and word.endswith("比"):
        return 3 <= number.value <= 60  # 生师比为17.35
    if number.unit == "":
        if s.masked[number.end : number.end + 1] in ("轮", "场", "种"):
            return False  # 查漏补种2轮
        return not number.han and (code in _BARE or (code in _NAMED_ALONE and _stands_alone(s, number, word)))
    return number.unit in _ACCEPTS.get(unit, frozenset())


_INSPECTED = re.compile(
    "(?:检查|抽查|巡查|督查|排查)[^。;]{0,24}户,$|(?:检查|抽查|巡查|督查|排查)[^。;]{0,24}户,[^,。;\\d]{0,6}$"
)
_NOBODY = re.compile("(?:人数|学生数?)[^,。;\\d]{0,4}$")  # 小学、初中辍学人数均为0
_MOVED = frozenset({"transfer_in", "transfer_out", "suspended", "resumed"})
_PART = re.compile("(?:小学|初中|高中|幼儿园|中职|特教|[大中小]班|[一二三四五六七八九]年级)(?:部|段|阶段|学生)?")
_SAID_OF_PUPILS = ("在校生", "在园幼儿", "学生", "在校学生", "幼儿", "孩子", "在校", "在园", "", "小学生", "初中生")


def _stands_alone(s: Situation, number: Number, word: str) -> bool:
    """教职工48,专任教师25: a clause that holds a name and a number without a measure word."""
    clause = s.clause_before(number.start).strip("、和及 ")
    core, _ = strip_joining(clause)
    named = bool(word) and core.endswith(word) and leaves_nothing(core[: -len(word)], ())
    ends = s.masked[number.end : number.end + 1] in (",", ";", "。", "、", ")")
    told = bool(s.bound) or bool(re.search("[嘛呢啊],", s.masked[: number.start]))
    goes_on = told and bool(_PART.fullmatch(core.removeprefix("其中"))) and word in _SAID_OF_PUPILS
    answers = s.asked and bool(re.fullmatch("(?:[一-鿿]{1,6}:)?", clause))
    return (named or goes_on or answers) and number.value >= 2 and ends
