"""Review: a reading that waits for a person, and what the person decided. Plain frozen records, no SQL.

A decision belongs to a number of a file: the bytes of the file, the place of the number and its text. So it
outlives a second reading of the same file, also by a newer extractor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile
from typing import Any

from db.records import (
    Evidence,
    Observation,
    ObsStatus,
    Qualifier,
    Reading,
    SourceKind,
    dims_key,
    parse_dims_key,
)

ALIKE = 10  # of these signs at least so many have to be the same
AROUND = 30  # signs on either side of a number by which it is found again in a text that was read anew
REVIEWED = "review."  # begins the rule of an observation that rests on a decision
_ENDS = "。！？；!?;\n"


class Doubt(StrEnum):
    """Why a reading waits. TWO_READINGS: the same cell twice with different values, or two ways to read a number."""

    LOW_CONFIDENCE = "low_confidence"
    AMBIGUOUS_PLACE = "ambiguous_place"
    UNKNOWN_PLACE = "unknown_place"
    TWO_READINGS = "two_readings"


class Choice(StrEnum):
    """ACCEPT takes the reading as it is, CORRECT another statement in its place, REJECT none; REVOKE takes the
    decision before it back."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    REVOKE = "revoke"


class Origin(StrEnum):
    """What a decision is about: a waiting reading, a stored observation, or a number that was not taken."""

    PENDING = "pending"
    OBSERVATION = "observation"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Pending:
    """A reading of a draft that waits: shaped like an observation, never a fact.

    `observation` has neither `org_unit_id` nor `proposed_key` where its name has several answers (`entity` is the
    name as printed, "" when redacted or missing). `decision` is the decision that settled it, if one did.
    """

    observation: Observation
    doubts: tuple[Doubt, ...]
    entity: str = ""
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a number is taken to say. `dims` is a dims key, `period` "" when unknown; `org_unit_id` is None only
    while nobody has chosen among several units of one name."""

    indicator: str
    dims: str
    org_unit_id: int | None
    period: str
    value: float | None
    unit: str
    qualifier: str = "exact"
    value_high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    status: str = "normal"


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision to be taken on the row `number` of what `origin` names. CORRECT takes a statement, REJECT a
    reason of docs/contract.md."""

    origin: Origin
    number: int
    choice: Choice
    statement: Statement | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision in force, as a new reading of its file needs it."""

    id: int
    source_file_id: int
    place: str  # see `place_of`
    subject: str  # indicator and dims of the reading it is about; "" for a number that was not taken
    number: str
    context: str
    choice: Choice
    origin: Origin
    before: Statement | None
    after: Statement | None
    reason: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call did: ids of its decisions, how many values came into the store, how many of these took the place
    of another value of their cell, and how many left without one."""

    decisions: tuple[int, ...] = ()
    added: int = 0
    replaced: int = 0
    closed: int = 0


def place_of(proof: Evidence) -> str:
    """The place of a number inside its file: `412-416` in a text, `Sheet1!C7` in a sheet."""
    return f"{proof.start}-{proof.end}" if proof.cell is None else f"{proof.sheet or ''}!{proof.cell}"


def subject_of(indicator: str, dims: str) -> str:
    """What tells two readings of one number apart."""
    return f"{indicator}|{dims}"


def chosen_of(subjects: Sequence[str], decision: Decision, *, alone: bool) -> int | None:
    """Which of the readings at the place of a decision it is about: that of its own subject, else the only one,
    where the decision is the only one of its place (`alone`)."""
    if decision.subject in subjects:
        return subjects.index(decision.subject)
    return 0 if alone and len(subjects) == 1 else None


def context_of(reading: Reading, proof: Evidence) -> str:
    """The text around a number of a report without white space, the number itself as `#`."""
    if proof.cell is not None or proof.start is None or proof.end is None:
        return ""
    return _around(reading.text, proof.start, proof.end)


def _around(text: str, start: int, end: int) -> str:
    before, after = _packed(text[max(0, start - 3 * AROUND) : start]), _packed(text[end : end + 3 * AROUND])
    return f"{before[-AROUND:]}#{after[:AROUND]}"


