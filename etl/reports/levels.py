"""The level of an observation: named with it, told by its name, carried on, or set by heading and issuer."""

from __future__ import annotations

import re

from db.catalogue import Indicator
from etl.reports.dims import WITH_CHILDREN, bare, is_mixed, is_of_several, level_of, levels_of
from etl.reports.found import STOCKS, Situation
from etl.reports.led import (
    OF_ALL,
    OF_ONE,
    after_disabled,
    headings_of,
    left_from,
    of_all_compared,
    of_its_years,
    of_schools_told,
    of_the_led,
    of_those_examined,
    of_those_gone,
)
from etl.reports.nameless import kind_of
from etl.reports.places import Subject
from etl.reports.whose import of_those_checked, who_is_vaccinated, whose_certificates

# Told of a place as a whole, unless the count itself names a level.
_OF_THE_WHOLE = frozenset({"teaching_points", "childcare_points", "schools_merged"})
_ALL_SCHOOLS = re.compile("(?<![中小])学校(?:食堂|餐厅|饮用水|卫生)")
# Health of pupils, told of the same pupils as the counts before it.
_OF_PUPILS = frozenset({
    "student_exam_coverage", "student_exam_pass_rate", "entry_exam_rate", "myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate",
    "anemia_rate", "sick_absence_rate", "morning_check_rate", "infectious_cases", "cluster_event_count", "foodborne_event_count",
})  # fmt: skip
_OF_UNIVERSE = frozenset(
    {
        "entrants",
        "graduates",
        "final_year_students",
        "enrollment",
        "boarders",
        "boarder_share",
        "teachers",
        "staff",
        "classes",
        "average_class_size",
        "large_class_share",
        "pupil_teacher_ratio",
    }
)
# told of a part of the pupils and classes of the sentence before: 其中56人以上的班39个,大班额比例3.42%
_OF_PART = _OF_UNIVERSE | {"large_class_share", "left_behind_children", "left_behind_share"}
_OF_CASES = frozenset(
    {"dropout_return_rate", "dropout_returned_count", "hygiene_rectification_rate", "vac_catchup_rate"}
)
# told under 义务教育 of all schools alike, as are canteens, health and vaccination
_OF_ANY_STAGE = frozenset({"transfer_in", "transfer_out", "suspended", "resumed", "withdrawn", "disabled_students", "schools_merged"})  # fmt: skip
OF_ALL_SCHOOLS = ("hygiene", "vaccination")  # domains
_OF_MANY = ("省", "市", "县", "区")  # kinds of issuers
OF_DISABLED = frozenset({"disabled_students", "disabled_enrollment_rate", "out_of_school_count"})
_ENTERED = frozenset({"net_enrollment_rate", "school_age_population"})  # 适龄儿童1109人,入学率99.73%,未入学的3人
# a report on 义务教育优质均衡 counts the pupils of compulsory education
_ON_BALANCE = re.compile("义务教育(?:优质|基本)?均衡")
_OF_BALANCE = frozenset({
    "migrant_children", "migrant_public_place_share", "disabled_students", "disabled_enrollment_rate",
})  # fmt: skip
_AMONG = re.compile(r"(?:在|从)?([^,。;\d]{2,12})(?:当?中|里|来看|方面),")


_AGED = {"school_age_population"}
_GONE = frozenset({"suspected_dropout_count", "dropout_count", "dropout_return_due", "dropout_returned_count"})


def _by_years(code: str, phrase: str) -> str | None:
    """三年巩固率 is that of junior secondary, 六年 of primary, 九年 of compulsory education."""
    found = re.search("([三六九])年(?:保留率|巩固率)", phrase) if code == "retention_rate" else None
    if found and found[1] == "三" and re.search("高中|普高|高一|中职", phrase):
        return None
    return {"三": "JUN", "六": "PRI", "九": "CE"}[found[1]] if found else None


