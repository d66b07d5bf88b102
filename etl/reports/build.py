"""From a head and a number to a bound observation: unit, dims, subject, period, qualifier."""

from __future__ import annotations

import re

from etl.reports.dims import DISEASE, level_of, other_dims
from etl.reports.found import STOCKS, Found, Head, Situation
from etl.reports.judge import is_foreign, is_schoolish, without_foreign
from etl.reports.levels import told_level
from etl.reports.lexicon import AMBIGUOUS
from etl.reports.numbers import Number
from etl.reports.others import of_others
from etl.reports.periods import end_of_span
from etl.reports.phrases import qualifier_of
from etl.reports.places import Subject, is_elsewhere, subject_of
from etl.reports.vaccines import vaccine_of

_CATCHUP = frozenset({"vac_catchup_due", "vac_catchup_done"})
_SCHOOL_ONLY = frozenset({
    "hygiene_findings", "hygiene_findings_closed", "hygiene_rectification_rate", "hygiene_inspected_count", "hygiene_passed_count",
    "hygiene_inspection_pass_rate", "hygiene_visits", "hygiene_score", "hygiene_supervision_coverage",
    "food_sampling_pass_rate", "student_exam_coverage", "canteen_license_rate", "canteen_graded_count",
    "report_completeness_rate", "food_handler_cert_rate", "staff_cert_rate", "completion_rate",
})  # fmt: skip
_INSPECTED = frozenset({
    "hygiene_inspected_count", "hygiene_visits", "hygiene_passed_count", "hygiene_findings", "hygiene_findings_closed",
    "hygiene_rectification_rate",
})  # fmt: skip
_DISEASES = frozenset({"infectious_cases", "cluster_event_count"})
_OF_VACCINES = frozenset(
    {"vaccination_coverage", "vaccination_due", "vaccination_given", "vaccination_doses", "full_vaccination_rate"}
)
_OF_ONE_VACCINE = frozenset({"vaccination_due", "vaccination_given", "vaccination_coverage", "vaccination_doses"})
_OTHER_VACCINE = re.compile(
    "非免疫规划|非规划|二类疫苗|自费疫苗|流感|新冠|狂犬|肺炎球菌|肺炎疫苗|轮状|EV71|手足口|Hib|出血热|霍乱|带状疱疹"
)
_SHOT = re.compile(r"[(](?P<a>[1-5])[剂针][)]$|(?P<b>[1-5])[剂针]次?(?:疫苗)?(?:接种率)?(?:达到?|为|是|均)*$")
_RETURNED = re.compile("劝返|复学|返校")
_DISABLED = re.compile("残疾|特殊|特教|身心障碍")
_PATIENTS = re.compile(r"确诊|患者|病人|可疑|居民|全人群|化疗|查痰|死亡")
_NO_DEATHS = re.compile("(?:无|未发生|没有)(?:重症|危重)?[、和及]?(?:重症|死亡)(?:病例)?")
_HYGIENE = re.compile(r"卫生|食品|食物|食堂|餐|饮|消毒|健康|传染|疾病|晨检|保健|留样|从业")


_SAMPLED = re.compile(
    "(?:本次|此次|共|全年|全[县市区]|今年|•|[(][一二三四五六七八九十]{1,2}[)]|\\d{1,2}[.、])*(?:监测|调查|抽样|抽取|筛查|抽测|检测|体检|测评)(?!结果)"
)


