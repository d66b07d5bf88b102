"""What the rules pass on: the situation of a sentence, and numbers bound or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from db.catalogue import Indicator
from db.records import Qualifier
from etl.reports.dated import heading_period
from etl.reports.dims import is_mixed, level_of, levels_of
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number
from etl.reports.periods import Span, end_of_span
from etl.reports.places import Subject
from etl.reports.segments import Paragraph, Report

INFERRED = 0.5  # wordings that only imply a value; below 0.6 a person decides
REPAIRED = 0.55
STANDARD = 0.45


# Counted once a school year: a report on a spring term tells those of its school year.
_PER_YEAR = frozenset({"graduates", "graduates_employed", "graduation_rate", "transition_rate"})
_FLOWS = frozenset(
    {"schools_new", "schools_merged", "transfer_in", "transfer_out", "vaccination_doses", "infectious_cases"}
)
# Told of a place as a whole, unless the count itself names a level.
_OF_THE_WHOLE = frozenset({"teaching_points", "childcare_points", "schools_merged"})
_ALL_SCHOOLS = re.compile("(?<![中小])学校(?:食堂|餐厅|饮用水|卫生)")
STOCKS = frozenset({
    "enrollment", "boarders", "schools", "teachers", "staff", "classes", "canteens", "left_behind_children", "migrant_children",
    "average_class_size", "food_handlers",
})  # fmt: skip
# Health of pupils, told of the same pupils as the counts before it.
_OF_PUPILS = frozenset({
    "student_exam_coverage", "student_exam_pass_rate", "entry_exam_rate", "myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate",
    "anemia_rate", "sick_absence_rate", "morning_check_rate", "infectious_cases", "cluster_event_count", "foodborne_event_count",
})  # fmt: skip
# counts of the same pupils, one after another
_OF_ONE = frozenset({"enrollment", "entrants", "graduates", "boarders", "transfer_in", "transfer_out", "suspended"})
_OF_UNIVERSE = frozenset(
    {"enrollment", "boarders", "boarder_share", "teachers", "staff", "classes", "average_class_size"}
)
OF_EXAMINED = frozenset({"myopia_rate", "low_vision_rate", "caries_rate", "obesity_rate", "anemia_rate"})
_OF_DISABLED = frozenset({"disabled_students", "disabled_enrollment_rate", "out_of_school_count"})


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


@dataclass(frozen=True, slots=True)
class Refused:
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


def _by_years(code: str, phrase: str) -> str | None:
    """三年巩固率 is that of junior secondary, 六年 of primary, 九年 of compulsory education."""
    found = re.search("([三六九])年(?:保留率|巩固率)", phrase) if code == "retention_rate" else None
    return {"三": "JUN", "六": "PRI", "九": "CE"}[found[1]] if found else None


_AMONG = re.compile(r"(?:在|从)?([^,。;\d]{2,12})(?:当?中|里|来看|方面),")


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
    speaker: Subject | None  # whom the paragraph is about
    last_school: str | None = None
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
    asked: bool = False  # whether the sentence before asked for the number
    universe: str | None = None  # the level of the schools that the paragraph is about as a whole
    last_place: str | None = None  # the town that an earlier sentence was about
    rates: tuple[Name, ...] = ()  # the names of the last list of the sentence
    levels: list[tuple[int, str]] = field(default_factory=list)  # (where, level) of the numbers bound so far
    bound: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

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
        cut = max(self.masked.rfind(char, 0, at) for char in ",;。")
        return self.masked[cut + 1 : at]

    def segment_before(self, at: int) -> str:
        """The text from the last semicolon or full stop to a place, numbers included."""
        return re.split("[;。]", self.masked[:at])[-1]

    def level(self, indicator: Indicator, phrase: str, subject: Subject | None, word: str = "") -> str | None:
        """The level of an observation: named with it, told by its name, carried on, or set by heading and issuer."""
        if is_mixed(phrase) and (not levels_of(phrase) or re.search("中小学", re.split("[,;]", phrase)[-1])):
            return None
        if indicator.unit == "person" and re.search("小学(?:、|和|及)初中(?:阶段|学校)?[^、,;]{0,8}$", phrase):
            return None  # 在小学、初中随班就读198人
        named = level_of(phrase) or level_of(word) or _by_years(indicator.code, phrase)
        if (
            named is None
            and indicator.code == "schools"
            and re.search("(?<![小全级通])中学$", phrase)
            and self.report.issuer.kind in ("乡", "镇")
        ):
            named = "JUN"  # the 中学 of a township
        allowed = indicator.levels
        if len(allowed) == 1 and allowed[0] != "ALL":
            return allowed[0]
        if named is None and indicator.code == "net_enrollment_rate" and "学龄儿童" in phrase:
            named = "PRI"
        if indicator.code == "transition_rate" and word:
            named = "SEN" if "普高升学" in word or "高中升学" in word else named
        if level_of(phrase) and "共" in phrase and len(levels_of(self.clause_before(self.at))) > 1:
            return None  # 59所幼儿园、33所小学共迎来新生6872名
        above = self._above(subject)
        inside = re.search(r"[(][^()]*$|其中", self.masked[: self.at])
        listed = inside and not re.search("另|此外", self.clause_before(self.at))
        apart = indicator.code in _OF_THE_WHOLE and not listed
        carried = None if apart else self._carried(phrase, indicator.code)
        if indicator.code in _OF_DISABLED and (subject is None or subject.kind not in ("校", "园")):
            if carried == "SPE":
                return named if named in allowed else None
            if carried and self.bound and self.bound[-1].code not in _OF_DISABLED:
                carried = None
            above = [level for level in above if level != "SPE"]  # most of them do not go to special schools
        if carried == "KG" and "入学" in phrase:
            carried = None  # 入托儿童查验率…,入学儿童查验率…
        whole = self.universe if indicator.code in _OF_UNIVERSE else None
        for candidate in (named, self._of_subject(subject), carried, *above, whole):
            if candidate and candidate in allowed:
                return candidate
            if candidate:
                return None
        return None

    def _of_subject(self, subject: Subject | None) -> str | None:
        if subject is None or not subject.name or subject.kind not in ("校", "园"):
            return None
        if (
            re.search("第?[一二三四五六七八九十]{1,2}中(?:学)?$", subject.name)
            and subject.name != self.report.issuer.name
        ):
            return level_of(subject.name)  # 白鹤一中 may be a senior or a junior secondary school
        short = {"小": "PRI", "中": "JUN", "幼": "KG"}.get(subject.name[-1])
        if level_of(subject.name) is None and re.search(r"中学?$", subject.name):
            return self.report.stage if subject.name == self.report.issuer.name else "JUN"
        return level_of(subject.name) or ("PRI" if subject.name.endswith("教学点") else short)

    def _carried(self, phrase: str, code: str) -> str | None:
        """The one level named since the last semicolon, unless the phrase turns to a whole."""
        cut = self.masked.rfind(";", 0, self.at)
        if self.masked.startswith((";其中", ";其中女"), cut):
            cut = self.masked.rfind(";", 0, cut)
        named = {level for at, level in self.levels if cut < at < self.at and not self._in_brackets(at)}
        if not named and (among := _AMONG.match(self.masked)) and among.end() <= self.at:
            named = set(levels_of(among[1]))  # 在小学新生中,麻腮风疫苗…,甲肝疫苗…
        if (
            not named
            and self.indicator(code).domain in ("enrollment", "dropout")
            and (lead := self._clause_ahead(phrase))
        ):
            named = set(lead)  # 初中部连续六年零辍学,巩固率100%
        if "(园)" in self.clause_before(self.at):
            return None  # 在校(园)学生 are those of all levels
        visited = [f for f in self.bound if f.code == "hygiene_inspected_count" and f.start > cut]
        if len({f.dims.get("level") for f in visited}) > 1:
            return None  # 学校86所、托幼机构54所: what follows is about all of them
        if self._turns_to_others(cut, code) or self._turns_to_all(cut, code) or _ALL_SCHOOLS.search(phrase):
            return None
        whole = phrase + self.clause_before(self.at)
        between = self.masked[self.numbers_before() : self.at]
        last = [level for at, level in self.levels if cut < at < self.at][-1:]
        if (told := self._of_the_same(between, last, phrase, code)) is not None:
            return told
        if len(named) > 1 and last and (between.startswith("、") or self._repeats()):
            if code not in {f.code for f in self.bound if f.start > cut and f.dims.get("level") not in (None, *last)}:
                return None  # 初中流失率1.2%,小学流失率0,年内流失学生16人
            named = set(last)  # 小学入学率100%、巩固率99.9%,初中入学率99.7%、巩固率98.3%
        if (
            not named
            and code in ("enrollment", "entrants", "graduates")
            and self.bound
            and self.bound[0].code == "schools"
        ):
            named = {
                f.dims["level"] for f in self.bound if "level" in f.dims
            }  # 中等职业学校2所,招生1690人;在校生5204人
        if len(named) != 1 or any(
            word in whole for word in ("共", "总", "全县", "全区", "全市", "全镇", "全乡", "全校")
        ):
            return None
        return named.pop()

    def _clause_ahead(self, phrase: str) -> tuple[str, ...]:
        """The levels of the clause right before, if it holds no number and what follows names nothing else."""
        between = self.masked[self.numbers_before() : self.at]
        ahead, comma, bare = between.rpartition(",")
        if not comma or not phrase.startswith(bare.strip("达到为是") or "\0") or not 2 <= len(ahead) <= 24:
            return ()
        return levels_of(ahead.rsplit(",", 1)[-1])

    def _of_the_same(self, between: str, last: list[str], phrase: str, code: str) -> str | None:
        """The level of the count before, of which a number tells more: in brackets right behind it, or of the same pupils."""
        before = self.bound[-1] if self.bound else None
        if before is None or code in _OF_THE_WHOLE:
            return None
        if between.startswith("(") and ")" not in between and before.end >= self.numbers_before() - 3:
            return before.dims.get("level")  # 初中辍学率0.31%(辍学23人)
        bare = between.startswith(",") and phrase.startswith(between.strip(","))
        if bare and {before.code, code} <= _OF_ONE and before.code != code and last == [before.dims.get("level")]:
            return last[0]  # 普高…,中等职业学校在校生3915人,招生1406人
        return None

    def _in_brackets(self, at: int) -> bool:
        """Whether a place stands in brackets that close before the reading (在校学生…(小学…人、初中…人),专任教师…)."""
        opened = self.masked.rfind("(", 0, at)
        closed = self.masked.find(")", at)
        return opened > self.masked.rfind(")", 0, at) and 0 <= closed < self.at

    def _turns_to_others(self, cut: int, code: str) -> bool:
        """小学入学率100%,食堂持证率98%,教师2316人: what was told of pupils of a level says nothing of canteens, health or staff."""
        told = [self.indicator(f.code) for f in self.bound if f.start > cut]
        if not told or any(one.domain not in ("enrollment", "dropout") for one in told):
            return False
        here = self.indicator(code)
        by_rates = all(one.unit == "percent" for one in told) and code in STOCKS and here.domain != "enrollment"
        return by_rates or (here.domain == "hygiene" and code not in _OF_PUPILS)

    def _turns_to_all(self, cut: int, code: str) -> bool:
        """初中在校生…,小学在校生…,教职工…: one count was told level by level, what follows is another count of all."""
        told = [(f.code, f.dims.get("level")) for f in self.bound if f.start > cut]
        counts = {c for c, _ in told if self.indicator(c).unit != "percent"}
        by_level = any(len({lv for c, lv in told if c == one and lv}) > 1 for one in counts)
        return by_level and code not in {c for c, _ in told}

    def numbers_before(self) -> int:
        """Where the last number before the reading ends."""
        return max((x.tail for x in self.numbers if x.tail <= self.at), default=0)

    def _repeats(self) -> bool:
        """Whether the same indicator was read for an earlier level already: the text goes level by level."""
        codes = [f.code for f in self.bound]
        return len(set(codes)) < len(codes)

    def _above(self, subject: Subject | None) -> list[str | None]:
        issuer = self.report.issuer
        school = subject is None or subject.kind in ("校", "园")
        if subject is not None and not subject.own and (school or issuer.kind in ("校", "园")):
            return [*self._headings()]
        title = self.report.title
        on_kindergartens = re.search("学前教育|幼儿园|托幼|园所", title) and not re.search(
            "学校|小学|中学|教育职责|义务教育|(?:及|和|与|暨)学前", title
        )
        topical = "KG" if issuer.kind not in ("校", "园") and on_kindergartens else None
        return [*self._headings(), self.report.own_level, topical]

    def _headings(self) -> list[str | None]:
        found = []
        label = re.match(r"([^,。;:\d]{2,8}):", self.paragraph.text)  # 高中教育:毛入学率…
        for heading in (
            *([label[1]] if label and not re.search("义务|特", label[1]) else []),
            *reversed(self.paragraph.headings),
        ):
            named = levels_of(heading)
            if len(named) == 1 and not is_mixed(heading) and ("教育" in heading or len(heading) <= 10):
                found.append(named[0])
        return list(found)

    def _reaches(self, span: Span, number: Number) -> bool:
        """由2014年的45所增加到78所, 连续5年保持100%: such a period holds for the next number only."""
        if not (re.search("[由从]$", self.text[: span.start]) or self.text.startswith("连续", span.start)):
            return True
        return not any(span.end <= x.start < number.start for x in self.numbers)

    def since(self, number: Number) -> Span | None:
        """与“十二五”末相比,毛入园率由76.3%升至…: the time that what follows is compared with."""
        return next((
            span for span in self.spans
            if span.baseline and span.code and span.start < number.start and self.masked.startswith("相比", span.end)
        ), None)  # fmt: skip

    def _bracketed(self, span: Span) -> bool:
        """升至88.9%(2021年): a year alone in brackets holds for the number before it only."""
        before, after = self.text[span.start - 1 : span.start], self.text[span.end : span.end + 1]
        return before == "(" and after == ")" and any(x.tail == span.start - 1 for x in self.numbers)

    def period(self, number: Number, code: str = "") -> str | None:
        """The period of a number: the nearest one before it in the sentence, else the frame, else the report's."""
        for span in self.spans:
            if (
                span.start == number.tail + 1
                and self.text[number.tail] == "("
                and self.text[span.end : span.end + 1] == ")"
            ):
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
            if s.start < number.start and not s.baseline and self._reaches(s, number) and not self._bracketed(s)
        ]
        if before:
            return before[-1].code
        if any(word in self.masked[: number.start] for word in ("现有", "目前", "现共有")):
            anchor = self.report.anchor
            of_term = anchor.title if anchor.title and "-T" in anchor.title else None
            return self.frame or of_term or (anchor.day.isoformat() if anchor.day else anchor.title)
        default = (
            self.examined
            if code in OF_EXAMINED and self.examined
            else (
                self.frame or heading_period(self.paragraph.headings, self.report.anchor) or self.report.anchor.default
            )
        )
        if default and ".." in default and code not in _FLOWS and not re.search(r"-\d\d$", default):
            default = end_of_span(default)
        return default[:6] if default and code in _PER_YEAR and default.endswith("-T2") else default
