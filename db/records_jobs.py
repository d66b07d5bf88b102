"""Jobs of the queue as the other packages see them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from db.records import Difference


class JobKind(StrEnum):
    """What is done with the draft."""

    STORE = "store"
    APPROVE = "approve"


class JobStatus(StrEnum):
    """`FAILED` says why in `reason`; nothing of a job that failed or was cancelled is stored."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobStep(StrEnum):
    """How far a running job is. From `STORE` on it cannot be cancelled, but the import can be undone."""

    READ = "read"
    UNDERSTAND = "understand"
    CHECK = "check"
    COMPARE = "compare"
    STORE = "store"


ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """One job; moments are UTC. `file_name` is that of its draft; `attempts` counts the workers that began it."""

    id: int
    kind: JobKind
    draft_id: int
    draft_version: int
    seen: str
    account: str
    address: str
    status: JobStatus
    step: str
    attempts: int
    worker: str
    cancel_asked: bool
    reason: str
    import_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    file_name: str = ""

    @property
    def may_be_cancelled(self) -> bool:
        """Whether it waits or has not begun to write."""
        return self.status in ACTIVE and self.step != JobStep.STORE and not self.cancel_asked


def digest_of(difference: Difference) -> str:
    """A digest of what a draft would change, so that a worker stores what the person saw and nothing else."""
    told = hashlib.sha256(repr((difference.fresh, sorted(difference.missing))).encode())
    for change in difference.changes:
        seen = change.observation
        told.update(
            repr((change.kind, change.old_observation_id, change.old_value, seen.value, seen.indicator)).encode()
        )
    return told.hexdigest()