def _named_level(s: Situation, code: str, phrase: str, word: str) -> str | None:
    """The level that the words of the number itself name, or that its name implies."""
    senior = "高中" if "高中" in s.masked[: s.at] or s.report.own_level in ("SEN", "VOC") else ""
    named = level_of(phrase) or level_of(word) or _by_years(code, phrase + senior)
    township = s.report.issuer.kind in ("乡", "镇")
    if named is None and code == "schools" and township and re.search("(?<![小全级通])中学$", phrase):
        return "JUN"  # the 中学 of a township
    if named is None and code == "net_enrollment_rate" and ("学龄儿童" in phrase or s.report.stage == "PRI"):
        return "PRI"
    if named is None and code == "graduates" and (went := _WENT_UP.match(s.masked, s.at)):
        return "PRI" if went[1].startswith("初") else "JUN"  # 毕业118人,全部升入初中
    if code == "transition_rate" and word:
        return "SEN" if "普高升学" in word or "高中升学" in word else named or left_from(s)
    return named


def _tells_no_one(indicator: Indicator, phrase: str) -> bool:
    """Whether the words of a number name pupils or schools of several levels at once."""
    if is_mixed(phrase) and (not levels_of(phrase) or re.search("中小学", re.split("[,;]", phrase)[-1])):
        return True
    if indicator.unit == "person" and re.search("小学(?:、|和|及)初中(?:阶段|学校)?[^、,;]{0,8}$", phrase):
        return True  # 在小学、初中随班就读198人
    # 小学28家,中学30家: junior and senior secondary schools
    return indicator.code != "schools" and is_of_several(bare(phrase))


def told_level(s: Situation, indicator: Indicator, phrase: str, subject: Subject | None, word: str = "") -> str | None:
    """The level of an observation: named with it, told by its name, carried on, or set by heading and issuer."""
    code = indicator.code
    if _tells_no_one(indicator, phrase):
        return None
    allowed = indicator.levels
    if len(allowed) == 1 and allowed[0] != "ALL":
        return allowed[0]
    named = _named_level(s, code, phrase, word)
    between = s.masked[_numbers_before(s) : s.at]
    if level_of(phrase) and "共" in between and len(levels_of(s.clause_before(s.at))) > 1:
        return None  # 59所幼儿园、33所小学共迎来新生6872名
    above = _above(s, subject) if code != "teaching_points" else []
    inside = re.search(r"[(][^()]*$|其中", s.masked[: s.at])
    listed = inside and not re.search("另|此外", s.clause_before(s.at))
    apart = code in _OF_THE_WHOLE and not listed
    carried = None if apart else _from_before(s, phrase, code)
    if code in OF_DISABLED and (subject is None or subject.kind not in ("校", "园")):
        if carried == "SPE":
            return named if named in allowed else None
        entered = code == "out_of_school_count" and bool(s.bound) and s.bound[-1].code in _ENTERED
        carried = s.bound[-1].dims.get("level") if entered else carried
        if carried and s.bound and not entered and s.bound[-1].code not in OF_DISABLED:
            carried = None
        above = [level for level in above if level != "SPE"]  # most of them do not go to special schools
    carried = _still_meant(s, code, phrase, carried)
    if carried is None and code in _OF_HEALTH:
        carried = of_those_examined(s, named)
    if (shared := _of_counted_whole(s, code)) is not None and not levels_of(s.clause_before(s.at)):
        named, carried = shared or None, None
    if carried is None and named is None and indicator.domain == "vaccination":
        carried = whose_certificates(s) or who_is_vaccinated(s) or of_those_checked(s)
    if named is None and carried is None and code in _OF_STAGE and _LED_BY_STAGE.match(s.masked):
        carried = "CE" if s.bound and s.bound[0].dims.get("level") == "CE" else None
    of_school = _of_subject(s, subject) or _of_nameless(s, subject)
    named = of_its_years(named, of_school or s.report.own_level, phrase)
    if of_school == "CE" and (subject is None or subject.own or (subject.name or "") not in s.clause_before(s.at)):
        # a school of nine years reports on its 小学部 and its 初中部
        of_school = next((one for one in (carried, *headings_of(s)) if one in ("PRI", "JUN")), of_school)
    above = _of_compulsory_age(s, code, above)
    for candidate in (named, of_school, carried, _of_whole(s, code), *above):
        if candidate and candidate in allowed:
            return candidate
        if candidate:
            return None
    return None


