"""The only writes: reading an upload into a draft, saving a draft, undoing an import, ruling on a discrepancy."""

from __future__ import annotations

from db import org, rulings, store
from db.records import Difference, Draft, ImportResult
from db.records_claims import Verdict
from etl import pipeline
from etl.places import Directory
from pages.ui import access, data


def draft(name: str, content: bytes) -> Draft:
    """What a file would bring, saved nowhere. Raises etl.types.Refused when it cannot be read."""
    with data.engine().connect() as connection:
        directory = Directory(org.org_directory(connection))
    return pipeline.draft_from_file(name, content, data.catalogue(), directory)


def compare(prepared: Draft) -> Difference:
    """A draft against the store: what is new, the same, changed or missing."""
    with data.engine().connect() as connection:
        return store.compare(connection, prepared)


def save(prepared: Draft) -> ImportResult:
    """Store a draft as one import, in the name of the person who confirmed it."""
    person = access.require("uploader")
    result = store.save_import(data.engine(), prepared, person.name)
    data.look()
    return result


def undo(import_id: int) -> int:
    """Take back one import as a whole; returns how many values were closed."""
    person = access.require("uploader")
    closed = store.undo_import(data.engine(), import_id, person.name)
    data.look()
    return closed


def rule(told_observation_id: int, verdict: str, reason: str) -> None:
    """Decide which of two values holds. Raises StoreError with a sentence when it cannot be done."""
    person = access.require("uploader")
    rulings.rule(data.engine(), told_observation_id, Verdict(verdict), reason, person.name)
    data.look()


def revoke(told_observation_id: int) -> None:
    """Take back the decision about a discrepancy. Raises StoreError with a sentence when there is none."""
    person = access.require("uploader")
    rulings.revoke(data.engine(), told_observation_id, person.name)
    data.look()
