"""What a number is said of: the name before it, after it, or one carried on (`carried`)."""

from __future__ import annotations

import re

from etl.reports import special, speech
from etl.reports.after import named_after
from etl.reports.build import subject_at
from etl.reports.carried import back_at_school, inherited
from etl.reports.context import resolve
from etl.reports.dims import level_of
from etl.reports.fitting import fits
from etl.reports.found import Head, Situation
from etl.reports.lexicon import STEMS, STEMS_LONGEST_FIRST, Name
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, is_place, last_clause, leaves_nothing, tells_action
from etl.reports.places import is_school_name
from etl.reports.ranked import superlative

GENERAL = frozenset({"enrollment", "schools", "teachers", "staff", "classes", "canteens", "food_handlers", "school_age_population",
                     "disabled_students", "graduates", "hygiene_passed_count", "graduates_employed", "entrants", "teaching_points"})  # fmt: skip
_HEALTH = ("近视", "肥胖", "贫血", "龋齿", "视力不良", "超重")
_HEALTH_RATES = frozenset({"myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate", "anemia_rate"})
_LEVEL_LAST = re.compile(
    "(?<=[率比额例])(?:小学|初中|高中|幼儿园|中职|[大中小]班|[一二三四五六七八九]年级|[男女]生)(?:生|学生|阶段|部)?$"
)
# 接种率以乡为单位均在90%以上; 患病率各片区24%-31%
_PER_UNIT = re.compile("(?:均|都)?(?:以[乡镇村县校班园]+为单位|(?<=率)各(?:片区|校|园|乡镇|镇|学校|班|年级|学段))$")
_OF_ALL = re.compile("(?<=率)全[县市区镇乡校园](?:平均)?$")  # 初中辍学率全县控制在0.1%以内
_PLACE_BEHIND = re.compile(
    "(?:(?<=率)|(?<=占比)|(?<=比例))([一-鿿]{2,10}(?:[县区市镇乡旗]|街道|[小中]学|幼儿园|学校))$"
)
_BY_BASIS = re.compile("(?<=率)按(?:人|剂次?|针次)?数?(?:来)?(?:计算?|算|统计)?$")  # 补种率按人计为96.23%
_GIVEN = re.compile("更换|配备|安装|新建|改造|发放|购置|配齐|建设|维修|提供|解决|修建|添置|落实|减免|补助|资助")
_NO_SCHOOLS = re.compile("(?:教学)?班(?!校)|年级|专业|学段")
_CANTEENS_BEHIND = re.compile("(?:学生|教工|师生)?(?:食堂|餐厅|伙房)")
_HAS = re.compile("(?:有|设)(?:近|约|超过)?$")
_STAGE = re.compile("(?:由|从)(查验时|补种前)$")
_SHARE_OF = re.compile("(?:约|大约)?占[^,]{0,12}$")
_TO_STANDARD = re.compile("(?:达到|达)[^,]{0,10}(?:规定|省定|国定|要求)$")


def find_head(s: Situation, n: int, core: str, left: str, right: str) -> Head | None:
    """The head of the n-th number; None when nothing in reach names it."""
    core = core.replace("其中", MARK * 2).lstrip("/")  # 其中小学 holds no 中小学
    if core.endswith("单位") or "率各" in core:
        core = _PER_UNIT.sub("", core)
    core = _OF_ALL.sub("", core) if "率全" in core else core
    number = s.numbers[n]
    if (highest := superlative(s, number, left)) is not None:
        return highest
    if (risen := _caught_up(s, number, left)) is not None:
        return risen
    if (listed := _of_place_in_brackets(s, number, left, right)) is not None:
        return listed
    if core.startswith("含") and s.bound and n and s.bound[-1].start == s.numbers[n - 1].start:
        core = core[1:]  # 小学52所(含教学点14个)
    if _HAS.search(last_clause(left)) and (after := named_after(s, number, core, left, right)) is not None:
        return after
    named = _named_before(s, number, core, left, right)
    if named is not None:
        return named if named.code else None
    after = named_after(s, number, core, left, right) or back_at_school(s, number, core, right)
    return after or inherited(s, n, core, left, right)


_PLACE_OPENS = re.compile("([一-鿿]{2,8}?(?:州|市|县|区|旗|镇|乡|街道))[(]$")


