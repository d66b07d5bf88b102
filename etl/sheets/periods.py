"""Period codes from the words of titles, headers and row labels."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from db.periods import parse_period
from etl.sheets.cells import compact
from etl.sheets.words import number_in_words

_YEAR = r"(?P<y>(?:19|20)\d{2})"
_SCHOOL_YEAR = re.compile(rf"{_YEAR}[-—–~至/]+(?P<y2>(?:20|19)?\d{{2}})(?:学年度?|年度?)?(?P<term>[^,，;；)]{{0,8}})")
_ONE_SCHOOL_YEAR = re.compile(rf"{_YEAR}学年度?(?P<term>[^,，;；)]{{0,8}})")
_SHORT_SCHOOL_YEAR = re.compile(r"(?<!\d)(?P<y>\d{2})[-—–/](?P<y2>\d{2})学年(?P<term>[^,，;；)]{0,8})")
_SEASON = re.compile(rf"{_YEAR}年?度?(?P<season>秋|春)")
_HALF = re.compile(rf"{_YEAR}年?(?P<half>上半年|下半年)")
_QUARTER = re.compile(rf"{_YEAR}年?第?(?P<q>[1-4一二三四])季度")
_DAY = re.compile(rf"{_YEAR}(?:年|[-./])(?P<m>\d{{1,2}})(?:月|[-./])(?P<d>\d{{1,2}})(?!\d)日?")
_MONTH_SPAN = re.compile(
    rf"{_YEAR}年(?P<m>\d{{1,2}})月?份?[-—–~至到]+(?:(?P<y2>(?:19|20)\d{{2}})年)?(?P<m2>\d{{1,2}})月(?!\d{{1,2}}日)"
)
_PARTS_OF_YEAR = {
    ("01", "12"): "", ("01", "06"): "-H1", ("07", "12"): "-H2", ("01", "03"): "-Q1", ("04", "06"): "-Q2",
    ("07", "09"): "-Q3", ("10", "12"): "-Q4",
}  # fmt: skip
_DAY_SPAN = re.compile(
    rf"{_YEAR}(?:年|[-./])(?P<m>\d{{1,2}})(?:月|[-./])(?P<d>\d{{1,2}})日?[-—–~至到]+"
    r"(?:(?P<y2>(?:19|20)\d{2})(?:年|[-./]))?(?:(?P<m2>\d{1,2})(?:月|[-./]))?(?P<d2>\d{1,2})日?(?!\d|[-./]\d)"
)
_MONTH = re.compile(rf"{_YEAR}(?:年(?P<m>\d{{1,2}})月|[-./](?P<m2>\d{{1,2}})(?![\d.]))")
_SPAN = re.compile(rf"{_YEAR}年?[-—–~至]+(?P<y2>(?:19|20)\d{{2}})年?(?!学)")
_PLAIN = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2})?")
_TERMS = ((re.compile(r"第?[一1]学期|上学期|秋"), "-T1"), (re.compile(r"第?[二2]学期|下学期|春"), "-T2"))
_LONE_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月份?")
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_LEAVERS = re.compile(r"((?:19|20)\d{2})届")  # who leave school in that year: at the end of the school year
_COHORT = re.compile(r"((?:19|20)\d{2})(级|届)")


def find_period(value: object) -> str | None:
    """The period code that a date cell or a text names, the most exact first; None when it names none."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    text = _in_digits(compact(_CLOCK.sub("", value) if isinstance(value, str) else value))
    text = _LEAVERS.sub(lambda found: f"{int(found[1]) - 1}-{found[1]}学年", text)
    for reader in (_school_year, _season, _part_of_year, _days, _months, _calendar):
        code = reader(text)
        if code is not None:
            return code
    return None


_IN_WORDS = re.compile(r"[一二][〇○零OＯo0一二九][〇○零OＯo0一二三四五六七八九]{2}(?=[年/至—–~-]|学)")
_NUMERALS = str.maketrans("〇○零OＯo一二三四五六七八九", "000000123456789")
_DAY_IN_WORDS = re.compile(r"(?<=[年月])(?:[一二三]?十[一二三四五六七八九]?|[一二三]?[一二三四五六七八九])(?=[月日])")


