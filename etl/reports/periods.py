"""Period expressions of reports as period codes, anchored to the date of the report."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from etl.reports.anchors import Anchor, Span
from etl.reports.dims import NEARBY
from etl.reports.months import month_lists
from etl.reports.script import han_value

YEAR = r"(?:(?:19|20)\d{2}|[一二][〇零0O○o九][〇零0O○o一二三四五六七八九\d]{2})"
_SHORT = r"(?:(?<![\d.])\d{2}|[〇零九]{1}[〇零一二三四五六七八九])(?=年)"
_ANY = rf"(?:{YEAR}|{_SHORT})"
NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DASH = r"\s*(?:-|—|–|~|至|到|/)+\s*"


def end_of_span(code: str) -> str:
    """2017..2020 as 2020: what is counted in a report on several years stands at their end."""
    return code.rsplit("..", 1)[-1]


def year_of(text: str) -> int:
    """2012, 06, 二〇一二, 二O一二, 九八, 112 (of Taiwan) as a year."""
    value = int(han_value(text.replace("0", "〇")) or 0) if not text.isdigit() else int(text)
    if value < 100:
        return 1900 + value if value > 60 else 2000 + value
    return value + 1911 if value < 200 else value


def _small(text: str) -> int:
    return int(text) if text.isdigit() else int(han_value(text) or 0)


def _term(year: int, season: str) -> str:
    return f"SY{year}-T1" if season in "秋上一1" else f"SY{year - 1}-T2"


def _school_year(m: re.Match[str], _: Anchor) -> str:
    first, half = year_of(m["a"]), m["half"] or ""
    autumn = bool(half) and bool(re.search("[上一1秋]", half))
    return f"SY{first}" + ((("-T1") if autumn else "-T2") if half else "")


def _minguo(m: re.Match[str], _: Anchor) -> str:
    """112学年度: school years of the era that begins in 1912."""
    half = m["half"] or ""
    return f"SY{int(m['roc']) + 1911}" + (f"-T{1 if re.search('[上一1秋]', half) else 2}" if half else "")


def _season(m: re.Match[str], _: Anchor) -> str:
    return _term(year_of(m["a"]), m["s"])


def day_code(m: re.Match[str], _: Anchor) -> str | None:
    try:
        return date(year_of(m["a"]), _small(m["m"]), _small(m["d"])).isoformat()
    except ValueError:
        return None


def _month_end(m: re.Match[str], _: Anchor) -> str | None:
    year, month = year_of(m["a"]), _small(m["m"])
    return f"{year}-{month:02d}-{monthrange(year, month)[1]:02d}" if 1 <= month <= 12 else None


def month_code(m: re.Match[str], _: Anchor) -> str | None:
    month = _small(m["m"])
    return f"{year_of(m['a'])}-{month:02d}" if 1 <= month <= 12 else None


def _day_of_year(m: re.Match[str], anchor: Anchor) -> str | None:
    year = anchor.year_of_month(_small(m["m"]))
    try:
        return date(year, _small(m["m"]), _small(m["d"])).isoformat() if year else None
    except ValueError:
        return None


def _month_of_year(m: re.Match[str], anchor: Anchor) -> str | None:
    month = _small(m["m"])
    year = anchor.year_of_month(month)
    return f"{year}-{month:02d}" if year and 1 <= month <= 12 else None


def _month_end_of_year(m: re.Match[str], anchor: Anchor) -> str | None:
    year, month = anchor.year_of_month(int(m["m"])), int(m["m"])
    return f"{year}-{month:02d}-{monthrange(year, month)[1]:02d}" if year else None


def _last_month(_: re.Match[str], anchor: Anchor) -> str | None:
    if anchor.day is None:
        return None
    year, month = (anchor.day.year, anchor.day.month - 1) if anchor.day.month > 1 else (anchor.day.year - 1, 12)
    return f"{year}-{month:02d}"


def _this_month(m: re.Match[str], anchor: Anchor) -> str | None:
    """The month of a report; one written in the first ten days of a month tells of the month before."""
    if anchor.day is None:
        return None
    return _last_month(m, anchor) if anchor.day.day <= 10 else f"{anchor.day.year}-{anchor.day.month:02d}"


def _months(m: re.Match[str], anchor: Anchor) -> str | None:
    first, last = _small(m["m"]), _small(m["n"])
    year = year_of(m["a"]) if m["a"] else anchor.year_of_month(last)
    return f"{year}-{first:02d}..{year}-{last:02d}" if year and 1 <= first <= last <= 12 else None


def _between(m: re.Match[str], _: Anchor) -> str | None:
    """2020年9月至2021年7月 and 2020年9月1日至2021年6月30日."""
    first, last = (f"{year_of(m[a])}-{_small(m[b]):02d}" for a, b in (("a", "m"), ("b", "n")))
    if first >= last or not (1 <= _small(m["m"]) <= 12 and 1 <= _small(m["n"]) <= 12):
        return None
    days = m["d"] and m["e"]
    return f"{first}-{_small(m['d']):02d}..{last}-{_small(m['e']):02d}" if days else f"{first}..{last}"


def _part_of_year(m: re.Match[str], anchor: Anchor) -> str | None:
    given = m["a"]
    year = anchor.year if given is None or given in ("今年", "本年") else None
    if given in ("去年", "上年"):
        year = anchor.year - 1 if anchor.year else None
    elif given and year is None:
        year = year_of(given)
    if year is None:
        return None
    if m["h"]:
        return f"{year}-H{1 if m['h'] == '上' else 2}"
    return f"{year}-Q{_small(m['q'])}"


def _since(m: re.Match[str], anchor: Anchor) -> str:
    first = year_of(m["a"])
    return f"{first}..{anchor.year}" if anchor.year and anchor.year > first else str(first)


def _recent(m: re.Match[str], anchor: Anchor) -> str | None:
    n = {"几": 0, "两": 2}.get(m["n"]) if m["n"] in "几两" else _small(m["n"])
    year = anchor.back or anchor.year
    if year and anchor.back is None and anchor.title is None and anchor.day and anchor.day.month <= 3:
        year -= 1  # told in February, five years end with the one before
    return f"{year - n + 1}..{year}" if n and year else None


def _plan(m: re.Match[str], _: Anchor) -> str | None:
    last = {"八": 1995, "九": 2000, "十": 2005}.get(m["n"]) or 2005 + 5 * _small(m["n"][1:])
    return str(last) if m["end"] else f"{last - 4}..{last}"


def _relative(m: re.Match[str], anchor: Anchor) -> str | None:
    word, year = m[0], (anchor.back if m[0] == "全年" else None) or anchor.year
    if word == "全年" and anchor.title and re.fullmatch(r"SY\d{4}", anchor.title):
        return anchor.title  # in the summary of a school year
    if word == "全年" and anchor.back is None and anchor.title is None and anchor.day and anchor.day.month <= 3:
        return str(anchor.day.year - 1)  # told in February, a whole year is the one before
    if "学期" in word and word[0] == "上" and anchor.title and re.fullmatch(r"SY\d{4}", anchor.title):
        return f"{anchor.title}-T1"
    if "学期" in word and word[0] in "本上这全":
        return anchor.term or anchor.school_year if word[0] in "本这全" else _before(anchor.term)
    if "学年" in word:
        code = anchor.school_year
        return code if word[0] in "本这" or code is None else f"SY{int(code[2:]) - 1}"
    if year is None:
        return None
    season = re.search("[春秋]", word)
    if season and anchor.title and re.fullmatch(r"SY\d{4}", anchor.title) and word[0] in "春秋今本":
        return f"{anchor.title}-T{1 if season[0] == '秋' else 2}"
    if (
        word[0] in "春秋"
        and season
        and anchor.title is None
        and anchor.day
        and (anchor.day.month, anchor.day.day) < ((8, 20) if season[0] == "秋" else (2, 1))
    ):
        year -= 1  # 秋季新入园幼儿 told in May, or early in August, are those of last autumn
    shifted = year - (2 if word.startswith("前年") else 1 if word.startswith(("去", "上", "前一")) else 0)
    return _term(shifted, season[0]) if season else str(shifted)


def _a_year_ago(_: re.Match[str], anchor: Anchor) -> str | None:
    """去年同期 of a report on a month or a term is that month or term, else the year before."""
    if anchor.title and (of := re.fullmatch(r"(SY)?(\d{4})(-\d\d|-T[12]|-[HQ]\d)", anchor.title)):
        return f"{of[1] or ''}{int(of[2]) - 1}{of[3]}"
    return str(anchor.year - 1) if anchor.year else None


def _years_ago(m: re.Match[str], anchor: Anchor) -> str | None:
    """六年前的秋天, told in the autumn of 2024, is that of 2018."""
    year = int(anchor.title[2:6]) if anchor.title and anchor.title.startswith("SY") else anchor.year
    if year is None:
        return None
    then = year - _small(m["n"].replace("两", "二"))
    return _term(then, m["s"]) if m["s"] else str(then)


def _opening_of_year(_: re.Match[str], anchor: Anchor) -> str | None:
    return anchor.school_year or anchor.default


def _before(term: str | None) -> str | None:
    if term is None:
        return None
    year, n = int(term[2:6]), term[-1]
    return f"SY{year}-T1" if n == "2" else f"SY{year - 1}-T2"


def _now(_: re.Match[str], anchor: Anchor) -> str | None:
    return anchor.day.isoformat() if anchor.day else anchor.title


_Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], Anchor], str | None], bool]
_HALF = r"(?:年?度?)?(?P<half>第?[一二上下12]学?期|[春秋]季?学?期?)?(?:开学)?(?:初(?!中)|末|期初|期末)?"
# The cue holds groups of signs; a pattern need not be tried on a text that has none of a group. The signs are characters,
# and Y for a digit before 年, S for 学年 (`_signs`).
RULES: tuple[_Rule, ...] = tuple(
    (cue, re.compile(pattern), build, absolute)
    for cue, pattern, build, absolute in (
        ("S -—–~至到/", rf"(?P<a>{YEAR})年?{_DASH}(?:{YEAR}|\d{{2}})学年{_HALF}", _school_year, True),
        ("S", rf"(?P<a>{_ANY})学年{_HALF}", _school_year, True),
        ("S", rf"(?<!\d)(?P<roc>1[01]\d)学年{_HALF}", _minguo, True),
        ("Y 春秋", rf"(?P<a>{_ANY})年度?(?P<s>[春秋])(?:季|学期)?(?:学期)?(?:开学(?:初(?!中))?)?", _season, True),
        ("Y 季半", rf"(?P<a>{_ANY})年(?:度)?(?:(?P<h>[上下])半年|(?:第)?(?P<q>[一二三四1-4])季度)", _part_of_year, True),
        ("月 -—–~至到/", rf"(?:(?P<a>{_ANY})年)?(?P<m>{NUMERAL})月?(?:份)?{_DASH}(?P<n>{NUMERAL})月(?:份)?", _months, True),
        ("Y 月 -—–~至到/", rf"(?P<a>{_ANY})年(?P<m>{NUMERAL})月(?:(?P<d>{NUMERAL})日)?{_DASH}(?P<b>{_ANY})年(?P<n>{NUMERAL})月(?:(?P<e>{NUMERAL})日)?",
         _between, True),
        ("Y 月 日号", rf"(?P<a>{_ANY})年(?P<m>{NUMERAL})月(?P<d>{NUMERAL}|廿[一二三四五六七八九]?)[日号](?:止|为止)?", day_code, True),
        ("Y 月 底末", rf"(?P<a>{_ANY})年(?P<m>{NUMERAL})月(?:底|末)", _month_end, True),
        ("Y 月", rf"(?P<a>{_ANY})年(?P<m>{NUMERAL})月(?!龄)(?:份)?", month_code, True),
        ("-./", r"(?P<a>(?:19|20)\d{2})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)", day_code, True),
        ("月 份", rf"(?<![\d年—–~-])(?P<m>{NUMERAL})月份", _month_of_year, False),
        ("月", r"(?:^|(?<=[,。;:、(中较比与]))(?P<m>1[0-2]|[1-9])月(?=[一-鿿,]|\d+(?:\.\d+)?%)(?![份底末初上中下以起前后至到龄之日内间考度])", _month_of_year, False),
        ("月 例起", r"(?:^|(?<=[,。;:、(为是]))(?P<m>1[0-2]|[1-9])月(?=\d+[例起](?![\d月]))", _month_of_year, False),
        ("旬", rf"(?<![\d年])(?P<m>{NUMERAL})月[上中下]旬", _month_of_year, False),
        ("月 日", r"(?:截至|截止|截止到|到|至)(?P<m>1[0-2]|[1-9])月(?P<d>3[01]|[12]\d|[1-9])日", _day_of_year, False),
        ("月 日号", rf"(?P<m>{NUMERAL})月(?P<d>{NUMERAL})[日号]的?(?=台账|统计|报表|学籍|在册|开学|数据)", _day_of_year, False),
        ("月 底末", r"(?:截至|截止|截止到)(?P<m>1[0-2]|[1-9])月(?:底|末)", _month_end_of_year, False),
        ("月 上", r"上个?月(?!底前)", _last_month, False),
        ("月 截", rf"截[至止]到?本月(?P<d>{NUMERAL})[日号]",
         lambda m, a: f"{a.day.year}-{a.day.month:02d}-{_small(m['d']):02d}" if a.day else None, True),
        ("月 本当", r"[本当]月(?![底末起内])", _this_month, False),
        ("月 年", r"(?P<a>今年|去年|本年)(?P<m>1[0-2]|[1-9])月(?:份)?(?!\d)",
         lambda m, a: f"{a.year - (m['a'] == '去年')}-{int(m['m']):02d}" if a.year else None, False),
        ("Y 底末", rf"(?P<a>{_ANY})年(?:年)?(?:底|末)", lambda m, _: f"{year_of(m['a'])}-12-31", True),
        ("来起", rf"(?P<a>{_ANY})年?(?:以来|起)", _since, True),
        ("届", rf"(?P<a>{YEAR})届(?=毕业|学生|初|高|小)", lambda m, _: str(year_of(m["a"])), True),
        ("Y", rf"(?P<a>{_ANY})年(?:度|初(?!中)|全年)?", lambda m, _: str(year_of(m["a"])), True),
        ("年 近过续这来间累", r"(?:近|最近|过去|连续|这)(?P<n>[两几一二三四五六七八九十\d]{1,2})年(?:来|多来)?|(?<![\d第])(?:(?P<m>[两三四五六七八九十]))年来|^(?P<k>[两三四五六七八九十])年(?:间|(?=累计))",
         lambda m, a: _recent(m, a) if m["n"] else _recent(re.match(r"(?P<n>.)", m["m"] or m["k"]), a), False),  # type: ignore[arg-type]
        ("五", r"(?<![百千万一二三四五六七八九之点十])(?P<n>八|九|十[一二三四五六]?)五(?:规划|计划)?(?:期)?(?:(?P<end>期?末|期满)|(?=期|以|,|时|学|全|幼|小|初))", _plan, True),
        ("半季", r"(?P<a>今年|本年|去年|上年)?(?:(?P<h>[上下])半年|(?:第|(?<![一-鿿\d年]))(?P<q>[一二三四1-4])季度)", _part_of_year, False),
        ("年 同", r"(?:去年|上年|上年度)同期(?=(?:[^,。;]{0,12}(?:为|是|达|只有|仅|率)|的|[(])\d)", _a_year_ago, False),
        ("年 春秋", r"(?P<n>[一二两三四五六七八九])年(?:之)?前的?(?P<s>[春秋])(?:天|季)?(?:学期)?", _years_ago, False),
        ("年 前", r"(?P<n>[一二两三四五六七八九])年(?:之)?前(?P<s>)(?=,?[^,。;\d]{0,4}(?:[一七]年级|小班|新生|招|入学时|进校时|入校时))", _years_ago, False),
        ("年 初", r"(?<![一-鿿\d])学年初(?=在校|在籍|在册|在园|共?有|原有|学生|幼儿|,|\d)", _opening_of_year, False),
        ("过", r"过去的?一年", lambda _, a: str(a.year - (a.day is not None and a.day.month <= 6)) if a.year else None, False),
        ("年今期", r"(?:去年|今年|本年|上年|上一年|前年|(?<!学)前一年)(?:度)?(?:[春秋](?:季)?(?:学期)?)?(?!同期)|今[春秋](?:季)?(?:学期)?|前一学年|全学期|[本上这](?:一)?(?:学年|学期)(?:度|初(?!中)|末)?|全年", _relative, False),
        ("季", r"(?<![一-鿿])[春秋]季(?:学期)?(?=完成|共|组织|对|为|有|全|招|应|开|入|新|,|全|检|查|各|小|初|幼|接|我们|咱们|\d)", _relative, False),
        ("目现今", r"(?:截至|截止到?|到)?(?:目前|现在|今)(?:为止)?(?=[,,共全我有已在各建流辍仍尚还]|$)|截至(?:目前|今)", _now, False),
        ("截", r"截[至止]到?(?:督导|检查|通报|督查|督办|填报|报告|评估|调研|成文|发稿|访谈)之?[日时](?:止|为止)?", lambda _, a: a.default, False),
        ("昨今", r"(?:截至|截止到?|到)(?:昨|今)[天日](?:为止|止)?", _now, False),
        ("次", r"[本此这]次(?=自评|自查|检查|督导|抽查|体检|监测|查验|复验|复查|复核|评估|普查|筛查|核查)", lambda _, a: a.default, False),
        ("Xx×* 年", r"(?:20)?(?:XX|xx|××|\*\*|××)(?:学)?年(?:度|秋季?|春季?)?", lambda _, __: None, True),
    )
)  # fmt: skip
_LIST = re.compile(rf"(?<!\d)(?P<years>{YEAR}(?:年?[、和及]{YEAR})+|1\d\d(?:[、和及]1\d\d)+(?=学年))(?P<kind>学年度?|年|[两三四五]年)")  # fmt: skip
_RANGE = re.compile(rf"(?P<a>{YEAR})年?{_DASH}(?P<b>{YEAR})年(?!度?第)")
# what stands between two years of a list or a range, with the beginning of the second
_LIST_SIGN, _RANGE_SIGN = re.compile("[、和及][12一二]"), re.compile(r"[-—–~至到/]\s*[12一二]")
_BASELINE_BEFORE = re.compile(r"(?:比|较|与|跟|同|相比于?)$")
_BASELINE_AFTER = re.compile(
    r"^(?:的|同期|年?底|全?年|期|上年)*(?:\d[\d.]*[%人所个]?)?(?:增|减|提|降|升|高|低|多|少|翻|相比|持平|相当|一致|下降|上升|末)"
)
_NO_PERIOD_BEFORE = re.compile(r"(?:创办|始建|创建|建立|成立|建校|开办|建|生|印发|颁布|修订)于$")
_NO_PERIOD_AFTER = re.compile(r"^(?:建校|建园|创办|成立|始建|建成投|(?:以后|之后|及以后|前|以前)?出生)")


def find_periods(text: str, anchor: Anchor) -> list[Span]:
    """Every period expression of a text, in order, without overlaps."""
    signs = _signs(text)
    if not signs:
        return []
    taken: list[Span] = []
    for span in (
        *(() if signs.isdisjoint("YS月") else _lists(text, anchor)),
        *_single(text, anchor, _rules_for(signs)),
    ):
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            taken.append(span)
    return _year_before(sorted(taken, key=lambda span: span.start), text)


_THE_YEAR_BEFORE = re.compile("(?:上|前)一?(?:个?学)?年(?:度)?$")


def _year_before(spans: list[Span], text: str) -> list[Span]:
    """2015—2016学年,流失率3.27%,比前一学年的4.9%有所下降: the year before is counted from the one just named."""
    if len(spans) < 2 or not _SIGN_OF_BEFORE.search(text):
        return spans
    told: list[Span] = []
    for span in spans:
        named = next((x for x in reversed(told) if x.absolute and not x.baseline), None)
        of = re.fullmatch(r"(SY)?(\d{4})", named.code) if named and named.code else None
        word = text[span.start : span.end]
        if of and not span.absolute and _THE_YEAR_BEFORE.fullmatch(word) and ("学" in word) == bool(of[1]):
            span = replace(span, code=f"{of[1] or ''}{int(of[2]) - 1}")
        told.append(span)
    return told


_SIGN_OF_BEFORE = re.compile("[上前]一?个?学?年")


_SIGNS = re.compile("[" + re.escape("年" + "".join(set("".join(rule[0] for rule in RULES)) - {*"YS "})) + "]")
_NUMBERED_YEAR = re.compile("[\\d〇零O○o一二两三四五六七八九]年")


def _signs(text: str) -> frozenset[str]:
    """The signs of period expressions that a text has."""
    signs = set(_SIGNS.findall(text))
    if "年" in signs:
        if _NUMBERED_YEAR.search(text):
            signs.add("Y")
        if "学年" in text:
            signs.add("S")
    return frozenset(signs)


@lru_cache(maxsize=NEARBY)
def _rules_for(signs: frozenset[str]) -> tuple[_Rule, ...]:
    return tuple(rule for rule in RULES if not any(signs.isdisjoint(group) for group in rule[0].split()))


def _lists(text: str, anchor: Anchor) -> Iterator[Span]:
    for found in _LIST.finditer(text) if _LIST_SIGN.search(text) else ():
        years = [year_of(y) for y in re.split("年?[、和及]", found["years"])]
        yield _many(found, years, "SY" if found["kind"][0] == "学" else "")
    for found in _RANGE.finditer(text) if _RANGE_SIGN.search(text) else ():
        first, last = year_of(found["a"]), year_of(found["b"])
        if 0 < last - first < 20:
            yield _many(found, list(range(first, last + 1)), "")
    for start, end, parts in month_lists(text, anchor.year_of_month):
        yield Span(start, end, f"{parts[0]}..{parts[-1]}", parts=parts)


def _many(found: re.Match[str], years: list[int], mark: str) -> Span:
    parts = tuple(f"{mark}{year}" for year in years)
    return Span(found.start(), found.end(), f"{parts[0]}..{parts[-1]}", parts=parts)


def _single(text: str, anchor: Anchor, rules: Sequence[_Rule]) -> Iterator[Span]:
    for _, pattern, build, absolute in rules:
        for found in pattern.finditer(text):
            if found.start() == found.end():
                continue
            before, after = text[: found.start()], text[found.end() : found.end() + 16]
            baseline = bool(_BASELINE_BEFORE.search(before[-3:])) and "至" not in before[-1:]
            baseline = baseline or bool(_NO_PERIOD_BEFORE.search(before[-4:]) or _NO_PERIOD_AFTER.match(after))
            baseline = baseline or (
                not absolute
                and bool(_BASELINE_AFTER.match(after))
                and found[0] in ("去年", "上年")
                and not re.search("[由从]$", before)
            )
            yield Span(found.start(), found.end(), build(found, anchor), absolute, baseline)
