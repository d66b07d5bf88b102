"""Shares, multiples, 持平 and tasks done: 占44.4%, 翻了一番, 与去年持平, 完成任务的103%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.records import Qualifier
from db.records_claims import Base, BaseKind, ClaimKind, Direction
from etl.reports import judge
from etl.reports.claims_base import BaseAt, with_period
from etl.reports.claims_found import COUNTED, About, Asked, ClaimFound, about, states_fact, with_about
from etl.reports.dims import level_of
from etl.reports.found import Found, Situation
from etl.reports.numbers import Number
from etl.reports.phrases import qualifier_of
from etl.reports.script import han_value

_SAME = re.compile(
    r"(?:,|均|都|也)*(?P<about>基本|大体|大致|总体)?(?:上)?(?:保持)?(?P<word>持平|一致|相当(?!于)|相同|一样|没有变化|无变化|不变)"
)
_MULTIPLE_SIGN = re.compile("[番倍半]")
_DOUBLED = re.compile(r"(?P<near>近|约|将近|几乎)?翻(?:了)?(?:近|约)?(?P<n>[一两二三四])番")
_TIMES = re.compile(
    r"(?P<word>增长|增加|提高|扩大|增)(?:了)?(?P<near>近|约|超过|将近)?(?P<x>\d+(?:\.\d+)?|[一两二三四五六七八九十]+)倍"
    r"|的(?P<near2>近|约)?(?P<y>\d+(?:\.\d+)?|[两二三四五六七八九十]+)倍"
)
_HALVED = re.compile(r"(?:减少|下降|降低)(?:了)?(?P<near>近|约)?(?P<word>一半)|(?P<half>减半)")
_SHARE = re.compile(
    r"(?:约|大约|分别)?占(?:到|了)?(?P<whole>[^,。;()占\d]{0,14}?)(?:的)?(?:比例|比重|比率)?(?:为|达到?|约|近|:|的)*$"
)
_WHOLE_WORDS = re.compile(r"^(?:全[省市县区镇乡校园]|本[校园]|我[校园县区市镇乡])?(?:总|合计)?(?:人)?(?:数|额)?$")
_TASK = r"(?:任务|计划|目标|指标)(?:任务|数|值|总数)*"
_DONE = re.compile(rf"(?P<done>完成|达到|占)(?:了)?(?P<goal>[^,。;\d%]{{0,16}}?{_TASK})的?(?:约|近)*$")
_OVER = re.compile(
    rf"(?P<word>超额)(?:\d+(?:\.\d+)?%)?(?:圆满)?(?:完成|实现)(?:了)?(?P<goal>[^,。;\d%]{{0,16}}?{_TASK})?"
)
_OVER_BY = re.compile(r"超(?:额|任务|计划|目标)(?:完成)?(?:约|近)?$")
_AIM = re.compile("力争|争取|确保(?!了)|努力|计划(?:在|于|到)|拟|下一步|明年|今后|打算|要求各")
_TASK_WORDS = re.compile("招生|入学|入园|免疫|接种|查验|补种|控辍|劝返|复学|学位|体检|检查|监督")


def shares(s: Situation) -> Iterator[ClaimFound]:
    """A part of a whole: the count before 占, and the whole that is named or stands before 其中."""
    for number in s.numbers:
        found = _SHARE.search(s.masked[: number.start]) if number.is_rate else None
        if found is None or re.search(_TASK, found["whole"]) or not states_fact(s, number.start, number.tail):
            continue
        asked = Asked(number, found.start(), False, True)
        part = about(s, asked, None)
        base = _whole(s, found["whole"], part) if part is not None else None
        if part is not None and base is not None and (part.value is not None or found["whole"]):
            joined = s.masked[found.start() : number.start]
            yield with_about(
                ClaimFound(
                    number.start, number.end, ClaimKind.SHARE, None, number.value, "percent", base, "claim.share",
                    qualifier=qualifier_of(joined, number.after, number.high is not None),
                ),
                part,
            )  # fmt: skip


def _whole(s: Situation, words: str, part: About) -> Base | None:
    """What a share is a share of, or None when its words name something else."""
    plain = re.sub("^(?:全[省市县区镇乡校园]|本[校园]|我[校园县区市镇乡]|同期|当年|应届)+", "", words)
    plain = re.sub("(?:总人数|总数|人数|总量|数)$", "", plain)
    name = s.lexicon.ending(plain)
    before = [f for f in s.bound if f.start < part.found.start]
    if name is not None and name.code and s.indicator(name.code).unit == s.indicator(part.found.code).unit:
        told = [f for f in before if f.code == name.code and f.code != part.found.code]
        dims = told[-1].dims if told else _whole_dims(part.found, name.code, words)
        return Base(BaseKind.WHOLE, words, indicator=name.code, dims=dims, value=told[-1].value if told else None)
    if plain and not _WHOLE_WORDS.match(words):
        return None
    whole = _total(s, part.found, before)
    if whole is None:
        return None
    return Base(BaseKind.WHOLE, words, indicator=whole.code, dims=whole.dims, value=whole.value)


def _whole_dims(part: Found, code: str, words: str) -> dict[str, str]:
    """The level that the whole is named with, else that of the part; a part told by its level alone is one of all."""
    if (named := level_of(words)) is not None:
        return {"level": named}
    level = {name: value for name, value in part.dims.items() if name == "level"}
    return {} if code == part.code and level == part.dims else level


def _total(s: Situation, part: Found, before: Sequence[Found]) -> Found | None:
    """The number before 其中 (or the bracket) that a share without a named whole is a share of."""
    cut = max(s.masked.rfind("其中", 0, part.start), s.masked.rfind("(", 0, part.start))
    unit = s.indicator(part.code).unit
    wholes = [f for f in before if f.start < cut and s.indicator(f.code).unit == unit]
    return wholes[-1] if wholes and unit in COUNTED else None


def unchanged(s: Situation, bases: Sequence[BaseAt], before: Situation | None) -> Iterator[ClaimFound]:
    """与去年持平, 较上年没有变化."""
    for base_at in bases:
        found = _SAME.match(s.text, base_at.end)
        if (
            found is None
            or base_at.base.kind is not BaseKind.PERIOD
            or not states_fact(s, found.start("word"), found.end())
        ):
            continue
        start, end = found.span("word")
        number = Number(start, end, end, Decimal(0), "percent")
        for asked in _both(s, number, base_at.start):
            told = about(s, asked, before)
            if told is not None:
                base = with_period(base_at.base, s, told.found.period)
                qualifier = Qualifier.ABOUT if found["about"] else Qualifier.EXACT
                yield with_about(
                    ClaimFound(
                        start, end, ClaimKind.UNCHANGED, Direction.LEVEL, None, s.indicator(told.found.code).unit, base,
                        "claim.unchanged", qualifier=qualifier,
                    ),
                    told,
                )  # fmt: skip
                break


def _both(s: Situation, number: Number, lead: int) -> list[Asked]:
    """A comparison that does not tell whether a rate or a count is compared: like the number nearest before it."""
    rate, count = Asked(number, lead, True), Asked(number, lead, False, True)
    near = [x for x in s.numbers if x.tail <= lead and x.unit not in ("ordinal", "time", "age", "points")]
    return [rate, count] if near and near[-1].is_rate else [count, rate]


def multiples(s: Situation, bases: Sequence[BaseAt], before: Situation | None) -> Iterator[ClaimFound]:
    """翻了一番, 增长近一倍, 是2015年的2.3倍, 减少一半."""
    for pattern in (_DOUBLED, _TIMES, _HALVED) if _MULTIPLE_SIGN.search(s.text) else ():
        for m in pattern.finditer(s.text):
            size = _factor(m)
            if size is None or not states_fact(s, m.start(), m.end()):
                continue
            base_at = _before(bases, m.start()) or _of_year(s, m)
            lead = (
                min(m.start(), base_at.start) if base_at and "," not in s.text[base_at.end : m.start()] else m.start()
            )
            number = Number(lead, m.end(), m.end(), size, "times_more")  # what stands before it has its own period
            start = m.start() + m[0].startswith("的")
            told = next((a for asked in _both(s, number, lead) if (a := about(s, asked, before))), None)
            if told is None:
                continue
            base = with_period(base_at.base, s, told.found.period) if base_at else Base(BaseKind.UNKNOWN)
            near = next((text for name, text in m.groupdict().items() if name.startswith("near") and text), "")
            yield with_about(
                ClaimFound(
                    start, m.end(), ClaimKind.MULTIPLE, Direction.DOWN if size < 1 else Direction.UP, size, "times",
                    base, "claim.multiple", qualifier=qualifier_of(near, "", False),
                ),
                told,
            )  # fmt: skip


def _factor(m: re.Match[str]) -> Decimal | None:
    groups = m.groupdict()
    if groups.get("n"):
        return Decimal(2) ** int(han_value(groups["n"]) or 0)
    if groups.get("x"):
        told = _number(groups["x"])
        return None if told is None else 1 + told
    if groups.get("y"):
        return _number(groups["y"])
    return Decimal("0.5")


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text[0].isdigit() else han_value(text)


def _before(bases: Sequence[BaseAt], at: int) -> BaseAt | None:
    found = [one for one in bases if one.end <= at and one.base.kind is BaseKind.PERIOD]
    return found[-1] if found else None


def _of_year(s: Situation, m: re.Match[str]) -> BaseAt | None:
    """是2015年的2.3倍: the period right before 的."""
    if not m[0].startswith("的"):
        return None
    span = next((x for x in s.spans if x.end == m.start()), None)
    verb = re.search("(?:是|为|达到?|相当于)$", s.text[: span.start]) if span else None
    if span is None or verb is None:
        return None
    return BaseAt(verb.start(), span.end, Base(BaseKind.PERIOD, s.text[span.start : span.end]))


def tasks(s: Situation, before: Situation | None) -> Iterator[ClaimFound]:
    """完成年初下达免疫任务的103%, 超额完成招生任务."""
    if s.report.is_order or s.paragraph.aside or judge.heading_mood(s.paragraph.headings):
        return
    for number in s.numbers:
        found = _DONE.search(s.masked[: number.start]) if number.is_rate else None
        over = _OVER_BY.search(s.masked[: number.start]) if number.is_rate and found is None else None
        if (found or over) and not _AIM.search(s.text[: number.start]):
            start = (found or over).start()  # type: ignore[union-attr]
            size = number.value if found else 100 + number.value
            words = found["goal"] if found else ""
            yield from _task(s, before, number, start, size, words)
    for m in _OVER.finditer(s.text):
        if not _AIM.search(s.text[: m.start()]):
            number = Number(m.start(), m.end("word"), m.end(), Decimal(0), "percent")
            yield from _task(s, before, number, m.start(), None, m["goal"] or "")


def _task(
    s: Situation, before: Situation | None, number: Number, start: int, size: Decimal | None, words: str
) -> Iterator[ClaimFound]:
    clause = s.masked[max(s.masked.rfind(char, 0, start) for char in ",;。") + 1 : start]
    told = next((a for asked in _both(s, number, start) if (a := about(s, asked, before))), None)
    if judge.is_foreign(clause + words) or (told is None and not _TASK_WORDS.search(clause + words)):
        return
    claim = ClaimFound(
        number.start, number.end, ClaimKind.TARGET, Direction.UP if size is None else None, size,
        "percent" if size is not None else "", Base(BaseKind.TARGET, words), "claim.target", confidence=0.8,
    )  # fmt: skip
    yield with_about(claim, told) if told is not None else claim
