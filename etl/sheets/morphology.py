"""How labels are built: 应验 and 实验, 比例 for 率, a heading over a name, the name before or behind what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from db.catalogue import Catalogue
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.groups import take_dims

if TYPE_CHECKING:
    from etl.sheets.vocabulary import Vocabulary

_DUE = re.compile(r"^(?:应当?|需要?|须)")
_DONE = re.compile(r"^(?:实际已?|实(?!有)|已经?|完成)")  # 实有幼儿 are those on the register
_DONE_WORDS = ("实", "实际", "已", "已完成")
_SHARE_AT_END = re.compile(r"(?:的)?(?:百分比|百分率|比例|比率|占比|比重|(?<=[验种改])(?:完成)?进度)$")
_HOLDING = re.compile(r"(.{2,}?)持(?:有)?(?:有效)?(.{2,6}证)(?:的)?(?:比例|占比|比率|率)")
_CERTIFIED = re.compile(
    r"(?:持有?|具有|取得|拥有)(?:有?效)?(?:的)?健康(?:合格)?证(?:明|书|件)?|持健康(?:合格证|证明|证书|证件)"
)
_PEOPLE = re.compile(r"(?<=[入在])([园托学])(?:儿童|幼儿|学生|新生)(?=.{2,}率$)|(?:儿童|幼儿|学生)(?=.{2,}率$)")
_RATE_ALONE = re.compile(r".{0,2}(?:率|比例|比率|占比|比重)")
_COUNT_AT_END = re.compile(r"(?:总人数|总数|人数|数量|数)$")
# a group of people or a condition in an outer label narrows what stands under it; a mere heading does not
_NARROWS = re.compile(
    r"残疾|留守|随迁|寄宿|住宿|贫困|困难|低保|孤儿|单亲|流动|外来|务工|少数民族|民族|未|不|无|拒|缓|免|超|新增|新建|目标|计划|规划|预计|预测|"
    r"上[年期季月]|去年|上学|往年|全[国省市]|兄弟|其他|其它|教师|教职工|职工|从业|家长|班级|病|疫苗|重点|个别|部分"
)
_LEAVERS = re.compile(r"(?:(?:19|20)\d{2}[届级])?(?:应届)?毕业(?:年级|班级?|生|班学生)?(?:情况)?")
_MOVED = re.compile(r"(?:本?(?:学年|学期|年|期))?(?:内)?(?:增加|减少)(?:学生|幼儿)?(?:人数|数)?")
# what else makes a heading more than the place where its columns stand: others' pupils, kinds of teachers, money
_OTHERS = re.compile(
    r"培训|满意|参[加与训]|骨干|名师|[高中初]级|职称|党员|团员|志愿|社团|获奖|资助|补[助贴]|营养|[午晚就用]餐|校车|心理|体育|艺术|信息|语文|数学|英语|学科|代课|支教|交流|轮岗|编外|聘|退休|"
    r"死亡|受伤|经费|[金款费元]|面积|设备|图书|学历|年龄|辅导|托管|延时|走读|借读|复读|非本|外[地省市县区]|[本跨]?[省市县区][内外]|[本跨][省市县区]|[男女]|人均|生均|中位|[高低于]于|以[上下]"
)
_LONGEST_CONTEXT = 10  # characters
_HEADING_TAIL = re.compile(
    r"(?:基本|落实|完成|开展|进展|执行|统计)?(?:情况|工作|方面|指标|数据|信息|统计|部分|类|管理情况)(?:统计|汇总)?$|(?<=检查)结果$"
)


def due_and_done(catalogue: Catalogue, known: Mapping[str, str]) -> dict[str, str]:
    """Spellings that follow from those of the other count of a rate: who writes 应验证数 calls those done 实验证数."""
    found: dict[str, str] = {}
    names = by_code(known)
    for rate in catalogue.indicators:
        if rate.numerator is None or rate.denominator is None:
            continue
        due = _stems(names.get(rate.denominator, ()), _DUE)
        done = _stems(names.get(rate.numerator, ()), _DONE)
        if not due or not done:
            continue
        for stem in due | done:
            for word in _DONE_WORDS:
                found.setdefault(word + stem, rate.numerator)
            found.setdefault("应" + stem, rate.denominator)
    return {word: code for word, code in found.items() if word not in known}


def by_code(spellings: Mapping[str, str]) -> dict[str, list[str]]:
    """The spellings of each code."""
    found: dict[str, list[str]] = {}
    for word, code in spellings.items():
        found.setdefault(code, []).append(word)
    return found


def _stems(names: Iterable[str], beginning: re.Pattern[str]) -> set[str]:
    """What stands behind 应 or 实 in the spellings of a count; a stem of one character would fit anything."""
    stems = {name[match.end() :] for name in names if (match := beginning.match(name))}
    return {stem for stem in stems if len(stem) > 1}


def other_endings(key: str) -> Iterator[str]:
    """保教人员持健康证比例 as 保教人员健康证持证率, 新入园儿童体检率 as 入园体检率, 持证比例 as 持证率, 持证数 as 持证人数 and 持证."""
    if held := _HOLDING.fullmatch(key):
        yield f"{held[1]}{held[2]}持证率"
    if (certified := _CERTIFIED.sub("持健康证", key)) != key:
        yield from (certified, *other_endings(certified))
    if _PEOPLE.search(key):
        plain = _PEOPLE.sub(lambda found: found[1] or "", key)
        yield from (plain, plain.removeprefix("新"))
    if _SHARE_AT_END.search(key):
        yield _SHARE_AT_END.sub("率", key)
    elif _COUNT_AT_END.search(key):
        stem = _COUNT_AT_END.sub("", key)
        yield from (stem + ending for ending in ("人数", "数", "") if len(stem) > 1 and stem + ending != key)


def other_orders(parts: Sequence[str]) -> Iterator[str]:
    """A rate that heads names (检出率 over 近视) is called by them first: 近视检出率."""
    if len(parts) > 1 and _RATE_ALONE.search(parts[-2]) and not _RATE_ALONE.search(parts[-1]):
        yield "".join((*parts[:-2], parts[-1], parts[-2]))


def is_heading(outer: str, inner: str) -> bool:
    """Whether an outer label only announces what stands under it: 劝返情况, 食堂, or words that the inner one repeats."""
    key = words.PUNCTUATION.sub("", compact(outer))
    if words.HEADING.fullmatch(key) and key not in words.LEVEL_WORDS:
        return True
    if _NARROWS.search(key):
        return len(key) > 2 and key in inner  # 残疾儿童 over 适龄残疾儿童数 says it once more
    stem = _HEADING_TAIL.sub("", key)
    return stem != key or (len(stem) > 2 and stem in inner)


def is_of_others(outer: str) -> bool:
    """Whether a heading says that its columns are of other people or things than those that indicators count (党员, 培训)."""
    return bool(_OTHERS.search(words.PUNCTUATION.sub("", compact(outer))))


def is_context(outer: str, vocabulary: Vocabulary) -> bool:
    """Whether a heading of unknown words can only say where or on what occasion its columns were counted (学籍增加, 11月自查): it
    narrows nothing, names no indicator, no group and no unit."""
    key = words.PUNCTUATION.sub("", compact(words.ASIDE.sub("", outer)))
    if not 1 < len(key) <= _LONGEST_CONTEXT or words.looks_like_unit(key):
        return False
    if _NARROWS.search(key) or is_of_others(key):
        return False
    return not vocabulary.candidates(key) and not take_dims(key, vocabulary)[0]


def adds_nothing(outer: str, inner: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether the outermost label is a mere heading (特殊群体, 劝返情况), or a level around a narrower one (义务教育/小学)."""
    key = words.PUNCTUATION.sub("", outer)
    if _MOVED.fullmatch(key):
        return True
    if key == "学龄":  # what is left of an age band, which tells the level
        return True
    if _LEAVERS.fullmatch(key):  # 2025届毕业年级 over what is counted of it
        return True
    if key in words.LEVEL_WORDS:
        return "level" in take_dims("".join(inner), vocabulary)[0]
    return is_heading(words.ASIDE.sub("", outer) or outer, "".join(inner))
