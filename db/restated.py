"""What several files say alike is one observation of the first; when that file is undone it goes over to the next one.

Its number stays, so that rulings and links about it hold on; a copy that ended stays with the file that was undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from db.blocks import storable
from db.bulk import insert_many, reserve_observations
from db.frames import chunks
from db.matching import Key, Match
from db.records import Evidence
from db.schema import evidence, import_batch, observation
from db.schema_restated import PROOF, restatement
from db.schema_review import review_effect

_COPIED = ("area_id", "org_unit_id", "indicator_id", "period_id", "dim_set_id", "source_kind", "ordinal", "value",
           "value_high", "numerator", "denominator", "unit", "qualifier", "obs_status", "import_id", "valid_from")  # fmt: skip
_PROVED = ("area_id", "source_file_id", *PROOF)
_rest_of_proof = attrgetter(*PROOF[2:])
_LONGEST_LOCATOR = getattr(evidence.c.locator.type, "length", None)  # asked once: a file has many proofs


def proof_values(proof: Evidence) -> tuple[object, ...]:
    """The columns PROOF of a piece of evidence."""
    return locator_of(proof.locator), storable(proof.quote), *_rest_of_proof(proof)


def locator_of(text: str) -> str:
    """A locator as the store keeps it."""
    return storable(text)[:_LONGEST_LOCATOR]


def add_restatements(connection: sa.Connection, same: Sequence[Match], file_id: int, import_id: int) -> None:
    """Notes what an import says that stands in the store already. Call it inside `db.engine.write`."""
    rows: list[tuple[Any, ...]] = [
        (one.old.observation_id, import_id, one.key.area_id, file_id, *proof_values(one.observation.evidence))
        for one in same
        if one.old is not None
    ]
    rows.sort(key=lambda row: (row[2], row[0]))
    insert_many(connection, restatement, ("observation_id", "import_id", *_PROVED), rows)


@dataclass(frozen=True, slots=True)
class Heir:
    """The import that an observation goes over to."""

    import_id: int
    since: datetime


def hand_over(
    connection: sa.Connection, ours: Sequence[tuple[Key, int]], import_id: int, now: datetime
) -> Mapping[int, Heir]:
    """Gives observations (cell and number) of an import that is being undone to the next import that says the same;
    returns the heirs by number. The others are left alone. Call it inside `db.engine.write`."""
    heirs = _heirs(connection, ours, import_id)
    given = [(key.area_id, number) for key, number in ours if number in heirs]
    if not given:
        return {}
    _keep_copies(connection, given, import_id, now)
    owners, proofs = [], []
    for area_id, number in given:
        row, here = heirs[number], {"in_area": area_id, "of": number}
        owners.append({**here, "to_import": row.import_id, "to_since": row.created_at})
        proofs.append({**here, "to_file": row.source_file_id, **{f"to_{name}": getattr(row, name) for name in PROOF}})
    connection.execute(_TO_OWNER, owners)
    connection.execute(_TO_PROOF, proofs)
    return {number: Heir(heirs[number].import_id, heirs[number].created_at) for _, number in given}


_TO_OWNER = (
    sa.update(observation)
    .where(observation.c.area_id == sa.bindparam("in_area"), observation.c.id == sa.bindparam("of"))
    .values(import_id=sa.bindparam("to_import"), valid_from=sa.bindparam("to_since"))
)
_TO_PROOF = (
    sa.update(evidence)
    .where(evidence.c.area_id == sa.bindparam("in_area"), evidence.c.observation_id == sa.bindparam("of"))
    .values(source_file_id=sa.bindparam("to_file"), **{name: sa.bindparam(f"to_{name}") for name in PROOF})
)
_TO_COPY = (
    sa.update(review_effect)
    .where(review_effect.c.area_id == sa.bindparam("in_area"), review_effect.c.observation_id == sa.bindparam("of"))
    .where(review_effect.c.role == "added")
    .values(observation_id=sa.bindparam("copy"))
)


def _heirs(connection: sa.Connection, ours: Sequence[tuple[Key, int]], import_id: int) -> dict[int, Any]:
    """By observation the first of the imports in force that say the same."""
    found: dict[int, Any] = {}
    query = (
        sa.select(restatement, import_batch.c.created_at)
        .join_from(restatement, import_batch, restatement.c.import_id == import_batch.c.id)
        .where(import_batch.c.status == "stored", restatement.c.import_id > import_id)
        .order_by(restatement.c.import_id)
    )
    area_of = {number: key.area_id for key, number in ours}
    for some in chunks(area_of):
        areas = restatement.c.area_id.in_({area_of[number] for number in some})  # the keys begin with it
        for row in connection.execute(query.where(areas, restatement.c.observation_id.in_(some))):
            found.setdefault(row.observation_id, row)
    return found


def _keep_copies(connection: sa.Connection, given: Sequence[tuple[int, int]], import_id: int, now: datetime) -> None:
    """What the undone import had said stays with it as observations that it ended itself, with their proof and the
    decisions they rested on. That it said the same too is noted: for the days when it was in force."""
    first = reserve_observations(connection, len(given))
    copies = {number: copy for copy, (_, number) in enumerate(given, start=first)}
    area_of = {number: area_id for area_id, number in given}
    for numbers in chunks(area_of):
        areas = {area_of[number] for number in numbers}  # the keys begin with it
        facts = connection.execute(
            sa.select(
                observation.c.id, observation.c.valid_to, *(observation.c[name] for name in _COPIED)
            ).where(observation.c.id.in_(numbers))
        ).all()  # fmt: skip
        rows = [(*row[2:], copies[row[0]], import_id, row.valid_to or now) for row in facts]
        insert_many(connection, observation, (*_COPIED, "id", "closed_by", "valid_to"), rows)
        proofs = connection.execute(
            sa.select(evidence.c.observation_id, *(evidence.c[name] for name in _PROVED)).where(
                evidence.c.area_id.in_(areas), evidence.c.observation_id.in_(numbers)
            )
        ).all()
        rows = [(*row[1:], copies[row[0]]) for row in proofs]
        insert_many(connection, evidence, (*_PROVED, "observation_id"), rows)
        noted = set(connection.scalars(
            sa.select(restatement.c.observation_id).where(
                restatement.c.area_id.in_(areas), restatement.c.observation_id.in_(numbers),
                restatement.c.import_id == import_id,
            )
        ))  # fmt: skip
        rows = [(*row[1:], row[0], import_id) for row in proofs if row[0] not in noted]
        insert_many(connection, restatement, (*_PROVED, "observation_id", "import_id"), rows)
    moves = [{"in_area": area_id, "of": number, "copy": copies[number]} for area_id, number in given]
    connection.execute(_TO_COPY, moves)
