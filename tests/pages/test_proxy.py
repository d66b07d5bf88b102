"""Sign-in by the header of a trusted proxy, attacked: only the proxy's own single word counts, and only for an account that
exists."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from db import accounts, audit, sessions
from db.engine import StoreError, make_engine, write
from db.records_accounts import Account, Role
from pages.ui import gate, proxy, sign_in
from pages.ui.gate import COOKIE, Gate
from pages.ui.proxy import IDENTITY, Proxy, from_environment

SET = {"EDU_TRUSTED_PROXY": "10.0.0.5, 127.0.0.1", "EDU_PROXY_HEADER": "X-Remote-User"}
HOST = (b"host", b"127.0.0.1:8501")
OURS, FOREIGN = ("10.0.0.5", 40000), ("10.0.0.77", 40000)
TOKEN = "t" * 43
NAMED = (b"x-remote-user", b"li")
Header = tuple[bytes, bytes]


def trusted() -> Proxy:
    made = from_environment(SET)
    assert made is not None
    return made


def look(token: str | None) -> Account | None:
    return Account(1, "li", "李", Role.VIEWER, None, "", True, False, False) if token == TOKEN else None


def asked(
    path: str, headers: Sequence[Header], client: tuple[str, int] | None, *, kind: str = "http", served: bool = False
) -> tuple[int, list[Any]]:
    """(status, the scopes that reached what stands behind the gate); `served`: through uvicorn's own layer."""
    sent: list[dict[str, Any]] = []
    reached: list[Any] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    held = trusted()
    app: Any = Gate(inside, look, hosts=gate.LOOPBACK, proxy=lambda: held)
    if served:
        app = ProxyHeadersMiddleware(app, trusted_hosts="127.0.0.1,::1")
    scope = {"type": kind, "path": path, "query_string": b"", "headers": [HOST, *headers], "method": "GET", "client": client,
             "scheme": "http"}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    if not sent:
        return 200, reached
    return int(sent[0].get("status", 403)), reached


COOKIES = (b"cookie", f"{COOKIE}={TOKEN}".encode())


def test_the_proxys_word_and_the_session_open_the_pages_and_the_header_goes_no_further() -> None:
    status, [scope] = asked("/", [COOKIES, NAMED], OURS)
    assert status == 200
    assert all(name.lower() != b"x-remote-user" for name, _ in scope["headers"])
    assert asked("/_stcore/stream", [COOKIES, NAMED], OURS, kind="websocket")[0] == 200


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ([COOKIES], OURS),  # the proxy names nobody
        ([COOKIES, (b"x-remote-user", b"wang")], OURS),  # another person than the session's
        ([COOKIES, NAMED], FOREIGN),  # not the proxy
        ([COOKIES, NAMED], None),
        ([COOKIES, NAMED], ("testclient", 1)),
        ([COOKIES, NAMED], ("10.0.0.5.evil", 1)),
        ([COOKIES, NAMED, NAMED], OURS),  # twice
        ([COOKIES, NAMED, (b"X-Remote-User", b"li")], OURS),  # twice, in two spellings
        ([COOKIES, NAMED, (b"X-REMOTE-USER", b"wang")], OURS),
        ([COOKIES, (b"x-remote-user", b"")], OURS),
        ([COOKIES, (b"x-remote-user", b"  ")], OURS),
        ([COOKIES, (b"x-remote-user", b"li,wang")], OURS),
        ([COOKIES, (b"x-remote-user", b"li\x00")], OURS),
        ([COOKIES, (b"x-remote-user", b"l\xc3\xad")], OURS),
        ([COOKIES, (b"x-remote-user", b"li" * 40)], OURS),
        ([COOKIES, (b"x_remote_user", b"li")], OURS),  # another header
        ([COOKIES, NAMED, (b"x-forwarded-for", b"10.0.0.5")], OURS),  # the address may be what the header says
        ([COOKIES, NAMED, (b"x-forwarded-for", b"10.0.0.9, 10.0.0.5")], OURS),
        ([NAMED], OURS),  # no session yet
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_anything_else_opens_nothing(headers: list[Header], client: tuple[str, int] | None, kind: str) -> None:
    status, reached = asked("/trends" if kind == "http" else "/_stcore/stream", headers, client, kind=kind)
    assert status in (401, 403)
    assert reached == []


@pytest.mark.parametrize(
    ("client", "forwarded", "status"),
    [
        (("127.0.0.1", 50000), b"10.0.0.33", 200),  # nginx on the machine itself, for somebody in the office
        (("127.0.0.1", 50000), None, 200),
        (("10.0.0.5", 50000), b"10.0.0.33", 200),  # a proxy on another machine
        (("127.0.0.1", 50000), b"10.0.0.5:41000", 401),  # a local program that calls itself the proxy
        (("10.0.0.77", 50000), b"10.0.0.5", 401),  # a stranger who says that the proxy sent him
        (("10.0.0.77", 50000), b"127.0.0.1", 401),
        (("10.0.0.77", 50000), b"10.0.0.77", 401),
        (("::ffff:10.0.0.5", 50000), b"10.0.0.33", 200),
        (("::ffff:10.0.0.77", 50000), b"10.0.0.33", 401),
    ],
)
def test_the_address_is_that_of_the_connection_and_not_what_a_header_says(
    client: tuple[str, int], forwarded: bytes | None, status: int
) -> None:
    said = [] if forwarded is None else [(b"x-forwarded-for", forwarded)]
    assert asked("/", [COOKIES, NAMED, *said], client, served=True)[0] == status


