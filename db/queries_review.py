"""What the review page reads: what waits, what was decided, which names of a document nobody answers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.blocks import stored_reading
from db.distribution import of_units
from db.engine import StoreError
from db.frames import DATE, INT, TEXT, chunks, frame
from db.names import while_lent
from db.queries_documents import REJECTED, rejected_rows
from db.records import Evidence, OrgStatus
from db.records_review import (
    Answer,
    Choice,
    Decision,
    Doubt,
    Origin,
    Statement,
    decision_from,
    place_of,
    statement_from,
)
from db.review_force import in_force
from db.review_subject import rejected_evidence, subjects
from db.schema import evidence, import_batch, observation, org_unit, rejected, source_file
from db.schema_review import pending_reading, review_decision, review_effect
from db.together import several


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number that a person has to look at. `said` is what the program read, None where it would not choose;
    `number` the row of what `origin` names."""

    origin: Origin
    number: int
    source_file_id: int
    doubts: tuple[Doubt, ...]
    entity: str
    said: Statement | None
    indicator: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in force with who took it and when (UTC), and what now rests on it in the store."""

    decision: Decision
    decided_by: str
    decided_at: datetime
    alias: str
    observation_id: int | None


def _last() -> sa.Subquery:
    """The last import of every file whose last import is stored."""
    newest = (
        sa.select(sa.func.max(import_batch.c.id).label("id"))
        .where(import_batch.c.kind == "file")
        .group_by(import_batch.c.source_file_id)
        .subquery()
    )
    return (
        sa.select(import_batch.c.id, import_batch.c.source_file_id)
        .join_from(newest, import_batch, newest.c.id == import_batch.c.id)
        .where(import_batch.c.status == "stored")
        .subquery()
    )


def waiting(connection: sa.Connection, source_file_id: int | None = None) -> list[Waiting]:
    """Everything that waits, the newest document first, in the order of the text: readings in doubt, and numbers
    of which the program would not choose between two readings."""
    return list(while_lent(connection, f"waiting {source_file_id}", lambda reader: _waiting(reader, source_file_id)))


def _waiting(connection: sa.Connection, source_file_id: int | None) -> list[Waiting]:
    last = _last()
    here = [] if source_file_id is None else [last.c.source_file_id == source_file_id]
    in_doubt = (
        sa.select(pending_reading, last.c.source_file_id)
        .join_from(pending_reading, last, pending_reading.c.import_id == last.c.id)
        .where(pending_reading.c.decision_id.is_(None), *here)
    )
    rows, undecided = several(lambda: connection.execute(in_doubt).all(), lambda: _undecided(connection, last, here))
    found = [
        Waiting(
            Origin.PENDING, row.id, row.source_file_id, tuple(Doubt(each) for each in row.doubts.split(",")),
            row.entity, statement_from(row.said), row.indicator, Evidence(**row.evidence),
        )
        for row in rows
    ]  # fmt: skip
    found += undecided
    if not found:
        return found
    order = {
        file_id: -import_id for import_id, file_id in connection.execute(sa.select(last.c.id, last.c.source_file_id))
    }
    return sorted(found, key=lambda one: (order[one.source_file_id], *_position(one.evidence), one.number))


def _position(proof: Evidence) -> tuple[int, int, str, int, str]:
    cell = proof.cell or ""
    return (proof.cell is not None, proof.start or 0, proof.sheet or "", len(cell), cell)


def _undecided(connection: sa.Connection, last: sa.Subquery, here: list[sa.ColumnElement[bool]]) -> list[Waiting]:
    """Numbers with two readings that nobody has decided on."""
    rows = _two_ways(connection, last, here)
    done = _decided_places(connection, {row.source_file_id for row in rows})
    found, readings = [], {}
    for row in rows:
        file_id = row.source_file_id
        if file_id not in readings:
            readings[file_id] = stored_reading(connection, file_id)
        proof = rejected_evidence(readings[file_id], row)
        if (file_id, place_of(proof)) not in done and proof.holds_in(readings[file_id]):
            doubts = (Doubt.TWO_READINGS,)
            found.append(Waiting(Origin.REJECTED, row.id, file_id, doubts, "", None, row.indicator, proof))
    return found


def _decided_places(connection: sa.Connection, files: Iterable[int]) -> set[tuple[int, str]]:
    wanted = sorted(files)
    if not wanted:
        return set()
    rows = connection.execute(
        sa.select(review_decision.c.source_file_id, review_decision.c.place).where(
            review_decision.c.source_file_id.in_(wanted), in_force()
        )
    )
    return {(file_id, place) for file_id, place in rows}


def waiting_count(connection: sa.Connection) -> int:
    """How many numbers wait for a person, in all documents; no text is loaded for it."""
    last = _last()
    joined = sa.join(pending_reading, last, pending_reading.c.import_id == last.c.id)
    readings = sa.select(sa.func.count()).select_from(joined).where(pending_reading.c.decision_id.is_(None))
    place = sa.case(
        (rejected.c.cell.is_(None), sa.cast(rejected.c.start, sa.String(20)) + "-" + sa.cast(rejected.c.end, sa.String(20))),
        else_=sa.func.coalesce(rejected.c.sheet, "") + "!" + rejected.c.cell,
    )  # fmt: skip
    done = sa.exists().where(
        review_decision.c.source_file_id == last.c.source_file_id, review_decision.c.place == place, in_force()
    )
    ways = (
        sa.select(sa.func.count())
        .select_from(sa.join(rejected, last, rejected.c.import_id == last.c.id))
        .where(*_TWO_WAYS, ~done)
    )
    return int(connection.scalar(sa.select(readings.scalar_subquery() + ways.scalar_subquery())) or 0)


def _two_ways(connection: sa.Connection, last: sa.Subquery, here: list[sa.ColumnElement[bool]]) -> list[Any]:
    """Numbers with a place that were not taken because there are two ways to read them."""
    query = sa.select(rejected, last.c.source_file_id).join_from(rejected, last, rejected.c.import_id == last.c.id)
    return list(connection.execute(query.where(*_TWO_WAYS, *here)))


_TWO_WAYS = (
    rejected.c.reason == "ambiguous",
    rejected.c.indicator.is_not(None),
    sa.or_(rejected.c.start.is_not(None), rejected.c.cell.is_not(None)),
)


def review_documents(connection: sa.Connection) -> pd.DataFrame:
    """The documents with something to decide or decided, newest first: source_file_id, name, uploaded_at, waiting,
    decided, names (of units that the directory does not know or cannot tell apart)."""
    columns = {"source_file_id": INT, "name": TEXT, "uploaded_at": DATE, "waiting": INT, "decided": INT, "names": INT}
    last = _last()
    counted = sa.select(review_decision.c.source_file_id, sa.func.count()).where(in_force())
    files = (
        sa.select(last.c.source_file_id, source_file.c.name, import_batch.c.created_at)
        .join_from(last, source_file, last.c.source_file_id == source_file.c.id)
        .join(import_batch, import_batch.c.id == last.c.id)
        .order_by(last.c.id.desc())
    )
    waits, counts, named, rows = several(
        lambda: waiting(connection),
        lambda: connection.execute(counted.group_by(review_decision.c.source_file_id)).all(),
        lambda: names_of(connection),
        lambda: connection.execute(files).all(),
    )
    held, names = Counter(one.source_file_id for one in waits), Counter(named["source_file_id"].tolist())
    done = {file_id: n for file_id, n in counts}  # noqa: C416
    listed = [
        (f, name, at, held[f], done.get(f, 0), names[f]) for f, name, at in rows if held[f] or done.get(f) or names[f]
    ]
    return frame(listed, columns)


def names_of(connection: sa.Connection, source_file_id: int | None = None) -> pd.DataFrame:
    """Names that no unit, or several, answer to: source_file_id, name, kind ("unknown" or "ambiguous"), values
    (how many stand under it), waiting (how many wait)."""
    columns = {"source_file_id": INT, "name": TEXT, "kind": TEXT, "values": INT, "waiting": INT}
    values: Counter[tuple[int, str]] = Counter()
    outside = sa.select(org_unit.c.id, org_unit.c.name).where(org_unit.c.status == OrgStatus.PROPOSED.value)
    named = {number: name for number, name in connection.execute(outside)}  # noqa: C416
    query = (
        sa.select(evidence.c.source_file_id, observation.c.org_unit_id, sa.func.count())
        .join_from(observation, evidence, sa.and_(evidence.c.area_id == observation.c.area_id,
                                                  evidence.c.observation_id == observation.c.id))
        .where(observation.c.valid_to.is_(None))
        .group_by(evidence.c.source_file_id, observation.c.org_unit_id)
    )  # fmt: skip
    if source_file_id is not None:
        query = query.where(evidence.c.source_file_id == source_file_id)
    for some in chunks(named):
        for file_id, unit_id, n in connection.execute(query.where(*of_units(connection, observation, some))):
            values[file_id, named[unit_id]] += n
    held: Counter[tuple[int, str]] = Counter()
    kinds = dict.fromkeys(values, "unknown")
    for one in waiting(connection, source_file_id):
        for doubt, kind in ((Doubt.UNKNOWN_PLACE, "unknown"), (Doubt.AMBIGUOUS_PLACE, "ambiguous")):
            if doubt in one.doubts and one.entity:
                held[one.source_file_id, one.entity] += 1
                kinds[one.source_file_id, one.entity] = kind
    return frame([(*key, kind, values[key], held[key]) for key, kind in sorted(kinds.items())], columns)


def outside_in_use(connection: sa.Connection) -> list[int]:
    """Ids of the units outside the tree under which a value stands; one that was claimed holds none any more."""
    outside = org_unit.c.status.in_([OrgStatus.PROPOSED.value, OrgStatus.UNNAMED.value])
    no_parent = org_unit.c.parent_id.is_(None)  # so that the index on it leads to them
    held: set[int] = set()
    for some in chunks(connection.scalars(sa.select(org_unit.c.id).where(no_parent, outside))):
        standing = sa.select(observation.c.org_unit_id).where(observation.c.valid_to.is_(None)).distinct()
        held.update(connection.scalars(standing.where(*of_units(connection, observation, some))))
    return sorted(held)


def decided(connection: sa.Connection, source_file_id: int) -> list[Decided]:
    """The decisions in force on a document, the latest first."""
    effects = (
        sa.select(review_effect.c.decision_id, sa.func.max(observation.c.id))
        .join_from(review_effect, observation, sa.and_(review_effect.c.area_id == observation.c.area_id,
                                                       review_effect.c.observation_id == observation.c.id))
        .join(review_decision, review_decision.c.id == review_effect.c.decision_id)
        .where(review_decision.c.source_file_id == source_file_id, review_effect.c.role == "added",
               observation.c.valid_to.is_(None))
        .group_by(review_effect.c.decision_id)
    )  # fmt: skip
    in_order = (
        sa.select(review_decision)
        .where(review_decision.c.source_file_id == source_file_id, in_force())
        .order_by(review_decision.c.id.desc())
    )
    effected, rows = several(lambda: connection.execute(effects).all(), lambda: connection.execute(in_order).all())
    rests = {decision_id: number for decision_id, number in effected}  # noqa: C416
    return [Decided(decision_from(row), row.decided_by, row.decided_at, row.alias, rests.get(row.id)) for row in rows]


def document_rejected(connection: sa.Connection, source_file_id: int) -> pd.DataFrame:
    """The numbers of a document that stand for nothing in the store, and why: those the program did not take and no
    person did either, those that wait (reason "waiting"), and those a person refused. `id` is 0 for the latter two."""
    rows: pd.DataFrame
    rows, chosen, waits = several(
        lambda: rejected_rows(connection, source_file_id),
        lambda: decided(connection, source_file_id),
        lambda: waiting(connection, source_file_id),
    )
    done = {one.decision.place for one in chosen}
    in_text = rows["start"].astype("string") + "-" + rows["end"].astype("string")
    places = in_text.fillna(rows["sheet"].astype("string") + "!" + rows["cell"].astype("string"))
    kept = rows[~places.isin(sorted(done))]
    open_here = [(one.evidence, "waiting", one.indicator) for one in waits
                 if one.origin is Origin.PENDING]  # fmt: skip
    refused = [
        (one.decision.evidence, one.decision.reason, one.decision.before.indicator if one.decision.before else None)
        for one in chosen
        if one.decision.choice is Choice.REJECT
    ]
    more = [
        (0, 0, reason, proof.quote, code, proof.start, proof.end, proof.sheet, proof.cell)
        for proof, reason, code in (*open_here, *refused)
    ]
    return pd.concat([kept, frame(more, REJECTED)], ignore_index=True) if more else kept.reset_index(drop=True)


def statement_now(connection: sa.Connection, observation_id: int) -> Waiting | None:
    """A stored observation as something to decide on; None when it is not current."""
    try:
        [subject] = subjects(connection, [Answer(Origin.OBSERVATION, observation_id, Choice.REJECT)])
    except StoreError:
        return None
    return _as_waiting(subject, Origin.OBSERVATION, observation_id)


def rejected_now(connection: sa.Connection, number: int) -> Waiting | None:
    """A number that was not taken as something to decide on; None when it has no place that can be proved."""
    try:
        [subject] = subjects(connection, [Answer(Origin.REJECTED, number, Choice.REJECT)])
    except StoreError:
        return None
    return _as_waiting(subject, Origin.REJECTED, number)


def _as_waiting(subject: Any, origin: Origin, number: int) -> Waiting:
    said = subject.now
    return Waiting(
        origin, number, subject.source_file_id, (), "", said, said.indicator if said else "", subject.evidence
    )  # fmt: skip