def _from_before(s: Situation, phrase: str, code: str) -> str | None:
    """The level that the words and counts before the number set for it."""
    return of_the_led(s, code) or of_those_gone(s, code) or _carried(s, phrase, code) or of_schools_told(s, code)


def _of_whole(s: Situation, code: str) -> str | None:
    """The level of the schools that the paragraph counts as a whole, or of what the sentence before counted."""
    whole = (s.universe or _of_schools_ahead(s)) if code in _OF_UNIVERSE else None
    if whole != "CE" and is_mixed(s.segment_before(s.at)):
        return None  # 各级各类民办学校338所,在校学生8.21万人
    if whole != "CE" and any(level != whole for _, level in s.levels):
        whole = None  # 小学12所,…。初中2所,教学班30个: the sentence tells of others
    return whole or (s.of_before if code in _OF_PART and len(s.bound) < 3 else None)


def _of_schools_ahead(s: Situation) -> str | None:
    """全市共有幼儿园629所,…;专任教师9846人: the one level of a sentence that begins with its schools."""
    first = s.bound[0] if s.bound else None
    level = first.dims.get("level") if first is not None and first.code == "schools" else None
    if level == "CE" and "义务教育" in s.masked[: s.bound[0].start] and not levels_of(s.segment_before(s.at)):
        return "CE"  # 义务教育学校63所,其中小学42所…;在校生29417人,其中小学…;专任教师2318人
    return level if level and all(each == level for _, each in s.levels) else None


def _of_compulsory_age(s: Situation, code: str, above: list[str | None]) -> list[str | None]:
    """What heading and issuer set, with compulsory education where the report or the words mean its pupils, and without it
    for what is told of all schools alike."""
    apart = code in _OF_ANY_STAGE or s.indicator(code).domain in OF_ALL_SCHOOLS
    if apart and s.report.own_level != "CE":
        above = [level for level in above if level != "CE"]
    aged = code == "disabled_enrollment_rate" and "适龄残疾" in s.masked[: s.at] and s.report.issuer.kind in _OF_MANY
    balanced = code in _OF_BALANCE and bool(_ON_BALANCE.search(s.report.title))
    return [*above, "CE"] if aged or balanced else above


def _still_meant(s: Situation, code: str, phrase: str, carried: str | None) -> str | None:
    """The level carried on, unless the words of the number turn to others."""
    if carried == "CE" and code in _GONE and {f.code for f in s.bound if f.dims.get("level") == "CE"} == _AGED:
        return None  # 全区6至15周岁人口31877人,…下发疑似失学名单204人
    if code == "transition_rate" and carried in ("SEN", "VOC") and "SEN" not in levels_of(phrase):
        return None  # 考上普通高中的201人,…升学率96.71%: those who went on had left another level
    if carried == "CE" and code in _OF_PUPILS and "学生" in phrase:
        return None  # 义务教育巩固率99.5%,学生体检覆盖率98.2%: of all pupils
    return None if carried == "KG" and "入学" in phrase else carried  # 入托儿童查验率…,入学儿童查验率…


