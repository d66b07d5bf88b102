"""Automatic numbers of paragraphs (一、 (一) 1. ①): programs keep the rule and not the text, readers see the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_LEVELS = 9
_HAN = "零一二三四五六七八九"
_LEGAL_SIMPLIFIED = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_LEGAL_TRADITIONAL = str.maketrans("一二三四五六七八九十百千", "壹貳參肆伍陸柒捌玖拾佰仟")
_MOST = 9_999  # larger numbers are written in digits


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: `text` holds %1 to %9 where the numbers of that level and of those above stand."""

    style: str = "decimal"
    text: str = "%1."
    start: int = 1
    legal: bool = False  # all numbers of the label in digits
    restart: int | None = None  # begins again after a paragraph of a level below this number; None: of any level above


@dataclass(slots=True)
class Lists:
    """Counts the paragraphs of all lists of one document."""

    _counts: dict[object, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[object, int]] = field(default_factory=set)

    def label(
        self, group: object, instance: object, level: int, levels: Sequence[Level], restarts: Mapping[int, int]
    ) -> str:
        """The label of the next paragraph of a list, with a blank behind it where its end would run into the text.

        Instances of one group go on counting where the last one stopped, unless `restarts` holds a number for the
        level and the instance has not counted there yet. Bullets are no labels.
        """
        if not 0 <= level < min(len(levels), _LEVELS):
            return ""
        counts = self._counts.setdefault(group, [None] * _LEVELS)
        before = counts[level]
        if level in restarts and (instance, level) not in self._begun:
            self._begun.add((instance, level))
            before = None
            counts[level] = restarts[level]
        else:
            counts[level] = levels[level].start if before is None else before + 1
        for deeper in range(level + 1, min(len(levels), _LEVELS)):
            limit = levels[deeper].restart
            if limit is None or level < limit:
                counts[deeper] = None
        return _spaced(_written(levels, level, counts))


def _written(levels: Sequence[Level], level: int, counts: list[int | None]) -> str:
    own = levels[level]
    if own.style in ("bullet", "none"):
        return ""
    text = own.text
    for n in range(level, -1, -1):
        count = counts[n]
        style = "decimal" if own.legal else levels[n].style
        text = text.replace(f"%{n + 1}", numeral(levels[n].start if count is None else count, style))
    return text.strip()


def _spaced(label: str) -> str:
    """`1.` before 2025年 would read as another number."""
    return f"{label} " if label and label[-1].isascii() and label[-1] not in ")]" else label


def numeral(number: int, style: str) -> str:
    """A number in one of the styles of Word; digits where the style does not reach or is not known."""
    write = _STYLES.get(style, str)
    return write(number) if 0 < number <= _MOST else str(number)


def han(number: int) -> str:
    """1 to 9,999 as 一, 十二, 一百零三."""
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if zero and text else "") + _HAN[digit] + name
        zero = not digit
    return text.removeprefix("一") if 10 <= number <= 19 else text


def _han_digits(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def _letters(number: int) -> str:
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    values = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
              (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
    text = ""
    for value, sign in values:
        text += sign * (number // value)
        number %= value
    return text


def _from(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


def _in_turn(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STYLES: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "chineseLegalSimplified": lambda n: han(n).translate(_LEGAL_SIMPLIFIED),
    "ideographLegalTraditional": lambda n: han(n).translate(_LEGAL_TRADITIONAL),
    "decimalEnclosedCircle": _from(_CIRCLES),
    "decimalEnclosedCircleChinese": _from(_CIRCLES),
    "decimalEnclosedParen": _from("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "decimalEnclosedFullstop": _from("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "ideographEnclosedCircle": _from("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "ideographTraditional": _in_turn("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _in_turn("子丑寅卯辰巳午未申酉戌亥"),
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
                     "japaneseCounting", "koreanCounting"), han),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital"),
                    _han_digits),
}  # fmt: skip
