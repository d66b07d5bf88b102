"""Workers of the import queue. A job runs in a child process of its own, so that no import ends or slows the pages, and a
dead one is seen at once. With `etl/__main__.py` the one place of etl that opens the store."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db import audit, bureau, drafts, drafts_store, impact, jobs, layouts, org, scope_checks
from db.accounts import account_named
from db.engine import StoreError, write
from db.queries_history import history_of
from db.records import Draft, ImportResult
from db.records_accounts import Account, Action, Right
from db.records_drafts import StoredDraft
from db.records_jobs import Job, JobKind, JobStep, digest_of
from db.scope import ScopedReaders
from etl import pipeline
from etl.places import Directory
from etl.sandbox import read_safely
from etl.types import Refused

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent.parent
LOOK_EVERY_S = 1.0
CHILD = ("-m", "etl", "work", "--once")
_LOST_RIGHT = "提交入库的账号{name}已停用或不再有权入库,没有入库。请由有权的人员打开草稿重新提交。"
_MOVED = (
    "库中数据在您核对之后有了变动,这份文件的变化与您看到的不同,没有入库。请打开草稿,重新查看“与库中数据的差异”,再入库。"
)
_MISTAKE = "程序出错(编号 {number}),没有入库,库中数据没有变动。请把编号告诉系统管理员。"
Told = Callable[[JobStep], None]


class _Pulse:
    """Says every few seconds that the worker lives. Where the job is not its own any more, or is to be cancelled, this
    process ends: whatever it was doing is undone with it."""

    def __init__(self, engine: Any, held: Job, worker: str, end: Callable[[int], None] = os._exit) -> None:
        self.engine, self.held, self.worker, self.end = engine, held, worker, end
        self._step: JobStep | None = None
        self._over = threading.Event()
        self._quiet = False  # on SQLite a second connection of this process would wait for the first

    def told(self, step: JobStep) -> None:
        """The job begins a step; it is heard of at once."""
        self._step = step
        self._beat()
        self._quiet = step is JobStep.STORE and self.engine.dialect.name == "sqlite"

    def _beat(self) -> None:
        try:
            if not jobs.beat(self.engine, self.held.id, self.worker, self._step):
                jobs.fail(self.engine, self.held.id, self.worker, "")
                self.end(0)
        except StoreError:  # busy: the next beat may get through
            log.info("a beat was missed", extra={"job": self.held.id})

    def _run(self) -> None:
        while not self._over.wait(jobs.BEAT_S):
            if not self._quiet:
                self._beat()

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Until the block ends."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(timeout=jobs.BEAT_S)


def run_one(engine: Any, end: Callable[[int], None] = os._exit) -> bool:
    """Takes one job from the queue and does it in this process; False where there was none."""
    worker = jobs.this_worker()
    held = jobs.claim(engine, worker)
    if held is None:
        return False
    pulse = _Pulse(engine, held, worker, end)
    with pulse.beating():
        reason = _reason_against(engine, held, worker, pulse.told)
    if reason:
        jobs.fail(engine, held.id, worker, reason)
    log.info("job ended", extra={"job": held.id, "stored": not reason})
    return True


def _reason_against(engine: Any, held: Job, worker: str, told: Told) -> str:
    """Stores the draft of a job; "" where that was done or is not this worker's affair any more, else why it was not."""
    try:
        _carry_out(engine, held, worker, told)
    except jobs.NotOwn:
        log.warning("the job is another worker's", extra={"job": held.id})
    except Refused as refused:
        return refused.sentence
    except StoreError as fault:
        return str(fault)
    except Exception as error:
        number = f"J{held.id}"
        log.error("fault %s", number, exc_info=error)
        return _MISTAKE.format(number=number)
    return ""


