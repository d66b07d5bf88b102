"""The level that leads a sentence, a paragraph or a section, for what is told in it under no other."""

from __future__ import annotations

import re

from etl.reports.dims import bare, is_mixed, level_of, levels_of
from etl.reports.found import Found, Head, Situation

# counts of the same pupils, one after another
OF_ONE = frozenset(
    {"enrollment", "entrants", "graduates", "boarders", "transfer_in", "transfer_out", "suspended", "resumed"}
)
OF_ALL = re.compile("[,、]?全[校园县市区镇乡]")


def of_schools_told(s: Situation, code: str) -> str | None:
    """小学2所、教学点5个,拢共486名学生: the pupils of the schools of one level with which the sentence begins."""
    told = {f.dims.get("level") for f in s.bound if f.code != "teaching_points"}
    if (
        code != "enrollment"
        or len(told) != 1
        or {f.code for f in s.bound} - {"schools", "teaching_points", "classes"}
        or OF_ALL.search(s.masked)
    ):
        return None
    clause = s.clause_before(s.at)
    return told.pop() if _THEIR_PUPILS.fullmatch(clause) and not levels_of(clause) else None


_THEIR_PUPILS = re.compile("(?:拢共|一共|总共|共有?|合计|总计|现)+(?:在校)?(?:学生)?(?:有)?")


# 小学招生4215人,…;毕业4688人;在校生27846人: one level leads the sentence, and no other is named in it
_LED_BY_LEVEL = re.compile(
    "(?:•(?:[^,。;:\\d]{2,8}:)?|\x01|,|[(][一二三四五六七八九十]{1,2}[)]|\\d{1,2}[、.]|全[县市区镇乡]|其中| )*"
    "(?:普通)?(?:小学|初中|高中|中职|幼儿园|学前)(?:部|阶段|教育|学校)?(?:现有|共有|有|共|今年|秋季|\x01)*(?:招生|毕业|在校|在园|在籍|新生|学生|入园)"
)
_OF_LED = OF_ONE | {"left_behind_children", "left_behind_share", "boarder_share", "preschool_experience_share"}


def of_the_led(s: Situation, code: str) -> str | None:
    """The level that leads a sentence, for the pupils counted after a semicolon under no other level."""
    if (
        code not in _OF_LED
        or ";" not in s.masked[: s.at]
        or not _LED_BY_LEVEL.match(s.masked)
        or not _goes_level_by_level(s)
    ):
        return None
    segment = s.segment_before(s.at)
    told = {level for _, level in s.levels}
    if len(told) != 1 or levels_of(segment) or re.search("[全共总][县市区镇乡校计数]?|各级", segment):
        return None
    return told.pop() if {f.dims.get("level") for f in s.bound if f.code in _OF_LED} == told else None


def _goes_level_by_level(s: Situation) -> bool:
    """Whether a section is on levels of schools, another sentence is led by a level too, or two counts of the level stand
    before the semicolon; 今年小学招生3012人,较去年减少246人;在校生18420人 may have gone on to all."""
    if _ON_LEVELS.search(s.title_and_headings) or s.masked.startswith("•"):
        return True
    cut = s.masked.find(";")
    counted = sum(f.start < cut and s.indicator(f.code).unit == "person" for f in s.bound)
    return counted > 1 or len(_LEADING.findall(s.paragraph.text)) > 1


# 小学在校生19684人,…。教学班521个,平均班额37.8人: the classes of the pupils of whom the sentence before told
_CLASSES_NEXT = re.compile(
    "(?:现|共|设)*有?(?:教学班|班级|平均班额)(?!.*(?:小学|初中|高中|幼儿|中职|全[县市区镇乡]|其中))"
)


def leads(s: Situation) -> str | None:
    """The one level that leads a sentence on pupils."""
    told = {f.dims.get("level") for f in s.bound}
    return told.pop() if len(told) == 1 and _LED_BY_LEVEL.match(s.masked) else None


def tells_of_classes(text: str) -> bool:
    """Whether a sentence begins with classes and names no level or place."""
    return bool(_CLASSES_NEXT.match(text))


_ON_LEVELS = re.compile("(?:义务|小学|初中|高中|学前|职业|基础)(?:阶段)?教育(?!局|体育)")
_LEADING = re.compile("(?:^|。)(?:普通)?(?:全[县市区镇乡])?(?:小学|初中|高中|中职|幼儿园)(?:招生|毕业|在校|在园)")


_LEAD = re.compile(
    "(?:[(][一二三四五六七八九十]{1,2}[)]|[一-鿿]{1,6}:)?((?:小学|初中|高中|幼儿园|学前)(?:部分|方面|这边|这一?块儿?|学段|阶段|部)),"
)


_NUMBER = re.compile("^(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十\\d]{1,3}[)]|\\d{1,2}[、.])")


def headings_of(s: Situation) -> list[str | None]:
    """The levels that the label, the first words and the headings of a paragraph set, from the nearest on; none where the
    sentence has turned to the schools of several (全镇中小学转入41人,转出57人)."""
    if _turned_to_several(s):
        return []
    found = []
    label = re.match(r"([^,。;:\d]{2,8}):", s.paragraph.text)  # 高中教育:毛入学率…
    lead = _LEAD.match(s.paragraph.text)
    for heading in (
        *([label[1]] if label and not re.search("义务|特", label[1]) else []),
        *([lead[1]] if lead else []),
        *reversed(s.paragraph.headings),
    ):
        named = levels_of(heading)
        if len(named) == 1 and not is_mixed(heading) and ("教育" in heading or len(_NUMBER.sub("", heading)) <= 10):
            found.append(named[0])
    return list(found)


