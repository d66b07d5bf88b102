"""A report of which some readings wait, on the small city of `makers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from db import queries
from db.queries import Waiting
from db.records import Draft, Evidence, OrgKind, OrgStatus, ProposedUnit, Rejected
from db.records_review import Answer, Choice, Doubt, Origin, Outcome, Pending, Statement
from db.review import decide
from db.schema import source_file
from db.store import save_import
from db.verify import verify
from tests.db.makers import Fact, Place, report

PRI = "level=PRI"


def unsure(proof: Evidence, confidence: float = 0.5) -> Evidence:
    return replace(proof, confidence=confidence, rule="implied_value")


def waiting_report(
    place: Place,
    facts: Sequence[Fact],
    waits: Sequence[Fact],
    doubts: tuple[Doubt, ...] = (Doubt.LOW_CONFIDENCE,),
    name: str = "总结.txt",
) -> Draft:
    """A report in which the facts hold and the others wait; "?name" names a unit nobody knows, "!name" one that
    several units answer to."""
    spelt = [replace(one, unit="N") if one.unit.startswith("!") else one for one in waits]
    full = report(place, [*facts, *spelt], name)
    held, left = full.observations[: len(facts)], full.observations[len(facts) :]
    pending = []
    for item, fact in zip(left, waits, strict=True):
        if fact.unit.startswith("!"):
            item = replace(item, org_unit_id=None)
        unknown = (Doubt.UNKNOWN_PLACE,) if fact.unit.startswith("?") else ()
        why = (*doubts, *unknown)
        pending.append(Pending(replace(item, evidence=unsure(item.evidence)), why, fact.unit.lstrip("?!")))
    proposed = {
        fact.unit: ProposedUnit(fact.unit, fact.unit[1:], OrgKind.SCHOOL, OrgStatus.PROPOSED)
        for fact in [*facts, *waits]
        if fact.unit.startswith("?")
    }
    return replace(full, observations=held, pending=tuple(pending), proposed_units=tuple(proposed.values()))


def with_rejected(draft: Draft, quote: str, reason: str = "target", indicator: str | None = "enrollment") -> Draft:
    """The draft with a number that was not taken, at its first place in the text."""
    start = draft.reading.text.index(quote)
    return replace(draft, rejected=(Rejected(reason, quote, start, start + len(quote), indicator=indicator),))


def waits(engine: sa.Engine, file_id: int | None = None) -> list[Waiting]:
    with engine.connect() as connection:
        return queries.waiting(connection, file_id)


def take(engine: sa.Engine, one: Waiting, choice: Choice, said: Statement | None = None, reason: str = "") -> Outcome:
    return decide(engine, [Answer(one.origin, one.number, choice, said, reason)], "王芳")


def fact_of(engine: sa.Engine, quote: str) -> Waiting:
    """A current observation by its quote, as something to decide on."""
    with engine.connect() as connection:
        found = queries.search_observations(connection, text=quote)
        [number] = found.loc[found["quote"] == quote, "observation_id"]
        one = queries.statement_now(connection, int(number))
    assert one is not None
    return one


def rejected_of(engine: sa.Engine, file_id: int) -> Waiting:
    with engine.connect() as connection:
        [number] = queries.document_rejected(connection, file_id)["id"]
        one = queries.rejected_now(connection, int(number))
    assert one is not None
    return one


def stored_id(engine: sa.Engine, draft: Draft) -> int:
    """Saves the draft; the id of its file."""
    save_import(engine, draft, "李强")
    with engine.connect() as connection:
        found = connection.scalar(sa.select(source_file.c.id).where(source_file.c.sha256 == draft.source.sha256))
    assert found is not None
    return int(found)


def sound(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        faults = {check.name: check.faults for check in verify(connection) if check.faults}
    assert faults == {}


__all__ = ["PRI", "Origin"]
