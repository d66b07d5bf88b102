"""How wide a text is where letters have their place on paper: a Chinese sign counts as two."""

from __future__ import annotations

import re
import unicodedata

_PIECES = re.compile(r"[!-~]+|\s+|.")  # a Latin word or number stays whole, Chinese breaks between any two signs
_CLOSING = ("Po", "Pe", "Pf")  # kinds of signs that no line begins with


def text_width(text: str) -> int:
    """How many half-width signs a text is wide."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` half-width signs; a Latin word longer than that stands alone, and a closing
    sign may stand one place beyond the end rather than at the beginning of a line."""
    lines = [""]
    for piece in _PIECES.findall(text):
        fits = text_width(lines[-1] + piece) <= width or _closes(piece)
        if fits or not lines[-1]:
            lines[-1] += piece if lines[-1] or piece.strip() else ""
        else:
            lines.append(piece if piece.strip() else "")
    return [line.rstrip() for line in lines if line.strip()]


def _closes(piece: str) -> bool:
    return not piece.isascii() and unicodedata.category(piece[0]) in _CLOSING
