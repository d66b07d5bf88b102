"""Drafts that wait in the store: open, save, list, load, discard. None disappears but by a person's word.

A draft's own writes leave the store's revision alone: nothing that pages show of the values has changed.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from db import audit
from db.blocks import fit, storable
from db.engine import StoreError, moment, write
from db.org import revision
from db.records import SourceFile
from db.records_accounts import Action
from db.records_drafts import (
    ALIVE,
    EDITABLE,
    Choices,
    DraftEvent,
    DraftEventKind,
    DraftStatus,
    DraftSummary,
    Step,
    StoredDraft,
    choices_from_json,
    choices_to_json,
)
from db.schema_drafts import draft, draft_content, draft_event

LONGEST_NOTE = 1000
_COLUMNS = ("id", "file_name", "sha256", "media_type", "size", "resumable", "version", "revision", "created_by",
            "created_at", "updated_by", "updated_at", "submitted_by", "reason", "import_id")  # fmt: skip
_WORDS = {
    DraftStatus.SUBMITTED: "已提交审核",
    DraftStatus.STORED: "已入库",
    DraftStatus.DISCARDED: "已放弃",
}


def open_draft(engine: sa.Engine, source: SourceFile, user: str, summary: DraftSummary | None = None) -> StoredDraft:
    """A draft of a file. The one that the same person has open of the same bytes is taken up again with its choices.

    `source.content` is kept while the draft lives, unless `source.kept` is False (the file lists persons)."""
    with write(engine) as connection:
        mine = sa.select(draft.c.id).where(
            draft.c.sha256 == source.sha256,
            draft.c.created_by == fit(draft.c.created_by, user),
            draft.c.status.in_(EDITABLE),
        )
        known = connection.scalar(mine.order_by(draft.c.id.desc()).limit(1))
        return load_draft(connection, known if known is not None else _add(connection, source, user, summary))


def _add(connection: sa.Connection, source: SourceFile, user: str, summary: DraftSummary | None) -> int:
    now, who = moment(), fit(draft.c.created_by, user)
    values = {
        "sha256": source.sha256, "file_name": fit(draft.c.file_name, source.name),
        "media_type": fit(draft.c.media_type, source.media_type), "size": len(source.content), "resumable": source.kept,
        "step": Step.UNDERSTOOD.value, "status": DraftStatus.OPEN.value, "choices": {},
        "summary": asdict(summary or DraftSummary()), "version": 1, "revision": revision(connection),
        "created_by": who, "created_at": now, "updated_by": who, "updated_at": now,
    }  # fmt: skip
    number = int(connection.scalar(sa.insert(draft).values(**values).returning(draft.c.id)) or 0)
    if source.kept:
        packed = zlib.compress(source.content, 6)
        connection.execute(sa.insert(draft_content).values(draft_id=number, content=packed))
    add_event(connection, number, DraftEventKind.OPENED, user)
    return number


def save_draft(
    engine: sa.Engine,
    draft_id: int,
    version: int,
    user: str,
    *,
    step: Step,
    choices: Choices,
    summary: DraftSummary,
    revision: int,
) -> StoredDraft:
    """Keeps a person's progress; `revision` is that of the store when the difference in `summary` was worked out.

    Raises StoreError when the draft is submitted or ended, or another window saved it since `version`."""
    if len(choices.note) > LONGEST_NOTE:
        raise StoreError(f"备注有 {len(choices.note)} 个字,请缩短到 {LONGEST_NOTE} 字以内。")
    with write(engine) as connection:
        held = current(connection, draft_id, version, EDITABLE)
        values = {
            "step": step.value, "choices": _storable(choices_to_json(choices)), "summary": asdict(summary),
            "revision": revision,
        }  # fmt: skip
        return change(connection, held, user, values)


def load_draft(connection: sa.Connection, draft_id: int) -> StoredDraft:
    """One draft. Raises StoreError when there is none of this number."""
    row = connection.execute(sa.select(draft).where(draft.c.id == draft_id)).mappings().first()
    if row is None:
        raise StoreError(f"没有第 {draft_id} 号草稿,请从草稿列表中重新选择。")
    return _record(row)


def list_drafts(
    connection: sa.Connection,
    *,
    user: str | None = None,
    statuses: Collection[DraftStatus] = ALIVE,
    sha256: str | None = None,
) -> list[StoredDraft]:
    """Drafts, the one touched last first: by default all that live, of one person or of one file on request."""
    query = sa.select(draft).where(draft.c.status.in_(statuses))
    if user is not None:
        query = query.where(draft.c.created_by == fit(draft.c.created_by, user))
    if sha256 is not None:
        query = query.where(draft.c.sha256 == sha256)
    rows = connection.execute(query.order_by(draft.c.updated_at.desc(), draft.c.id.desc())).mappings()
    return [_record(row) for row in rows]


def source_of(connection: sa.Connection, draft_id: int) -> SourceFile:
    """The file of a draft with its bytes, to be read again. Raises StoreError where the bytes are not kept."""
    held = load_draft(connection, draft_id)
    packed = connection.scalar(sa.select(draft_content.c.content).where(draft_content.c.draft_id == draft_id))
    if packed is None:
        why = "名单类文件不保存原件" if not held.resumable else f"这份草稿{_WORDS.get(held.status, '没有原件')}"
        raise StoreError(f"{why},请重新选择文件“{held.file_name}”。")
    return SourceFile(held.file_name, zlib.decompress(packed), held.sha256, held.media_type, held.created_by)


def events_of(connection: sa.Connection, draft_id: int) -> list[DraftEvent]:
    """A draft's history, the oldest first."""
    rows = connection.execute(
        sa.select(draft_event.c.kind, draft_event.c.done_by, draft_event.c.done_at, draft_event.c.reason)
        .where(draft_event.c.draft_id == draft_id)
        .order_by(draft_event.c.id)
    )
    return [DraftEvent(DraftEventKind(row.kind), row.done_by, row.done_at, row.reason) for row in rows]


