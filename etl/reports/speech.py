"""Spoken reports: questions that are answered, names told ahead, people counted with 个, verbs instead of names."""

from __future__ import annotations

import re

from etl.reports.fitting import fits
from etl.reports.found import Head, Situation
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, strip_joining

# 留守的孩子, 辍学的娃娃: what kind of children, told as speech tells it
_CHILDREN = re.compile("(?:的|了的)(?:孩子|娃娃|娃|学生|同学|儿童|小朋友)(?:们)?$")
# 留守的孩子有多少呢?
_ASKED = re.compile(
    r"([^,。;::\d]{2,14}?)(?:现在|目前|一共|总共|到底|究竟)?(?:有|是|达到|为)?(?:多少|几[个所名]?|怎么样|怎样|如何|什么情况)(?:人|个)?呢?$"
)
_TOLD_AHEAD = re.compile(rf"(?:^|[;。,])([^,;。:\d{MARK}]{{2,14}}?)(?:呢|嘛|啊)?,({MARK}*[^,;。\d{MARK}]{{0,8}})$")
# 查出来近视的,初中超过六成
_FOUND_TO_BE = re.compile(
    r"(?:(?:查出来?|检出|筛出来?|患)(?:的|有)?|(?:^|[,;。])(?:眼睛?|牙齿?|身上)?(?=近视|视力|龋|蛀牙|肥胖|超重|贫血))([^,;。\d]{1,5}?)(?:的|的学生|的孩子|的娃|学生),([^,;。\d]{0,8})$"
)
_WENT_ON = re.compile(
    rf"[,;]?{MARK}*(?:又|也|就|略|稍|还)?(?:上来|上去|提高|提升|上升|好|涨|下来|下降|降|回落|改善|增加|减少)(?:了)?(?:一些|一点|点|不少|些)?,$"
)
_CONDITIONS = (
    ("龋", "caries_rate"), ("蛀牙", "caries_rate"), ("视力", "low_vision_rate"), ("近视", "myopia_rate"), ("肥胖", "obesity_rate"), ("贫血", "anemia_rate"),
)  # fmt: skip


# 有多少孩子疫苗没打全?
_ASKED_OF = re.compile(
    r"(?:多少|几[个名])(?:个|名)?(?:孩子|学生|幼儿|儿童|娃娃?|新生|人)(?:的|是|还)?([^,。;?\d]{2,12})$"
)
_SPEAKER = re.compile("(?:[一-鿿]{1,6}:)?[,、 ]*")


def answers(left: str) -> bool:
    """Whether nothing but the name of the speaker stands before a number (方:1842人)."""
    return bool(_SPEAKER.fullmatch(left))


def is_spoken(number: Number) -> bool:
    """Whether a number is told as speech tells it: 二十三个 of people as well as of places."""
    return number.han and number.word == "个"


def children_of(core: str, lexicon: Lexicon) -> Name | None:
    """辍学的娃娃 counts dropouts: the name without the words for children behind it."""
    found = _CHILDREN.search(core) if "的" in core else None
    name = lexicon.ending(core[: found.start()]) if found else None
    if found is None or name is None or not name.code or lexicon.catalogue.indicator(name.code).unit != "person":
        return None
    return Name(name.start, len(core), name.code, name.word)


def asked(text: str, lexicon: Lexicon) -> Head | None:
    """留守的孩子有多少呢? — the number that answers comes in the next sentence."""
    plain = text.rstrip("? ")
    found = (_ASKED.search(plain) or _ASKED_OF.search(plain)) if text.rstrip().endswith("?") else None
    if found is None:
        return None
    core, _ = strip_joining(found[1])
    name = children_of(core, lexicon) or lexicon.ending(core)
    return Head(name.code, name.word, core) if name and name.code else None


def told_ahead(s: Situation, number: Number, left: str) -> Head | None:
    """九年巩固率,去年是95.8%; 辍学的娃娃,台账上是23个: the name stands alone before a comma."""
    if number.is_rate and (condition := _FOUND_TO_BE.search(left)):
        code = next((code for word, code in _CONDITIONS if word in condition[1]), None)
        return Head(code, "", strip_joining(condition[2])[0]) if code else None
    behind = left.rpartition(",")[2].lstrip(MARK) if "," in left else None
    found = _TOLD_AHEAD.search(left) if behind is not None and len(behind) <= 8 else None
    if found is None or strip_joining(found[2])[0].strip(MARK):
        return None
    at = number.start - len(left) + found.start(1)
    if (at and s.masked[at - 1] not in ",;。") or s.masked.startswith(
        ("中", "里", "年级", "学段", "学部"), number.tail
    ):
        return None  # the words after a number (抽查6所学校,有2所…), some of those told (34人中回来了26人)
    name = children_of(found[1], s.lexicon) or s.lexicon.ending(found[1])
    if name is None or not name.code or not fits(s, name.code, number, name.word):
        return None
    return Head(name.code, name.word, found[1])


def goes_on(s: Situation, number: Number, left: str) -> Head | None:
    """今年上来了一点,96.4%: the value of another time, of what was told just before."""
    topic = s.topic
    if topic is None or not s.bound or not _WENT_ON.fullmatch(left) or not fits(s, topic.code, number, topic.word):
        return None
    return topic