# 义务教育阶段在校学生33548人(…),专任教师2318人;留守儿童1.13万人
_LED_BY_STAGE = re.compile(
    r"(?:•|\x01|,|[(][一二三四五六七八九十]{1,2}[)]|\d[、.]|截[至止]|[底末初]|全[县市区镇乡]|目前|现)*(?:共?有)?义务教育(?:阶段|学校|(?=在校|学生))"
)
_OF_STAGE = _OF_UNIVERSE | {"left_behind_children", "left_behind_share", "migrant_children"}
_WENT_UP = re.compile(r"[\d,]+[人名](?:学生)?,(?:全部|全都|均|都|已)*升入(?:普通)?(初中|初级中学|高中|中职)")
_SHARE_OF = {
    "left_behind_share": "left_behind_children", "boarder_share": "boarders",
    "migrant_public_place_share": "migrant_children", "dropout_return_rate": "dropout_returned_count",
    "hygiene_rectification_rate": "hygiene_findings_closed",
}  # fmt: skip


def _of_counted_whole(s: Situation, code: str) -> str | None:
    """留守儿童5347人,其中小学3712人、初中1635人,占在校生的17.13%: the share is that of all who were counted, whose level
    this is ("" for none); None when they were not counted by parts."""
    counts = [f for f in s.bound if f.code == _SHARE_OF.get(code) and f.start > s.masked.rfind(";", 0, s.at)]
    if len(counts) < 3 or s.masked.find("其中", counts[0].end, counts[1].start) < 0:
        return None
    parts = sum((f.value for f in counts[1:]), start=counts[0].value * 0)
    return counts[0].dims.get("level", "") if parts == counts[0].value else None


_OF_HEALTH = frozenset({
    "myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate", "anemia_rate", "student_exam_coverage", "student_exam_pass_rate",
})  # fmt: skip


def _of_subject(s: Situation, subject: Subject | None) -> str | None:
    if subject is None or not subject.name or subject.kind not in ("校", "园"):
        return None
    if re.search("第?[一二三四五六七八九十]{1,2}中(?:学)?$", subject.name) and subject.name != s.report.issuer.name:
        if subject.name[0] in "镇乡":
            return "JUN"  # a township has no senior secondary school
        return level_of(subject.name)  # 白鹤一中 may be a senior or a junior secondary school
    short = {"小": "PRI", "中": "JUN", "幼": "KG"}.get(subject.name[-1])
    if level_of(subject.name) is None and re.search(r"中学?$", subject.name):
        if subject.name == s.report.issuer.name:
            return "CE" if s.report.own_level == "CE" else s.report.stage
        return "JUN"
    return level_of(subject.name) or ("PRI" if subject.name.endswith("教学点") else short)


def _of_nameless(s: Situation, subject: Subject | None) -> str | None:
    """The kind of a school whose name is left out, unless the clause turns to all schools of the place."""
    if not s.report.hides_names:
        return None
    unnamed = subject is None or (subject.name is None and not subject.several and not subject.foreign)
    if not unnamed or _OF_PLACE.search(s.clause_before(s.at)):
        return None
    return kind_of(s.masked[: s.at]) or s.nameless


_OF_PLACE = re.compile("[全各][省市县区镇乡]|平均")


