"""Counts that wear the name of an indicator and are of others: higher education, some of the schools or pupils that
another number counts whole, places where leavers go, those whom somebody cares for."""

from __future__ import annotations

import re

from etl.reports.found import Head, Situation
from etl.reports.numbers import Number

_HIGHER = re.compile("高等教育|高等职业|高职院校|普通高校")
# 市属高等职业学校3所,在校生2.94万人
_OF_HIGHER = re.compile(
    "[^,。;\\d升考录取]{0,8}(?:高等(?:职业|专科|职业技术)*(?:学校|院校|学院|教育)|高职(?:院校|高专|学校)|普通高校|驻[市县]高校)"
)
_SCHOOL_LEVEL = re.compile("幼儿|小学|初中|高中|中职|中等职业|义务教育|特殊教育|特教")
# 普通本专科招生5127人,在校生15846人
_UNIVERSITIES = re.compile(
    r"(?<![入取到往考上])(?:普通)?高等(?:学校|院校)(?=\d|有|共)|(?:普通)?本专科(?=招生|在校|毕业|学生)|高校(?=招生|在校)|研究生(?=招生|在校|毕业)"
)
_BELOW = re.compile("小学|初中|高中|中职|职业高中|中等职业|幼儿|学前|义务教育|特殊教育|中小学")
_OF_INCLUSIVE = re.compile("普惠性?(?:民办)?(?:幼儿)?园的?(?:在园|幼儿|孩子|学生)[^\\d]*$")
_WITH_OTHERS = re.compile("[^,。;\\d]{0,8}(?:结对|结成|牵手|建立[^,。;]{0,6}(?:联盟|共同体)|结为)")
# 含完全中学24所, 其中民族学校11所, 建成足球特色学校6所
_SOME_SCHOOLS = re.compile("(?:民族|特色|示范|文明|绿色|平安|书香|标杆|集团化?)(?:学校|校)$")
_SOME_SENIOR = re.compile("(?:[(]含|其中)[^()。;]*(?:完全中学|完中|十二年一贯制学校)$")
_SOME_PUPILS = re.compile(
    "(?:[汉藏蒙维哈朝彝壮]|蒙古|双|民族)语言?(?:授课|教学)|附设特教班|小学部?直升|直升$|应(?:到|在|返)校|应在籍"
)
_GOES_TO = re.compile("(?:升入|录取|考入|考上|升学)[^()。;]*[(][^()]*$")
_CARED_FOR = re.compile(
    "(?:结对|帮扶|关爱|慰问|走访|看望|资助|包保|联系)(?:了)?(?:农村|困境|全[县市区镇乡校])*(?:留守|随迁|残疾|单亲|困难)[^,。;]{0,6}$"
)
_CARED = frozenset({"left_behind_children", "migrant_children", "disabled_students", "boarders"})


def of_others(s: Situation, head: Head, number: Number) -> bool:
    """Whether a number counts or measures others than those whom the name before it means."""
    before = s.masked[: number.start]
    clause = s.clause_before(number.start)
    if _of_higher(s, head, number) or _after_universities(before):
        return True
    match head.code:
        case "enrollment":
            return bool(_OF_INCLUSIVE.search(clause) or _SOME_PUPILS.search(clause) or _GOES_TO.search(before))
        case "entrants":
            return bool(_SOME_PUPILS.search(clause))
        case "schools" | "schools_new":
            some = _SOME_SCHOOLS.search(clause) or _SOME_SENIOR.search(before)
            return bool(some or _WITH_OTHERS.match(s.masked, number.tail))
        case code if code in _CARED:
            return bool(_CARED_FOR.search(clause))
    return False


def _of_higher(s: Situation, head: Head, number: Number) -> bool:
    """Whether the sentence, or the section, is about higher education and has named no school level before the number."""
    if s.indicator(head.code).domain not in ("enrollment", "context"):
        return False
    told = s.masked[: number.start]
    heading = next((one for one in reversed(s.paragraph.headings) if one), "")
    higher = _OF_HIGHER.match(s.masked) or (_HIGHER.search(heading) and not _SCHOOL_LEVEL.search(heading))
    return bool(higher) and not _SCHOOL_LEVEL.search(told)


def _after_universities(before: str) -> bool:
    """Whether universities are the last that the sentence spoke of before the number, whatever is counted."""
    last = max((m.end() for m in _UNIVERSITIES.finditer(before)), default=-1)
    return last >= 0 and not _BELOW.search(before, last)
