"""Tables typed into a text: lines whose cells stand between bars, tabs, commas or runs of spaces."""

from __future__ import annotations

import re
from collections.abc import Callable

from etl.reports.script import plain_text

CELL = "¦"  # stands between the cells of a row in the working copy
_VALUE = re.compile(r"(?:\d[\d,]*(?:\.\d+)?\s*%?|[-—–/]+|\s*|[A-D]级?|合格|不合格|优秀|良好)$")
_NUMERIC = re.compile(r"\d[\d,]*(?:\.\d+)?\s*%?$")
_RULE = re.compile(r"[\s|:+-]*-{2,}[\s|:+-]*$")  # |---|---|
_HAS_HAN = re.compile("[一-鿿]")
_GAP = re.compile(r"[|\t ,]")
_DIGIT = re.compile(r"\d")
_NO_HEADING = re.compile("[。;:!?]")
_HEADING_CELL = re.compile(r"[^。;:!?]{1,24}$")
_YEAR = re.compile(r"(?:19|20)\d\d年?(?:度|秋季?|春季?|学年)?$")
_TIME = re.compile(
    r"(?:19|20)\d\d(?:[-—–~至](?:(?:19|20)\d\d|\d\d))?年?(?:\d{1,2}月(?:\d{1,2}日)?)?"
)  # “十三五”末(2020年)
_GAPS: tuple[re.Pattern[str], ...] = tuple(map(re.compile, (r"\s*\|\s*", r" *\t\s*", r" {2,}", r" +", r"\s*,\s*")))


def marked(text: str) -> str:
    """A document's text for matching, with the cells of its typed tables marked."""
    return mark_rows(plain_text(text), text)


def mark_rows(text: str, original: str) -> str:
    """The text with `CELL` between the cells of every table that is typed into it; its length stays the same.
    `original`: the document's own characters (tabs are spaces in `text`)."""
    if not re.search(r"[|\t]|\S +\S|,", original):
        return text
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def printed(n: int) -> str:
        return original[starts[n] : starts[n + 1] - 1]

    n = 0
    while n < len(lines) - 1:
        n += max(1, _table_at(lines, n, printed))
    return "\n".join(lines)


def _table_at(lines: list[str], n: int, printed: Callable[[int], str]) -> int:
    """Marks the table whose header is the n-th line; returns how many lines it has, 0 for none."""
    if len(lines[n]) > 200 or _NO_HEADING.search(head := printed(n)) or not _GAP.search(head):
        return 0
    if not _HAS_HAN.search(lines[n]):
        return 0
    for gap in _GAPS:
        header = _cells(head, gap)
        if len(header) < 2 or not all(map(_is_heading, header)) or not any(map(_HAS_HAN.search, header[1:])):
            continue
        rows, last = [], n
        for k in range(n + 1, len(lines)):
            if not lines[k].strip() and gap is not _GAPS[0]:
                break
            if not lines[k].strip() or _RULE.match(lines[k]):
                lines[k] = " " * len(lines[k])
                continue
            if not _is_row(_cells(printed(k), gap), len(header)):
                break
            rows.append(k)
            last = k
        if rows and (len(rows) > 1 or len(header) > 2 or gap is _GAPS[0]):
            for k in (n, *rows):
                lines[k] = _marked(lines[k], printed(k), gap)
            return last - n + 1
    return 0


def _cells(line: str, gap: re.Pattern[str]) -> list[str]:
    return gap.split(line.strip().strip("|").strip()) if gap.search(line.strip()) else []


def _is_heading(cell: str) -> bool:
    plain = _TIME.sub("", cell)
    return bool(_HEADING_CELL.match(cell)) and (not _DIGIT.search(plain) or "剂" in cell)


def _is_row(cells: list[str], width: int) -> bool:
    return (
        len(cells) == width
        and (bool(_HAS_HAN.search(cells[0])) or bool(_YEAR.match(cells[0])))
        and len(cells[0]) <= 24
        and all(map(_VALUE.match, cells[1:]))
        and any(map(_NUMERIC.match, cells[1:]))
    )


def _marked(line: str, printed: str, gap: re.Pattern[str]) -> str:
    chars = list(line)
    first = len(printed) - len(printed.lstrip(" \t|"))
    last = len(printed.rstrip(" \t|"))
    for at in (*range(first), *range(last, len(chars))):
        chars[at] = " "
    for found in gap.finditer(printed, first, last):
        chars[found.start() : found.end()] = [CELL, *" " * (found.end() - found.start() - 1)]
    return "".join(chars)
