"""Matches of a costly pattern, tried only where it can begin: most characters of a text cannot begin any."""

from __future__ import annotations

import re
from collections.abc import Iterator


def matches(sign: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """`pattern.finditer(text)` for a pattern each of whose matches begins with a match of `sign` and is not empty.
    A sign that begins with one character or one set of characters is sought for without stepping through the text."""
    at = 0
    while start := sign.search(text, at):
        at = start.start()
        found = pattern.match(text, at)
        if found:
            yield found
        at = found.end() if found else at + 1
