"""File bytes to Draft: the one function that strings the steps together. It touches no database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from db.catalogue import Catalogue
from db.collector import uncollected
from db.records import Draft, Issue, Reading, SourceFile, SourceKind
from db.records_history import History
from db.records_layout import Overrides, RecalledLayouts, RememberedLayout
from etl.checks import at_names, check, check_history, gathered, without_repeats
from etl.claims import resolve_claims
from etl.findings import extract_findings, place_findings
from etl.normalise import normalise
from etl.notes import issues_of_notes
from etl.personal import Screened, screen
from etl.places import Directory
from etl.reports import extract_report
from etl.reports.in_tables import carry_into_tables
from etl.reports.rows import marked
from etl.reports.typed import as_document, in_text, typed_tables
from etl.sandbox import read_safely
from etl.sheets import extract_sheets
from etl.sheets.recall import drifted_overrides, recall, remembered_overrides
from etl.sheets.sequence import joined_mentions
from etl.types import Extraction

EXTRACTOR_VERSION = "1"

Reader = Callable[[str, bytes], Reading]


def source_kind_of(reading: Reading) -> SourceKind:
    """A document with running text is a report, even if it holds tables; the rest are sheets."""
    return SourceKind.REPORT if reading.text.strip() else SourceKind.SHEET


@uncollected()
def extract(reading: Reading, catalogue: Catalogue, name: str = "", overrides: Overrides | None = None) -> Extraction:
    """Everything a reading says, with lists of persons refused or counted; `overrides` are a person's changes to the
    tables of a sheet (`extract_sheets`)."""
    return _screened(screen(reading, catalogue, name), catalogue, name, overrides)


def _screened(screened: Screened, catalogue: Catalogue, name: str, overrides: Overrides | None = None) -> Extraction:
    """The extraction of what is left of a file, and the counts of its lists where the file itself states none."""
    found = _extract(screened.reading, catalogue, name, overrides)
    if not screened.personal:
        return found
    stated = {mention.entity for mention in found.mentions}
    counted = tuple(one for one in screened.mentions if not any(_is_same_place(one.entity, name) for name in stated))
    seen = [
        one for one in found.issues if one.sheet not in screened.sheets or one.code not in ("no_table", "personal_data")
    ]
    return replace(found, mentions=joined_mentions([found.mentions, counted]), issues=(*screened.issues, *seen))


def _is_same_place(one: str | None, other: str | None) -> bool:
    """Whether two names of a file are one place: below its list a school leaves out the county that the title names."""
    return one == other or bool(one and other and (one.endswith(other) or other.endswith(one)))


def _extract(reading: Reading, catalogue: Catalogue, name: str, overrides: Overrides | None) -> Extraction:
    """What the text of a report says and what its tables say; a number that both give is found at both places."""
    if source_kind_of(reading) is SourceKind.SHEET:
        return extract_sheets(reading, catalogue, name=name, overrides=overrides)
    if not reading.grids:
        return _extract_text(reading, catalogue, name)
    told = extract_report(reading, catalogue, name=name)
    tables = extract_sheets(
        reading, catalogue, overrides=overrides
    )  # the report tells place and time, not the file's name
    framed = carry_into_tables(tables.mentions, reading, catalogue, name)
    return Extraction(
        (*told.mentions, *framed), told.rejected + tables.rejected, told.issues + tables.issues, told.claims,
        tables.parts, tables.views, tables.layouts, tables.cards,
    )  # fmt: skip


def _extract_text(reading: Reading, catalogue: Catalogue, name: str) -> Extraction:
    """A text and the tables typed into it: those that the reading of sheets understands are left to it."""
    cells = marked(reading.text)
    typed = typed_tables(reading.text, cells)
    if not typed:
        return extract_report(reading, catalogue, name=name, cells=cells)
    document = as_document(reading, typed)
    tables = extract_sheets(document, catalogue)
    framed = carry_into_tables(tables.mentions, document, catalogue, name)
    understood = {mention.evidence.sheet for mention in framed}
    read = [table for table in typed if table.grid.sheet in understood]
    found = in_text(replace(tables, mentions=framed), reading, read)
    elsewhere = [line for table in read for line in table.lines]
    told = extract_report(reading, catalogue, name=name, elsewhere=elsewhere, cells=cells)
    return replace(
        told, mentions=tuple(sorted((*told.mentions, *found.mentions), key=lambda m: m.evidence.start or 0)),
        rejected=(*told.rejected, *found.rejected),
    )  # fmt: skip


def draft_from_file(
    name: str,
    content: bytes,
    catalogue: Catalogue,
    directory: Directory,
    read: Reader = read_safely,
    overrides: Overrides | None = None,
) -> Draft:
    """The draft of one file. Raises Refused when the file cannot be read."""
    reading = read(name, content)
    source = SourceFile(name, content, hashlib.sha256(content).hexdigest(), reading.media_type)
    return draft_from_reading(source, reading, catalogue, directory, overrides)


def problems(reading: Reading, extraction: Extraction, catalogue: Catalogue, name: str) -> list[Issue]:
    """The issues that can be told without the store: no org unit is looked up."""
    kind = source_kind_of(reading)
    result = normalise(extraction.mentions, Directory([]), kind, name)
    placeless = [issue for issue in result.issues if issue.code != "unknown_place"]
    checked = check(result, extraction, catalogue, kind)
    told = without_repeats(extraction.issues, checked)
    return gathered([*issues_of_notes(reading.notes), *told, *placeless, *checked])


@uncollected()
def draft_from_reading(
    source: SourceFile,
    reading: Reading,
    catalogue: Catalogue,
    directory: Directory,
    overrides: Overrides | None = None,
) -> Draft:
    """The draft of a reading: screen, extract, normalise, check. A file that lists persons leaves neither its bytes nor
    their rows in the draft. `draft.layouts` say how its tables were understood."""
    kind = source_kind_of(reading)
    screened = screen(reading, catalogue, source.name)
    extraction = _screened(screened, catalogue, source.name, overrides)
    if screened.personal:
        source, reading = replace(source, content=b"", kept=False), screened.kept
    result = normalise(extraction.mentions, directory, kind, source.name)
    findings = place_findings(extract_findings(reading, catalogue, name=source.name), directory, source.name, result)
    checked = check(result, extraction, catalogue, kind)
    told = without_repeats(extraction.issues, checked)
    return Draft(
        source=source,
        reading=reading,
        source_kind=kind,
        observations=result.observations if result.quiet else tuple(result.observations),
        issues=tuple(
            gathered([*issues_of_notes(reading.notes), *told, *at_names(result.issues, extraction.views), *checked])
        ),
        rejected=(*extraction.rejected, *result.rejected),
        proposed_units=tuple(result.proposed.values()),
        pending=tuple(result.pending),
        totals_checked=len(result.totals),
        claims=tuple(
            resolve_claims(extraction.claims, result.mentions, result.observations, result.proposed, directory)
        ),
        findings=findings,
        extractor_version=EXTRACTOR_VERSION,
        layouts=extraction.layouts,
    )


def draft_with_memory(
    source: SourceFile,
    reading: Reading,
    catalogue: Catalogue,
    directory: Directory,
    remembered: Sequence[RememberedLayout],
    said: Overrides | None = None,
) -> tuple[Draft, RecalledLayouts, Overrides]:
    """`draft_from_reading` with the layouts that people have confirmed (`db.layouts.remembered_layouts`), and over them
    what the person at hand has said (`said`, by table). A table of a remembered shape takes the changes over; to a
    drifted one those that still fit are put, until the person says otherwise. Returns the draft, what each table is
    beside the memory, and the overrides to be kept as the person's (`said` with the drifted ones)."""
    chosen = dict(said or {})
    base = remembered_overrides(remembered)
    draft = draft_from_reading(source, reading, catalogue, directory, {**base, **chosen})
    recalled = recall(draft.layouts, remembered)
    added = drifted_overrides(recalled, chosen)
    if added:
        chosen = {**added, **chosen}
        draft = draft_from_reading(source, reading, catalogue, directory, {**base, **chosen})
    return draft, recalled, chosen


@uncollected()
def with_history(draft: Draft, history: History, catalogue: Catalogue) -> Draft:
    """The draft with what shows only beside the store (`db.queries_history.history_of` loads it)."""
    return replace(draft, issues=(*draft.issues, *gathered(check_history(draft, history, catalogue))))
