"""One label of a header path by itself: without what only says again which group it is of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.sheets import words

_GRADE_ASIDE = re.compile(
    r"([A-D]级[^()]{0,5})[(](?:优秀?|良好?|一般|中等?|较?差|基本合格|合格|不合格|不达标)[)]"
)  # what a bureau calls it
_SPONSOR_ASIDE = re.compile(r"^([公民]办(?:园|校|幼儿园|学校)?)[(][^()普]*[)]$")  # 公办(其他部门)
_SAID_ASIDE = re.compile(
    r"(?<=.)[(](?:(?:尚|仍)?未(?:复学|返校|劝返)|已?核实|户籍|常住|公历|在籍|统计数|系统数|平台数)[)]$"
)  # 确认辍学学生数(未复学)
_PAID_ASIDE = re.compile(
    r"(水痘(?:减毒活)?(?:疫苗)?)[(](?:自愿)?(?:自费|自愿|二类|非免疫规划)(?:疫苗|接种)?[)]"
)  # there is no other
_PART = re.compile(r"^其中:?")
_LEVEL = r"(?:学前|幼儿园|小学|初中|高中|普高|中职|职高)(?:阶段|教育|学段)?"
_LEVELS_JOINED = re.compile(rf"{_LEVEL}(?:(?:以?及|[、,/+和与]){_LEVEL})+")
_AGE_BAND = "学龄"  # what `without_ages` leaves of 6-11周岁
_TIME_HEAD = re.compile(
    r"(?:历[年次]|近[一-九\d]年|各年度?|分年度?|逐年)(?:的)?(?:主要)?(?:实绩|数据|情况|实际|完成情况|数值|完成|指标值?|数)?|(?:统计|报告|监测|数据)?(?:学年度?|年度|年份|学期|月份|季度|时期|时间|期间|期别|时点)(?:别|分布|情况)?"
)
_POPULATION = re.compile(
    r"(?:户籍|常住|实有|总|适龄|学龄)*人口(?:总?数)?|(?:户籍|常住|适龄|学龄)*(?:儿童少年|少年儿童|适龄儿童|幼儿|儿童|少年)(?:总数|总?人数)"
)


def plain_part(part: str) -> str:
    """One label of a path without 其中, unit and age band; 总 under a heading is its sum."""
    text = words.without_ages(words.split_unit(_PART.sub("", part) or part)[0])
    text = _LEVELS_JOINED.sub("中小学", text)  # 小学、初中 is of no single level
    text = _PAID_ASIDE.sub(r"\1", text)
    text = _SAID_ASIDE.sub("", _GRADE_ASIDE.sub(r"\1", _SPONSOR_ASIDE.sub(r"\1", text)))
    return "计" if text == "总" else text


def of_age_group(parts: Sequence[str], aged: bool) -> list[str]:
    """The labels of a path that names an age group, with 人口数 under it as what it is: 学龄人口数."""
    if not aged:
        return list(parts)
    kept = [part for part in parts if part != _AGE_BAND] or list(parts)  # 未入学 over 6-11岁
    return ["学龄人口数" if _POPULATION.fullmatch(part) else part for part in kept]


def key_of(text: str) -> str:
    """A label without punctuation, as spellings are compared."""
    return words.PUNCTUATION.sub("", text)


def is_time_head(text: str) -> bool:
    """Whether a label only announces the stamps below it: 学年 over 2021—2022."""
    return bool(_TIME_HEAD.fullmatch(key_of(text)))


_GRADE_DIGIT = re.compile(r"[一二三四五六七八九1-9]")


def with_grades(parts: Sequence[str]) -> list[str]:
    """一 | 二 | 三 under 各年级人数 are grades."""
    found = list(parts)
    if len(found) > 1 and "年级" in found[-2] and _GRADE_DIGIT.fullmatch(found[-1]):
        found[-2:] = [f"{found[-1]}年级"]
    return found
