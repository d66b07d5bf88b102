"""Names that mean one thing or another by what stands before them: 合格率, 持证率, 检出率, 合格."""

from __future__ import annotations

import re

from etl.reports.build import subject_at
from etl.reports.dims import levels_of
from etl.reports.fitting import fits
from etl.reports.found import Situation
from etl.reports.lexicon import Name
from etl.reports.numbers import Number
from etl.reports.phrases import leaves_nothing

_TABLE: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    word: tuple((re.compile(pattern), code) for pattern, code in rules)
    for word, rules in {
        "合格率": (
            (r"(?:厨工|从业人员|炊事员|厨师)[^。;%]*健康检查[^。;%]*$", "food_handler_cert_rate"),
            (r"餐饮?具", "tableware_pass_rate"), (r"水样|水质|饮用水|饮水|井水|水源|直饮机", "water_quality_pass_rate"),
            (r"采光|照明|教室[^,。;]{0,6}照度", "classroom_lighting_rate"), (r"学历|专任教师", "teacher_qualified_rate"), (r"食材|食品抽[检样查]|餐食|食用农产品|食品原料", "food_sampling_pass_rate"),
            (r"体检|健康检查", "student_exam_pass_rate"), (r"卫生保健|卫生评价", "kg_hygiene_eval_rate"),
            (r"批次", "food_sampling_pass_rate"), (r"检查|食堂|卫生|监督|抽查", "hygiene_inspection_pass_rate"),
        ),
        "持证率": (
            (r"(?:教职工|保教人员|保育员|教师|(?<!食堂)(?<!厨房)工作人员)(?![^;。]*(?:从业人员|炊事|食堂))[^;。]*健康", "staff_cert_rate"),
            (r"许可", "canteen_license_rate"), (r"接种证|查验", "vac_cert_held_rate"), (r"健康(?:检查)?(?:合格)?证|从业人员|厨房工作人员", "food_handler_cert_rate"),
            (r"食堂", "canteen_license_rate"),
        ),
        "持有率": ((r"许可", "canteen_license_rate"), (r"健康(?:检查)?(?:合格)?证", "food_handler_cert_rate")),
        "达标率": (
            (r"餐饮?具", "tableware_pass_rate"), (r"水样|水质|饮用水|饮水", "water_quality_pass_rate"),
            (r"照明|采光|照度", "classroom_lighting_rate"), (r"课桌椅", "desk_chair_match_rate")),
        "检查率": ((r"接种(?:证|记录)", "vac_cert_check_rate"),),
        "不良率": ((r"视力", "low_vision_rate"),),
        "建立率": ((r"晨检|晨午检", "morning_check_system_rate"),),
        "设置率": ((r"保健室|卫生室|医务室", "health_room_rate"),),
        "配备率": ((r"保健医|校医|卫生人员|保健教师|保健老师|卫生专业", "health_staff_rate"),),
        "建成率": ((r"明厨亮灶|透明厨房|阳光厨房", "open_kitchen_coverage"),),
        "符合率": ((r"课桌椅", "desk_chair_match_rate"),),
        "检出率": (
            (r"视力(?:不良|低|异常)", "low_vision_rate"), (r"近视", "myopia_rate"), (r"龋", "caries_rate"),
            (r"肥胖", "obesity_rate"), (r"贫血", "anemia_rate"),
        ),
        "患病率": ((r"龋", "caries_rate"), (r"近视", "myopia_rate"), (r"贫血", "anemia_rate"), (r"肥胖", "obesity_rate")),
        "覆盖率": (
            (r"互联网\+(?:明厨亮灶)?", "internet_kitchen_coverage"), (r"(?<!互联网\+)明厨亮灶", "open_kitchen_coverage"), (r"晨检|晨午检", "morning_check_rate"), (r"接种证?查验|查验", "vac_cert_check_rate"),
            (r"普惠", "inclusive_kindergarten_coverage"), (r"监督检查|卫生监督|监督|检查", "hygiene_supervision_coverage"),
        ),
        "完成率": ((r"整改", "hygiene_rectification_rate"), (r"补种", "vac_catchup_rate"), (r"17周岁|初级中等|高中阶段|15周岁|初等教育", "completion_rate")),
        "体检率": (
            (r"教职工|保教人员|教师|工作人员|保育员", "staff_cert_rate"), (r"从业人员|炊事", "food_handler_cert_rate"),
            (r"新生|新入园|入园|入托", "entry_exam_rate"), (r"在园幼儿|在校|学生|幼儿|儿童", "student_exam_coverage"),
        ),
        "及时率": ((r"乙肝[^,。;]{0,6}首[针剂]", "hepb_birth_timely_rate"),),
        "接种率": ((r"乙肝[^,。;]{0,6}首[针剂][^,。;]{0,10}及时接种率$", "hepb_birth_timely_rate"),),
        "接入率": ((r"互联网\+|明厨亮灶|(?:食堂|后厨|厨房|监管)[^,;。]*(?:互联网|平台)", "internet_kitchen_coverage"),),
    }.items()
}  # fmt: skip
_BY_NEARNESS = frozenset({"合格率", "检出率", "患病率", "覆盖率", "设置率", "配备率", "建成率"})
_WEAK = {"合格率": 2}  # the last rules of a word, which hold only when no other does: batches, inspections
_NOT_FOOD = re.compile(
    r"(?:卫生(?:保健)?(?:评估|评价)|(?:优秀|良好)的?\d+[所家个户][、,](?:水样)?|末梢水|水质|餐饮?具|食材|样品|批次|课桌|采光|照明|照度|视力|\d+个(?:品种|样品))"
)
# 符合要求的食堂109家
_SAMPLED = re.compile("(水)(?:质|样)[^,;]{0,6}$|餐饮?具[^,;]{0,8}$")
_PASSED = re.compile(
    "(基本|不|未|尚未|暂不)?(?:符合|达到|满足|合乎)[^,。;]{0,8}(?:要求|标准|规定|条件|规范)的(?:学校|幼儿园|托幼机构|中小学)?(?:食堂|单位|学校|幼儿园)?$"
)
_DROPOUT = re.compile("劝返|中辍|辍学|失学|控辍|流失")


