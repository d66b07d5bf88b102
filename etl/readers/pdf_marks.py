"""The marks on a page of a pdf, in points from the upper left corner as the page is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyph:
    """One visible character or blank; `base` is its baseline, `size` the height of its font box."""

    text: str
    x0: float
    x1: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line at `at`, from `first` to `last` in the other direction."""

    horizontal: bool
    at: float
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class PageContent:
    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]
    unmapped: int  # glyphs of which the file does not say what character they are