def domain_reason(s: Situation, head: Head, number: Number) -> str | None:
    """`out_of_domain` when the words around a name make it another thing (计量器具受检率)."""
    phrase = head.phrase[-60:]
    around = s.masked + s.title_and_headings
    if of_others(s, head, number) or (head.code == "enrollment" and _SAMPLED.match(s.masked)):
        return "out_of_domain"  # 共监测学生2487名,其中小学生962名
    if head.code in _OF_VACCINES and _of_other_vaccine(s, number):
        return "out_of_domain"
    if head.code in _OF_CERTIFICATES and _EXAMINES.search(s.segment_before(number.start)):
        return "out_of_domain"  # 四月份体检,实查了1127人
    if head.code == "disabled_students" and _RETURNED.search(s.masked[: number.start]) and not _DISABLED.search(around):
        return "out_of_domain"  # 劝返的409名学生里,随班就读261人
    if head.code == "food_sampling_pass_rate" and (
        _AROUND.search(s.segment_before(number.start))
        or not re.search("学校|食堂|校园|餐|托幼|食材", s.before_in_paragraph(number) + s.title_and_headings)
    ):
        return "out_of_domain"  # 校园周边餐饮店抽检合格率94.2%
    if head.word in AMBIGUOUS or head.code in _SCHOOL_ONLY:
        schoolish = is_schoolish(around) or s.report.is_short or _goes_on_about_schools(s)
        if _foreign_segment(s, number) or not schoolish:
            return "out_of_domain"
        if head.code == "hygiene_inspected_count" and _ON_RECORDS.search(s.masked):
            return "out_of_domain"  # 抽查12所学校、600名儿童的查验资料
        if head.code in _INSPECTED and not (_HYGIENE.search(around) or s.report.is_short or _paragraph_on_hygiene(s)):
            return "out_of_domain"
    if head.code in _DISEASES and (
        _PATIENTS.search(_NO_DEATHS.sub("", s.masked))
        or not (is_schoolish(around + s.paragraph.text) or s.report.is_short or s.report.issuer.kind in ("校", "园"))
    ):
        return "out_of_domain"
    if s.indicator(head.code).unit == "percent" and head.code != "boarder_share" and _OF_BOARDING.search(phrase):
        return "out_of_domain"  # 其中寄宿制学校配备率91.7%: of some schools only
    if head.code == "vac_cert_check_rate" and _of_institutions(s, number):
        return "out_of_domain"  # 应查验机构98所,实际查验98所,查验率100%
    if head.code in ("transfer_in", "transfer_out") and _INCLUDED.search(s.masked[: number.start]):
        return "out_of_domain"  # 应查108人(含插班生7人): some of those checked
    if head.code == "canteens" and _GRADED.search(phrase):
        return "out_of_domain"  # 已评级食堂59个: those that have a grade
    if head.code == "classes" and s.bound and s.bound[-1].code == "infectious_cases":
        return "out_of_domain"  # 报告水痘3例,分布在两个班
    if head.code == "schools" and _INCLUSIVE.search(phrase):
        return "out_of_domain"  # 普惠性幼儿园90所: some of the kindergartens, of which another indicator tells
    if head.code == "report_completeness_rate":
        phrase = re.sub("上报|报表", "", phrase)
    return "out_of_domain" if is_foreign(phrase) else None


_OF_CERTIFICATES = frozenset({"vac_cert_check_due", "vac_cert_check_done"})
_EXAMINES = re.compile("(?:体检|健康检查|视力(?:筛查|检查|监测)|口腔检查)(?!.*(?:接种|查验|新生证|的证))")
_INCLUSIVE = re.compile("普惠(?:性)?(?:幼儿)?园(?:数|总数|有|共|已|达到?|为)*$")
_GRADED = re.compile("已(?:评级|评定|量化分级|分级)的?(?:学校)?(?:食堂|餐厅)$")
_INCLUDED = re.compile(r"[查验检种][^,。;\d]{0,8}[\d,]+[人名][(](?:其中)?(?:含|包括|有)[^()]*$")
_AROUND = re.compile("周边(?:的)?(?:餐饮|食品|商店|超市|小卖部|经营)(?![^;。]*食堂)")
_ON_RECORDS = re.compile("(?:抽查|核查|复核|检查)[^。;]{0,30}(?:查验|接种)(?:资料|记录|登记|台账|情况)")
_OF_BOARDING = re.compile("寄宿制(?:学校|中小学|小学|初中)[^,。;]{0,6}$")