def _in_digits(text: str) -> str:
    """二〇二三年九月 as 2023年9月; texts without a year in words stay as they are."""
    if not _IN_WORDS.search(text):
        return text
    return _DAY_IN_WORDS.sub(
        lambda found: str(number_in_words(found[0])), _IN_WORDS.sub(lambda found: found[0].translate(_NUMERALS), text)
    )


def _term(words: str) -> str:
    return next((code for pattern, code in _TERMS if pattern.search(words)), "")


def _school_year(text: str) -> str | None:
    found = _SCHOOL_YEAR.search(text)
    if found and int(found["y2"][-2:]) == (int(found["y"]) + 1) % 100:
        term = _term(found["term"] or "")
        if "学年" in found[0] or term or ("年度" not in found[0] and "学年" in text):
            return f"SY{found['y']}{term}"
    found = _ONE_SCHOOL_YEAR.search(text)
    if found:
        return f"SY{found['y']}{_term(found['term'])}"
    found = _SHORT_SCHOOL_YEAR.search(text)
    if found and int(found["y2"]) == int(found["y"]) + 1:
        return f"SY20{found['y']}{_term(found['term'])}"
    return None


def _season(text: str) -> str | None:
    found = _SEASON.search(text)
    if found is None:
        return None
    year = int(found["y"])
    return f"SY{year}-T1" if found["season"] == "秋" else f"SY{year - 1}-T2"


def _part_of_year(text: str) -> str | None:
    if found := _HALF.search(text):
        return f"{found['y']}-H{1 if found['half'] == '上半年' else 2}"
    if found := _QUARTER.search(text):
        return f"{found['y']}-Q{_QUARTERS.get(found['q'], found['q'])}"
    return None


def _days(text: str) -> str | None:
    """2024年10月1日—10月31日: the whole month, or from day to day."""
    found = _DAY_SPAN.search(text)
    if found is None:
        return None
    y, m, d = int(found["y"]), int(found["m"]), int(found["d"])
    y2, m2, d2 = int(found["y2"] or y), int(found["m2"] or m), int(found["d2"])
    first, last = f"{y}-{m:02}-{d:02}", f"{y2}-{m2:02}-{d2:02}"
    if not (is_period(first) and is_period(last) and first < last):
        return None
    month = f"{y}-{m:02}"
    if (y, m, d) == (y2, m2, 1) and last == parse_period(month).end.isoformat():
        return month
    return f"{first}..{last}"


def _months(text: str) -> str | None:
    """2023年10月—11月, also into the next year: from month to month."""
    found = _MONTH_SPAN.search(text)
    if found is None:
        return None
    y, y2 = int(found["y"]), int(found["y2"] or found["y"])
    first, last = f"{y}-{int(found['m']):02}", f"{y2}-{int(found['m2']):02}"
    if not (is_period(first) and is_period(last) and first < last):
        return None
    part = _PARTS_OF_YEAR.get((first[5:], last[5:])) if y == y2 else None
    return f"{first}..{last}" if part is None else f"{y}{part}"


def _calendar(text: str) -> str | None:
    for found in _DAY.finditer(text):
        code = f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}"
        if is_period(code):
            return code
    if month := _MONTH.search(text):
        code = f"{month['y']}-{int(month['m'] or month['m2']):02}"
        if is_period(code):
            return code
    span = _SPAN.search(text)
    if span and int(span["y2"]) > int(span["y"]):
        return f"{span['y']}..{span['y2']}"
    plain = _PLAIN.search(text)
    return plain["y"] if plain else None


def is_period(code: str) -> bool:
    """Whether the code stands for a real period (2024-02-31 does not)."""
    try:
        parse_period(code)
    except ValueError:
        return False
    return True


_FIRST_SERIAL, _LAST_SERIAL = 36526, 54788  # 2000-01-01 and 2049-12-31 as spreadsheets count days
_DAY_ZERO = date(1899, 12, 30)


