"""An official paper as data: what it says, once, for every format that it goes out in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["heading", "subheading", "body", "note"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `refs` are the numbers of the sources (of Paper.sources) that its figures rest on."""

    text: str
    refs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; heading and subheading are the first and second level of an official paper."""

    kind: Kind
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Its words without the numbers of the sources."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its title: heads, rows of cells (as many as heads), how wide the columns are against each other, which
    of them hold figures, and the lines below."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Run, ...], ...]
    widths: tuple[float, ...]
    figures: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    anchored: bool = False  # the first cell of a row is the number of a source, to which the text leads


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as Vega-Lite with its caption, and a text for those who cannot see it."""

    caption: str
    alt: str
    spec: Mapping[str, Any]


Block = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on pages of its own; `wide` turns the sheet."""

    label: str
    title: str
    blocks: tuple[Block, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole paper: the line that says for whom it is, title, the facts of the cover (label, text), the body, annexes."""

    edition: str
    title: str
    cover: tuple[tuple[str, str], ...]
    body: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    author: str
    language: str = "zh"
    cover_notes: tuple[str, ...] = field(default=())
    set_title: str = ""  # the title with a line break where it may be broken

    def lines(self) -> str:
        """The title as it is set: broken between words, or wherever the line ends."""
        return self.set_title or self.title

    def charts(self) -> list[Chart]:
        """The charts in the order in which they stand."""
        return [block for block in self.blocks() if isinstance(block, Chart)]

    def blocks(self) -> Iterator[Block]:
        """Body and annexes, one after the other."""
        yield from self.body
        for annex in self.annexes:
            yield from annex.blocks