# 经劝返,复学19人
_RETURNED = re.compile("劝返(?:工作)?(?:后)?,(?:已|现)?复学$")
_OF_DROPOUTS = re.compile("(?:辍学|中辍|失学|流失)(?:学生|儿童|少年|人数)*[^。]*[\\d,]+[人名](?![^。]*休学)[^。]*。$")
_ENROLLED = frozenset({"net_enrollment_rate", "gross_enrollment_rate"})
_IN_KINDERGARTEN = re.compile(r"在园(?:[(]班[)])?幼儿")
# 食堂工作人员健康证持证率; 食堂有食品经营许可证,量化等级B级;工作人员健康证持证率100%
_OF_KITCHEN = re.compile(
    "(?:^|[,。;])(?:(?:学校|本园|我园|我校|各校)(?:的)?)?(?:食堂|厨房|伙房|餐厅)(?![^。]*(?:保教|教职工|教师))[^。]*$"
)
_OTHERWISE = frozenset({"hygiene_inspected_count", "dropout_returned_count", "out_of_school_count", "vac_cert_held", "completion_rate", "canteens", "student_exam_pass_rate", "food_sampling_pass_rate", "resumed", "suspended", "report_completeness_rate", "school_age_population", "disabled_students", "vac_missed_count", "vac_catchup_done", "graduates", "dropout_count", "schools", "vac_cert_check_due", "vac_cert_check_done", "hygiene_inspection_pass_rate"})  # fmt: skip


_OF_SHOTS = re.compile("(?:疫苗|(?<!补)接种)[^,。;]{0,4}完成率$")


