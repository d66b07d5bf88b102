"""Which character separates the fields of a text table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 200
_MOSTLY = 0.9


def find_delimiter(text: str) -> str | None:
    """The delimiter that gives most rows one and the same number (two or more) of fields; None when none does."""
    declared = re.match(r"sep=([,;|\t])\r?\n", text)
    if declared:
        return declared[1]
    best = max(DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))
    return best if _agreement(text, best)[0] > 0 else None


def is_rectangular(text: str) -> bool:
    """At least three rows, nearly all with the same number of fields, two or more: no running text looks so."""
    delimiter = find_delimiter(text)
    if delimiter is None:
        return False
    agreeing, _, rows = _agreement(text, delimiter)
    return rows >= 3 and agreeing >= _MOSTLY * rows


def _agreement(text: str, delimiter: str) -> tuple[int, int, int]:
    """(rows that agree, number of fields, rows) in the first lines; (0, 0, rows) without a second field."""
    lines = islice(io.StringIO(text, newline=""), _SAMPLE_LINES)
    widths: Counter[int] = Counter()
    try:
        widths.update(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row))
    except csv.Error:  # an unclosed quote ran over the field limit: this is no table of that delimiter
        return 0, 0, 0
    rows = widths.total()
    several = [(count, width) for width, count in widths.items() if width > 1]
    return (*max(several), rows) if several else (0, 0, rows)