def serial_day(value: object) -> date | None:
    """The day that a number in a column of dates stands for: 45550 as spreadsheets count, 20240915 as systems print."""
    text = "" if value is None or isinstance(value, bool) else compact(value)
    if re.fullmatch(r"\d{5}", text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _DAY_ZERO + timedelta(int(text))
    if re.fullmatch(r"20[0-4]\d[01]\d[0-3]\d", text) and is_period(code := f"{text[:4]}-{text[4:6]}-{text[6:]}"):
        return date.fromisoformat(code)
    return None


def school_years(text: str) -> str | None:
    """The school year of a label that is nothing but two years in a row: 2020-2021, 2020/21."""
    years = re.fullmatch(r"((?:19|20)\d{2})[-—–~/]((?:19|20)?\d{2})(?:学年)?", text)
    return f"SY{years[1]}" if years and int(years[2][-2:]) == (int(years[1]) + 1) % 100 else None


def stamp_period(value: object, header: str) -> str | None:
    """The period in a column of periods: 2023-2024 and, under 学年, 2023 are school years there, 45550 under 日期 a day."""
    text = compact(value)
    if years := school_years(text):
        return years
    if "日期" in header and (day := serial_day(value)) is not None:
        return day.isoformat()
    if "学年" in header and re.fullmatch(r"(?:19|20)\d{2}", text):
        return f"SY{text}"
    return find_period(value)


def part_of_year(text: str) -> str:
    """Q3 of 三季度, H1 of 上半年, 1-5月 of 1月至5月, where the label names no year; else the empty text."""
    if (months := _LONE_MONTHS.search(text)) and months[1] != months[2]:
        return f"{int(months[1])}-{int(months[2])}月"
    if found := re.search(r"第?([1-4一二三四])季度", text):
        return f"Q{_QUARTERS.get(found[1], found[1])}"
    return "H1" if "上半年" in text else "H2" if "下半年" in text else ""


def stamped_part(value: object) -> str:
    """The part of a year or of a school year that a row's stamp names (一季度, 上半年, 上学期); else the empty text."""
    text = compact(value)
    return part_of_year(text) or (_term(text)[1:] if "学期" in text else "")


_TERM_OF = {"秋": "T1", "春": "T2"}


def part_within(base: str | None, part: str) -> str | None:
    """The quarter, half, term or run of months of the sheet's year; None when it has none."""
    if part in ("春", "秋"):  # 春季学期 of the calendar year is the second term of the school year before
        return (
            _season(f"{base}年{part}") if base and re.fullmatch(r"\d{4}", base) else part_within(base, _TERM_OF[part])
        )
    if part.startswith("T"):
        return f"{base}-{part}" if base is not None and re.fullmatch(r"SY\d{4}", base) else None
    if not part:
        return None
    if found := _LONE_MONTHS.fullmatch(part):
        return _months_within(base, int(found[1]), int(found[2]))
    return f"{base}-{part}" if base is not None and re.fullmatch(r"\d{4}", base) else None


def _months_within(base: str | None, first: int, last: int) -> str | None:
    begin, end = month_within(base, first), month_within(base, last)
    if begin is None or end is None or begin >= end:
        return None
    part = _PARTS_OF_YEAR.get((begin[5:], end[5:])) if begin[:4] == end[:4] else None
    return f"{begin}..{end}" if part is None else f"{begin[:4]}{part}"


def lone_month(text: str) -> int | None:
    """The month of a label such as 3月 or 十月 that names no year."""
    found = None if _LONE_MONTHS.search(text) else _LONE_MONTH.search(text)
    if found is None and (named := _NAMED_MONTH.fullmatch(text)):
        return number_in_words(named[1])
    return int(found[1]) if found else None


_NAMED_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])月份?")


_LONE_MONTHS = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月?[-—–~至到](1[0-2]|0?[1-9])月份?")
_STAMPS = re.compile(rf"(?<!\d)\d{{2}}[-—–~/]\d{{2}}学年度?|{_LONE_MONTHS.pattern}")


def without_stamps(text: str) -> str:
    """A label without 23-24学年 or 1-5月."""
    return _STAMPS.sub("", text)


def headed_month(value: object, header: str) -> int | None:
    """The month that a bare number under 月份 is; None under other headers."""
    if not header.startswith("月") or isinstance(value, bool):
        return None
    text = compact(value)
    return int(text) if re.fullmatch(r"1[0-2]|0?[1-9]", text) else None


_DAY_OF_MONTH = re.compile(r"(1[0-2]|0?[1-9])(?:月|[./-])(0?[1-9]|[12]\d|3[01])日?")
_LONE_DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])[日号]")


