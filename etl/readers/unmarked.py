"""Encodings that name themselves only by what the text would say: UTF-16 and UTF-32 without a mark, HZ and UTF-7."""

from __future__ import annotations

import re

from etl.readers.chinese import CONTROL, SAMPLE, is_wrong, looks_chinese

_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SEVEN_BIT = ((re.compile(r"~\{[!-~\r\n]+?~\}"), "hz"), (re.compile(r"\+[A-Za-z0-9+/]{3,}"), "utf-7"))


def wide_encoding(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte-order mark; None for everything else.

    With zero bytes in it (digits, Latin letters, line ends) the text must be free of control characters; without any it
    must be Chinese: two ASCII letters are a rare Han character by chance, running Chinese never."""
    head = content[: SAMPLE * 4]
    return next((name for name in _WIDE if _fits(head, name, b"\x00" in head)), None)


def _fits(head: bytes, encoding: str, zeros: bool) -> bool:
    width = 4 if encoding.startswith("utf-32") else 2
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError as error:
        if len(head) < SAMPLE * 4 or error.start < len(head) - width:  # else cut within a pair
            return False
        text = head[: error.start].decode(encoding)
    if looks_chinese(text):
        return True
    plain = not CONTROL.search(text) and not is_wrong(text)
    return zeros and plain and sum(character < "\x80" for character in text) > len(text) / 2


def seven_bit_encoding(ascii_text: str) -> str | None:
    """HZ or UTF-7 when what they hide in letters is Chinese."""
    for sign, encoding in _SEVEN_BIT:
        if sign.search(ascii_text):
            try:
                text = ascii_text.encode("ascii").decode(encoding)
            except UnicodeDecodeError:
                continue
            if looks_chinese(text) or (encoding == "hz" and not text.isascii()):
                return encoding
    return None
