"""The gate, asked as a client asks: who gets in, what a forged word is worth, what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from db.records_accounts import Account, Role
from db.sessions import key_of
from pages.ui import gate
from pages.ui.gate import COOKIE, Gate, own_path

TOKEN, ONE_TIME = "t" * 43, "u" * 43
HOST = (b"host", b"127.0.0.1:8501")
COOKIES = (b"cookie", f"{COOKIE}={TOKEN}".encode())
HTML = (b"accept", b"text/html,*/*")


def account(one_time: bool = False) -> Account:
    return Account(1, "li", "李", Role.VIEWER, None, "", one_time, False, False)


def look(token: str | None) -> Account | None:
    return {TOKEN: account(), ONE_TIME: account(one_time=True)}.get(token or "")


def asked(
    path: str, headers: Iterable[tuple[bytes, bytes]] = (HOST,), *, kind: str = "http", method: str = "GET",
    query: bytes = b"", **raw: Any,
) -> tuple[list[dict[str, Any]], list[Any]]:  # fmt: skip
    """(what the client is sent, the scopes that reached the app behind the gate)."""
    sent: list[dict[str, Any]] = []
    reached: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"inside"})

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    scope = {"type": kind, "path": path, "query_string": query, "headers": list(headers), "method": method, **raw}
    asyncio.run(Gate(app, look, hosts=gate.LOOPBACK)(scope, receive, send))
    return sent, reached


def status(sent: Sequence[dict[str, Any]]) -> int:
    return int(sent[0].get("status", 403 if sent[0]["type"] == "websocket.close" else 0))


@pytest.mark.parametrize(
    "path",
    ["/", "/overview", "/_stcore/metrics", "/_stcore/health", "/_stcore/host-config", "/media/abc.csv", "/static/js/a.js",
     "/app/static/x", "/sign-out", "/password", "/sign-in/", "/SIGN-IN", "/healthz/x", "//sign-in"],
)  # fmt: skip
def test_nothing_but_sign_in_and_health_answers_without_a_session(path: str) -> None:
    sent, reached = asked(path)
    assert (status(sent), reached) == (401, [])


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/readyz"])
def test_sign_in_and_health_answer(path: str) -> None:
    sent, reached = asked(path)
    assert (status(sent), len(reached)) == (200, 1)


def test_a_persons_browser_is_led_to_sign_in_and_back() -> None:
    sent, _ = asked("/trends", (HOST, HTML), query=b"units=1,2&lang=en")
    assert status(sent) == 303
    assert dict(sent[0]["headers"])[b"location"] == b"/sign-in?next=%2Ftrends%3Funits%3D1%2C2%26lang%3Den"


def test_a_websocket_without_a_session_is_refused() -> None:
    sent, reached = asked("/_stcore/stream", kind="websocket")
    assert (status(sent), reached) == (403, [])


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", b"", b"http://127.0.0.1:9999", b"http://[bad"])
@pytest.mark.parametrize(("kind", "method"), [("websocket", ""), ("http", "POST"), ("http", "PUT")])
def test_a_foreign_origin_is_refused_even_with_a_session(origin: bytes, kind: str, method: str) -> None:
    sent, reached = asked("/_stcore/stream", (HOST, COOKIES, (b"origin", origin)), kind=kind, method=method)
    assert (status(sent), reached) == (403, [])


def test_the_own_origin_is_let_in() -> None:
    own = (b"origin", b"http://127.0.0.1:8501")
    _, reached = asked("/_stcore/stream", (HOST, COOKIES, own), kind="websocket")
    assert len(reached) == 1


@pytest.mark.parametrize(
    "host",
    [b"evil.example", b"127.0.0.1:8501/../", b"user@127.0.0.1:8501", b"127.0.0.1:8501#x", b"127.0.0.1.evil.example", b"",
     b"127.0.0.1:port", b"127.0.0.1:8501, evil.example"],
)  # fmt: skip
def test_a_host_that_is_not_this_server_is_refused(host: bytes) -> None:
    sent, reached = asked("/healthz", ((b"host", host), COOKIES))
    assert (status(sent), reached) == (400, [])


def test_what_a_client_says_of_itself_is_thrown_away() -> None:
    _, [scope] = asked("/overview", (HOST, COOKIES, (gate.KEY_HEADER, b"someone else")))
    assert [value for name, value in scope["headers"] if name == gate.KEY_HEADER] == [key_of(TOKEN).encode()]
    _, [scope] = asked("/sign-in", (HOST, (gate.KEY_HEADER, b"someone else")))
    assert gate.KEY_HEADER not in dict(scope["headers"])


@pytest.mark.parametrize(
    "cookie", [b"", b"edu_session=", b"edu_session=wrong", b"other=1", b"edu_session=" + b"x" * 9000, b"\xff=;;=\x00"]
)
def test_a_cookie_that_says_nothing_opens_nothing(cookie: bytes) -> None:
    sent, reached = asked("/overview", (HOST, (b"cookie", cookie)))
    assert (status(sent), reached) == (401, [])


def test_a_one_time_password_opens_nothing_but_the_way_to_an_own_one() -> None:
    cookie = (b"cookie", f"{COOKIE}={ONE_TIME}".encode())
    sent, reached = asked("/overview", (HOST, HTML, cookie))
    assert dict(sent[0]["headers"])[b"location"].startswith(b"/password")
    assert reached == []
    assert status(asked("/_stcore/stream", (HOST, cookie), kind="websocket")[0]) == 403
    assert len(asked("/password", (HOST, cookie))[1]) == 1


def test_every_answer_carries_the_policy_and_no_script_runs_but_the_programs_own() -> None:
    for path in ("/sign-in", "/overview"):
        sent, _ = asked(path)
        said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        policy = said["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert said["x-content-type-options"] == "nosniff"
        assert said["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("said", "path"),
    [("/trends?units=1", "/trends?units=1"), ("", "/"), (None, "/"), ("//evil.example", "/"), ("/\\evil.example", "/"),
     ("https://evil.example", "/"), ("/a b", "/"), ("javascript:alert(1)", "/"), ("/" + "x" * 3000, "/")],
)  # fmt: skip
def test_after_sign_in_nobody_is_led_away(said: str | None, path: str) -> None:
    assert own_path(said) == path


def test_a_bureau_names_its_own_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDU_HOSTS", " kanban.jyj.local, 10.1.2.3 ")
    assert {"kanban.jyj.local", "10.1.2.3", "127.0.0.1"} <= gate.allowed_hosts()