def _of_institutions(s: Situation, number: Number) -> bool:
    """Whether the count before a rate of checking is one of institutions."""
    cut = s.masked.rfind(";", 0, number.start) + 1
    before = [x for x in s.numbers if cut <= x.start < number.start]
    return (
        bool(before) and before[-1].unit in ("school", "house", "piece") and "查验" in s.masked[cut : before[-1].start]
    )


def _of_other_vaccine(s: Situation, number: Number) -> bool:
    """流感疫苗接种451人,接种率77%: the vaccine named last, in this clause or those before it, is none of the programme."""
    segment = s.segment_before(number.start)
    last = max((m.end() for m in _OTHER_VACCINE.finditer(segment)), default=-1)
    known = max((v.end for v in s.lexicon.vaccines_in(segment)), default=-1)
    general = max((m.end() for m in re.finditer("(?<!非)免疫规划|新生|查验", segment)), default=-1)
    return last > max(known, general)


def _goes_on_about_schools(s: Situation) -> bool:
    """全县学校食堂126家,…。我们和市场监管局一起查了378户次: the sentences before it in the paragraph were about schools."""
    told = s.paragraph.text[: s.offset][-120:]
    return is_schoolish(told) and not is_foreign(told)


_REPORTING = re.compile(
    r"上报(?:了)?(?:查验|接种|晨检|疫情|缺课|因病缺课)[^,。;\d]{0,6}(?:报表|数据|信息|情况)(?!率)|(?:报表)?上报(?=完整率|及时率)|报表(?=完整率|及时率)|(?:应|实际?|已|均)上报[^,。;\d]{0,8}(?:单位|机构)?(?=\d)|(?:均|都|全部)已?上报(?=,)"
)


_COSTS = re.compile("[^,。;]*(?:资金|经费|工程款)[^,。;]*")  # 已整改9条,余下2条需资金约1.8万元


def _foreign_segment(s: Situation, number: Number) -> bool:
    """Whether the words since the last semicolon, or a sentence that names no school, are about other things."""
    cut = s.masked.rfind(";", 0, number.start) + 1
    segment = _REPORTING.sub("", s.masked[cut : number.tail])
    clause = _REPORTING.sub("", s.clause_before(number.start))
    if not is_foreign(clause) and re.search("学校|食堂|幼儿园|托幼|学生", clause):
        return False  # 医疗机构监督覆盖率100%,学校监督覆盖率100%
    return is_foreign(",".join(segment.split(",")[-2:])) or (
        is_foreign(_COSTS.sub("", _REPORTING.sub("", s.masked))) and not is_schoolish(without_foreign(segment))
    )


def _paragraph_on_hygiene(s: Situation) -> bool:
    told = s.paragraph.text[: s.offset + len(s.text)]
    return bool(_HYGIENE.search(told)) and not is_foreign(told)


def subject_at(s: Situation, phrase: str) -> Subject | None:
    """The subject that a clause names."""
    return subject_of(phrase.lstrip("、和及与("), s.report.issuer, s.last_school)


def _subject_apart(s: Situation, number: Number, phrase: str, head_code: str, clauses: list[str]) -> Subject | None:
    """Whom a number is about, where this is not told by the clauses around it."""
    own = s.report.issuer.kind in ("校", "园")
    segment = number.start - len(s.segment_before(number.start))
    if segment and _ALL_THE_TIME.match(s.text, segment):
        return s.speaker or Subject(s.report.issuer.name, s.report.issuer.kind)
    if not own and _OF_INSPECTED.match(s.segment_before(number.start)):
        return Subject(s.report.issuer.name, s.report.issuer.kind)
    if own and _ANOTHER_SCHOOL.match(s.clause_before(number.start)):
        return Subject(None, "", False, True)  # 县一中的学期巩固率是99.9%
    if own and _TOLD_BY_OFFICE.search(s.segment_before(number.start)):
        return Subject(None, "", False, True)
    if head_code == "hygiene_findings_closed" and s.bound and s.bound[-1].code == "hygiene_findings":
        held = s.bound[-1].entity  # 其中31个已整改: of whom they were found
        return Subject(held, held[-1] if held else "")
    if head_code == "hygiene_findings" and _IN_ALL.match(phrase) and len(_named_in(s, clauses)) > 1:
        return s.speaker or Subject(s.report.issuer.name, s.report.issuer.kind)
    return None


