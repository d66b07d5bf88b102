"""What the rules pass on: the situation of a sentence, and numbers bound or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from db.catalogue import Indicator
from db.records import Qualifier
from etl.reports.anchors import Span
from etl.reports.dated import heading_period
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number
from etl.reports.periods import end_of_span
from etl.reports.places import Subject
from etl.reports.reach import holds
from etl.reports.segments import Paragraph, Report
from etl.reports.speakers import Speakers

INFERRED = 0.5  # wordings that only imply a value; below 0.6 a person decides
REPAIRED = 0.55
STANDARD = 0.45


# Counted once a school year: a report on a spring term tells those of its school year.
_PER_YEAR = frozenset({"graduates", "graduates_employed", "graduation_rate", "transition_rate"})
_FLOWS = frozenset(
    {"schools_new", "schools_merged", "transfer_in", "transfer_out", "vaccination_doses", "infectious_cases"}
)
STOCKS = frozenset({
    "enrollment", "boarders", "schools", "teachers", "staff", "classes", "canteens", "left_behind_children", "migrant_children",
    "average_class_size", "food_handlers",
})  # fmt: skip
_OF_CHECKED = frozenset({
    "vac_cert_held", "vac_cert_held_rate", "vac_missed_count", "vac_catchup_due", "vac_catchup_done", "vac_catchup_rate",
    "full_vaccination_rate",
})  # fmt: skip
OF_EXAMINED = frozenset({"myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate", "anemia_rate"})


_LONG_AGO = re.compile("[一二两三四五六七八九]年(?:之)?前")

UNNAMED = ("out_of_domain", "ambiguous")  # reasons of numbers that no rule found a name for


@dataclass(slots=True)
class Found:
    """A number bound to an indicator; offsets are those of the working copy."""

    start: int
    end: int
    code: str
    value: Decimal
    unit: str
    dims: dict[str, str]
    rule: str
    confidence: float
    entity: str | None = None
    period: str | None = None
    qualifier: Qualifier = Qualifier.EXACT
    high: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


class Refused(NamedTuple):
    """A number that is no observation, and why."""

    start: int
    end: int
    reason: str
    code: str | None = None


@dataclass(slots=True)
class Head:
    """What a number is said of: the indicator, its spelling, and the words of its clause in front of it."""

    code: str
    word: str
    phrase: str
    level: str | None = None


@dataclass(slots=True)
class Situation:
    """What is known while one sentence is read; numbers and spans count from the start of the sentence."""

    lexicon: Lexicon
    report: Report
    paragraph: Paragraph
    text: str
    masked: str
    numbers: list[Number]
    spans: list[Span]
    frame: str | None  # the period that an earlier sentence of the paragraph set for it
    speakers: Speakers | None = None  # whom the sentences before it were about, as long as this one is read
    topic: Head | None = None
    first: Head | None = None  # the head of the first number bound in the sentence
    vaccine: str | None = None
    at: int = 0  # where the reading is
    category: str | None = None  # the kind of findings spoken of
    object: str | None = None  # what the sentence before spoke of (食堂)
    listed: tuple[str, ...] = ()  # the subjects of the last list of the sentence
    used: int = 0  # where the words end that were read after a number
    last_list: list[tuple[Name, str]] = field(default_factory=list)  # the names of the last list, each with its phrase
    examined: str | None = None  # when the pupils of whom the paragraph tells were examined
    checked: str | None = None  # when the certificates of which the paragraph tells were checked
    asked: bool = False  # whether the sentence before asked for the number
    wanted: Head | None = None  # what it asked for
    of_before: str | None = None  # the one level of what the sentence before counted
    universe: str | None = None  # the level of the schools that the paragraph is about as a whole
    nameless: str | None = None  # the level of the school without a name that the sentence is about
    rates: tuple[Name, ...] = ()  # the names of the last list of the sentence
    levels: list[tuple[int, str]] = field(default_factory=list)  # (where, level) of the numbers bound so far
    bound: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def speaker(self) -> Subject | None:
        """Whom the paragraph is about."""
        return self.speakers.listen().speaker if self.speakers else None

    @property
    def last_school(self) -> str | None:
        """The school of which an earlier sentence told."""
        return self.speakers.listen().last_school if self.speakers else None

    @property
    def last_place(self) -> str | None:
        """The town of which an earlier sentence told."""
        return self.speakers.listen().last_place if self.speakers else None

    def indicator(self, code: str) -> Indicator:
        return self.lexicon.catalogue.indicator(code)

    def printed(self, start: int, end: int) -> str:
        """A piece of the sentence as it reads in the working copy."""
        return self.text[start:end].strip()

    @property
    def title_and_headings(self) -> str:
        return self.report.title + "".join(self.paragraph.headings)

    @property
    def offset(self) -> int:
        """Where the sentence begins in its paragraph."""
        return max(0, self.paragraph.text.find(self.text[:40]))

    def before_in_paragraph(self, number: Number) -> str:
        """The text of the paragraph up to a number and the two characters behind it."""
        return self.paragraph.text[: self.offset] + self.masked[: number.tail + 2]

    def clause_before(self, at: int) -> str:
        """The text from the last semicolon or comma to a place, numbers included."""
        text = self.masked
        cut = max(text.rfind(",", 0, at), text.rfind(";", 0, at), text.rfind("。", 0, at))
        return self.masked[cut + 1 : at]

    def segment_before(self, at: int) -> str:
        """The text from the last semicolon or full stop to a place, numbers included."""
        cut = max(self.masked.rfind(";", 0, at), self.masked.rfind("。", 0, at))
        return self.masked[cut + 1 : at]

    def _reaches(self, span: Span, number: Number) -> bool:
        """由2014年的45所增加到78所, 连续5年保持100%, 六年前的秋天: such a period holds for the next number only."""
        if not (
            re.search("[由从](?:[^,。;]*[、和])?$", self.text[: span.start])
            or (self.text[span.start - 1 : span.start] == "自" and self.text[span.end - 1] not in "来起")
            or self.text.startswith("连续", span.start)
            or _LONG_AGO.match(self.text, span.start)
        ):
            return True
        return not any(span.end <= x.start < number.start for x in self.numbers)

    def since(self, number: Number) -> Span | None:
        """与“十二五”末相比,毛入园率由76.3%升至…: the time that what follows is compared with."""
        before = [span for span in self.spans if span.code and span.end <= number.start]
        compared = [span for span in before if span.baseline and self.masked.startswith("相比", span.end)]
        return next(iter(compared or self._risen_alike(before, number)), None)

    def _held_against(self, span: Span, number: Number) -> bool:
        """Whether a number is what the present is compared with: 与2023年秋季查验率99.52%相比."""
        led = re.fullmatch("的?[^,。;\\d]{0,12}?[率例比数]?(?:为|是|的)?", self.masked[span.end : number.start])
        return bool(led and self.masked[span.start - 1] in "与和同跟" and self.masked.startswith("相比", number.tail))

    def _risen_alike(self, before: list[Span], number: Number) -> list[Span]:
        """小学由2019年的0.06%降为0,初中由0.35%降为0.04%: the second has risen, or fallen, from the same year."""
        alike = re.search("[由从]$", self.masked[: number.start]) and not re.search(
            "[;。]", self.masked[: number.start]
        )
        return [span for span in before if alike and self.text[: span.start].endswith(("由", "从"))]

    def _bracketed(self, span: Span) -> bool:
        """升至88.9%(2021年): a year alone in brackets holds for the number before it only."""
        before, after = self.text[span.start - 1 : span.start], self.text[span.end : span.end + 1]
        return before == "(" and after == ")" and any(x.tail == span.start - 1 for x in self.numbers)

    def _risen_since(self, span: Span, number: Number, code: str) -> bool:
        """2018年至2020年新建17所,覆盖率由2017年的68.9%升至87.3%: what has risen to a value has it at the time of the report,
        not in the years of which the sentence told before."""
        if not span.code or ".." not in span.code or code in _FLOWS:
            return False
        return any(
            span.end <= x.start < number.start and self.text[x.start - 1] in "由从自" and not self._reaches(x, number)
            for x in self.spans
        )

    def _frame_of(self, code: str) -> str | None:
        """The period that an earlier sentence set; 2019—2020学年,辍学率…。留守儿童6742人: what there is now is not of a school
        year that was over when the report was written."""
        now = self.report.anchor.school_year
        over = self.frame and now and re.fullmatch(r"SY\d{4}", self.frame) and self.frame < now
        return None if over and code in STOCKS else self.frame

    def period(self, number: Number, code: str = "") -> str | None:
        """The period of a number, which for those who left is a school year that was over when the report was written."""
        told = self._told_period(number, code)
        return self._left_by_then(told) if code == "graduates" else told

    def _told_period(self, number: Number, code: str) -> str | None:
        """The nearest period before a number in the sentence, else the frame, else the report's."""
        for span in self.spans:
            if (
                span.start == number.tail + 1
                and self.text[number.tail] == "("
                and self.text[span.end : span.end + 1] == ")"
            ):
                return span.code
        for span in self.spans:
            if span.baseline and span.code and re.fullmatch("的", self.masked[span.end : number.start]):
                return span.code  # 比前一学年的4.9%有所下降
        for span in self.spans:  # 与2023年秋季查验率99.52%相比略有提高
            if span.baseline and span.code and span.end <= number.start and self._held_against(span, number):
                return span.code
        if re.search("(?:目前|现在|如今)的?$", self.masked[: number.start]):
            return self.report.anchor.default
        if (since := self.since(number)) is not None and re.search(
            r"[由从]\x01*[^,。;]{0,5}的?$", self.masked[: number.start]
        ):
            return since.code
        before = [
            s
            for s in self.spans
            if s.start < number.start
            and not s.baseline
            and self._reaches(s, number)
            and not self._bracketed(s)
            and holds(self.masked, self.numbers, s, number, code)
        ]
        if before and not self._risen_since(before[-1], number, code):
            return before[-1].code
        if any(word in self.masked[: number.start] for word in ("现有", "目前", "现共有")):
            anchor = self.report.anchor
            of_term = anchor.title if anchor.title and "-T" in anchor.title else None
            return self.frame or of_term or (anchor.day.isoformat() if anchor.day else anchor.title)
        default = (
            (code in OF_EXAMINED and self.examined)
            or (code in _OF_CHECKED and self.checked)
            or self._frame_of(code)
            or heading_period(self.paragraph.headings, self.report.anchor)
            or self.report.anchor.default
        )
        if default and ".." in default and code not in _FLOWS and not re.search(r"-\d\d$", default):
            default = end_of_span(default)
        return default[:6] if default and code in _PER_YEAR and default.endswith("-T2") else default

    def _left_by_then(self, period: str | None) -> str | None:
        """招生29854人,毕业34172人 in statistics of the beginning of a school year: those left who were through before it."""
        of = re.fullmatch(r"SY(\d{4})", period or "")
        day = self.report.anchor.day
        early = of is not None and day is not None and day < date(int(of[1]) + 1, 4, 1)
        return f"SY{int(of[1]) - 1}" if of and (early or self.report.counts_last_leavers) else period
