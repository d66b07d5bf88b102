"""Characters of a page to lines, and lines to the text that a person would copy out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from etl.readers.pdf_marks import Glyph

_SAME_LINE = 0.45  # of the type size: a superscript still belongs to its line
_COLUMN_GAP = 1.8  # of the type size: wider gaps separate cells, not words
_HAN = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef‘’“”…—·"
_IS_HAN = re.compile(f"[{_HAN}]")
_CLOSING = re.compile(r"[\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff09\uff05》」』”’】〕%,.;:!?)\]‰]")
_HYPHENATED = re.compile("[a-z]-$")


@dataclass(frozen=True)
class Line:
    """Visible glyphs from left to right, blanks among them; `size` is the usual one of the line."""

    glyphs: tuple[Glyph, ...]
    base: float
    size: float

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        return self._last_visible().x1

    @cached_property
    def text(self) -> str:
        return "\t".join(_segment_text(segment) for segment in self.segments)

    @property
    def ends_blank(self) -> bool:
        return self.glyphs[-1].text.isspace()

    @cached_property
    def segments(self) -> list[list[Glyph]]:
        """The glyphs, divided at gaps too wide for a blank between words."""
        found: list[list[Glyph]] = []
        last: Glyph | None = None
        for glyph in self.glyphs:
            if glyph.text.isspace():
                if found:
                    found[-1].append(glyph)
                continue
            if last is None or glyph.x0 - last.x1 > _COLUMN_GAP * self.size:
                found.append([])
            found[-1].append(glyph)
            last = glyph
        return found

    def first_token_width(self) -> float:
        """What the previous line would have needed room for: one Han character with what clings to it, or one word."""
        visible = [glyph for glyph in self.glyphs if not glyph.text.isspace()]
        end = 1
        if not _IS_HAN.match(visible[0].text):
            while end < len(visible) and not _IS_HAN.match(visible[end].text) and _touches(visible[end - 1 : end + 1]):
                end += 1
        while end < len(visible) and _CLOSING.match(visible[end].text):
            end += 1
        return visible[end - 1].x1 - visible[0].x0

    def _last_visible(self) -> Glyph:
        return next(glyph for glyph in reversed(self.glyphs) if not glyph.text.isspace())


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom. Blanks at the left end are left out."""
    rows: list[list[Glyph]] = []
    base = size = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        if rows and abs(glyph.base - base) <= _SAME_LINE * max(size, glyph.size):
            rows[-1].append(glyph)
            if glyph.size > size:  # the largest type leads: small marks never shift a line
                base, size = glyph.base, glyph.size
        else:
            rows.append([glyph])
            base, size = glyph.base, glyph.size
    return [line for row in rows if (line := _line(row))]


def _line(row: list[Glyph]) -> Line | None:
    row.sort(key=lambda glyph: glyph.x0)
    while row and row[0].text.isspace():
        row.pop(0)
    if not row:
        return None
    sizes = sorted(glyph.size for glyph in row if not glyph.text.isspace())
    bases = sorted(glyph.base for glyph in row if not glyph.text.isspace())
    return Line(tuple(row), bases[len(bases) // 2], sizes[len(sizes) // 2])


def _segment_text(glyphs: list[Glyph]) -> str:
    parts: list[str] = []
    last: Glyph | None = None
    blank = False
    for glyph in glyphs:
        if glyph.text.isspace():
            blank = True
            continue
        if last is not None and (blank or _is_gap(last, glyph)):
            parts.append(" ")
        parts.append(glyph.text)
        last, blank = glyph, False
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_gap(a: Glyph, b: Glyph) -> bool:
    """Whether an unprinted blank stands between: typesetting widens the space between Han characters and digits."""
    han = bool(_IS_HAN.match(a.text)) + bool(_IS_HAN.match(b.text))
    return b.x0 - a.x1 > (0.25, 0.6, 0.9)[han] * min(a.size, b.size)


def _touches(pair: list[Glyph]) -> bool:
    return not _is_gap(pair[0], pair[1])


def joined(before: str, after: str, printed_blank: bool = False) -> str:
    """Two lines of one paragraph: no blank beside Han characters, one between words, no hyphen of a divided word."""
    if not before or not after:
        return before + after
    if _IS_HAN.match(before[-1]) or _IS_HAN.match(after[0]):
        return before + after
    if _HYPHENATED.search(before) and after[0].islower():
        return before[:-1] + after
    if printed_blank or (before[-1].isalpha() and after[0].isalpha()):
        return f"{before} {after}"
    return before + after
