"""Matches of a costly pattern, tried only where it can begin: most characters of a text cannot begin any. Both find what
`pattern.finditer(text)` finds, for patterns of which no match is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator


def matches(sign: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """For a pattern each of whose matches begins with a match of `sign`. A sign that begins with one character or one set
    of characters is sought for without stepping through the text."""
    at = 0
    while start := sign.search(text, at):
        at = start.start()
        found = pattern.match(text, at)
        if found:
            yield found
        at = found.end() if found else at + 1


def matches_around(char: str, back: int, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """For a pattern whose matches hold `char` at most `back` characters behind their beginning."""
    free, at = 0, text.find(char)
    while at >= 0:
        for start in range(max(free, at - back), at + 1):
            if found := pattern.match(text, start):
                yield found
                free = found.end()
                break
        at = text.find(char, max(free, at + 1))
