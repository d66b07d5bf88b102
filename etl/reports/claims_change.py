"""Differences and movements: 提高1.4个百分点, 增加57人, 增长5.2%, 由61%上升到80.5%, 高于全省平均3.6个百分点."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from db.records_claims import PERCENT_FOR_POINTS, Base, BaseKind, ClaimKind, Direction
from etl.reports import lists
from etl.reports.claims_base import RELATIVE, BaseAt, with_dims, with_period
from etl.reports.claims_found import (
    About,
    Asked,
    ClaimFound,
    about,
    built,
    clause_start,
    states_fact,
    with_about,
)
from etl.reports.found import Found, Head, Situation
from etl.reports.needs import ending_as
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, coordinate, qualifier_of

_UP = "提高|上升|增加|增长|提升|升高|攀升|回升|扩大|净增|增多|上涨|高出|高于|超出|超过"
_DOWN = "下降|降低|减少|回落|缩减|缩小|下滑|低于"
_SHORT_UP, _SHORT_DOWN = "高|多|增|升|涨", "低|少|减|降"
_MID = r"(?:了|约|近|将近|超过|接近|整整|各|幅度)*"
_NOUN = r"(?P<noun>增幅|升幅|涨幅|增长率|增速|降幅|减幅|下降率)(?:达到?|为|是|约|近|:|在)*$"
_WORD = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<sup>{_SHORT_UP})|(?P<sdown>{_SHORT_DOWN})){_MID}$")
_SIGN = re.compile(r"(?P<sign>[↑↓+＋])$")
_NOUNS = re.compile(_NOUN)
_changes = ending_as(((_SIGN,), (_NOUNS,), (_WORD,)))
_LONGEST = 40  # characters of a word of change with what may stand between it and its number
_FROM = re.compile(r"(?:由|从)(?P<when>[^,。;由从]{0,16}?)的?$")
_TO = re.compile(
    r"^(?P<mid>[^;。]{0,16}?)(?P<word>提高|上升|增加|增长|提升|扩大|攀升|回升|下降|降低|减少|缩减|回落|下滑|升|增|降|减)(?:到了?|至|为)(?P<when>[^,。;]{0,16}?)的?(?:约|近)?$"
)


def direction_of(word: str) -> Direction:
    down = re.search(f"{_DOWN}|{_SHORT_DOWN}|↓|降幅|减幅", word)
    return Direction.DOWN if down else Direction.UP


class Changes:
    """The changes of one sentence, read from left to right."""

    def __init__(self, s: Situation, bases: Sequence[BaseAt], before: Situation | None) -> None:
        self.s, self.bases, self.before = s, bases, before
        self.moved: tuple[int, Base, Found | None] | None = None  # the last 由…到…: its end, base and observation
        self.last: tuple[int, About] | None = None  # where the last difference ended and whom it is about

    def read(self) -> Iterator[ClaimFound]:
        done: set[int] = set()
        for n, number in enumerate(self.s.numbers):
            if n in done:
                continue
            if (moved := self._from_to(n)) is not None:
                yield moved
                done.add(n + 1)
                continue
            run = self._run(n)
            if len(run) > 1:
                done.update(run)
                yield from self._respectively(run)
                continue
            if (claim := self._difference(number)) is not None:
                yield claim

    # ---- 由61%上升到80.5% -------------------------------------------------------------------------

    def _from_to(self, n: int) -> ClaimFound | None:
        s = self.s
        if n + 1 >= len(s.numbers):
            return None
        old, new = s.numbers[n], s.numbers[n + 1]
        start = _FROM.search(s.masked[: old.start])
        between = _TO.match(s.masked[old.tail : new.start])
        alike = old.is_rate == new.is_rate and (not old.unit or old.unit == new.unit or old.is_rate)
        if start is None or between is None or not alike or not states_fact(s, new.start, new.tail):
            return None
        asked = Asked(new, start.start(), new.is_rate)
        found = self._moved_subject(old, new, asked)
        if found is None:
            return None
        base = self._base_of_move(
            old, start["when"], s.text[start.start("when") : start.end("when")], found.found.period
        )
        self.moved = (new.tail, base, found.found)
        return with_about(
            ClaimFound(
                new.start, new.end, ClaimKind.FROM_TO, direction_of(between["word"]), None,
                s.indicator(found.found.code).unit, base, "claim.from_to",
            ),
            About(found.found, new.value, found.confidence),
        )  # fmt: skip

    def _moved_subject(self, old: Number, new: Number, asked: Asked) -> About | None:
        by_start = {f.start: f for f in self.s.bound}
        told = by_start.get(new.start)
        if told is not None:
            return About(told, told.value)
        first = by_start.get(old.start)
        if first is not None:
            period = self.s.period(new)
            return About(replace(first, start=new.start, end=new.end, value=new.value, period=period), new.value, 0.8)
        return about(self.s, asked, self.before)

    def _base_of_move(self, old: Number, masked: str, words: str, current: str | None) -> Base:
        told = next((f for f in self.s.bound if f.start == old.start), None)
        spans = [
            span for span in self.s.spans if span.end <= old.start and self.s.text[span.end : old.start] in ("", "的")
        ]
        if RELATIVE.match(words):
            return replace(with_period(Base(BaseKind.PERIOD, words), self.s, current), value=old.value)
        period = (told.period if told else spans[-1].code if spans else None) if MARK in masked else None
        kind = BaseKind.PERIOD if period or words else BaseKind.UNKNOWN
        return Base(kind, words, period, value=old.value)

    # ---- 提高1.4个百分点 --------------------------------------------------------------------------

    def _difference(self, number: Number) -> ClaimFound | None:
        told = self._word(number)
        if told is None or not states_fact(self.s, number.start, number.tail):
            return None
        word, lead = told
        base_at = self._base(lead, number)
        if base_at is None and word in f"{_SHORT_UP}|{_SHORT_DOWN}".split("|"):
            return None
        start = min(lead, base_at.start) if base_at and self._same_clause(base_at, lead) else lead
        for asked in self._readings(number, start):
            found = self._carried(asked, base_at) or about(self.s, asked, self.before)
            found = found or self._goes_on(asked)
            if found is not None:
                self.last = number.tail, found
                return self._claim(number, word, base_at, found, self.s.masked[lead : number.start])
        return None

    def _goes_on(self, asked: Asked) -> About | None:
        """…比全市低1.5个百分点,比上年下降0.6个百分点: a comparison that follows another one without a new name."""
        if self.last is None or not re.fullmatch(
            "[,、]?(?:但|且|而|并|同时|也)?", self.s.text[self.last[0] : asked.lead]
        ):
            return None
        return self.last[1] if asked.suits(self.s, self.last[1].found.code) else None

    def _word(self, number: Number) -> tuple[str, int] | None:
        """The word of change right before a number and where it begins."""
        left = self.s.masked[max(0, number.start - _LONGEST) : number.start]
        for (pattern,) in _changes(left[-1:]):
            found = pattern.search(left)
            if found:
                return next(group for group in found.groups() if group), number.start - len(left) + found.start()
        place = next((b for b in self.bases if b.end == number.start and b.base.kind in _NEAR), None)
        if place is None:
            return None
        found = re.match("高于|低于|高出|高过|超过|超出|优于|超", self.s.text[place.start :])
        return (found[0], place.start) if found else None

    def _readings(self, number: Number, start: int) -> list[Asked]:
        """As what the number may be read: points are a rate's; percent a count's, or by slip a rate's."""
        if number.unit == "points":
            return [Asked(number, start, True)]
        if number.unit == "percent":
            rate, count = Asked(number, start, True), Asked(number, start, False, True)
            near = [x for x in self.s.numbers if x.tail <= start and x.unit not in ("ordinal", "time", "age", "points")]
            return [rate, count] if near and near[-1].is_rate else [count, rate]
        return [] if number.is_rate or not number.unit else [Asked(number, start, False)]

    def _carried(self, asked: Asked, base_at: BaseAt | None) -> About | None:
        """由58%提高到72%,提高14个百分点: the difference belongs to the movement just told."""
        if self.moved is None or base_at is not None:
            return None
        end, _, found = self.moved
        between = self.s.masked[end : asked.lead]
        if found is None or not re.fullmatch(r"[,(]?(?:共|累计|净|三年|五年|" + MARK + ")*", between):
            return None
        return About(found, found.value) if asked.suits(self.s, found.code) else None

    def _base(self, lead: int, number: Number) -> BaseAt | None:
        """The nearest base before the number: one of a place or group only in the number's own clause."""
        scope = max(self.s.text.rfind(char, 0, lead) for char in ";。") + 1
        for one in reversed(self.bases):
            leads = one.start <= 2 and one.base.kind is BaseKind.PERIOD and self.s.text[one.end : one.end + 1] == ","
            if not (leads or scope <= one.start) or one.end > number.start:
                continue
            if one.base.kind is BaseKind.PERIOD or self._same_clause(one, lead):
                return one
        return None

    def _same_clause(self, base_at: BaseAt, lead: int) -> bool:
        return not re.search("[,;。]", self.s.text[base_at.end : max(lead, base_at.end)])

    def _claim(self, number: Number, word: str, base_at: BaseAt | None, found: About, joined: str) -> ClaimFound:
        indicator = self.s.indicator(found.found.code)
        rate = indicator.unit == "percent"
        base = self._filled(base_at, found.found)
        kind = ClaimKind.POINTS if rate else ClaimKind.RELATIVE if number.unit == "percent" else ClaimKind.COUNT
        slip = rate and number.unit == "percent"
        if base.kind in _NEAR:
            kind = ClaimKind.BENCHMARK
        unit = "points" if rate else "percent" if number.unit == "percent" else indicator.unit
        claim = ClaimFound(
            number.start, number.end, kind, direction_of(word), number.value, unit, base, f"claim.{kind.value}",
            qualifier=qualifier_of(joined.removeprefix(word), number.after, False),
            note=PERCENT_FOR_POINTS if slip else "",
        )  # fmt: skip
        return with_about(claim, found)

    def _filled(self, base_at: BaseAt | None, found: Found) -> Base:
        if base_at is None:
            if self.moved is not None and self.moved[2] is found:
                return self.moved[1]
            return Base(BaseKind.UNKNOWN)
        base = replace(base_at.base, value=self._printed_base(base_at, found))
        if base.kind is BaseKind.PERIOD:
            return with_period(base, self.s, found.period)
        return with_dims(base, self.s.indicator(found.code), found.dims) if base.kind is BaseKind.GROUP else base

    def _printed_base(self, base_at: BaseAt, found: Found) -> Decimal | None:
        """较2022年的42.6%下降: the value of the base, where it stands right behind it."""
        rate = self.s.indicator(found.code).unit == "percent"
        for number in self.s.numbers:
            if base_at.end <= number.start <= base_at.end + 1 and number.is_rate == rate:
                between = self.s.masked[base_at.end : number.start]
                moves = re.match(rf"[)]?(?:{_UP}|{_DOWN}|{_SHORT_UP}|{_SHORT_DOWN})", self.s.masked[number.tail :])
                return number.value if between in ("", "的", "(") and moves and number.unit != "points" else None
        return None

    # ---- 分别比2015年提高0.2、1.3和6.8个百分点 ------------------------------------------------------

    def _run(self, n: int) -> list[int]:
        run = lists.run_at(self.s, n)
        if len(run) < 2:
            return run
        numbers = [self.s.numbers[i] for i in run]
        last = numbers[-1].unit
        shared = all(x.unit in ("", last) for x in numbers)
        if not shared or last in ("", "ordinal", "age", "time") or self._word(numbers[0]) is None:
            return [n]
        return run

    def _respectively(self, run: list[int]) -> Iterator[ClaimFound]:
        s = self.s
        last = s.numbers[run[-1]]
        numbers = [s.numbers[i]._replace(unit=last.unit, word=last.word) for i in run]
        told = self._word(numbers[0])
        if told is None or not states_fact(s, numbers[0].start, last.tail):
            return
        word, lead = told
        base_at = self._base(lead, numbers[0])
        start = min(lead, base_at.start) if base_at and self._same_clause(base_at, lead) else lead
        asked = Asked(last, start, last.unit == "points")
        found = self._listed(asked, numbers) or self._coordinated(asked, numbers)
        for number, one in zip(numbers, found or (), strict=False):
            yield self._claim(number, word, base_at, one, s.masked[lead : numbers[0].start])

    def _listed(self, asked: Asked, numbers: Sequence[Number]) -> list[About] | None:
        """The values told just before, when there are as many of them as differences."""
        scope = max(self.s.masked.rfind(char, 0, asked.lead) for char in ";。") + 1
        told = [f for f in self.s.bound if scope <= f.start < asked.lead and asked.suits(self.s, f.code)]
        return [About(f, f.value, 0.85) for f in told] if len(told) == len(numbers) else None

    def _coordinated(self, asked: Asked, numbers: Sequence[Number]) -> list[About] | None:
        """小学、初中巩固率分别比上年提高0.2和1.3个百分点: as many names or subjects as differences."""
        start = clause_start(self.s, asked.lead)
        phrase = re.sub("(?:分别|依次|均|都)+$", "", self.s.masked[start : asked.lead])
        many = coordinate(phrase, self.s.lexicon)
        if many is None:
            return None
        if len(many.names) == 1 and len(many.subjects) == len(numbers):
            heads = [Head(many.names[0].code, many.names[0].word, subject) for subject in many.subjects]
        elif len(many.names) == len(numbers) and len(many.subjects) <= 1:
            lead = many.subjects[0] if many.subjects else many.lead
            heads = [Head(name.code, name.word, lead + name.word) for name in many.names]
        elif len(many.names) == len(numbers) and many.paired:
            heads = [Head(n.code, n.word, sub) for n, sub in zip(many.names, many.subjects, strict=True)]
        else:
            return None
        made = [
            built(self.s, replace(asked, number=number), head, 0.8) if asked.suits(self.s, head.code) else None
            for number, head in zip(numbers, heads, strict=True)
        ]
        found = [one for one in made if one is not None]
        return found if len(found) == len(numbers) else None


_NEAR = (BaseKind.PLACE, BaseKind.GROUP, BaseKind.TARGET)