def _of_place_in_brackets(s: Situation, number: Number, left: str, right: str) -> Head | None:
    """疑似辍学412人,主要集中在怒水州(96人)、昭水市(88人): each place's part of the count before."""
    found = _PLACE_OPENS.search(left) if left.endswith("(") else None
    if found is None or not (right.startswith(")") or number.is_rate):
        return None
    if number.is_rate:
        return _rate_in_brackets(s, found[1], left)
    if not s.bound:
        return None
    last = s.bound[-1]
    place = re.sub("^.*(?:[在为是有]|主要|其中)", "", found[1])
    if s.indicator(last.code).unit != number.unit or number.unit == "percent" or not place or number.value > last.value:
        return None
    return Head(last.code, "", place, last.dims.get("level")) if subject_at(s, place) else None


def _rate_in_brackets(s: Situation, place: str, left: str) -> Head | None:
    """最低的是云岭乡(91.2%)和后山乡(93.0%): the rate of the place before it in a list."""
    last = next((f for f in reversed(s.bound) if s.indicator(f.code).unit == "percent"), None)
    plain = re.sub("^.*(?:[在为是有]|主要|其中|[、和及])", "", place)
    listed = re.fullmatch(f"[^()]*[)](?:[、和及,]|依次)*{re.escape(plain)}[(]", left)
    beyond = re.fullmatch(f"(?:以[上下])?的(?:分别|只|仅|主要|还)?(?:有|为|是){re.escape(plain)}[(]", left)
    if not plain or subject_at(s, plain) is None:
        return None
    if beyond and s.topic is not None and s.topic.code and s.indicator(s.topic.code).unit == "percent":
        return Head(s.topic.code, "", plain, s.topic.level)  # 漏种率高于15%的有石梁镇(18.2%)
    return Head(last.code, "", plain, last.dims.get("level")) if last is not None and listed else None


def _named_before(s: Situation, number: Number, core: str, left: str, right: str) -> Head | None:
    """The name with which the words before the number end. A head without code: the words mean something else."""
    if behind := _narrowed_behind(s, core, number):
        return behind
    name = _with_share(s, core, number) or _with_standard(s, core)
    name = name or speech.children_of(core, s.lexicon) or s.lexicon.ending(core)
    if number.is_rate and (name is None or not fits(s, name.code, number, name.word)):
        name = _stem(s, core) or name
    name = resolve(s, core, number, name)
    if name is not None and name.code == "schools" and (number.unit == "person" or _NO_SCHOOLS.match(right)):
        return None  # 初、高中62个教学班
    if name is not None and name.code == "schools" and _CANTEENS_BEHIND.match(right):
        return None  # 全区学校66个食堂
    if name is not None and name.code == "canteens" and special.inspects(core) and number.unit != "visits":
        name = Name(name.end - 2, name.end, "hygiene_inspected_count", name.word[-2:])
    if name is None:
        return None
    if not name.code:
        return Head("", name.word, core)
    if name.code == "hygiene_inspected_count" and number.unit == "visits":
        name = Name(name.start, name.end, "hygiene_visits", name.word)
    if not fits(s, name.code, number, name.word):
        return None
    if (
        name.code in ("canteens", "schools")
        and re.match("(?:进行|开展|实施)了?", right)
        and "对" in s.masked[: number.start]
    ):
        return Head("", name.word, core)  # 对校车11台、食堂9个进行了检查
    if name.code in GENERAL and core.startswith(("为", "给", "向")) and _GIVEN.match(right):
        return Head("", name.word, core)  # 为寄宿制学校23所更换床铺
    if name.code in GENERAL and core.startswith("的") and left.startswith("的"):
        return Head("", name.word, core)  # 班额超过35人的班级还有31个
    if _of_a_group(s, number, core, left) or _does_for(s, number, name, left):
        return Head("", name.word, core)
    if name.code == "enrollment" and _WERE_EXAMINED.match(right):
        return Head("", name.word, core)  # 一、四年级学生171人接受健康检查
    prefix = core[: name.start]
    if s.indicator(name.code).unit != "percent" and not _allowed(s, name, prefix):
        return Head("", name.word, core)
    if _takes_over(s, name, number):
        return None
    return Head(name.code, name.word, core + _noun_after(s, name, right))


