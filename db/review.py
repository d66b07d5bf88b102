"""Decisions of a person on numbers of a file: stored for good, and carried into the facts in the same transaction.

What a decision changes is an import of kind "review": observations are closed and added as any file does it, with
their rollups. Taking a decision back restores what stood before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from db import audit, rollups
from db.blocks import fit, storable
from db.engine import StoreError, moment, write
from db.facts import add_observations, close, take_back
from db.interning import intern_dims, intern_indicators, intern_periods
from db.matching import Key, Match, current_of
from db.org import IN_TREE, add_alias, bump_revision, drop_alias
from db.records import SourceKind
from db.records_accounts import Action
from db.records_review import (
    Answer,
    Choice,
    Outcome,
    Statement,
    observation_of,
    reviewed,
    to_json,
)
from db.review_force import in_force
from db.review_subject import Subject, subjects
from db.schema import import_batch, observation, org_unit
from db.schema_review import pending_reading, review_decision, review_effect


def decide(engine: sa.Engine, answers: Sequence[Answer], user: str) -> Outcome:
    """Stores decisions and what follows from them, all in one transaction.

    A number that was decided before gets a new decision in place of the old one. Raises StoreError with a sentence
    when an answer cannot be carried out; then nothing is stored.
    """
    with write(engine) as connection:
        return decide_in(connection, answers, user)


def decide_in(connection: sa.Connection, answers: Sequence[Answer], user: str) -> Outcome:
    """`decide` inside a transaction that is open for writing."""
    outcome = Outcome()
    pairs = sorted(zip(subjects(connection, answers), answers, strict=True), key=lambda pair: pair[0].source_file_id)
    for file_id, held in groupby(pairs, key=lambda pair: pair[0].source_file_id):
        desk = Desk(connection, file_id, user)
        for subject, answer in held:
            desk.answer(subject, answer)
        outcome = _sum(outcome, desk.finish())
    if answers:
        bump_revision(connection)
        audit.record(connection, Action.DECISION, user, after=_told(outcome))
    return outcome


def revoke(engine: sa.Engine, decisions: Iterable[int], user: str) -> Outcome:
    """Takes decisions back: what stood before them stands again, and what waited waits again.

    Raises StoreError when one of them is not in force.
    """
    with write(engine) as connection:
        outcome = Outcome()
        rows = in_force_of(connection, sorted(set(decisions), reverse=True))
        for file_id, held in groupby(sorted(rows, key=lambda row: row.source_file_id), key=lambda r: r.source_file_id):
            desk = Desk(connection, file_id, user)
            for row in held:
                desk.revoke(row)
            outcome = _sum(outcome, desk.finish())
        bump_revision(connection)
        audit.record(connection, Action.DECISION, user, before={"revoked": [int(row.id) for row in rows]})
        return outcome


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "decisions": list(outcome.decisions), "added": outcome.added, "replaced": outcome.replaced,
        "closed": outcome.closed,
    }  # fmt: skip


def _sum(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(
        (*one.decisions, *other.decisions),
        one.added + other.added,
        one.replaced + other.replaced,
        one.closed + other.closed,
    )


def in_force_of(connection: sa.Connection, ids: Sequence[int]) -> list[Any]:
    """Rows of decisions in force; StoreError when one of them is not."""
    rows = connection.execute(
        sa.select(review_decision)
        .where(review_decision.c.id.in_(ids), in_force())
        .order_by(review_decision.c.id.desc())
    ).all()
    if len(rows) < len(ids):
        raise StoreError("这条认定已被撤销或改过,请刷新页面后再看。")
    return list(rows)


@dataclass
class Desk:
    """The decisions of one person on one file while they are carried out inside a transaction."""

    connection: sa.Connection
    source_file_id: int
    user: str
    now: datetime = field(default_factory=moment)
    touched: set[rollups.Touched] = field(default_factory=set)
    decisions: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"new": 0, "same": 0, "changed": 0})
    closed: int = 0

    def __post_init__(self) -> None:
        batch = self.connection.execute(
            sa.select(import_batch.c.source_kind, import_batch.c.status, import_batch.c.id)
            .where(import_batch.c.source_file_id == self.source_file_id, import_batch.c.kind == "file")
            .order_by(import_batch.c.id.desc())
            .limit(1)
        ).one()
        self.kind, self.stored, self.file_import = SourceKind(batch[0]), batch[1] == "stored", batch[2]
        self.import_id = int(
            self.connection.scalar(
                sa.insert(import_batch)
                .values(
                    source_file_id=self.source_file_id, source_kind=batch[0], kind="review", status="stored",
                    created_by=fit(import_batch.c.created_by, self.user), created_at=self.now,
                    extractor_version="review", n_new=0, n_same=0, n_changed=0,
                )
                .returning(import_batch.c.id)
            )
            or 0
        )  # fmt: skip

    def answer(self, subject: Subject, answer: Answer) -> None:
        """One decision, in place of an earlier one on the same number."""
        if not self.stored:
            raise StoreError("这个文件的导入已经撤销,不能再作认定;请先重新上传。")
        if subject.decision is not None:
            subject = replace(subject, observation_id=self.withdraw(subject.decision))
        after = after_answer(subject, answer)
        alias = self._teach(subject, after)
        number = self._record(subject, answer, after, alias)
        self.carry_out(subject, after, answer.choice, number)

    def carry_out(self, subject: Subject, after: Statement | None, choice: Choice, number: int) -> None:
        """What a decision does: the value in question ends, what waited is settled, another statement may take over."""
        if subject.observation_id is not None:
            self._end_fact(subject.observation_id, number)
        if subject.pending_id is not None:
            self._settle(subject.pending_id, number)
        if after is not None:
            self._add(after, subject, choice, number)

    def revoke(self, row: Any) -> None:
        """Takes one decision back by a row of its own."""
        self.withdraw(row)
        again = {name: getattr(row, name) for name in ("source_file_id", "place", "subject", "number", "context", "origin",
                                                       "evidence", "observation_id")}  # fmt: skip
        number = self.connection.scalar(
            sa.insert(review_decision)
            .values(
                **again, choice=Choice.REVOKE.value, before=row.after, after=None, reason="", alias="",
                decided_by=fit(review_decision.c.decided_by, self.user), decided_at=self.now, import_id=self.import_id,
            )
            .returning(review_decision.c.id)
        )  # fmt: skip
        self.decisions.append(int(number or 0))

    def finish(self) -> Outcome:
        """Refreshes the rollups; a review that changed no value leaves no import behind."""
        added = self.counts["new"] + self.counts["changed"]
        if not self.touched:
            self.connection.execute(
                sa.update(review_decision).where(review_decision.c.import_id == self.import_id).values(import_id=None)
            )
            self.connection.execute(sa.delete(import_batch).where(import_batch.c.id == self.import_id))
        else:
            values = {f"n_{kind}": count for kind, count in self.counts.items()}
            self.connection.execute(sa.update(import_batch).where(import_batch.c.id == self.import_id).values(**values))
            rollups.refresh(self.connection, self.touched)
        return Outcome(tuple(self.decisions), added, self.counts["changed"], self.closed)

    # ---- the parts of a decision -------------------------------------------------------------------------

    def _record(self, subject: Subject, answer: Answer, after: Statement | None, alias: str) -> int:
        number = self.connection.scalar(
            sa.insert(review_decision)
            .values(
                source_file_id=self.source_file_id,
                place=fit(review_decision.c.place, subject.place),
                subject=fit(review_decision.c.subject, subject.subject),
                number=storable(subject.evidence.quote),
                context=fit(review_decision.c.context, subject.context),
                choice=answer.choice.value, origin=subject.origin.value, before=to_json(subject.before),
                after=to_json(after), evidence=to_json(subject.evidence),
                reason=answer.reason if answer.choice is Choice.REJECT else "", alias=alias,
                observation_id=subject.observation_id, import_id=self.import_id,
                decided_by=fit(review_decision.c.decided_by, self.user), decided_at=self.now,
            )
            .returning(review_decision.c.id)
        )  # fmt: skip
        self.decisions.append(int(number or 0))
        return self.decisions[-1]

    def _settle(self, pending_id: int, number: int) -> None:
        self.connection.execute(
            sa.update(pending_reading).where(pending_reading.c.id == pending_id).values(decision_id=number)
        )

    def _end_fact(self, observation_id: int, number: int) -> None:
        """The stored observation ends, unless a later file has replaced it already."""
        row = self.connection.execute(
            sa.select(observation.c.area_id, observation.c.period_id, observation.c.indicator_id).where(
                observation.c.id == observation_id, observation.c.valid_to.is_(None)
            )
        ).first()
        if row is not None:
            self._close(row.area_id, observation_id, number, "about")
            self.touched.add((row.area_id, row.period_id, row.indicator_id))
            self.closed += 1

    def _close(self, area_id: int, observation_id: int, number: int, role: str) -> None:
        close(self.connection, [(area_id, observation_id)], self.import_id, self.now)
        values = {"area_id": area_id, "observation_id": observation_id, "decision_id": number}
        # A decision that is carried out anew may have displaced the value before, when another file was undone.
        self.connection.execute(sa.delete(review_effect).filter_by(**values))
        self.connection.execute(sa.insert(review_effect).values(**values, role=role))

    def _add(self, said: Statement, subject: Subject, choice: Choice, number: int) -> None:
        """The statement as an observation of its cell; an equal one that stands there already is left alone."""
        item = observation_of(said, reviewed(subject.evidence, choice), subject.kind, number)
        key = self._cell_of(said, subject.kind)
        one = Match(item, key, current_of(self.connection, key))
        if one.kind == "changed" and said.period == "":
            one = Match(item, self._beside(key), None)
        self.counts[one.kind] += 1
        if one.kind == "same":
            return
        if one.old is not None:
            self._close(one.key.area_id, one.old.observation_id, number, "displaced")
        add_observations(self.connection, [one], self.source_file_id, self.import_id, self.now)
        self.touched.add((one.key.area_id, one.key.period_id, one.key.indicator_id))

    def _cell_of(self, said: Statement, kind: SourceKind) -> Key:
        area = self.connection.scalar(sa.select(org_unit.c.area_id).where(org_unit.c.id == said.org_unit_id))
        if area is None or said.org_unit_id is None:
            raise StoreError("请先选定这个数属于哪个单位,再采用。")
        return Key(
            area,
            intern_indicators(self.connection, {said.indicator})[said.indicator],
            intern_periods(self.connection, {said.period})[said.period],
            intern_dims(self.connection, {said.dims})[said.dims],
            said.org_unit_id,
            kind.value,
            0,
        )

    def _beside(self, key: Key) -> Key:
        """A free place of a cell of an unknown time: its values need not be about the same time."""
        same = [observation.c[name] == value for name, value in key._asdict().items() if name != "ordinal"]
        taken = set(
            self.connection.scalars(sa.select(observation.c.ordinal).where(*same, observation.c.valid_to.is_(None)))
        )
        return key._replace(ordinal=min(set(range(len(taken) + 1)) - taken))

    def _teach(self, subject: Subject, after: Statement | None) -> str:
        """A name that no unit answered to, and that a person gave to a unit of the tree, becomes its alias."""
        if after is None or after.org_unit_id is None or not subject.unknown_name or after.org_unit_id == (
            subject.before.org_unit_id if subject.before else None
        ):  # fmt: skip
            return ""
        status = self.connection.scalar(sa.select(org_unit.c.status).where(org_unit.c.id == after.org_unit_id))
        if status not in IN_TREE:
            return ""
        add_alias(self.connection, after.org_unit_id, subject.unknown_name, "review")
        return subject.unknown_name

    # ---- and back ----------------------------------------------------------------------------------------

    def withdraw(self, row: Any) -> int | None:
        """Undoes what a decision did; its row stays. Returns the observation it was about, where it stands again."""
        effects = self.connection.execute(
            sa.select(observation.c.id, observation.c.import_id, observation.c.closed_by, review_effect.c.role)
            .join_from(review_effect, observation, sa.and_(
                review_effect.c.area_id == observation.c.area_id,
                review_effect.c.observation_id == observation.c.id,
            ))
            .where(review_effect.c.decision_id == row.id)
        ).all()  # fmt: skip
        own = {row.import_id, *(one.import_id for one in effects if one.role == "added")}
        # What another review had added and took back by itself since is gone for good: nobody gives it back.
        effects = [
            one for one in effects if one.role == "added" or one.closed_by != one.import_id or one.closed_by in own
        ]
        made_by = {one.import_id if one.role == "added" else one.closed_by for one in effects} - {None}
        for import_id in sorted(number for number in made_by if self._is_review(number)):
            added = [one.id for one in effects if one.role == "added" and one.import_id == import_id]
            ended = [one.id for one in effects if one.role != "added" and one.closed_by == import_id]
            keys = take_back(
                self.connection, observation.c.id.in_(added), observation.c.id.in_(ended), import_id, self.now
            )
            self.touched |= {(key.area_id, key.period_id, key.indicator_id) for key in keys}
            self.closed += len(added)
        self._forget(row)
        self.connection.execute(
            sa.update(pending_reading).where(pending_reading.c.decision_id == row.id).values(decision_id=None)
        )
        return self._standing(one.id for one in effects if one.role == "about")

    def _is_review(self, import_id: int) -> bool:
        """Whether an import is a review that nobody has undone."""
        row = self.connection.execute(
            sa.select(import_batch.c.status, import_batch.c.kind).where(import_batch.c.id == import_id)
        ).one()
        return (row.status, row.kind) == ("stored", "review")

    def _standing(self, ids: Iterable[int]) -> int | None:
        found: int | None = self.connection.scalar(
            sa.select(observation.c.id)
            .where(observation.c.id.in_(sorted(ids)), observation.c.valid_to.is_(None))
            .limit(1)
        )
        return found

    def _forget(self, row: Any) -> None:
        """The alias that a decision taught, unless another decision in force taught it too."""
        unit = (row.after or {}).get("org_unit_id")
        if not row.alias or unit is None:
            return
        others = self.connection.execute(
            sa.select(review_decision.c.after).where(
                review_decision.c.alias == row.alias, review_decision.c.id != row.id, in_force()
            )
        ).scalars()
        if all((other or {}).get("org_unit_id") != unit for other in others):
            drop_alias(self.connection, unit, row.alias, "review")


def after_answer(subject: Subject, answer: Answer) -> Statement | None:
    """What holds after an answer, None when nothing does. Raises StoreError when the answer is incomplete."""
    if answer.choice is Choice.REJECT:
        if not answer.reason:
            raise StoreError("不采用时请选一个原因。")
        return None
    said = subject.before if answer.choice is Choice.ACCEPT else answer.statement
    if said is None:
        raise StoreError("请先填写这个数是什么指标,再采用。")
    if said.value is None and said.status == "normal":
        raise StoreError("数值没有填,不能采用。")
    return said
