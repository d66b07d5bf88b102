"""Decisions on a new reading of the same file: what was decided holds without being asked again. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from db.records import Draft, Evidence, Issue, Observation, Rejected, Severity, dims_key
from db.records_review import (
    Choice,
    Decision,
    Origin,
    chosen_of,
    found_again,
    observation_of,
    place_of,
    reviewed,
    subject_of,
)


def settle(draft: Draft, decisions: Sequence[Decision], outside: Collection[int] = ()) -> Draft:
    """The draft as the decisions in force on its file (oldest first) make it. `outside` are the ids of units
    outside the tree: where a decision left such a unit alone, that of the new reading stands.

    A number that a decision is about and that is nowhere in the new text becomes an issue.
    """
    if not decisions:
        return draft
    desk = _Desk(draft, outside)
    placed: list[tuple[Decision, Evidence]] = []
    for decision in decisions:
        proof = found_again(draft.reading, decision)
        if proof is None:
            desk.issues.append(_lost(decision))
        else:
            placed.append((decision, proof))
    crowd = Counter(place_of(proof) for _, proof in placed)
    for decision, proof in placed:
        desk.apply(decision, proof, alone=crowd[place_of(proof)] == 1)
    return desk.result()


def _lost(decision: Decision) -> Issue:
    sentence = f"以前对“{decision.number}”作过人工认定,但重新读取后原文中找不到这一处,该认定没有套用。请到复核页核对。"
    proof = decision.evidence
    return Issue("decision_lost", Severity.CONFIRM, sentence, proof.locator, decision.number)


def _overruled(other: Observation, item: Observation) -> Issue:
    at = other.evidence
    sentence = f"同一单位、同一时间的这项指标,文中另有“{at.quote}”;以人工认定的“{item.evidence.quote}”为准,没有入库。"
    return Issue("overruled", Severity.NOTE, sentence, at.locator, at.quote, at.start, at.end, at.sheet, at.cell)


@dataclass(slots=True)
class _Found:
    """A reading of the draft at the place of a decision: an observation or a waiting reading by its index."""

    waiting: bool
    index: int
    item: Observation


class _Desk:
    """The draft while decisions are applied to it."""

    def __init__(self, draft: Draft, outside: Collection[int]) -> None:
        self.draft, self.outside = draft, outside
        self.observations: list[Observation | None] = [o for o in draft.observations if o.decision is None]
        self.pending = [replace(waiting, decision=None) for waiting in draft.pending]
        self.rejected = list(draft.rejected)
        self.issues = list(draft.issues)
        self.by_place: dict[str, list[_Found]] = {}
        for index, item in enumerate(self.observations):
            self._note(_Found(False, index, item))  # type: ignore[arg-type]
        for index, waiting in enumerate(self.pending):
            self._note(_Found(True, index, waiting.observation))

    def _note(self, found: _Found) -> None:
        self.by_place.setdefault(place_of(found.item.evidence), []).append(found)

    def apply(self, decision: Decision, proof: Evidence, *, alone: bool) -> None:
        found = self._reading(decision, proof, alone)
        if found is not None:
            self.by_place[place_of(found.item.evidence)].remove(found)
            if found.waiting:
                self.pending[found.index] = replace(self.pending[found.index], decision=decision.id)
            else:
                self.observations[found.index] = None
        if decision.choice is Choice.REJECT or decision.after is None:
            return
        if decision.origin is Origin.REJECTED:
            self.rejected = [one for one in self.rejected if not _at(one, proof)]
        item = observation_of(
            decision.after, reviewed(proof, decision.choice), self.draft.source_kind, decision.id
        )  # fmt: skip
        if found is not None and decision.after.org_unit_id in self.outside:
            ours = found.item
            if ours.org_unit_id is not None or ours.proposed_key is not None:
                item = replace(item, org_unit_id=ours.org_unit_id, proposed_key=ours.proposed_key)
        self._displace(item)
        self.observations.append(item)

    def _reading(self, decision: Decision, proof: Evidence, alone: bool) -> _Found | None:
        """The reading that the decision is about: that of its subject, else the only one of its place."""
        here = self.by_place.get(place_of(proof), [])
        subjects = [subject_of(found.item.indicator, dims_key(found.item.dims)) for found in here]
        index = chosen_of(subjects, decision, alone=alone)
        return None if index is None else here[index]

    def _displace(self, item: Observation) -> None:
        """What a person decided stands alone in its cell; values of an unknown time may stand side by side."""
        if item.period is None:
            return
        for index, other in enumerate(self.observations):
            if other is not None and _cell(other) == _cell(item):
                self.observations[index] = None
                self.issues.append(_overruled(other, item))

    def result(self) -> Draft:
        kept = tuple(item for item in self.observations if item is not None)
        return replace(
            self.draft, observations=kept, pending=tuple(self.pending), rejected=tuple(self.rejected),
            issues=tuple(self.issues),
        )  # fmt: skip


def _at(one: Rejected, proof: Evidence) -> bool:
    return (one.start, one.end, one.sheet, one.cell) == (proof.start, proof.end, proof.sheet, proof.cell)


def _cell(item: Observation) -> tuple[object, ...]:
    return item.indicator, item.period, dims_key(item.dims), item.org_unit_id, item.proposed_key
