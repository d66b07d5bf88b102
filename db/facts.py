"""Observations in and out: the rows behind an import, what it closed, and the way back. Call inside `db.engine.write`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.bulk import insert_many, reserve_observations
from db.frames import chunks
from db.matching import Key, Match, content_of
from db.restated import hand_over, proof_values
from db.schema import evidence, import_batch, observation
from db.schema_restated import PROOF
from db.schema_review import review_decision, review_effect

AT_ONCE = 50_000  # new observations whose rows are in memory together


def close(connection: sa.Connection, rows: Iterable[tuple[int, int]], closed_by: int, now: datetime) -> None:
    """Ends observations, named by area and id, by an import."""
    _set(connection, rows, {"valid_to": now, "closed_by": closed_by})


def _set(connection: sa.Connection, rows: Iterable[tuple[int, int]], values: dict[str, Any]) -> None:
    """Sets the same values in many observations, named by area and id."""
    by_area: dict[int, list[int]] = defaultdict(list)
    for area_id, number in rows:
        by_area[area_id].append(number)
    for area_id, numbers in by_area.items():
        for some in chunks(numbers):
            chosen = observation.c.id.in_(some)
            connection.execute(sa.update(observation).where(observation.c.area_id == area_id, chosen).values(**values))


def add_observations(
    connection: sa.Connection, writing: Sequence[Match], file_id: int, import_id: int, now: datetime
) -> None:
    """New observations with their proof, in the order of their cells; what they replace is closed already."""
    if writing:
        first = reserve_observations(connection, len(writing))
        add_numbered(connection, writing, range(first, first + len(writing)), file_id, import_id, now)


def add_numbered(
    connection: sa.Connection,
    writing: Sequence[Match],
    numbers: Sequence[int],
    file_id: int,
    import_id: int,
    now: datetime,
) -> None:
    """`add_observations` with numbers that are reserved already."""
    order = _in_order(writing) if writing else []
    for start in range(0, len(order), AT_ONCE):
        some = [(numbers[n], writing[n]) for n in order[start : start + AT_ONCE]]
        rows = [(*one.key, number, *content_of(one.observation), import_id, now) for number, one in some]
        insert_many(connection, observation, OBSERVATION, rows)
        proofs = [(one.key.area_id, number, file_id, *proof_values(one.observation.evidence)) for number, one in some]
        insert_many(connection, evidence, EVIDENCE, proofs)
        effects = [
            (one.key.area_id, number, one.observation.decision, "added")
            for number, one in some
            if one.observation.decision is not None
        ]
        insert_many(connection, review_effect, ("area_id", "observation_id", "decision_id", "role"), effects)


EVIDENCE = ("area_id", "observation_id", "source_file_id", *PROOF)
OBSERVATION = (*Key._fields, "id", "value", "value_high", "numerator", "denominator", "unit", "qualifier",
               "obs_status", "import_id", "valid_from")  # fmt: skip


def _in_order(writing: Sequence[Match]) -> list[int]:
    """Their places in the order of their keys, as the index wants them."""
    columns = list(zip(*(one.key for one in writing), strict=True))
    order: list[int] = np.lexsort([np.array(column) for column in reversed(columns)]).tolist()
    return order


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
    """Ends the added observations by their own import, or gives them to another import that says the same; each replaced
    one takes over the end of the one that replaced it, or of the next one of its cell, and is current again where there
    is none. Returns the cells."""
    both, theirs = _rows_of(connection, added), _rows_of(connection, replaced)
    heirs = hand_over(connection, [(key, life.observation_id) for key, life in both], import_id, now)
    ours = [(key, life) for key, life in both if life.observation_id not in heirs]
    close(
        connection, [(key.area_id, life.observation_id) for key, life in ours if life.valid_to is None], import_id, now
    )
    ended = [(key.area_id, life.observation_id) for key, life in ours if life.valid_to is not None]
    _set(connection, ended, {"closed_by": import_id})
    ends = {key: _End(life.valid_to, life.closed_by, life.observation_id) for key, life in ours}  # of several the last
    for key, life in both:
        if (heir := heirs.get(life.observation_id)) is not None:
            ends[key] = _End(heir.since, heir.import_id)
    by_end: dict[tuple[datetime | None, int | None], list[tuple[int, int]]] = defaultdict(list)
    taken: list[tuple[Key, int, _End]] = []
    for key, life in theirs:
        end = ends[key] if key in ends else _next_of(connection, key, life.observation_id)
        by_end[end.valid_to, end.closed_by].append((key.area_id, life.observation_id))
        taken.append((key, life.observation_id, end))
    for (valid_to, closed_by), rows in by_end.items():
        _set(connection, rows, {"valid_to": valid_to, "closed_by": closed_by})
    _answered_for(connection, taken, import_id)
    return {key for key, _ in (*both, *theirs)}


@dataclass(frozen=True, slots=True)
class _End:
    """When and by which import an observation ends, and the observation whose effects tell by which decision: the one
    taken back, which ended so, or the next of the cell, which began so."""

    valid_to: datetime | None
    closed_by: int | None
    told_by: int | None = None


def _next_of(connection: sa.Connection, key: Key, observation_id: int) -> _End:
    """When and by which import a cell got its next value after an observation that was closed without one."""
    row = connection.execute(
        sa.select(observation.c.valid_from, observation.c.import_id, observation.c.id)
        .where(
            *(observation.c[name] == value for name, value in key._asdict().items()),
            observation.c.id > observation_id,
            sa.or_(observation.c.closed_by.is_(None), observation.c.closed_by != observation.c.import_id),
        )
        .order_by(observation.c.id)
        .limit(1)
    ).first()
    return _End(None, None) if row is None else _End(*row)


def _answered_for(connection: sa.Connection, taken: Sequence[tuple[Key, int, _End]], import_id: int) -> None:
    """Where a decision ends what came before the value taken back, it displaced that too: taken back later, it must give it
    back."""
    closers = {end.closed_by for _, _, end in taken if end.closed_by not in (None, import_id)}
    asked = sa.select(import_batch.c.id).where(import_batch.c.id.in_(closers), import_batch.c.kind == "review")
    reviews = set(connection.scalars(asked)) if closers else set()
    rows = [
        (key.area_id, number, (end.told_by, end.closed_by)) for key, number, end in taken if end.closed_by in reviews
    ]
    effects, decisions = review_effect.c, defaultdict[tuple[int | None, int | None], list[int]](list)
    for some in chunks({told_by for _, _, (told_by, _) in rows if told_by is not None}):
        found = sa.select(effects.observation_id, review_decision.c.import_id, effects.decision_id).join_from(
            review_effect, review_decision, effects.decision_id == review_decision.c.id
        )
        for number, closed_by, decision in connection.execute(found.where(effects.observation_id.in_(some))):
            decisions[number, closed_by].append(decision)
    wanted = {(area, number, each) for area, number, end in rows for each in decisions.get(end, ())}
    for some in chunks({number for _, number, _ in wanted}):
        held = sa.select(effects.area_id, effects.observation_id, effects.decision_id)
        wanted -= {tuple(row) for row in connection.execute(held.where(effects.observation_id.in_(some)))}
    insert_many(
        connection, review_effect, ("area_id", "observation_id", "decision_id", "role"),
        [(*each, "displaced") for each in sorted(wanted)],
    )  # fmt: skip
