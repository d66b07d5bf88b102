"""What a number is said of: the name before it, after it, or one carried on from the words before."""

from __future__ import annotations

import re
from decimal import Decimal

from etl.reports import special, speech
from etl.reports.after import named_after
from etl.reports.build import fits, subject_at
from etl.reports.context import resolve
from etl.reports.dims import bare, is_mixed, levels_of
from etl.reports.found import Head, Situation
from etl.reports.lexicon import STEMS, Name
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, last_clause, leaves_nothing, strip_joining, tells_action
from etl.reports.places import is_school_name

TAKES_UP = re.compile("这一?(?:数字|比例|数据|指标|比率|数值)|该(?:比例|数字|指标)")  # what was named before
GENERAL = frozenset({"enrollment", "schools", "teachers", "staff", "classes", "canteens", "food_handlers", "school_age_population",
                     "disabled_students", "graduates", "hygiene_passed_count", "graduates_employed", "entrants", "teaching_points"})  # fmt: skip
_HEALTH = ("近视", "肥胖", "贫血", "龋齿", "视力不良", "超重")
_HEALTH_RATES = frozenset({"myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate", "anemia_rate"})
_SIDE = re.compile(r"^(?:等|的?标准|\)|$)")
_LEVEL_LAST = re.compile(
    "(?<=率)(?:小学|初中|高中|幼儿园|中职|[大中小]班|[一二三四五六七八九]年级|[男女]生)(?:生|学生|阶段)?$"
)
# 接种率以乡为单位均在90%以上; 患病率各片区24%-31%
_PER_UNIT = re.compile("(?:均|都)?(?:以[乡镇村县校班园]+为单位|(?<=率)各(?:片区|校|园|乡镇|镇|学校|班|年级|学段))$")
_RANKED = re.compile(
    r"^(?:(?:一直|始终)?(?:位列|位居|居|名列|排名|排在|处于|列)[^,]{0,14}|(?:稳步|逐年|持续|大幅|明显|有所|不断)+(?:提高|提升|上升|下降|好转|改善)[^,]{0,4}),(?:已|现)?(?:达到?|为)+$"
    r"|^[^,]{0,4}(?:偏|较)[高低大小多少],其中[^,]{2,14}?(?:达|为|仅|只有|高达)+$"
    r"|^(?:仍|还|比较|相对)?(?:较|偏)(?:多|少|低|高|重),(?:目前|现)?(?:共|达|为|约|仅|只|有)+$"
)

# 肥胖率接近14%,城区更高,有15.2%
_PART_RANKED = re.compile(
    r",(小学|初中|高中|城区|县城|农村|乡镇|[男女]生)(?:学生|阶段)?(?:要|则|还)?(?:更|较|最|略|稍|偏)(?:高|低|多|少),(?:有|为|达|到|只|仅)+$"
)
_HAS = re.compile("(?:有|设)(?:近|约|超过)?$")
_STAGE = re.compile("(?:由|从)(查验时|补种前)$")
_SHARE_OF = re.compile("(?:约|大约)?占[^,]{0,12}$")
_TO_STANDARD = re.compile("(?:达到|达)[^,]{0,10}(?:规定|省定|国定|要求)$")


def find_head(s: Situation, n: int, core: str, left: str, right: str) -> Head | None:
    """The head of the n-th number; None when nothing in reach names it."""
    core = core.replace("其中", MARK * 2).lstrip("/")  # 其中小学 holds no 中小学
    if core.endswith("单位") or "率各" in core:
        core = _PER_UNIT.sub("", core)
    number = s.numbers[n]
    if core.startswith("含") and s.bound and n and s.bound[-1].start == s.numbers[n - 1].start:
        core = core[1:]  # 小学52所(含教学点14个)
    if _HAS.search(last_clause(left)) and (after := named_after(s, number, core, left, right)) is not None:
        return after
    named = _named_before(s, number, core, left, right)
    if named is not None:
        return named if named.code else None
    return named_after(s, number, core, left, right) or _inherited(s, n, core, left, right)


