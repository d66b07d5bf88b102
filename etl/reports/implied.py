"""Values that words imply: 未发生食物中毒, 零辍学, 应检尽检, 查验全覆盖, and values left out or redacted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from etl.reports import judge
from etl.reports.build import build
from etl.reports.dims import DISEASE
from etl.reports.found import INFERRED, Head, Refused, Situation
from etl.reports.needs import holding
from etl.reports.numbers import Number
from etl.reports.places import OF_ONE_CLASS
from etl.reports.seek import matches

_NOT = r"(?P<w>未发生|没有发生|未出现|没有出现|无一例|无一起|未发现|无|零)"
_RULES: tuple[tuple[re.Pattern[str], str, int, float], ...] = tuple(
    (re.compile(pattern), code, value, confidence)
    for pattern, code, value, confidence in (
        (r"(?P<w>无一(?:人|例)?|零|没有|无)(?:一名|一个|名)?(?:(?:中小|小|初中|中)?学生|适龄(?:儿童|少年)+|孩子|娃娃?|幼儿|一人?)?(?:流失|失学)?辍学(?!率|风险|隐患|学生(?!(?:现象)?[,。;]|$))", "dropout_count", 0, 0.7),
        (r"(?:半路|半道|中途|中道)?(?:丢下书包|辍学|失学|流失|退学|(?:不来|没来)(?:上学|读书))的?(?:学生|孩子|娃娃?)?,?(?P<w>(?:一个|一名|一人)(?:也|都)(?:没有|没|无))(?=[,。;!]|$)", "dropout_count", 0, 0.7),
        (r"(?<![未没无有])(?:算|定为|判定为|认定为|构成|发生|报告|处置)(?:了|过|是|作)?(?P<w>一)起(?:校园)?聚集性?(?:疫情|事件)", "cluster_event_count", 1, 0.75),
        (r"(?<!疑似)(?:失学)?辍学(?:学生|人数|现象|问题)?(?:全部|已|实现|保持|基本|继续|了|的)*(?:常态化?|动态|持续|历史性|首次|全面)*(?:地|的)?(?P<w>清零|归零)", "dropout_count", 0, 0.7),
        (rf"{_NOT}(?:过|任何|一起|一例|集体|安全(?:和|、|及)|师生|性|重大|较大|校园|学校|幼儿园|托幼机构|学生|群体|责任)*(?:食物中毒|食品中毒|食源性疾病|食品安全(?:责任)?事[故件])", "foodborne_event_count", 0, 0.85),
        (r"(?:食物中毒|食源性疾病|食品安全事[故件])(?:事件|事故)?(?P<w>(?:一起|一例|一次)(?:也|都)?(?:没有|没发生|未发生)|没有发生|没发生过?)", "foodborne_event_count", 0, 0.8),
        (r"(?:食物中毒|食源性疾病|食品安全事[故件])(?:事件|事故)?(?P<w>零)(?:发生|报告)", "foodborne_event_count", 0, 0.85),
        (rf"(?:{DISEASE.pattern})(?:病例)?(?P<w>零)(?:报告|病例|发生)", "infectious_cases", 0, 0.85),
        (r"聚集性疫情(?P<w>(?:一起|一例|一次)(?:也|都)?(?:没有|没发生|未发生)|没有发生)", "cluster_event_count", 0, 0.8),
        (r"(?:食物中毒|食源性疾病|食品安全)(?:事件|事故)(?:发生)?(?:数|率)?(?:继续|持续|连续)?(?:为|保持|实现|是|:)+(?P<w>零|0(?![\d.]))", "foodborne_event_count", 0, 0.85),
        (rf"{_NOT}(?:过|任何|一起|一例|校园|学校|重大|群体性?|聚集性?|急性|师生|{DISEASE.pattern}|[、和及])*(?:传染病[^,。;]{{0,4}}(?:暴发|爆发|流行|聚集|疫情)|聚集(?:性)?(?:疫情|事件)|突发公共卫生事件)", "cluster_event_count", 0, 0.8),
        (r"(?:接种证|接种证查验|查验)(?:工作)?[^,。;%\d]{0,8}(?P<w>全覆盖|应查尽查|无一遗漏|全部查验)", "vac_cert_check_rate", 100, INFERRED),
        (r"(?:新生|新入园|入园|入学|入托)[^,。;%\d]{0,10}(?P<w>应检尽检)", "entry_exam_rate", 100, INFERRED),
        (r"(?<!核酸)(?<!晨)(?:学生|幼儿|体检|健康)[^,。;%\d]{0,10}(?P<w>应检尽检|无一漏检)", "student_exam_coverage", 100, INFERRED),
        (r"(?P<w>应种尽种|应接尽接)", "vaccination_coverage", 100, INFERRED),
        (r"(?:饮用水|水质|水样|末梢水|直饮水|饮水机?)[^。;%]{0,20}?\d[份件个台批次]{1,2},?(?:检测|检验)?(?:结果)?(?P<w>全部|均|全)(?:都)?(?:为)?合格", "water_quality_pass_rate", 100, INFERRED),
        (r"餐饮?具[^。;%]{0,20}?\d[份件个套批次]{1,2},?(?:检测|检验)?(?:结果)?(?P<w>全部|均|全)(?:都)?(?:为)?合格", "tableware_pass_rate", 100, INFERRED),
        (r"补种[^,。;%\d]{0,8}(?P<w>应补尽补|全部完成)", "vac_catchup_rate", 100, INFERRED),
        (r"互联网\+?明厨亮灶[^,。;%\d]{0,8}(?P<w>全覆盖)", "internet_kitchen_coverage", 100, INFERRED),
        (r"(?P<w>全部|均|都)(?:已|都)?(?:实现|建成|完成|达到|实行)(?:了)?明厨亮灶", "open_kitchen_coverage", 100, INFERRED),
        (r"(?<!互联网)(?<!互联网\+)明厨亮灶[^,。;%\d]{0,3}(?P<w>全部|均)(?:已|都)?(?:建成|到位|完成)", "open_kitchen_coverage", 100, INFERRED),
        (r"(?<!互联网)(?<!互联网\+)明厨亮灶[^,。;%\d]{0,8}(?P<w>全覆盖)", "open_kitchen_coverage", 100, INFERRED),
        (r"(?<!制度)(?:晨检|晨午检)(?![^,。;]{0,4}制度)[^,。;%\d]{0,6}(?P<w>全覆盖)", "morning_check_rate", 100, INFERRED),
        (r"(?:晨检|晨午检)[^,。;%\d]{0,4}制度[^,。;%\d]{0,6}(?P<w>全覆盖)", "morning_check_system_rate", 100, INFERRED),
        (r"留样[^,。;%\d]{0,6}(?P<w>全覆盖)", "food_sample_rate", 100, INFERRED),
        (r"从业人员[^。;%]{0,16}?(?P<w>全部|均|百分百|个个|人人|全员)(?:已|都)?(?:持有?|有|取得|办理)[^,。;]{0,4}健康", "food_handler_cert_rate", 100, INFERRED),
        (r"食品经营许可证?[^,。;%\d]{0,4}(?P<w>全部)(?:已)?(?:办理|办齐|取得|持有|到位|办结)", "canteen_license_rate", 100, INFERRED),
        (r"残疾儿童[^,。;%\d]{0,8}(?P<w>应入尽入|应学尽学|全部入学)", "disabled_enrollment_rate", 100, INFERRED),
        (r"(?<!残疾)(?:适龄儿童|学龄儿童)[^,。;%\d]{0,8}(?P<w>应入尽入|应学尽学|全部入学)", "net_enrollment_rate", 100, INFERRED),
    )
)  # fmt: skip
_rules_for = holding(_RULES)
_CUE = re.compile("一起|也没|都没|无|零|未|没有|归零|覆盖|应.尽|全部|均|百分百|个个|人人|全员|为0|是0|:0|持0|现0")
_OF_POOR = re.compile("建档立卡|贫困户|贫困家庭|脱贫户|脱贫家庭|低保")
_AVERTED = re.compile(
    r"杜绝|防止|避免|严防|预防(?!接种)|确保|力争|做到(?!了)|坚决|保证|力求|为了|要|努力|严控|遏制|目标|必须|坚持|落实|实行|承诺|如|凡"
)
_EMPTY = re.compile(
    r"(?:率|比例|比重|占[^,。;%\d]{0,14}?的?|增幅|降幅)(?:达到?|为|是|约|:)*(?P<e> *%)(?!\d)|(?:率|人数|数):?(?P<u>_{2,}|-{3,})(?:%|人|所)?"
)
_HIDING = "*×〇Xx_"  # signs that stand for what is left out, at least two of them
_HIDDEN = "|".join(f"{re.escape(sign)}[{_HIDING}]" for sign in _HIDING)
_HIDDEN_SIGN = re.compile(_HIDDEN)
_MISSING_CUE = re.compile(rf"%(?<!\d%)|{_HIDDEN}|---")
_REDACTED = re.compile(
    r"(?P<r>\*{2,}|[×〇]{2,}|(?<![A-Za-z])[Xx]{2,}(?![A-Za-z])|_{2,})(?=%|个?百分点|人|名|所|家|元|万|份|户|起|例|平方|余)"
)


def bind_implied(s: Situation) -> None:
    """Adds what words imply, and what is left out or redacted, to a situation."""
    if _CUE.search(s.masked):
        _bind_implied(s)
    if _MISSING_CUE.search(s.masked):
        s.refused += _missing(s)


def _bind_implied(s: Situation) -> None:
    taken: set[str] = set()
    for pattern, code, value, confidence in _rules_for(s.masked):
        for found in pattern.finditer(s.masked):
            start, end = found.span("w")
            if (
                code not in taken
                and not _told(s, code, value)
                and _states_fact(s, found.start(), end)
                and not _numbered(s, start, end)
                and not (value == 100 and _only_heads(s))
            ):
                taken.add(code)
                _add(s, code, value, confidence, start, end)


def _states_fact(s: Situation, start: int, end: int) -> bool:
    clause = s.clause_before(start)
    if OF_ONE_CLASS.search(s.masked[:start]) or _OF_POOR.search(clause):
        return False  # 九(3)班无一人辍学; 建档立卡贫困户子女无一人失学辍学: some of the pupils
    clause = clause.removesuffix("预防") if s.masked.startswith("接种", start) else clause
    if (
        s.paragraph.aside
        or _AVERTED.search(clause[-12:])
        or judge.section_mood(s.paragraph.headings, s.report.anchor)
        or s.report.is_order
    ):
        return False
    return judge.mood(s.text, start, end, s.spans, s.report.anchor) is None and not judge.is_foreign(clause)


def _told(s: Situation, code: str, value: int) -> bool:
    """Whether the sentence tells the same value in digits (全部持健康证上岗,健康证持证率100%)."""
    return any(x.code == code and x.value == value for x in s.bound)


def _only_heads(s: Situation) -> bool:
    """(三)残疾儿童少年应入尽入。 before the sentence that tells the rate: a motto, not a value."""
    rest = s.paragraph.text[s.offset + len(s.text) :]
    return not s.offset and len(s.text) <= 20 and not s.numbers and bool(re.search(r"率[^,。;]{0,6}\d", rest))


def _numbered(s: Situation, start: int, end: int) -> bool:
    """Whether the phrase holds a number that was read already (食物中毒事件为零 read as 0)."""
    return any(x.start < end and start < x.end for x in s.bound)


def _add(s: Situation, code: str, value: int, confidence: float, start: int, end: int) -> None:
    s.at = start
    unit = "percent" if s.indicator(code).unit == "percent" else "event"
    number = Number(start, end, end, Decimal(value), unit)
    clause_end = re.search(r"[,;。]|$", s.masked[end:])
    phrase = s.clause_before(start) + s.masked[start : end + (clause_end.start() if clause_end else 0)]
    found = build(s, number, Head(code, "", phrase), "", "implied_value", confidence)
    if found is not None:
        found.unit = s.indicator(code).unit
        s.bound.append(found)


def _missing(s: Situation) -> Iterator[Refused]:
    for found in _EMPTY.finditer(s.masked):
        group = "e" if found["e"] else "u"
        yield Refused(*found.span(group), "empty" if group == "e" else "redacted")
    for found in matches(_HIDDEN_SIGN, _REDACTED, s.masked):
        yield Refused(*found.span("r"), "redacted")
