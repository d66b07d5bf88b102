"""The lists of a Word 97-2003 file: which paragraphs are numbered, and how ([MS-DOC] PlfLst, PlfLfo, STSH)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from etl.readers.numbering import Level, Lists

# MSONFC values to the names that Word uses since 2007
_STYLES = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital",
    11: "japaneseCounting", 14: "decimalFullWidth", 18: "decimalEnclosedCircle", 19: "decimalFullWidth",
    22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional",
    31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional", 35: "taiwaneseCountingThousand",
    36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand",
    255: "none",
}  # fmt: skip
_LEGAL, _NO_RESTART = 0b100, 0b1000
_START_GIVEN, _LEVEL_GIVEN = 0b10000, 0b100000
_PARAGRAPH_STYLE = 1
_NO_STYLE = 0xFFF
_DEEPEST = 20
_MOST_LISTS = 20_000


@dataclass(frozen=True, slots=True)
class Instance:
    """One numbered list: the definition it counts with, its levels, and the levels that begin at a number of its own."""

    group: int
    levels: list[Level]
    restarts: dict[int, int]


@dataclass(slots=True)
class WordLists:
    """Labels of paragraphs, to be asked for in their order."""

    instances: list[Instance] = field(default_factory=list)
    styles: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)  # style -> list and level
    _lists: Lists = field(default_factory=Lists)

    def label(self, style: int, number: int | None, level: int | None) -> str:
        """The label of a paragraph of this style; what the paragraph itself says comes first. List 0 is none."""
        from_style = self.styles.get(style, (None, None))
        number = from_style[0] if number is None else number
        level = from_style[1] if level is None else level
        if not number or number > len(self.instances):
            return ""
        instance = self.instances[number - 1]
        return self._lists.label(instance.group, number, level or 0, instance.levels, instance.restarts)


def word_lists(lists: bytes, overrides: bytes, styles: dict[int, tuple[int | None, int | None]]) -> WordLists:
    """`lists` are the definitions with the levels that follow them. Raises struct.error or ValueError."""
    definitions = _definitions(lists) if len(lists) >= 2 else {}
    found = WordLists(styles=styles)
    if definitions and len(overrides) >= 4:
        found.instances = list(_instances(overrides, definitions))
    return found


def _definitions(raw: bytes) -> dict[int, list[Level]]:
    (count,) = struct.unpack_from("<H", raw)
    at = 2 + 28 * count
    found: dict[int, list[Level]] = {}
    for n in range(count):
        (key,) = struct.unpack_from("<I", raw, 2 + 28 * n)
        simple = raw[2 + 28 * n + 26] & 1
        levels: list[Level] = []
        for _ in range(1 if simple else 9):
            level, at = _level(raw, at)
            levels.append(level)
        found[key] = levels
    return found


def _level(raw: bytes, at: int) -> tuple[Level, int]:
    start, style, flags = struct.unpack_from("<IBB", raw, at)
    size_of_character, size_of_paragraph, limit = struct.unpack_from("<BBB", raw, at + 24)
    at += 28 + size_of_paragraph + size_of_character
    (length,) = struct.unpack_from("<H", raw, at)
    text = raw[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    shown = "".join(f"%{ord(sign) + 1}" if sign < "\t" else sign for sign in text)
    restart = limit if flags & _NO_RESTART else None
    level = Level(_STYLES.get(style, "decimal"), shown, min(start, 0x7FFF), bool(flags & _LEGAL), restart)
    return level, at + 2 + 2 * length


def _instances(raw: bytes, definitions: dict[int, list[Level]]) -> Iterator[Instance]:
    (count,) = struct.unpack_from("<I", raw)
    if count > _MOST_LISTS:
        raise ValueError("more lists than a document holds")
    at = 4 + 16 * count
    for n in range(count):
        (key,) = struct.unpack_from("<I", raw, 4 + 16 * n)
        changes = raw[4 + 16 * n + 12]
        levels, restarts = list(definitions.get(key, ())), {}
        at += 4 if changes or at + 4 <= len(raw) else 0
        for _ in range(changes):
            start, flags = struct.unpack_from("<II", raw, at)
            at += 8
            place = flags & 0b1111
            if flags & _LEVEL_GIVEN:
                level, at = _level(raw, at)
                if place < len(levels):
                    levels[place] = level
            elif flags & _START_GIVEN and place < len(levels):
                levels[place] = replace(levels[place], start=min(start, 0x7FFF))
                restarts[place] = min(start, 0x7FFF)
        yield Instance(key, levels, restarts)


def styles_of(sheet: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(number, style it is based on, property changes) of every paragraph style."""
    if len(sheet) < 6:
        return
    head, count, base = struct.unpack_from("<HHH", sheet)
    at = 2 + head
    for n in range(count):
        (size,) = struct.unpack_from("<H", sheet, at)
        style = sheet[at + 2 : at + 2 + size]
        at += 2 + size
        if len(style) >= base >= 6:
            kind, based = style[2] & 0b1111, struct.unpack_from("<H", style, 2)[0] >> 4
            if kind == _PARAGRAPH_STYLE:
                yield n, based, _style_changes(style, base)


def _style_changes(style: bytes, base: int) -> bytes:
    if base + 2 > len(style):
        return b""
    (name,) = struct.unpack_from("<H", style, base)
    at = base + 2 + 2 * (name + 1)
    at += at % 2
    if at + 4 > len(style):
        return b""
    (size,) = struct.unpack_from("<H", style, at)
    return style[at + 4 : at + 2 + size]


def inherited(own: dict[int, tuple[int, int | None, int | None]]) -> dict[int, tuple[int | None, int | None]]:
    """Style -> list and level, from (style it is based on, own list, own level)."""
    found: dict[int, tuple[int | None, int | None]] = {}
    for style in own:
        number: int | None = None
        level: int | None = None
        at = style
        for _ in range(_DEEPEST):
            if at == _NO_STYLE or at not in own:
                break
            at, own_number, own_level = own[at]
            number = own_number if number is None else number
            level = own_level if level is None else level
        found[style] = (number, level)
    return found
