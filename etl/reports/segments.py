"""A document as reports, paragraphs with their headings, and sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from etl.reports.anchors import Anchor
from etl.reports.dated import (
    as_of,
    campaign_period,
    day_line,
    inspected_on,
    latest_year,
    met_on,
    month_line,
    opening_period,
    plan_year,
    source_period,
    title_period,
    titled_period,
    told_of_last_year,
)
from etl.reports.dims import level_of
from etl.reports.issuers import find_issuer, of_addressee, of_its_town
from etl.reports.nameless import hides_names
from etl.reports.places import Issuer, issuer_in, signs
from etl.reports.rows import CELL

_ORDINAL = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
# 第三篇:… and what else numbers the reports of a compilation: 【篇三】…, 材料之三 …, 第三篇 石梁镇…工作总结
_MARKER = re.compile(
    rf"^[^\n]{{0,6}}第{_ORDINAL}篇\s*[::][^\n]*$"
    rf"|^[【〔\[(]?(?:第{_ORDINAL}[篇份]|(?:范文|例文|材料|总结|报告)?篇{_ORDINAL}|(?:交流|汇报|经验|典型|参阅|会议)?材料之?{_ORDINAL}|(?:范文|例文){_ORDINAL})"
    rf"[】〕\])]?[\s::、.•]*(?=(?P<title>[^,。;\n]{{4,60}})$)",
    re.M,
)
_NUMBERING = (
    # not 七、八、九年级学生依次为…, 九、十两月…
    re.compile(
        r"^(?:[一二三四五六七八九十]{1,3}|[壹贰叁参肆伍陆柒捌玖拾])、(?![一二三四五六七八九](?:、|年级)|[一二三四五六七八九十]{1,2}两个?月)|^第[一二三四五六七八九十]部分"
    ),
    re.compile(r"^[(][一二三四五六七八九十]{1,3}[)]|^•|^第[一二三四五六七八九十],"),
    re.compile(r"^\d{1,2}[、.](?!\d)|^[(]\d{1,2}[)]"),
)
_SECOND_PART = re.compile("(?:[贰叁参肆]、|第[二三]部分)")
_FIRST = re.compile("一、(?![二三四]、?[三四]?等)")
_TITLE = re.compile(
    r"(?:汇报|总结|报告|通报|小结|简报|讲话|情况说明|(?:汇报|自评|自查|交流|经验|申报|典型|迎检|述职)材料|自查情况|工作情况|简况|综述|公报|汇报提纲|答复|复函)$"
)
_COLLECTION = re.compile("^[^,。;]{4,40}(?:选编|汇编|集锦|合集|选集|文集|专辑|材料集)(?:[(][^()]*[)])?$")
_TELLS = re.compile("总结|汇报|工作情况|工作回顾|工作报告")
_ORDER = re.compile(
    r"责任书|考核办法|考核细则|评分标准|实施方案|工作计划|工作要点|规划纲要|管理制度|管理办法|实施意见|倡议书|一封信|告家长书|明白纸|的通知$"
)


_HYGIENIC = re.compile("食堂|食品|卫生|饮用?水|传染病|保健")
_SENIOR = re.compile("高考|高[一二三](?!等)|高中部|一本|本科上线")
# 我校是一所…的九年一贯制学校
_IS_A = re.compile(
    "(?:系|属|是|为)(?:一所|全[县市区镇乡][^,。;]{0,4})?([^,。;:]{0,20}?"
    "(?:九年一贯制|九年制|高级中学|初级中学|完全小学|中心小学|村小|特殊教育|中等职业|职业高中|职业中专|幼儿园|初中|高中))(?:民族|寄宿制?|农村|普通|公办|民办|实验|示范|学校|校|园|小学|中学)*[,。;]"
)
_LAST_LEAVERS = re.compile("毕业生(?:数|人数)?(?:均?为|是|系)上(?:一)?学年(?!的?计划)")
_JUNIOR = re.compile("初[一二三](?!等)|[七八九]年级|初中部|中考")
_ASIDE = re.compile(r"(?:相关|推荐|延伸|热点|更多)(?:阅读|文章|新闻|链接|推荐|内容)|猜你喜欢|广告[::]|版权所有")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the working copy with the headings above it, widest first."""

    start: int
    text: str
    headings: tuple[str, ...] = ()
    aside: bool = False  # links and advertisements beside the text of a web page


