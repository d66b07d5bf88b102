"""Constructions whose indicator is said by a predicate, a verb or a bracket instead of a name."""

from __future__ import annotations

import re

from etl.reports import scores
from etl.reports.build import build, domain_reason
from etl.reports.dims import levels_of
from etl.reports.fitting import fits
from etl.reports.found import REPAIRED, Found, Head, Situation
from etl.reports.led import topic_compared
from etl.reports.needs import ending_as
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, strip_joining
from etl.reports.predicates import examined_share, told_by_part, told_by_predicate
from etl.reports.shots import not_vaccinated, of_shots

_SHARES = {
    "dropout_count": "dropout_rate",
    "left_behind_children": "left_behind_share",
    "boarders": "boarder_share",
    "vac_missed_count": "vac_missed_rate",
}
_BRACKET = {
    "vac_missed_count": "vac_missed_rate", "left_behind_children": "left_behind_share", "boarders": "boarder_share",
    "dropout_count": "dropout_rate", "food_handlers_certified": "food_handler_cert_rate",
    "hygiene_passed_count": "hygiene_inspection_pass_rate", "hygiene_findings_closed": "hygiene_rectification_rate",
    "dropout_returned_count": "dropout_return_rate", "vac_cert_held": "vac_cert_held_rate",
    "vaccination_given": "vaccination_coverage", "vac_catchup_done": "vac_catchup_rate", "vac_cert_check_done": "vac_cert_check_rate",
}  # fmt: skip
_CONDITIONS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile("龋|蛀牙|虫牙"), "caries_rate", "龋齿患病率"),
    (re.compile("视力(?:不良|低|异常)"), "low_vision_rate", "视力不良率"),
    (re.compile("近视"), "myopia_rate", "近视率"),
    (re.compile("肥胖"), "obesity_rate", "肥胖率"),
    (re.compile("贫血"), "anemia_rate", "贫血率"),
)


def condition_of(label: str) -> str | None:
    """The health rate of the condition that a label names (龋齿, 视力不良)."""
    return next((code for pattern, code, _ in _CONDITIONS if pattern.search(label)), None)


