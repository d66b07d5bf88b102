"""The working copy of a document: repaired for reading, with the original offset of every character."""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from etl.reports.rows import CELL
from etl.reports.script import plain_text, simplify
from etl.reports.seek import matches, matches_around

_CJK = "一-鿿"
_MEASURE = "个名所人家位例起份件处间班分项条次户台套元张册岁年月日天周届期级成万亿余多倍批辆支剂针园校本%‰."
# What a pattern can begin with stands before it (`seek.matches`).
_DELETED_SIGN = re.compile(r"[&<(\[A-Za-z“”「」『』‘’\"\\\u200b\ufeff\u00ad]")
_DELETED = re.compile(
    r"&[a-zA-Z]{2,6};|&#\d+;|<br\s*/?>|</?[a-z]{1,6}>"  # escapes of a web page
    r"|\((?=[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]|[a-z]+\))[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}\)"  # pinyin
    r"|(?<=[一-鿿%)])\[\d{1,2}\]"  # marks of footnotes (覆盖率[2]达到)
    r"|\[[^\]\n]{0,60}(?:\.com|\.cn|\.net)[^\]\n]{0,60}\]"
    r"|(?:https?://(?:[\w-]+\.)+|www\.(?:[\w-]+\.)+)[a-z]{2,6}(?:/[A-Za-z0-9_./?=&-]*?\.(?:s?html?|aspx?|php|jsp|pdf|docx?)|/[A-Za-z0-9_./?=&-]*)?|(?<![\w.])[a-zA-Z][a-zA-Z0-9-]+\.(?:com|cn|net|org)(?:\.cn)?"
    r"|[“”「」『』‘’\"\\\u200b\ufeff\u00ad]"
)
_LOST_POINT_SIGN = re.compile(r"[?。 ](?=\d)")
_LOST_POINT = re.compile(
    r"(?<=\d)[?。](?=\d{1,2}%)|(?<=(?<![\d. ])\d\d)(?<!10) (?=\d{1,2}%)|(?<=(?<![\d. ])10) (?=[1-9]\d?%)|(?<=[一-鿿]\d) (?!00%)(?=\d{1,2}%)"
)
_PAGE_NUMBER_SIGN = re.compile(r"\n(?= *\d)")
_PAGE_NUMBER = re.compile(
    rf"(?<=[{_CJK},、])\n *\d{{1,3}} *(?=\n[{_CJK}])|(?<=[{_CJK},、])\n *\d{{1,3}} *(?=\n[\d.]+[%‰年人名所个家份例起处条项户次])"
)
_BREAK_IN_NUMBER = re.compile(r"\n(?=[\d十一二三四五六七八九点])")
# 31,2⏎05人 and 隐患1⏎47处: a number that a wrapped line breaks in two
_TORN_GROUP = re.compile(r"(?<=\d,\d)\n(?=\d\d(?!\d))|(?<=\d,\d\d)\n(?=\d(?!\d))|(?<=\d,)\n(?=\d{3}(?!\d))")
_TORN_WRAPPED = re.compile(
    rf"(?<=[{_CJK},。;]{{4}}[{_CJK}]{{2}}\d)\n(?=\d{{1,4}}(?:\.\d+)?(?:[个所人名家处条项例起]|%))"
    rf"|(?<=[百千万]分之[一二三四五六七八九])\n(?=[十一二三四五六七八九点])"
)
_LINE_END = re.compile("[ \n]")
_TORN_LINES = re.compile(
    r"(?<=[\d.]) *\n(?: *(?:\d{1,3} *)?\n)* *(?=[\d.]+(?:[%‰,。;、)万千余多年人名所个家例起处条项份户次剂]|$))|(?<=\d) *\n(?: *(?:\d{1,3} *)?\n)* *(?=[%‰年人名所个家份例起处条项户次和及与万余多])"
    r"|(?<=[^\n]) *\n(?: *(?:\d{1,3} *)?\n)* *(?=[,。;、)%‰][^\n])"
)
_IN_WORDS = re.compile("[一-鿿][^一-鿿]{0,12}$")  # the words stand not far before the line's end
_ENDS_WHOLE = re.compile(r"(?:附件|附表|表|图|第|编号|电话)\s*\d+$|(?:19|20)\d\d$|^\d{1,2}[.、]?$")
_TORN_NUMBER = re.compile(r"(?<=[共有达为计]\d)\n(?=\d{1,3}(?:\.\d+)?(?:个|所|人|名|家|%))")
_RATE = re.compile("率")
_LIST_POINT = re.compile(r"率(?:达到|达|为|是)?(?:1[01]\d|\d{1,2})([、,])\d{1,2}(?=%)")
_POINT_IN_LIST_SIGN = re.compile(r"、(?=\d%)")
_POINT_IN_LIST = re.compile(r"(?<=[一-鿿]\d\d)(?<![别次是均]为\d\d)(?<![是到]\d\d)、(?=\d%)")  # 脊灰97、6%
_POINT = re.compile(r"\.")
_SECOND_POINT = re.compile(r"(?<=\d)\.(?=\.\d)")


