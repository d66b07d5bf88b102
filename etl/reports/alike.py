"""One number said of several names or subjects: 小学入学率、巩固率均达100%; 城关街道、河口镇均为100%."""

from __future__ import annotations

import re

from etl.reports.dims import bare, levels_of
from etl.reports.fitting import fits
from etl.reports.found import Situation
from etl.reports.lexicon import Name
from etl.reports.listed import add_named, mood_of
from etl.reports.numbers import Number
from etl.reports.phrases import Coordination, is_place

_EACH = re.compile("均|都")


def same_for_subjects(s: Situation, number: Number, core: str, joined: str) -> int:
    """从查验率看,城关街道、河口镇均为100%; 小学、初中巩固率分别为…,辍学率均控制在0.1%以下: subjects without the name, or the
    name without its subjects. Returns how many numbers it dealt with, 0 for none."""
    if not (number.is_rate or number.value == 0) or not _EACH.search(joined) or mood_of(s, number) is not None:
        return 0
    tail = _LEVELS.search(core)
    led = s.lexicon.ending(core[: tail.start()]) if tail else None
    if tail and led and led.code and fits(s, led.code, number, led.word):  # 教师学历合格率小学、初中均为100%
        levels = re.split("、|和|及|与", tail[0])
        return min(1, sum(add_named(s, number, led, item + bare(led.word), joined) for item in levels))
    places = [item for item in re.split("、|和|及|与", core) if item]
    rate = s.topic
    if len(places) > 1 and all(map(is_place, places)) and rate and rate.code and fits(s, rate.code, number, rate.word):
        return min(1, sum(add_named(s, number, Name(0, 0, rate.code, ""), place, joined) for place in places))
    name = s.lexicon.ending(core)
    alone = name is not None and bool(name.code) and core.strip("、和及与,") == name.word
    if name is None or not alone or len(s.listed) < 2 or not all(map(levels_of, s.listed)) or levels_of(name.word):
        return 0
    return min(1, sum(add_named(s, number, name, subject + bare(name.word), joined) for subject in s.listed))


def same_for_all(s: Situation, number: Number, many: Coordination, joined: str) -> int:
    """小学入学率、巩固率均达100%; 小学和初中辍学率都是0."""
    each = bool(re.search("均|都|各|双双|保持|继续|始终", joined))
    if not each and (len(many.names) == 1 or (number.value and not number.is_rate)):
        return 0  # 教职工、炊事员41人 counts them together
    done = 0
    if len(many.names) == 1 and len(many.subjects) > 1:
        s.listed = many.subjects  # 小学、初中入学率均为100%,辍学率均为0
    for n, name in enumerate(many.names):
        if many.paired:
            done += add_named(s, number, name, many.subjects[n] + name.word, joined)
        elif many.subjects:
            done += sum(add_named(s, number, name, subject + name.word, joined) for subject in many.subjects)
        else:
            done += add_named(s, number, name, many.lead + name.word, joined)
    return 1 if done else 0


_LEVEL = "(?:小学|初中|高中|中职|普高|幼儿园|托幼机构|学前|幼儿|城区|农村|城市|乡镇)(?:学校|学生|生|部|阶段|学段|教育)?"
_OPENING = re.compile("^(?:其中|按?(?:各|分)?(?:学段|阶段)(?:看|来看|分|统计)?),?$")
_LEVELS = re.compile(rf"{_LEVEL}(?:(?:、|和|及|与){_LEVEL})+$")


_BEFORE_RATE = re.compile(rf"({_LEVEL}(?:(?:、|和|及|与){_LEVEL})+)(?:的)?(?P<rate>[^,。;、\d]{{1,6}}率)")


def subjects_then_bare(s: Situation, numbers: list[Number], core: str, joined: str) -> int:
    """托幼机构、小学持证率分别为99.61%和99.28%: levels before a rate whose words alone do not say of what it is, after the same
    rate of all of them."""
    last = next((f for f in reversed(s.bound) if s.indicator(f.code).unit == "percent"), None)
    told = _BEFORE_RATE.fullmatch(_OPENING.sub("", core))
    items = re.split("、|和|及|与", told[1]) if told else []
    if told is None or last is None or len(items) != len(numbers) or mood_of(s, numbers[0]) is not None:
        return 0
    ahead = s.masked[: last.start].rsplit(",", 1)[-1]
    word = told["rate"]
    if word not in ahead or s.lexicon.ending(word) or not all(fits(s, last.code, number, word) for number in numbers):
        return 0
    for number, item in zip(numbers, items, strict=True):
        add_named(s, number, Name(0, len(word), last.code, word), item + word, joined)
    return len(numbers)


def subjects_of_counts(s: Situation, run: list[int], numbers: list[Number], core: str, joined: str) -> int:
    """大班额小学还有6个、初中4个,大班额比例分别为0.85%和1.28%: the levels by which the clause before counted, in their order."""
    name, first = s.lexicon.ending(core), run[0] - len(run)
    if name is None or not name.code or levels_of(core) or first < 0 or mood_of(s, numbers[0]) is not None:
        return 0
    counts = s.numbers[first : run[0]]
    ends = [s.numbers[first - 1].tail if first else 0, *(x.tail for x in counts)]
    labels = [s.masked[a : b.start] for a, b in zip(ends, counts, strict=False)]
    labels[0] = re.split("[,。;:(]", labels[0])[-1]
    levels = [levels_of(label) for label in labels]
    apart = len(set(levels)) == len(levels) and all(len(each) == 1 for each in levels)
    listed = all(re.match("[、,和及]", label) for label in labels[1:]) and len({x.unit for x in counts}) == 1
    behind = s.masked[counts[-1].tail : numbers[0].start]
    if not apart or not listed or any(x.is_rate for x in counts) or not re.match(",[^,。;:]*$", behind):
        return 0
    if not all(fits(s, name.code, number, name.word) for number in numbers):
        return 0
    told = [_LEVEL_OF_LABEL.findall(label)[-1:] for label in labels]
    if not all(told):
        return 0
    for number, (level,) in zip(numbers, told, strict=True):
        add_named(s, number, name, level + bare(name.word), joined)
    return len(numbers)


_LEVEL_OF_LABEL = re.compile("小学|初中|高中|中职|幼儿园|学前")


def name_then_subjects(s: Situation, numbers: list[Number], core: str, joined: str) -> int:
    """近视率小学、初中分别为30.1%、60.2%: one name, then as many levels as numbers; without a name, what was told of
    another level just before (幼儿园2.31%,小学、初中各为0.62%、0.35%)."""
    tail = _LEVELS.search(core)
    items = re.split("、|和|及|与", tail[0]) if tail else []
    if tail is None or len(items) != len(numbers) or mood_of(s, numbers[0]) is not None:
        return 0
    ahead = _OPENING.sub("", core[: tail.start()].strip(",的"))
    name = s.lexicon.ending(ahead) if ahead else _told_before(s)
    if name is None or not name.code or not all(fits(s, name.code, number, name.word) for number in numbers):
        return 0
    for number, item in zip(numbers, items, strict=True):
        add_named(s, number, name, item + bare(name.word), joined)
    return len(numbers)


def _told_before(s: Situation) -> Name | None:
    """The name of the topic, where the number right before this list was bound to it; 比上年下降0.9个百分点 may stand between."""
    last = max((x for x in s.numbers if x.tail <= s.at and x.unit != "points"), key=lambda x: x.tail, default=None)
    if s.topic is None or not s.bound or last is None or s.bound[-1].start != last.start:
        return None
    return Name(0, len(s.topic.word), s.topic.code, s.topic.word)
