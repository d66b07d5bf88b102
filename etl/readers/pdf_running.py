"""Running heads, running feet and page numbers: lines at the edge of the page that come back from page to page, or
that stand in its margin by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from etl.readers.pdf_lines import Line

_OUTERMOST = 3  # lines of a page at either end that may be running ones
_MARGIN = 0.1  # of the height: a repeated title of a form stands below it
_SHARE = 0.3  # of the pages: heads may differ on left and right pages, first pages have none
_PLACE = 4.0  # points
_EDGE = 0.06  # of the height: nothing but running lines stands alone so near the edge, even on a single page
_ALONE = 3.0  # of the type size, to the next line
_FEWEST = 4  # lines of a page that has a text beside its running lines
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
    for height, lines in pages:
        found |= set(_alone(height, [line for line in lines if id(line) not in found]))
    return found


def _alone(height: float, lines: list[Line]) -> Iterator[int]:
    """The first and the last line when it stands in the margin, far from the text and no larger than it."""
    if len(lines) < _FEWEST:
        return
    usual = sorted(line.size for line in lines)[len(lines) // 2]
    for line, next_one, from_edge in (
        (lines[0], lines[1], lines[0].base),
        (lines[-1], lines[-2], height - lines[-1].base),
    ):
        apart = abs(line.base - next_one.base) > _ALONE * max(line.size, next_one.size)
        if from_edge < _EDGE * height and apart and line.size <= 1.1 * usual and not line.text.endswith("。"):
            yield id(line)


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
