"""The only way facts enter or leave the store: save an import, compare a draft, undo an import.

An import is one transaction: it is stored whole, with its rollups, or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from db import rollups
from db.blocks import add_source, fit, put_reading, storable
from db.bulk import insert_many
from db.claims import add_claims
from db.engine import StoreError, write
from db.interning import (
    UNKNOWN_PERIOD,
    dim_ids,
    indicator_ids,
    intern_dims,
    intern_indicators,
    intern_periods,
    period_ids,
)
from db.matching import Ids, Key, Match, content_of, match
from db.missing import absent_units
from db.org import add_proposed, bump_revision, find_proposed
from db.records import Difference, Draft, Evidence, ImportResult, dims_key
from db.records_review import statement_of, to_json
from db.review_apply import settle
from db.review_force import decisions_in_force, outside_units
from db.schema import evidence, import_batch, issue, observation, org_unit, rejected, source_file, store_state
from db.schema_review import pending_reading, review_effect

CHUNK = 5000  # ids in one IN list


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


def compare(connection: sa.Connection, draft: Draft) -> Difference:
    """What saving the draft would change, without writing anything."""
    draft = decided(connection, draft)
    proposed = find_proposed(connection, draft.proposed_units)
    found = Ids(indicator_ids(connection), period_ids(connection), dim_ids(connection), _areas(connection), proposed)
    matches = match(connection, draft, found)
    return Difference(tuple(one.change() for one in matches), absent_units(connection, draft, [m.key for m in matches]))


def decided(connection: sa.Connection, draft: Draft) -> Draft:
    """The draft with what people decided about the same file before."""
    return settle(draft, decisions_in_force(connection, draft.source.sha256), outside_units(connection))


def save_import(engine: sa.Engine, draft: Draft, user: str) -> ImportResult:
    """Stores a draft in one transaction.

    Outcome "same": these bytes are stored already and nothing changes. Outcome "rejected": an issue
    blocks, nothing is stored. Outcome "stored": a value that differs closes the old observation.
    """
    if draft.blocked:
        return ImportResult("rejected", issues=draft.issues)
    with write(engine) as connection:
        state = file_state(connection, draft.source.sha256)
        if state.status == "stored":
            return ImportResult("same", state.import_id, same=len(draft.observations), issues=draft.issues)
        return _save(connection, decided(connection, draft), user)


def _save(connection: sa.Connection, draft: Draft, user: str) -> ImportResult:
    now = datetime.now(UTC).replace(tzinfo=None)
    file_id = add_source(connection, draft.source, user, now)
    put_reading(connection, file_id, draft.reading)
    ids = _interned(connection, draft)
    matches = match(connection, draft, ids)
    counts = {kind: sum(one.kind == kind for one in matches) for kind in ("new", "same", "changed")}
    import_id = _add_batch(connection, draft, file_id, user, now, counts)
    _add_findings(connection, draft, import_id)
    _add_pending(connection, draft, ids, import_id)
    add_claims(connection, draft, import_id, ids.proposed)
    writing = [one for one in matches if one.kind != "same"]
    close(connection, [(one.key.area_id, one.old.observation_id) for one in writing if one.old], import_id, now)
    add_observations(connection, writing, file_id, import_id, now)
    rollups.refresh(connection, {(m.key.area_id, m.key.period_id, m.key.indicator_id) for m in writing})
    bump_revision(connection)
    return ImportResult("stored", import_id, counts["new"], counts["same"], counts["changed"], draft.issues)


def _interned(connection: sa.Connection, draft: Draft) -> Ids:
    """Ids of everything the draft names; what the store lacks is added."""
    items = draft.observations
    proposed = add_proposed(connection, draft.proposed_units)
    found = Ids(
        intern_indicators(connection, {item.indicator for item in items}),
        intern_periods(connection, {item.period or UNKNOWN_PERIOD for item in items}),
        intern_dims(connection, {dims_key(item.dims) for item in items}),
        _areas(connection),
        proposed,
    )
    for item in items:
        if found.unit_of(item) not in found.areas:
            raise StoreError(
                f"观测值所属的机构(编号 {item.org_unit_id or item.proposed_key})不在库中,请重新上传该文件。"
            )
    return found


def _areas(connection: sa.Connection) -> dict[int, int]:
    return {unit: area for unit, area in connection.execute(sa.select(org_unit.c.id, org_unit.c.area_id))}  # noqa: C416


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


def _add_findings(connection: sa.Connection, draft: Draft, import_id: int) -> None:
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
            "decision_id": one.decision,
        })  # fmt: skip
    if rows:
        connection.execute(sa.insert(pending_reading), rows)


def close(connection: sa.Connection, rows: Iterable[tuple[int, int]], closed_by: int, now: datetime) -> None:
    """Ends observations, named by area and id, by an import."""
    _set(connection, rows, {"valid_to": now, "closed_by": closed_by})


def _set(connection: sa.Connection, rows: Iterable[tuple[int, int]], values: dict[str, Any]) -> None:
    """Sets the same values in many observations, named by area and id."""
    by_area: dict[int, list[int]] = defaultdict(list)
    for area_id, number in rows:
        by_area[area_id].append(number)
    for area_id, numbers in by_area.items():
        for start in range(0, len(numbers), CHUNK):
            chosen = observation.c.id.in_(numbers[start : start + CHUNK])
            connection.execute(sa.update(observation).where(observation.c.area_id == area_id, chosen).values(**values))


def add_observations(
    connection: sa.Connection, writing: Sequence[Match], file_id: int, import_id: int, now: datetime
) -> None:
    """New observations with their proof, in the order of their cells; what they replace is closed already."""
    if not writing:
        return
    first = int(connection.scalar(sa.select(store_state.c.next_observation_id)) or 1)
    connection.execute(sa.update(store_state).values(next_observation_id=first + len(writing)))
    rows, proofs, effects = [], [], []
    for number, one in sorted(enumerate(writing, start=first), key=lambda pair: pair[1].key):  # ids in document order
        rows.append((*one.key, number, *content_of(one.observation), import_id, now))
        proofs.append((one.key.area_id, number, file_id, *_proof(one.observation.evidence)))
        if one.observation.decision is not None:
            effects.append((one.key.area_id, number, one.observation.decision))
    insert_many(connection, observation, _OBSERVATION, rows)
    insert_many(connection, evidence, ("area_id", "observation_id", "source_file_id", *_PROOF), proofs)
    insert_many(connection, review_effect, ("area_id", "observation_id", "decision_id"), effects)


_OBSERVATION = (*Key._fields, "id", "value", "value_high", "numerator", "denominator", "unit", "qualifier",
                "obs_status", "import_id", "valid_from")  # fmt: skip
_PROOF = ("locator", "quote", "start", "end", "sentence_start", "sentence_end", "sheet", "cell",
          "numerator_cell", "denominator_cell", "rule", "rule_version", "confidence")  # fmt: skip


def _proof(proof: Evidence) -> tuple[object, ...]:
    return (
        fit(evidence.c.locator, proof.locator),
        storable(proof.quote),
        *(getattr(proof, name) for name in _PROOF[2:]),
    )


def undo_import(engine: sa.Engine, import_id: int, user: str) -> int:
    """Takes one import back, as if it had never been: returns how many observations it had added.

    What it had closed comes back, unless a later import has changed the same cell since; then the later
    one is taken to have closed it. What people decided about the file since leaves the store with it; their
    decisions are kept for the next time the file is stored. Raises StoreError when there is nothing to take back.
    """
    with write(engine) as connection:
        batch = connection.execute(sa.select(import_batch).where(import_batch.c.id == import_id)).first()
        if batch is None or batch.status != "stored":
            reason = "已撤销过" if batch else "不存在"
            raise StoreError(f"第 {import_id} 号导入{reason},无需再撤销。")
        if batch.kind != "file":
            raise StoreError(f"第 {import_id} 号是人工复核,请到复核页撤销相应的认定。")
        now = datetime.now(UTC).replace(tzinfo=None)
        touched: set[rollups.Touched] = set()
        added = 0
        for number in [*_reviews_since(connection, batch), import_id]:
            mine = observation.c.import_id == number
            replaced = sa.and_(observation.c.closed_by == number, observation.c.import_id != number)
            keys = take_back(connection, mine, replaced, number, now)
            touched |= {(key.area_id, key.period_id, key.indicator_id) for key in keys}
            added += connection.scalar(sa.select(sa.func.count()).select_from(observation).where(mine)) or 0
            connection.execute(
                sa.update(import_batch)
                .where(import_batch.c.id == number)
                .values(status="undone", undone_by=fit(import_batch.c.undone_by, user), undone_at=now)
            )
        rollups.refresh(connection, touched)
        bump_revision(connection)
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


@dataclass(frozen=True, slots=True)
class _Life:
    """An observation's id and how it ended, if it did."""

    observation_id: int
    valid_to: datetime | None
    closed_by: int | None


