"""Problems that an inspection counts by kind: 索证索票不齐83处, 制度落实类64条."""

from __future__ import annotations

import re
from decimal import Decimal

from etl.reports.build import build
from etl.reports.found import Found, Head, Situation
from etl.reports.judge import is_foreign
from etl.reports.numbers import Number

_UNITS = ("finding", "item", "piece")
_FAULT = re.compile(
    r"不[全齐清足够严细当力实明熟]|不(?:规范|完整|合理|及时|到位|健全|合格|达标|符合|完善|落实|整洁|彻底|准确)|未|缺[失少乏]?|无(?!漏)|过期|超期|破损|损坏|混放|老化|漏[检登填]|超标|脱落|积水|积尘|其他"
)
_ENDS = re.compile("[,;。:、]")
_LEAD = re.compile("^(?:其中|主要是|主要有|分别是|及|和)+")
_NOT_YET = re.compile("(?:尚|仍|暂)?(?:未|待|没有?|未能)(?:完成)?整改(?:到位|完成)?")
_NO_FAULT = re.compile(
    r"学位|编制|教师|经费|床位|用地|缺口|(?:不足|少于|不到)\d+[人名个]的"  # 不足80人的教学点6个
)
_KIND = re.compile(r"[^,。;:、\d]{2,12}(?:类|方面)$")
_ENUMERATED = re.compile(r"^[(]?\d{1,2}[.、)]+|^[(]?[一二三四五六七八九十]{1,2}[)、]|^•|^[一二三四五六七八九十]是")
# 一是食品贮存不规范,41个;二是晨检记录、消毒记录不全,36个
_NAMED_AHEAD = re.compile(r"[一二三四五六七八九十]是([^,。;:\d]{4,20}),(?:共|计|有|涉及)?$")
_ABOUT = re.compile("问题|隐患|整改|缺陷|不足|(?:检查|抽查|督查|自查|排查|巡查)[^。;]{0,6}发现")


def of_kind(s: Situation, number: Number, core: str) -> Found | None:
    """A finding with its category, where findings were announced before it in the paragraph (发现问题13个:…)."""
    if number.unit not in _UNITS or number.value != int(number.value):
        return None
    named = _NAMED_AHEAD.search(s.masked[: number.start])
    clause = named[1] if named else _ENDS.split(s.masked[: number.start])[-1].strip()
    clause = _LEAD.sub("", clause)
    if not 2 <= len(clause) <= 20 or is_foreign(clause):
        return None
    if clause.endswith("的") and clause.startswith(("未", "没", "剩", "其余", "余下", "尚", "待")):
        return None  # 未整改的1项
    if _NOT_YET.fullmatch(clause):
        return None
    if clause.endswith(("的有", "人的")) or _NO_FAULT.search(clause):
        return None
    kind = _KIND.fullmatch(clause) or (_is_of_list(s, number, clause) and _NOUN.fullmatch(clause))
    if not (kind or _FAULT.search(clause)) or not _announced(s, number):
        return None
    at = named.start(1) if named else number.start - len(clause)
    category = _ENUMERATED.sub("", s.printed(at, at + len(clause)))
    told = build(s, number, Head("hygiene_findings", "", clause), "", "finding_by_kind", 0.75)
    if told is not None:
        told.dims["category"] = category
        s.category = category
    return told


def _is_of_list(s: Situation, number: Number, clause: str) -> bool:
    """共发现问题263条。其中:环境卫生74条,食品贮存68条: the parts of a list of one unit that the total before it exceeds."""
    if gathered := _GATHERED.match(s.masked):
        listed = [x for x in s.numbers if x.start >= gathered.end()]
        return len(listed) > 2 and len({x.word for x in listed}) == 1
    at = s.masked.rfind("其中", 0, number.start)
    run = [x for x in s.numbers if x.start > at and x.word == number.word]
    opened = at == 0 or (at > 0 and any(f.code == "hygiene_findings" and f.end <= at for f in s.bound))
    of_all = _TOTAL.search(s.paragraph.text[: s.offset] + s.masked[: max(at, 0)])
    return opened and len(run) > 2 and of_all is not None and Decimal(of_all[1]) >= sum(x.value for x in run)


# 问题主要集中在:加工场所环境卫生74条、食品贮存68条、清洗消毒45条
_GATHERED = re.compile(
    "[^,。;\\d]{0,8}(?:问题|隐患)[^,。;\\d]{0,6}(?:集中|表现|体现)(?:在|于|为)(?:以下)?[^,。;:\\d]{0,4}:"
)
# the last total of problems before the list
_TOTAL = re.compile(r"(?:问题|隐患)[^,。;\d]{0,6}(\d+)(?:条|个|处|项|件)[^\d]*$")
_NOUN = re.compile("(?!.*(?:整改|完成|学校|幼儿园|食堂$|小学|初中|高中|中学|[县区镇乡市]$))[一-鿿、]{2,14}")


def name_kinds(s: Situation) -> None:
    """Gives the findings of such a list their categories, whatever bound them."""
    for found in s.bound:
        if found.code != "hygiene_findings" or "category" in found.dims:
            continue
        number = next((x for x in s.numbers if x.start == found.start), None)
        clause = _LEAD.sub("", _ENDS.split(s.masked[: found.start])[-1].strip())
        if number is not None and _NOUN.fullmatch(clause) and _is_of_list(s, number, clause):
            found.dims["category"] = s.printed(found.start - len(clause), found.start)


def _announced(s: Situation, number: Number) -> bool:
    """Whether the sentence, or the one before it, speaks of problems found by an inspection."""
    at = s.paragraph.text.find(s.text)
    before = s.paragraph.text[max(0, at - 120) : max(0, at)] + s.masked[: number.start]
    return bool(_ABOUT.search(before) or _ABOUT.search("".join(s.paragraph.headings[-2:])))
