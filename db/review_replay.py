"""Decisions on a file that is stored anew: each is carried out again, on the reading that is now at its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from db.records import Evidence, Reading
from db.records_review import Choice, Decision, Statement, chosen_of, found_again, place_of, subject_of
from db.review import Desk
from db.review_force import outside_units
from db.review_subject import Subject
from db.schema import dim_set, evidence, indicator, observation
from db.schema_review import pending_reading


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of the new import at some place: a stored observation or a waiting reading."""

    subject: str
    org_unit_id: int | None
    observation_id: int | None = None
    pending_id: int | None = None


def replay(
    connection: sa.Connection, file_id: int, import_id: int, reading: Reading, decisions: Sequence[Decision], user: str
) -> None:
    """Carries out the decisions in force (oldest first) on an import that was just stored. One whose number is
    nowhere in the new text is left out; `db.review_apply.settle` says so in an issue."""
    desk, outside = Desk(connection, file_id, user), outside_units(connection)
    held = _candidates(connection, file_id, import_id)
    placed = [(one, proof) for one in decisions if (proof := found_again(reading, one)) is not None]
    crowd = Counter(place_of(proof) for _, proof in placed)
    for decision, proof in placed:
        here = held.get(place_of(proof), [])
        index = chosen_of([one.subject for one in here], decision, alone=crowd[place_of(proof)] == 1)
        found = None if index is None else here.pop(index)
        desk.carry_out(
            _subject(decision, proof, desk, found), _after(decision, found, outside), decision.choice, decision.id
        )
    desk.finish()


def _subject(decision: Decision, proof: Evidence, desk: Desk, found: Candidate | None) -> Subject:
    return Subject(
        decision.origin, decision.source_file_id, desk.kind, decision.place, decision.subject, decision.context, proof,
        decision.before, "", found.pending_id if found else None, found.observation_id if found else None,
    )  # fmt: skip


def _after(decision: Decision, found: Candidate | None, outside: frozenset[int]) -> Statement | None:
    """What the decision puts in place; where it left a unit outside the tree alone, that of the new reading."""
    after = decision.after
    if decision.choice is Choice.REJECT or after is None:
        return None
    if found is not None and found.org_unit_id is not None and after.org_unit_id in outside:
        return replace(after, org_unit_id=found.org_unit_id)
    return after


def _candidates(connection: sa.Connection, file_id: int, import_id: int) -> dict[str, list[Candidate]]:
    """The readings of an import by their place."""
    found: dict[str, list[Candidate]] = {}
    proof = sa.and_(evidence.c.area_id == observation.c.area_id, evidence.c.observation_id == observation.c.id)
    rows = connection.execute(
        sa.select(
            observation.c.id, observation.c.org_unit_id, indicator.c.code, dim_set.c.key, evidence.c.start,
            evidence.c.end, evidence.c.sheet, evidence.c.cell,
        )
        .join_from(observation, evidence, proof)
        .join(indicator, observation.c.indicator_id == indicator.c.id)
        .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
        .where(observation.c.import_id == import_id, evidence.c.source_file_id == file_id)
        .order_by(observation.c.id)
    )  # fmt: skip
    for row in rows:
        place = f"{row.start}-{row.end}" if row.cell is None else f"{row.sheet or ''}!{row.cell}"
        one = Candidate(subject_of(row.code, row.key), row.org_unit_id, observation_id=row.id)
        found.setdefault(place, []).append(one)
    waiting = connection.execute(
        sa.select(pending_reading).where(pending_reading.c.import_id == import_id).order_by(pending_reading.c.id)
    )
    for row in waiting:
        subject = subject_of(row.said["indicator"], row.said["dims"])
        one = Candidate(subject, row.org_unit_id, pending_id=row.id)
        found.setdefault(place_of(Evidence(**row.evidence)), []).append(one)
    return found
