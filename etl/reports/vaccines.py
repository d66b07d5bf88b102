"""Of which vaccine a number is told: named with it, before it, in the heading above, or of all of them."""

from __future__ import annotations

import re

from etl.reports.dims import group_vaccine
from etl.reports.found import Situation
from etl.reports.numbers import Number

_OF_ALL_VACCINES = re.compile("^[,、]?(?:以上|各苗|上述)?(?:合计|总计|共计|总共)|免疫规划疫苗|各(?:类|种)?疫苗")


def vaccine_of(s: Situation, number: Number, words: str, code: str) -> str | None:
    """The code of the vaccine of a number, whose own words these are; None where no one vaccine is meant."""
    if not any(True for _ in s.lexicon.vaccines_in(words)) and _of_all_vaccines(s, number):
        s.vaccine = None
        return group_vaccine(words)  # 5、白破疫苗…。合计应补种401剂次
    named = list(s.lexicon.vaccines_in(words)) or (
        [] if group_vaccine(words) else list(s.lexicon.vaccines_in(s.masked[: number.start]))
    )
    if named:
        s.vaccine = named[-1].code
        return s.vaccine
    if (group := group_vaccine(words)) is not None:
        return group
    return s.vaccine or _vaccine_above(s, code)


def _of_all_vaccines(s: Situation, number: Number) -> bool:
    """合计应补种401剂次,实补种387剂次; 其中百白破疫苗2人、甲肝疫苗4人;已补种6人: what is told of all after each of them."""
    segment, before = s.segment_before(number.start), s.masked[: number.start]
    told = _OF_ALL_VACCINES.search(segment)
    if told:
        return not any(name.start >= told.end() for name in s.lexicon.vaccines_in(segment))
    earlier = before[: len(before) - len(segment)].rstrip(";").rpartition(";")[2]
    listed = earlier.partition("其中")[2]
    return len({name.code for name in s.lexicon.vaccines_in(listed)}) > 1 and not any(
        True for _ in s.lexicon.vaccines_in(segment)
    )


def _vaccine_above(s: Situation, code: str) -> str | None:
    """二、麻疹疫苗。目标儿童应种…: the one vaccine of the heading; for doses and coverage also of the paragraph or title."""
    head = re.match(r"[^,。;:]{2,24}[。:]", s.paragraph.text)
    texts = [head[0] if head else "", *reversed(s.paragraph.headings)]
    if code.startswith("vaccination_"):
        texts += [s.paragraph.text[: s.offset], s.report.title]
    for text in texts:
        named = {name.code for name in s.lexicon.vaccines_in(text)}
        if len(named) == 1:
            return named.pop()
        if named or (text == texts[0] and group_vaccine(text)):
            return None
    return None
