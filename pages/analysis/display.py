"""Numbers as text, rounded once. No words: units and signs in words stand in pages/text."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal

_WHOLE = Decimal(100)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NARROW = re.compile(r"[,;:()]")
_WIDE = {ord(mark): ord(mark) + 0xFEE0 for mark in ",;:()"}  # Unicode holds the wide forms in the same order


def rounded(value: float, decimals: int) -> Decimal:
    """Round half to even on the decimal spelling of the float, so 2.675 is not taken for 2.67499."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)


def percent(value: float, decimals: int = 1) -> str:
    """A percentage without its sign. A rate short of 100 never prints 100 and one above 0 never prints 0."""
    shown, step = rounded(value, decimals), Decimal(1).scaleb(-decimals)
    if value < 100 and shown >= _WHOLE:
        return f">{_WHOLE - step}"
    if value > 0 and shown == 0:
        return f"<{step}"
    return f"{shown:,}"


def number(value: float, decimals: int = 0) -> str:
    """A count or score with thousands separators; a whole number carries no decimals."""
    if decimals == 0 or float(value).is_integer():
        return f"{rounded(value, 0):,}"
    return f"{rounded(value, decimals):,}"


def signed(value: float, decimals: int = 1) -> str:
    """A change with its sign; a change that rounds to nothing is 0 without a sign."""
    shown = rounded(value, decimals)
    return f"{shown:+,}" if shown else f"{abs(shown):,}"


def is_number(value: object) -> bool:
    """Whether a cell of a frame holds a finite number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def chinese_marks(text: str) -> str:
    """A Chinese text with the wide marks of Chinese print; marks inside a number (1,228 and 17.3:1) stay, and so does a
    text without a Chinese sign. Lists of the catalogue are typed and matched with the narrow ones."""
    if not _CHINESE.search(text):
        return text
    return _NARROW.sub(lambda found: found[0] if _in_number(found) else found[0].translate(_WIDE), text)


def _in_number(found: re.Match[str]) -> bool:
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return found[0] in ",:" and before.isdigit() and after.isdigit()