def _narrowed_behind(s: Situation, core: str, number: Number) -> Head | None:
    """A name with what narrows it behind it: 生师比小学为16.4:1, 补种率按人计为96.23%, 巩固率朔川区为98.1%."""
    before = _STAGE.search(core) if core.endswith(("查验时", "补种前")) else None
    if before and (staged := s.lexicon.ending(core[: before.start()])) and staged.code == "full_vaccination_rate":
        return Head(staged.code, staged.word, before[1])
    level = _LEVEL_LAST.search(core) if core[-1:] in "学中园职班级生段部" else None
    if (
        level
        and (number.is_rate or number.unit in ("ratio", "person") or (number.value == 0 and number.unit == ""))
        and (led := s.lexicon.ending(core[: level.start()]))
        and fits(s, led.code, number, led.word)
    ):
        return Head(led.code, led.word, level[0])
    if number.is_rate and (by := _BY_BASIS.search(core)) and (led := s.lexicon.ending(core[: by.start()])) and led.code:
        return Head(led.code, led.word, s.clause_before(number.start))
    return _rate_of_place(s, core, number)


def _rate_of_place(s: Situation, core: str, number: Number) -> Head | None:
    """巩固率朔川区为98.1%、靖沙县为96.9%: the place, or the school, stands behind the name."""
    found = _PLACE_BEHIND.search(core) if number.is_rate else None
    if found is None or not (is_place(found[1]) or is_school_name(found[1])):
        return None
    name = s.lexicon.ending(core[: found.start(1)])
    return Head(name.code, name.word, found[1], level_of(core)) if name is not None and name.code else None


def _caught_up(s: Situation, number: Number, left: str) -> Head | None:
    """补种后全程接种率提高到98.55%。其中幼儿园由86.58%提高到98.79%: first the rate before catching up, then after it."""
    found = _CAUGHT_UP.search(left) if number.is_rate and s.topic is not None else None
    if found is None or s.topic is None or s.topic.code != "full_vaccination_rate" or "补种" not in s.paragraph.text:
        return None
    who, stage = found["who"] or "", "补种后" if found["to"] else "补种前"
    last = s.bound[-1] if found["to"] and s.bound else None
    level = last.dims.get("level") if last is not None else None
    return Head(s.topic.code, "", who + stage, level)


_CAUGHT_UP = re.compile(
    r"(?:^|[,、;])(?:其中)?(?P<who>[^,、;。\d]{2,6})(?:由|从)$|^(?P<to>(?:提高|提升|上升|升|增加)(?:到|至)(?:了)?)$"
)


def _of_a_group(s: Situation, number: Number, core: str, left: str) -> bool:
    """8名教师有1名未办: some of those just counted."""
    before = [x for x in s.numbers if x.tail == number.start - len(left)]
    return bool(
        before
        and before[0].unit == number.unit
        and left.startswith(core.strip(MARK))
        and re.fullmatch("(?:中)?(?:仅)?有", left[len(core) :])
    )


_WERE_EXAMINED = re.compile(
    "(?:均|都|全部)?(?:接受|参加)(?:了)?(?:本次)?(?:健康|视力|口腔)?(?:检查|体检|筛查|监测|调查|测试|检测)"
)


def _does_for(s: Situation, number: Number, name: Name, left: str) -> bool:
    """8名教师为26名学生送教上门: the name belongs to the number before it, whose people do something for the next ones."""
    told = not number.is_rate and any(x.tail == number.start - len(left) for x in s.numbers)
    return told and bool(re.fullmatch(f"{re.escape(name.word)}(?:为|给|向|对|帮扶|联系|包保)", left))


def _with_share(s: Situation, core: str, number: Number) -> Name | None:
    """学前三年入园率约占适龄幼儿的82%: the name stands before 占…的."""
    found = _SHARE_OF.search(core) if number.is_rate and "占" in core else None
    if not found:
        return None
    name = s.lexicon.ending(core[: found.start()])
    return name if name and name.code and s.indicator(name.code).unit == "percent" else None


def _with_standard(s: Situation, core: str) -> Name | None:
    """接种率达到国家规定的90%标准: the name stands before the words of the standard."""
    found = _TO_STANDARD.search(core) if "达" in core else None
    name = s.lexicon.ending(core[: found.start()]) if found else None
    return name if name and name.code else None