_BUILT = re.compile(
    r"(?:竣工(?:投用)?|投入使用|新投用|建成投用|新开办|新开|启用|新启用|新建|新增|改扩建|改建|扩建|迁建|建成)[^,。;]{0,8}(?:公办园|民办园|普惠园|中心园|幼儿园|学校|小学|初中|中学)$"
)
_MERGED = re.compile(
    r"(?:撤并|撤销|停办)[^,。;]{0,6}(?:不足|少于)\d+人的[^,。;\d]{0,8}(?:小学|学校|教学点|村小|园)(?:共|共计)?$"
)
_MIGRANT_PLACE = re.compile(
    r"公办[^,。;]{0,14}就读(?:的)?(?:比例)?$|(?:入读|就读于?|就学于?|进入?|上|安排[到在])公办[^,。;]{0,6}?(?:的)?(?:比例|比重|占比)?$"
)
_MIGRANT = re.compile(r"(?:随迁|务工人员)[^,。;]{0,6}子?女?[^,。;]{0,4}公办[^,。;]{0,4}就读(?:的)?(?:比例)?$")
_WHO = r"[^,。;\d]{0,10}?(?:新生|女生|男生|儿童|学生|幼儿|预防接种证|接种证|人数)+$"
_COUNTED = tuple(
    (re.compile(pattern + _WHO), code)
    for pattern, code in (
        ("(?:新招|招收|录取|招)", "entrants"),
        ("(?:应查验|应查|应验)", "vac_cert_check_due"),
        ("(?:实际?查验|实查|已查验|补查|共查验|收验|补验|核验|(?<!应)查验)", "vac_cert_check_done"),
        ("(?:应补种|需补种|需要补种)", "vac_catchup_due"),
        ("(?:已补种|实补种|完成补种)", "vac_catchup_done"),
        ("(?:持有?|带有?|具有)(?:有效)?(?:预防)?接种证的?", "vac_cert_held"),
        ("(?:应种|应接种)", "vaccination_due"),
        ("(?:实种|实接种|实际接种)", "vaccination_given"),
    )
)
_VERB_NOUN: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = tuple(
    (re.compile(verb), re.compile(noun), code)
    for verb, noun, code in (
        (r"(?:新建|新增|改建|扩建|改扩建|新改扩建|新建改扩建|新建、改扩建|建成(?:投用)?)(?:了)?(?:公办|公益性|农村|民办)?$", r"(?:公办|民办|普惠性|公益性|标准化)?(?:幼儿园|学校|小学|中学|中小学|公办园|民办园|中心园|公办幼儿园|民办幼儿园)", "schools_new"),
        (r"(?:撤并|撤销|停办|合并|撤点并校)(?:了)?$", r"(?:村小|教学点|中小学|学校|小学|初中|村级小学|幼儿园|中小学校)", "schools_merged"),
        (r"(?:(?:检查|抽查|督查|巡查|监督检查|督导|排查)(?:了)?|查了)(?:[我全本][县市区镇乡])?$", r"(?:学校|中小学|幼儿园|食堂|学校食堂|托幼机构|小学|中学|中小学校|商店|供餐单位)", "hygiene_inspected_count"),
        (r"查验(?:了)?$", r"(?:新生|儿童|学生|幼儿|入园|入学|接种证)", "vac_cert_check_done"),
        (r"(?:招收|新招|录取|招)(?:了)?$", r"(?:小学|初中|一年级|七年级|高中|新)?(?:学生|新生|幼儿)", "entrants"),
        (r"(?:发现|排查出?|查出来?|查找|挑出来?|找出来?|揪出来?|翻出来?|指出)(?:了)?(?:食品安全|卫生|安全)?$", r"(?:食品安全|卫生|安全)?(?:隐患|问题|毛病)", "hygiene_findings"),
    )
)  # fmt: skip

_counted, _verbs = ending_as(_COUNTED), ending_as(_VERB_NOUN)


OF_THEM = re.compile(
    "中|(?!全部|均|都)[^,。;]{4,}?(?:健全|完善|规范|到位|良好|落实)(?=[,。;]|$)"
)  # 抽查的16所学校晨午检制度健全


def by_verb(clause: str, noun: str) -> str | None:
    """新增11所公益性幼儿园: the indicator of a verb before the number and a noun after it; "" when a verb of
    another kind governs a noun that would be counted otherwise."""
    core, _ = strip_joining(clause)
    for text in (clause, core):
        for verb, pattern, code in _verbs(text[-1:]):
            if verb.search(text) and (found := pattern.match(noun)):
                sampled = clause.endswith("的") and OF_THEM.match(noun, found.end())
                return None if sampled else code  # 抽查的11所中小学中7所配备了校医
    return None


_COMPARED = re.compile(
    rf"(?P<name>[^,。;()]*?),?(?:较|比|与|同|跟|相比于?)(?P<when>{MARK}+)(?:同期|年|底|末)*(?:的|[(])?$"
)
_THOUGH = re.compile("^(?:虽说|虽然|虽|尽管|好在|倒是|已经?|但)$")
_A_LITTLE = re.compile("(?:略|稍|有所|微)(?:有)?(?:下)?[降升增减]")  # 较上学期72.3%略降