_LABEL = re.compile(r"^( *)【((?!第.{1,3}[篇份]|.{0,2}[篇文料]之?[\d一二三四五六七八九十])[^【】\n]{2,16})】", re.M)


@dataclass(slots=True)
class Clean:
    """`text` is read by the rules; `origin[i]` is the offset of its i-th character in the document."""

    text: str
    origin: array[int]
    repaired: set[int] = field(default_factory=set)  # original offsets where a decimal point was put back
    noise: list[tuple[int, int]] = field(default_factory=list)  # original spans of page numbers taken out

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a span of the working copy."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else (self.origin[-1] + 1 if self.origin else 0)
            return at, at
        return self.origin[start], self.origin[end - 1] + 1

    def delete(self, sign: re.Pattern[str], pattern: re.Pattern[str]) -> None:
        """Takes out what matches."""
        self.delete_spans([found.span() for found in matches(sign, pattern, self.text)])

    def delete_spans(self, spans: list[tuple[int, int]], noise: bool = False) -> None:
        if not spans:
            return
        kept: list[str] = []
        origin = array("l")
        last = 0
        for start, end in spans:
            if noise:
                self.noise.append(self.span(start, end))
            kept.append(self.text[last:start])
            origin += self.origin[last:start]
            last = end
        self.text = "".join(kept) + self.text[last:]
        self.origin = origin + self.origin[last:]

    def point(self, sign: re.Pattern[str], pattern: re.Pattern[str], group: int = 0) -> None:
        """Puts a decimal point where the pattern finds a lost one."""
        for at in [found.start(group) for found in matches(sign, pattern, self.text)]:
            self.text = f"{self.text[:at]}.{self.text[at + 1 :]}"
            self.repaired.add(self.origin[at])


def clean(text: str, crosses: Callable[[str, str], bool], *, marked: str | None = None) -> Clean:
    """The working copy of a text. `crosses(before, after)` tells whether a line break splits a known word;
    `marked`: the text with the cells of typed tables marked (`rows.marked`), where these are to be read."""
    plain = simplify(plain_text(text) if marked is None else marked)
    plain = _LABEL.sub(r"\1•\2:", plain) if "【" in plain else plain  # 【学前教育】新建…
    copy = Clean(plain.replace("|", ","), array("l", np.arange(len(text), dtype="l").tobytes()))
    copy.delete(_DELETED_SIGN, _DELETED)
    copy.point(_LOST_POINT_SIGN, _LOST_POINT)
    copy.point(_RATE, _LIST_POINT, 1)
    copy.point(_POINT_IN_LIST_SIGN, _POINT_IN_LIST)
    if ".." in copy.text:
        copy.repaired |= {copy.origin[m.start()] for m in re.finditer(r"\.\.(?=\d)", copy.text)}
        copy.delete(_POINT, _SECOND_POINT)
    if " " in copy.text:
        _spaces(copy)
    _torn_lines(copy)
    _page_numbers(copy)
    for torn in (_TORN_NUMBER, _TORN_GROUP, _TORN_WRAPPED):
        copy.delete(_BREAK_IN_NUMBER, torn)
    _broken_lines(copy, crosses)
    return copy


