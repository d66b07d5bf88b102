"""Lists that take up the names, the subjects or the counts of the list before them: 初中三率分别为…, 生师比为18.2:1和13.1:1."""

from __future__ import annotations

import re

from etl.reports.context import resolve
from etl.reports.dims import bare, levels_of
from etl.reports.fitting import fits
from etl.reports.found import Situation
from etl.reports.lexicon import Name
from etl.reports.listed import add_named, mood_of, named_for, of_pairs
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, is_place

_THESE = re.compile(
    "(?:这|上述|以上)(?:[两二三四]个?|几个?)(?:比例|数字|数据|指标|率|数)$"
)  # 2019年这两个比例分别高达…
_SO_MANY_RATES = re.compile("(?:上述|这)?[两三四五]率$")


def goes_on(s: Situation, numbers: list[Number], core: str, joined: str, explicit: bool) -> int:
    """Binds a list that takes up what the list before it told; returns how many numbers it dealt with, 0 for none."""
    if (taken := _same_names(s, numbers, core, joined, explicit)) or mood_of(s, numbers[0]) is not None:
        return taken
    if explicit and "占" in joined + core and (shared := _shares_of_counts(s, numbers, joined)):
        return shared
    again_for = _rates_just_before(s, len(numbers), core) if explicit and len(numbers) > 1 else ()
    if again_for and all(x.is_rate for x in numbers):
        for number, code in zip(numbers, again_for, strict=True):
            add_named(s, number, Name(0, 0, code, ""), core, joined)
        return len(numbers)
    name = s.lexicon.ending(core)
    known = name is not None and bool(name.code)
    if name is not None and known and (taken := _same_subjects(s, numbers, name, core, joined, explicit)):
        return taken
    if explicit and (taken := _of_places(s, numbers, core, joined)):
        return taken
    if name is not None and known and (taken := _of_vaccines_ahead(s, numbers, name, core, joined)):
        return taken
    if name is not None and known and explicit and (paired := of_pairs(s, numbers, name, joined)):
        return paired
    return _of_levels_counted(s, numbers, name, core, joined) if explicit and len(numbers) > 1 else 0


def _same_names(s: Situation, numbers: list[Number], core: str, joined: str, explicit: bool) -> int:
    """初中三率分别为…; 2019年这两个比例分别高达…; …分别由A、B下降为…的C和D: the names and subjects of the list before."""
    first = numbers[0]
    if explicit and len(s.rates) == len(numbers) and (again := _SO_MANY_RATES.search(core)):
        for number, rate in zip(numbers, s.rates, strict=True):  # 小学入学率、巩固率、毕业率…,初中三率分别为…
            add_named(s, number, rate, core[: again.start()] + rate.word, joined)
        return len(numbers)
    if (taken := _a_year_before(s, numbers, core, joined, explicit)) or len(s.last_list) != len(numbers) > 1:
        return taken
    if len(numbers) < 2:
        return 0
    these = explicit and _THESE.search(s.masked[: first.start].removesuffix(joined)) and mood_of(s, first) is None
    turned = re.search("[降升增减高少][到至为]|[到至]", joined) and not core.strip(MARK + "由从")
    if not these and not turned:
        return 0
    before = s.bound[-1].end if s.bound else 0
    span = next((x for x in reversed(s.spans) if before <= x.start < first.start and not x.parts), None)
    now = span.code if span else s.frame or s.report.anchor.default if turned else None
    for number, (known, told) in zip(numbers, list(s.last_list), strict=True):
        add_named(s, number, known, told, joined, period=now)
    return len(numbers)


def _a_year_before(s: Situation, numbers: list[Number], core: str, joined: str, explicit: bool) -> int:
    """小学生近视率为38.2%,初中生近视率为61.7%,2021年分别为39.5%和62.9%: the rates of two levels, in another year."""
    before = s.bound[-len(numbers) :]
    alike = len({found.code for found in before}) == 1 and len({found.dims.get("level") for found in before}) == len(
        numbers
    )
    if not explicit or len(numbers) < 2 or len(before) != len(numbers) or not alike or core.strip(MARK + "而"):
        return 0
    span = next((x for x in reversed(s.spans) if before[-1].end <= x.start < numbers[0].start and x.code), None)
    rates = all(x.is_rate for x in numbers) and s.indicator(before[0].code).unit == "percent"
    if span is None or not rates or mood_of(s, numbers[0]) is not None:
        return 0
    for number, found in zip(numbers, list(before), strict=True):
        if add_named(s, number, Name(0, 0, found.code, ""), "", joined, period=span.code):
            s.bound[-1].dims = dict(found.dims)
    return len(numbers)


def _same_subjects(s: Situation, numbers: list[Number], name: Name, core: str, joined: str, explicit: bool) -> int:
    """普高、中职招生分别为…,在校生分别为…; 小学、初中平均班额分别为…,生师比为18.2:1和13.1:1: the subjects of the list before."""
    alone = core == name.word and bool(s.listed) and all(map(levels_of, s.listed))
    fitting = all(fits(s, name.code, number, name.word) for number in numbers)
    if not (explicit or alone) or len(s.listed) != len(numbers) or len(numbers) < 2 or not fitting:
        return 0
    for number, subject in zip(numbers, s.listed, strict=True):
        add_named(s, number, named_for(s, subject, name), subject + name.word, joined)
    return len(numbers)


