"""Months listed side by side (10月、11月和12月): each is a period of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from etl.reports.script import han_value

_MONTH = "(?:1[0-2]|[1-9])月(?:份)?"
_LISTED = re.compile(
    rf"(?<![\d年])(?:(?P<y>(?:19|20)\d\d)年)?(?P<months>{_MONTH}(?:[、和及与]{_MONTH})+)(?![底末初上中下前\d])"
)
# 九、十两月, 9、10两个月
_TWO_MONTHS = re.compile(
    r"(?<![\d一二三四五六七八九十第年])(?P<a>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])(?:月份?)?[、和](?P<b>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])(?:这)?两个?月"
)
_SIDE_BY_SIDE = re.compile("月份?[、和及与]")


def month_lists(text: str, year_of: Callable[[int], int | None]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start, end, months) of each list; the year of a month that is named alone is what `year_of` says."""
    for found in _LISTED.finditer(text) if _SIDE_BY_SIDE.search(text) else ():
        months = [int(month) for month in re.findall(r"\d+", found["months"])]
        years = [int(found["y"]) if found["y"] else year_of(month) for month in months]
        if all(years):
            yield *found.span(), tuple(f"{year}-{month:02d}" for year, month in zip(years, months, strict=True))
    for found in _TWO_MONTHS.finditer(text) if "两" in text else ():
        first, last = (int(m) if m.isdigit() else int(han_value(m) or 0) for m in (found["a"], found["b"]))
        year = year_of(last)
        if year and first < last:
            yield *found.span(), (f"{year}-{first:02d}", f"{year}-{last:02d}")