def _carried(s: Situation, phrase: str, code: str) -> str | None:
    """The one level named since the last semicolon, unless the phrase turns to a whole."""
    if s.bound and s.bound[-1].code == code and _AGAINST.search(s.clause_before(s.at)):
        return (of_all_compared(s) or s.bound[-1]).dims.get("level")  # 全校综合40.3%,较上年的41.7%有所下降
    cut = s.masked.rfind(";", 0, s.at)
    if s.masked.startswith((";其中", ";其中女"), cut):
        cut = s.masked.rfind(";", 0, cut)
    named = {level for at, level in s.levels if cut < at < s.at and not _in_brackets(s, at)}
    if not named and (among := _AMONG.match(s.masked)) and among.end() <= s.at:
        named = set(levels_of(among[1]))  # 在小学新生中,麻腮风疫苗…,甲肝疫苗…
    if not named and s.indicator(code).domain in ("enrollment", "dropout") and (lead := _clause_ahead(s, phrase)):
        named = set(lead)  # 初中部连续六年零辍学,巩固率100%
    if _WITH_KINDERGARTENS.search(s.clause_before(s.at)):
        return None  # 在校(园)学生, 在校学生(幼儿) are those of all levels
    visited = [f for f in s.bound if f.code == "hygiene_inspected_count" and f.start > cut]
    by_level = any(f.code == code and f.start > visited[0].start for f in s.bound) if visited else False
    if len({f.dims.get("level") for f in visited}) > 1 and not by_level:
        return None  # 学校86所、托幼机构54所: what follows is about all of them
    listed = s.masked.rfind("其中", cut + 1, s.at)
    between = s.masked[_numbers_before(s) : s.at]
    if _WITHIN.match(between) and s.bound and s.bound[-1].end >= _numbers_before(s) - 3:
        return s.bound[-1].dims.get("level")  # 其中小学20318人,内有寄宿生1205人
    if listed >= 0 and code in _OF_CASES and code not in {f.code for f in s.bound if f.start > listed}:
        return None  # 需劝返50人,其中普通学校就读31人、职教中心就读15人,劝返率100%
    if listed >= 0 and between.startswith(",") and code in OF_ONE and s.bound and s.bound[-1].code != code:
        parts = [f for f in s.bound if f.start > listed]
        if parts and {f.code for f in parts} == {s.bound[-1].code} and len(parts) == 1:
            before = {level for at, level in s.levels if cut < at < listed}
            return before.pop() if len(before) == 1 else None  # 休学6人,其中初中4人,复学3人
    so_far = [level for at, level in s.levels if cut < at < s.at]
    if so_far and between.startswith("、") and s.bound and {s.bound[-1].code, code} <= OF_ONE:
        return so_far[-1]  # 小学转入7人、转出15人,初中转入2人、转出6人、因病休学3人
    if _turns_to_others(s, cut, code) or _turns_to_all(s, cut, code) or _ALL_SCHOOLS.search(phrase):
        return None
    whole = phrase + s.clause_before(s.at)
    last = [level for at, level in s.levels if cut < at < s.at][-1:]
    if (told := _of_the_same(s, between, last, phrase, code)) is not None:
        return told
    if len(named) > 1 and last and (between.startswith("、") or _repeats(s)):
        if code not in {f.code for f in s.bound if f.start > cut and f.dims.get("level") not in (None, *last)}:
            return None  # 初中流失率1.2%,小学流失率0,年内流失学生16人
        named = set(last)  # 小学入学率100%、巩固率99.9%,初中入学率99.7%、巩固率98.3%
    if not named and code in ("enrollment", "entrants", "graduates") and s.bound and s.bound[0].code == "schools":
        named = {f.dims["level"] for f in s.bound if "level" in f.dims}  # 中等职业学校2所,招生1690人;在校生5204人
    here = levels_of(s.clause_before(s.at))
    if len(named) == 1 and {*here} == named and between.startswith("、"):
        return named.pop()  # 全镇小学转入58人、转出71人
    if len(named) != 1 or any(word in whole for word in ("共", "总", "全县", "全区", "全市", "全镇", "全乡", "全校")):
        return None
    return named.pop()


_WITH_KINDERGARTENS = re.compile(f"[(]园[)]|{WITH_CHILDREN}")
_COUNTED_BY = {
    "dropout_rate": "dropout_count", "left_behind_share": "left_behind_children", "boarder_share": "boarders",
    "graduation_rate": "graduates",
}  # fmt: skip


def _clause_ahead(s: Situation, phrase: str) -> tuple[str, ...]:
    """The levels of the clause right before, if it holds no number and what follows names nothing else."""
    between = s.masked[_numbers_before(s) : s.at]
    ahead, comma, bare = between.rpartition(",")
    if not comma or not phrase.startswith(bare.strip("达到为是") or "\0") or not 2 <= len(ahead) <= 24:
        return ()
    return levels_of(ahead.rsplit(",", 1)[-1])


