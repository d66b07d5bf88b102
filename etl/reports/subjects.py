"""Words that only say of whom a number is told: a vaccine, a level, an area, a place, a school."""

from __future__ import annotations

import re

from etl.reports.dims import levels_of
from etl.reports.found import Situation
from etl.reports.phrases import MARK, OWN
from etl.reports.places import subject_of

_SUBJECT_WORDS = re.compile(
    rf"{MARK}|\d+[-—~至到]\d+周?岁|{OWN}|其中|最[高低]的|但|中小学|义务教育学校|(?:小学|初中|高中|普高|中职|职高)生|食堂|普高|职高|学年末|期末|职业|按|剂次|人数|/|以|中等|高级|初级|托幼机构|[,、:;()]|而|和|及|阶段|学生|幼儿|儿童|学校|教育|疫苗|苗|第?[一二三四五12345](?:剂|针)次?|首[针剂]|加强|基础免疫|农村|乡村|山区|川区|坝区|库区|牧区|边远|偏远|县城|城区|城镇|乡镇|镇区|女童|男童|"
    r"女生|男生|男|女|公办|民办|公立|私立|计算|计|企业办?|单位办?|集体办?|村办|部队办|其他|园|人|的|段|部|普通|为|小学|初中|高中|中学|幼儿园|学前|中职|职高|特教|特校|特殊教育|职校|中专|普惠性?|义务|完全|村小|教学点|[一二三四五六七八九十]年级|大班|中班|小班|年|九年一贯制|初|末"
)


_OF_WHAT = re.compile(
    "(?:学校|幼儿园|托幼机构|校外|校内|校园|周边|集中|食品|的)*(?:食堂|供餐单位|配餐单位|经营者|经营店|经营户|经营单位|小卖部|超市|商店|摊点|摊贩|餐饮店)"
)
_DOSE_ALONE = re.compile("第[一二三四五1-5][剂针]次?|[首末][剂针]|加强[剂针]?")


def names_a_thing(text: str) -> bool:
    """Whether a text names what is inspected (校外供餐单位, 周边经营者) and nothing else."""
    return bool(_OF_WHAT.fullmatch(text))


def is_subject(s: Situation, text: str) -> bool:
    """Whether a text names only a vaccine, a level, an area, a place or a school."""
    if any(True for _ in s.lexicon.vaccines_in(text)):
        plain = text
        for vaccine in s.lexicon.vaccines_in(text):
            plain = plain.replace(vaccine.word, "")
        return not _SUBJECT_WORDS.sub("", plain)
    if s.vaccine and _DOSE_ALONE.fullmatch(text):
        return True  # 麻腮风疫苗第1剂98.4%、第2剂96.0%
    if names_a_thing(text):
        return True  # 风险隐患389条,其中学校食堂251条、周边经营者131条
    found = subject_of(text, s.report.issuer, s.last_school)
    plain = text.replace(found.name, "") if found and found.name else text
    known = (
        bool(levels_of(text))
        or found is not None
        or bool(
            re.search(
                "农村|乡村|山区|川区|坝区|库区|牧区|边远|偏远|镇区|城区|城镇|县城|女|男|公[办立]|民办|私立|普惠|(?:企业|单位|集体|部队|村|镇)办|中学|乡镇|学年末|期末|剂次|我们",
                text,
            )
        )
    )
    return known and not _SUBJECT_WORDS.sub("", plain)