def lone_day(value: object) -> tuple[int | None, int] | None:
    """(month, day) of a stamp without a year: 3月12日, 3/12, 3.12; the month is None for 12日. A number such as
    3.1 may be the 1st or the 10th and is no day."""
    text = compact(value)
    if isinstance(value, float) and not re.search(r"\.(?:\d{2}|[4-9])$", text):
        return None
    if found := _DAY_OF_MONTH.fullmatch(text):
        return int(found[1]), int(found[2])
    found = _LONE_DAY.fullmatch(text)
    return (None, int(found[1])) if found else None


_SPAN_OF_DAYS = re.compile(
    r"(?P<first>(?:\d{4}年)?\d{1,2}(?:月|[./])\d{1,2}日?)[-—–~至]+(?P<last>(?:\d{1,2}(?:月|[./]))?\d{1,2}日?)"
)


def span_of_days(value: object, base: str | None) -> str | None:
    """3月3日-3月7日, or 3月3日-7日, of the year of the base or of the stamp itself; None for any other stamp."""
    found = _SPAN_OF_DAYS.fullmatch(compact(value))
    if found is None:
        return None
    own = re.match(r"(\d{4})年", found["first"])
    first = lone_day(found["first"].removeprefix(own[0] if own else ""))
    last = lone_day(found["last"]) or (None, int(found["last"].rstrip("日")))
    if first is None:
        return None
    year = own[1] if own else base
    ends = [stamp_within(year, month, day) for month, day in (first, (last[0] or first[0], last[1]))]
    days = [end for end in ends if end is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", end)]
    return f"{days[0]}..{days[1]}" if len(days) == 2 and days[0] <= days[1] else None


def stamp_within(base: str | None, month: int | None, day: int | None) -> str | None:
    """The month or day of a row inside the sheet's own period; None when either is missing."""
    if month is not None:
        code = month_within(base, month)
    else:
        code = base if day is not None and base is not None and re.fullmatch(r"\d{4}-\d{2}", base) else None
    if code is None or day is None:
        return code
    dated = f"{code}-{day:02}"
    return dated if is_period(dated) else code


def month_within(base: str | None, month: int) -> str | None:
    """The month inside the year or school year of the sheet; None when the sheet names no year."""
    if base is None:
        return None
    period = parse_period(base)
    if period.kind in ("school_year", "term"):
        first = int(base[2:6])
        return f"{first if month >= 9 else first + 1}-{month:02}"
    return f"{period.end.year}-{month:02}"


def previous(base: str | None) -> str | None:
    """The same period one year earlier."""
    if base is None or ".." in base:
        return None
    if base.startswith("SY"):
        return f"SY{int(base[2:6]) - 1}{base[6:]}"
    code = f"{int(base[:4]) - 1}{base[4:]}"
    return code if is_period(code) else None


def at_its_end(base: str | None, end: str) -> str | None:
    """The day of the 期初 ("start") or 期末 ("end") figure where both stand side by side. The one that stands for the whole
    period keeps its code: that of the start of a school year or term, that of the end of a month."""
    if base is None or ".." in base:
        return base
    period = parse_period(base)
    by_start = period.kind in ("school_year", "term", "year", "half")
    if period.kind == "date" or by_start == (end == "start"):
        return base
    return (period.start if end == "start" else period.end).isoformat()


def since_school_year(base: str | None) -> str | None:
    """累计: from the start of the school year to the end of the period."""
    if base is None or ".." in base:
        return base
    period = parse_period(base)
    if period.kind not in ("month", "date"):
        return base
    start = f"{period.school_year}-09"
    end = f"{period.end.year}-{period.end.month:02}"
    return end if start == end else f"{start}..{end}"


def since_new_year(base: str | None) -> str | None:
    """累计 of what is counted by calendar years: from January to the end of the period."""
    if base is None or ".." in base or parse_period(base).kind not in ("month", "quarter"):
        return base
    end = parse_period(base).end
    first, last = f"{end.year}-01", f"{end.year}-{end.month:02}"
    if first == last:
        return first
    part = _PARTS_OF_YEAR.get((first[5:], last[5:]))
    return f"{first}..{last}" if part is None else f"{end.year}{part}"


def cohort_years(text: str, years: int) -> tuple[int, int] | None:
    """(first, last) school year of a cohort: 2018级 after six years 2018 and 2023, 2024届 the same."""
    found = _COHORT.search(compact(text))
    if found is None:
        return None
    year = int(found[1])
    return (year - years, year - 1) if found[2] == "届" else (year, year + years - 1)
