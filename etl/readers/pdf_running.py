"""Running heads, running feet and page numbers: lines at the edge of the page that come back from page to page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from etl.readers.pdf_lines import Line

_OUTERMOST = 3  # lines of a page at either end that may be running ones
_MARGIN = 0.1  # of the height: a repeated title of a form stands below it
_SHARE = 0.3  # of the pages: heads may differ on left and right pages, first pages have none
_PLACE = 4.0  # points
_NUMBER = re.compile(r"\d{1,4}")
_PAGE_MARK = re.compile(
    r"[-—–·~\s]+\d{1,4}[-—–·~\s]+|第\s*\d{1,4}\s*页([\s,\uff0c/、]*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}(\s*页)?"
)

Key = tuple[object, ...]


def running_lines(pages: Sequence[tuple[float, list[Line]]]) -> set[int]:
    """The ids of the lines to leave out. `pages` holds the height and the lines outside tables of every page."""
    keys = [
        (line, key)
        for n, page in enumerate(pages)
        for line, top in _outer(page)
        for key in _keys(line, n, page[0], top)
    ]
    counts = Counter(key for _, key in keys)
    enough = max(2, _SHARE * len(pages))
    found = {id(line) for line, key in keys if counts[key] >= enough}
    for _, lines in pages:
        found |= {id(line) for line in (*lines[:1], *lines[-1:]) if _PAGE_MARK.fullmatch(line.text.strip())}
    return found


def _outer(page: tuple[float, list[Line]]) -> Iterator[tuple[Line, bool]]:
    height, lines = page
    for line in lines[:_OUTERMOST]:
        if line.base < height / 2:
            yield line, True
    for line in lines[-_OUTERMOST:]:
        if line.base >= height / 2:
            yield line, False


def _keys(line: Line, page: int, height: float, top: bool) -> Iterator[Key]:
    """What makes two lines of different pages the same running line: text and place, or a number that counts pages."""
    text = line.text.strip()
    from_edge = line.base if top else height - line.base
    if from_edge <= _MARGIN * height:
        yield "same", top, round(from_edge / _PLACE), text
    for found in _NUMBER.finditer(text):
        frame = (text[: found.start()], text[found.end() :])
        yield "number", top, round(from_edge / _PLACE), frame, int(found[0]) - page