def _torn_lines(copy: Clean) -> None:
    """A number that a line's end, perhaps with a page number, breaks in two; cells of tables have no words before them."""
    text = copy.text
    spans = []
    for found in matches(_LINE_END, _TORN_LINES, text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        whole = _ENDS_WHOLE.search(line) and not text.startswith("年", found.end())
        if _IN_WORDS.search(line) and not whole and CELL not in line:
            spans.append(found.span())
    copy.delete_spans(spans)


def _page_numbers(copy: Clean) -> None:
    """A number alone on a line between the halves of a sentence; cells of tables have no sentence before them."""
    text = copy.text
    spans = []
    for found in matches(_PAGE_NUMBER_SIGN, _PAGE_NUMBER, text):
        line = text[max(text.rfind("\n", 0, found.start()) + 1, found.start() - 80) : found.start()]
        after = text[found.end() + 1 :].split("\n", 1)[0]
        if (len(line) >= 10 and re.search("[,。;]", line)) or (
            line and re.search("[,。;]", after) and not _TITLE_LINE.match(line)
        ):
            heads = re.match(r"[(•]?[一二三四五六七八九十\d]{1,3}[、.)]", line.strip())
            spans.append((found.start(), found.end() + (0 if heads else 1)))
    copy.delete_spans(spans, noise=True)


def _inner_spaces(copy: Clean, back: int, torn: re.Pattern[str]) -> None:
    """Takes the spaces out of what matches; the first of them stands at most `back` characters behind its beginning."""
    found = matches_around(" ", back, torn, copy.text)
    copy.delete_spans([(at, at + 1) for m in found for at in range(*m.span()) if copy.text[at] == " "])


def _page_numbers_in_line(copy: Clean, pattern: re.Pattern[str]) -> None:
    """Takes out numbers of up to three digits before a space."""
    copy.delete_spans([found.span(1) for found in matches_around(" ", 3, pattern, copy.text)], noise=True)


_SPACE = re.compile(" ")
_TORN_DIGITS = re.compile(rf"(?<=[{_CJK}] )\d(?: \d)+(?= ?[{_CJK}] )|(?<![\d ])\d(?: \d){{2,}}(?= ?[{_MEASURE}])")
# 9 6 . 8 % and 84. 6%: a decimal whose digits stand apart is joined up to its percent sign
_TORN_DECIMAL = re.compile(r"(?<![\d.])\d(?: ?\d){0,2} ?\. ?\d(?: ?\d)?(?= ?%)")
_BESIDE_POINT = re.compile(
    rf"(?<=[{_CJK}]\d\.) +(?=\d)|(?<=[{_CJK}]\d\d\.) +(?=\d)|(?<=\d\.) +(?=\d+%)|(?<=[{_CJK}] \d\.) +(?=\d{{1,2}} ?[人名%])|(?<=[{_CJK}] \d\d\.) +(?=\d{{1,2}} ?[人名%])|(?<=\d) +(?=\.\d)"
)
_GROUPED = re.compile(r"(?<![\d.] )(?<![\d.])[1-9]\d{0,2}(?: \d{3})+(?![\d.])")
_PAGE_BEFORE_NUMBER = re.compile(r"(?:^|(?<=[。;!\n])) *(\d{1,3}) +(?=\d+[^\d])", re.M)
_PAGE_BEFORE_WORD = re.compile(rf"(?:^|(?<=[\n,。;])|(?<=[{_CJK}] )) *(\d{{1,3}}) +(?=[{_CJK}])(?![{_MEASURE}])", re.M)
_NEEDLESS = re.compile(
    rf"(?<=[{_CJK},。;:、%\d)(]) +(?=[{_CJK}\d(%,。;:、*])|(?<=[{_CJK}]) +(?=[\d%])|(?<=\d) +(?=[%{_CJK}])"
)


def _spaces(copy: Clean) -> None:
    """Page numbers go, digits torn apart and grouped digits are joined, then every space beside Han or digits."""
    _inner_spaces(copy, 1, _TORN_DIGITS)
    _inner_spaces(copy, 6, _TORN_DECIMAL)
    copy.delete(_SPACE, _BESIDE_POINT)
    _inner_spaces(copy, 3, _GROUPED)
    _page_numbers_in_line(copy, _PAGE_BEFORE_NUMBER)
    _page_numbers_in_line(copy, _PAGE_BEFORE_WORD)
    copy.delete(_SPACE, _NEEDLESS)


def _broken_lines(copy: Clean, crosses: Callable[[str, str], bool]) -> None:
    """Joins lines that break a year, a number word or a known word, and long lines that end in mid sentence."""
    text = copy.text
    width = _wrapped_at(text)
    spans: list[tuple[int, int]] = []
    for found in re.finditer(r" *\n[\s]*", text):
        before = text[max(0, text.rfind("\n", 0, found.start()) + 1) : found.start()]
        after_end = text.find("\n", found.end())
        after = text[found.end() : after_end if after_end >= 0 else len(text)]
        full = (
            width is not None and _columns(before) >= width - 3 and found[0].strip(" ") == "\n" and found[0][-1] == "\n"
        )
        if before and after and CELL not in before + after and _continues(before, after, crosses, full):
            spans.append(found.span())
    copy.delete_spans(spans)


def _columns(line: str) -> float:
    """How wide a line is printed, in Han characters."""
    return len(line) - (len(line.encode("ascii", "ignore")) - line.count(" ")) / 2


def _wrapped_at(text: str) -> float | None:
    """The width at which a text breaks its lines in mid sentence, if it does so throughout."""
    if text.count("\n") < 8:
        return None
    lines = text.split("\n")
    widths = sorted(
        _columns(line)
        for line, after in itertools.pairwise(lines)
        if len(line) > 12 and after[:1].strip() and CELL not in line and line[-1] not in "。!?;:"
    )
    if len(widths) < 6 or widths[-1] > 60:
        return None
    low, middle, high = (widths[len(widths) * n // 10] for n in (2, 5, 8))
    long = sum(_columns(line) > 2 * middle + 4 for line in lines)
    return middle if high - low <= 2.5 and long * 10 <= len(lines) else None


_TITLE_LINE = re.compile(
    r"[^。,;:%]{6,60}(?:汇报|总结|报告|通报|小结|简报|讲话|说明|情况|简况|综述|公报|提纲|方案|意见|要点|简析|办法)$"
)


_YEAR_BEGUN = re.compile(r"(?<!\d)([12]\d{0,2})$")
_YEAR_ENDED = re.compile(r"(\d{1,3})(?=年|、(?:19|20)\d{2}年)")
_SPAN_BEGUN = re.compile(r"(?<!\d)(?:19|20)\d\d年?[-—–~至]{1,2}$")
_SPAN_ENDED = re.compile(r"(?:19|20)\d\d(?:学年|年)")
_ITEM_NUMBER = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]|\d{1,2}[.、])")


# 二、学籍与控辍 before 学校严格执行…: a heading, not the first half of 辍学
_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)])[^,。;:、\d]{2,10}")
_STANDS_ALONE = re.compile("[(].*[)]$|(?:19|20|二)[^,。;]{4,14}日$")  # a day, a remark in brackets


