"""Many decisions at once: what they would change, and one name of a document settled for all its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from db import audit
from db.engine import StoreError, write
from db.interning import dim_ids, indicator_ids, period_ids
from db.matching import Key, Match, current_of
from db.org import IN_TREE, add_alias, bump_revision
from db.queries_review import Waiting, waiting
from db.records import Change, OrgStatus
from db.records_accounts import Action
from db.records_review import Answer, Choice, Doubt, Origin, Outcome, Statement, observation_of, to_json
from db.review import after_answer, decide_in
from db.review_subject import subjects
from db.schema import evidence, observation, org_unit
from db.schema_review import pending_reading

PLACE = frozenset({Doubt.AMBIGUOUS_PLACE, Doubt.UNKNOWN_PLACE})


def preview(connection: sa.Connection, answers: Sequence[Answer]) -> list[Change]:
    """What accepting or correcting would bring into the store, one change per answer that is not a rejection."""
    indicators, periods, dims = indicator_ids(connection), period_ids(connection), dim_ids(connection)
    areas = dict(connection.execute(sa.select(org_unit.c.id, org_unit.c.area_id)).all())
    changes = []
    for subject, answer in zip(subjects(connection, answers), answers, strict=True):
        said = after_answer(subject, answer)
        if said is None:
            continue
        key = Key(
            areas.get(said.org_unit_id, 0), indicators.get(said.indicator, 0), periods.get(said.period, 0),
            dims.get(said.dims, 0), said.org_unit_id or 0, subject.kind.value, 0,
        )  # fmt: skip
        one = Match(observation_of(said, subject.evidence, subject.kind), key, current_of(connection, key))
        if one.kind == "changed" and not said.period:
            one = one._replace(old=None)
        changes.append(one.change())
    return changes


def settle_name(
    engine: sa.Engine, name: str, org_unit_id: int, user: str, source_file_id: int | None = None
) -> Outcome:
    """Gives a name that no unit, or several, answered to a unit of the tree, for one document or for all.

    Numbers that waited for the name alone and those that stand under the proposed unit become the unit's; those that
    wait for another reason too keep waiting, now with the unit. A name that nobody answered to becomes an alias.
    """
    with write(engine) as connection:
        return settle_name_in(connection, name, org_unit_id, user, source_file_id)


def settle_name_in(
    connection: sa.Connection, name: str, org_unit_id: int, user: str, source_file_id: int | None = None
) -> Outcome:
    """`settle_name` inside a write transaction."""
    status = connection.scalar(sa.select(org_unit.c.status).where(org_unit.c.id == org_unit_id))
    if status not in IN_TREE:
        raise StoreError("请选名录中的单位。")
    named = [one for one in waiting(connection, source_file_id) if one.entity == name and {*one.doubts} & PLACE]
    facts = _facts(connection, name, source_file_id)
    alone = [one for one in named if not {*one.doubts} - PLACE]
    answers = [
        Answer(Origin.PENDING, one.number, Choice.CORRECT, replace(one.said, org_unit_id=org_unit_id))
        for one in alone
        if one.said is not None
    ]
    answers += [
        Answer(Origin.OBSERVATION, number, Choice.CORRECT, replace(said, org_unit_id=org_unit_id))
        for number, said in facts
    ]
    outcome = decide_in(connection, answers, user)
    _place_rest(connection, [one for one in named if one not in alone], org_unit_id)
    if facts or any(Doubt.UNKNOWN_PLACE in one.doubts for one in named):
        add_alias(connection, org_unit_id, name, "review")
    audit.record(connection, Action.DECISION, user, subject=f"unit {org_unit_id}", after={"name": name})
    bump_revision(connection)
    return outcome


def _facts(connection: sa.Connection, name: str, source_file_id: int | None) -> list[tuple[int, Statement]]:
    """Current observations under the proposed unit of a name."""
    obs, proof = observation, evidence
    wanted = [obs.c.valid_to.is_(None), org_unit.c.name == name, org_unit.c.status == OrgStatus.PROPOSED.value]
    if source_file_id is not None:
        wanted.append(proof.c.source_file_id == source_file_id)
    rows = connection.execute(
        sa.select(obs.c.id)
        .join_from(obs, proof, sa.and_(proof.c.area_id == obs.c.area_id, proof.c.observation_id == obs.c.id))
        .join(org_unit, obs.c.org_unit_id == org_unit.c.id)
        .where(*wanted)
        .order_by(obs.c.id)
    )
    numbers = [int(number) for (number,) in rows]
    found = subjects(connection, [Answer(Origin.OBSERVATION, number, Choice.CORRECT) for number in numbers])
    return [(n, one.now) for n, one in zip(numbers, found, strict=True) if one.now is not None]


def _place_rest(connection: sa.Connection, rest: Sequence[Waiting], org_unit_id: int) -> None:
    """Readings that are doubtful for another reason too keep waiting, with the unit that was chosen."""
    for one in rest:
        if one.said is not None:
            doubts = ",".join(doubt for doubt in one.doubts if doubt not in PLACE)
            said = to_json(replace(one.said, org_unit_id=org_unit_id))
            connection.execute(
                sa.update(pending_reading)
                .where(pending_reading.c.id == one.number)
                .values(org_unit_id=org_unit_id, doubts=doubts, said=said)
            )
