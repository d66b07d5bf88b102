"""A course of a few values as an image: as small as a word for the cell of a table, as wide as a tile on the overview. A gap
stays a gap."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from pages.charts.layout import LINE, MUTED

_EDGE = 2.5


class Style(NamedTuple):
    """How a course is drawn: width, height and stroke in pixels, and the colour."""

    width: int
    height: int
    stroke: float
    colour: str


WORD, TILE = Style(64, 16, 1.3, MUTED), Style(126, 30, 1.6, LINE)


def sparkline(values: Sequence[float | None], label: str, *, style: Style = WORD, title: str = "") -> str:
    """The values oldest first, None for a gap, as an HTML image in a `style`; the last value is a dot. `label` is
    read to those who do not see it, `title` is shown under the pointer. Fewer than two values give the empty text."""
    held = [each for each in values if each is not None]
    if len(held) < 2:
        return ""
    width, height, stroke, colour = style
    points = _places(values, min(held), max(held), style)
    parts = runs(points)
    lines = [
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none" stroke="{colour}" stroke-width="{stroke}"/>'
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


def _places(values: Sequence[float | None], low: float, high: float, style: Style) -> list[tuple[float, float] | None]:
    width, height = style.width, style.height
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
