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
_PUPILS = r"(?:小学|初中|高中|初[一二三]|[一二三四五六七八九]年级)(?:适龄)?(?:女生|学生|新生)"
_VACCINATED = re.compile(
    rf"(?:^|[。;])(?:\x01|[全我本][县市区校]|,)*({_PUPILS})[^,。;\d]{{0,16}}(?:接种|打)[^。;]*$"
    # 配合疾控部门做好初一女生HPV疫苗接种,符合条件女生1986人; 初一女生的HPV疫苗,第一针接种率85%
    rf"|(?:^|[。;,])[^。;,\d]{{0,14}}?({_PUPILS})的?[^,。;\d]{{0,8}}疫苗(?:接种)?(?:工作)?,[^。;]*$"
)
_NEXT_DOSE = re.compile(";(?=第[二三2-3][剂针])")  # 第一剂应种…,接种率…;第二剂接种率86.3%
# 入托儿童麻腮风疫苗2剂次接种率98.96%,入学儿童百白破疫苗加强接种率97.31%: the clause opens with those who enter
_ENTERING = re.compile("(入托|入园|入学)(?:儿童|新生|幼儿)(?:[^,。;]*疫苗)[^,。;]*$")


def who_is_vaccinated(s: Situation) -> str | None:
    """初中女生接种人类乳突病毒疫苗,第一剂应接种1452人: whom the sentence, or its last part, is about."""
    before = s.masked[: s.at]
    if entering := _ENTERING.match(s.clause_before(s.at)):
        return "PRI" if entering[1] == "入学" else "KG"
    told = _VACCINATED.search(_NEXT_DOSE.sub(",", before))
    if told:
        return level_of(told[1] or told[2])
    led = _LEADS_PARAGRAPH.match(s.paragraph.text)
    alone = led is not None and s.offset and not levels_of(before) and not _OF_ALL.search(before)
    return level_of(led[1]) if led is not None and alone else None


# (一)小学新生应检查接种记录1692人,…。麻疹疫苗接种率98.9%: those with whom the paragraph begins, as long as it names no others
_LEADS_PARAGRAPH = re.compile(
    r"(?:[(]?[一二三四五六七八九十\d]{1,2}[)、.]|•)*((?:小学|一年级|幼儿园|初中|七年级)(?:一年级|七年级)?(?:新生|入学新生|女生))(?:应|实|已)?[^,。;\d]{0,6}"
    r"(?:(?:检查|查验)[^,。;\d]{0,4}接种|接种)"
)
_OF_ALL = re.compile("全[县市区校园]|幼儿|学生|各|入[托园学]")


def of_those_checked(s: Situation) -> str | None:
    """一年级新生应查验88人,实查88人;漏种12人: the one level of which all counts of vaccination before told in the report of a
    school of several levels."""
    if s.report.own_level != "CE":
        return None
    told = {f.dims.get("level") for f in s.bound if s.indicator(f.code).domain == "vaccination"}
    here = levels_of(s.segment_before(s.at))
    return told.pop() if len(told) == 1 and not here else None
