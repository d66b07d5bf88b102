"""Which paragraphs list problems, which their mending, and the items in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from etl.findings.found import is_fault
from etl.reports.segments import Paragraph


class Mood(StrEnum):
    """What a section is about."""

    PROBLEM = "problem"
    MENDED = "mended"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a sentence; all offsets are those of the working copy. `who` stands before it in its sentence."""

    start: int
    end: int
    text: str
    sentence_start: int
    sentence_end: int
    who: str = ""


_MENDED = re.compile(r"整改(?:情况|落实|成效|结果|进展|完成|工作情况)|整改$|问题整改|销号情况|落实整改")
_PLAN = re.compile(r"下一步|下步|打算|建议|要求|措施|对策|今后|工作安排|努力方向|原因|目标|计划|思路")
_PROBLEM = re.compile(r"问题|隐患|不足|薄弱|困难")
_BOTH = re.compile(r"(?:问题|隐患)(?:及|和|与|、)[^,。]{0,6}整改")


def mood_of(paragraph: Paragraph) -> Mood | None:
    """What the nearest heading that says so makes of a paragraph; a numbered item is no heading of itself."""
    for heading in reversed(paragraph.headings):
        if not heading or (len(heading) > HEADING and paragraph.text.startswith(heading)):
            continue
        if _BOTH.search(heading):
            return Mood.PROBLEM
        for mood, pattern in ((Mood.MENDED, _MENDED), (Mood.PLAN, _PLAN), (Mood.PROBLEM, _PROBLEM)):
            if pattern.search(heading):
                return mood
    return None


HEADING = 14  # characters; the longer beginning of a numbered item is no heading of itself

_MARK = re.compile(
    r"[一二三四五六七八九十]{1,2}是(?!否)|;|(?:^|(?<=[;,。:]))(?:[(]\d{1,2}[)]|\d{1,2}[、.](?!\d)|[①-⑳])"
)
_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}[、.](?!\d)|[①-⑳•、,;:\s]|[一二三四五六七八九十]{1,2}是|其[一二三四五])+"
)


def items_of(start: int, sentence: str) -> Iterator[Segment]:
    """The items of a sentence: cut at 一是, 二是, semicolons and numbers; marks and numbers left out."""
    cuts = sorted({0, *(found.start() for found in _MARK.finditer(sentence)), len(sentence)})
    for first, last in itertools.pairwise(cuts):
        piece = sentence[first:last].rstrip("。!?;,、 ")
        lead = _NUMBER.match(piece)
        skip = lead.end() if lead else 0
        if len(piece) - skip >= 4:
            at = start + first
            yield Segment(at + skip, at + len(piece), piece[skip:], start, start + len(sentence))


_LIST = re.compile(
    r"(?P<items>[^:]*?)等(?:\d+|几|一些|多)?[个项处条类种方面]*(?:突出|主要|普遍)?(?:的)?(?:问题|现象|情况|隐患|行为)"
)
# 索证索票不齐83处,留样不规范61处: kinds of problems with their counts
_COUNTED = re.compile(r"(?P<items>[^:,、]{3,20}\d+[处个条项家起](?:[,、][^:,、]{3,20}\d+[处个条项家起])+)")
_JOIN = re.compile(
    r"、|(?<=\d[处个条项家起]),|,(?=[^,]{0,12}(?:不|未|无|缺|没有|过期))|以及|和(?=[^、,]{2,12}(?:不|未|无|缺|过期|问题))"
)


def listed(segment: Segment) -> list[Segment]:
    """存在留样不足、消毒记录不全、健康证过期等问题 as its parts; a part that says no fault goes with the next one."""
    found = _LIST.search(segment.text) or _COUNTED.search(segment.text)
    lead = re.search(r"(?:存在|有|出现|发现)(?=[^,。]*等)", segment.text[: found.end()] if found else "")
    if found is None:
        return [segment]
    first = lead.end() if lead and lead.end() < found.end("items") else found.start("items")
    items = segment.text[first : found.end("items")]
    parts: list[tuple[int, int]] = []
    at = 0
    for cut in [*((m.start(), m.end()) for m in _JOIN.finditer(items)), (len(items), len(items))]:
        if is_fault(items[at : cut[0]]):
            parts.append((at, cut[0]))
            at = cut[1]
    if len(parts) < 2:
        return [segment]
    base = segment.start + first
    who = segment.who + segment.text[:first]
    return [replace(segment, start=base + a, end=base + b, text=items[a:b], who=who) for a, b in parts]