def test_a_header_from_elsewhere_is_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    held = trusted()
    scope = {"type": "http", "headers": [NAMED], "client": FOREIGN}
    with caplog.at_level(logging.WARNING):
        assert [held.identity(scope) for _ in range(5)] == [None] * 5
    assert [record.getMessage() for record in caplog.records] == [
        "an identity header that did not come from the proxy was ignored"
    ]
    assert caplog.records[0].peer == "10.0.0.77"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"EDU_TRUSTED_PROXY": "10.0.0.5"}, "只设了一个"),
        ({"EDU_PROXY_HEADER": "X-Remote-User"}, "只设了一个"),
        ({**SET, "EDU_TRUSTED_PROXY": "proxy.local"}, "不是地址"),
        ({**SET, "EDU_TRUSTED_PROXY": "0.0.0.0/0"}, "范围太大"),
        ({**SET, "EDU_TRUSTED_PROXY": "10.0.0.0/8"}, "范围太大"),
        ({**SET, "EDU_TRUSTED_PROXY": "::/0"}, "范围太大"),
        ({**SET, "EDU_PROXY_HEADER": "Cookie"}, "不能作身份头"),
        ({**SET, "EDU_PROXY_HEADER": "X-Forwarded-For"}, "不能作身份头"),
        ({**SET, "EDU_PROXY_HEADER": "X Remote"}, "不能作身份头"),
    ],
)
def test_what_is_set_by_half_or_too_widely_does_not_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(StoreError, match=words):
        from_environment(given)


def test_it_is_off_by_default() -> None:
    assert from_environment({}) is None


# ---- the routes --------------------------------------------------------------------------------------


@pytest.fixture
def own(empty_store: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    engine = make_engine()
    accounts.first_administrator(engine, "li")
    with write(engine) as connection:
        accounts.add_account(connection, "wang", "王", Role.VIEWER, None, by="li")
        accounts.add_account(connection, "yanshi", "演示", Role.VIEWER, None, by="li", password="yanshi-2026")
    monkeypatch.setattr(proxy, "active", trusted)
    yield engine
    engine.dispose()


@pytest.fixture
def browser(own: sa.Engine) -> TestClient:
    app = Gate(Starlette(routes=sign_in.ROUTES), sign_in.account_of_token, hosts=["testserver"], proxy=trusted)
    return TestClient(app, client=OURS, follow_redirects=False)


def as_user(name: str) -> dict[str, str]:
    return {"X-Remote-User": name}


def test_the_proxy_names_an_account_and_it_is_let_in_without_a_password(browser: TestClient, own: sa.Engine) -> None:
    answer = browser.get("/sign-in?next=/trends", headers=as_user("LI"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/trends")
    assert "httponly" in answer.headers["set-cookie"].lower()
    held = sessions.session_account(own, answer.cookies[COOKIE])
    assert held is not None
    assert held.name == "li"
    with own.connect() as connection:
        entry = audit.events(connection)[0]
    assert (entry.action, entry.actor, "proxy" in entry.after) == ("sign_in", "li", True)


@pytest.mark.parametrize("name", ["nobody", "yanshi", "admin"])
def test_no_account_is_made_by_a_name_from_outside(browser: TestClient, own: sa.Engine, name: str) -> None:
    answer = browser.get("/sign-in", headers=as_user(name))
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "没有对应的账号" in answer.text
    with own.connect() as connection:
        assert {one.name for one in accounts.accounts(connection)} == {"li", "wang", "yanshi"}
        assert audit.events(connection)[0].action == "sign_in_refused"


def test_a_disabled_account_stays_out(browser: TestClient, own: sa.Engine) -> None:
    with own.connect() as connection:
        held = accounts.account_named(connection, "wang")
    assert held is not None
    accounts.change_account(own, held.id, {"disabled": True}, by="li")
    assert browser.get("/sign-in", headers=as_user("wang")).status_code == 403


def test_no_password_is_taken_beside_the_proxy(browser: TestClient, own: sa.Engine) -> None:
    with own.connect() as connection:
        held = accounts.account_named(connection, "wang")
    assert held is not None
    password = accounts.reset_password(own, held.id, by="li")
    answer = browser.post("/sign-in", data={"name": "wang", "password": password}, headers=as_user("wang"))
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "不收密码" in answer.text
    assert browser.get("/sign-in").status_code == 401
    assert "没有收到统一登录的身份" in browser.get("/sign-in").text


def test_another_person_at_the_same_browser_gets_a_session_of_her_own(browser: TestClient, own: sa.Engine) -> None:
    first = browser.get("/sign-in", headers=as_user("li")).cookies[COOKIE]
    assert (
        browser.get("/password", headers={**as_user("wang"), "accept": "text/html"})
        .headers["location"]
        .startswith("/sign-in")
    )
    second = browser.get("/sign-in", headers=as_user("wang")).cookies[COOKIE]
    assert sessions.session_account(own, first) is None
    held = sessions.session_account(own, second)
    assert held is not None
    assert held.name == "wang"


def test_who_signs_out_is_not_let_in_again_at_once(browser: TestClient) -> None:
    browser.get("/sign-in", headers=as_user("li"))
    answer = browser.get("/sign-out", headers=as_user("li"))
    assert answer.headers["location"] == "/sign-in?out=1"
    assert "已退出" in browser.get("/sign-in?out=1", headers=as_user("li")).text


def test_the_gate_notes_whom_the_proxy_named_for_the_sign_in_only() -> None:
    _, [scope] = asked("/sign-in", [NAMED], OURS)
    assert scope[IDENTITY] == "li"
    _, [scope] = asked("/sign-in", [NAMED], FOREIGN)
    assert scope[IDENTITY] is None
