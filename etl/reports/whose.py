"""The level of those whose certificates are checked, or who are vaccinated, where a sentence tells it ahead of its counts."""

from __future__ import annotations

import re

from etl.reports.dims import level_of, levels_of
from etl.reports.found import Situation

_CHECKED = re.compile(
    r"查验(?:了)?(?:全[县市区镇乡校园]|今年|今秋|秋季|各校)*的?(?:新入[学园])?(小学|一年级|幼儿园|入园|入托)(?![、及和]?入学)[^,。;\d]{0,6}?(?:新生|儿童|幼儿|学生)?(?:预防)?接种证"
)


def whose_certificates(s: Situation) -> str | None:
    """到各校查验一年级新生接种证,应查318人,实查318人: the pupils whose certificates the sentence is about."""
    told = _CHECKED.search(s.masked[: s.at]) or _CHECKED_RECORDS.search(s.paragraph.text[: s.offset])
    return level_of(told[1]) if told else None


_CHECKED_RECORDS = re.compile(
    r"(?:检查|查验)(小学|一年级|幼儿园)(?!、|及|和|与)[^,。;\d]{0,8}?(?:新生|儿童|幼儿|学生)(?:的)?(?:预防)?接种(?:证|记录)"
)
_VACCINATED = re.compile(
    r"(?:^|[。;])(?:\x01|[全我本][县市区校]|,)*((?:小学|初中|高中|[一二三四五六七八九]年级)(?:适龄)?(?:女生|学生|新生))[^,。;\d]{0,16}(?:接种|打)[^。;]*$"
)


def who_is_vaccinated(s: Situation) -> str | None:
    """初中女生接种人类乳突病毒疫苗,第一剂应接种1452人: whom the sentence, or its last part, is about."""
    told = _VACCINATED.search(s.masked[: s.at])
    return level_of(told[1]) if told else None


def of_those_checked(s: Situation) -> str | None:
    """一年级新生应查验88人,实查88人;漏种12人: the one level of which all counts of vaccination before told in the report of a
    school of several levels."""
    if s.report.own_level != "CE":
        return None
    told = {f.dims.get("level") for f in s.bound if s.indicator(f.code).domain == "vaccination"}
    here = levels_of(s.segment_before(s.at))
    return told.pop() if len(told) == 1 and not here else None