def _otherwise(s: Situation, name: Name, core: str, before: str) -> Name | None:
    """What a name means after the words in front of it; without code when it is no indicator there."""
    blocked = Name(name.start, name.end, "", name.word)
    if name.code == "graduates" and name.word == "毕业" and re.search("核实|核查|排查|名单|比对|疑似", before):
        return blocked
    if name.code == "dropout_count" and re.search("应劝返(?:失学|辍学|流失|疑似)*(?:学生|儿童|少年)*$", core):
        return Name(name.start, name.end, "dropout_return_due", name.word)
    if name.word == "完成率" and not re.search("周岁|义务教育|初等|中等|高中阶段", before):
        examined = re.search("应检|应体检", before)
        code = "student_exam_coverage" if examined else "vaccination_coverage" if _OF_SHOTS.search(core) else ""
        return blocked._replace(code=code)
    if name.code == "hygiene_inspected_count" and re.search("应(?:当|该)?(?:监督|检查|抽查|督导)[^,。;]{0,10}$", core):
        return blocked  # 应监督学校126所: those there are
    if name.code == "dropout_returned_count" and re.search("(?:列入|纳入)(?:了)?劝返[^,。;]{0,4}$", core):
        return blocked._replace(code="dropout_return_due")
    if name.code == "canteens" and re.search("[A-D]级的?(?:学校)?(?:食堂|餐厅)$", core):
        return Name(name.start, name.end, "canteen_graded_count", name.word)
    if name.code in ("canteens", "schools") and (passed := _PASSED.search(core)):
        return Name(passed.start(), name.end, "" if passed[1] else "hygiene_passed_count", name.word)
    if name.code in ("dropout_count", "out_of_school_count") and re.search(
        "劝返(?:了|回)?(?:小学|初中|高中|中小学)?(?:失学|辍学|流失|疑似)*(?:学生|儿童|少年)*$", core
    ):
        return Name(name.start, name.end, "dropout_returned_count", name.word)
    if name.code == "schools" and re.search("(?:有|设)(?:学校)?食堂的(?:中小学|幼儿园)[^,。;]{0,8}$", core):
        return blocked  # 有食堂的中小学校和幼儿园共126所: not all of them
    if name.code == "schools" and core.endswith("有食堂的学校"):
        return Name(name.start, name.end, "canteens", name.word)
    if name.word in ("合格率", "抽检合格率"):
        return _of_samples(s, name, core, before)
    if name.code == "student_exam_pass_rate" and re.search("(?:厨工|炊事|食堂从业|厨师)[^;。]*$", before):
        return blocked._replace(code="food_handler_cert_rate")
    if name.code == "student_exam_pass_rate" and re.search("(?:工作人员|从业人员|教职工|教师|员工)[^,;。]*$", before):
        return blocked
    if name.code == "resumed" and (back := _came_back(s, blocked, before)) is not None:
        return back
    if name.code == "suspended" and re.search("其中因[^,;。]{1,4}休学$", before):
        return blocked
    if name.word == "报告率" and re.search("反应|异常", before[-12:]):
        return blocked
    if (
        name.code == "school_age_population"
        and (aged := re.search(r"\d+[-—~至](\d+)(?:周岁|岁)", core))
        and int(aged[1]) > 20
    ):
        return blocked
    if name.code == "disabled_students" and name.word.startswith("三残"):
        return blocked
    return None


def _of_kindergarten(s: Situation, name: Name, before: str) -> Name | None:
    """入园幼儿 beside 在园幼儿 are those who came this year; 工作人员 of a kitchen are no staff of the kindergarten."""
    if name.word.startswith("入园") and _IN_KINDERGARTEN.search(s.paragraph.text):
        return name._replace(code="entrants")  # 入园幼儿3.71万人;在园幼儿15.28万人
    cooks = name.word.startswith("工作人员") and _OF_KITCHEN.search(before)
    return name._replace(code="food_handler_cert_rate") if cooks else None


def _came_back(s: Situation, blocked: Name, before: str) -> Name | None:
    """经劝返,复学19人; 中辍通报4人,其中3人复学; 通报辍学学生17人。经各方协助,已复学13人: back at school, not back from a leave."""
    told = re.search("(劝返)|中辍|安置|辍学|失学", before)
    if told is None:
        dropouts = not re.search("休学|转[入出走]", before) and _OF_DROPOUTS.search(s.paragraph.text[: s.offset])
        return blocked._replace(code="dropout_returned_count") if dropouts else None
    back = "中辍" in before or (told[1] and _RETURNED.match(before, told.start()))
    return blocked._replace(code="dropout_returned_count") if back else blocked