def _named_before(s: Situation, number: Number, core: str, left: str, right: str) -> Head | None:
    """The name with which the words before the number end. A head without code: the words mean something else."""
    before = _STAGE.search(core) if core.endswith(("查验时", "补种前")) else None
    if before and (staged := s.lexicon.ending(core[: before.start()])) and staged.code == "full_vaccination_rate":
        return Head(staged.code, staged.word, before[1])
    level = _LEVEL_LAST.search(core)
    if (
        level
        and (number.is_rate or (number.value == 0 and number.unit == ""))
        and (led := s.lexicon.ending(core[: level.start()]))
        and fits(s, led.code, number, led.word)
    ):
        return Head(led.code, led.word, level[0])
    name = _with_share(s, core, number) or _with_standard(s, core)
    name = name or speech.children_of(core, s.lexicon) or s.lexicon.ending(core)
    if number.is_rate and (name is None or not fits(s, name.code, number, name.word)):
        name = _stem(s, core) or name
    name = resolve(s, core, number, name)
    if name is not None and name.code == "schools" and number.unit == "person":
        return None
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
    if name.code in GENERAL and core.startswith("的") and left.startswith("的"):
        return Head("", name.word, core)  # 班额超过35人的班级还有31个
    if _of_a_group(s, number, core, left):
        return Head("", name.word, core)
    prefix = core[: name.start]
    if s.indicator(name.code).unit != "percent" and not _allowed(s, name, prefix):
        return Head("", name.word, core)
    if _takes_over(s, name, number):
        return None
    return Head(name.code, name.word, core + _noun_after(s, name, right))


def _of_a_group(s: Situation, number: Number, core: str, left: str) -> bool:
    """8名教师有1名未办: some of those just counted."""
    before = [x for x in s.numbers if x.tail == number.start - len(left)]
    return bool(
        before
        and before[0].unit == number.unit
        and left.startswith(core.strip(MARK))
        and re.fullmatch("(?:中)?(?:仅)?有", left[len(core) :])
    )


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
    stem = next((word for word in sorted(STEMS, key=len, reverse=True) if core.endswith(word)), None)
    full = s.lexicon.ending(core[: -len(stem)] + STEMS[stem]) if stem else None
    if stem is None or full is None or re.search("占[^,]*$", core) or stem in ("完成", "保留"):
        return None
    told = any(f.code in _HEALTH_RATES for f in s.bound) or re.search("(?:检出|患病)率", s.masked[: s.at])
    if stem in _HEALTH and not (core.strip("、和及") == stem and told):
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
    if name.code == "canteens":
        prefix = re.sub("建(?:成|有|立|设)(?:了)?$", "", prefix)
    if s.indicator(name.code).domain == "dropout":
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


def _takes_over(s: Situation, name: Name, number: Number) -> bool:
    """检查学校21所(中学5所…): a level word in brackets counts what the total counts."""
    told = s.topic is not None and s.topic.code == "hygiene_inspected_count"
    if name.code in ("canteens", "schools") and not s.bound and told and s.masked.startswith("其中"):
        return True
    if name.code == "canteens" and s.bound and s.bound[-1].code == "hygiene_inspected_count":
        return bool(re.search(r"其中[^;。]*$|[(][^()]*$", s.masked[: number.start]))
    if (
        name.code == "schools"
        and s.bound
        and s.bound[-1].code == "hygiene_inspected_count"
        and re.match("[^,。;]{1,2}[、和及]", s.masked[s.bound[-1].end : number.start])
    ):
        return True  # 监督检查学校86所、托幼机构54所
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
    before = s.bound[-1]
    open_text = re.sub(r"[(][^()]*[)]", "", s.masked[: number.start])
    return (
        before.code not in ("schools",)
        and s.indicator(before.code).unit in ("school", "canteen")
        and bool(re.search(r"[(]|其中", open_text))
    )


def _goes_on_with_changes(s: Situation, name: Name, number: Number) -> bool:
    """撤并小学43所、初中5所: what is listed is still what was merged or built."""
    if name.code != "schools" or not s.bound or s.bound[-1].code not in ("schools_new", "schools_merged"):
        return False
    return bool(re.match("[^,。;]{0,2}[、和及]", s.masked[s.bound[-1].end : number.start]))


def _noun_after(s: Situation, name: Name, right: str) -> str:
    """期初在册274名幼儿: the noun after the unit says whom the name before the number counts."""
    after = s.lexicon.beginning(right)
    return after.word if after and after.code == name.code else ""


