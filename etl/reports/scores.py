"""Scores that a hygiene inspection gives to a school: 东林小学食堂仅得63分, 自评94.5分."""

from __future__ import annotations

import re

from etl.reports.found import Situation
from etl.reports.phrases import last_clause
from etl.reports.places import subject_of

ON_HYGIENE = re.compile("食堂|卫生|食品")


def is_scored(s: Situation, left: str) -> bool:
    """东林小学食堂仅得63分: a score given to a school by a hygiene inspection."""
    clause = last_clause(left)
    if _scored_by_name(s, clause):
        return True
    found = re.search("(?:食堂|卫生)?(?:检查)?(?:仅|只|共)?得(?:了|分(?:为)?)?$", clause)
    subject = subject_of(clause, s.report.issuer, s.last_school) if found else None
    topical = ON_HYGIENE.search(s.masked + s.title_and_headings)
    return bool(subject and subject.name and subject.kind in ("校", "园") and topical)


# 接受市场监管所检查2次,得分96.5分
_SCORED_AT = re.compile("(?:检查|督查|抽查|考评|评估|验收)(?:\\d+次)?,(?:平均|综合|均)?得(?:分|了)?(?:为|均为)?$")


# 学校卫生检查在全县排第4名,得分92.6分
_SCORED_RANK = re.compile(
    "(?:检查|评比|评价|评估|考核|考评)[^,。;]{0,12}第(?:\\d+|[一二三四五六七八九十]+)(?:名|位)?,(?:总|综合)?得分(?:为)?$"
)
_SCORED_MOST = re.compile("最[高低好差]的(?:是|为)([^,。;\\d]{3,16}),(?:仅|只|为|得|只有)*$")


def _scored_by_name(s: Situation, clause: str) -> bool:
    """得分前三名:城关小学98.5分,…; 对照细则自评94.5分."""
    before = s.masked[: s.at]
    if re.search("(?:复验|复评|复核|复查|评估|验收|考评|综合评价|评审)(?:得分|评分)(?:为|达)?$", clause) and re.search(
        "食堂|卫生|食品|保健", before + s.title_and_headings
    ):
        return True
    if re.search(
        "(?:检查|评价|评估|考评|验收)(?:中|里)?(?:打分|得了?|评了?|获得?|取得)(?:分)?(?:为)?$|^[该我本][校园]得$",
        clause,
    ) and re.search("食堂|卫生|食品|保健", clause + before[-40:] + s.title_and_headings):
        return True  # 在全市托幼机构卫生保健综合评价中得96.5分
    if _SCORED_AT.search(before) and re.search(
        "食堂|卫生|食品|保健|市场监", s.paragraph.text[: s.offset][-80:] + before + s.title_and_headings
    ):
        return True
    if _SCORED_RANK.search(before) and ON_HYGIENE.search(before):
        return True
    if re.search("(?:平均|综合)(?:得分|评分|分值)(?:为|达)?$", clause) and ON_HYGIENE.search(
        before + s.title_and_headings
    ):
        return True
    hygienic = re.search(
        "食堂|卫生|食品" if re.search("自评|自查", clause) else "食堂|卫生|食品|检查|督查|自查",
        before + s.title_and_headings,
    )
    if hygienic and re.search("(?:自评|自查)(?:得)?(?:分)?(?:为)?$", clause):
        return True
    if (
        (most := _SCORED_MOST.search(before))
        and (of := subject_of(most[1], s.report.issuer, s.last_school))
        and of.name
    ):
        return bool(hygienic)  # 最低的是小太阳幼儿园,仅71分
    subject = subject_of(clause, s.report.issuer, s.last_school)
    named = subject is not None and subject.name is not None and clause.endswith(subject.name)
    return bool(hygienic and named and re.search("得分|评分|分数", before))