def compared(s: Situation, n: int) -> Found | None:
    """较2022年(50.9%)下降, 比上年的97.9%有所提高: what a value is compared with, in the year before it."""
    number = s.numbers[n]
    right_behind = s.masked[number.start - 1 : number.start] == MARK and _A_LITTLE.match(s.masked, number.tail)
    if not (number.is_rate or number.unit in ("person", "doses", "case", "event")) or (
        not right_behind
        and s.masked[number.start - 1 : number.start]
        not in (
            "的",
            "(",
        )
    ):
        return None
    found = _COMPARED.search(s.masked[: number.start])
    if found is None:
        return None
    led = _THOUGH.sub("", found["name"])
    name = s.lexicon.ending(led)
    head = Head(name.code, name.word, found["name"]) if name and name.code else topic_compared(s)
    if s.first and s.topic and s.first.code == s.topic.code and ":" in s.masked[: number.start] and not number.is_rate:
        head = s.first  # 报告64例:水痘21例、…,与去年9月(79例)相比
    if led and not (name and name.code) and not re.search(r"(?:[\d万][人名例起所]?|%)$", found["name"]):
        return None
    span = next((x for x in s.spans if x.start == found.start("when")), None)
    if head is None or span is None or span.code is None or not fits(s, head.code, number, head.word or "率"):
        return None
    told = build(s, number, head, "", rule="compared_with", confidence=0.8)
    if told is not None:
        told.period = span.code
    return told


def bind(s: Situation, n: int, core: str, joined: str, left: str, right: str) -> Found | None:
    """A number that no name stands by, if one of the constructions of this module holds."""
    number = s.numbers[n]
    code_word = None
    if number.is_rate:
        code_word = (
            _unnamed_holders(s, right)
            or _classes_above(s, number)
            or _of_preschool(s, number)
            or examined_share(core + joined)
            or _found_to_have(core + joined)
            or told_by_predicate(re.sub(r"[(][^()]*[)]", "", s.masked[number.tail :]))
            or _holders(core, right)
            or _share(s, core, joined, left)
            or _large_classes(s, core)
            or _bracketed(s, n, left)
            or _migrants(s, core + joined, number)
        )
    elif number.unit == "" and core.endswith(("应", "实")) and s.masked.startswith("种人", number.end):  # 应64种人
        return _torn_word(s, number, core)
    elif number.unit in ("school", "piece") and _MERGED.search(s.clause_before(number.start)):
        code_word = ("schools_merged", "")
    elif number.unit == "score":
        code_word = ("hygiene_score", "") if scores.is_scored(s, left) else None
    elif (
        ((joined + core).startswith("完成") or core.strip("、, ") in ("补", "补上", "补完", "补种"))
        and len(core) <= 6
        and s.bound
        and s.bound[-1].code in ("vac_catchup_due", "vac_missed_count")
        and (number.unit == "person" or number.word == "个")
    ):
        code_word = ("vac_catchup_done", "")
    elif (given := _given(s, core, number)) and fits(s, given, number, ""):
        code_word = (given, "")
    elif number.unit in ("person", "school", "piece", "house", "finding", "item"):
        code = by_verb(left.rsplit(",", 1)[-1], right.lstrip("的"))
        code_word = (code, "") if code and fits(s, code, number, "") else None
    if code_word is None:
        return None
    code, word = code_word
    phrase = s.clause_before(number.start) + re.split("[(,;、。]", right)[0][:12]
    if code == "large_class_share":
        phrase = _of_large(s.segment_before(number.start))
    elif n and left.startswith(",占"):
        phrase = s.clause_before(s.numbers[n - 1].start) + phrase  # 初中流失3人,占在校生的0.5%
    head = Head(code, word, phrase)
    if not fits(s, code, number, word or "率") or domain_reason(s, head, number) is not None:
        return None
    hedge = re.search("(?:约|近|超过?|不足)占", core + joined)  # 约占在校生的13.5%
    return build(s, number, head, joined + (hedge[0] if hedge else ""), rule="predicate", confidence=0.8)


def _of_large(segment: str) -> str:
    """教学班36个,小学24个,初中12个,大班额1个: the clauses on large classes, where classes were counted level by level before."""
    at = max(segment.rfind("大班"), segment.rfind("以上"))
    return segment[segment.rfind(",", 0, at) + 1 :] if at > 0 and len(levels_of(segment[:at])) > 1 else segment


def _torn_word(s: Situation, number: Number, core: str) -> Found | None:
    """应64种人: a number that slipped into the word 应种."""
    code = "vaccination_due" if core.endswith("应") else "vaccination_given"
    return build(s, number, Head(code, "种", s.clause_before(number.start) + "种"), "", "torn_word", REPAIRED)