def _inherited(s: Situation, n: int, core: str, left: str, right: str) -> Head | None:
    """脊灰97.4%, 初中322人, 达到183人: only a subject, or nothing, before the number."""
    number = s.numbers[n]
    subject = core.strip("、和及与()" + MARK)
    if studying := _STUDYING.fullmatch(subject):
        subject = studying[1]
    subject = TAKES_UP.sub("", subject)
    if _after_admitted(s, n):
        return None
    if left.strip() in (",", "、") and (of_counts := _of_two_counts(s, n)) is not None:
        return of_counts
    if (again := _again(s, n, subject, left)) is not None:
        return again
    if left.startswith("(") and (earlier := _earlier(s, n, left)) is not None:
        return earlier
    if (spoken := speech.told_ahead(s, number, left) or speech.goes_on(s, number, left)) is not None:
        return spoken
    if "占" in left and not left.endswith("占比"):
        return None
    if (headed := _headed(s, number, left)) is not None:
        return headed
    if (ranked := _ranked(s, number, left)) is not None:
        return ranked
    if MARK in left and _LATER.fullmatch(left.strip()) and (listed := _topic(s, number, left)):
        return Head(listed.code, listed.word, listed.phrase)  # 2023年的0.41%、2024年的0.27%
    if right[:1] not in ("", ",", "、", ";", "。", "(", ")", "和", "及", "与", "!", "?", "•") and not _SIDE.match(
        right
    ):
        return None
    topic = _of_vaccines(s, subject, number) or _topic(s, number, left)
    if topic is None:
        return None
    if not subject:
        reaches = re.search(
            rf"达|为|是|实际|:|到|至|现有|{MARK}(?:共)?报告$|{MARK}(?:共|累计|合计|总计)+$", left.lstrip(",;、")
        )
        if s.asked and not s.bound and not left.strip(",、 "):
            return topic  # 留守的孩子有多少呢?6034个
        fresh = not s.bound or s.bound[-1].end <= (s.numbers[n - 1].start if n else 0)
        if reaches and (fresh or re.search(f"[到至]|实际|{MARK}", left)):
            return Head(topic.code, topic.word, re.sub("查验时|补种前", "补种后", topic.phrase))
        return None
    return _with_subject(s, number, topic, subject)


def _with_subject(s: Situation, number: Number, topic: Head, subject: str) -> Head | None:
    """The head that is carried on, for the subject that stands before the number."""
    if topic.code == "myopia_rate" and re.fullmatch("6周?岁(?:的)?儿童", subject):
        return Head(topic.code, topic.word, "幼儿")  # those of the last year of kindergarten
    if subject in ("补种后", "查验时", "补种前") and topic.code == "full_vaccination_rate":
        return Head(topic.code, re.sub("补种[前后]|查验时", "", topic.word), subject)
    if re.fullmatch("[男女](?:生|童|孩)?", subject) and "sex" not in s.indicator(topic.code).dims:
        return None
    anew = topic.code == "schools_new" and re.fullmatch("新建|改扩建|扩建|改建|新增|迁建", subject)
    if anew or special.is_subject(s, subject):
        word = bare(topic.word)
        if levels_of(subject) and (levels_of(word) or is_mixed(word)) and not number.is_rate:
            word = ""  # 在园幼儿9204人,小学2.19万人; 中小学在校生2381人(其中小学1506人)
        if topic.level and is_school_name(subject):
            subject = ""  # 初中巩固率…:桐木九年一贯制学校96.0%: the level is that of the rate
        return Head(topic.code, word, subject, None if levels_of(subject) else topic.level)
    return None


_EARLIER = re.compile(rf"[(](?:上次)?{MARK}+[底末初]?(?:时|尚|还|仍|只|仅|曾|约)*(?:有|为|是|达)?")


def _earlier(s: Situation, n: int, left: str) -> Head | None:
    """看护点0个(2020年底尚有6个): the same count at an earlier time, in brackets behind it."""
    last = s.bound[-1] if s.bound and n else None
    if last is None or last.start != s.numbers[n - 1].start or not _EARLIER.fullmatch(left):
        return None
    if s.numbers[n - 1].unit != s.numbers[n].unit or not fits(s, last.code, s.numbers[n], "率"):
        return None
    return Head(last.code, "", s.clause_before(last.start))


def _of_vaccines(s: Situation, subject: str, number: Number) -> Head | None:
    """乙肝疫苗首针及时接种率97.1%,脊灰疫苗98.8%: after a rate of one vaccine alone, others take up the coverage."""
    topic = s.topic
    if topic is None or not number.is_rate or topic.code != "hepb_birth_timely_rate":
        return None
    named = next(iter(s.lexicon.vaccines_in(subject)), None)
    return Head("vaccination_coverage", "接种率", subject) if named is not None and named.code != "HepB" else None


_STUDYING = re.compile("在(.{2,6})就读")
_TURNED_TO = "(?:(?:提高|提升|上升|增加|增长|升|下降|降低|降|减少)(?:到|至|为)(?:了)?)?"
_LATER = re.compile(rf"[、,和及](?:逐步|逐年|大幅)?{_TURNED_TO}{MARK}+年?底?的?")


