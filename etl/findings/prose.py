"""Findings in running text: sections that list problems, and sentences that say what an inspection found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from db.catalogue import Catalogue
from db.records import Evidence, Reading
from db.records_findings import FindingState
from etl.findings.found import RULE_VERSION, FoundFinding, category_of, extent_of, is_fault, state_in
from etl.findings.rectified import Mended, settle
from etl.findings.sections import Mood, Segment, items_of, listed, mood_of
from etl.reports.cleaning import Clean, clean
from etl.reports.judge import is_foreign
from etl.reports.lexicon import lexicon_of
from etl.reports.places import Subject, mentioned_school, subject_of
from etl.reports.segments import Paragraph, Report, find_reports, sentences

# Words that stand in problems of other kinds too: only beside food, health or hygiene do they tell a finding.
_ANCHORED = frozenset({"management", "open_kitchen", "premises", "cleanliness", "surroundings"})
_HYGIENE = re.compile(r"食|餐|厨|卫生|健康|疾病|传染|饮|消毒|疫|保健|厕")
# Problems of hospitals, markets and offices stand in the same bureaus' reports.
_SCHOOLS = re.compile(r"学校|食堂|校园|[校园](?!区)|幼儿|托幼|学生|小学|中学|供餐|学位")
_TOTAL = re.compile(r"(?:问题|隐患)\d")  # 隐患316个 is a count, an indicator of its own
_NOT_FOUND = re.compile(
    r"(?:未|没有|没|不|无)(?:再)?(?:发现|存在|查出|出现)|如(?:果)?发现|一旦|凡(?:是)?|发现[^,。]{0,12}的,"
)
_WANTED = re.compile(
    r"^(?:要|应|须|必须|建议|下一步|今后|希望|力争|确保|严禁|不得|请|各[校园]要|将)|^[^,。;]{2,14}?(?:要(?!求)|应(?!急|当日)|必须|须(?!知))"
)
_CUE = re.compile(
    r"(?:检查|督查|抽查|排查|自查|巡查|督导|走访|暗访|监督)[^,。;:]{0,8}发现|存在(?!的|于)|发现(?!了?病|疫情)|查出"
)
_AFTER_CUE = re.compile(r"^(?:了|的|主要|以下|下列|如下|有|问题|隐患|\d+[个项处条类]|几|一些|着|:|,|是|为)+")


@dataclass(slots=True)
class _Walk:
    """What has been read of one report."""

    report: Report
    reading: Reading
    copy: Clean
    catalogue: Catalogue
    found: list[FoundFinding] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)
    label: str = ""  # 库房方面: — the line that says what the items below are about
    speaker: Subject | None = None

    @property
    def opening(self) -> str:
        """The first lines of the report, which say whose problems these are."""
        return "".join(
            (self.report.title, self.report.issuer.name or "", *(p.text for p in self.report.paragraphs[:4]))
        )

    def locator(self, at: int) -> str:
        blocks = [block for block in self.reading.blocks if block.text and block.start <= at]
        return blocks[-1].locator if blocks else ""

    def evidence(self, segment: Segment, rule: str) -> Evidence:
        first, last = self.copy.span(segment.start, segment.end)
        around = self.copy.span(segment.sentence_start, segment.sentence_end)
        return Evidence(
            quote=self.reading.text[first:last], rule=rule, rule_version=RULE_VERSION, confidence=0.9,
            locator=self.locator(first), start=first, end=last, sentence_start=around[0], sentence_end=around[1],
        )  # fmt: skip


def findings_of_text(reading: Reading, catalogue: Catalogue, name: str) -> list[FoundFinding]:
    """The findings of a text, each with the words that state it; texts that set rules have none."""
    copy = clean(reading.text, lexicon_of(catalogue).crosses)
    out: list[FoundFinding] = []
    for report in find_reports(copy.text, name):
        if report.is_order:
            continue
        walk = _Walk(report, reading, copy, catalogue)
        for paragraph in report.paragraphs:
            if not paragraph.aside:
                _read(walk, paragraph)
        out += settle(walk.found, walk.mended)
    return out


def _read(walk: _Walk, paragraph: Paragraph) -> None:
    mood = mood_of(paragraph)
    if len(paragraph.text) <= 16 and paragraph.text.endswith(":"):
        walk.label = paragraph.text.rstrip(":")
        return
    if mood is not Mood.PROBLEM:
        walk.label = ""
    walk.speaker = None
    before = len(walk.found)
    for start, sentence in sentences(paragraph):
        for segment in items_of(start, sentence):
            if mood is Mood.MENDED:
                walk.mended.append(
                    Mended(
                        segment.text,
                        category_of(segment.text, walk.catalogue),
                        walk.evidence(segment, "rectified_section"),
                    )
                )
            elif mood is Mood.PROBLEM:
                _take(walk, segment, paragraph, "problem_section")
            elif mood is None and (told := _told(segment)) is not None:
                _take(walk, told, paragraph, "found_in_sentence")
        if mood is not Mood.MENDED and re.search(
            r"(?:上述|以上|所有|全部|各类)问题[^,。;]{0,12}(?:整改|销号)", sentence
        ):
            whole = Segment(start, start + len(sentence.rstrip("。")), sentence, start, start + len(sentence))
            walk.mended.append(Mended(sentence, None, walk.evidence(whole, "rectified_all"), everything=True))
    _drop_lead(walk, before)


def _told(segment: Segment) -> Segment | None:
    """Outside a section of problems: the part of a sentence that says what was found."""
    if _NOT_FOUND.search(segment.text) or _WANTED.search(segment.text):
        return None
    cue = _CUE.search(segment.text)
    if cue is None or not re.search(r"问题|隐患|现象|情况|不足|检查|督查|抽查|排查|巡查|自查|监督", segment.text):
        return None
    lead = _AFTER_CUE.match(segment.text[cue.end() :])
    at = cue.end() + (lead.end() if lead else 0)
    who = segment.text[: cue.start()].rsplit(",", 1)[-1]
    return (
        replace(segment, start=segment.start + at, text=segment.text[at:], who=who) if len(segment.text) > at else None
    )


def _take(walk: _Walk, segment: Segment, paragraph: Paragraph, rule: str) -> None:
    if _NOT_FOUND.search(segment.text) or _WANTED.search(segment.text):
        return
    subject = _subject(walk, segment)
    if subject.foreign:
        return
    around = "".join((segment.text, walk.label, *paragraph.headings, walk.report.title))
    if is_foreign(segment.text) or not _SCHOOLS.search(around + walk.opening):
        return
    for part in listed(segment):
        category = category_of(part.text, walk.catalogue)
        if category is None and walk.label:
            category = category_of(walk.label, walk.catalogue)
        if category is None or not is_fault(part.text) or (category in _ANCHORED and not _HYGIENE.search(around)):
            continue
        if category == "management" and _TOTAL.search(part.text):
            continue
        named = subject.kind in ("校", "园") and bool(subject.name)
        walk.found.append(
            FoundFinding(
                category, part.text.strip(",、 "), state_in(segment.text) or FindingState.UNSTATED, walk.evidence(part, rule),
                subject.name, scope=walk.report.scope, extent=extent_of(segment.who + segment.text, named), period=_period(walk.report),
            )
        )  # fmt: skip


def _period(report: Report) -> str | None:
    return report.anchor.title or (report.anchor.day.isoformat() if report.anchor.day else None)


def _subject(walk: _Walk, segment: Segment) -> Subject:
    """Whose problem it is: named in the item, in its paragraph, by the label above it, else the issuer's."""
    issuer = walk.report.issuer
    for text in (segment.text, segment.who, walk.label):
        if extent_words(text):
            return Subject(issuer.name, issuer.kind)
        found = subject_of(text.lstrip("、,"), issuer, None) if text else None
        if found is not None and (found.name or found.foreign):
            if found.kind in ("校", "园") and not found.own:
                walk.speaker = found
            return found
        if found is not None:
            return Subject(issuer.name, issuer.kind)
    if visited := mentioned_school(segment.who):
        return Subject(visited, "校", False)
    return walk.speaker or Subject(issuer.name, issuer.kind)


def extent_words(text: str) -> bool:
    """Whether a text speaks of some, most or all units instead of one."""
    return bool(re.match(r"(?:部分|个别|有的|有些|少数|一些|多数|大多|大部分|许多|不少|很多|所有|各)", text))


def _drop_lead(walk: _Walk, before: int) -> None:
    """(一)食堂管理不规范。部分学校留样不足。 — the first sentence only announces the others."""
    new = walk.found[before:]
    if len(new) > 1 and new[0].category == "management" and len(new[0].text) <= 14:
        del walk.found[before]
