"""The writes on drafts that wait in the store, in the name of the person who makes them."""

from __future__ import annotations

from collections.abc import Callable

from db import blocks, bureau, drafts, drafts_store, quota
from db.engine import StoreError
from db.records import Draft, ImportResult, SourceFile
from db.records_drafts import EDITABLE, Choices, DraftSummary, Step, StoredDraft
from db.settings import Approval
from pages.ui import access, data, guard


def approval() -> Approval:
    """Whether the bureau wants a file looked at again before it is stored."""
    return bureau.approval_of(data.settings())


def shown_name(said: str) -> str:
    """A file's name without folders and without signs that make it look like another."""
    return blocks.file_name(said)


def over_quota(source: SourceFile) -> str:
    """Counts a file for the day of this person; "" where it fits, else the sentence that says when one may go on."""
    person = access.require("upload")
    try:
        quota.take(data.engine(), person.name, len(source.content), source.sha256)
    except quota.OverQuota as fault:
        return str(fault)
    except StoreError:  # busy, full or read-only: looking at a file takes nothing, and storing it will say so
        return ""
    return ""


def mine(sha256: str) -> StoredDraft | None:
    """The draft that this person has open of these bytes."""
    person = access.require("upload")
    with data.seen() as connection:
        held = drafts.list_drafts(connection, user=person.name, statuses=EDITABLE, sha256=sha256)
    return held[0] if held else None


def taken_up(draft_id: int) -> tuple[StoredDraft, SourceFile]:
    """A draft with its file. Raises StoreError where it has ended or its bytes are not kept."""
    access.require("upload")
    with data.seen() as connection:
        return drafts.load_draft(connection, draft_id), drafts.source_of(connection, draft_id)


def open_draft(source: SourceFile, summary: DraftSummary) -> StoredDraft:
    """A draft of a file, or the one that this person has open of the same bytes."""
    return drafts.open_draft(data.engine(), source, access.require("upload").name, summary)


def save(held: StoredDraft, step: Step, choices: Choices, summary: DraftSummary, revision: int) -> StoredDraft:
    """Keep the progress of a draft. Raises StoreError when another window changed it."""
    user = access.require("upload").name
    guard.held_draft(held.id)
    return drafts.save_draft(
        data.engine(), held.id, held.version, user, step=step, choices=choices, summary=summary, revision=revision
    )


def discard(draft_id: int) -> None:
    """End a draft: its bytes are deleted. Raises StoreError when it has ended already."""
    user = access.require("upload").name
    guard.held_draft(draft_id)
    drafts.discard_draft(data.engine(), draft_id, user)


def store(held: StoredDraft, prepared: Draft, seen: int) -> ImportResult:
    """Store a draft; `seen` is the revision of the store that the person saw it beside. Raises StoreError."""
    return _stored(drafts_store.store_draft, held, prepared, seen)


def submit(held: StoredDraft, prepared: Draft) -> StoredDraft:
    """Hand a draft in for approval. Raises StoreError."""
    user = access.require("upload").name
    guard.held_draft(held.id)
    guard.draft(prepared)
    return drafts_store.submit_draft(data.engine(), held.id, held.version, prepared, user)


def approve(held: StoredDraft, prepared: Draft, seen: int) -> ImportResult:
    """Approve a submitted draft and store it. Raises StoreError."""
    access.require("approve")
    return _stored(drafts_store.approve_draft, held, prepared, seen)


def _stored(write: Callable[..., ImportResult], held: StoredDraft, prepared: Draft, seen: int) -> ImportResult:
    user = access.require("upload").name
    guard.held_draft(held.id)
    guard.draft(prepared)
    try:
        return write(data.engine(), held.id, held.version, prepared, user, seen=seen, approval=approval())
    finally:
        data.look()


def give_back(held: StoredDraft, reason: str) -> StoredDraft:
    """Send a submitted draft back with a reason. Raises StoreError."""
    user = access.require("approve").name
    guard.held_draft(held.id)
    return drafts_store.return_draft(data.engine(), held.id, held.version, reason, user)
