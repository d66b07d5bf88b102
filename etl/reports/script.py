"""Characters: traditional to simplified one for one, Han numerals, and enumerators. Lengths never change."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import numpy as np

_PAIRS = "".join(Path(__file__).with_name("traditional.txt").read_text(encoding="utf-8").split("\n")[1:])
_SIMPLIFIED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])
_TELLS_TRADITIONAL = re.compile("[學國縣區輟種檢達為兒證驗]")
ENUMERATOR = "•"
_ENUMERATORS = re.compile("[①-⒛㈠-㈩Ⅰ-ⅿ⓪-⓿❶-➓◆◇■▲●★☆▶►➤]")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "O": 0, "o": 0, "两": 2, "俩": 2, "倆": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7,
    "捌": 8, "玖": 9,
}  # fmt: skip
_TEN = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SPECIAL = {"廿": 20, "卅": 30}


@lru_cache(maxsize=20_000)
def plain_char(char: str) -> str:
    """One character for matching: half width, simplified, enumerators as one mark."""
    if _ENUMERATORS.match(char):
        return ENUMERATOR
    if char == "∶":
        return ":"
    if char in "　\u00a0\u2002\u2003\u2009\t":
        return " "
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def _kinds(text: str) -> Iterator[str]:
    """The characters of a text, each once; numbers are counted much faster than characters."""
    for start in range(0, len(text), _AT_ONCE):
        codes = np.frombuffer(text[start : start + _AT_ONCE].encode("utf-32-le", "surrogatepass"), np.uint32)
        yield from map(chr, np.flatnonzero(np.bincount(codes)).tolist())


_AT_ONCE = 1 << 18  # characters


def plain_text(text: str) -> str:
    """A text for matching, character for character (`plain_char`). Few kinds of characters change."""
    for char in _kinds(text):
        if (plain := plain_char(char)) != char:
            text = text.replace(char, plain)
    return text


# 全州 and 我盟 are what 全市 and 我市 are elsewhere; 全州县 is a county
_PREFECTURE = re.compile("[州盟](?<=[全我本该各].)(?![县镇])")


# 随迁子女中小学2240人、初中1137人: the primary school pupils among them, no 中小学
_AMONG = re.compile(r"(?<=[生女员童者年])中小学(?=生?\d[\d,.]*万?[人名]?[、,;，；]初中)")

# Words of Taiwan, and those of the mainland that are as long
_THERE_AND_HERE = (
    ("国民中小学", "九年制学校"), ("国民小学", "完全小学"), ("国民中学", "初级中学"), ("查核", "查验"), ("国中小", "中小学"), ("国小", "小学"),
    ("国中", "初中"), ("幼稚园", "幼儿园"), ("学童", "学生"), ("群聚", "聚集"), ("就学率", "入学率"), ("裁并", "撤并"),
    ("纪录卡", "记录卡"), ("接种纪录", "接种记录"), ("未完成接种", "未全程接种"), ("抽验", "抽检"), ("出席率", "出勤率"), ("中途离校", "中途辍学"), ("食品中毒", "食物中毒"), ("照度合格率", "照明合格率"),
)  # fmt: skip
_NATIONAL = re.compile("全初中(?=辍|途|小|学|等)")  # 全国中辍率 holds no 国中
_OF = re.compile(r"(?<!分)之(?=\d)")  # 110学年度之82.14%


def tells_traditional(text: str) -> bool:
    """Whether a text holds one of the frequent characters that only traditional writing has."""
    return bool(_TELLS_TRADITIONAL.search(text))


def simplify(text: str) -> str:
    """Traditional text as simplified text of the same length, prefectures of their own kind as 市; other text as it is."""
    text = _AMONG.sub(":小学", _PREFECTURE.sub("市", text))
    return from_traditional(text) if tells_traditional(text) else text


def from_traditional(text: str) -> str:
    """Text that is in traditional characters as simplified text of the same length."""
    plain = text.translate(_SIMPLIFIED)
    for word, here in _THERE_AND_HERE:
        plain = plain.replace(word, here)
    if "全初中" in plain:
        plain = _NATIONAL.sub("全国中", plain)
    return _OF.sub("的", plain)


def han_value(text: str) -> Decimal | None:
    """The value of a Han numeral (九十九点五, 一千二百, 二〇一八, 叁佰贰拾, 廿六) or None when it is none."""
    whole, dot, part = text.partition("点")
    value = _han_integer(whole)
    if value is None:
        return None
    if not dot:
        return Decimal(value)
    if not part or any(char not in _DIGIT for char in part):
        return None
    return Decimal(f"{value}." + "".join(str(_DIGIT[char]) for char in part))


def _han_integer(text: str) -> int | None:
    if not text:
        return None
    if all(char in _DIGIT or char.isdigit() for char in text):
        return int("".join(str(_DIGIT.get(char, char)) for char in text))
    high = total = section = digit = 0
    if len(text) > 2 and text[-1] in _DIGIT and _DIGIT[text[-1]] and text[-2] in "百佰千仟万亿":
        text += {"百": "十", "佰": "十", "千": "百", "仟": "百", "万": "千", "亿": "千万"}[text[-2]]  # 两千四百五
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif char in _SPECIAL:
            section += _SPECIAL[char]
        elif char in _TEN:
            section += (digit or 1) * _TEN[char]
            digit = 0
        elif char == "万":
            total = (total + section + digit) * 10_000
            section = digit = 0
        elif char == "亿":
            high = (high + total + section + digit) * 100_000_000
            total = section = digit = 0
        else:
            return None
    return high + total + section + digit
