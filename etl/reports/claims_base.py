"""What a comparison compares with: 比上年, 较2018年, 高于全省平均, 比男童, 与十年前相比 — and the period that means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from db.catalogue import Indicator
from db.periods import parse_period
from db.records_claims import Base, BaseKind
from etl.reports.found import Situation
from etl.reports.periods import find_periods
from etl.reports.script import han_value

_YEAR = r"(?:(?:19|20)\d{2}|[二一][〇零0O○o九][〇零0O○o一二三四五六七八九]{2})"
_SCHOOL_YEAR = rf"{_YEAR}(?:年?[-—–~至]+(?:{_YEAR}|\d{{2}}))?学年(?:度)?(?:[初末]|第[一二]学期|[上下]学期)?"
_WHEN = (
    r"(?:上一?年|去年|前年|上一?次|上一?年度|上一?学年|上年度|上一?学期|上一?季度|上月|上一?个月)(?:度)?(?:[秋春]季?|同期|底|末|初|年?末|同月)*"
    rf"|{_SCHOOL_YEAR}|{_YEAR}年(?:度|同期|底|末|初|[秋春]季?(?:学期)?|\d{{1,2}}月(?:底|末)?)*"
    r"|同期|[一二两三四五六七八九十\d]{1,3}年(?:前|以前)|建[校园]初?|合并前|撤并前|补种前|查验时|整改前|验收(?:时|前)|普九(?:验收)?时|开学初|期初|学年初|年初|十[一二三四]五末|行动前|前一年"
)
_PLACE = r"(?:全|我|本)?(?:国|省|市|县|区|镇|乡)(?:家)?(?:小学|初中|高中|同类|同级)?(?:同期)?(?:的)?(?:总体)?(?:平均(?:水平|值|数|线)?|均值|总体水平|整体水平)"
_GROUP = r"(?:男童|女童|男生|女生|男孩|女孩|城区|城镇|城市|农村|乡村|乡镇|镇区|公办园?|民办园?|小学|初中|高中|幼儿园)(?:学生|儿童|学校|幼儿园|阶段|小学|初中)?"
_GOAL = r"(?:年度|年初|全年|省定|市定|县定|国家|上级|规定|规划|下达|既定|预期|责任书)*(?:的)?(?:目标|任务|计划|标准|指标|要求)(?:任务|数|值)?"
RELATIVE = re.compile("上一?年|去年|上一?学年|上年度|同比|同期|前一年")
_LEAD = r"(?:相比于?|相较于?|比|较|与|同|和|跟|对比)"
_AFTER = r"(?:(?:的)?(?:相比|比较|相较|对比))?"
_BASES: tuple[tuple[BaseKind, re.Pattern[str]], ...] = (
    (BaseKind.PERIOD, re.compile(rf"{_LEAD}(?:于)?(?P<base>{_WHEN})(?:的)?{_AFTER}")),
    (BaseKind.PERIOD, re.compile(r"(?P<base>同比|环比)")),
    (BaseKind.PLACE, re.compile(rf"(?:{_LEAD}|高于|低于|高出|高过|超过|超出|优于)(?P<base>{_PLACE})")),
    (BaseKind.GROUP, re.compile(rf"(?:比|较|高于|低于|高出)(?P<base>{_GROUP})(?=高|低|多|少|\d|(?:高出|低了|高了))")),
    (BaseKind.TARGET, re.compile(rf"(?:比|较|高于|低于|超过|超出|高出|超)(?P<base>{_GOAL})")),
    (BaseKind.SPAN, re.compile(r"(?P<base>年均|平均每年|每年平均|逐年平均)")),
)  # fmt: skip
_GROUP_DIMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("男", {"sex": "M"}), ("女", {"sex": "F"}), ("城区", {"area": "urban"}), ("城镇", {"area": "urban"}),
    ("城市", {"area": "urban"}), ("农村", {"area": "rural"}), ("乡村", {"area": "rural"}), ("镇区", {"area": "town"}),
    ("公办", {"sponsor": "public"}), ("民办", {"sponsor": "private"}), ("小学", {"level": "PRI"}),
    ("初中", {"level": "JUN"}), ("高中", {"level": "SEN"}), ("幼儿园", {"level": "KG"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BaseAt:
    """A base expression at [start, end) of a sentence."""

    start: int
    end: int
    base: Base


def bases_in(text: str) -> list[BaseAt]:
    """Every base expression of a sentence, in order; of overlapping ones the first of the list above."""
    found: list[BaseAt] = []
    for kind, pattern in _BASES:
        for m in pattern.finditer(text):
            if all(m.end() <= other.start or m.start() >= other.end for other in found):
                place = _place_class(m["base"]) if kind is BaseKind.PLACE else None
                found.append(BaseAt(m.start(), m.end(), Base(kind, m["base"], place=place)))
    return sorted(found, key=lambda one: one.start)


def _place_class(words: str) -> str:
    return re.sub("^[全我本]", "", words)[0].replace("国", "国")


def with_period(base: Base, s: Situation, current: str | None) -> Base:
    """The base with the period that its words mean for a value of the current period."""
    return replace(base, period=_period(base.words, s, current))


def with_dims(base: Base, indicator: Indicator, dims: dict[str, str]) -> Base:
    """The base with the dims of the group it names; without dims where the indicator does not know them."""
    found = next((held for word, held in _GROUP_DIMS if word in base.words), {})
    if not found or not found.keys() <= set(indicator.dims):
        return base
    return replace(base, dims={**dims, **found})


def _period(words: str, s: Situation, current: str | None) -> str | None:
    explicit = re.search(rf"{_SCHOOL_YEAR}|{_YEAR}年|十[一二三四]五末", words)
    if explicit:
        return _explicit(words, s, current)
    if re.search("上一?学期", words):
        return _term_before(current or s.report.anchor.term)
    if re.search("环比|上月|上一?个月|上一?季度", words):
        return _just_before(current)
    ago = re.match(r"([一二两三四五六七八九十\d]{1,3})年(?:前|以前)", words)
    if ago:
        years = int(ago[1]) if ago[1].isdigit() else int(han_value(ago[1]) or 0)
        return years_before(current, years)
    if words.startswith("前年"):
        return years_before(current, 2)
    if RELATIVE.match(words):
        return years_before(current, 1)
    return None


def _explicit(words: str, s: Situation, current: str | None) -> str | None:
    """2018年 beside a value of a school year or term means the same school year or term of 2018."""
    plan = re.search("十([一二三四])五末", words)
    spans = [span for span in find_periods(words, s.report.anchor) if span.code]
    code = str(2005 + 5 * "一二三四".index(plan[1]) + 5) if plan else spans[0].code if spans else None
    year = re.match(r"(\d{4})(?:-12-31)?$", code or "")
    if year is None or current is None:
        return code
    told = re.match(r"(?:SY)?(\d{4})", current)
    if told is None or ".." in current:
        return code
    start = int(told[1])
    shift = start - int(year[1]) + (1 if current.endswith("-T2") else 0)
    return (
        years_before(current, shift) if current.startswith("SY") or re.fullmatch(r"\d{4}-\d\d-\d\d", current) else code
    )


def years_before(code: str | None, years: int) -> str | None:
    """The same period so many years earlier."""
    if code is None:
        return None
    if ".." in code:
        first, last = (years_before(part, years) for part in code.split("..", 1))
        return f"{first}..{last}"
    shifted = re.sub(r"^(SY)?(\d{4})", lambda m: f"{m[1] or ''}{int(m[2]) - years}", code, count=1)
    try:
        parse_period(shifted)
    except ValueError:  # the 29th of February
        return shifted[:-2] + "28"
    return shifted


def _term_before(code: str | None) -> str | None:
    found = re.fullmatch(r"SY(\d{4})-T([12])", code or "")
    if not found:
        return None
    year = int(found[1])
    return f"SY{year}-T1" if found[2] == "2" else f"SY{year - 1}-T2"


def _just_before(code: str | None) -> str | None:
    """The month, quarter, half-year, term or school year just before."""
    if code is None:
        return None
    if re.fullmatch(r"SY\d{4}-T[12]", code):
        return _term_before(code)
    part = re.fullmatch(r"(\d{4})-([QH]?)(\d{1,2})", code)
    if not part:
        return None
    year, mark, n = int(part[1]), part[2], int(part[3])
    last = {"Q": 4, "H": 2, "": 12}[mark]
    year, n = (year - 1, last) if n == 1 else (year, n - 1)
    return f"{year}-{mark}{n}" if mark else f"{date(year, n, 1):%Y-%m}"
