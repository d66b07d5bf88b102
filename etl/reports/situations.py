"""The sentences of a report one after another, each with what the ones before it established."""

from __future__ import annotations

from collections.abc import Iterator

from etl.reports.anchors import Span
from etl.reports.bind import bind_sentence
from etl.reports.findings import name_kinds
from etl.reports.found import Situation
from etl.reports.fractions import attach, wholes
from etl.reports.grids import read_grids
from etl.reports.implied import bind_implied
from etl.reports.lexicon import Lexicon
from etl.reports.memory import Memory
from etl.reports.numbers import find_numbers
from etl.reports.periods import find_periods
from etl.reports.phrases import MARK
from etl.reports.proved import prove
from etl.reports.second import read_again
from etl.reports.segments import Paragraph, Report, sentences
from etl.reports.settle import settle
from etl.reports.shares import Whole
from etl.reports.speakers import Speakers
from etl.reports.tables import read_tables


def read_report(report: Report, lexicon: Lexicon, *, twice: bool = True) -> Iterator[tuple[int, Situation]]:
    """(offset of the sentence in the working copy, the sentence read) for every sentence of a report. `twice`: what the
    rules leave unbound goes to the second reader."""
    own = report.issuer.name if report.issuer.kind in ("校", "园") else None
    memory = Memory(report, lexicon, Speakers(report, own))
    earlier: list[Whole] = []
    cells, tabled = read_tables(report, lexicon)
    typed, rows = read_grids(report, lexicon)
    tabled |= rows
    yield from (*cells, *typed)
    for paragraph in report.paragraphs:
        if paragraph.start in tabled:
            continue
        memory.begin(paragraph)
        for n, (start, text) in enumerate(sentences(paragraph)):
            memory.turn(text)
            s = _situation(memory, paragraph, text)
            memory.recall(s, n)
            bind_sentence(s)
            bind_implied(s)
            if twice:
                read_again(s)
            if s.numbers or s.bound:
                settle(s)
                name_kinds(s)
                attach(s, earlier)
                prove(s)
                earlier = (earlier + wholes(s))[-60:]
            yield start, s
            memory.keep(s, n)
        memory.end(paragraph)


def _situation(memory: Memory, paragraph: Paragraph, text: str) -> Situation:
    spans = find_periods(text, memory.anchor)
    masked = mask(text, spans)
    return Situation(
        memory.lexicon, memory.report, paragraph, text, masked, find_numbers(masked), spans, memory.frame, memory.speakers,
    )  # fmt: skip


def mask(text: str, spans: list[Span]) -> str:
    """The text with every character of a period expression replaced by a mark."""
    for span in spans:
        text = text[: span.start] + MARK * (span.end - span.start) + text[span.end :]
    return text