def _rows_of(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[tuple[Key, _Life]]:
    columns = [observation.c[name] for name in (*Key._fields, "id", "valid_to", "closed_by")]
    rows = connection.execute(sa.select(*columns).where(condition).order_by(observation.c.id))
    return [(Key(*row[:7]), _Life(*row[7:])) for row in rows]


def take_back(
    connection: sa.Connection,
    added: sa.ColumnElement[bool],
    replaced: sa.ColumnElement[bool],
    import_id: int,
    now: datetime,
) -> set[Key]:
    """Ends the added observations by their own import; each replaced one takes over the end of the one that
    replaced it, or of the next one of its cell, and is current again where there is none. Returns the cells."""
    ours, theirs = _rows_of(connection, added), _rows_of(connection, replaced)
    close(
        connection, [(key.area_id, life.observation_id) for key, life in ours if life.valid_to is None], import_id, now
    )
    ended = [(key.area_id, life.observation_id) for key, life in ours if life.valid_to is not None]
    _set(connection, ended, {"closed_by": import_id})
    ends = {key: (life.valid_to, life.closed_by) for key, life in ours}  # of several of one cell the last
    by_end: dict[tuple[datetime | None, int | None], list[tuple[int, int]]] = defaultdict(list)
    for key, life in theirs:
        end = ends[key] if key in ends else _next_of(connection, key, life.observation_id)
        by_end[end].append((key.area_id, life.observation_id))
    for (valid_to, closed_by), rows in by_end.items():
        _set(connection, rows, {"valid_to": valid_to, "closed_by": closed_by})
    return {key for key, _ in (*ours, *theirs)}


def _next_of(connection: sa.Connection, key: Key, observation_id: int) -> tuple[datetime | None, int | None]:
    """When and by which import a cell got its next value after an observation that was closed without one."""
    row = connection.execute(
        sa.select(observation.c.valid_from, observation.c.import_id)
        .where(
            *(observation.c[name] == value for name, value in key._asdict().items()),
            observation.c.id > observation_id,
            sa.or_(observation.c.closed_by.is_(None), observation.c.closed_by != observation.c.import_id),
        )
        .order_by(observation.c.id)
        .limit(1)
    ).first()
    return (None, None) if row is None else (row.valid_from, row.import_id)
