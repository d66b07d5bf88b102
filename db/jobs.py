"""The queue of imports. On PostgreSQL several workers take from it at once (SKIP LOCKED); on SQLite a job is taken in a write
transaction. A worker says every few seconds that it lives; what a dead one had is taken again, at most three times.

A job is done in the very transaction that stores its draft, and only while it is still the worker's own: a worker that
was given up for dead and comes back stores nothing.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from db.blocks import fit, storable
from db.engine import StoreError, moment, write
from db.records_jobs import ACTIVE, Job, JobKind, JobStatus, JobStep
from db.schema_drafts import draft
from db.schema_jobs import job

BEAT_S = 5.0
SILENT = timedelta(seconds=60)  # after which a worker of another machine is given up
LOST = timedelta(hours=2)  # after which one of this machine is: its number may be another program's by now
MOST_ATTEMPTS = 3
KEPT = timedelta(days=7)  # how long ended jobs are listed
_COLUMNS = tuple(column for column in job.c if column.name != "beat_at")
_DIED = "执行入库的程序中断了 {n} 次,没有入库,库中数据没有变动。请系统管理员查看日志后再试。"


class NotOwn(Exception):
    """The job was cancelled, or another worker has it: nothing of it may be stored here."""


def this_worker() -> str:
    """A name for a worker of this process."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


def enqueue(
    engine: sa.Engine, kind: JobKind, draft_id: int, version: int, seen: str, account: str, address: str = ""
) -> int:
    """Queues a draft to be stored; `seen` as by `digest_of`. Raises StoreError where one of this draft is under way."""
    with write(engine) as connection:
        under_way = sa.select(job.c.id).where(job.c.draft_id == draft_id, job.c.status.in_(ACTIVE))
        if connection.scalar(under_way.limit(1)) is not None:
            raise StoreError("这份文件已在入库队列中,请等它完成,或先取消。")
        values = {
            "kind": kind.value, "draft_id": draft_id, "draft_version": version, "seen": seen,
            "account": fit(job.c.account, account), "address": fit(job.c.address, address),
            "status": JobStatus.QUEUED.value, "created_at": moment(),
        }  # fmt: skip
        return int(connection.scalar(sa.insert(job).values(**values).returning(job.c.id)) or 0)


def waiting(engine: sa.Engine) -> bool:
    """Whether there is anything to take; one read, for whoever looks every second."""
    with engine.connect() as connection:
        rows = connection.execute(_takeable()).all()
    return any(_free(row, engine.dialect.name) for row in rows)


def claim(engine: sa.Engine, worker: str) -> Job | None:
    """Takes the oldest job that waits or whose worker died; None where there is none. One that three workers died over is
    ended with a sentence."""
    with _claiming(engine) as connection:
        asked = _takeable()
        if engine.dialect.name == "postgresql":
            asked = asked.with_for_update(skip_locked=True)
        for row in connection.execute(asked).all():
            if not _free(row, engine.dialect.name):
                continue
            if row.attempts >= MOST_ATTEMPTS:
                _end(connection, row.id, JobStatus.FAILED, _DIED.format(n=row.attempts))
                continue
            now = moment()
            connection.execute(
                sa.update(job).where(job.c.id == row.id).values(
                    status=JobStatus.RUNNING.value, worker=worker, attempts=row.attempts + 1, beat_at=now, step="",
                    started_at=row.started_at or now,
                )
            )  # fmt: skip
            return _one(connection, row.id)
    return None