@dataclass
class Report:
    """One report of a document: its scope, who issues it, its anchor in time, and its paragraphs."""

    scope: str
    title: str
    issuer: Issuer
    anchor: Anchor
    paragraphs: list[Paragraph] = field(default_factory=list)

    def published_by(self, publisher: str) -> None:
        """Takes the issuer of a report that names none from the site of its page, if it speaks for such a place."""
        found = issuer_in(publisher) if publisher and self.issuer.name is None else None
        if found is not None and self.issuer.kind in ("", found.kind):
            self.issuer = found

    @property
    def is_short(self) -> bool:
        """A fragment of a few lines, which gives no surroundings to judge by."""
        return sum(len(p.text) for p in self.paragraphs) < 100

    @cached_property
    def counts_last_leavers(self) -> bool:
        """Whether the report says that its leavers are those of the school year before (毕业生数为上学年数据)."""
        return any(_LAST_LEAVERS.search(p.text) for p in self.paragraphs[:8])

    @cached_property
    def hides_names(self) -> bool:
        """Whether signs stand for names that are left out (××乡初级中学)."""
        return any(hides_names(text) for text in (self.title, *(p.text for p in self.paragraphs)))

    @cached_property
    def stage(self) -> str | None:
        """SEN or JUN: what a school that only calls itself 中学 is, by the years and examinations of the report."""
        text = "".join(p.text for p in self.paragraphs)
        senior, junior = bool(_SENIOR.search(text)), bool(_JUNIOR.search(text))
        return None if senior and junior else "SEN" if senior else "JUN"

    @cached_property
    def own_level(self) -> str | None:
        """The level of the school that reports: by its name, else by what it says it is (系九年一贯制寄宿学校)."""
        if self.issuer.kind not in ("校", "园"):
            return None
        opening = "".join(p.text for p in self.paragraphs[:8])
        if re.search("九年一贯制|九年制", opening) and re.search(
            "小学部|中学部|初中部|两个学段|公办学校|民办学校", opening
        ):
            return "CE"  # 实验中学 that is a nine-year school
        told = level_of(self.issuer.name or self.title)
        if told is None and (said := _IS_A.search("".join(p.text for p in self.paragraphs[:8]))):
            told = level_of(said[1])
        return told or ("KG" if self.issuer.kind == "园" else None)

    @cached_property
    def is_on_hygiene(self) -> bool:
        """Whether a section of the report is about canteens or hygiene."""
        return any(_HYGIENIC.search(h) for p in self.paragraphs for h in (*p.headings, self.title))

    @property
    def is_order(self) -> bool:
        """Whether the whole text sets rules or plans (责任书, 考核办法, 工作计划) instead of reporting."""
        return bool(_ORDER.search(self.title)) and not (_TITLE.search(self.title) or _TELLS.search(self.title))


def find_reports(text: str, name: str) -> list[Report]:
    """The reports of a working copy, in order; a document without 第N篇 markers may still hold several."""
    markers = [m for m in _MARKER.finditer(text) if m["title"] is None or _is_title(m["title"].strip())]
    if len(markers) < 2 and not any("篇" in m[0][:9] for m in markers):
        return _split(text, 0, len(text), "全文", "", name)
    reports: list[Report] = []
    if text[: markers[0].start()].strip():
        reports += _split(text, 0, markers[0].start(), "篇首", "", "")
    collected = [line for _, line in _lines(text, 0, markers[0].start()) if _COLLECTION.search(line)]
    common = title_period(collected[0]) if collected else None
    for n, marker in enumerate(markers):
        end = markers[n + 1].start() if n + 1 < len(markers) else len(text)
        number = re.search(r"第(.{1,3})篇", marker[0])
        scope = f"第{number[1]}篇" if number else f"第{n + 1}篇"
        titled = re.search(r"篇\s*[::]", marker[0])
        told = titled is not None and "。" in marker[0]  # the report begins on the line that numbers it
        start = marker.start() + titled.end() if told and titled else marker.end()
        start = start if marker["title"] is None else marker.end("title")
        head = marker[0] if marker["title"] is None else f"{scope}:{marker['title']}"
        part = _split(text, start, end, scope, "" if told else head.strip(), "")
        reports += [_dated(report, common) for report in part]
    return reports


