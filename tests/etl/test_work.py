"""A draft that was handed to the queue is stored by a worker in a process of its own, or a sentence says why not."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import impact, jobs, org
from db.accounts import DEMONSTRATION_PASSWORD, add_account, demonstration_accounts
from db.catalogue import load_catalogue
from db.drafts import load_draft, open_draft, save_draft
from db.engine import make_engine, write
from db.migrations import upgrade
from db.queries_history import history_of
from db.records import SourceFile
from db.records_accounts import Role
from db.records_drafts import Choices, DraftStatus, Step, issue_key, summary_of, with_tick
from db.records_jobs import Job, JobKind, JobStatus, digest_of
from db.schema import observation
from db.schema_accounts import account
from db.schema_jobs import job
from etl import pipeline, samples
from etl.places import Directory
from etl.sandbox import read_safely
from etl.work import Supervisor, run_one
from tests.conftest import ROOT

WHO = "tianbao"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    return next(path for path in samples.build().write_files(folder) if path.name.startswith("A_"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    upgrade(made)
    ids = org.load_org_units(made, samples.build().org_units)
    demonstration_accounts(made, [(WHO, "填报", Role.UPLOADER, None)])
    assert ids
    yield made
    made.dispose()


def handed_over(engine: sa.Engine, path: Path, who: str = WHO) -> int:
    """A file as the page hands it over: read, ticked, kept as a draft, its difference seen."""
    content, catalogue = path.read_bytes(), load_catalogue()
    source = SourceFile(path.name, content, hashlib.sha256(content).hexdigest(), "")
    reading = read_safely(path.name, content)
    with engine.connect() as connection:
        directory, revision = Directory(org.org_directory(connection)), org.revision(connection)
    source = replace(source, media_type=reading.media_type)
    draft, _, overrides = pipeline.draft_with_memory(source, reading, catalogue, directory, ())
    with engine.connect() as connection:
        draft = pipeline.with_history(draft, history_of(connection, draft, catalogue), catalogue)
        seen = digest_of(impact.impact(connection, draft).difference)
    chosen = Choices(overrides=overrides)
    for issue in draft.issues:
        chosen = with_tick(chosen, issue_key(issue), who, "已核对")
    held = open_draft(engine, draft.source, who)
    held = save_draft(engine, held.id, held.version, who, step=Step.CONFIRM, choices=chosen,
                      summary=summary_of(draft), revision=revision)  # fmt: skip
    return jobs.enqueue(engine, JobKind.STORE, held.id, held.version, seen, who)


def told(engine: sa.Engine, number: int) -> Job:
    with engine.connect() as connection:
        return next(each for each in jobs.jobs(connection) if each.id == number)


def stored(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(observation)) or 0)


def environment(engine: sa.Engine) -> dict[str, str]:
    return {**os.environ, "EDU_DATABASE_URL": str(engine.url)}


def test_a_worker_stores_what_the_person_saw(engine: sa.Engine, file: Path) -> None:
    number = handed_over(engine, file)
    done = subprocess.run(
        [sys.executable, "-m", "etl", "work", "--once"], cwd=ROOT, env=environment(engine), timeout=120
    )
    assert done.returncode == 0
    held = told(engine, number)
    assert (held.status, held.reason, held.attempts) == (JobStatus.DONE, "", 1)
    assert held.import_id is not None
    assert stored(engine) > 50
    with engine.connect() as connection:
        assert load_draft(connection, held.draft_id).status is DraftStatus.STORED
    assert not run_one(engine)


def test_what_another_import_changed_meanwhile_is_not_overwritten(engine: sa.Engine, file: Path) -> None:
    number = handed_over(engine, file)
    with write(engine) as connection:
        connection.execute(sa.update(job).values(seen="0" * 64))  # as if the person had seen another difference
    assert run_one(engine)
    held = told(engine, number)
    assert held.status is JobStatus.FAILED
    assert "有了变动" in held.reason
    assert stored(engine) == 0


def test_a_draft_that_was_changed_after_it_was_handed_over_is_not_stored(engine: sa.Engine, file: Path) -> None:
    number = handed_over(engine, file)
    with engine.connect() as connection:
        held = load_draft(connection, told(engine, number).draft_id)
    save_draft(engine, held.id, held.version, WHO, step=Step.CONFIRM, choices=held.choices, summary=held.summary,
               revision=held.revision)  # fmt: skip
    assert run_one(engine)
    assert told(engine, number).status is JobStatus.FAILED
    assert "另一个窗口" in told(engine, number).reason
    assert stored(engine) == 0


def test_an_account_that_was_disabled_stores_nothing(engine: sa.Engine, file: Path) -> None:
    number = handed_over(engine, file)
    with write(engine) as connection:
        connection.execute(sa.update(account).where(account.c.name == WHO).values(disabled=True))
    assert run_one(engine)
    assert "已停用" in told(engine, number).reason
    assert stored(engine) == 0


def test_a_reader_of_one_district_stores_nothing_of_another(engine: sa.Engine, file: Path) -> None:
    with engine.connect() as connection:
        towns = [unit for unit in org.org_directory(connection) if unit.kind == "town"]
    with write(engine) as connection:
        add_account(
            connection, "zhenshang", "镇上", Role.UPLOADER, towns[0].id, by="x", password=DEMONSTRATION_PASSWORD
        )
    number = handed_over(engine, file, "zhenshang")
    assert run_one(engine)
    assert told(engine, number).status is JobStatus.FAILED
    assert stored(engine) == 0


def test_a_cancelled_job_ends_its_worker(engine: sa.Engine, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number, codes = handed_over(engine, file), []

    def cancelled_on_the_way(name: str, content: bytes) -> object:
        jobs.cancel(engine, number)
        return read_safely(name, content)

    class Ended(BaseException):
        pass

    def end(code: int) -> None:
        codes.append(code)
        raise Ended

    monkeypatch.setattr("etl.work.read_safely", cancelled_on_the_way)
    with pytest.raises(Ended):
        run_one(engine, end)
    assert codes == [0]
    assert told(engine, number).status is JobStatus.CANCELLED
    assert stored(engine) == 0


def test_a_killed_worker_stores_nothing_and_the_next_one_does_it(engine: sa.Engine, file: Path) -> None:
    number = handed_over(engine, file)
    worker = subprocess.Popen([sys.executable, "-m", "etl", "work", "--once"], cwd=ROOT, env=environment(engine))
    until = time.monotonic() + 60
    while told(engine, number).status is not JobStatus.RUNNING:
        assert time.monotonic() < until
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert told(engine, number).status is JobStatus.RUNNING
    assert stored(engine) == 0
    with write(engine) as connection:
        connection.execute(sa.update(job).values(beat_at=sa.func.datetime("now", "-1 minute")))
    supervisor, over = Supervisor(engine), threading.Event()
    turning = threading.Thread(target=supervisor.turn, args=(over,))
    turning.start()
    until = time.monotonic() + 90
    while told(engine, number).status is JobStatus.RUNNING:
        assert time.monotonic() < until
        time.sleep(0.1)
    over.set()
    turning.join()
    supervisor.stop(10)
    assert (told(engine, number).status, told(engine, number).attempts) == (JobStatus.DONE, 2)
    assert stored(engine) > 50
