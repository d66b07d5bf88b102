"""Narrative reports: every number either bound to an indicator with its place in the text, or refused with a reason."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from db.catalogue import Catalogue
from etl.reports.claims import ClaimWriter
from etl.reports.cleaning import clean
from etl.reports.lexicon import lexicon_of
from etl.reports.rows import marked
from etl.reports.segments import find_reports
from etl.reports.situations import read_report
from etl.reports.writing import Writer
from etl.types import Extraction, Reading


def extract_report(
    reading: Reading,
    catalogue: Catalogue,
    *,
    name: str = "",
    elsewhere: Sequence[tuple[int, int]] = (),
    cells: str = "",
) -> Extraction:
    """Mentions, rejected numbers and claims of a text document. Offsets count characters of `reading.text`; the lines
    `elsewhere` ([start, end) in order) are read by others; `cells`: the text as `rows.marked` gives it, if that is known."""
    lexicon = lexicon_of(catalogue)
    copy = clean(reading.text, lexicon.crosses, marked=None if reading.grids else cells or marked(reading.text))
    writer, claims = Writer(reading, copy), ClaimWriter(reading, copy)
    in_row = _rows_of(reading, elsewhere)
    publisher = next((note.partition("|")[2] for note in reading.notes if note.startswith("published_by|")), "")
    for report in find_reports(copy.text, name):
        report.published_by(publisher)
        for start, situation in read_report(report, lexicon):
            if in_row and in_row(copy.span(start, start + 1)[0]):
                continue  # cells are read by the sheets' reader
            writer.add(start, situation)
            claims.add(start, situation)
    return replace(writer.extraction(), claims=tuple(claims.claims))


def _rows_of(reading: Reading, elsewhere: Sequence[tuple[int, int]]) -> Callable[[int], bool] | None:
    """What tells whether an offset stands in a row of a table, where there are any; rows with sentences are text like
    any other."""
    rows = [(b.start, b.start + len(b.text)) for b in reading.blocks if b.kind == "table_row" and "。" not in b.text]
    rows = sorted([*rows, *elsewhere])
    if not rows:
        return None
    starts = [start for start, _ in rows]

    def in_row(at: int) -> bool:
        """Whether an offset of the document stands in such a row."""
        n = bisect_right(starts, at) - 1
        return n >= 0 and at < rows[n][1]

    return in_row
