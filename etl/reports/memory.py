"""What the sentences and paragraphs read so far establish for the next one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from etl.reports.anchors import Anchor
from etl.reports.carried import TAKES_UP
from etl.reports.dated import heading_period
from etl.reports.found import Head, Situation
from etl.reports.led import leads, tells_of_classes
from etl.reports.lexicon import Lexicon
from etl.reports.nameless import kind_of, takes_it_up
from etl.reports.phrases import strip_joining
from etl.reports.segments import Paragraph, Report
from etl.reports.speakers import Speakers
from etl.reports.speech import asked

_EXAMINED_IN = re.compile(r"\d{4}|\d{4}-\d\d|SY\d{4}-T\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_CARRIES_ON = re.compile(
    r"^(?:可是|但是?|不过|然而)?,?(?:[男女](?:生|童|孩)(?=\d)|(?:小学|初中|高中|幼儿园|学前)(?:阶段|学段|部|[大中小]班)?(?=\d|百分之|[一二三四五六七八九]成)|其中|进度|[^,。;\d]{0,6}(?:较|最)[高低好差快慢]的|实际|应|分(?:校|学校|乡镇|县区|县市区|镇街|学区|园)来?看|(?:分|按|从)(?:不同)?(?:学段|年级|城乡|性别|年龄|区域|类别|机构(?:类[别型])?|对象)[看分来]?)"
)


@dataclass(slots=True)
class Memory:
    """The state between two sentences of a report. What a paragraph sets is forgotten at its end."""

    report: Report
    lexicon: Lexicon
    speakers: Speakers
    month: tuple[tuple[str, ...], str | None] = ((), None)  # the month that holds for a section, below its headings
    heading_topic: Head | None = None
    nameless: str | None = None  # the kind of the school spoken of whose name is left out
    # of the paragraph
    speaks_of_it: bool = False  # of the nameless school
    anchor: Anchor = field(default_factory=Anchor)
    topic: Head | None = None
    spoken_of: str | None = None
    frame: str | None = None
    inspected: Head | None = None
    universe: str | None = None
    examined: str | None = None  # when pupils were examined
    checked: str | None = None  # when certificates were checked
    led: str | None = None  # the one level that led the sentences before; "" where there were several
    led_told: bool = False  # whether its classes were told
    counted: Head | None = None  # what was counted last
    level: str | None = None  # the one level of what the sentence before counted
    leavers: str | None = None  # when those left who were counted last as leaving
    asked: Head | None = None  # what a question asked for
    outside: str | None = None  # the period that held before the items of a list (一是…;二是…)
    only_announced: bool = False  # 1.学前三年毛入园率。 and what it is in the next sentence

    def begin(self, paragraph: Paragraph) -> None:
        """Forgets the paragraph before."""
        self.speakers.begin(paragraph)
        self.anchor = _anchor_of(self.report, paragraph)
        self.topic = self.heading_topic
        self.spoken_of = self.inspected = self.universe = None
        self.frame = self.outside = self.month[1] if self.month[0] == paragraph.headings else None
        self.asked = self.asked if _ANSWERS.match(paragraph.text) else None
        self.only_announced, self.examined, self.counted, self.leavers, self.level = False, None, None, None, None
        self.checked, self.led, self.led_told = None, None, False
        self.speaks_of_it = False
        self.nameless = self.nameless or (kind_of(self.report.title) if self.report.hides_names else None)

    def end(self, paragraph: Paragraph) -> None:
        """Keeps what a paragraph sets for those below it: its month, and the indicator that a heading names."""
        if self.frame and _MONTH.fullmatch(self.frame) and any(map(_NUMBERED.match, paragraph.headings)):
            self.month = (paragraph.headings, self.frame)
        self.heading_topic = _announced(paragraph.text, self.lexicon) if len(paragraph.text) <= 24 else None

    def turn(self, text: str) -> None:
        """Forgets at the next item of a list (二是…) the period that the one before it set."""
        if text[0] not in _ITEM_SIGNS:
            return
        if _FIRST_ITEM.match(text):
            self.outside = self.frame
        elif _LATER_ITEM.match(text):
            self.frame = self.outside

    def recall(self, s: Situation, n: int) -> None:
        """Tells the n-th sentence of a paragraph, before it is read, what the ones before it said."""
        text = s.text
        goes_on = self.only_announced or (n == 1 and self.topic is self.heading_topic)
        if self.topic is not None and (goes_on or _CARRIES_ON.match(text) or TAKES_UP.search(text)):
            s.topic = self.topic
        s.topic = s.topic or (self.heading_topic if n == 0 else None)
        s.topic = _announced(text, self.lexicon) or _led(text, self.lexicon) or s.topic
        if self.inspected is not None and text.startswith("其中"):
            s.topic = self.inspected  # 实际抽查122所,任务完成率100%。其中小学71所、初级中学30所
        elif self.counted is not None and _CARRIES_ON.match(text) and _of_counts(s):
            s.topic = self.counted  # 留守儿童478人,占43.22%。其中中心小学251人、柏树小学92人
        s.examined, s.checked = self.examined, self.checked
        if self.asked is not None:
            s.topic, s.asked, s.wanted = s.topic or self.asked, True, self.asked
        s.of_before = self.level if s.masked.startswith("其中") else None
        if self.leavers and _OF_LEAVERS.match(s.masked):
            s.frame = self.leavers
        self.speaks_of_it = self.speaks_of_it or (self.nameless is not None and takes_it_up(text))
        s.nameless = self.nameless if self.speaks_of_it else None
        s.universe, s.object = self.universe, self.spoken_of
        if self.led and tells_of_classes(s.masked):
            s.universe = self.led

    def keep(self, s: Situation, n: int) -> None:
        """Remembers what the n-th sentence of a paragraph said."""
        self.topic = s.topic
        self.only_announced = not s.numbers and s.topic is not None and _announced(s.text, self.lexicon) is not None
        self.asked = asked(s.text, self.lexicon)
        self.inspected = None
        if self.report.hides_names and (kind := kind_of(s.text)) is not None:
            self.nameless, self.speaks_of_it = kind, True
        self.level = None
        if s.bound:
            self._keep_bound(s)
            levels = {f.dims.get("level") for f in s.bound}
            self._keep_led(s, levels)
            self.level = levels.pop() if len(levels) == 1 else None
            self.leavers = next((f.period for f in reversed(s.bound) if f.code == "graduates"), self.leavers)
        if s.spans:
            self.examined = _examined_in(s) or self.examined
            self.frame = _frame(s) or _turned_to(s) or self.frame
        self.speakers.keep(s, n)

    def _keep_led(self, s: Situation, levels: set[str | None]) -> None:
        """Remembers which level the sentence told of; classes after two levels are those of both."""
        if leading := leads(s):
            self.led = leading if self.led in (None, leading) or self.led_told else ""
            self.led_told = False
        elif self.led and levels != {self.led}:
            self.led = None
        self.led_told = self.led_told or tells_of_classes(s.masked)

    def _keep_bound(self, s: Situation) -> None:
        """Remembers what was counted."""
        self.inspected = _inspected(s)
        self.counted = _counted(s) or self.counted
        self.examined = next(
            (
                f.period
                for f in reversed(s.bound)
                if f.code == "student_exam_coverage" and _tells_examination(f.period, s.report.anchor.title)
            ),
            self.examined,
        )
        if s.spans:
            told = {f.period for f in s.bound if f.code in _CHECKS}
            one = told.pop() if len(told) == 1 else None
            self.checked = one if _tells_examination(one, s.report.anchor.title) else self.checked
        self.universe = self.universe or _universe(s)
        self.spoken_of = _spoken_of(s) or self.spoken_of


def _anchor_of(report: Report, paragraph: Paragraph) -> Anchor:
    """The anchor of a report, with the year on which the section looks back."""
    back = heading_period(paragraph.headings, report.anchor)
    return replace(report.anchor, back=int(back)) if back and back.isdigit() else report.anchor


_CHECKS = frozenset({"vac_cert_check_due", "vac_cert_check_done", "vac_cert_check_rate"})
# 去年秋季筛查了96000人, 2024年筛查的学生中
_EXAMINES = re.compile("[^,。;\\d]{0,6}(?:筛查|体检|视力监测|健康检查)(?:了|的|出|共|\\d)")


def _examined_in(s: Situation) -> str | None:
    """When the pupils were examined of whom a sentence tells."""
    told = (x.code for x in s.spans if x.code and not x.baseline and _EXAMINES.match(s.masked, x.end))
    return next((code for code in told if _tells_examination(code, s.report.anchor.title)), None)


def _tells_examination(period: str | None, title: str | None) -> bool:
    """Whether findings are of the time of an examination: not where it lies in the period on which the report is."""
    if period is None or not _EXAMINED_IN.fullmatch(period):
        return False
    return title is None or period.isdigit() or not (period == title or _covers(title, period))


def _covers(title: str, month: str) -> bool:
    """Whether a month lies in the year, school year or term of a title."""
    if not title.startswith("SY"):
        return title[:4] == month[:4]
    year = int(title[2:6])
    first = f"{year + 1}-02" if title.endswith("T2") else f"{year}-08"
    last = f"{year + 1}-01" if title.endswith("T1") else f"{year + 1}-07"
    return month.startswith("SY") or first <= month <= last


def _counted(s: Situation) -> Head | None:
    """What a sentence counted last, for the parts that the next one may tell."""
    last = next((f for f in reversed(s.bound) if s.indicator(f.code).unit != "percent"), None)
    return Head(last.code, "", s.clause_before(last.start), last.dims.get("level")) if last is not None else None


def _of_counts(s: Situation) -> bool:
    """Whether a sentence begins with a count while a rate was the last thing spoken of."""
    of_rate = s.topic is not None and bool(s.topic.code) and s.indicator(s.topic.code).unit == "percent"
    placed = re.match(r"其中[^,。;\d]{0,8}(?:安置|就读)", s.masked)
    return of_rate and placed is None and bool(s.numbers) and not s.numbers[0].is_rate


def _inspected(s: Situation) -> Head | None:
    """What a sentence counted last, if that is what was inspected."""
    counted = [f for f in s.bound if s.indicator(f.code).unit in ("school", "canteen", "visit")]
    if not counted or counted[-1].code != "hygiene_inspected_count":
        return None
    return Head("hygiene_inspected_count", "", s.clause_before(counted[-1].start))


def _universe(s: Situation) -> str | None:
    """全县现有义务教育学校61所: whose pupils and teachers the rest of the paragraph counts."""
    if not s.bound or s.bound[0].code != "schools":
        return None
    level = s.bound[0].dims.get("level")
    if s.offset and level != "CE":
        return None
    if level == "CE":
        return "CE" if "义务教育" in s.masked[: s.bound[0].start] else None
    plain = _BRACKETS.sub(lambda m: " " * len(m[0]), s.masked)
    alone = (
        len({f.dims.get("level") for f in s.bound if f.code in ("schools", "enrollment") and plain[f.start] != " "})
        == 1
    )
    return level if alone and _KIND.fullmatch(s.masked[: s.bound[0].start]) else None  # 小学79所,教学点34个。招生…


_KIND = re.compile(
    "(?:•|全[县市区镇乡]|共?有|现有|设有|普通|独立|公办|义务教育阶段|[(][一二三四五六七八九十]{1,2}[)]|\\d{1,2}[.、])*(?:小学|初中|初级中学|普通高中|高中|幼儿园|中等职业学校|中职学校|特殊教育学校)(?:共|有|学校|现有)*"
)


def _spoken_of(s: Situation) -> str | None:
    """What a sentence inspected or counted last (食堂), for the one after it."""
    inspected = next((f.dims["object"] for f in reversed(s.bound) if "object" in f.dims), None)
    return inspected or ("canteen" if s.bound and s.bound[-1].code.startswith("canteen") else None)


_FIRST_ITEM = re.compile("(?:一是|第一[,是]|首先,)")
_ITEM_SIGNS = frozenset("一二三四五六七八九第首其")  # with which the two begin
_LATER_ITEM = re.compile("(?:[二三四五六七八九]是|第[二三四五六七八九][,是]|其次,)")
_ANSWERS = re.compile("[一-鿿]{1,6}:")  # what a question of the paragraph before asked for
_NUMBERED = re.compile("[(第]?[一二三四五六七八九十\\d]{1,3}[)、.,章节部]")
_BRACKETS = re.compile("[(][^()]*[)]")
_LABELLED = re.compile(r"^•?[^,。;:\d]{2,12}:")


def _frame(s: Situation) -> str | None:
    """A period that opens a sentence and holds for the rest of its paragraph (2026-2027学年初,全县…)."""
    for span in s.spans:
        lead = _LABELLED.sub("", s.text[: span.start])
        if (
            (span.absolute or _MONTH.fullmatch(span.code or ""))
            and span.code
            and not span.baseline
            and not span.parts
            and len(lead.strip("截至止到在于自 ")) <= 2
        ) and (s.text[span.end : span.end + 1] in (",", "") or re.match("[,全我共,]", s.text[span.end :])):
            return span.code
    return None


# 再算算上学年的账。
_TURNS_TO = re.compile(
    "\x01+的(?:账|情况|成绩|家底|数据|事)[^,。;\\d]{0,8}(?:说|算|看|讲|谈|报)[^,。;\\d]{0,5}[。,:!;]?$|"
    "[^,。;\\d]{0,8}?(?:说|算|看|谈|讲|聊|回顾|盘点|翻|晒)[^,。;\\d\x01]{0,5}\x01+的?[^,。;\\d]{0,8}[。,:!;]?$"
)
# 毕业生中升入高中阶段学校271人
_OF_LEAVERS = re.compile(
    "(?:这些|这批|这届|其中)?(?:的)?(?:毕业(?:生|的学生|的孩子)|毕业学生|离园幼儿)(?:当)?(?:中|里|有)"
)


def _turned_to(s: Situation) -> str | None:
    """The period to which a sentence without numbers turns (再算算上学年的账), for those after it."""
    told = [span for span in s.spans if span.code and not span.baseline]
    return told[0].code if len(told) == 1 and not s.numbers and _TURNS_TO.match(s.masked) else None


_LED_RATE = re.compile("(?:从|就|按)([^,。;\\d]{2,14}(?:率|比例|占比))(?:指标)?(?:来?看|而言|来说),")
_LED = re.compile("(?:从|按)([^,。;\\d]{2,16}?)的?(?:分布|去向|来源|构成|区域|地域|乡镇|学段|学校)(?:情况)?(?:来)?看?,")


def _led(text: str, lexicon: Lexicon) -> Head | None:
    """从确认辍学学生的分布看,茅坪乡4名,桐木镇3名: what the counts of the sentence are of."""
    found = (_LED.match(text) or _LED_RATE.match(text)) if text[:1] in "从按就" else None
    name = lexicon.ending(found[1]) if found else None
    return Head(name.code, name.word, found[1]) if found and name and name.code else None


_ITEM_ENDS = re.compile("[:。,;]")  # none of these stands before the end of an item that is announced
_ITEM = re.compile(r"(?:•|[一二三四五六七八九十]+(?:、|是)|[(]?\d{1,2}[、.)])*([^,。;:\d]{2,16})[:。]")


def _announced(text: str, lexicon: Lexicon) -> Head | None:
    """1、入学率。 / 二是辍学率:小学为0 — an item that names its indicator before the numbers come."""
    ends = _ITEM_ENDS.search(text)
    found = _ITEM.match(text) if ends and ends[0] in ":。" else None
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
