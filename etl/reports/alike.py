"""One number said of several names or subjects: 小学入学率、巩固率均达100%; 城关街道、河口镇均为100%."""

from __future__ import annotations

import re

from etl.reports.build import fits
from etl.reports.dims import bare, levels_of
from etl.reports.found import Situation
from etl.reports.lexicon import Name
from etl.reports.listed import add_named, mood_of
from etl.reports.numbers import Number
from etl.reports.phrases import Coordination, is_place

_EACH = re.compile("均|都")


def same_for_subjects(s: Situation, number: Number, core: str, joined: str) -> int:
    """从查验率看,城关街道、河口镇均为100%; 小学、初中巩固率分别为…,辍学率均控制在0.1%以下: subjects without the name, or the
    name without its subjects. Returns how many numbers it dealt with, 0 for none."""
    if not number.is_rate or not _EACH.search(joined) or mood_of(s, number) is not None:
        return 0
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
    for n, name in enumerate(many.names):
        if many.paired:
            done += add_named(s, number, name, many.subjects[n] + name.word, joined)
        elif many.subjects:
            done += sum(add_named(s, number, name, subject + name.word, joined) for subject in many.subjects)
        else:
            done += add_named(s, number, name, many.lead + name.word, joined)
    return 1 if done else 0
