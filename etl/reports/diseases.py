"""Cases and clusters of diseases: 其中流感2起51例, 手足口病病例中幼儿园231例."""

from __future__ import annotations

import re

from etl.reports.build import build_known
from etl.reports.dims import DISEASE, disease_of, levels_of
from etl.reports.found import Found, Head, Situation
from etl.reports.numbers import Number
from etl.reports.phrases import MARK

# 报告手足口病聚集性疫情3起,病例26例
_CASES = re.compile("(?:累计|共|涉及|报告)*(?:病例|发病|患者|患病学生)?(?:数|共|为|累计)*")


def of_diseases(s: Situation, number: Number) -> Found | None:
    """其中流感2起51例,水痘1起22例: clusters and cases of a disease."""
    sick = number.unit == "person" and _SICK.search(s.masked[: number.start])
    if number.unit not in ("event", "case") and not (sick and s.bound and s.bound[-1].code == "cluster_event_count"):
        return None
    if (school := _at_school(s, number)) is not None:
        return school
    if (of_month := _of_month(s, number)) is not None:
        return of_month
    if number.unit == "case" and (told := _of_all_diseases(s, number)) is not None:
        return told
    if number.unit == "case" and (out := _BROKE_OUT.search(s.masked[: number.start])):
        return build_known(s, number, Head("infectious_cases", out[1], out[1]), "count_of_disease", 0.8)
    clause = re.split("[,;。:(]", s.masked[: number.start])[-1]
    if "、" in clause and disease_of(clause.rsplit("、", 1)[1]):
        clause = clause.rsplit("、", 1)[1]  # 水痘21例、其他感染性腹泻18例
    disease = disease_of(clause)
    plain = re.sub(r"\d+(?:起|例)", "", clause)
    if number.unit in ("case", "person") and _CASES.fullmatch(plain.split("、")[-1]):
        disease = next(
            (f.dims["disease"] for f in reversed(s.bound) if f.code == "cluster_event_count" and "disease" in f.dims),
            None,
        )
        clause = disease or ""
    elif disease is None or not re.fullmatch(
        rf"(?:其中|报告|通报|发生|共?计|累计|{MARK}|校园|学校|[、和及])*{re.escape(disease)}(?:病毒)?(?:感染)?(?:性?腹泻)?(?:突发|暴发)?(?:聚集性?)?(?:疫情|事件)?(?:通报|报告|累计|共|确诊|发生)*",
        plain,
    ):
        return None
    if disease is None:
        return None
    code = "cluster_event_count" if number.unit == "event" else "infectious_cases"
    return build_known(s, number, Head(code, disease, clause), "count_of_disease", 0.85)


# 手足口病按月分布为3月1例、4月4例
_BY_MONTH = re.compile(
    rf"({DISEASE.pattern})(?:病例)?[^,。;\d\x01]{{0,4}}(?:按月|分月|逐月|各月|月度)[^,。;\d\x01]{{0,6}},?(?:\x01+\d+[例起]、)*\x01+$"
)


def _of_month(s: Situation, number: Number) -> Found | None:
    """Cases of a disease month by month."""
    told = _BY_MONTH.search(s.masked[: number.start]) if s.masked[number.start - 1 : number.start] == MARK else None
    if told is None:
        return None
    code = "cluster_event_count" if number.unit == "event" else "infectious_cases"
    return build_known(s, number, Head(code, told[1], told[1]), "count_of_disease", 0.85)


# 三月份闹流感,前后报了27例
_BROKE_OUT = re.compile(
    rf"(?:闹|发生|出现|暴发|爆发|流行)(?:过|了)?(?:一[回次场阵])?({DISEASE.pattern})(?:疫情)?[^。;,]{{0,4}},(?:前后|先后|累计|一共|总共|共)*(?:报告?|上报|发病|发现|出现)(?:了)?$"
)
_SICK = re.compile(
    "[,、(](?:累计|共|涉及|报告)*(?:病例|发病|患病学生)(?:数|共|为|累计)*$"
)  # 流感聚集性疫情1起,病例17人
_AT_SCHOOL = re.compile(
    f"([一-鿿]{{2,14}}(?:小学|中学|学校|幼儿园))(?:{MARK})*(?:共|累计)?(?:报告|发生|出现|确诊)(?:病例)?$"
)


def _at_school(s: Situation, number: Number) -> Found | None:
    """明德中学报告3例: cases of the one disease of which the paragraph has told."""
    told = _AT_SCHOOL.search(s.clause_before(number.start)) if number.unit == "case" else None
    diseases = {disease_of(found[0]) for found in DISEASE.finditer(s.paragraph.text[: s.offset])} if told else set()
    disease = diseases.pop() if len(diseases) == 1 and not s.bound else None
    if told is None or disease is None:
        return None
    return build_known(s, number, Head("infectious_cases", disease, told[1] + disease), "count_of_disease", 0.75)


_KINDS_TOLD = re.compile(r"传染病(?:病例)?\d+种[,、]?(?:共|合计|累计|计)?$")  # 报告法定传染病8种1147例
_OF_DISEASE = re.compile(r"([^,。;]{2,8}?)(?:病例)?(?:当)?中,")  # 手足口病病例中,幼儿园231例、小学56例


def _of_all_diseases(s: Situation, number: Number) -> Found | None:
    """Cases of all diseases together, or of one disease by level."""
    before = s.masked[: number.start]
    disease = None
    if not _KINDS_TOLD.search(before):
        among = _OF_DISEASE.match(s.masked)
        part = before.rsplit("、", 1)[-1] if "、" in before else before.rsplit(",", 1)[-1]
        if among is None or among.end() > number.start or len(levels_of(part)) != 1 or len(part) > 6:
            return None
        if (disease := disease_of(among[1])) is None:
            return None
    head = Head("infectious_cases", disease or "", before.rsplit(",", 1)[-1] + (disease or ""))
    return build_known(s, number, head, "count_of_disease", 0.8)
