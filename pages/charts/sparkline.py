"""A course of a few values as an image: as small as a word for the cell of a table, as wide as a tile on the overview. A gap
stays a gap."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from pages.charts.layout import MUTED

WORD, TILE = (64, 16), (126, 30)  # pixels: width and height
_EDGE = 2.5
_STROKE = {WORD: 1.3, TILE: 1.6}


def sparkline(
    values: Sequence[float | None], label: str, *, size: tuple[int, int] = WORD, colour: str = MUTED, title: str = ""
) -> str:
    """The values oldest first, None for a gap, as an HTML image of `size` pixels; the last value is a dot. `label` is
    read to those who do not see it, `title` is shown under the pointer. Fewer than two values give the empty text."""
    held = [each for each in values if each is not None]
    if len(held) < 2:
        return ""
    width, height = size
    points = _places(values, min(held), max(held), size)
    parts = runs(points)
    lines = [
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none" stroke="{colour}" stroke-width="{_STROKE[size]}"/>'
        for run in parts
    ]
    dots = [_dot(*run[0], 1.1, colour) for run in parts]
    last = _dot(*[each for each in points if each is not None][-1], 2.1, colour)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"{''.join([*lines, *dots, last])}</svg>"
    )
    source = b64encode(drawn.encode()).decode()  # an image, because the page takes drawings out of its HTML
    return (
        f'<img class="spark" width="{width}" height="{height}" alt="{escape(label)}" title="{escape(title)}" '
        f'src="data:image/svg+xml;base64,{source}">'
    )


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'


def _places(
    values: Sequence[float | None], low: float, high: float, size: tuple[int, int]
) -> list[tuple[float, float] | None]:
    width, height = size
    step = (width - 2 * _EDGE) / max(1, len(values) - 1)
    tall = height - 2 * _EDGE
    span = high - low
    return [
        None if each is None
        else (_EDGE + n * step, height / 2 if span == 0 else height - _EDGE - tall * (each - low) / span)
        for n, each in enumerate(values)
    ]  # fmt: skip


def runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The points without gaps between them, run by run."""
    found: list[list[tuple[float, float]]] = [[]]
    for each in points:
        if each is None:
            found.append([])
        else:
            found[-1].append(each)
    return [run for run in found if run]