def _turned_to_several(s: Situation) -> bool:
    segment = s.segment_before(s.at)
    at = segment.rfind("中小学")
    return at >= 0 and not levels_of(segment[at:])


# 幼儿园在园幼儿应检1226人,实检1212人,体检率98.86%;视力异常检出率9.82%
_OF_OTHERS = re.compile("全[县市区镇乡校]|[共总各]|学生|中小学|其中|教职工|教师")


# 对全镇小学生进行了健康体检,检出近视…,近视率…
_EXAMINED = re.compile(
    "[对为](?:全[县市区镇乡校园])?(?:的)?(小学生|初中生|高中生|幼儿园幼儿|在园幼儿|幼儿|小学新生)[^,。;]{0,6}(?:进行|开展|实施)(?:了)?[^,。;]{0,8}(?:体检|检查|筛查|监测|测评)[^。]*$"
)


def of_those_examined(s: Situation, named: str | None) -> str | None:
    """The level of those whom the sentence examined; unless one is named, the one level of the part before the last semicolon."""
    if examined := _EXAMINED.search(s.masked[: s.at]):
        return level_of(examined[1])
    if named is not None:
        return None
    cut = s.masked.rfind(";", 0, s.at)
    before = [f for f in s.bound if f.start < cut]
    told = {f.dims.get("level") for f in before}
    covered = any(f.code == "student_exam_coverage" for f in before)
    if cut < 0 or len(told) != 1 or not covered or not told & {*levels_of(s.masked[:cut])}:
        return None
    segment = s.segment_before(s.at)
    alone = len(levels_of(s.masked[:cut])) == 1 and not is_mixed(s.masked[:cut])
    return told.pop() if alone and not levels_of(segment) and not _OF_OTHERS.search(segment) else None


_URGED = re.compile("[人名个](?:学生)?,(?:均|已|全部|经)?劝返(?:了|回|复学|返校)?")


def of_those_gone(s: Situation, code: str) -> str | None:
    """小学段463人、初中段308人,初中段疑似辍学2人,劝返2人: the level of the dropouts counted right before those who came back."""
    last = s.bound[-1] if s.bound else None
    if (
        last is None
        or code != "dropout_returned_count"
        or last.code not in ("suspected_dropout_count", "dropout_count")
    ):
        return None
    alone = not any(f.code == last.code for f in s.bound[:-1])
    return last.dims.get("level") if alone and _URGED.fullmatch(s.masked[last.end : s.at]) else None


def of_all_compared(s: Situation) -> Found | None:
    """查验率99.84%,幼儿园和小学分别为99.86%、99.82%,比上年的99.61%: the value of all before the list of its levels."""
    last = s.bound[-1] if s.bound else None
    same = [f for f in s.bound if last is not None and f.code == last.code and f.entity == last.entity]
    listed = [f for f in same if f.rule == "aligned_list"]
    if last is None or last.rule != "aligned_list" or len({f.dims.get("level") for f in listed}) < 2:
        return None
    whole = same[0]
    return (
        whole
        if whole.rule != "aligned_list" and whole.dims.get("level") not in {f.dims.get("level") for f in listed}
        else None
    )


def topic_compared(s: Situation) -> Head | None:
    """What a value without a name is compared with: the topic, or all before the list of its levels."""
    of_all = s.topic is not None and of_all_compared(s) is not None
    return Head(s.topic.code, bare(s.topic.word), bare(s.topic.word)) if s.topic is not None and of_all else s.topic


_ITS_YEARS = re.compile("(?<!小学)[一二三]年级(?![^,。;]*小学)")


def of_its_years(named: str | None, school: str | None, phrase: str) -> str | None:
    """The level that a phrase names, which for the years of a vocational school (一年级712人) is that of the school."""
    return school if named == "PRI" and school in ("SEN", "VOC") and _ITS_YEARS.search(phrase) else named


_MIGRANTS = frozenset({"migrant_children", "migrant_public_place_share"})


def after_disabled(s: Situation, code: str, cut: int) -> bool:
    """初中巩固率98.4%,残疾儿童入学率96.8%,随迁子女…: after the disabled of all levels, whether since `cut`, come the migrants of
    all levels."""
    last = s.bound[-1] if s.bound else None
    disabled = last is not None and last.start > cut and last.code == "disabled_enrollment_rate"
    return code in _MIGRANTS and last is not None and disabled and last.dims.get("level") in (None, "CE")


_LEAVERS = re.compile(
    r"(?P<PRI>(?:小学|六年级)[^,。;\d]{0,8}毕业|升入初中)|(?P<JUN>(?:初中|九年级|初三)[^,。;\d]{0,8}(?:毕业|参加中考)|参加中考)"
)


def left_from(s: Situation) -> str | None:
    """小学毕业357人,升入初中357人,升学率100%: the level that those who moved on had left."""
    segment = s.segment_before(s.at)
    told = [m.lastgroup for m in _LEAVERS.finditer(segment)]
    own = s.report.own_level
    nine = own == "CE" or (own is None and re.search("九年级|初三|初中", s.masked[: s.at]))
    if not told and nine and re.search("升入(?:普通)?(?:高中|普高|中职)", segment):
        return "JUN"  # of a school of nine years; 九年级毕业321人;升入高中312人,升学率97.2%
    return told[0] if told and len({*told}) == 1 else told[-1] if told and told[-1] == "JUN" else None