def _stem(s: Situation, core: str) -> Name | None:
    """入学99.6%: the stem of a rate alone before a percentage."""
    stem = next((word for word in STEMS_LONGEST_FIRST if core.endswith(word)), None)
    full = s.lexicon.ending(core[: -len(stem)] + STEMS[stem]) if stem else None
    if stem is None or full is None or re.search("占[^,]*$", core) or stem in ("完成", "保留"):
        return None
    told = any(f.code in _HEALTH_RATES for f in s.bound) or re.search("(?:检出|患病)(?:率|情况)", s.masked[: s.at])
    if stem in _HEALTH and not (core.strip("、和及" + MARK) == stem and told):
        return None
    return Name(len(core) - len(stem), len(core), full.code, full.word)


def _allowed(s: Situation, name: Name, prefix: str) -> bool:
    if name.code == "canteen_graded_count":
        prefix = re.sub("(?:被)?(?:评为|评定为?|获评|达到|定为)$", "", prefix)
    if name.code == "canteen_graded_count" and re.search("(?:评为|评定|获评|达到)[A-D]级的$", prefix):
        return True
    if name.code in ("food_handlers", "teachers", "staff") and re.search(
        "(?:教师|教职工|保教人员|学生|师生|教职员)[、和及与]$", prefix
    ):
        return False  # 教职工、炊事员41人: two groups together
    if name.code == "migrant_children" and re.search("录取|招收|新增", prefix):
        return False  # 录取随迁子女2148人: some of them
    if name.word in ("送教上门", "随班就读") and prefix.endswith("、"):
        return True  # 不具备学习能力、送教上门的14人
    if name.word in ("送教上门", "随班就读") and _FOR_DISABLED.fullmatch(prefix):
        return True
    if name.code == "food_handlers":
        prefix = re.sub("(?:炊事员|厨师|厨工|帮厨|配餐员)(?:、|和|及)", "", prefix)
    if name.code == "disabled_students":
        prefix = re.sub("(?:随班就读|送教上门|特校就读)的$", "", prefix)
    if name.code == "hygiene_inspected_count":
        prefix = re.sub("[查察]看(?:了)?$", "", prefix)
    if name.code == "canteens":
        prefix = re.sub("建(?:成|有|立|设)(?:了)?$", "", prefix)
    if name.code == "migrant_children":
        prefix = _TAKEN_IN.sub("", prefix)
    if s.indicator(name.code).domain == "dropout" or name.code in ("cluster_event_count", "infectious_cases"):
        prefix = re.sub("通报|核查|排查|比对|下发", "", prefix)
    if name.code == "classes":
        prefix = prefix.removeprefix("占")
    if tells_action(prefix) or re.search("(?:未|没有?|尚未|拒绝)$", prefix):
        return False
    if (
        name.word in ("在校", "在读", "在园", "在籍") and prefix == "、"
    ):  # goes on with a subject that was not understood
        return bool(s.bound)
    if name.code not in GENERAL:
        return True
    subject = subject_at(s, prefix + name.word)
    names = tuple(filter(None, (subject.name if subject else None, s.report.issuer.name)))
    return leaves_nothing(prefix, names)


_TAKEN_IN = re.compile(
    "(?:妥善|统筹|全部|共|就近|免试)*(?:安置|接收|接纳|解决|保障)(?:了)?(?=[^,。;\\d]{0,16}$)"
)  # 妥善安置随迁子女1905人


# 给重度残疾孩子送教上门3人
_FOR_DISABLED = re.compile(
    "(?:为|给|对)?(?:[极重中轻]度|多重|适龄|肢体|智力|和|、)*(?:残疾|特殊|身心障碍)(?:学生|儿童|少年|孩子|娃)+(?:提供|实施|开展|进行)?(?:了)?"
)