def _dated(report: Report, common: str | None) -> Report:
    """A report of a compilation that names no time is about that of the compilation (…2021年春季学期工作总结选编)."""
    if report.anchor.default is None and common:
        report.anchor = replace(report.anchor, title=common)
    return report


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    at = start
    for line in text[start:end].split("\n"):
        stripped = line.strip()
        if stripped:
            yield at + line.index(stripped), stripped
        at += len(line) + 1


def _split(text: str, start: int, end: int, scope: str, marker: str, name: str) -> list[Report]:
    lines = list(_lines(text, start, end))
    cuts = [0, *_restarts(lines), len(lines)]
    reports: list[Report] = []
    for n, (first, last) in enumerate(itertools.pairwise(cuts)):
        part = lines[first:last]
        if part:
            label = scope if n == 0 else f"{scope}之{n + 1}"
            report = _report(part, label, marker if n == 0 else "", name if n == 0 else "")
            if reports and _goes_on(report, [line for _, line in part], reports[-1]):
                report.issuer, report.anchor = reports[-1].issuer, reports[-1].anchor
            reports.append(report)
    return reports


def _restarts(lines: list[tuple[int, str]]) -> list[int]:
    """Where a new report begins inside a part: the numbering starts at 一、 anew, mostly below a title line."""
    if any(_SECOND_PART.match(line) for _, line in lines):
        return []  # 一、 stands below 壹、
    found: list[int] = []
    seen_first = seen_second = False
    for n, (_, line) in enumerate(lines):
        if _FIRST.match(line):
            last = found[-1] if found else 0
            title = next((k for k in range(n - 1, max(-1, n - 9), -1) if _is_title(lines[k][1])), None)
            if seen_first and title is not None and title > last:
                while title - 1 > 0 and _is_title(lines[title - 1][1]):
                    title -= 1
                found.append(title)
            elif seen_second and n > last:
                found.append(n - 1 if _may_head(lines[n - 1][1]) and n - 1 > last else n)
            seen_first, seen_second = True, False
        elif n and _begins(lines, n, found[-1] if found else 0):
            found.append(n)
            seen_first = seen_second = False
        seen_second = seen_second or line.startswith("二、")
    return found


def _begins(lines: list[tuple[int, str]], n: int, last: int) -> bool:
    """Whether a title in the midst of the text begins another report: told of before, and either signed off there or
    spoken by another unit here."""
    line, before = lines[n][1], lines[n - 1][1]
    if len(line) > 45 and not _PAGE_HEAD.search(line) and not _CLOSING_DAY.search(before):
        return False  # a paragraph
    if not any("。" in told for _, told in lines[last:n]) or n + 1 >= len(lines):
        return False
    after = lines[n + 1][1]
    if _CLOSING_DAY.search(before) and day_line(before) is not None and n - last > 4:
        return True  # what follows the day below a signature
    if _PAGE_HEAD.search(line):
        return not _is_title(before)  # 来源:… 发布时间:… above or below the title of a page
    if _PAGE_HEAD.search(after) and len(line) <= 45 and "。" not in line and day_line(line) is None and not signs(line):
        return True
    if not _is_title(line):
        return False
    signed = day_line(before) is not None or signs(before)
    speaks = re.match(r"(?:我|本)[市县区镇乡校园]|20\d\d|[-—–(]+", after) or re.fullmatch(r"[^。,;]{2,40}[:,]", after)
    return signed or bool(speaks) or issuer_in(line) is not None


