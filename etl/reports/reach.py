"""How far a period expression of a sentence holds: the start of a cohort, a value that it stands beside and a check of
certificates are of their own time only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.reports.anchors import Span
from etl.reports.numbers import Number

_STARTS = re.compile("[^,。;\\d]{0,10}(?:招生|招收|招录|入学|入校|进校|入园|新生)(?!率)[^,。;率\\d]{0,6}(?=\\d)")
_LATER = re.compile("[一二两三四五六九]年(?:之)?后|(?:到|至)(?:毕业|现在|今)|如今")
_AT_LAST = re.compile("[,;](?:最终|最后)(?:确认|核实|认定|确定)")
_MONTH = re.compile(r"\d{4}-\d\d")
_LATER_IN_TERM = re.compile("[,;](?:期中|期末|学期中|学期末|中途|学期中途|其间|期间|年内|学年内|学期内)")
_IN_TOTAL = re.compile("[,、;](?:合计|共计|总计)(?:为|报告)?$")
_OF_A_MONTH = re.compile(r"\x01(?:报告)?\d+例")
# works of the holidays, told before what is measured at the time of the report
_IN_HOLIDAYS = re.compile("的?(?:暑期|暑假|寒假|假期)[^;。]*[,;]")
_OF_WORKS = frozenset({"schools_new", "schools_merged"})
_OF_THE_YEAR = frozenset({"dropout_rate", "dropout_count", "annual_retention_rate", "transition_rate"})
_THAT_DAY = re.compile("[,;](?:督导|检查|抽查|暗访|调研|督查)(?:组)?(?:当日|当天|时)")
_BESIDE_VALUE = re.compile(r"(?:的|为|是|达到?|约|仅|只有)*\d")
_LEADS_IN = re.compile(r"(?:^|[,;。:、()\x01在于从由自到至比较])$")


def _in_total(before: str) -> bool:
    """Whether what comes next is the total of the cases that were told month by month."""
    return bool(_IN_TOTAL.search(before)) and len(_OF_A_MONTH.findall(before)) > 1


def holds(masked: str, numbers: Sequence[Number], span: Span, number: Number, code: str) -> bool:
    """Whether a period expression that stands before a number of the sentence is that number's, as far as the numbers
    between them tell."""
    first = next((x for x in numbers if x.start >= span.end), number)
    if _MONTH.fullmatch(span.code or "") and _LATER_IN_TERM.search(masked, span.end, number.start):
        return False  # 9月招收新生101名,期中转入7名; 9月新入园幼儿96名,年内转入5名
    if _THAT_DAY.search(masked, span.end, number.start):
        return False  # 2023年秋季学期初在校生613人,…,督导当日抽查两个班,1人连续一周未到校
    if _MONTH.fullmatch(span.code or "") and _in_total(masked[: number.start]):
        return False  # 9月4例,10月8例,合计12例
    if code not in _OF_WORKS and _IN_HOLIDAYS.match(masked, span.end, number.start):
        return False  # 去年暑期投入42万元更换护眼灯,24间教室采光照明经检测合格22间,合格率91.7%
    if _AT_LAST.search(masked, span.end, number.start):
        return False  # 9月上旬锁定疑似辍学217人,经核查…最终确认辍学62人
    if first.start >= number.start:
        return True
    between = masked[first.tail : number.start]
    if _STARTS.match(masked, span.end) and (code == "retention_rate" or _LATER.search(between)):
        return False  # 2020年秋季招生340人,三年后在册327人,三年巩固率96.18%
    if _STARTS.match(masked, span.end) and (code == "graduates" or (";" in between and code in _OF_THE_YEAR)):
        return False  # 去年秋季一年级招收新生318人;小学毕业生356人;小学辍学率为0
    if ";" not in between:
        return True
    if code.startswith("vaccination_") and "-T" in (span.code or "") and "查验" in masked[span.end : number.start]:
        return False  # 2018年秋季查验率98.9%;麻疹疫苗报告接种率97.3%
    beside = _BESIDE_VALUE.match(masked, span.end) and not _LEADS_IN.search(masked[: span.start])
    return not beside  # 出勤率上学期为93.8%;因病缺勤率2.5%
