"""The only writes: reading an upload into a draft, undoing an import, ruling on a discrepancy, notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from db import impact, layouts, notes, org, review, review_bulk, rulings, store
from db.engine import StoreError
from db.queries_history import history_of
from db.records import Change, Draft, SourceFile
from db.records_claims import Verdict
from db.records_drafts import Choices
from db.records_impact import Impact
from db.records_layout import Overrides, RecalledLayouts
from db.records_review import Answer, Outcome
from etl import pipeline
from etl.places import Directory
from pages.ui import access, data, guard


def draft(
    source: SourceFile, choices: Choices, told: Callable[[str], None]
) -> tuple[Draft, RecalledLayouts, Overrides]:
    """What a file would bring with what was chosen about it, checked against what the store holds of its units, saved
    nowhere; with what is remembered of its tables, and the changes that hold for them. `told` hears of each step (read,
    understand, check). Raises etl.types.Refused when it cannot be read."""
    catalogue = data.catalogue()
    with data.seen() as connection:
        directory = Directory(org.org_directory(connection), choices.places)
        remembered = layouts.remembered_layouts(connection)
    told("read")
    reading = pipeline.read_safely(source.name, source.content)
    told("understand")
    named = replace(source, media_type=reading.media_type)
    prepared, recalled, overrides = pipeline.draft_with_memory(
        named, reading, catalogue, directory, remembered, choices.overrides
    )
    told("check")
    with data.seen() as connection:
        checked = pipeline.with_history(prepared, history_of(connection, prepared, catalogue), catalogue)
    return checked, recalled, overrides


def forget_layout(digest: str) -> None:
    """Tables of a shape are asked about again. Raises StoreError when it is not remembered."""
    layouts.forget_layout(data.engine(), digest, access.require("upload").name)


def compare(prepared: Draft, replaces: int | None = None) -> Impact:
    """A draft against the store: what is new, the same, changed or missing, and what rests on what changes; `replaces`
    is the import that it would stand for."""
    with data.seen() as connection:
        return impact.impact(connection, prepared, replaces)


def undo(import_id: int) -> int:
    """Take back one import as a whole; returns how many values were closed."""
    person = access.require("upload")
    guard.imported(import_id)
    closed = store.undo_import(data.engine(), import_id, person.name)
    data.look()
    return closed


def rule(told_observation_id: int, verdict: str, reason: str) -> str | None:
    """Decide which of two values holds; None when it is stored, else the sentence that says why it is not."""
    person = access.require("upload")

    def write() -> None:
        guard.observed(told_observation_id)
        rulings.rule(data.engine(), told_observation_id, Verdict(verdict), reason, person.name)

    return _said(write)


def revoke(told_observation_id: int) -> str | None:
    """Take back the decision about a discrepancy; None when it is done, else the sentence that says why not."""
    person = access.require("upload")

    def write() -> None:
        guard.observed(told_observation_id)
        rulings.revoke(data.engine(), told_observation_id, person.name)

    return _said(write)


def pin_note(org_unit_id: int, indicator: str, dims: str, period: str, text: str) -> str | None:
    """Pin a note to a number; None when it is stored, else the sentence that says why it is not."""
    person = access.require("upload")

    def write() -> None:
        guard.units({org_unit_id})
        notes.pin(data.engine(), org_unit_id, indicator, dims, period, text, person.name)

    return _said(write)


def withdraw_note(note_id: int) -> str | None:
    """Take a note back; None when it is done, else the sentence that says why not."""
    person = access.require("upload")

    def write() -> None:
        guard.note(note_id)
        notes.withdraw(data.engine(), note_id, person.name)

    return _said(write)


def _said(write: Callable[[], None]) -> str | None:
    try:
        write()
    except StoreError as problem:
        return str(problem)
    finally:
        data.look()
    return None


def decide(answers: Sequence[Answer]) -> Outcome:
    """Decisions on numbers of documents, in the name of the person who takes them."""
    person = access.require("upload")
    guard.answers(answers)
    outcome = review.decide(data.engine(), answers, person.name)
    data.look()
    return outcome


def revoke_decisions(decisions: Sequence[int]) -> Outcome:
    """Take decisions back."""
    person = access.require("upload")
    guard.decisions(decisions)
    outcome = review.revoke(data.engine(), decisions, person.name)
    data.look()
    return outcome


def settle_name(name: str, org_unit_id: int, source_file_id: int | None) -> Outcome:
    """Give a name to a unit, in one document or in all."""
    person = access.require("upload")
    guard.named(org_unit_id, source_file_id)
    outcome = review_bulk.settle_name(data.engine(), name, org_unit_id, person.name, source_file_id)
    data.look()
    return outcome


def preview(answers: Sequence[Answer]) -> list[Change]:
    """What decisions would bring into the store."""
    with data.seen() as connection:
        return review_bulk.preview(connection, answers)