_CLOSING_DAY = re.compile("^(?:(?:19|20)\\d\\d年|二[〇○零0oO])")
_PAGE_HEAD = re.compile(r"(?:来源|发布(?:时间|日期))[^,。]{0,40}(?:19|20)\d\d[-年/.]\d{1,2}[^,。]{0,24}$")


def _may_head(line: str) -> bool:
    """Whether a line above 一、 may be the heading of what follows."""
    return (
        len(line) <= 30
        and not re.search(r"[。;,%]|^[(]?[一二三四五六七八九十\d]{1,3}[、.)]", line)
        and not day_line(line)
    )


def _goes_on(report: Report, lines: list[str], before: Report) -> bool:
    """Whether a part whose numbering starts anew is a chapter of the report before it: it names no issuer, title or
    date of its own and speaks for the same class of place."""
    if report.issuer.name or report.anchor.day or any(map(_is_title, lines[:2])):
        return False
    spoken = {
        found.replace("旗", "县") for found in re.findall("[我全本]([省市县区镇乡校园局委站院所街])", "\n".join(lines))
    }
    return before.issuer.kind in spoken or not spoken - {"省", "市"}


_BRACKETS_LAST = re.compile("[(][^()]*[)]$")


def _is_title(line: str) -> bool:
    return (
        len(line) <= 45
        and bool(_TITLE.search(_BRACKETS_LAST.sub("", line) if line.endswith(")") else line))
        and not re.match(r"[一二三四五六七八九十\d(]+[、.)]|现将|以上", line)
    )


def _report(lines: list[tuple[int, str]], scope: str, marker: str, name: str) -> Report:
    texts = [line for _, line in lines]
    titles = [
        line
        for line in texts[:5]
        if _is_title(line) or (_ORDER.search(line) and len(line) <= 40 and not re.search("[。;%]", line))
    ]
    title = titles[-1] if titles else re.sub(r"^.*?篇[::]", "", marker)
    if not title and texts and len(texts[0]) <= 40 and "。" not in texts[0]:
        title = texts[0]
    days = [day for line in (*texts[:7], *texts[-5:]) if (day := day_line(line))]
    days += [day for line in texts if (told := _ANSWERED.match(line)) and (day := day_line(told[1]))]
    ending = re.search(
        r"(?:^|[。\s])([^。]{0,24}?)((?:19|20)\d\d年\d{1,2}月\d{1,2}日|二[^。,]{3}年[^。,]{1,3}月[^。,]{1,3}日)$",
        texts[-1],
    )
    if not days and ending and (day := day_line(ending[2])):
        days = [day]
    if not days and (met := met_on(texts[:6])):
        days = [met]
    spoken = titled_period((*titles, title, *texts[:3], re.sub(r"\.\w+$", "", name)), texts)
    if spoken and re.fullmatch(r"\d{4}-\d\d-\d\d", spoken):  # ——2019年1月16日在…会议上
        days, spoken = days or [date.fromisoformat(spoken)], None
    if spoken and days and "政府工作报告" in title and spoken == str(days[-1].year) and days[-1].month <= 4:
        spoken = str(days[-1].year - 1)  # read at the beginning of a year, told of the year before
    if spoken and days and spoken == str(days[-1].year) and _AT_MEETING.search(title):
        spoken = None  # 在2025年全县教育工作会议上的讲话: the year of the meeting
    if spoken is None and not days:
        spoken = next((p for line in texts[:4] if (p := campaign_period(line))), None)
    if spoken is None and days and days[-1].month <= 4:  # told at the beginning of a year of the year before
        spoken = next((p for line in texts[:6] if (p := opening_period(line)) == str(days[-1].year - 1)), None)
    if spoken is None and not days:
        spoken = next((p for line in texts[:4] if len(line) > 20 and (p := opening_period(line))), None)
    spoken = spoken or source_period(texts)
    if spoken is None and not days:
        spoken = next((p for line in texts[-4:] if (p := month_line(line))), None)
    signature = [ending[1]] if ending and ending[1] else []
    whole = "\n".join(texts)
    issuer = of_addressee(of_its_town(find_issuer([*texts, *signature], marker, name), whole), texts)
    day = days[-1] if days else None
    opinion = re.search("意见|反馈", title)  # tells of the days of the inspection, whenever it was signed
    checked = (inspected_on(texts[:6], day) if opinion else None) or as_of(
        _opening(texts) if day or spoken else texts[:4], day
    )
    spoken = plan_year(title, spoken)
    past = told_of_last_year(texts, day) if spoken is None and day is not None else None
    anchor = Anchor(day, spoken, *latest_year(whole), checked, past)
    return Report(scope, title, issuer, anchor, list(_paragraphs(lines)))


