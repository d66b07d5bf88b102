"""The queue of imports on both databases: each job is one worker's, a dead worker's is taken again, cancelled ones store nothing."""

from __future__ import annotations

import os
import socket
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db import jobs
from db.drafts import open_draft
from db.engine import StoreError, make_engine, moment, write
from db.records import Change, Difference
from db.records_jobs import Job, JobKind, JobStatus, JobStep, digest_of
from db.schema import store_state
from db.schema_jobs import job
from tests.db.makers import Fact, Place, sheet

ME, OTHER = f"{socket.gethostname()[:60]}:{os.getpid()}:me", "elsewhere:7:other"


def queued(engine: sa.Engine, place: Place, number: int = 1) -> int:
    prepared = sheet(place, [Fact("n1a", "enrollment", 300 + number)], name=f"表{number}.xlsx")
    held = open_draft(engine, prepared.source, "甲")
    return jobs.enqueue(engine, JobKind.STORE, held.id, held.version, "seen", "甲", "10.0.0.7")


def found(engine: sa.Engine, number: int) -> Job:
    with engine.connect() as connection:
        return next(each for each in jobs.jobs(connection) if each.id == number)


def silent(engine: sa.Engine, number: int, worker: str, since: timedelta = timedelta(minutes=5)) -> None:
    with write(engine) as connection:
        connection.execute(sa.update(job).where(job.c.id == number).values(worker=worker, beat_at=moment() - since))


def test_the_oldest_is_taken_first_and_each_once(engine: sa.Engine, place: Place) -> None:
    assert not jobs.waiting(engine)
    first, second = queued(engine, place, 1), queued(engine, place, 2)
    assert jobs.waiting(engine)
    with engine.connect() as connection:
        assert (jobs.ahead(connection, first), jobs.ahead(connection, second)) == (0, 1)
    taken = [jobs.claim(engine, ME) for _ in range(3)]
    assert [each and each.id for each in taken] == [first, second, None]
    one = found(engine, first)
    assert (one.status, one.worker, one.attempts, one.account, one.file_name) == (
        JobStatus.RUNNING, ME, 1, "甲", "表1.xlsx",
    )  # fmt: skip
    assert not jobs.waiting(engine)


def test_many_workers_never_take_the_same(engine: sa.Engine, place: Place) -> None:
    numbers = {queued(engine, place, each) for each in range(6)}
    url = engine.url.render_as_string(hide_password=False)
    taken: list[int] = []

    def work() -> None:
        own = make_engine(url)
        while (held := jobs.claim(own, jobs.this_worker())) is not None:
            taken.append(held.id)
        own.dispose()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(taken) == 6
    assert set(taken) == numbers


def test_one_draft_is_queued_once(engine: sa.Engine, place: Place) -> None:
    number = queued(engine, place)
    with pytest.raises(StoreError, match="已在入库队列中"):
        queued(engine, place)
    jobs.cancel(engine, number)
    assert queued(engine, place) != number


def test_a_beat_tells_how_far_it_is(engine: sa.Engine, place: Place) -> None:
    number = queued(engine, place)
    jobs.claim(engine, ME)
    assert jobs.beat(engine, number, ME, JobStep.CHECK)
    assert found(engine, number).step == "check"
    assert not jobs.beat(engine, number, OTHER, JobStep.STORE)
    assert found(engine, number).step == "check"


def test_what_waits_is_cancelled_at_once_and_what_runs_when_its_worker_hears_of_it(
    engine: sa.Engine, place: Place
) -> None:
    first, second = queued(engine, place, 1), queued(engine, place, 2)
    jobs.claim(engine, ME)
    jobs.cancel(engine, second)
    assert found(engine, second).status is JobStatus.CANCELLED
    jobs.cancel(engine, first)
    assert found(engine, first).status is JobStatus.RUNNING
    assert not jobs.beat(engine, first, ME)
    jobs.fail(engine, first, ME, "别的原因")
    held = found(engine, first)
    assert (held.status, held.reason) == (JobStatus.CANCELLED, "")
    with pytest.raises(StoreError, match="已经结束"):
        jobs.cancel(engine, first)


def test_what_is_being_written_cannot_be_cancelled(engine: sa.Engine, place: Place) -> None:
    number = queued(engine, place)
    jobs.claim(engine, ME)
    jobs.beat(engine, number, ME, JobStep.STORE)
    assert not found(engine, number).may_be_cancelled
    with pytest.raises(StoreError, match="已不能取消"):
        jobs.cancel(engine, number)


def test_a_dead_workers_job_is_taken_again_and_ended_after_three(engine: sa.Engine, place: Place) -> None:
    number = queued(engine, place)
    dead = f"{socket.gethostname()[:60]}:999999999:dead"  # no such process
    for attempt in (1, 2, 3):
        taken = jobs.claim(engine, dead)
        assert taken is not None
        assert taken.attempts == attempt
        assert not jobs.waiting(engine)  # it was heard of a moment ago
        silent(engine, number, dead, timedelta(seconds=20))
        assert jobs.waiting(engine)
    assert jobs.claim(engine, ME) is None
    held = found(engine, number)
    assert held.status is JobStatus.FAILED
    assert "中断了 3 次" in held.reason


def test_a_living_worker_of_this_machine_keeps_its_job_however_long_it_writes(engine: sa.Engine, place: Place) -> None:
    number = queued(engine, place)
    jobs.claim(engine, ME)
    silent(engine, number, ME, timedelta(minutes=30))
    assert jobs.claim(engine, OTHER) is None


def test_a_silent_worker_of_another_machine_is_given_up(engine: sa.Engine, place: Place) -> None:
    number = queued(engine, place)
    jobs.claim(engine, OTHER)
    silent(engine, number, OTHER, timedelta(hours=3) if engine.dialect.name == "sqlite" else timedelta(seconds=90))
    taken = jobs.claim(engine, ME)
    assert taken is not None
    assert (taken.id, taken.attempts) == (number, 2)


def test_a_worker_that_comes_back_from_the_dead_stores_nothing(engine: sa.Engine, place: Place) -> None:
    number = queued(engine, place)
    jobs.claim(engine, OTHER)
    silent(engine, number, OTHER, timedelta(hours=3))
    jobs.claim(engine, ME)
    before = _revision(engine)

    def store() -> None:
        with write(engine) as connection:
            connection.execute(sa.update(store_state).values(revision=before + 9))
            jobs.finish_in(connection, number, OTHER, None)

    with pytest.raises(jobs.NotOwn):
        store()
    assert _revision(engine) == before
    jobs.fail(engine, number, OTHER, "不相干")
    assert found(engine, number).status is JobStatus.RUNNING
    with write(engine) as connection:
        jobs.finish_in(connection, number, ME, None)
    assert found(engine, number).status is JobStatus.DONE
    with engine.connect() as connection:
        assert jobs.counts(connection) == {"done": 1}


def _revision(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.select(store_state.c.revision)) or 0)


def test_the_digest_tells_another_difference(place: Place) -> None:
    [seen] = sheet(place, [Fact("n1a", "enrollment", 300)]).observations
    one = Difference((Change(seen, "changed", 200.0, 7),))
    assert digest_of(one) == digest_of(Difference((Change(seen, "changed", 200.0, 7),)))
    others = (Change(seen, "changed", 201.0, 7), Change(seen, "changed", 200.0, 8), Change(seen, "new"))
    digests = {digest_of(Difference((each,))) for each in others}
    assert len(digests | {digest_of(one), digest_of(Difference(one.changes, ("某校",)))}) == 5
