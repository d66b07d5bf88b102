"""What the claim rules pass on, and whom a comparison is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from db.records import Qualifier
from db.records_claims import Base, ClaimKind, Direction
from etl.reports import judge
from etl.reports.build import build, domain_reason
from etl.reports.fitting import fits
from etl.reports.found import Found, Head, Situation
from etl.reports.lexicon import Name
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, leaves_nothing, strip_joining
from etl.reports.subjects import is_subject

INHERITED, TO_TOTAL, FROM_BEFORE = 0.85, 0.7, 0.6  # how sure it is whom a comparison without a name is about
COUNTED = frozenset({"person", "dose", "school", "visit", "finding", "canteen", "event", "case", "class"})
_CONNECTING = re.compile(
    rf"^(?:{MARK}|其中|而且|并且|同时|此外|另外|分别|依次|总体|整体|人数|总数|总量|数量|规模|比例|增幅|降幅|升幅|该项|这一|而|且|并|均|都|也|又|但|已|、|和|与|为|[()])+"
)
_REACHES = re.compile(r"^,?(?:已|总数|人数|总量)*(?:达到?|增至|增加到|升至|提高到|减至|减少到|降至|下降到|为)+了?$")
_SKIPPED = ("ordinal", "age", "time", "points", "money", "other", "copies")


@dataclass(frozen=True, slots=True)
class ClaimFound:
    """A comparison of a sentence; offsets count from its start."""

    start: int
    end: int
    kind: ClaimKind
    direction: Direction | None
    size: Decimal | None
    unit: str
    base: Base
    rule: str
    about: Found | None = None
    value: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    note: str = ""
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class About:
    """The observation that a comparison speaks of; `value` only where the sentence prints it."""

    found: Found
    value: Decimal | None
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Asked:
    """A comparison that looks for its observation: its number, where its words begin, and whether a rate or a
    count is compared (a relative change has a count without the number's unit)."""

    number: Number
    lead: int
    rate: bool
    any_count: bool = False

    def suits(self, s: Situation, code: str) -> bool:
        unit = s.indicator(code).unit
        if self.rate:
            return unit == "percent"
        return unit in COUNTED and (self.any_count or fits(s, code, self.number, ""))

    def like(self, number: Number) -> bool:
        """Whether a printed number could be the value that is compared."""
        if self.rate:
            return number.is_rate
        return not number.is_rate and (self.any_count or number.unit == self.number.unit)


def states_fact(s: Situation, start: int, tail: int) -> bool:
    """Whether the words at [start, tail) tell what was, and not an aim, a plan, a rule or an advertisement."""
    if s.paragraph.aside or s.report.is_order or judge.is_noise(s.paragraph.text):
        return False
    if judge.heading_mood(s.paragraph.headings) or re.search("每(?:年)?$|按$", s.text[:start]):
        return False
    return judge.mood(s.text, start, tail, s.spans, s.report.anchor) is None


def clause_start(s: Situation, at: int) -> int:
    """Where the clause of a place begins; a pause mark after a number ends one too (小学减少80人、初中减少40人)."""
    pauses = [x.tail + 1 for x in s.numbers if x.tail < at and s.masked[x.tail] in "、和"]
    return max(*(s.masked.rfind(char, 0, at) + 1 for char in ",;。:"), *pauses, 0)


def about(s: Situation, asked: Asked, before: Situation | None) -> About | None:
    """Whom a comparison is about: a number or name in its own clause, else what stands nearest before it, else
    what follows (…增加21人,达到183人), else the last sentence. None when it is not of the catalogue."""
    start = clause_start(s, asked.lead)
    own = s.masked[start : asked.lead]
    if judge.is_foreign(own):
        return None
    told = [f for f in s.bound if start <= f.start < asked.lead]
    if told and asked.suits(s, told[-1].code) and not _says_more(s, s.masked[told[-1].end : asked.lead]):
        return About(told[-1], told[-1].value)
    after = _reached(s, asked)
    core = strip_joining(_CONNECTING.sub("", own))[0].strip(" ()")
    names = list(s.lexicon.names_in(own))
    if names and not (names[-1].code == "schools" and is_subject(s, core)):  # 小学 is a level here
        return _named(s, asked, own, names, after)
    if core and not leaves_nothing(core, ()):
        return _of_subject(s, asked, core)
    if is_subject(s, core) and core:
        return _of_subject(s, asked, core)
    return _nearest(s, asked) or (About(after, after.value) if after else None) or _from_before(s, asked, before, start)


def _says_more(s: Situation, between: str) -> bool:
    """入学率99.8%的学校食堂: another name stands between the number and the comparison."""
    return any(True for _ in s.lexicon.names_in(re.sub(r"^[%‰人名所个家]+", "", between)))


def _named(s: Situation, asked: Asked, own: str, names: list[Name], after: Found | None) -> About | None:
    """The last name of the clause; a look-alike or a name of another unit is nobody's comparison."""
    name = names[-1]
    if not name.code or not asked.suits(s, name.code) or not _ends(own[name.end :]):
        return None
    if after is not None and after.code == name.code:
        return About(after, after.value)
    return built(s, asked, Head(name.code, name.word, own[: name.end]))


def _ends(rest: str) -> bool:
    """Whether only words that join a name to a comparison follow it."""
    plain = re.sub(r"[(][^()]*[)]", "", rest)
    return not strip_joining(plain)[0].strip(" 、") or bool(
        re.fullmatch(
            rf"(?:{MARK}|分别|均|都|人数|总数|数|规模|比例|水平|也|又|同样|继续|持续|稳步|逐年|明显|大幅|小幅|略|有所|稍|进一步)*",
            plain,
        )
    )


def built(s: Situation, asked: Asked, head: Head, confidence: float = 0.9) -> About | None:
    """The observation that a head would make, without a value; None for other subjects and other places."""
    if domain_reason(s, head, asked.number) is not None:
        return None
    s.at = asked.lead
    number = asked.number._replace(start=asked.lead)  # unit and period are those of the words before the comparison
    found = build(s, number, head, "", rule="claim")
    return About(found, None, confidence) if found is not None else None


def _of_subject(s: Situation, asked: Asked, core: str) -> About | None:
    """其中小学增加80人, 初中提高0.3个百分点: only a level, a vaccine or a place before the comparison."""
    if not is_subject(s, core):
        return None
    topic = _topic(s, asked)
    if topic is None:
        return None
    same = [f for f in s.bound if f.code == topic.code and f.start < asked.lead and core in _words_before(s, f)]
    if same:
        return About(same[-1], same[-1].value, INHERITED)
    return built(s, asked, Head(topic.code, topic.word, core), INHERITED)


def _words_before(s: Situation, found: Found) -> str:
    return re.split("[,;、。]", s.masked[: found.start])[-1]


def _topic(s: Situation, asked: Asked) -> Head | None:
    tops = [topic for topic in (s.topic, s.first) if topic is not None and topic.code]
    tops += [Head(f.code, "", "") for f in reversed(s.bound) if f.start < asked.lead]
    return next((topic for topic in tops if asked.suits(s, topic.code)), None)


def _reached(s: Situation, asked: Asked) -> Found | None:
    """The value that follows a difference: 增加21人,达到183人."""
    for found in s.bound:
        if found.start >= asked.number.tail and asked.suits(s, found.code):
            return found if _REACHES.match(s.masked[asked.number.tail : found.start]) else None
    return None


def _nearest(s: Situation, asked: Asked) -> About | None:
    """The number nearest before it; one that was not taken for an observation is not skipped. After a list of
    parts (其中小学610人,初中322人,比2018年增加57人) the comparison is about the whole."""
    scope = max(s.masked.rfind(char, 0, asked.lead) for char in ";。") + 1
    by_start = {f.start: f for f in s.bound}
    for number in reversed([x for x in s.numbers if scope <= x.start and x.tail <= asked.lead]):
        if number.unit in _SKIPPED or _inside_bracket(s, number, asked.lead) or _is_difference(s, number):
            continue
        found = by_start.get(number.start)
        if found is not None and asked.suits(s, found.code):
            whole = _whole_of(s, found, asked)
            return About(whole, whole.value, TO_TOTAL) if whole else About(found, found.value, INHERITED)
        if found is None and asked.like(number):
            return None
    return None


def _inside_bracket(s: Situation, number: Number, lead: int) -> bool:
    """检查学校21所(中学5所、小学9所),比上年增加3所: what stands in closed brackets is passed over."""
    opened = s.masked.rfind("(", 0, number.start)
    return opened > s.masked.rfind(")", 0, number.start) and 0 <= s.masked.find(")", number.tail) < lead


_DIFFERENCE = re.compile(r"(?:增加|增长|提高|上升|提升|减少|下降|降低|净增|多|少|高|低|增|减|降|升)(?:了|近|约)*$")


def _is_difference(s: Situation, number: Number) -> bool:
    return bool(_DIFFERENCE.search(s.masked[: number.start]))


def _whole_of(s: Situation, part: Found, asked: Asked) -> Found | None:
    """The total before 其中, when the comparison closes a list of at least two of its parts."""
    cut = max(s.masked.rfind(mark, 0, part.start) for mark in ("其中", "包括", "分别是"))
    scope = max(s.masked.rfind(char, 0, asked.lead) for char in ";。") + 1
    if cut < scope:
        return None
    wholes = [f for f in s.bound if scope <= f.start < cut and f.code == part.code]
    parts = [f for f in s.bound if cut < f.start < asked.lead and f.code == part.code]
    later = [f for f in s.bound if f.start > asked.lead and f.code == part.code]
    return wholes[-1] if wholes and len(parts) > 1 and not later else None


def _from_before(s: Situation, asked: Asked, before: Situation | None, start: int) -> About | None:
    """A sentence that begins with the comparison goes on with the last value of the one before it."""
    if before is None or before.paragraph is not s.paragraph or start > 0 or not before.bound:
        return None
    last = before.bound[-1]
    return About(last, last.value, FROM_BEFORE) if asked.suits(s, last.code) else None


def with_about(claim: ClaimFound, found: About) -> ClaimFound:
    """The claim with the observation it is about."""
    return replace(claim, about=found.found, value=found.value, confidence=min(claim.confidence, found.confidence))
