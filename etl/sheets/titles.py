"""What stands around a table: title, issuer, unit, date, level; from its own lines, the sheet and file name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from db.periods import parse_period
from etl.sheets.cells import compact
from etl.sheets.header import Table
from etl.sheets.issuers import (
    ISSUER_KEYS,
    find_issuer,
    is_generic,
    is_school,
    of_caption,
    only_units,
    place_in_title,
)
from etl.sheets.periods import find_period, lone_month, month_within, previous, stamp_period
from etl.sheets.traditional import plain_name
from etl.sheets.words import LEVEL_WORDS, levels_in, strip_numbering

_DATE_KEYS = (
    "填表日期",
    "填报日期",
    "填表时间",
    "填报时间",
    "上报日期",
    "上报时间",
    "报送日期",
    "日期",
    "制表日期",
    "制表时间",
    "登记日期",
    "评价日期",
    "截止日期",
    "数据截止",
    "报出日期",
)
_EVENT_KEYS = tuple(  # when what the table tells was done, which is not when it was filled in
    f"{what}{when}"
    for what in ("评价", "评估", "检查", "体检", "监测", "筛查", "查验", "抽检", "检测", "考核")
    for when in ("日期", "时间")
)
_PERIOD_KEYS = (
    "报告期",
    "期别",
    "统计期",
    "期间",
    "学年",
    "学年度",
    "年度",
    "学期",
    "报表期",
    "所属期",
    "月份",
    "统计年度",
    "所属年度",
    "报告月份",
    "报告时间",
    "统计时间",
    "统计时段",
    "统计时点",
    "统计区间",
    "数据时间",
    "数据时点",
    "时间",
    "时段",
    "时点",
    "学年初",
    "学年末",
)
_PAIR = re.compile(
    r"(?P<key>[一-鿿(、)]{2,10}?)(?:\((?:公章|盖章|章|签章)\))?[:](?P<value>.*?)(?=(?:[一-鿿()]{2,10}?)[:]|$)"
)
_LATIN_TAIL = re.compile(r"(?<=[一-鿿）)%])\s+[A-Za-z][A-Za-z ,.:'()/-]{3,}$")
_BRACKETS = re.compile(r"[(][^()]*[)]")
_GAP = re.compile(r"\s{2,}|[\t\u3000]+")
_LONG_KEYS, _SHORT_KEYS = (
    "|".join(sorted(keys, key=len, reverse=True))
    for keys in (
        [key for key in (*ISSUER_KEYS, *_DATE_KEYS, *_EVENT_KEYS, *_PERIOD_KEYS, "计量单位") if len(key) > 2],
        [key for key in (*ISSUER_KEYS, *_PERIOD_KEYS) if len(key) == 2 and key not in ("时间", "时段", "时点")],
    )
)
_KNOWN_KEYS = re.compile(  # 承检单位: is a key of its own and does not end in one
    rf"(?:(?:{_LONG_KEYS})|(?:(?<![一-鿿])|(?<=[年月日初末]))(?:{_SHORT_KEYS}))(?:[(][^()]*[)])?:"
)
_DATED_NOTE = re.compile(r"统计|采集|截[至止]|时点|时间|期间|数据|本表|学年|学期|年度")
_IN_PERCENT = re.compile(r"[(]%[)]$")
_ONLY_TIME = re.compile(r"[\d年月日季度学期第一二三四上下半春秋至—~()-]+")
_ONLY_DAY = re.compile(r"(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|([-./])\d{1,2}\1\d{1,2})")
_PART_OF_YEAR = re.compile(r"第?[一二三四1-4]季度|[上下]半年")
_NUMBERED = re.compile(r"表[一二三四五六七八九十\d]{1,2}(?![-\d])")
_JOINED = re.compile(r"[与和及、]")
_SUBJECT = re.compile(r"学校|中小学|教育|[校学]生|食堂")
_CAPTION = re.compile(r"(?:[(]?[一二三四五六七八九十]{1,3}[)、.]|\d{1,2}[、.](?!\d))|.{1,6}$")


@dataclass(frozen=True, slots=True)
class Frame:
    """The facts that hold for a whole table. `issuer_redacted` says that a name stands there, struck out."""

    topic: str = ""
    heading: str = ""  # the titles over all blocks of a sheet, without the caption of this block
    issuer: str | None = None
    issuer_redacted: bool = False
    period: str | None = None
    period_from: str = "none"  # a PeriodSource
    level: str | None = None
    level_is_wide: bool = False  # CE, and SEN where a school may be vocational: a school's own level is more exact
    unit: str = ""
    vaccine: str = ""  # the only one that the title names
    head: str | None = None  # the issuer of the whole sheet, where a block is of one of its units
    filed: str = ""  # the day on which it was filled in
    several_cohorts: bool = False  # the rows of the table are of several cohorts (2018级, 2017级)


_WIDE = ("CE", "SEN")
_ENTERED = re.compile(
    r"[(](?:19|20)\d{2}年?(?:[秋春]季?)?(?:学期)?(?:[一七]年级|小学|初中)?(?:入学|入校|招生)[^()]*[)]"
)


def read_frame(table: Table, sheet_name: str, file_name: str, before: Frame | None = None) -> Frame:
    """The frame of a table; a later table of a sheet inherits what its own lines do not say."""
    lines = _with_keys([_LATIN_TAIL.sub("", table.sheet.text(r, c)) for r, c in table.titles])
    tail = [_LATIN_TAIL.sub("", table.sheet.text(r, c)) for r, c in table.footers]
    return frame_from_lines(lines, tail, (plain_name(sheet_name), plain_name(_stem(file_name))), before)


def issuer_below(table: Table) -> str | None:
    """The unit that the lines below a table name as the one that filled it in."""
    pairs = _pairs([table.sheet.text(r, c) for r, c in table.footers])
    issuer, redacted = find_issuer(pairs, (), ("", ""))
    return None if redacted or not pairs else issuer


def issuer_on_top(table: Table) -> str | None:
    """The unit that the heading of a sheet begins with, where other things stand between it and the table."""
    sheet = table.sheet
    top = next((row for row in range(table.header[0]) if sheet.own(row)), None)
    if top is None or len(sheet.own(top)) != 1 or any(row == top for row, _ in table.titles):
        return None
    place = place_in_title(str(sheet.own(top)[0][1]))
    return place if place and not is_generic(place) and find_issuer((), (place,), ("", "")) == (place, False) else None


def frame_from_lines(
    lines: Sequence[str], tail: Sequence[str], names: tuple[str, str], before: Frame | None = None
) -> Frame:
    """The frame that title lines and footers give, completed from the sheet's and the file's name."""
    pairs = _pairs(lines) + _pairs(tail)
    values = {value for _, value in pairs}
    titles = [text for line in lines if (text := compact(line)) and not _is_pair_line(line) and text not in values]
    if any("巩固" in title for title in titles):
        titles = [_ENTERED.sub("", title) for title in titles]  # when the cohort began is not when it was counted
    captions = [title for title in titles if _is_caption(title, before is not None or len(titles) > 1)]
    heading = " ".join(t for t in titles if t not in captions) or (before.heading if before else "")
    topic = " ".join((heading or " ".join(names), *captions))
    issuer, redacted = find_issuer(pairs, titles, names)
    if is_school(names[0]) and not is_school(issuer or ""):
        issuer, redacted = compact(names[0]), False
    owner = next((name for caption in captions if (name := of_caption(caption))), None)
    head = issuer or (before.head if before else None)
    if before is not None and captions and issuer is None and not redacted:
        issuer, redacted = before.head, before.issuer_redacted  # not the unit of the block before
    issuer, redacted = (owner, False) if owner else (issuer, redacted)
    level, wide = _level(titles or names)
    if level is None and not levels_in(heading) and (of_sheet := LEVEL_WORDS.get(compact(names[0]))):
        level, wide = of_sheet, of_sheet in _WIDE
    beside = [piece for line in lines if _is_pair_line(line) for piece in _pieces(line) if ":" not in piece]
    period, source = _period(pairs, titles, names, topic, tail, beside)
    if captions and not any(find_period(title) for title in captions):
        if len(titles) == len(captions) and before is not None:
            period, source = before.period, "above"
        period = _narrowed(period, captions[-1]) or period
    unit = next((value for key, value in pairs if key in ("单位", "计量单位") and only_units(value)), "")
    unit = unit or ("%" if any(_IN_PERCENT.search(title) for title in titles) else "")  # 各校辍学率(%)
    if before is not None:
        same_issuer = issuer or redacted
        issuer, redacted = (issuer, redacted) if same_issuer else (before.issuer, before.issuer_redacted)
        period, source = (period, source) if period else (before.period, "above")
        unit = unit or before.unit
        if not level and all(_ONLY_TIME.fullmatch(title) for title in titles):  # 2024年秋季 | 2025年秋季 side by side
            level, wide = before.level, before.level_is_wide
        elif not level and len(titles) == len(captions):
            level, wide = _level((before.heading, *captions))
    source = source if period else "none"
    filed = next((code for key, value in pairs if key in _DATE_KEYS and (code := find_period(value))), "")
    return Frame(topic, heading, issuer, redacted, period, source, level, wide, unit, head=head, filed=filed)


def _is_caption(title: str, below: bool) -> bool:
    """Whether a line is the caption of one block below the title of the sheet: 一、小学, 表二 学前教育普惠情况."""
    return bool(_CAPTION.match(title)) or (below and bool(_NUMBERED.match(title)) and not find_period(title))


def _with_keys(lines: Sequence[str]) -> list[str]:
    """A title cell that is nothing but a known key takes a colon: the next cell is its value (学年 | 2023-2024)."""
    keys = {*ISSUER_KEYS, *_DATE_KEYS, *_PERIOD_KEYS} - {"学校", "幼儿园", "单位"}
    last = len(lines) - 1
    return [f"{line}:" if compact(line) in keys and n < last else line for n, line in enumerate(lines)]


_MONTH_OF_FILE = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])$")


def _stem(file_name: str) -> str:
    return re.sub(r"\.[A-Za-z0-9]{2,5}$", "", file_name.replace("\\", "/").rsplit("/", 1)[-1])


def _pieces(line: str) -> list[str]:
    """The parts of a line that holds several pairs side by side: 填报单位:某县教育局   填表日期:2024年3月29日."""
    found: list[str] = []
    for part in _GAP.split(line.strip()):
        text = compact(part)
        starts = [at.start() for at in _KNOWN_KEYS.finditer(text)]
        bounds = sorted({0, *starts, len(text)})
        found += [text[a:b] for a, b in pairwise(bounds)]
    return found


def _pairs(lines: Sequence[str]) -> list[tuple[str, str]]:
    """label:value pairs; a label cell that ends with a colon takes the next cell as its value."""
    found: list[tuple[str, str]] = []
    waiting = ""
    for text in (piece for line in lines for piece in _pieces(line)):
        if waiting and ":" not in text:
            found.append((waiting, text))
            waiting = ""
            continue
        waiting = ""
        for pair in _PAIR.finditer(text):
            key, value = _BRACKETS.sub("", pair["key"]), pair["value"]
            if value:
                found.append((key, value))
            elif pair.end() == len(text):
                waiting = key
    return found


def _is_pair_line(line: str) -> bool:
    text = compact(line)
    found = _PAIR.match(text)
    known = (
        *ISSUER_KEYS,
        *_DATE_KEYS,
        *_PERIOD_KEYS,
        "单位",
        "计量单位",
        "负责人",
        "表号",
        "制定机关",
        "批准文号",
        "有效期至",
    )
    return bool(found and _BRACKETS.sub("", found["key"]) in known) or only_units(text)


def _level(titles: Sequence[str]) -> tuple[str | None, bool]:
    """The level of the titles; where they name several, that of the caption nearest to the table (一、小学)."""
    levels = levels_in(" ".join(titles))
    if len(levels) != 1 and _is_caption(titles[-1], len(titles) > 1):
        levels = levels_in(titles[-1])
    elif len(levels) == 1 and len(titles) > 1 and _is_caption(titles[-1], True) and levels != levels_in(titles[-1]):
        levels = () if _is_of_several(titles[:-1], levels[0]) else levels
    if len(levels) > 1:
        levels = tuple(level for level in levels if level != "CE")  # 义务教育学校基本情况(小学)
    if len(levels) != 1:
        return None, False
    return levels[0], levels[0] in _WIDE


def _is_of_several(titles: Sequence[str], level: str) -> bool:
    """Whether a heading joins several subjects of which only one is of the level: 学校卫生与学前教育监测. What follows the
    one that names it without a subject of its own is of it too: 幼儿出勤、晨检."""
    for title in titles:
        subjects = _JOINED.split(title)
        first = next((n for n, part in enumerate(subjects) if levels_in(part) == (level,)), len(subjects))
        others = [*subjects[:first], *(part for part in subjects[first + 1 :] if _SUBJECT.search(part))]
        if len(subjects) > 1 and any(levels_in(part) != (level,) for part in others):
            return True
    return False


def _period(
    pairs: Sequence[tuple[str, str]],
    titles: Sequence[str],
    names: tuple[str, str],
    topic: str,
    tail: Sequence[str],
    beside: Sequence[str] = (),
) -> tuple[str | None, str]:
    """The period of the table and where it stands (a PeriodSource); `beside`: what stands between labelled facts."""
    named = [title for title in titles if not _ONLY_DAY.fullmatch(title)]
    said = [
        *((find_period(title), "title") for title in named),
        *((find_period(piece), "title") for piece in beside),
        *((stamp_period(value, key), "stated") for key, value in pairs if key in _PERIOD_KEYS),
        (find_period(names[0]), "sheet_name"),
        *((find_period(value), "stated") for key, value in pairs if key in _EVENT_KEYS),
        (find_period(names[1]) or _month_of_file(names[1]), "file_name"),
        *((find_period(title), "date") for title in titles if title not in named),
        *((find_period(value), "date") for key, value in pairs if key in _DATE_KEYS),
        *((find_period(line), "note") for line in tail if _DATED_NOTE.search(compact(line))),
    ]
    chosen, source = next(((code, source) for code, source in said if code), (None, "none"))
    filed = bool(chosen and re.fullmatch(r"\d{4}-\d{2}-\d{2}", chosen))
    dated = [names[0]] if filed and lone_month(compact(names[0])) else []  # 10月, filed on 2025年11月3日
    if chosen and source != "title":
        chosen = next((code for title in (*named, *dated) if (code := part_told(title, chosen))), chosen)
    month = lone_month(compact(names[0]))
    if month and chosen and re.fullmatch(r"\d{4}|SY\d{4}(?:-T[12])?", chosen):
        chosen = month_within(chosen, month)
    if chosen and re.fullmatch(r"\d{4}", chosen) and _is_entry_check(topic):
        return f"SY{chosen}-T1", source
    return chosen, source


def _month_of_file(name: str) -> str | None:
    """The month at the end of a file's name: 报表_202504."""
    found = _MONTH_OF_FILE.search(name)
    return f"{found[1]}-{found[2]}" if found else None


