"""A draft that waits in the store between file and import: where a person is with it and what was chosen. Plain records.

`db.records.Draft` is what a file says; it is made anew from the bytes and the choices each time, so that it never grows
stale. What is kept here is what cannot be made anew: the bytes, the choices and who made them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from db.records import Draft, Issue, Severity
from db.records_layout import Overrides, override_from_json, override_to_json


class Step(StrEnum):
    """How far a person has come with a draft."""

    UNDERSTOOD = "understood"
    ISSUES = "issues"
    DIFFERENCE = "difference"
    CONFIRM = "confirm"


class DraftStatus(StrEnum):
    """OPEN: being worked on. SUBMITTED: waits for approval. RETURNED: sent back with a reason, open again. STORED and
    DISCARDED are ends. There is no APPROVED state that lasts: who approves stores in the same act (the event remains)."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    STORED = "stored"
    DISCARDED = "discarded"


EDITABLE = (DraftStatus.OPEN, DraftStatus.RETURNED)
ALIVE = (*EDITABLE, DraftStatus.SUBMITTED)


class DraftEventKind(StrEnum):
    """What happened to a draft; the list of events only grows."""

    OPENED = "opened"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    STORED = "stored"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Tick:
    """A person's word that what an issue asks about is right as it stands; `reason` may be empty."""

    reason: str = ""
    by: str = ""
    at: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose. `overrides` as in `etl.pipeline.draft_from_file`; `places` gives a name as printed (tidied by
    `etl.places.tidy_name`) to an org unit; `ticks` by `issue_key`; `replaces` is the import that this file stands for."""

    overrides: Overrides = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    ticks: Mapping[str, Tick] = field(default_factory=dict)
    note: str = ""
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """The counts a list of drafts shows without reading the file again; all that is left of a file with persons."""

    observations: int = 0
    pending: int = 0
    findings: int = 0
    block: int = 0
    confirm: int = 0
    note: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft as the store keeps it. `resumable` is False where the file lists persons: its bytes are not kept (decision
    008), so the file has to be chosen again. `version` grows with every save; `revision` is that of the store
    when `summary` was worked out. `reason` is the one of the last return. Times are UTC."""

    id: int
    file_name: str
    sha256: str
    media_type: str
    size: int
    resumable: bool
    step: Step
    status: DraftStatus
    choices: Choices
    summary: DraftSummary
    version: int
    revision: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    submitted_by: str = ""
    reason: str = ""
    import_id: int | None = None

    def stale(self, revision: int) -> bool:
        """Whether the store has changed since the difference was last shown (`db.queries.revision`)."""
        return self.revision != revision


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """One line of a draft's history; `reason` is why it was returned, or the note it was stored with."""

    kind: DraftEventKind
    by: str
    at: datetime
    reason: str = ""


def issue_key(issue: Issue) -> str:
    """A short text that names an issue by all it says: another value or place is another issue, to be ticked anew."""
    parts = (issue.code, issue.sheet or "", issue.cell or "", ",".join(issue.cells), issue.locator,
             str(issue.start), str(issue.end), issue.quote, issue.sentence)  # fmt: skip
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:24]


def to_tick(issues: Iterable[Issue]) -> dict[str, Issue]:
    """The issues that want a tick each, by key, in their order."""
    return {issue_key(one): one for one in issues if one.severity is Severity.CONFIRM}


def unticked(issues: Iterable[Issue], choices: Choices) -> list[Issue]:
    """What still wants a tick. A tick of an issue that is no longer there counts for nothing."""
    return [one for key, one in to_tick(issues).items() if key not in choices.ticks]


def with_tick(choices: Choices, key: str, by: str, reason: str = "") -> Choices:
    """The choices with one issue ticked now (`issue_key`), or its reason changed."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return replace(choices, ticks={**choices.ticks, key: Tick(" ".join(reason.split()), by, now)})


def without_tick(choices: Choices, key: str) -> Choices:
    """The choices with a tick taken off."""
    return replace(choices, ticks={name: tick for name, tick in choices.ticks.items() if name != key})


def summary_of(draft: Draft, counts: Mapping[str, int] | None = None) -> DraftSummary:
    """The counts of a draft; `counts` are those of its difference (new, same, changed, missing)."""
    severity = {kind.value: sum(one.severity is kind for one in draft.issues) for kind in Severity}
    return DraftSummary(
        len(draft.observations), len(draft.pending), len(draft.findings), **severity, **(dict(counts) if counts else {})
    )


def choices_to_json(choices: Choices) -> dict[str, Any]:
    """Plain data without what was not chosen."""
    data: dict[str, Any] = {
        "overrides": {key: override_to_json(one) for key, one in choices.overrides.items()},
        "places": dict(choices.places),
        "ticks": {key: _tick_to_json(one) for key, one in choices.ticks.items()},
        "note": choices.note,
        "replaces": choices.replaces,
    }
    return {name: value for name, value in data.items() if value not in ({}, "", None)}


def _tick_to_json(tick: Tick) -> dict[str, Any]:
    return {"reason": tick.reason, "by": tick.by, "at": None if tick.at is None else tick.at.isoformat()}


def choices_from_json(data: Mapping[str, Any]) -> Choices:
    """The reverse of `choices_to_json`."""
    return Choices(
        {key: override_from_json(one) for key, one in data.get("overrides", {}).items()},
        {name: int(unit) for name, unit in data.get("places", {}).items()},
        {key: _tick_from_json(one) for key, one in data.get("ticks", {}).items()},
        data.get("note", ""),
        data.get("replaces"),
    )


def _tick_from_json(data: Mapping[str, Any]) -> Tick:
    at = data.get("at")
    return Tick(data.get("reason", ""), data.get("by", ""), datetime.fromisoformat(at) if at else None)
