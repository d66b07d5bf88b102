"""The last visit: kept by two cookies that hold times only, set with the page itself."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from starlette.types import Message, Receive, Scope, Send

from pages.ui.visits import BEFORE, SEEN, VisitCookies, stamps

NOW = datetime(2026, 11, 27, 9, 30)


@pytest.mark.parametrize(
    ("cookies", "expected"),
    [
        ({}, {SEEN: "20261127T093000"}),
        ({SEEN: "20261127T091500"}, {SEEN: "20261127T093000"}),  # the same visit goes on
        ({SEEN: "20261127T090000"}, {SEEN: "20261127T093000", BEFORE: "20261127T090000"}),
        ({SEEN: "20261120T080000", BEFORE: "20261101T080000"}, {SEEN: "20261127T093000", BEFORE: "20261120T080000"}),
        ({SEEN: "<script>"}, {SEEN: "20261127T093000"}),
        ({SEEN: "20271127T090000"}, {SEEN: "20261127T093000"}),  # a clock that ran ahead
    ],
)
def test_a_pause_begins_another_visit(cookies: dict[str, str], expected: dict[str, str]) -> None:
    assert stamps(cookies, NOW) == expected


def set_by(path: str, *, method: str = "GET", kind: str = "text/html; charset=utf-8", cookie: str = "") -> list[str]:
    """The cookies that come with an answer of a kind."""
    sent: list[Message] = []

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode())]})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"cookie", cookie.encode())]}
    asyncio.run(VisitCookies(answer)(scope, receive, send))
    return [text.decode() for name, text in sent[0]["headers"] if name == b"set-cookie"]


def test_only_pages_are_stamped() -> None:
    assert set_by("/trends")[0].startswith(f"{SEEN}=2")
    assert set_by("/_stcore/host") == []
    assert set_by("/healthz") == []
    assert set_by("/trends", method="POST") == []
    assert set_by("/trends", kind="text/plain") == []


def test_the_visit_before_is_set_beside_it() -> None:
    found = set_by("/", cookie=f"{SEEN}=20250101T090000; theme=dark")
    assert found[1].startswith(f"{BEFORE}=20250101T090000;")


def test_the_cookies_hold_times_and_no_script_can_read_them() -> None:
    [line] = set_by("/trends", cookie="broken[=;;")
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