def _of_samples(s: Situation, name: Name, core: str, before: str) -> Name | None:
    """合格率 of things that have an indicator of their own, or of none: water, tableware, food, quick tests."""
    blocked = Name(name.start, name.end, "", name.word)
    if name.word == "合格率" and _names_another(s, core):
        return blocked
    if name.word == "抽检合格率" and (thing := _SAMPLED.search(core)):
        return Name(name.start, name.end, "water_quality_pass_rate" if thing[1] else "tableware_pass_rate", name.word)
    if name.word == "合格率" and re.search("抽检[^;。]*等(?:各类)?样品[^;。:]*$", before):
        return Name(name.start, name.end, "food_sampling_pass_rate", name.word)
    if name.word == "合格率" and re.search("(?:农残|药残|快检|快速检测)(?![^;。%]*餐饮?具)[^;。%]*$", before):
        return blocked
    return None


_OF_CERTIFICATES = frozenset({"应查", "实查", "应验", "实验", "应该查", "该查", "实际查"})
_OF_RECORDS = frozenset({"应检查", "实际检查", "实检查", "持有记录卡", "持有记录卡者"})


def _of_vaccination(s: Situation, name: Name, core: str, before: str) -> Name | None:
    """Words of vaccination that other things wear too: 有证的食堂, 无漏种, 需补种."""
    blocked = Name(name.start, name.end, "", name.word)
    if name.word == "有证" and not re.search(
        "接种证|查验", before + s.paragraph.text[: s.offset] + s.title_and_headings
    ):
        return blocked
    told = before + s.paragraph.text + s.title_and_headings
    if name.word in _OF_CERTIFICATES and not re.search("接种证|查验", told):
        return blocked
    if core.endswith("进货查验"):
        return blocked
    if name.word in _OF_RECORDS and not re.search("接种(?:证|记录)", s.paragraph.text[: s.offset] + before):
        return blocked
    if name.word == "漏种" and re.search("[无未]漏种(?:的)?$", core):
        return blocked
    known = any(f.code in ("vac_missed_count", "vac_catchup_due") for f in s.bound)
    rated = re.match("[^。;]{0,3}补种率", s.masked[s.numbers[-1].start - 8 : s.numbers[-1].start].lstrip(","))
    urged = re.search("(?:已|均已|经)(?:电话|逐一)?(?:通知|督促)(?:其|家长)?补种$", core) or ("补种" in core and rated)
    if known and urged:
        return None  # 发现漏种3名,已督促补种3名
    if name.code == "vac_catchup_done" and re.search(
        "(?:通知|需要?|应当?|应该|待|督促|须)补种(?:的)?(?:疫苗)?(?:剂次)?$", core
    ):
        return Name(name.start, name.end, "vac_catchup_due", name.word)
    return None


def _names_another(s: Situation, core: str, word: str = "合格率") -> bool:
    """黑板反射比合格率, 血压偏高检出率: the words before the name are of a thing of their own that no rule knows."""
    thing = re.sub(
        "市政供水|自备水源|二次供水|抽检|抽查|检测|监测|检验|监督|综合|评价|总|学生|筛查", "", core.removesuffix(word)
    )
    if any(pattern.search(core) for pattern, _ in _TABLE[word]) or levels_of(thing):
        return False
    subject = subject_at(s, thing)
    names = tuple(filter(None, (subject.name if subject else None, s.report.issuer.name)))
    return bool(thing) and not leaves_nothing(thing, names)


def _of_disabled(s: Situation, name: Name, core: str, before: str) -> bool:
    """Whether 入学率 is that of children with disabilities: its own words say so, or a bare 入学率 stands where they are spoken of."""
    if core != name.word or re.search("童|少年|女|人口|毛入|入园", core):
        return bool(re.search("残疾|三残", core))
    earlier = s.paragraph.text[: s.offset][-80:] + ("残疾" if "特殊教育" in s.report.title else s.report.title)
    spoken = before if re.search("残疾|三残|小学|初中|学龄|周岁|适龄", before) else earlier
    return bool(re.search("残疾|三残", spoken))


_BIRTH_DOSE = re.compile(r"乙肝[^,。;]{0,6}首[针剂](?:次)?\d*小时(?:以?内)?及时接种率[^,。;]{0,4}$")
_WORDS = tuple(_TABLE)


def _wider(s: Situation, before: str) -> tuple[str, str]:
    """The sentence up to a number, and the paragraph before that sentence."""
    return before, s.paragraph.text[: s.offset]


_TO_CATCH_UP = re.compile("[应需]要?完成(?:疫苗)?(?:查漏)?补种(?:疫苗)?$")  # 应完成查漏补种26剂次


