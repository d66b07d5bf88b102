"""The only way facts enter or leave the store: save an import, compare a draft, undo an import.

An import is one transaction: it is stored whole, with its rollups, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from db import audit, rollups
from db.blocks import add_source, fit, put_reading, storable
from db.claims import add_claims
from db.collector import uncollected
from db.engine import StoreError, moment, write
from db.facts import close, take_back
from db.findings import add_findings
from db.frames import chunks
from db.fresh import add_matches
from db.interning import (
    UNKNOWN_PERIOD,
    dim_ids,
    indicator_ids,
    intern_dims,
    intern_indicators,
    intern_periods,
    period_ids,
)
from db.matching import Ids, Key, Matches, match_by_columns
from db.missing import absent_units
from db.observed import distinct, units_in
from db.org import add_proposed, bump_revision, find_proposed
from db.records import Difference, Draft, ImportResult
from db.records_accounts import Action
from db.records_review import statement_of, to_json
from db.restated import add_restatements
from db.review_apply import settle
from db.review_force import decisions_in_force, outside_units
from db.review_replay import replay
from db.schema import import_batch, issue, observation, org_unit, rejected, source_file
from db.schema_review import pending_reading
from db.undated import close_ranks


@dataclass(frozen=True, slots=True)
class FileState:
    """What the store knows of a file: `status` is "unknown", "stored" or "undone"."""

    status: str
    source_file_id: int | None = None
    import_id: int | None = None
    name: str = ""
    uploaded_by: str = ""
    uploaded_at: datetime | None = None


def file_state(connection: sa.Connection, sha256: str) -> FileState:
    """Whether a file with these bytes was imported before."""
    row = connection.execute(
        sa.select(
            import_batch.c.status, source_file.c.id, import_batch.c.id, source_file.c.name,
            import_batch.c.created_by, import_batch.c.created_at,
        )
        .join_from(import_batch, source_file)
        .where(source_file.c.sha256 == sha256, import_batch.c.kind == "file")
        .order_by(import_batch.c.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    return FileState("unknown") if row is None else FileState(*row)


@uncollected()
def compare(connection: sa.Connection, draft: Draft) -> Difference:
    """What saving the draft would change, without writing anything."""
    draft = decided(connection, draft)
    return difference(connection, draft, matched(connection, draft))


def difference(connection: sa.Connection, draft: Draft, matches: Matches) -> Difference:
    """What the observations of a draft (`decided`) change, given them beside those of the store (`matched`)."""
    changes = tuple(one.change() for one in matches.each)
    fresh = sum(len(one.numbers) for one in matches.fresh) + matches.unplaced
    return Difference(changes, absent_units(connection, draft, matches), fresh)


def matched(connection: sa.Connection, draft: Draft) -> Matches:
    """The observations of a draft (`decided`) beside those of the store."""
    proposed = find_proposed(connection, draft.proposed_units)
    found = Ids(indicator_ids(connection), period_ids(connection), dim_ids(connection), _areas(connection), proposed)
    return match_by_columns(connection, draft, found)


def decided(connection: sa.Connection, draft: Draft) -> Draft:
    """The draft with what people decided about the same file before."""
    return settle(draft, decisions_in_force(connection, draft.source.sha256), outside_units(connection))


def save_import(engine: sa.Engine, draft: Draft, user: str) -> ImportResult:
    """Stores a draft in one transaction.

    Outcome "same": these bytes are stored already and nothing changes. Outcome "rejected": an issue
    blocks, nothing is stored. Outcome "stored": a value that differs closes the old observation. What people decided
    about these bytes before is carried out again, as a change of its own.
    """
    with write(engine) as connection:
        return save_in(connection, draft, user)


@uncollected()
def save_in(connection: sa.Connection, draft: Draft, user: str) -> ImportResult:
    """`save_import` as a part of a larger change. Call it inside `db.engine.write`."""
    if draft.blocked:
        return ImportResult("rejected", issues=draft.issues)
    state = file_state(connection, draft.source.sha256)
    if state.status == "stored":
        return ImportResult("same", state.import_id, same=len(draft.observations), issues=draft.issues)
    return _save(connection, draft, user)


def _save(connection: sa.Connection, draft: Draft, user: str) -> ImportResult:
    now = moment()
    decisions = decisions_in_force(connection, draft.source.sha256)
    if decisions:  # they are about observations one by one
        draft = replace(draft, observations=tuple(draft.observations))
    told = compare(connection, draft) if decisions else None
    draft = replace(draft, issues=decided(connection, draft).issues) if decisions else draft
    file_id = add_source(connection, draft.source, user, now)
    put_reading(connection, file_id, draft.reading)
    ids = _interned(connection, draft)
    matches = match_by_columns(connection, draft, ids)
    kinds = [one.kind for one in matches.each]
    counts = {kind: kinds.count(kind) for kind in ("new", "same", "changed")}
    counts["new"] += sum(len(one.numbers) for one in matches.fresh)
    if told is not None:  # what a person sees of the import is what is left after the decisions
        counts = {kind: told.count(kind) for kind in counts}
    import_id = _add_batch(connection, draft, file_id, user, now, counts)
    audit.record(
        connection, Action.IMPORT, user, subject=f"{import_id} {draft.source.name}",
        after={**counts, "sha256": draft.source.sha256},
    )  # fmt: skip
    _add_pending(connection, draft, ids, import_id)
    add_claims(connection, draft, import_id, ids.proposed)
    _add_remarks(connection, draft, import_id)
    add_findings(connection, draft.findings, ids, file_id, import_id)
    changed = [one for one, kind in zip(matches.each, kinds, strict=True) if kind == "changed"]
    alike = [one for one, kind in zip(matches.each, kinds, strict=True) if kind == "same"]
    close(connection, [(one.key.area_id, one.old.observation_id) for one in changed if one.old], import_id, now)
    touched, written = add_matches(connection, matches, kinds, file_id, import_id, now)
    add_restatements(connection, alike, file_id, import_id)
    rollups.refresh(connection, touched, written=written)
    if decisions:
        replay(connection, file_id, import_id, draft.reading, decisions, user)
    bump_revision(connection)
    return ImportResult("stored", import_id, counts["new"], counts["same"], counts["changed"], draft.issues)


def _interned(connection: sa.Connection, draft: Draft) -> Ids:
    """Ids of everything the draft names; what the store lacks is added."""
    proposed = add_proposed(connection, draft.proposed_units)
    named, units = distinct(draft.observations), units_in(draft.observations)
    wanted = {unit_id for unit_id, _ in units} | {one.org_unit_id for one in draft.findings}
    found = Ids(
        intern_indicators(connection, {indicator for indicator, _, _ in named}),
        intern_periods(connection, {period or UNKNOWN_PERIOD for _, period, _ in named}),
        intern_dims(connection, {dims for _, _, dims in named}),
        _areas(connection, {*(unit for unit in wanted if unit is not None), *proposed.values()}),
        proposed,
    )
    for unit_id, key in units:
        if (proposed.get(key, 0) if key is not None else unit_id) not in found.areas:
            raise StoreError(f"观测值所属的机构(编号 {unit_id or key})不在库中,请重新上传该文件。")
    return found


def _areas(connection: sa.Connection, unit_ids: Collection[int] | None = None) -> dict[int, int]:
    """The areas of some units, or of all: a province has hundreds of thousands."""
    query = sa.select(org_unit.c.id, org_unit.c.area_id)
    parts = [query] if unit_ids is None else [query.where(org_unit.c.id.in_(some)) for some in chunks(unit_ids)]
    return {unit: area for part in parts for unit, area in connection.execute(part)}


def _add_batch(
    connection: sa.Connection, draft: Draft, file_id: int, user: str, now: datetime, counts: dict[str, int]
) -> int:
    values = {
        "source_file_id": file_id,
        "source_kind": draft.source_kind.value,
        "status": "stored",
        "created_by": fit(import_batch.c.created_by, user),
        "created_at": now,
        "extractor_version": draft.extractor_version,
        **{f"n_{kind}": count for kind, count in counts.items()},
    }
    return int(connection.scalar(sa.insert(import_batch).values(**values).returning(import_batch.c.id)) or 0)


def _add_remarks(connection: sa.Connection, draft: Draft, import_id: int) -> None:
    issues = [
        {
            "import_id": import_id,
            "code": one.code,
            "severity": one.severity.value,
            "sentence": storable(one.sentence),
            "locator": fit(issue.c.locator, one.locator),
            "quote": storable(one.quote),
            **{name: getattr(one, name) for name in ("start", "end", "sheet", "cell")},
        }
        for one in draft.issues
    ]
    refused = [
        {
            "import_id": import_id,
            "reason": one.reason,
            "text": storable(one.text),
            **{name: getattr(one, name) for name in ("indicator", "start", "end", "sheet", "cell")},
        }
        for one in draft.rejected
    ]
    for table, rows in ((issue, issues), (rejected, refused)):
        if rows:
            connection.execute(sa.insert(table), rows)


def _add_pending(connection: sa.Connection, draft: Draft, found: Ids, import_id: int) -> None:
    rows = []
    for one in draft.pending:
        unit = found.unit_of(one.observation) or None
        rows.append({
            "import_id": import_id,
            "doubts": ",".join(one.doubts),
            "entity": fit(pending_reading.c.entity, one.entity),
            "said": to_json(statement_of(one.observation, unit)),
            "indicator": one.observation.indicator,
            "org_unit_id": unit,
            "confidence": one.observation.evidence.confidence,
            "evidence": {**(to_json(one.observation.evidence) or {}), "quote": storable(one.observation.evidence.quote)},
        })  # fmt: skip
    if rows:
        connection.execute(sa.insert(pending_reading), rows)


def undo_import(engine: sa.Engine, import_id: int, user: str) -> int:
    """Takes one import back, as if it had never been: returns how many observations it had added.

    What it had closed comes back, unless a later import has changed the same cell since; then the later
    one is taken to have closed it. A value that another import states too stays, on the word of that one. What people
    decided about the file since leaves the store with it; their decisions are kept for the next time the file is
    stored. Raises StoreError when there is nothing to take back.
    """
    with write(engine) as connection:
        return undo_in(connection, import_id, user)


def undo_in(connection: sa.Connection, import_id: int, user: str) -> int:
    """`undo_import` as a part of a larger change. Call it inside `db.engine.write`."""
    batch = connection.execute(sa.select(import_batch).where(import_batch.c.id == import_id)).first()
    if batch is None or batch.status != "stored":
        reason = "已撤销过" if batch else "不存在"
        raise StoreError(f"第 {import_id} 号导入{reason},无需再撤销。")
    if batch.kind != "file":
        raise StoreError(f"第 {import_id} 号是人工复核,请到复核页撤销相应的认定。")
    now = moment()
    cells: set[Key] = set()
    added = 0
    for number in [*_reviews_since(connection, batch), import_id]:
        mine = observation.c.import_id == number
        replaced = sa.and_(observation.c.closed_by == number, observation.c.import_id != number)
        cells |= take_back(connection, mine, replaced, number, now)
        added += connection.scalar(sa.select(sa.func.count()).select_from(observation).where(mine)) or 0
        connection.execute(
            sa.update(import_batch)
            .where(import_batch.c.id == number)
            .values(status="undone", undone_by=fit(import_batch.c.undone_by, user), undone_at=now)
        )
    close_ranks(connection, cells)
    rollups.refresh(connection, {(key.area_id, key.period_id, key.indicator_id) for key in cells})
    bump_revision(connection)
    audit.record(connection, Action.IMPORT_UNDONE, user, subject=str(import_id), before={"values": added})
    return added


def _reviews_since(connection: sa.Connection, batch: sa.Row[tuple[object, ...]]) -> Sequence[int]:
    """The changes by people to what a file brought, the latest first."""
    return connection.scalars(
        sa.select(import_batch.c.id)
        .where(
            import_batch.c.source_file_id == batch.source_file_id,
            import_batch.c.kind == "review",
            import_batch.c.status == "stored",
            import_batch.c.id > batch.id,
        )
        .order_by(import_batch.c.id.desc())
    ).all()
