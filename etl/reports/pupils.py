"""Pupils that no word names: those of a school, of its classes, of its grades one by one, all of it (全校有六百个娃)."""

from __future__ import annotations

import re

from etl.reports.found import Situation
from etl.reports.numbers import Number
from etl.reports.phrases import MARK
from etl.reports.places import is_school_name

KINDS = {"PRI": "小学", "JUN": "初中", "KG": "幼儿园", "SEN": "高中"}
_NAMED_PUPILS = re.compile("普惠|民办|公办|在校|在园|学生|幼儿(?!园)")
_OTHER_PERSONS = re.compile("辍学|失学|流失|病|例|获|补种|漏种|教师|招|录取|缺课|缺勤|参加|参赛|资助|表彰|奖|检出")
GRADE = re.compile("(?:[一二三四五六七八九]年级|[大中小]班|[高初][一二三])")
_BY_GRADE = re.compile(rf"{GRADE.pattern}(?:学生|幼儿)?[\d,]+[人名]")


def grade_by_grade(s: Situation) -> bool:
    """一年级121人,二年级128人,三年级133人: pupils counted in all grades, and nothing else that happened to them."""
    return len(_BY_GRADE.findall(s.masked)) > 2 and not _OTHER_PERSONS.search(s.masked)


_ENDS = re.compile("[,;。:]")
_HAS_PUPILS = re.compile(
    "(?:最[多少大小]的(?:是)?)?([^,;。]{2,12}?(?:小学|中学|学校|幼儿园|教学点))(?:仅|只|现|就|共)?有"
)


def pupils_of_school(s: Situation, number: Number, right: str) -> tuple[str, str] | None:
    """最少的石门小学只有38人; 金色童年幼儿园149人,小博士幼儿园103人."""
    clause = _ENDS.split(s.masked[: number.start])[-1]
    if (parts := _PARTS_OF_SCHOOL.match(s.masked)) and number.start < parts.end() and is_school_name(parts["school"]):
        others = _OTHERS_OF_SCHOOL.search(s.title_and_headings + s.paragraph.text[: s.offset])
        return None if others else ("enrollment", clause.lstrip("、和及") + "学生")
    school = _HAS_PUPILS.fullmatch(clause) if clause.endswith("有") else None
    if (
        number.value >= 10
        and s.topic is None
        and is_school_name(clause.lstrip("、和及"))
        and _NAMED_PUPILS.search(s.paragraph.text)
        and not _OTHER_PERSONS.search(s.masked)
    ):
        return "enrollment", clause.lstrip("、和及")
    if school and is_school_name(school[1]) and re.match("(?:名|个)?(?:学生|幼儿|孩子)?(?:[,。;、]|$)", right):
        return "enrollment", school[1]
    return None


# 2.青石九年一贯制学校:小学段463人、初中段308人,初中段疑似辍学2人
_PARTS_OF_SCHOOL = re.compile(
    r"(?:[(]?[\d一二三四五六七八九十]{1,2}[)、.]|•)?(?P<school>[^,。;:\d]{2,14}学校):小学[段部][\d,]+[人名][、,和]初中[段部][\d,]+[人名](?=[,。;])"
)
_OTHERS_OF_SCHOOL = re.compile("教师|教职工|寄宿|住校|留守|随迁|新生|招生|毕业|查验|接种|体检|残疾|资助")
_CLASSES = re.compile("^个?(?:教学)?班级?")


def pupils_of_classes(s: Situation, number: Number, left: str) -> tuple[str, str] | None:
    """初中部6个班272人: people right after classes are their pupils."""
    if number.unit != "person" or not s.bound or _CLASSES.sub("", left).strip("、, ") or number.value < 5:
        return None
    last = s.bound[-1]
    between = s.masked[last.end : number.start]
    if last.code != "classes" or not re.fullmatch(r"个?(?:教学)?班级?[,、]?", between):
        return None
    grades = re.findall("[一二三四五六七八九]年级|[大中小]班", s.clause_before(last.start))
    level = KINDS.get(last.dims.get("level", ""), "")
    return "enrollment", grades[-1] if grades else level


_ALL_OF_SCHOOL = re.compile(
    rf"(?:{MARK})*(?:全|我们|我|咱们?|本)?(?:学校|[校园镇乡])(?:里|上|这边)?(?:{MARK}|现在|如今|一共|总共|共|有)*"
)


def all_of_school(core: str, right: str) -> bool:
    """全校现在有672个娃."""
    return right.startswith("娃") and bool(_ALL_OF_SCHOOL.fullmatch(core))