@contextmanager
def _claiming(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A short write. On PostgreSQL it does not queue behind imports as `write` does: rows are locked one by one."""
    if engine.dialect.name == "sqlite":
        with write(engine) as connection:
            yield connection
        return
    with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection, connection.begin():
        yield connection


def _takeable() -> sa.Select[Any]:
    """What waits, and what runs and has not been heard of for a moment; whose worker lives is told by `_free`."""
    quiet = sa.and_(job.c.status == JobStatus.RUNNING.value, job.c.beat_at < moment() - timedelta(seconds=BEAT_S * 2))
    return (
        sa.select(job.c.id, job.c.status, job.c.worker, job.c.beat_at, job.c.attempts, job.c.started_at)
        .where(sa.or_(job.c.status == JobStatus.QUEUED.value, quiet))
        .order_by(job.c.id)
    )


def _free(row: Any, database: str) -> bool:
    if row.status == JobStatus.QUEUED.value:
        return True
    silent = moment() - row.beat_at
    host, pid, _ = str(row.worker).rsplit(":", 2)
    if host == socket.gethostname()[:60] and sys.platform != "win32":
        return bool(not _lives(int(pid)) or silent > LOST)
    # A worker of SQLite cannot say that it lives while it writes: nobody else can write then.
    return bool(silent > (LOST if database == "sqlite" else SILENT))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def beat(engine: sa.Engine, job_id: int, worker: str, step: JobStep | None = None) -> bool:
    """The worker lives, and is at a step; False where the job is not its own any more or is to be cancelled."""
    values: dict[str, Any] = {"beat_at": moment()} | ({"step": step.value} if step else {})
    own = sa.and_(job.c.id == job_id, job.c.worker == worker, job.c.status == JobStatus.RUNNING.value)
    with _claiming(engine) as connection:
        kept = connection.execute(sa.update(job).where(own, ~job.c.cancel_asked).values(**values))
        return int(kept.rowcount) > 0


def finish_in(connection: sa.Connection, job_id: int, worker: str, import_id: int | None) -> None:
    """Ends a job in the transaction that stores its draft. Raises NotOwn, which undoes that transaction."""
    own = sa.and_(job.c.id == job_id, job.c.worker == worker, job.c.status == JobStatus.RUNNING.value)
    values = {"status": JobStatus.DONE.value, "import_id": import_id, "finished_at": moment()}
    if not connection.execute(sa.update(job).where(own, ~job.c.cancel_asked).values(**values)).rowcount:
        raise NotOwn


def fail(engine: sa.Engine, job_id: int, worker: str, reason: str) -> None:
    """Ends a job that could not be stored, if it is still the worker's; one that was to be cancelled is cancelled."""
    with _claiming(engine) as connection:
        held = _one(connection, job_id)
        if held is None or held.worker != worker or held.status is not JobStatus.RUNNING:
            return
        status = JobStatus.CANCELLED if held.cancel_asked else JobStatus.FAILED
        _end(connection, job_id, status, "" if held.cancel_asked else reason)


def cancel(engine: sa.Engine, job_id: int) -> None:
    """Ends a job that waits, and asks the worker of one that runs to stop. Raises StoreError where it is too late."""
    with _claiming(engine) as connection:
        held = _one(connection, job_id)
        if held is None or held.status not in ACTIVE:
            raise StoreError("这项入库已经结束,不用取消。")
        if held.step == JobStep.STORE:
            raise StoreError("正在写入,已不能取消;写完后可在“最近的导入”中撤销。")
        if held.status is JobStatus.QUEUED:
            _end(connection, job_id, JobStatus.CANCELLED)
        else:
            connection.execute(sa.update(job).where(job.c.id == job_id).values(cancel_asked=True))


def _end(connection: sa.Connection, job_id: int, status: JobStatus, reason: str = "") -> None:
    values = {"status": status.value, "reason": storable(reason), "finished_at": moment()}
    connection.execute(sa.update(job).where(job.c.id == job_id).values(**values))


def jobs(connection: sa.Connection, account: str | None = None, limit: int = 20) -> list[Job]:
    """What is under way and what ended in the last days, the newest first; of one account on request."""
    since = moment().replace(second=0, microsecond=0) - KEPT  # the same for who asks twice
    query = _asked().where(sa.or_(job.c.status.in_(ACTIVE), job.c.finished_at > since))
    if account is not None:
        query = query.where(job.c.account == fit(job.c.account, account))
    return [_record(row) for row in connection.execute(query.order_by(job.c.id.desc()).limit(limit)).mappings()]


def job_of_draft(connection: sa.Connection, draft_id: int) -> Job | None:
    """The latest job of a draft."""
    row = connection.execute(_asked().where(job.c.draft_id == draft_id).order_by(job.c.id.desc()).limit(1)).mappings()
    found = row.first()
    return None if found is None else _record(found)


def ahead(connection: sa.Connection, job_id: int) -> int:
    """How many jobs are before one that waits."""
    before = sa.select(sa.func.count()).select_from(job).where(job.c.id < job_id, job.c.status.in_(ACTIVE))
    return int(connection.scalar(before) or 0)


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many jobs there are by status."""
    rows: Sequence[Any] = connection.execute(sa.select(job.c.status, sa.func.count()).group_by(job.c.status)).all()
    return {str(status): int(n) for status, n in rows}


def _asked() -> sa.Select[Any]:
    return sa.select(*_COLUMNS, draft.c.file_name).join(draft, draft.c.id == job.c.draft_id)


def _one(connection: sa.Connection, job_id: int) -> Job | None:
    row = connection.execute(_asked().where(job.c.id == job_id)).mappings().first()
    return None if row is None else _record(row)


def _record(row: sa.RowMapping) -> Job:
    values = {**row, "kind": JobKind(row["kind"]), "status": JobStatus(row["status"])}
    return Job(**values)
