"""One course among many, small enough to stand in a grid and on the same scale as its neighbours: an image."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages.charts.layout import MUTED
from pages.charts.sparkline import runs

WIDTH, HEIGHT = 240, 96
OWN = "#2F86D6"  # stands out from MUTED on the light and on the dark ground
_EDGE = 6.0
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """What all courses of a grid share: the lowest and the highest value drawn, in the unit of the values."""

    low: float
    high: float

    @classmethod
    def over(cls, *courses: Values) -> Scale:
        """Over everything that is drawn. Raises ValueError where nothing is."""
        held = [each for course in courses for each in course if each is not None]
        return cls(min(held), max(held))

    def y(self, value: float) -> float:
        """Pixels from the top."""
        span = self.high - self.low
        share = 0.5 if span == 0 else (value - self.low) / span
        return HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * share


def course(values: Values, stated: Sequence[bool], scale: Scale, label: str, *, whole: Values = (), target: Values = ()) -> str:  # fmt: skip
    """The values oldest first (None for a gap; hollow where only stated), the course of the unit above in grey behind
    them, the target as a broken line. `label` is read to those who do not see it."""
    shapes = [_frame(scale), *_lines(target, scale, MUTED, 1.2, dash="5 4"), *_lines(whole, scale, MUTED, 1.6)]
    shapes += _lines(values, scale, OWN, 2.2)
    shapes += [
        _dot(_x(n, len(values)), scale.y(value), hollow=hollow)
        for n, (value, hollow) in enumerate(zip(values, stated, strict=True))
        if value is not None
    ]
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(shapes)}</svg>'
    source = b64encode(drawn.encode()).decode()  # an image, because the page takes drawings out of its HTML
    return f'<img alt="{escape(label)}" width="{WIDTH}" height="{HEIGHT}" src="data:image/svg+xml;base64,{source}">'


def _frame(scale: Scale) -> str:
    ends = (scale.y(scale.low), scale.y(scale.high))
    return "".join(f'<path d="M0 {y:.1f}H{WIDTH}" stroke="{MUTED}" stroke-opacity=".35"/>' for y in dict.fromkeys(ends))


def _lines(values: Values, scale: Scale, colour: str, width: float, dash: str = "") -> list[str]:
    places = [None if value is None else (_x(n, len(values)), scale.y(value)) for n, value in enumerate(values)]
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return [
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none" stroke="{colour}"'
        f' stroke-width="{width}"{broken}/>'
        for run in runs(places)
    ]


def _x(n: int, count: int) -> float:
    return WIDTH / 2 if count < 2 else _EDGE + n * (WIDTH - 2 * _EDGE) / (count - 1)


def _dot(x: float, y: float, *, hollow: bool) -> str:
    ground = f'fill="none" stroke="{OWN}" stroke-width="1.6"' if hollow else f'fill="{OWN}"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" {ground}/>'