def discard_draft(engine: sa.Engine, draft_id: int, user: str) -> None:
    """Ends a draft: its bytes are deleted, its row and its history stay. Raises StoreError when it has ended already."""
    with write(engine) as connection:
        held = current(connection, draft_id, None, ALIVE)
        change(connection, held, user, {"status": DraftStatus.DISCARDED.value})
        drop_content(connection, draft_id)
        add_event(connection, draft_id, DraftEventKind.DISCARDED, user)


# ---- for db.drafts_store; call inside `db.engine.write` ---------------------------------------------------


def current(
    connection: sa.Connection, draft_id: int, version: int | None, statuses: Collection[DraftStatus]
) -> StoredDraft:
    """The draft as it stands. Raises StoreError when it is in none of the statuses, or is not of the version seen."""
    held = load_draft(connection, draft_id)
    if held.status not in statuses:
        words = _WORDS.get(held.status, "还没有提交审核")
        raise StoreError(f"草稿“{held.file_name}”{words},不能再做这一步。请刷新页面查看。")
    if version is not None and held.version != version:
        at = f"{held.updated_at.replace(tzinfo=UTC).astimezone():%H:%M}"
        raise StoreError(
            f"草稿“{held.file_name}”已由{held.updated_by}在 {at} 改动(可能在另一个窗口),请刷新页面,在最新的草稿上继续。"
        )
    return held


def change(connection: sa.Connection, held: StoredDraft, user: str, values: dict[str, Any]) -> StoredDraft:
    """Writes values into a draft as its next version."""
    common = {
        "version": held.version + 1,
        "updated_by": fit(draft.c.updated_by, user),
        "updated_at": moment(),
    }
    connection.execute(sa.update(draft).where(draft.c.id == held.id).values(**common, **values))
    return load_draft(connection, held.id)


def add_event(connection: sa.Connection, draft_id: int, kind: DraftEventKind, user: str, reason: str = "") -> None:
    """Adds a line to a draft's history."""
    values = {
        "draft_id": draft_id, "kind": kind.value, "done_by": fit(draft_event.c.done_by, user), "done_at": moment(),
        "reason": storable(reason),
    }  # fmt: skip
    connection.execute(sa.insert(draft_event).values(**values))
    audit.record(
        connection, Action.DRAFT, user, subject=f"draft {draft_id}", after={"kind": kind.value, "reason": reason}
    )


def drop_content(connection: sa.Connection, draft_id: int) -> None:
    """Deletes the bytes of a draft that has ended."""
    connection.execute(sa.delete(draft_content).where(draft_content.c.draft_id == draft_id))


def _storable(data: Any) -> Any:
    """JSON data without what a database cannot hold."""
    if isinstance(data, dict):
        return {storable(key): _storable(value) for key, value in data.items()}
    return storable(data) if isinstance(data, str) else data


def _record(row: sa.RowMapping) -> StoredDraft:
    return StoredDraft(
        **{name: row[name] for name in _COLUMNS},
        step=Step(row["step"]),
        status=DraftStatus(row["status"]),
        choices=choices_from_json(row["choices"]),
        summary=DraftSummary(**row["summary"]),
    )
