"""Before everything: what is logged of a request, and what a person sees when the server itself fails."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from db.engine import StoreError
from db.faults import FULL
from pages.ui.watch import Watch

HTML = [(b"accept", b"text/html"), (b"host", b"127.0.0.1")]


def asked(error: Exception | None, headers: list[tuple[bytes, bytes]], path: str = "/trends", *, kind: str = "http",
          late: bool = False) -> list[dict[str, Any]]:  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if late or error is None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        if error is not None:
            raise error
        await send({"type": "http.response.body", "body": b"fine"})

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {"type": kind, "path": path, "query_string": b"name=x", "headers": headers, "method": "GET"}
    asyncio.run(Watch(app)(scope, receive, send))
    return sent


def test_a_mistake_is_a_page_with_the_number_that_the_log_has(caplog: pytest.LogCaptureFixture) -> None:
    sent = asked(ValueError("张小红"), HTML)
    assert sent[0]["status"] == 500
    assert b"content-security-policy" in dict(sent[0]["headers"])
    page = sent[1]["body"].decode()
    [number] = [record.args[0] for record in caplog.records if record.getMessage().startswith("fault ")]
    assert str(number) in page
    assert "张小红" not in page


@pytest.mark.parametrize("error", [StoreError(FULL), StoreError("数据库所在磁盘 <b>")])
def test_what_a_person_can_mend_is_said(error: StoreError) -> None:
    sent = asked(error, HTML)
    assert sent[0]["status"] == 503
    assert str(error).replace("<b>", "&lt;b&gt;") in sent[1]["body"].decode()


def test_a_program_gets_problem_details() -> None:
    sent = asked(ValueError("x"), [(b"host", b"127.0.0.1")])
    assert dict(sent[0]["headers"])[b"content-type"] == b"application/problem+json"
    assert json.loads(sent[1]["body"])["status"] == 500


def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    assert [message["type"] for message in asked(ValueError("x"), HTML, late=True)] == ["http.response.start"]


def test_a_websocket_that_fails_is_closed() -> None:
    assert asked(ValueError("x"), HTML, kind="websocket") == [{"type": "websocket.close", "code": 1011}]


def test_the_log_has_the_path_but_neither_query_nor_what_was_typed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dashboard.requests")
    asked(None, HTML)
    asked(None, HTML, "/张小红")
    asked(None, HTML, "/static/js/a.js")
    lines = [record for record in caplog.records if record.message == "request"]
    assert [(one.path, one.status, one.account) for one in lines] == [("/trends", 200, None), ("(4)", 200, None)]  # type: ignore[attr-defined]


def test_text_over_the_websocket_ends_it_and_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    got: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        got.append(await receive())

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive", "text": "hello"}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
    asyncio.run(Watch(app)(scope, receive, send))
    assert got == [{"type": "websocket.disconnect", "code": 1003}]
    assert not [one for one in caplog.records if "fault" in one.getMessage()]


def test_a_client_that_hung_up_is_no_fault_of_the_program(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        raise ConnectionResetError

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    asyncio.run(Watch(app)({"type": "http", "path": "/", "method": "GET", "headers": []}, receive, send))
    assert not [one for one in caplog.records if "fault" in one.getMessage()]