def _after_admitted(s: Situation, n: int) -> bool:
    """升入普通高中76人,职业高中94人: those admitted by another school were no observation, nor are those listed with them."""
    last = s.numbers[n - 1] if n else None
    if last is None or last.unit != s.numbers[n].unit or not any(r.start == last.start for r in s.refused):
        return False
    return bool(re.search("(?:升入|考入|考取|录取到?|输送)[^,;。]*$", s.masked[: last.start]))


def _of_two_counts(s: Situation, n: int) -> Head | None:
    """应补188剂,实补180剂,95.74%: a rate without a name right after its two counts is that of the sentence."""
    number, counts = s.numbers[n], s.numbers[max(0, n - 2) : n]
    rate = next((f for f in reversed(s.bound) if s.indicator(f.code).unit == "percent"), None)
    told = [f for f in s.bound if f.start in {x.start for x in counts}]
    if rate is None or not number.is_rate or len(told) != 2 or not counts[0].value:
        return None
    step = Decimal("0.51").scaleb(-max(0, -int(number.value.as_tuple().exponent)))
    if abs(100 * counts[1].value / counts[0].value - number.value) > step:
        return None
    return Head(rate.code, "", s.clause_before(counts[0].start) + s.masked[counts[0].start : number.start])


def _again(s: Situation, n: int, subject: str, left: str) -> Head | None:
    """What takes up a count that was read before the last one: 1128人、1574剂次; 转来3名,期末147名; 幼儿园214人."""
    number, last = s.numbers[n], s.bound[-1] if s.bound else None
    if last and number.unit == "doses" and last.code in ("vac_catchup_due", "vac_catchup_done"):
        return Head(last.code, "", "") if left.strip() in ("", "、", ",", "(", "共", "和", "/") else None
    if number.unit != "person" or not any(f.code == "enrollment" for f in s.bound):
        return None
    named = subject_at(s, subject) if subject else None
    school = (
        named is not None and named.name is not None and named.kind in ("校", "园") and subject.endswith(named.name)
    )
    if school or (re.fullmatch(f"(?:{MARK})*(?:期末|学期末|学年末|年末|期初|学年初)?(?:{MARK})*", subject) and subject):
        return Head("enrollment", "", subject)
    return None


_LABEL = re.compile(r"(?:^|[,;。、(]|[一二三四五六七八九]是)([^,;。:、(\d]{2,14}率):[^;。]*$")


def _topic(s: Situation, number: Number, left: str) -> Head | None:
    """The head that a bare subject takes up: that of a label (毕业率:小学…), after a semicolon that of the sentence,
    else the last one."""
    if label := _LABEL.search(left):
        name = s.lexicon.ending(label[1])
        if name and name.code and fits(s, name.code, number, name.word):
            return Head(name.code, name.word, label[1])
    candidates = [s.first, s.topic] if ";" in left else [s.topic, s.first]
    return next((t for t in candidates if t is not None and t.code and fits(s, t.code, number, t.word)), None)


_HEADED_SIGN = re.compile("[率例重比数],")
_HEADED = re.compile(
    r"(?:^|[;。])(?:[^,;。]{0,20}?)([^,;。:\d]{2,16}(?:率|比例|比重|占比|人数|总数|数)),([^,;。\d]{0,12})$"
)


def _headed(s: Situation, number: Number, left: str) -> Head | None:
    """大班额比例,小学由6.7%压减到3.9%: the name stands alone before a comma."""
    found = _HEADED.search(left) if _HEADED_SIGN.search(left) else None
    name = s.lexicon.ending(found[1]) if found else None
    if found is None or name is None or not name.code or not fits(s, name.code, number, name.word):
        return None
    subject, _ = strip_joining(found[2])
    if subject and special.is_subject(s, subject):
        return Head(name.code, name.word, subject, None)
    return None


def _ranked(s: Situation, number: Number, left: str) -> Head | None:
    """普高升学率位列全市第二,达86.4%: the name stands one clause before."""
    clause = left[max(left.rfind(";"), left.rfind("。")) + 1 :]
    if (part := _PART_RANKED.match(clause)) and s.topic and fits(s, s.topic.code, number, s.topic.word):
        return Head(s.topic.code, s.topic.word, part[1])
    if "," not in clause or clause[-1] not in "达到为仅有共约只":  # with which what follows the name ends
        return None
    names = [name for name in s.lexicon.names_in(clause) if name.code and fits(s, name.code, number, name.word)]
    if names and _RANKED.match(clause[names[-1].end :]):
        return Head(names[-1].code, names[-1].word, clause[: names[-1].end])
    return None
