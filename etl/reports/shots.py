"""Vaccinations that a verb counts: 接种麻疹疫苗3200余人次, 补种甲肝疫苗54人, 第二剂1794人."""

from __future__ import annotations

import re

from etl.reports.found import Situation
from etl.reports.numbers import Number

_DOSES_USED = re.compile("(?:使用|消耗|用去|用了)(?:了)?[^,。;\\d]{0,8}疫苗$")  # 累计使用疫苗2531剂
_FIRST_SHOT = re.compile(
    "(?:完成|接种)(?:了)?(?:首[针剂]|第[一二三四1-4][针剂])(?:接种)?$|(?:首[针剂]|第[一二三四1-4][针剂])(?:接种|实种|已种)$"
)  # HPV疫苗首针接种156人
_ONE_SHOT = re.compile("[,、]?(?:第[一二三四1-4]|首)[剂针]")
_SHOTS_GIVEN = re.compile("(?<![应未漏补])接种(?!率|证|点|单位)[^。;率]{0,20}疫苗[^。;率]*$")
_SHOT_OF = re.compile("(?:接种|打)(?:了)?(.{2,12}?)(?:首[剂针]|第[一二三1-3][剂针]次?)$")  # 自愿接种HPV疫苗首剂的118名
# 做好女生HPV疫苗接种,符合条件女生1986人
_ELIGIBLE = re.compile("符合(?:接种)?(?:条件|年龄|要求)的?(?:适龄)?(?:女生|女孩|儿童|幼儿|学生|新生|对象)$")
_OF_SHOTS = frozenset("种服打射苗针剂疫符")  # of which each wording for doses and the vaccinated holds one
_CAMPAIGN = re.compile("(?:强化免疫|应急接种|查漏补种)(?:了)?$")
_ANY_VACCINE = re.compile("接种(?:了)?(?:各类|各种|第?一类|第?二类|常规|国家|计划免疫|免疫规划|非免疫规划)*疫苗$")
_NOT_FULLY = re.compile(
    "(?:未|没有?)(?:完成)?全程接种的?(?:孩子|幼儿|儿童|学生|新生)$"
)  # 查验中筛出未全程接种的儿童517名
_LACKING = re.compile("(?:漏种|未种|未接种)(?:了)?([^,。;]{2,12}?)(?:疫苗)?$")
_VACCINATED = re.compile("(补种|接种|服用?|口服)(?:了)?(.{2,12}?)(?:疫苗)?$")


def not_vaccinated(core: str) -> bool:
    """查验中筛出未全程接种的儿童517名: they are those who lack a dose, whatever was checked."""
    return bool(_NOT_FULLY.search(core))


def of_shots(s: Situation, core: str, number: Number) -> str | None:
    """The indicator of doses given or missed that the words before a number tell; None where they tell none."""
    if _OF_SHOTS.isdisjoint(core):
        return None
    if _ONE_SHOT.fullmatch(core) and _SHOTS_GIVEN.search(s.masked[: number.start]):
        return "vaccination_given"  # 接种HPV疫苗,第一剂1862人,第二剂1794人
    if _FIRST_SHOT.search(core) and any(True for _ in s.lexicon.vaccines_in(s.masked[: s.at])):
        return "vaccination_given"
    if (shot := _SHOT_OF.search(core)) and any(True for _ in s.lexicon.vaccines_in(shot[1])):
        return "vaccination_given"
    if _CAMPAIGN.search(core) and any(True for _ in s.lexicon.vaccines_in(core)):
        return "vaccination_given"
    if core.endswith(("打", "注射")) and any(True for _ in s.lexicon.vaccines_in(core)):
        return "vaccination_doses"
    if _ANY_VACCINE.search(core) or (_DOSES_USED.search(core) and s.masked.startswith(("剂", "支", "针"), number.end)):
        return "vaccination_doses"
    if (lacking := _LACKING.search(core)) and any(True for _ in s.lexicon.vaccines_in(lacking[1])):
        return "vac_missed_count"
    if _ELIGIBLE.search(core) and any(True for _ in s.lexicon.vaccines_in(s.masked[: s.at])):
        return "vaccination_due"
    found = _VACCINATED.search(core)
    if not found or not any(True for _ in s.lexicon.vaccines_in(found[2])):
        return None
    return "vac_catchup_done" if found[1] == "补种" else "vaccination_doses"
