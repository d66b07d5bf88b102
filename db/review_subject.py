"""What a decision is about: a waiting reading, a stored observation, or a number that was not taken, with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from db.blocks import stored_reading
from db.engine import StoreError
from db.records import Evidence, OrgStatus, Reading, SourceKind
from db.records_review import (
    Answer,
    Origin,
    Statement,
    context_of,
    place_of,
    sentence_around,
    statement_from,
    subject_of,
)
from db.review_force import in_force
from db.schema import dim_set, evidence, import_batch, indicator, observation, org_unit, period, rejected
from db.schema_review import pending_reading, review_decision, review_effect

_GONE = "这个数已有变动(可能别人刚处理过),请刷新页面后再看。"
_PROOF = tuple(Evidence.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Subject:
    """A number of a file as a decision names it. `decision` is the row of the decision in force on it;
    `unknown_name` the name in the document that no unit of the tree answered to."""

    origin: Origin
    source_file_id: int
    kind: SourceKind
    place: str
    subject: str
    context: str
    evidence: Evidence
    before: Statement | None
    unknown_name: str = ""
    pending_id: int | None = None
    observation_id: int | None = None
    decision: Any = None
    now: Statement | None = None  # what the store holds at present, where that is an observation

    @classmethod
    def of_decision(cls, row: Any, kind: SourceKind) -> Subject:
        """The subject of an earlier decision, as that decision found it."""
        return cls(
            Origin(row.origin), row.source_file_id, kind, row.place, row.subject, row.context, Evidence(**row.evidence),
            statement_from(row.before), observation_id=row.observation_id, decision=row,
        )  # fmt: skip


def subjects(connection: sa.Connection, answers: Sequence[Answer]) -> list[Subject]:
    """The subject of every answer. Raises StoreError for one that is no longer there."""
    readings = _Readings(connection)
    finders = {Origin.PENDING: _of_pending, Origin.OBSERVATION: _of_observation, Origin.REJECTED: _of_rejected}
    return [finders[answer.origin](connection, answer.number, readings) for answer in answers]


class _Readings:
    """Stored readings, each loaded once."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.held: dict[int, Reading] = {}

    def of(self, source_file_id: int) -> Reading:
        if source_file_id not in self.held:
            self.held[source_file_id] = stored_reading(self.connection, source_file_id)
        return self.held[source_file_id]


def _decision(connection: sa.Connection, number: int | None) -> Any:
    if number is None:
        return None
    return connection.execute(sa.select(review_decision).where(review_decision.c.id == number, in_force())).first()


def _of_pending(connection: sa.Connection, number: int, readings: _Readings) -> Subject:
    row = connection.execute(
        sa.select(pending_reading, import_batch.c.source_file_id, import_batch.c.source_kind, import_batch.c.status)
        .join_from(pending_reading, import_batch, pending_reading.c.import_id == import_batch.c.id)
        .where(pending_reading.c.id == number)
    ).first()
    if row is None or row.status != "stored":
        raise StoreError(_GONE)
    proof, said = Evidence(**row.evidence), statement_from(row.said)
    assert said is not None
    earlier = _decision(connection, row.decision_id)
    found = Subject(
        Origin.PENDING, row.source_file_id, SourceKind(row.source_kind), place_of(proof),
        subject_of(said.indicator, said.dims), context_of(readings.of(row.source_file_id), proof), proof, said,
        _unknown(connection, row.org_unit_id, row.entity), pending_id=row.id, decision=earlier,
    )  # fmt: skip
    return found if earlier is None else replace(found, place=earlier.place, subject=earlier.subject)


def _unknown(connection: sa.Connection, org_unit_id: int | None, entity: str) -> str:
    """The name of a document for which a unit was proposed."""
    if org_unit_id is None or not entity:
        return ""
    status = connection.scalar(sa.select(org_unit.c.status).where(org_unit.c.id == org_unit_id))
    return entity if status == OrgStatus.PROPOSED.value else ""