_AT_MEETING = re.compile("会议?(?:上)?的?(?:讲话|发言)")
# 答复时间:2024-05-20
_ANSWERED = re.compile(r"(?:答复|回复|办结|成文|印发|发文|填报|上报|报送|编制)(?:时间|日期)\s*[::]\s*([^:]{8,14})$")


def _opening(texts: Sequence[str]) -> Sequence[str]:
    """The lines of a report before its first numbered one."""
    first = next((n for n, line in enumerate(texts) if _NUMBERING[0].match(line)), 0)
    return texts[: min(first, 8)]


# 今年的预期目标是…。重点抓好以下工作: what follows is still to do, up to the next chapter
_OPENS_PLANS = re.compile(
    "(?!.*(?:以来|回顾|过去|[做抓办]了))(?=.*(?:目标|今年|明年|下一步|新的一年|新学[年期]|我们将)).*"
    "(?:抓好|做好|推进|办好|落实好?|实施|完成)(?:以下|下列|如下)[^,。;]{0,8}(?:工作|任务|方面|事)[:。]$"
)
_HAS_HAN = re.compile("[一-鿿]")  # …… between two paragraphs is no label
_NO_LABEL = re.compile(rf"[。,;:%\d{CELL}]")


def _paragraphs(lines: list[tuple[int, str]]) -> Iterator[Paragraph]:
    headings: list[str] = ["", "", "", ""]
    aside = False
    ahead: tuple[str, ...] = ()
    for start, line in lines:
        aside = bool(_ASIDE.match(line)) or (aside and "。" not in line)
        level = next((n for n, pattern in enumerate(_NUMBERING) if pattern.match(line)), None)
        if level is None and len(line) <= 16 and _HAS_HAN.search(line) and not _NO_LABEL.search(line.rstrip(":")):
            level = _level_of_label(headings) if line.endswith(":") else 0
        if level is not None:
            headings[level] = _heading(line)
            headings[level + 1 :] = [""] * (3 - level)
            ahead = ahead if level else ()
        for at in range(0, len(line), WIDEST):
            yield Paragraph(start + at, line[at : at + WIDEST], (*headings, *ahead), aside)
        ahead = ("工作目标",) if _OPENS_PLANS.match(line) else ahead  # the heading under which such sections stand


def _level_of_label(headings: list[str]) -> int:
    """库房方面: stands below the numbered headings above it, beside the label before it."""
    numbered = [
        n for n, heading in enumerate(headings[:2]) if any(pattern.match(heading) for pattern in _NUMBERING[: n + 1])
    ]
    return numbered[-1] + 1 if numbered else 0


_HEADING_END = re.compile("[。:;,]")


def _heading(line: str) -> str:
    """The first words of a numbered line: its heading, if it is one."""
    told = line[3:] if line.startswith("第") and line[2:3] == "," else line  # 第三,提几点要求
    return _HEADING_END.split(told, maxsplit=1)[0][:24]


WIDEST = 3000  # characters of a paragraph that is kept together
LONGEST = 600  # characters of a sentence that is read at once; longer ones (lists without full stops) are cut
_SENTENCE = re.compile(rf"[^。!?]{{1,{LONGEST}}}(?:[。!?]+|(?<=[;,、])|$)|[^。!?]{{1,{LONGEST}}}[。!?]*|[。!?]+")


def sentences(paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """(offset in the working copy, text) of each sentence of a paragraph."""
    for found in _SENTENCE.finditer(paragraph.text):
        if found[0].strip():
            yield paragraph.start + found.start(), found[0].replace(CELL, ",")