def _of_the_same(s: Situation, between: str, last: list[str], phrase: str, code: str) -> str | None:
    """The level of the count before, of which a number tells more: in brackets right behind it, or of the same pupils."""
    before = s.bound[-1] if s.bound else None
    if before is None or code in _OF_THE_WHOLE:
        return None
    if between.startswith("(") and ")" not in between and before.end >= _numbers_before(s) - 3:
        return before.dims.get("level")  # 初中辍学率0.31%(辍学23人)
    bare = between.startswith(",") and phrase.startswith(between.strip(","))
    if bare and _COUNTED_BY.get(code) == before.code:
        return before.dims.get("level")  # 小学辍学率为零,初中辍学9人,辍学率0.8%
    if bare and {before.code, code} <= OF_ONE and before.code != code and last == [before.dims.get("level")]:
        return last[0]  # 普高…,中等职业学校在校生3915人,招生1406人
    return None


_WITHIN = re.compile("[,、(](?:内有|内含)")


def _in_brackets(s: Situation, at: int) -> bool:
    """Whether a place stands in brackets that close before the reading (在校学生…(小学…人、初中…人),专任教师…)."""
    opened = s.masked.rfind("(", 0, at)
    closed = s.masked.find(")", at)
    return opened > s.masked.rfind(")", 0, at) and 0 <= closed < s.at


def _turns_to_others(s: Situation, cut: int, code: str) -> bool:
    """小学入学率100%,食堂持证率98%,教师2316人: what was told of pupils of a level says nothing of canteens, health or staff."""
    if after_disabled(s, code, cut):
        return True
    told = [s.indicator(f.code) for f in s.bound if cut < f.start < s.at]
    if not told or any(one.domain not in ("enrollment", "dropout") for one in told):
        return False
    here = s.indicator(code)
    by_rates = all(one.unit == "percent" for one in told) and code in STOCKS and here.domain != "enrollment"
    return by_rates or (here.domain == "hygiene" and code not in _OF_PUPILS)


def _turns_to_all(s: Situation, cut: int, code: str) -> bool:
    """初中在校生…,小学在校生…,教职工…: one count was told level by level, what follows is another count of all."""
    told = [(f.code, f.dims.get("level")) for f in s.bound if cut < f.start < s.at and not _in_brackets(s, f.start)]
    if code == "classes" and _SPREAD_OVER.match(s.masked, _numbers_before(s)):
        return False  # 小学2482人,分布在64个教学班
    counts = {c for c, _ in told if s.indicator(c).unit != "percent"}
    by_level = any(len({lv for c, lv in told if c == one and lv}) > 1 for one in counts)
    if len({lv for c, lv in told if c == code}) > 1 and OF_ALL.match(s.clause_before(s.at)):
        return True  # 近视率小学部31.2%,初中部57.9%,全校综合40.3%
    return by_level and code not in {c for c, _ in told}


_SPREAD_OVER = re.compile(",(?:分布在|分布于|编成|编为|分成|分为)")
_AGAINST = re.compile("(?:较|比)[^,。;]{0,6}的?$")


def _numbers_before(s: Situation) -> int:
    """Where the last number before the reading ends."""
    return max((x.tail for x in s.numbers if x.tail <= s.at), default=0)


def _repeats(s: Situation) -> bool:
    """Whether the same indicator was read for an earlier level already: the text goes level by level."""
    codes = [f.code for f in s.bound]
    return len(set(codes)) < len(codes)


def _above(s: Situation, subject: Subject | None) -> list[str | None]:
    issuer = s.report.issuer
    school = subject is None or subject.kind in ("校", "园")
    if subject is not None and not subject.own and (school or issuer.kind in ("校", "园")):
        return [*headings_of(s)]
    title = s.report.title
    on_kindergartens = re.search("学前教育|幼儿园|托幼|园所", title) and not re.search(
        "学校|小学|中学|教育职责|义务教育|(?:及|和|与|暨)学前", title
    )
    topical = "KG" if issuer.kind not in ("校", "园") and on_kindergartens else None
    return [*headings_of(s), s.report.own_level, topical]