_INSPECTS = re.compile(
    r"(?:检查|抽查|督查|巡查|督导|查看|察看|(?:^|共|逐家|全面)查)(?:了)?(?:全[县区市镇乡])?(?:各级各类|各级|各类|校园周边|学校周边|校园|校外|学校|校内|各类|辖区内?|托幼机构|小学|初中|高中|中学|中小学|幼儿园|城区|农村)*(?:商店|小卖部|超市|食堂|学校|幼儿园|托幼机构|托育机构|园所|小学|中学|中小学|供餐单位|食品店|商户|摊点|[、和及])+$"
)


def inspects(core: str) -> bool:
    """检查学校、幼儿园食堂168家: what is counted is what was inspected."""
    return bool(_INSPECTS.search(core))


_INSPECTED_BEFORE = re.compile("(?:检查|抽查|督查|巡查)[^。;]*\\d(?:户|家|所|校|个)次,覆盖[^,。;\\d]*$")
_DONE_BUILDING = re.compile(
    "(?:新建|改扩建|改建|扩建|迁建)[^,。;]{0,8}(?:园|学校|小学|初中|中学)(?:竣工|完工|建成|投用|交付)(?:投用|使用)?(?:了)?$"
)
_CLOSED_DOWN = re.compile(r"(?:停办|撤并|关停|撤销|合并)[^,。;\d]{0,12}(?:园|小学|初中|学校|教学点)$")


def _given(s: Situation, core: str, number: Number) -> str | None:
    """检查学校食堂168家, 新建幼儿园3所, 接种麻疹疫苗3200余人次: what a verb before the number does to those it counts."""
    visits = number.unit == "visits"
    if core.startswith("覆盖") and _INSPECTED_BEFORE.search(s.masked[: number.start]) and not visits:
        core = "检查" + core[2:]  # 检查学校食堂164户次,覆盖食堂118家
    if inspects(core):
        return "hygiene_visits" if visits else "hygiene_inspected_count"
    if not visits and _CLOSED_DOWN.search(core):
        return "schools_merged"
    if not visits and (_BUILT.search(core) or _DONE_BUILDING.search(core)):
        return "schools_new"
    if not_vaccinated(core):
        return "vac_missed_count"
    for pattern, code in _counted(core[-1:]):
        if pattern.search(core):
            return code
    return of_shots(s, core, number)


def _share(s: Situation, core: str, joined: str, left: str) -> tuple[str, str] | None:
    """在园幼儿中留守儿童占31.2%; 住校生1860人,占在校生的31%."""
    tail = core + joined
    found = re.search(
        r"占(?:了|到了?)?(?:全[县区市镇乡校园])?(?P<whole>[^,占]{0,12}?)(?:的|总数的|总数)?(?:比例|比重)?(?:为|达|约|是)*$",
        tail,
    )
    if not found:
        return None
    who = re.sub("(?:约|大约|近|仅|仅仅|只|只有|才)$", "", tail[: found.start()])
    led = s.masked[: s.at - len(left)]
    before = led + left
    clauses = re.split("[;。]", before[: before.rfind("占")])[-1]
    if share := told_by_part(who, clauses, s.paragraph.text[: s.offset]):
        return share, ""
    name = s.lexicon.ending(who)
    code = name.code if name else s.topic.code if s.topic and not who.strip(", ") else None
    if code == "enrollment" and not who.strip(", ") and _of_public(s):
        return "public_kindergarten_share", ""  # 在园幼儿9,400人中,公办园5,217人,占55.4%
    whole = found["whole"]
    earlier = led[-24:]
    if not who.strip(", ") and re.search(
        r"互联网[^,。;]{0,12}平台|互联网[+][^,。;]{0,10}(?:食堂|\d+[家所个]?$)", earlier
    ):
        return "internet_kitchen_coverage", ""
    if not tail[: found.start()].strip(", ") and re.search(r"明厨亮灶[^,。;]{0,6}(?:食堂|\d+[家所个]?$)", earlier):
        return "open_kitchen_coverage", ""
    if whole and not re.search("在校|在园|学生|幼儿|查验|实查", whole):
        return None
    some = re.search(r"\d[人名](?:学生|儿童)?(?:当)?中,[^。;]*$", led)
    return (_SHARES[code], "") if code in _SHARES and not some else None


