"""Period codes: the one place that knows what `SY2023-T1` means (domain facts C9).

`2019` calendar year, `SY2023` school year 2023-09-01..2024-08-31, `SY2023-T1` autumn term
(09-01..01-31), `SY2023-T2` spring term (02-01..08-31), `2006-H1`, `2019-Q3`, `2019-03`,
`2019-06-30` an as-of date, `2016..2018` a span of any two of these.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_PATTERNS = (
    ("school_year", re.compile(r"SY(?P<y>\d{4})")),
    ("term", re.compile(r"SY(?P<y>\d{4})-T(?P<n>[12])")),
    ("year", re.compile(r"(?P<y>\d{4})")),
    ("half", re.compile(r"(?P<y>\d{4})-H(?P<n>[12])")),
    ("quarter", re.compile(r"(?P<y>\d{4})-Q(?P<n>[1-4])")),
    ("month", re.compile(r"(?P<y>\d{4})-(?P<n>0[1-9]|1[0-2])")),
    ("date", re.compile(r"(?P<y>\d{4})-(?P<n>\d{2})-(?P<d>\d{2})")),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period with inclusive bounds. `school_year` is the school year that holds its last day."""

    code: str
    kind: str  # school_year term year half quarter month date span
    start: date
    end: date

    @property
    def school_year(self) -> int:
        return self.end.year if self.end.month >= 9 else self.end.year - 1


def _bounds(kind: str, year: int, n: int, day: int) -> tuple[date, date]:
    if kind == "school_year":
        return date(year, 9, 1), date(year + 1, 8, 31)
    if kind == "term":
        return (date(year, 9, 1), date(year + 1, 1, 31)) if n == 1 else (date(year + 1, 2, 1), date(year + 1, 8, 31))
    if kind == "year":
        return date(year, 1, 1), date(year, 12, 31)
    if kind == "date":
        return date(year, n, day), date(year, n, day)
    months = {"half": 6, "quarter": 3, "month": 1}[kind]
    last = n * months
    return date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1])


def parse_period(code: str) -> Period:
    """The period of a code. Raises ValueError with the code when it is none."""
    if ".." in code:
        first, last = (parse_period(part) for part in code.split("..", 1))
        if last.end < first.start:
            raise ValueError(f"period ends before it starts: {code!r}")
        return Period(code, "span", first.start, last.end)
    for kind, pattern in _PATTERNS:
        found = pattern.fullmatch(code)
        if found:
            parts = found.groupdict()
            start, end = _bounds(kind, int(parts["y"]), int(parts.get("n") or 0), int(parts.get("d") or 0))
            return Period(code, kind, start, end)
    raise ValueError(f"not a period code: {code!r}")


def period_words(period: Period) -> str:
    """A period as a Chinese bureau writes it: 2026—2027学年第一学期, 2026年第三季度; a span or date by its code."""
    year, n = period.start.year, period.code[-1]
    if period.kind == "term":
        return f"{period.school_year}—{period.school_year + 1}学年第{'一' if n == '1' else '二'}学期"
    return {
        "school_year": f"{year}—{year + 1}学年",
        "year": f"{year}年",
        "half": f"{year}年{'上' if n == '1' else '下'}半年",
        "quarter": f"{year}年第{'〇一二三四'[int(n) if n in '1234' else 0]}季度",
        "month": f"{year}年{period.start.month}月",
    }.get(period.kind, period.code)


_CODES = {
    "school_year": ("SY{y}",),
    "term": ("SY{y}-T1", "SY{y}-T2"),
    "year": ("{y}",),
    "quarter": ("{y}-Q1", "{y}-Q2", "{y}-Q3", "{y}-Q4"),
    "month": tuple(f"{{y}}-{month:02}" for month in range(1, 13)),
}


def recent_periods(kind: str, today: date, years: int = 2) -> list[Period]:
    """The periods of a kind that began within some years before a day, the latest first; the next one leads them."""
    made = [
        parse_period(code.format(y=year))
        for year in range(today.year - years - 1, today.year + 2)
        for code in _CODES[kind]
    ]
    made.sort(key=lambda period: period.start, reverse=True)
    ahead = [period for period in made if period.start > today]
    earliest = date(today.year - years, today.month, 1)
    return ahead[-1:] + [period for period in made if earliest <= period.start <= today]
