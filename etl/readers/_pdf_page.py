"""What stands on one page of a pdf: characters and ruled lines, in points from the upper left corner as it is shown.

Loading PDFium takes a tenth of a second: only the pdf reader imports this module, and only when it has a file.
"""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as api

from etl.readers.pdf_marks import Glyph, PageContent, Rule

_TILTED = 0.2  # radians; a watermark across the page is no line of text
_THIN = 2.5  # points: a filled box this thin is a ruled line
_MOST_RULES = 20_000
_MOST_DEPTH = 4
_LINE_END_HYPHEN = 2  # PDFium's own code for the hyphen of a divided word
_FORM, _PATH = 5, 2
_BEZIER, _MOVE = 1, 2

Point = tuple[float, float]
Turn = Callable[[float, float], Point]


def page_content(page: pdfium.PdfPage) -> PageContent:
    """Reads a page in one pass over its characters and one over its paths."""
    width, height = page.get_size()
    turn = _turn(page)
    glyphs, unmapped = _glyphs(page, turn)
    inside = [g for g in glyphs if g.x0 >= -1 and g.x1 <= width + 1 and 0 <= g.base <= height + 1]
    rules = _rules(page, turn)
    return PageContent(width, height, _not_struck(_once(inside), rules), rules, unmapped)


def _turn(page: pdfium.PdfPage) -> Turn:
    """Page coordinates (upwards, unrotated) to what is shown (downwards, rotated)."""
    left, bottom, right, top = page.get_bbox()
    return {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }[page.get_rotation()]


def _glyphs(page: pdfium.PdfPage, turn: Turn) -> tuple[list[Glyph], int]:
    textpage = page.get_textpage()
    raw = textpage.raw
    upright = math.radians(page.get_rotation())
    glyphs: list[Glyph] = []
    unmapped = 0
    box, x, y = api.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for n in range(textpage.count_chars()):
        code = api.FPDFText_GetUnicode(raw, n)
        if api.FPDFText_IsGenerated(raw, n) == 1 or code in (10, 13):
            continue
        if code == _LINE_END_HYPHEN:
            code = ord("-")
        if code < 32 or code in (0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code < 0xF900 or code > 0x10FFFF:
            unmapped += code != 9
            continue
        if abs(math.remainder(api.FPDFText_GetCharAngle(raw, n) + upright, math.tau)) > _TILTED:
            continue
        api.FPDFText_GetLooseCharBox(raw, n, box)
        api.FPDFText_GetCharOrigin(raw, n, x, y)
        x0, y0 = turn(box.left, box.bottom)
        x1, y1 = turn(box.right, box.top)
        glyphs.append(Glyph(chr(code), min(x0, x1), max(x0, x1), turn(x.value, y.value)[1], max(1.0, abs(y1 - y0))))
    textpage.close()
    return glyphs, unmapped


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Bold type is sometimes made by printing a character twice; the second print is no character."""
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        near = 0.25 * glyph.size
        col, row = int(glyph.x0 // near), int(glyph.base // near)
        around = (places.get((glyph.text, c, r), ()) for c in (col - 1, col, col + 1) for r in (row - 1, row, row + 1))
        if any(
            abs(g.x0 - glyph.x0) < 0.3 * (glyph.x1 - glyph.x0) and abs(g.base - glyph.base) < near
            for found in around
            for g in found
        ):
            continue
        places.setdefault((glyph.text, col, row), []).append(glyph)
        kept.append(glyph)
    return kept


def _not_struck(glyphs: list[Glyph], rules: list[Rule]) -> list[Glyph]:
    """Empties what is struck through, in its place: deleted text that was printed with its corrections."""
    flat = sorted((rule for rule in rules if rule.horizontal), key=lambda rule: rule.at)
    heights = [rule.at for rule in flat]

    def struck(glyph: Glyph) -> bool:
        first = bisect_left(heights, glyph.base - 0.45 * glyph.size)
        last = bisect_right(heights, glyph.base - 0.12 * glyph.size)
        middle = (glyph.x0 + glyph.x1) / 2
        return any(rule.first <= middle <= rule.last for rule in flat[first:last])

    return [replace(glyph, text="") if struck(glyph) else glyph for glyph in glyphs]


def _rules(page: pdfium.PdfPage, turn: Turn) -> list[Rule]:
    rules: list[Rule] = []
    objects = (api.FPDFPage_GetObject(page.raw, n) for n in range(api.FPDFPage_CountObjects(page.raw)))
    for path, place in _paths(objects, lambda x, y: (x, y), 0):
        rules += _rules_of(path, lambda x, y, place=place: turn(*place(x, y)))  # type: ignore[misc]
        if len(rules) > _MOST_RULES:  # a drawing, not a table
            return []
    return rules


def _paths(objects: Iterator[Any], place: Turn, depth: int) -> Iterator[tuple[Any, Turn]]:
    for item in objects:
        kind = api.FPDFPageObj_GetType(item)
        if kind == _PATH:
            yield item, _moved(item, place)
        elif kind == _FORM and depth < _MOST_DEPTH:
            inside = (api.FPDFFormObj_GetObject(item, n) for n in range(api.FPDFFormObj_CountObjects(item)))
            yield from _paths(inside, _moved(item, place), depth + 1)


def _moved(item: Any, place: Turn) -> Turn:
    matrix = api.FS_MATRIX()
    api.FPDFPageObj_GetMatrix(item, matrix)
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
    return lambda x, y: place(a * x + c * y + e, b * x + d * y + f)


def _rules_of(path: Any, place: Turn) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    api.FPDFPath_GetDrawMode(path, fill, stroke)
    for points in _outlines(path, place):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
        if bottom - top <= _THIN < right - left:
            yield Rule(True, (top + bottom) / 2, left, right)
        elif right - left <= _THIN < bottom - top:
            yield Rule(False, (left + right) / 2, top, bottom)
        elif stroke.value:
            yield from _edges(points)


def _edges(points: list[Point]) -> Iterator[Rule]:
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ay - by) < 0.5 < abs(ax - bx):
            yield Rule(True, (ay + by) / 2, min(ax, bx), max(ax, bx))
        elif abs(ax - bx) < 0.5 < abs(ay - by):
            yield Rule(False, (ax + bx) / 2, min(ay, by), max(ay, by))


def _outlines(path: Any, place: Turn) -> Iterator[list[Point]]:
    """The subpaths made of straight lines only, closed ones back to their first point."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    straight = True
    for n in range(min(api.FPDFPath_CountSegments(path), _MOST_RULES)):
        segment = api.FPDFPath_GetPathSegment(path, n)
        kind = api.FPDFPathSegment_GetType(segment)
        api.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == _MOVE:
            if len(points) > 1 and straight:
                yield points
            points, straight = [], True
        straight = straight and kind != _BEZIER
        points.append(place(x.value, y.value))
        if api.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and straight:
        yield points
