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
from db.schema import evidence, import_batch, issue, observation, org_unit, rejected, source_file, store_state

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
        .where(source_file.c.sha256 == sha256)
        .order_by(import_batch.c.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    return FileState("unknown") if row is None else FileState(*row)


def compare(connection: sa.Connection, draft: Draft) -> Difference:
    """What saving the draft would change, without writing anything."""
    proposed = find_proposed(connection, draft.proposed_units)
    found = Ids(indicator_ids(connection), period_ids(connection), dim_ids(connection), _areas(connection), proposed)
    matches = match(connection, draft, found)
    return Difference(tuple(one.change() for one in matches), absent_units(connection, draft, [m.key for m in matches]))


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
        return _save(connection, draft, user)


def _save(connection: sa.Connection, draft: Draft, user: str) -> ImportResult:
    now = datetime.now(UTC).replace(tzinfo=None)
    file_id = add_source(connection, draft.source, user, now)
    put_reading(connection, file_id, draft.reading)
    ids = _interned(connection, draft)
    matches = match(connection, draft, ids)
    counts = {kind: sum(one.kind == kind for one in matches) for kind in ("new", "same", "changed")}
    import_id = _add_batch(connection, draft, file_id, user, now, counts)
    _add_findings(connection, draft, import_id)
    add_claims(connection, draft, import_id, ids.proposed)
    writing = [one for one in matches if one.kind != "same"]
    _close(connection, [(one.key.area_id, one.old.observation_id) for one in writing if one.old], import_id, now)
    _add_observations(connection, writing, file_id, import_id, now)
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


def _close(connection: sa.Connection, rows: Iterable[tuple[int, int]], closed_by: int, now: datetime) -> None:
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


def _add_observations(
    connection: sa.Connection, writing: Sequence[Match], file_id: int, import_id: int, now: datetime
) -> None:
    if not writing:
        return
    first = int(connection.scalar(sa.select(store_state.c.next_observation_id)) or 1)
    connection.execute(sa.update(store_state).values(next_observation_id=first + len(writing)))
    rows, proofs = [], []
    for number, one in sorted(enumerate(writing, start=first), key=lambda pair: pair[1].key):  # ids in document order
        rows.append((*one.key, number, *content_of(one.observation), import_id, now))
        proofs.append((one.key.area_id, number, file_id, *_proof(one.observation.evidence)))
    insert_many(connection, observation, _OBSERVATION, rows)
    insert_many(connection, evidence, ("area_id", "observation_id", "source_file_id", *_PROOF), proofs)


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
    one is taken to have closed it. Raises StoreError when there is nothing to take back.
    """
    with write(engine) as connection:
        status = connection.scalar(sa.select(import_batch.c.status).where(import_batch.c.id == import_id))
        if status != "stored":
            reason = "已撤销过" if status else "不存在"
            raise StoreError(f"第 {import_id} 号导入{reason},无需再撤销。")
        now = datetime.now(UTC).replace(tzinfo=None)
        added = _rows_of(connection, observation.c.import_id == import_id)
        replaced = _rows_of(connection, observation.c.closed_by == import_id, observation.c.import_id != import_id)
        _take_back(connection, added, replaced, import_id, now)
        connection.execute(
            sa.update(import_batch)
            .where(import_batch.c.id == import_id)
            .values(status="undone", undone_by=fit(import_batch.c.undone_by, user), undone_at=now)
        )
        rollups.refresh(connection, {(key.area_id, key.period_id, key.indicator_id) for key in added})
        bump_revision(connection)
        return len(added)


@dataclass(frozen=True, slots=True)
class _Life:
    """An observation's id and how it ended, if it did."""

    observation_id: int
    valid_to: datetime | None
    closed_by: int | None


def _rows_of(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> dict[Key, _Life]:
    columns = [observation.c[name] for name in (*Key._fields, "id", "valid_to", "closed_by")]
    rows = connection.execute(sa.select(*columns).where(*conditions))
    return {Key(*row[:7]): _Life(*row[7:]) for row in rows}


def _take_back(
    connection: sa.Connection, added: dict[Key, _Life], replaced: dict[Key, _Life], import_id: int, now: datetime
) -> None:
    """Each replaced observation takes over the end of the one that replaced it; that one ends by this import."""
    open_now = [(key.area_id, life.observation_id) for key, life in added.items() if life.valid_to is None]
    _close(connection, open_now, import_id, now)
    ended = [(key.area_id, life.observation_id) for key, life in added.items() if life.valid_to is not None]
    _set(connection, ended, {"closed_by": import_id})
    by_end: dict[tuple[datetime | None, int | None], list[tuple[int, int]]] = defaultdict(list)
    for key, life in replaced.items():
        end = added[key]
        by_end[end.valid_to, end.closed_by].append((key.area_id, life.observation_id))
    for (valid_to, closed_by), rows in by_end.items():
        _set(connection, rows, {"valid_to": valid_to, "closed_by": closed_by})
