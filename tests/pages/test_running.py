"""The numbers of the process: to a scraper with the token, to an administrator on a page, without a word of anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from db import meters, vitals
from db.records_accounts import Role
from pages.ui import access, metrics
from tests.pages.conftest import Shelf, grids, shown

TOKEN = "t" * 32
RIGHT = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(store: Shelf, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("EDU_METRICS_TOKEN", TOKEN)
    monkeypatch.setattr(metrics, "scraped", metrics.Scraped())
    return TestClient(Starlette(routes=metrics.ROUTES))


@pytest.mark.parametrize("token", ["", "  ", "short"])
def test_without_a_token_of_its_own_there_is_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("EDU_METRICS_TOKEN", token)
    for headers in ({}, {"authorization": f"Bearer {token}"}, RIGHT):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        [], [("authorization", "Bearer wrong")], [("authorization", "Bearer ")], [("authorization", f"Basic {TOKEN}")],
        [("authorization", f"Bearer {TOKEN}x")], [("authorization", f"Bearer {TOKEN}"), ("authorization", "Bearer x")],
        [("authorization", TOKEN)], [("cookie", f"edu_session={TOKEN}")], [("authorization", "Bearer té")],
    ],
)  # fmt: skip
def test_a_wrong_token_opens_nothing(client: TestClient, said: list[tuple[str, str]]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in said]
    answer = client.get("/metrics", headers=raw)
    assert (answer.status_code, answer.content) == (401, b"")


def test_the_numbers_are_told_and_nobody_is_named(client: TestClient, open_page: Callable[..., AppTest]) -> None:
    assert not open_page("trends").exception
    answer = client.get("/metrics", headers=RIGHT)
    assert answer.status_code == 200
    text = answer.text
    for line in ('edu_rerun_seconds_count{page="trends"}', 'edu_query_seconds_count{kind="read"}', 'edu_imports{status="stored"} 2.0',
                 'edu_rows{table="org_unit"} 10.0', "edu_sessions 0.0", "edu_store_up 1.0", "edu_store_bytes "):  # fmt: skip
        assert line in text, line
    assert not any(word in text for word in ("湾口", "岚川", "wangfang", "王芳", "2199000001", "学年统计"))
    assert text.isascii()


def test_a_store_that_does_not_answer_leaves_the_numbers_of_the_process() -> None:
    def gone() -> vitals.Vitals:
        raise OSError

    text = vitals.exposition(gone).decode()
    assert "edu_store_up 0.0" in text
    assert "process_cpu_seconds_total" in text


def test_a_histogram_tells_its_halves() -> None:
    before = {one.label: one.n for one in meters.times(meters.RERUN)}
    for seconds in (0.02, 0.03, 0.04, 60.0):
        meters.RERUN.labels("overview").observe(seconds)
    found = {one.label: one for one in meters.times(meters.RERUN)}["overview"]
    assert found.n == before.get("overview", 0) + 4
    assert found.most >= found.half > 0


def test_the_page_shows_sizes_times_and_the_missing_backup(store: Shelf, open_page: Callable[..., AppTest]) -> None:
    app = open_page("running")
    assert not app.exception
    assert "还没有做过备份" in shown(app)
    text = grids(app)
    assert all(word in text for word in ("程序版本", "数据库大小", "数值（含历次更正）", "在库", "读"))


def test_the_page_shows_the_queue_and_how_long_its_first_waits(
    store: Shelf, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = vitals.vitals
    monkeypatch.setattr(vitals, "vitals", lambda engine: replace(held(engine), jobs={"queued": 2}, waiting_s=61.0))
    app = open_page("running")
    assert not app.exception
    assert "排在最前的一份已等2分钟" in shown(app)
    assert all(word in grids(app) for word in ("排队等候", "打开着的页面"))


def test_an_administrator_of_a_part_sees_no_counts_of_others(
    store: Shelf, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "look", lambda: access.Person("xian", "县", Role.ADMINISTRATOR, "/1/3/"))
    app = open_page("running")
    assert "不限范围的管理员" in shown(app)
    assert not app.main.get("html")


def test_the_gate_lets_scrapers_through_to_the_token_only() -> None:
    from tests.pages.test_gate import asked, status

    assert status(asked("/metrics")[0]) == 200
    assert status(asked("/metrics/")[0]) == 401
    assert status(asked("/metrics", ())[0]) == 400