def _of_public(s: Situation) -> bool:
    """Whether the last count was of children in public kindergartens."""
    last = s.bound[-1] if s.bound else None
    return last is not None and last.dims.get("level") == "KG" and "公办" in s.clause_before(last.start)


_LARGE = re.compile(
    r"(?:大班额|超大班额|(?:4[56]|5[0-9]|6[0-9])人(?:及)?以上)(?:的)?班级?(?:数)?(?:占比|比例|比重|占[^,。;\d]{0,6}(?:比例|比重)|(?<=大班额)占)$"
)
_LARGE_BEHIND = re.compile(
    r"大班额[(][^()]*[)](?:的)?(?:班级?)?占(?:比|比例)?(?:为|是|约|仅|达到?)*$"
)  # 大班额(56人及以上)占0.82%
_LARGE_AMONG = re.compile(
    r"\d\d人(?:及)?以上的?(?:大|超大)?班(?:额|级)?,?占(?:全[县市区镇校])?(?:教学)?班(?:级)?(?:总数|数)?的?(?:比例|比重)?(?:为|约|仅)*$"
)
_LARGE_OF = re.compile(r"大班额[^。;]{0,20},占[^,。;\d]{0,8}班[^,。;\d]{0,4}[\d,]+个的$")


def _large_classes(s: Situation, core: str) -> tuple[str, str] | None:
    """56人以上班级占比1.2%; 大班额11个,占总班数986个的1.12%."""
    before = s.masked[: s.at]
    behind = _LARGE_BEHIND.search(before)
    if (
        behind
        or _LARGE_AMONG.search(before)
        or _LARGE_OF.search(before)
        or _LARGE.search(before[: before.rfind(core) + len(core)])
    ):
        return "large_class_share", ""
    if re.search(r"占应劝返[^,。;\d]{0,8}[\d,]+[名人](?:学生)?的$", before):
        return "dropout_return_rate", ""
    if re.search(r"普惠[^。;]{0,40},占[^,。;\d]{0,10}[\d,]+人的$", before):
        return "inclusive_kindergarten_coverage", ""
    return None


_PRESCHOOL = re.compile(
    "(?:接?受过|上过|读过|念过|进过|待过|经过|有过|上完|读完|念完)[^,。;\\d]{0,8}(?:学前|幼儿园|学前班)[^。;\\d]{0,10}(?:\\d+[名人个])?[^。;\\d]{0,6}$"
)
_FOUND_TO_HAVE = re.compile(
    "(?:查出|检出|筛出|发现|患|^(?:眼睛?|牙齿?)?(?=近视|视力|龋|蛀牙|虫牙|肥胖|贫血))(.{2,6}?)(?:的)?(?:学生|幼儿|儿童|孩子|娃|者)?(?:比例)?(?:约)?占(?:比|到|了)?(?:受检(?:学生|人数)的)?$"
)


def _of_preschool(s: Situation, number: Number) -> tuple[str, str] | None:
    """一年级新生受过学前一年教育的比例为98.96%; 上过学前班的31人,约占94%."""
    before = s.masked[: number.start]
    told = re.search("(?:比例|比重|占|占比|比率)(?:为|达到?|约|是|到)*$", before)
    return ("preschool_experience_share", "") if told and _PRESCHOOL.search(before[: told.start()]) else None


def _found_to_have(core: str) -> tuple[str, str] | None:
    """查出视力不良学生占63.4%."""
    found = _FOUND_TO_HAVE.search(core)
    code = condition_of(found[1]) if found else None
    return (code, "率") if code else None


_CLASSES_ABOVE = re.compile("的?(?:小学|初中|高中)?(?:教学)?班级?(?:的)?(?:班额|人数)?(?:超过|超|在)\\d{2}人")