_ITEM = re.compile(r"(?!\d+\.\d+%)[•(]?[一二三四五六七八九十\d]{1,3}[、.)]|[•|]|第.{1,4}[篇章节]")
_LISTED = re.compile(r"[一-鿿\d%][,、]")
_HEADING_OF_SPEECH = re.compile(r"第[一二三四五六七八九十],[^。;:\d]{4,24}")
_GOES_ON = re.compile(f"[{_CJK},、]")


def _continues(before: str, after: str, crosses: Callable[[str, str], bool], full: bool) -> bool:
    """Whether a line goes on in the next one. `full`: it is as long as the lines of a wrapped text."""
    year = _YEAR_BEGUN.search(before[-4:]) if before[-1].isdigit() else None
    rest = _YEAR_ENDED.match(after) if year else None
    if year and rest and re.fullmatch(r"(?:19|20)\d{2}", year[1] + rest[1]):
        return True
    if _SPAN_BEGUN.search(before) and _SPAN_ENDED.match(after):
        return True  # 2023— and 2024学年 on the next line
    if _ITEM_NUMBER.fullmatch(before.strip()):
        return True  # the number of an item, and its text on the next line
    if before[-1] in "。!?;:)" or _ITEM.match(after):
        return False
    if before[-1] in ",、" and _LISTED.match(before[-2:]):
        return True
    if crosses(before[-14:], after[:14]) and not _HEADING.fullmatch(before.strip()):
        return True
    if _TITLE_LINE.match(before.strip()) or _HEADING_OF_SPEECH.fullmatch(before.strip()):
        return False  # 第三,任务已经明确,要看到行动: the heading of a speech
    if (
        full
        and re.search("[,。;]", before + after)
        and not _STANDS_ALONE.match(before.strip())
        and after[0] != "("
        and not re.match(r"[(]?(?:[一二三四五六七八九十]{1,3}[、)]|\d{1,2}[.、)](?!\d))", after)
    ):
        return True
    return (
        (len(before) >= 30 or "," in before[1:])
        and bool(_GOES_ON.match(before[-1]))
        and 12 < len(after) <= len(before) + 12  # lines of a wrapped text are about equally long
        and "。" in after
    )
