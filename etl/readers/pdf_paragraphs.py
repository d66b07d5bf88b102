"""Lines of a document to paragraphs: a line that was broken only because it was full goes on in the next one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from etl.readers.pdf_lines import Line, joined

_ENDS = re.compile("[\u3002\uff01\uff1f\uff1b\uff1a!?;:…][”’」』)\uff09】]*$")
_INDENT = 1.2  # of the type size
_OTHER_TYPE = 0.15  # share by which the type size of one paragraph may differ
_TITLE = 1.2  # of the usual type size
_PITCH = 2.6  # of the type size: lines farther apart belong to different paragraphs


@dataclass(frozen=True, slots=True)
class Column:
    """Where the text of the pages of one width begins and ends, and the usual type size."""

    left: float
    right: float
    size: float


def columns(pages: Iterable[tuple[float, Sequence[Line]]]) -> dict[int, Column]:
    """By the page width in points: the 5th and 95th percentile of where its lines begin and end."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for width, found in pages:
        lines[round(width)] += found
    return {width: _column(found) for width, found in lines.items() if found}


def _column(lines: list[Line]) -> Column:
    begins, ends = sorted(line.x0 for line in lines), sorted(line.x1 for line in lines)
    sizes = sorted(line.size for line in lines)
    last = len(lines) - 1
    return Column(begins[last * 5 // 100], ends[last * 95 // 100], sizes[last // 2])


def continues(first: Line, before: Line, after: Line, column: Column, new_page: bool) -> bool:
    """Whether `after` belongs to the paragraph that began with `first` and reaches to `before`."""
    if abs(before.size - after.size) > _OTHER_TYPE * before.size:
        return False
    if not new_page and after.base - before.base > _PITCH * before.size:
        return False
    if "\t" in before.text or "\t" in after.text:  # cells beside one another
        return False
    if _is_title(before, column) and _is_title(after, column):
        return not _ENDS.search(before.text)
    if column.right - before.x1 > after.first_token_width() + 0.5 * after.size:
        return False
    ended = bool(_ENDS.search(before.text))
    indent = _INDENT * after.size
    if after.x0 > column.left + indent:  # a new first line, unless the whole block is set in
        return not ended and abs(after.x0 - before.x0) < indent
    return not ended or first.x0 > column.left + indent


def _is_title(line: Line, column: Column) -> bool:
    """Larger type in the middle of the page."""
    middle = (column.left + column.right) / 2
    centred = abs((line.x0 + line.x1) / 2 - middle) < 1.5 * line.size
    return centred and line.size > _TITLE * column.size


@dataclass
class Paragraph:
    """Its text and the page it began on."""

    page: int
    first: Line
    last: Line
    text: str


class Paragraphs:
    """Puts lines together; `take` returns the paragraph that a new line has completed."""

    def __init__(self, by_width: Mapping[int, Column]) -> None:
        self._columns = by_width
        self._open: Paragraph | None = None
        self._last_page = 0

    def add(self, line: Line, page: int, width: float) -> Paragraph | None:
        """The finished paragraph, if this line begins another one."""
        column = self._columns[round(width)]
        new_page = page != self._last_page
        self._last_page = page
        now = self._open
        if now is not None and continues(now.first, now.last, line, column, new_page):
            now.text = joined(now.text, line.text, now.last.ends_blank)
            now.last = line
            return None
        self._open = Paragraph(page, line, line, line.text)
        return now

    def close(self) -> Paragraph | None:
        """The paragraph still open; the next line begins another one."""
        done, self._open = self._open, None
        return done