def _of_places(s: Situation, numbers: list[Number], core: str, joined: str) -> int:
    """最低的是高坡乡,为78.6%,偶里乡、敦寨镇分别为85.2%、96.1%: the rate told last, of other places."""
    places = [item for item in re.split("、|和|及|与", core) if item]
    rates = (
        bool(s.bound) and s.indicator(s.bound[-1].code).unit == "percent" and all(x.unit == "percent" for x in numbers)
    )
    if not rates or len(places) != len(numbers) or len(numbers) < 2 or not all(map(is_place, places)):
        return 0
    code = s.bound[-1].code
    for number, place in zip(numbers, places, strict=True):
        add_named(s, number, Name(0, 0, code, ""), place, joined)
    return len(numbers)


def _of_vaccines_ahead(s: Situation, numbers: list[Number], name: Name, core: str, joined: str) -> int:
    """漏种较多的是A群C群流脑疫苗和白破疫苗,分别漏种648人和523人: the vaccines of the clause before."""
    before, comma, _ = s.masked[: numbers[0].start].rpartition(",")
    items = [item for item in re.split("、|和|及|与", re.split("[,;。:是为有]", before)[-1]) if item]
    fitting = all(fits(s, name.code, number, name.word) for number in numbers)
    if not comma or not core.startswith("分别") or len(items) != len(numbers) or len(items) < 2 or not fitting:
        return 0
    if not all(any(vaccine.word == item for vaccine in s.lexicon.vaccines_in(item)) for item in items):
        return 0
    for number, item in zip(numbers, items, strict=True):
        add_named(s, number, name, item + name.word, joined)
    return len(numbers)


def _of_levels_counted(s: Situation, numbers: list[Number], name: Name | None, core: str, joined: str) -> int:
    """托幼机构补种241人、小学补种366人,补种率分别为…: rates, or pupils, of the levels counted just before."""
    counted = _counted_just_before(s, len(numbers))
    name = resolve(s, core, numbers[0], name) if counted else None
    if name is None or not name.code:
        return 0
    of_schools = s.bound[-1].code == "schools"  # 职业高中1所、特教学校1所,在校生分别为900人和120人
    if not of_schools and s.indicator(name.code).unit != "percent":
        return 0
    for number, level in zip(numbers, counted, strict=True):
        add_named(s, number, name, _KIND_OF[level] + bare(name.word), joined)
    return len(numbers)


_SHARE_OF = {"boarders": "boarder_share", "left_behind_children": "left_behind_share"}


def _shares_of_counts(s: Situation, numbers: list[Number], joined: str) -> int:
    """寄宿生12877人,留守儿童5604人,分别占学生总数的31.2%和13.6%: the shares of the counts before, one after the other."""
    counts = s.bound[-len(numbers) :]
    codes = [_SHARE_OF.get(found.code) for found in counts]
    if len(counts) != len(numbers) or len(set(codes)) != len(codes) or not all(x.is_rate for x in numbers):
        return 0
    if None in codes or mood_of(s, numbers[0]) is not None:
        return 0
    for number, code, found in zip(numbers, codes, counts, strict=True):
        if code and add_named(s, number, Name(0, 0, code, ""), "", joined):
            s.bound[-1].dims = {k: v for k, v in found.dims.items() if k in s.indicator(code).dims}
    return len(numbers)


def _rates_just_before(s: Situation, n: int, core: str) -> tuple[str, ...]:
    """小学生龋患率…,肥胖率…;初中生分别为…: the rates that were told of another level just before."""
    last = s.bound[-n:]
    codes = tuple(found.code for found in last)
    if len(set(codes)) != n or len(levels_of(core)) != 1 or s.lexicon.ending(core.removesuffix("生")) is None:
        return ()
    of_one = len({found.dims.get("level") for found in last}) == 1 and "level" in last[0].dims
    rates = all(s.indicator(code).unit == "percent" for code in codes)
    plain = re.fullmatch("(?:小学|初中|高中|中职)(?:学生|生|阶段|学段)?", core)
    return codes if of_one and rates and plain and levels_of(core)[0] != last[0].dims["level"] else ()


_KIND_OF = {"KG": "幼儿园", "PRI": "小学", "JUN": "初中", "SEN": "高中", "VOC": "中职", "SPE": "特殊教育学校"}


def _counted_just_before(s: Situation, n: int) -> tuple[str, ...]:
    """托幼机构补种241人、小学补种366人,补种率分别为…: the levels of the counts of one kind that stand before."""
    last = s.bound[-n:]
    levels = tuple(found.dims.get("level", "") for found in last)
    alike = len({found.code for found in last}) == 1 and len(last) == n
    return levels if alike and len(set(levels)) == n and set(levels) <= _KIND_OF.keys() else ()