def subject_for(s: Situation, number: Number, phrase: str, head_code: str = "") -> Subject:
    """Whom a number is about: its clause, the clauses before it, the paragraph, the issuer."""
    before = s.masked[: number.start]
    opened = before.rfind("(")
    if opened > before.rfind(")"):  # 聚集性疫情1起(县第二小学水痘,发病7例)
        before = f"{before[:opened]},{before[opened + 1 :]}"
    clauses = re.split(r"[,;、:]", _ITEMS.split(before)[-1])
    unnamed: Subject | None = None
    if (apart := _subject_apart(s, number, phrase, head_code, clauses)) is not None:
        return apart
    counted = number.unit in ("school", "house", "piece") and number.word != "个班" and head_code != "classes"
    for n, clause in enumerate((phrase, *reversed(clauses))):
        if _judged_with_others(s, head_code, clause):
            continue
        if head_code in _INSPECTED and _INSPECTOR.search(clause):
            continue  # 区疾控、教育部门联合检查发现问题4条: those who inspect are not whom it is about
        found = _whole_of_named(s, clause, clauses) or subject_at(s, clause)
        if (
            counted
            and n < 2
            and found is not None
            and found.name
            and clause.endswith(found.name)
            and found.kind in "校园"
        ):
            continue  # 中心幼儿园1所: what is counted is not the subject
        if found is not None:
            if found.several:
                return found
            if found.name is None and found.kind in ("校", "园") and not found.own and not found.foreign:
                unnamed = unnamed or found
                continue
            if s.last_place and re.search("该[镇乡]", clause) and s.report.issuer.kind not in ("镇", "乡"):
                return Subject(s.last_place, s.last_place[-1], False)
            if n and found.name and not found.own and _of_other_level(found, phrase):
                continue
            if re.search("该[省市县区镇乡]", clause) and is_elsewhere(s.masked[: number.start]):
                return Subject(None, "", False, True)
            return found
    if unnamed is not None:
        return unnamed
    if s.speaker is not None:
        return s.speaker
    issuer = s.report.issuer
    if issuer.place and any(f"全{issuer.place[-1]}" in heading for heading in s.paragraph.headings):
        return Subject(issuer.place, issuer.place[-1], False)
    return Subject(issuer.name, issuer.kind)


# 据镇政府统计,全镇学前儿童入园率为91.7%, in the report of a school
_TOLD_BY_OFFICE = re.compile("据[^,。;]{0,8}(?:政府|局|部门|疾控中心)[^,。;]{0,4}(?:统计|通报|消息|反馈|介绍)")


# 松山小学查出问题14个;二是被抽查食堂留样率为94.9%
_OF_INSPECTED = re.compile(
    "(?:[一二三四五六七八九]是[^,。;]{2,10},)?(?:被|受)(?:抽查|检查|检|查)的?(?:学校|食堂|单位|幼儿园)"
)
_ITEMS = re.compile(";(?=[二三四五六七八九]是)")  # 二是城关片区仍有大班额;三是视力不良检出率偏高
_ALL_THE_TIME = re.compile("全学期")  # 3月镇初级中学报告流感23例;全学期水痘9例
_ANOTHER_SCHOOL = re.compile(
    "(?:而|但)?[县市区省州](?:第?[一二三四五六七八九十]{1,2}(?:中|小|职校|职高|幼)|实验[小中]学|直属?[^,。;]{0,6}学)的"
)


def _judged_with_others(s: Situation, code: str, clause: str) -> bool:
    """在全市卫生评价中得96.5分: where a school was judged with others is not whom the score or the findings are about."""
    own = s.report.issuer.kind in ("校", "园")
    return own and code in _INSPECTED | {"hygiene_score"} and bool(_JUDGED_WITH.search(clause))