def _takes_over(s: Situation, name: Name, number: Number) -> bool:
    """检查学校21所(中学5所…): a level word in brackets counts what the total counts."""
    if name.code == "schools" and _findings_of_levels(s, number):
        return True  # 查出问题92个。其中:小学31个,初中26个
    told = s.topic is not None and s.topic.code == "hygiene_inspected_count"
    if name.code in ("canteens", "schools") and not s.bound and told and s.masked.startswith("其中"):
        return True
    if name.code == "canteens" and s.bound and s.bound[-1].code == "hygiene_inspected_count":
        beside = re.fullmatch("[所家个户]?[,、](?:学校|幼儿园)?食堂", s.masked[s.bound[-1].end : number.start])
        return bool(beside or re.search(r"其中[^;。]*$|[(][^()]*$", s.masked[: number.start]))
    if (
        name.code == "schools"
        and s.bound
        and s.bound[-1].code == "hygiene_inspected_count"
        and re.match("[^,。;]{1,2}[、和及]", s.masked[s.bound[-1].end : number.start])
    ):
        return True  # 监督检查学校86所、托幼机构54所
    if _goes_on_with_classes(s, name, number):
        return True  # 教学班1473个,其中小学1024个、初中449个
    by_kind = name.code == "schools" and _BY_KIND.search(s.masked[: number.start])
    if by_kind and ({f.code for f in s.bound} == {"canteens"} or _visited(s)):
        return True  # 学校食堂168个,按学段分,幼儿园74个; 监督检查48所,…;按类别分,小学29所
    if _goes_on_with_changes(s, name, number):
        return True
    if (
        name.code == "schools"
        and s.bound
        and speech.is_spoken(number)
        and s.indicator(s.bound[-1].code).unit == "person"
    ):
        return True  # 辍学的娃娃二十三个,初中二十一个,小学两个
    if name.code != "schools" or not s.bound or not re.fullmatch("小学|中学|初中|高中|幼儿园|中职学校", name.word):
        return False
    closed = s.masked.rfind(")", 0, number.start)
    opened = s.masked.rfind("(", 0, closed)
    outside = [f for f in s.bound if not opened < f.start < closed]  # 小学52所(另有教学点23个),幼儿园71所
    if not outside or outside[-1].code == "teaching_points":
        return False
    before = outside[-1]
    open_text = re.sub(r"[(][^()]*[)]", "", s.masked[: number.start])
    return (
        before.code not in ("schools",)
        and s.indicator(before.code).unit in ("school", "canteen")
        and bool(re.search(r"[(]|其中", open_text))
    )


def _findings_of_levels(s: Situation, number: Number) -> bool:
    """Whether levels are named in a sentence that goes on with the findings counted before it."""
    goes_on = s.masked.startswith("其中") and s.topic is not None and s.topic.code == "hygiene_findings"
    return goes_on and number.unit != "school" and {f.code for f in s.bound} <= {"hygiene_findings"}


_BY_KIND = re.compile("按(?:类别|学段|类型|性质|学校类别)(?:来)?(?:分|看|划分)?,[^;。]*$")


_NEXT_CLASSES = re.compile(
    "个?(?:教学)?班?级?,(?:其中|小学|初中|高中)|[^,。;]{0,2}[、和及]|个?(?:教学)?班?(?:小学|初中|高中)"
)


def _goes_on_with_classes(s: Situation, name: Name, number: Number) -> bool:
    """教学班48个,小学36个初中12个: the levels tell the classes apart."""
    told = name.code == "schools" and bool(s.bound) and s.bound[-1].code == "classes" and number.unit == "piece"
    return told and bool(_NEXT_CLASSES.match(s.masked[s.bound[-1].end : number.start]))


def _visited(s: Situation) -> bool:
    """Whether the only institutions counted so far are those that were inspected."""
    counted = [f.code for f in s.bound if s.indicator(f.code).unit in ("school", "canteen", "visit")]
    if "hygiene_inspected_count" in counted and "schools_new" not in counted:
        s.topic = Head("hygiene_inspected_count", "", "学校")
        return True
    return False


def _goes_on_with_changes(s: Situation, name: Name, number: Number) -> bool:
    """撤并小学43所、初中5所: what is listed is still what was merged or built."""
    if name.code != "schools" or not s.bound or s.bound[-1].code not in ("schools_new", "schools_merged"):
        return False
    return bool(re.match("[^,。;]{0,2}[、和及]", s.masked[s.bound[-1].end : number.start]))


def _noun_after(s: Situation, name: Name, right: str) -> str:
    """期初在册274名幼儿: the noun after the unit says whom the name before the number counts."""
    after = s.lexicon.beginning(right)
    return after.word if after and after.code == name.code else ""