def _carry_out(engine: Any, held: Job, worker: str, told: Told) -> ImportResult:
    account = _account_of(engine, held)
    audit.ORIGIN.set(held.address)
    seen = _seen_by(engine, account)
    with seen() as connection:
        waiting, source = drafts.load_draft(connection, held.draft_id), drafts.source_of(connection, held.draft_id)
    with engine.connect() as connection:
        settings = bureau.raw_settings(connection)
    catalogue = bureau.catalogue_of(settings)
    with seen() as connection:
        directory = Directory(org.org_directory(connection), waiting.choices.places)
        remembered = layouts.remembered_layouts(connection)
    told(JobStep.READ)
    reading = read_safely(source.name, source.content)
    told(JobStep.UNDERSTAND)
    draft, _, _ = pipeline.draft_with_memory(
        source, reading, catalogue, directory, remembered, waiting.choices.overrides
    )
    told(JobStep.CHECK)
    with seen() as connection:
        draft = pipeline.with_history(draft, history_of(connection, draft, catalogue), catalogue)
    told(JobStep.COMPARE)
    revision = _same_as_seen(seen, held, waiting, draft)
    _inside(engine, account, seen, draft)
    told(JobStep.STORE)
    store = drafts_store.approve_draft if held.kind is JobKind.APPROVE else drafts_store.store_draft
    return store(
        engine, held.draft_id, held.draft_version, draft, account.name, seen=revision,
        approval=bureau.approval_of(settings),
        within=lambda connection, result: jobs.finish_in(connection, held.id, worker, result.import_id),
    )  # fmt: skip


def _account_of(engine: Any, held: Job) -> Account:
    """The account that asked, as it stands now: it may have been disabled since."""
    with engine.connect() as connection:
        account = account_named(connection, held.account)
    wanted = Right.APPROVE if held.kind is JobKind.APPROVE else Right.UPLOAD
    if account is None or account.disabled or not account.may(wanted):
        raise StoreError(_LOST_RIGHT.format(name=held.account))
    return account


def _seen_by(engine: Any, account: Account) -> Callable[[], Any]:
    readers = ScopedReaders(engine) if account.scope else None
    return lambda: readers.reading(account.scope) if readers else engine.connect()


def _same_as_seen(seen: Callable[[], Any], held: Job, waiting: StoredDraft, draft: Draft) -> int:
    """The store's revision, beside which the draft changes what the person saw that it would change."""
    with seen() as connection:
        revision = org.revision(connection)
        found = impact.impact(connection, draft, waiting.choices.replaces)
    if digest_of(found.difference) != held.seen:
        raise StoreError(_MOVED)
    return int(revision)


def _inside(engine: Any, account: Account, seen: Callable[[], Any], draft: Draft) -> None:
    if not account.scope:
        return
    try:
        with seen() as connection:
            scope_checks.draft_inside(connection, draft)
    except scope_checks.OutOfScope:
        with write(engine) as connection:
            audit.record(connection, Action.REFUSED, account.name, subject=f"draft {draft.source.name}")
        raise


@dataclass(slots=True)
class Supervisor:
    """Starts a child for each job, at most `most` at once, and looks after them; one thread of a server or of
    `python -m etl work` turns it."""

    engine: Any
    most: int = 1
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def look(self) -> None:
        """One look: who has ended, whether there is more to do."""
        for child in self.children:
            if child.poll():
                log.warning("a worker died", extra={"code": child.returncode})
        self.children = [child for child in self.children if child.returncode is None]
        if len(self.children) < self.most and jobs.waiting(self.engine):
            self.children.append(subprocess.Popen([sys.executable, *CHILD], cwd=ROOT, env=self._environment()))

    def _environment(self) -> dict[str, str]:
        url = self.engine.url.render_as_string(hide_password=False)
        return {**os.environ, "EDU_DATABASE_URL": url}

    def turn(self, over: threading.Event) -> None:
        """Look every second until it is over; then wait for nobody: what a child does goes on or is undone without us."""
        while not over.wait(LOOK_EVERY_S):
            try:
                self.look()
            except Exception as error:  # the database may be away for a moment
                log.warning("the queue was not looked at: %s", type(error).__name__)

    def stop(self, seconds: float) -> None:
        """Ask the children to end and wait for them a while; what they had is queued for whoever comes next."""
        for child in self.children:
            child.terminate()
        until = time.monotonic() + seconds
        for child in self.children:
            try:
                child.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