_JUDGED_WITH = re.compile("全[省市县区镇乡][^,。;]{0,18}(?:评价|评比|考评|评估|检查|考核)(?:中|里)")
_INSPECTOR = re.compile(
    "(?:[省市县区镇乡]|街道|上级)[^,。;学园校]{0,12}?(?:局|部门|疾控|中心|监督所|委|办|政府|督导室)[^,。;学园校]{0,10}?"
    "(?:检查|抽查|督查|督导|监督|暗访|巡查)"
)
_IN_ALL = re.compile("[、和及]?(?:此次|本次|检查)?(?:共|累计|一共|总共|合计)")


def _named_in(s: Situation, clauses: list[str]) -> set[str]:
    """The units that the clauses name, one after another: what is found in all is of none of them."""
    return {found.name for clause in clauses if (found := subject_at(s, clause)) is not None and found.name}


_WHOLE = re.compile("全([县区镇乡旗])(?!外|里)")
_WITHIN = {"市": "县区旗镇乡", "州": "县区旗镇乡", "县": "镇乡", "区": "镇乡", "旗": "镇乡"}


def _whole_of_named(s: Situation, clause: str, clauses: list[str]) -> Subject | None:
    """城关区建立台账,全区巩固率97.8%: in the report of a city a whole district is the one that the sentence named."""
    told = _WHOLE.search(clause)
    if told is None or told[1] not in _WITHIN.get(s.report.issuer.kind, ""):
        return None
    for earlier in reversed(clauses):
        named = subject_at(s, earlier)
        if named is not None and named.name and named.name.endswith(told[1]) and not named.own:
            return named
    held = s.last_place
    return Subject(held, told[1], False) if held and held.endswith(told[1]) else None


def _of_other_level(subject: Subject, phrase: str) -> bool:
    """石桥中学在校生864人;在园幼儿1050人: a school named before does not hold for pupils of another level."""
    told, here = level_of(subject.name or ""), level_of(phrase)
    told = told or ("JUN" if (subject.name or "").endswith("中学") else None)
    return told is not None and here is not None and told != here and told not in ("CE", "SPE")


def build(
    s: Situation, number: Number, head: Head, joined: str, rule: str = "", confidence: float = 0.95
) -> Found | None:
    """The observation of a number, or None when its subject is someone else's (全国, 他县)."""
    indicator = s.indicator(head.code)
    subject = subject_for(s, number, head.phrase, head.code)
    if subject.foreign:
        return None
    words = head.phrase if head.word and head.phrase.endswith(head.word) else head.phrase + head.word
    dims = other_dims(indicator, words, number.unit)
    if "dose" in indicator.dims and (shot := _SHOT.search(s.masked[: number.start])):
        dims["dose"] = shot["a"] or shot["b"]  # 脊灰疫苗(4剂)98.2%
    if "dose" in indicator.dims and "dose" not in dims and not any(True for _ in s.lexicon.vaccines_in(words)):
        dims |= other_dims(indicator, _last_dose(s, number), "")
    if (
        indicator.unit == "percent"
        and "sex" in indicator.dims
        and "sex" not in dims
        and (of_girls := re.search("其中:?(?:适龄)?([男女](?:童|生|孩|幼儿|学生))[^;。]*$", s.masked[: number.start]))
    ):
        dims |= {k: v for k, v in other_dims(indicator, of_girls[1], "").items() if k == "sex"}
    if head.code in _DISEASES and "disease" not in dims and (one := _one_disease(s, number, head.code)):
        dims["disease"] = one
    if "object" in indicator.dims and "object" not in dims and (carried := _object(s)):
        dims["object"] = carried
    if "vaccine" in indicator.dims and (vaccine := vaccine_of(s, number, words, head.code)):
        dims["vaccine"] = vaccine
    if "level" in indicator.dims and (level := told_level(s, indicator, words, subject, head.word) or head.level):
        dims["level"] = level
    period = s.period(number, head.code)
    if period and ".." in period and head.code in STOCKS and rule != "claim":
        by_months = re.search(r"-\d\d$", period)
        period = (
            s.report.anchor.default or end_of_span(period) if by_months else end_of_span(period)
        )  # 2010—2012年…寄宿生增加到4036人
    unit = {"permille": "permille", "per_100k": "per_100k"}.get(number.unit, indicator.unit)
    if head.code in _CATCHUP and number.unit == "doses":
        unit = "dose"
    if number.unit == "" and number.value:
        confidence = min(confidence, 0.6)
    return Found(
        number.start, number.end, head.code, number.value, unit, dims, rule or _rule(s, number, head), confidence,
        entity=subject.name, period=period, qualifier=qualifier_of(joined, number.after, number.high is not None),
        high=number.high, numerator=number.numerator, denominator=number.denominator,
    )  # fmt: skip