def _likeness(one: str, other: str) -> int:
    """How many signs next to the number are the same on both sides of it."""
    (before, after), (before_too, after_too) = one.split("#", 1), other.split("#", 1)
    pairs = (zip(before[::-1], before_too[::-1], strict=False), zip(after, after_too, strict=False))
    return sum(1 for pair in pairs for _ in takewhile(lambda signs: signs[0] == signs[1], pair))


def _packed(text: str) -> str:
    return "".join(text.replace("#", "").split())


def found_again(reading: Reading, decision: Decision) -> Evidence | None:
    """The evidence of a decision in a new reading of its file: at the old place if the number still stands there,
    else at the one place with the same text around it; None when it is nowhere."""
    proof = decision.evidence
    if proof.cell is not None:
        return proof if proof.holds_in(reading) else None
    length = len(proof.quote)
    starts = [m.start() for m in re.finditer(re.escape(proof.quote), reading.text)]
    alike = {at: _likeness(_around(reading.text, at, at + length), decision.context) for at in starts}
    best = max(alike.values(), default=0)
    same = [at for at, score in alike.items() if score == best]
    if best < min(ALIKE, len(decision.context) - 1):
        return None
    if proof.start in same:
        chosen = proof.start
    elif len(same) == 1:
        chosen = same[0]
    else:
        return None
    first, last = sentence_around(reading.text, chosen, chosen + length)
    if (chosen, reading.text[first:last]) == (proof.start, reading.text[proof.sentence_start : proof.sentence_end]):
        return proof
    return replace(proof, start=chosen, end=chosen + length, sentence_start=first, sentence_end=last)


def reviewed(proof: Evidence, choice: Choice) -> Evidence:
    """The evidence of a number that a person has looked at: the same place, certain."""
    return replace(proof, rule=f"{REVIEWED}{choice.value}", rule_version="1", confidence=1.0)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence that holds [start, end)."""
    first = max((text.rfind(sign, 0, start) for sign in _ENDS), default=-1) + 1
    ends = [at for sign in _ENDS if (at := text.find(sign, end)) >= 0]
    last = min(ends, default=len(text) - 1) + 1
    if last > end and text[last - 1] == "\n":
        last -= 1
    while first < start and text[first].isspace():
        first += 1
    return first, last


# ---- statements, observations and JSON ---------------------------------------------------------------


def statement_of(item: Observation, org_unit_id: int | None) -> Statement:
    """What an observation says, with the unit under which the store knows it."""
    return Statement(
        item.indicator, dims_key(item.dims), org_unit_id, item.period or "", _float(item.value), item.unit,
        item.qualifier.value, _float(item.value_high), _float(item.numerator), _float(item.denominator),
        item.status.value,
    )  # fmt: skip


def observation_of(said: Statement, proof: Evidence, kind: SourceKind, decision: int | None = None) -> Observation:
    """The observation of a statement; its evidence is the reader's own."""
    return Observation(
        said.indicator, said.period or None, parse_dims_key(said.dims), _decimal(said.value), said.unit, proof, kind,
        said.org_unit_id, None, _decimal(said.numerator), _decimal(said.denominator), Qualifier(said.qualifier),
        _decimal(said.value_high), ObsStatus(said.status), decision,
    )  # fmt: skip


def to_json(record: Statement | Evidence | None) -> dict[str, Any] | None:
    """A record as plain data."""
    return None if record is None else asdict(record)


def statement_from(held: Mapping[str, Any] | None) -> Statement | None:
    """The reverse of `to_json` for a statement."""
    return None if held is None else Statement(**held)


def decision_from(row: Any) -> Decision:
    """A decision of a row with the columns of the record."""
    return Decision(
        row.id, row.source_file_id, row.place, row.subject, row.number, row.context, Choice(row.choice),
        Origin(row.origin), statement_from(row.before), statement_from(row.after), row.reason,
        Evidence(**row.evidence),
    )  # fmt: skip


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))