def _classes_above(s: Situation, number: Number) -> tuple[str, str] | None:
    """2.6%的小学班级超过55人."""
    return ("large_class_share", "") if _CLASSES_ABOVE.match(s.masked, number.tail) else None


_SHARE_RIGHT_BEHIND = re.compile(r"[(]占?|,占|[,(]占比(?:达到?|为|约|近|超过|不足|接近)*")


def _bracketed(s: Situation, n: int, left: str) -> tuple[str, str] | None:
    """检出龋齿97人(23.54%); 漏种132名(8.8%)."""
    if not _SHARE_RIGHT_BEHIND.fullmatch(left) or n == 0:
        return None
    before = s.masked[max(0, s.numbers[n - 1].start - 14) : s.numbers[n - 1].start]
    for pattern, code, word in _CONDITIONS:
        if pattern.search(re.split("[,;、。]", before)[-1]):
            return code, word
    last = s.bound[-1] if s.bound else None
    if last and last.start == s.numbers[n - 1].start and last.code in _BRACKET:
        return _BRACKET[last.code], ""
    return None


def _migrants(s: Situation, tail: str, number: Number) -> tuple[str, str] | None:
    core, _ = strip_joining(tail)
    if re.search(
        "(?:随迁|务工人员)[^。;]*公办[^,。;]{0,6}(?:就读|入学|上学|读书)?,占(?:比)?$", s.masked[: number.start]
    ):
        return "migrant_public_place_share", ""  # 随迁子女9870人中有9623人在公办学校就读,占97.5%
    told = any(f.code == "migrant_children" for f in s.bound)
    told = told or any("随迁" in heading or "务工人员" in heading for heading in s.paragraph.headings)
    told = told or bool(re.search("随迁|务工人员", s.paragraph.text[: s.offset][-60:]))
    named = told or re.search("随迁|务工人员", s.segment_before(number.start))
    if named and re.match(
        "多?(?:的)?(?:学生|孩子)?(?:安排|就读|进入|进了?|上了?)?(?:在|于)?公办", s.masked[number.tail :]
    ):
        return "migrant_public_place_share", ""
    if _MIGRANT.search(core) or (named and _MIGRANT_PLACE.search(core)):
        return "migrant_public_place_share", ""
    return None


_CHILDREN_HOLD = re.compile(
    r"(?:以上|左右)?的?(?:新生|儿童|幼儿|学生|孩子|娃娃|娃)(?:手里|手上|手中)?(?:都|已|均)?(?:持有?|带有?|有)(?:预防)?(?:接种)?证"
)


def _unnamed_holders(s: Situation, right: str) -> tuple[str, str] | None:
    """食堂从业人员800余名,98%以上持有健康证; 九成五的孩子手里有证: who holds them, or what, was said before."""
    if _CHILDREN_HOLD.match(right) and re.search("接种证|查验", s.masked[: s.at]):
        return "vac_cert_held_rate", ""
    if not re.match("(?:以上|左右)?(?:的人)?(?:均|已)?(?:(?:持有?|取得|办理)[^,。;]{0,4}健康|持证上岗)", right):
        return None
    return ("food_handler_cert_rate", "") if re.search("从业人员|炊事|食堂", s.masked[: s.at]) else None


def _holders(core: str, right: str) -> tuple[str, str] | None:
    """从业人员98.9%持健康证上岗: who stands before the share, what they hold after it."""
    if re.search("残疾(?:儿童|少年|学生)+$", core) and re.match(
        "(?:以上)?(?:的)?[^,。;]{0,8}(?:就学|入学|就读)", right
    ):
        return "disabled_enrollment_rate", ""
    if not re.match("(?:的?人)?(?:均|已)?(?:持|取得|办理)[^,。;]{0,4}健康", right):
        return None
    if re.search("从业人员|炊事员?|食堂工作人员$", core):
        return "food_handler_cert_rate", ""
    return ("staff_cert_rate", "") if re.search("(?:教师|教职工|保教人员|保育员)$", core) else None
