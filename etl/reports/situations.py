"""The sentences of a report one after another, each with what the ones before it established."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from etl.reports.bind import bind_sentence
from etl.reports.dated import heading_period
from etl.reports.found import Head, Situation
from etl.reports.fractions import Whole, attach, wholes
from etl.reports.grids import read_grids
from etl.reports.heads import TAKES_UP
from etl.reports.implied import bind_implied
from etl.reports.lexicon import Lexicon
from etl.reports.numbers import find_numbers
from etl.reports.periods import Anchor, Span, find_periods
from etl.reports.phrases import MARK, strip_joining
from etl.reports.places import Subject, kind_char, mentioned_school, subject_of
from etl.reports.segments import Paragraph, Report, sentences
from etl.reports.settle import settle
from etl.reports.tables import read_tables

_MONTH = re.compile(r"\d{4}-\d\d")
_CARRIES_ON = re.compile(r"^(?:其中|实际|应|(?:分|按|从)(?:不同)?(?:学段|年级|城乡|性别|年龄|区域|类别)[看分来]?)")


def read_report(report: Report, lexicon: Lexicon) -> Iterator[tuple[int, Situation]]:
    """(offset of the sentence in the working copy, the sentence read) for every sentence of a report."""
    own = report.issuer.name if report.issuer.kind in ("校", "园") else None
    last_school: str | None = own or mentioned_school(report.title)
    section: tuple[str, ...] = ()
    months: tuple[tuple[str, ...], str | None] = ((), None)  # the month that holds for a section, below its headings
    heading_topic: Head | None = None
    earlier: list[Whole] = []
    cells, tabled = read_tables(report, lexicon)
    typed, rows = read_grids(report, lexicon)
    tabled |= rows
    yield from (*cells, *typed)
    for paragraph in report.paragraphs:
        if paragraph.start in tabled:
            continue
        if paragraph.headings[:2] != section:  # 我校 and 该校 do not reach over a heading
            section, last_school = paragraph.headings[:2], own or mentioned_school(report.title)
        speaker: Subject | None = None
        topic = heading_topic
        spoken_of: str | None = None
        frame = months[1] if months[0] == paragraph.headings else None
        anchor = _anchor_of(report, paragraph)
        last_place: str | None = None
        only_announced = False  # 1.学前三年毛入园率。 and what it is in the next sentence
        for n, (start, text) in enumerate(sentences(paragraph)):
            s = _situation(report, lexicon, paragraph, text, frame, speaker, last_school, anchor)
            if (
                _CARRIES_ON.match(text)
                or TAKES_UP.search(text)
                or (n == 1 and topic is heading_topic)
                or only_announced
            ):
                s.topic = topic
            s.topic = s.topic or (heading_topic if n == 0 else None)
            s.topic = _announced(text, lexicon) or s.topic
            s.object, s.last_place = spoken_of, last_place
            bind_sentence(s)
            bind_implied(s)
            if s.numbers or s.bound:
                settle(s)
                attach(s, earlier)
                earlier = (earlier + wholes(s))[-60:]
            yield start, s
            topic = s.topic
            only_announced = not s.numbers and topic is not None and _announced(text, lexicon) is not None
            spoken_of = _spoken_of(s) or spoken_of
            frame = _frame(s) or frame
            told = [f.entity for f in s.bound if f.entity and kind_char(f.entity) in ("校", "园")]
            named = subject_of(s.masked, report.issuer, last_school)
            if named is not None and named.kind in ("校", "园") and named.name:
                last_school = named.name
                one = not text.startswith("其中") and len(set(told)) < 2
                speaker = named if n == 0 and one and not named.own else speaker
            elif named is not None and named.own:
                speaker = None
            last_place = _town(s, named) or last_place
            last_school = told[-1] if told else mentioned_school(s.masked) or last_school
        if frame and _MONTH.fullmatch(frame) and any(paragraph.headings):
            months = (paragraph.headings, frame)
        heading_topic = _announced(paragraph.text, lexicon) if len(paragraph.text) <= 24 else None


def _anchor_of(report: Report, paragraph: Paragraph) -> Anchor:
    """The anchor of a report, with the year on which the section looks back."""
    back = heading_period(paragraph.headings, report.anchor)
    return replace(report.anchor, back=int(back)) if back and back.isdigit() else report.anchor


def _spoken_of(s: Situation) -> str | None:
    """What a sentence inspected or counted last (食堂), for the one after it."""
    inspected = next((f.dims["object"] for f in reversed(s.bound) if "object" in f.dims), None)
    return inspected or ("canteen" if s.bound and s.bound[-1].code == "canteens" else None)


def _town(s: Situation, named: Subject | None) -> str | None:
    """The town that a sentence was about, for 该镇 in the one after it."""
    if named is not None and named.name and named.kind in ("镇", "乡"):
        return named.name
    towns = [f.entity for f in s.bound if f.entity and kind_char(f.entity) in ("镇", "乡")]
    return towns[-1] if towns and towns[-1] != s.report.issuer.name else None


def _situation(
    report: Report, lexicon: Lexicon, paragraph: Paragraph, text: str, frame: str | None,
    speaker: Subject | None, last_school: str | None, anchor: Anchor,
) -> Situation:  # fmt: skip
    spans = find_periods(text, anchor)
    masked = mask(text, spans)
    return Situation(lexicon, report, paragraph, text, masked, find_numbers(masked), spans, frame, speaker, last_school)


def mask(text: str, spans: list[Span]) -> str:
    """The text with every character of a period expression replaced by a mark."""
    for span in spans:
        text = text[: span.start] + MARK * (span.end - span.start) + text[span.end :]
    return text


def _frame(s: Situation) -> str | None:
    """A period that opens a sentence and holds for the rest of its paragraph (2026-2027学年初,全县…)."""
    for span in s.spans:
        lead = s.text[: span.start]
        if (
            (span.absolute or _MONTH.fullmatch(span.code or ""))
            and span.code
            and not span.baseline
            and not span.parts
            and len(lead.strip("截至止到在于自 ")) <= 2
        ) and (s.text[span.end : span.end + 1] in (",", "") or re.match("[,全我共,]", s.text[span.end :])):
            return span.code
    return None


_ITEM = re.compile(r"(?:•|[一二三四五六七八九十]+(?:、|是)|[(]?\d{1,2}[、.)])*([^,。;:\d]{2,16})[:。]")


def _announced(text: str, lexicon: Lexicon) -> Head | None:
    """1、入学率。 / 二是辍学率:小学为0 — an item that names its indicator before the numbers come."""
    found = _ITEM.match(text)
    if not found:
        return None
    core, _ = strip_joining(found[1])
    name = lexicon.ending(found[1]) or lexicon.ending(core)
    listed = bool(name) and bool(
        re.match(r"(?:•|[一二三四五六七八九十]+、)*(?:其中)?各(?:校|园|乡镇|镇|中小学|学校|幼儿园)", found[1])
    )
    return (
        Head(name.code, name.word, found[1])
        if name and name.code and (listed or name.word.endswith(("率", "占比", "比例")))
        else None
    )
