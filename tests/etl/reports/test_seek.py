"""A pattern that is tried only where it can begin finds what it finds when it is tried everywhere."""

from __future__ import annotations

import random
import re

import pytest

from etl.reports import cleaning, dated
from etl.reports.seek import matches, matches_around

PAIRS = (
    (cleaning._DELETED_SIGN, cleaning._DELETED),
    (cleaning._LOST_POINT_SIGN, cleaning._LOST_POINT),
    (cleaning._RATE, cleaning._LIST_POINT),
    (cleaning._POINT, cleaning._SECOND_POINT),
    (cleaning._PAGE_NUMBER_SIGN, cleaning._PAGE_NUMBER),
    (cleaning._LINE_END, cleaning._TORN_LINES),
    (cleaning._BREAK_IN_NUMBER, cleaning._TORN_NUMBER),
    (cleaning._BREAK_IN_NUMBER, cleaning._TORN_GROUP),
    (cleaning._BREAK_IN_NUMBER, cleaning._TORN_WRAPPED),
    (cleaning._SPACE, cleaning._BESIDE_POINT),
    (cleaning._SPACE, cleaning._NEEDLESS),
    (dated._CENTURY, dated._TOLD_YEAR),
)
PIECES = (
    " ", "  ", "\n", "\n ", "3", "12", "95", ".", ",", "、", "。", ";", ":", "%", "‰", "(", ")", "率", "率达", "为", "小学", "共有",
    "人", "名", "所", "万", "百分之", "九", "十", "至", "到", "19", "2018", "年", "[1]", "<br>", "&nbsp;", "http://www.a.cn/b.html",
    "“", "”", "(xué)", "?", "第一", "3 1 2 人", "1 234 567", "9 6 . 8 %", "84. 6%", "建成于", "31,2\n05", "1\n47处", "9?5%", "率达98、5%", "3..5", "共有1\n47个", "百分之九\n十",
)  # fmt: skip


@pytest.mark.parametrize(("sign", "pattern"), PAIRS, ids=lambda pair: pair.pattern[:24])
def test_the_same_as_everywhere(sign: re.Pattern[str], pattern: re.Pattern[str]) -> None:
    draw = random.Random(pattern.pattern)
    met = 0
    for _ in range(3000):
        text = "".join(draw.choices(PIECES, k=draw.randint(2, 14)))
        everywhere = [found.span() for found in pattern.finditer(text)]
        assert [found.span() for found in matches(sign, pattern, text)] == everywhere, text
        met += bool(everywhere)
    assert met


AROUND = (
    (1, cleaning._TORN_DIGITS),
    (3, cleaning._GROUPED),
    (3, cleaning._PAGE_BEFORE_NUMBER),
    (3, cleaning._PAGE_BEFORE_WORD),
)


@pytest.mark.parametrize(("back", "pattern"), AROUND, ids=lambda each: str(each)[:24])
def test_the_same_as_everywhere_around_a_space(back: int, pattern: re.Pattern[str]) -> None:
    draw = random.Random(pattern.pattern)
    met = 0
    for _ in range(3000):
        text = "".join(draw.choices(PIECES, k=draw.randint(2, 14)))
        everywhere = [found.span() for found in pattern.finditer(text)]
        assert [found.span() for found in matches_around(" ", back, pattern, text)] == everywhere, text
        met += bool(everywhere)
    assert met


@pytest.mark.parametrize("seed", range(4))
def test_torn_decimals_with_a_space_are_all_met(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(2000):
        text = "".join(draw.choices((" ", "3", "84", ".", "%", "率"), k=draw.randint(3, 12)))
        everywhere = [found[0] for found in cleaning._TORN_DECIMAL.finditer(text) if " " in found[0]]
        tried = [found[0] for found in matches_around(" ", 6, cleaning._TORN_DECIMAL, text)]
        assert [each for each in tried if " " in each] == everywhere, text