def _of_observation(connection: sa.Connection, number: int, readings: _Readings) -> Subject:
    """A stored observation; one that rests on a decision leads back to what that decision was about."""
    effect = connection.scalar(
        sa.select(review_effect.c.decision_id).where(
            review_effect.c.observation_id == number, review_effect.c.role == "added"
        )
    )
    row = _fact(connection, number)
    if row is None:
        raise StoreError(_GONE)
    earlier = _decision(connection, effect)
    if earlier is not None:
        return replace(_of_earlier(connection, earlier, SourceKind(row.source_kind)), now=_said(row))
    proof, said = Evidence(**{name: getattr(row, name) for name in _PROOF}), _said(row)
    name = row.name if row.unit_status == OrgStatus.PROPOSED.value else ""
    return Subject(
        Origin.OBSERVATION, row.source_file_id, SourceKind(row.source_kind), place_of(proof),
        subject_of(said.indicator, said.dims), context_of(readings.of(row.source_file_id), proof), proof, said, name,
        observation_id=number, now=said,
    )  # fmt: skip


def _said(row: Any) -> Statement:
    return Statement(
        row.indicator, row.dims, row.org_unit_id, row.period, row.value, row.unit, row.qualifier, row.value_high,
        row.numerator, row.denominator, row.obs_status,
    )  # fmt: skip


def _fact(connection: sa.Connection, number: int) -> Any:
    obs = observation
    proof = sa.and_(evidence.c.area_id == obs.c.area_id, evidence.c.observation_id == obs.c.id)
    return connection.execute(
        sa.select(
            obs.c.org_unit_id, obs.c.value, obs.c.value_high, obs.c.numerator, obs.c.denominator, obs.c.unit,
            obs.c.qualifier, obs.c.obs_status, obs.c.source_kind, indicator.c.code.label("indicator"),
            period.c.code.label("period"), dim_set.c.key.label("dims"), org_unit.c.name,
            org_unit.c.status.label("unit_status"), evidence.c.source_file_id, *(evidence.c[name] for name in _PROOF),
        )
        .join_from(obs, evidence, proof)
        .join(org_unit, obs.c.org_unit_id == org_unit.c.id)
        .join(indicator, obs.c.indicator_id == indicator.c.id)
        .join(period, obs.c.period_id == period.c.id)
        .join(dim_set, obs.c.dim_set_id == dim_set.c.id)
        .where(obs.c.id == number, obs.c.valid_to.is_(None))
    ).first()  # fmt: skip


def _of_earlier(connection: sa.Connection, earlier: Any, kind: SourceKind) -> Subject:
    found = Subject.of_decision(earlier, kind)
    if found.origin is Origin.PENDING:
        waiting = connection.execute(
            sa.select(pending_reading.c.id, pending_reading.c.entity, pending_reading.c.org_unit_id).where(
                pending_reading.c.decision_id == earlier.id
            )
        ).first()
        if waiting is not None:
            name = _unknown(connection, waiting.org_unit_id, waiting.entity)
            return replace(found, pending_id=waiting.id, unknown_name=name)
    return found


def _of_rejected(connection: sa.Connection, number: int, readings: _Readings) -> Subject:
    row = connection.execute(
        sa.select(rejected, import_batch.c.source_file_id, import_batch.c.source_kind, import_batch.c.status)
        .join_from(rejected, import_batch, rejected.c.import_id == import_batch.c.id)
        .where(rejected.c.id == number)
    ).first()
    if row is None or row.status != "stored":
        raise StoreError(_GONE)
    reading = readings.of(row.source_file_id)
    proof = rejected_evidence(reading, row)
    if not proof.holds_in(reading):
        raise StoreError("这个数在文件中的位置无法核对,不能登记为指标;请在统计表中填报。")
    earlier = connection.execute(
        sa.select(review_decision).where(
            review_decision.c.source_file_id == row.source_file_id, review_decision.c.place == place_of(proof),
            review_decision.c.subject == "", in_force(),
        )
    ).first()  # fmt: skip
    return Subject(
        Origin.REJECTED, row.source_file_id, SourceKind(row.source_kind), place_of(proof), "",
        context_of(reading, proof), proof, None, decision=earlier,
    )  # fmt: skip


def rejected_evidence(reading: Reading, row: Any) -> Evidence:
    """The evidence of a number that was not taken: its place, and the sentence around it."""
    if row.cell is not None:
        return Evidence(row.text, f"rejected.{row.reason}", "1", 0.0, row.sheet or "", sheet=row.sheet, cell=row.cell)
    if row.start is None or row.end is None:
        raise StoreError("这个数没有记下在文件中的位置,不能登记为指标。")
    first, last = sentence_around(reading.text, row.start, row.end)
    return Evidence(
        row.text, f"rejected.{row.reason}", "1", 0.0, "", row.start, row.end, first, last
    )  # fmt: skip