_OF_NEXT_MONTH = re.compile("\\d例[、,](?:\x01+(?:报告)?|(?:合计|共计|总计)(?:为|报告)?)$")
_MADE_A_CLUSTER = re.compile(
    rf"\d+[例名人][^,。;\d]{{0,4}}({DISEASE.pattern})(?:病例|患者)?,(?:构成|形成|判定为|认定为|达到|定性为)[^,。;\d]{{0,6}}(?:聚集性?)?(?:疫情|事件)$"
)


def _one_disease(s: Situation, number: Number, code: str) -> str | None:
    """桐花小学水痘疫情:9月18日出现首例,累计发病19例: the one disease of whose outbreak the sentence tells."""
    before = s.masked[: number.start]
    if code == "cluster_event_count":  # 一周内出现3例手足口病,构成聚集性疫情1起
        made = _MADE_A_CLUSTER.search(before)
        return made[1] if made else None
    if _OF_NEXT_MONTH.search(before):  # 9月报告水痘3例,10月7例,合计10例
        earlier = {f.dims.get("disease") for f in s.bound if f.code == code and f.end < number.start}
        return earlier.pop() if len(earlier) == 1 else None
    told = {m[0] for m in DISEASE.finditer(before)} if re.search("疫情|暴发", before) else set()
    return told.pop() if len(told) == 1 else None


def build_known(s: Situation, number: Number, head: Head, rule: str, confidence: float) -> Found | None:
    """The observation of a number of which the words around say that it is of the head, unless they make it another thing."""
    if domain_reason(s, head, number) is not None:
        return None
    return build(s, number, head, "", rule, confidence)


def lacks_vaccine(found: Found) -> bool:
    """Whether a count of one vaccine does not say of which."""
    return found.code in _OF_ONE_VACCINE and "vaccine" not in found.dims


def _last_dose(s: Situation, number: Number) -> str:
    """第一剂应种…,接种率…: the dose named last before the number, up to a semicolon."""
    named = re.findall(r"首[剂针]|第[一二三四五12345][剂针]", s.masked[: number.start].rsplit(";", 1)[-1])
    return named[-1] if named else ""


_CANTEEN_PASSED = re.compile(r"(?:食堂|伙房)(?:有|共)?\d+[家个所户],?[^,。;\d]{0,6}$")  # 合格食堂131家,合格率…


def _object(s: Situation) -> str | None:
    """合格61家: what was inspected a clause before."""
    if s.bound and s.bound[-1].code == "canteens":
        return "canteen"
    if not any("object" in f.dims for f in s.bound) and _CANTEEN_PASSED.search(s.masked[: s.at]):
        return "canteen"
    return next((f.dims["object"] for f in reversed(s.bound) if "object" in f.dims), s.object)


def _rule(s: Situation, number: Number, head: Head) -> str:
    kind = "rate" if s.indicator(head.code).unit == "percent" else "count"
    before = s.masked[: number.start]
    if (
        head.word
        and head.word in s.masked[number.tail : number.tail + len(head.word) + 8]
        and head.word not in before[-20:]
    ):
        return f"{kind}_before_name"
    return f"{kind}_after_name" if head.word and head.word in before[-30:] else f"{kind}_shared_head"