def part_told(title: str, base: str) -> str | None:
    """The month or quarter of a title that names no year (3月份工作月报), in the year of the day on which it was filed or of
    the sheet's name: the latest one that has begun by then."""
    year = re.match(r"(?:SY)?(\d{4})", base)
    if year is None or base.startswith("SY") or ".." in base:
        return None
    month = lone_month(title)
    told = f"{month}月" if month else (found[0] if (found := _PART_OF_YEAR.search(title)) else "")
    code = find_period(f"{year[1]}年{told}") if told else None
    filed = re.fullmatch(r"\d{4}-\d{2}-\d{2}", base)
    if code and filed and parse_period(code).start > date.fromisoformat(base):
        code = previous(code)
    return code


def _narrowed(period: str | None, caption: str) -> str | None:
    """The part of the sheet's year that a block's caption names: 一、第一季度 under 2025年 is 2025-Q1."""
    base = re.fullmatch(r"(\d{4})(?:-[QH]\d|-\d{2})?|SY(\d{4})(?:-T[12])?", period or "")
    if base is None:
        return None
    text = strip_numbering(caption)
    if base[1]:
        code = find_period(f"{base[1]}年{text}")
        return code if code != base[1] else None
    month = lone_month(text)
    code = month_within(f"SY{base[2]}", month) if month else find_period(f"{base[2]}学年{text}")
    return code if code != f"SY{base[2]}" else None


def _is_entry_check(topic: str) -> bool:
    """The vaccination check of a year is that of its autumn intake."""
    return "查验" in topic and any(word in topic for word in ("接种证", "预防接种", "入托", "入学"))
