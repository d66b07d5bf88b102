"""Whom the sentences of a report are about, one after the other. Most sentences count nothing, and nobody asks whom those
are about that come before a heading: what a sentence says of it is looked at when a later one asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from etl.reports.places import Issuer, Subject, is_school_name, kind_char, mentioned_school, subject_of
from etl.reports.segments import Paragraph, Report

if TYPE_CHECKING:
    from etl.reports.found import Situation

_MOST = 500  # sentences that wait; a long text without numbers need not be kept


@dataclass(slots=True)
class Speakers:
    """`speaker`, `last_school` and `last_place` hold once `listen` was called."""

    report: Report
    own: str | None  # the school that the report is of
    speaker: Subject | None = None  # whom the paragraph is about
    last_school: str | None = None
    last_place: str | None = None  # the town that an earlier sentence of the paragraph was about
    _titled: str | None = None
    _section: tuple[str, ...] = ()
    _waiting: list[Paragraph | tuple[Situation, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._titled = self.last_school = self.own or mentioned_school(self.report.title)

    def begin(self, paragraph: Paragraph) -> None:
        """A paragraph begins; 我校 and 该校 do not reach over a heading."""
        if paragraph.headings[:2] != self._section:
            self._section, self.last_school = paragraph.headings[:2], self._titled
            self._waiting.clear()
        self._waiting.append(paragraph)

    def keep(self, s: Situation, n: int) -> None:
        """The n-th sentence of a paragraph has been read."""
        self._waiting.append((s, n))
        if len(self._waiting) > _MOST:
            self.listen()

    def listen(self) -> Speakers:
        """Looks at what was said since the last time."""
        for one in self._waiting:
            if isinstance(one, Paragraph):
                self.speaker, self.last_place = _school_of_section(one, self.report.issuer), None
            else:
                self._hear(*one)
        self._waiting.clear()
        return self

    def _hear(self, s: Situation, n: int) -> None:
        issuer = self.report.issuer
        told = [f.entity for f in s.bound if f.entity and kind_char(f.entity) in ("校", "园")]
        named = subject_of(s.masked, issuer, self.last_school)
        if named is not None and named.own and _whole_report(named, self.speaker, issuer):
            self.speaker = None
        if named is not None and named.kind in ("校", "园") and named.name:
            self.last_school = named.name
            one = not s.text.startswith("其中") and len(set(told)) < 2
            self.speaker = named if n == 0 and one and not named.own else self.speaker
        elif named is not None and named.name and n == 0 and _PLACE_LABEL.match(s.masked) and not named.own:
            self.speaker = named  # 城关镇:小学应到…
        self.last_place = _town(s, named) or self.last_place
        self.last_school = told[-1] if told else mentioned_school(s.masked) or self.last_school


_PLACE_LABEL = re.compile(r"(?:•|\d{1,2}[.、]|[(][一二三四五六七八九十]{1,2}[)])?[^,。;:\d]{2,10}[镇乡县区市道办][:。]")


def _whole_report(named: Subject, speaker: Subject | None, issuer: Issuer) -> bool:
    """Whether a sentence turns from the one of whom the paragraph told to the issuer, told by another name than this one."""
    apart = speaker is not None and speaker.name is not None and not (issuer.name or "").endswith(speaker.name)
    return apart and named.name == issuer.name


_SIGN_OF_ITEM = re.compile(r"(?:[(]?[一二三四五六七八九十\d]{1,2}[)、.]\s*)")


def _school_of_section(paragraph: Paragraph, issuer: Issuer) -> Subject | None:
    """1.双碾中学: the school whose name alone is the heading, of which the paragraph tells."""
    heading = next((one for one in reversed(paragraph.headings) if one), "")
    school = _school_of_heading(heading)
    return school if school is not None and school.name != issuer.name else None


@lru_cache(maxsize=8)  # asked of each paragraph below a heading
def _school_of_heading(heading: str) -> Subject | None:
    name = _SIGN_OF_ITEM.sub("", heading, count=1).rstrip(":。 ")
    return Subject(name, kind_char(name), own=False) if name != heading and is_school_name(name) else None


def _town(s: Situation, named: Subject | None) -> str | None:
    """The town that a sentence was about, for 该镇 in the one after it."""
    if named is not None and named.name and named.kind in ("镇", "乡"):
        return named.name
    towns = [f.entity for f in s.bound if f.entity and kind_char(f.entity) in ("镇", "乡")]
    return towns[-1] if towns and towns[-1] != s.report.issuer.name else None