def resolve(s: Situation, core: str, number: Number, name: Name | None) -> Name | None:
    """The name, or what a bare word of the table means after the words of its clause and sentence."""
    before = s.masked[: number.start]
    if (
        name is not None
        and name.code in ("entrants", "enrollment")
        and (checked := re.search(r"(应|已|实|共)?(?:实际)?查验(?:了)?[^,。;]{0,14}$", core))
    ):
        code = "vac_cert_check_due" if checked[1] == "应" else "vac_cert_check_done"
        return Name(name.start, name.end, code, name.word)
    if name is not None and name.code in ("enrollment", "staff_cert_rate"):
        name = _of_kindergarten(s, name, before) or name
    if name is not None and name.code == "vac_catchup_done" and _TO_CATCH_UP.search(core):
        return Name(name.start, name.end, "vac_catchup_due", name.word)
    if name is not None and name.code.startswith("vac_"):
        name = _of_vaccination(s, name, core, before) or name
    if name is not None and name.code in _OTHERWISE and (other := _otherwise(s, name, core, before)) is not None:
        return other
    if (
        name is None
        and number.unit in ("piece", "class")
        and core.endswith(("大班", "中班", "小班", "托班", "学前班", "幼儿班"))
        and not re.search("以上|班额|超", core + s.clause_before(number.start) + s.masked[: number.start][-14:])
    ):
        return Name(len(core) - 2, len(core), "classes", core[-2:])
    if name is not None and name.code == "hygiene_passed_count" and _NOT_FOOD.search(before):
        return Name(name.start, name.end, "", name.word)
    if (
        name is not None
        and name.word in ("返校率", "复学率")
        and not _DROPOUT.search(before + "".join(s.paragraph.headings))
    ):
        return Name(name.start, name.end, "", name.word)
    if name is not None and name.code in _ENROLLED and _of_disabled(s, name, core, before):
        return Name(name.start, name.end, "disabled_enrollment_rate", name.word)
    if name is None and core.endswith("持证") and number.unit == "person":
        return _holders(s, core, before)
    if core.endswith("接种率") and number.is_rate and _BIRTH_DOSE.search(before):
        return Name(len(core) - 3, len(core), "hepb_birth_timely_rate", "接种率")
    word = next((w for w in _TABLE if core.endswith(w)), None) if core.endswith(_WORDS) else None
    if word in ("检出率", "患病率", "达标率") and number.is_rate and _names_another(s, core, word):
        return Name(len(core) - len(word), len(core), "", word)
    if word is None or not number.is_rate or (name is not None and name.word != word):
        return name
    told = _by_table(s, core, number, word) or name
    if told is None and core == "体检率" and s.report.issuer.kind in ("校", "园"):
        return Name(0, 3, "student_exam_coverage", word)  # of its own pupils
    return told


def _holders(s: Situation, core: str, before: str) -> Name | None:
    """持证7590人: holders of vaccination or of health certificates, as the words before, or else the paragraph, say."""
    around = before + "".join(s.paragraph.headings)
    if not _CERTIFICATES.search(around):
        around = s.paragraph.text[: s.offset]
    code = "vac_cert_held" if re.search("接种证|查验", around) else "food_handlers_certified"
    return Name(len(core) - 2, len(core), code, "持证") if _CERTIFICATES.search(around) else None


_CERTIFICATES = re.compile("接种证|查验|健康证|从业人员")


def _by_table(s: Situation, core: str, number: Number, word: str) -> Name | None:
    """What a word of the table means after the words of its clause, sentence and headings."""
    before = s.masked[: number.start]
    for text in (
        core,
        before.rsplit(";", 1)[-1],
        "".join(s.paragraph.headings),
        *(_wider(s, before) if word in ("持证率", "检查率") else ()),
    ):
        told = [
            (max(m.end() for m in pattern.finditer(text)), code, n < len(_TABLE[word]) - _WEAK.get(word, 0))
            for n, (pattern, code) in enumerate(_TABLE[word])
            if pattern.search(text) and fits(s, code, number, word)
        ]
        if told:  # what is named last is meant
            named = [one for one in told if one[2]] or told[:1]
            code = max(named)[1] if word in _BY_NEARNESS else told[0][1]
            return Name(len(core) - len(word), len(core), code, word)
    return None
