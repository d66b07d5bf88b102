"""A large file is stored beside the page: handed over, shown with its progress, stopped, taken up again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import jobs
from db.engine import make_engine, write
from db.records_jobs import Job, JobStatus, JobStep
from db.schema_jobs import job
from pages.ui import upload_queue
from tests.pages.conftest import Shelf, shown
from tests.pages.desk import opened_desk, sheet  # noqa: F401 - a fixture
from tests.pages.test_upload import drafted, hand_in, stored

Open = Callable[..., AppTest]


@pytest.fixture
def handed_over(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The upload page after a file that counts as large was confirmed."""
    monkeypatch.setattr(upload_queue, "FROM", 1)
    drafted(monkeypatch, sheet(desk.ids, done=211, name="大表.xlsx"))
    app = hand_in(open_page("upload"), "大表.xlsx", b"x")
    app.button(key="store").click().run()
    assert not app.exception
    return app


def the_job() -> Job:
    engine = make_engine()
    with engine.connect() as connection:
        [held] = jobs.jobs(connection)
    engine.dispose()
    return held


def put(**values: object) -> None:
    engine = make_engine()
    with write(engine) as connection:
        connection.execute(sa.update(job).values(**values))
    engine.dispose()


def test_it_waits_in_the_queue_and_nothing_is_stored_by_the_page(handed_over: AppTest) -> None:
    assert stored()[0] == 2
    held = the_job()
    assert (held.status, held.account, held.file_name, len(held.seen)) == (
        JobStatus.QUEUED,
        "wangfang",
        "大表.xlsx",
        64,
    )
    words = shown(handed_over)
    assert "后台入库的文件" in words
    assert "排队等候" in words
    assert "前面还有0份" in words
    assert "未办完的草稿" not in words
    assert not [each for each in handed_over.button if each.key == "store"]  # the desk is free


def test_whoever_opens_the_page_again_sees_how_far_it_is(handed_over: AppTest, open_page: Open) -> None:
    put(status="running", step=JobStep.CHECK.value, worker="x:1:y")
    app = open_page("upload")
    [bar] = app.get("progress")
    assert re.search("第3步.共5步.逐项核对", str(bar.proto.text))
    put(step=JobStep.STORE.value)
    assert not [each for each in open_page("upload").button if str(each.key).startswith("cancel_")]


def test_it_can_be_stopped_and_taken_up_again(handed_over: AppTest, open_page: Open) -> None:
    handed_over.button(key=f"cancel_{the_job().id}").click().run()
    assert the_job().status is JobStatus.CANCELLED
    app = open_page("upload")
    assert "已取消" in shown(app)
    app.button(key=f"open_{the_job().id}").click().run()
    assert not app.exception
    assert [each for each in app.button if each.key == "store"]


def test_why_it_was_not_stored_is_said(handed_over: AppTest, open_page: Open) -> None:
    put(status="failed", reason="库中数据有了变动。", finished_at=sa.func.datetime("now"))
    assert "库中数据有了变动。" in re.sub(r"\\", "", "\n".join(each.value for each in open_page("upload").error))


def test_the_same_file_is_not_queued_twice(
    handed_over: AppTest, desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = hand_in(open_page("upload"), "大表.xlsx", b"x")
    app.button(key="store").click().run()
    assert "已在入库队列中" in "\n".join(each.value for each in app.error)
