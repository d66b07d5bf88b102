"""Sign-in through an identity provider, attacked: only what the provider signed for this program and this very sign-in
counts, and only for an account that exists."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from db import accounts, audit, sessions
from db.engine import make_engine, write
from db.records_accounts import Role
from pages.ui import oidc, oidc_sign_in, sign_in
from pages.ui.gate import COOKIE, OIDC, OIDC_BACK, SIGN_OUT, Gate
from pages.ui.oidc import Provider, from_environment
from tests.pages import identity_provider
from tests.pages.forged_tokens import FORGED, OWN, environment
from tests.pages.identity_provider import (
    CLIENT,
    KEY,
    SECRET,
    IdentityProvider,
    asked_of,
    signed,
    unsigned,
)


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    with identity_provider.running() as one:
        yield one


@pytest.fixture
def idp(running: IdentityProvider) -> IdentityProvider:
    running.who, running.sign, running.keys, running.says_issuer = "li", signed, KeySet([KEY]), running.issuer
    running.asked.clear()
    return running


@pytest.fixture
def own(empty_store: object) -> Iterator[sa.Engine]:
    engine = make_engine()
    accounts.first_administrator(engine, "li")
    with write(engine) as connection:
        accounts.add_account(connection, "wang", "王", Role.VIEWER, None, by="li")
        accounts.add_account(connection, "yanshi", "演示", Role.VIEWER, None, by="li", password="yanshi-2026")
    yield engine
    engine.dispose()


@pytest.fixture
def browser(own: sa.Engine, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return opened(monkeypatch, environment(idp.issuer))


def opened(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> TestClient:
    settings = from_environment(values)
    provider = None if settings is None else Provider(settings)
    monkeypatch.setattr(oidc, "active", lambda: provider)

    async def page(request: object) -> PlainTextResponse:
        return PlainTextResponse("inside")

    routes = [*sign_in.ROUTES, *oidc_sign_in.ROUTES, Route("/trends", page)]
    app = Gate(Starlette(routes=routes), sign_in.account_of_token, hosts=["testserver"], proxy=lambda: None)
    return TestClient(app, OWN, client=("10.0.0.9", 1), follow_redirects=False)


def at_the_provider(browser: TestClient, query: str = "") -> str:
    """Start, and let the provider send the browser back: the address of the way back."""
    away = browser.get(OIDC + query)
    assert away.status_code == 303, away.text
    return httpx2.get(away.headers["location"]).headers["location"]


def newest(own: sa.Engine) -> audit.AuditEvent:
    with own.connect() as connection:
        return audit.events(connection)[0]


def signed_in(own: sa.Engine, answer: Any) -> bool:
    return sessions.session_account(own, answer.cookies.get(COOKIE)) is not None


def test_the_provider_names_an_account_and_a_session_of_our_own_opens(browser: TestClient, own: sa.Engine) -> None:
    answer = browser.get(at_the_provider(browser, "?next=/trends?units=1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/trends?units=1")
    held = sessions.session_account(own, answer.cookies[COOKIE])
    assert held is not None
    assert (held.name, newest(own).action, newest(own).actor) == ("li", "sign_in", "li")
    assert "oidc" in str(newest(own).after)
    said = [value.lower() for value in answer.headers.get_list("set-cookie")]
    assert all("httponly" in one and "samesite=lax" in one and "secure" in one for one in said)
    assert browser.get("/trends").text == "inside"  # a one-time password that nobody was told stands in no way


def test_what_the_browser_carries_there_is_bound_to_it_and_says_no_secret(browser: TestClient) -> None:
    away = browser.get(OIDC)
    asked = asked_of(away.headers["location"])
    assert asked["redirect_uri"] == OWN + OIDC_BACK
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "openid profile")
    [cookie] = away.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-edu_oidc=")
    assert all(one in cookie.lower() for one in ("httponly", "samesite=lax", "secure", "path=/", "max-age=600"))
    assert SECRET not in away.headers["location"] + cookie


def test_the_session_is_new_and_the_administrator_and_the_idle_limit_end_it(
    browser: TestClient, own: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = browser.get(at_the_provider(browser)).cookies[COOKIE]
    second = browser.get(at_the_provider(browser)).cookies[COOKIE]
    assert first != second
    assert sessions.session_account(own, first) is None
    later = sessions.moment() + sessions.IDLE
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "moment", lambda: later)
        assert sessions.session_account(own, second) is None
    with write(own) as connection:
        accounts.add_account(connection, "zhang", "张", Role.ADMINISTRATOR, None, by="li")
        held = accounts.account_named(connection, "li")
    assert held is not None
    assert browser.get("/trends").status_code == 200
    accounts.change_account(own, held.id, {"disabled": True}, by="zhang")
    assert browser.get("/trends").status_code == 401


def test_a_password_session_cannot_call_itself_one_of_the_provider(browser: TestClient, own: sa.Engine) -> None:
    with own.connect() as connection:
        held = accounts.account_named(connection, "wang")
    assert held is not None
    found = sessions.sign_in(own, "wang", accounts.reset_password(own, held.id, by="li"), "10.0.0.9")
    assert browser.get("/trends", headers={"cookie": f"{COOKIE}={found.token}"}).status_code == 401  # one-time password
    assert browser.get("/trends", headers={"cookie": f"{COOKIE}=p.{found.token}"}).status_code == 401


@pytest.mark.parametrize("forged", FORGED)
def test_a_token_that_does_not_hold_opens_nothing(
    browser: TestClient, own: sa.Engine, idp: IdentityProvider, forged: str
) -> None:
    idp.sign = FORGED[forged]
    answer = browser.get(at_the_provider(browser))
    assert (answer.status_code, signed_in(own, answer)) == (403, False)
    assert "未通过核对" in answer.text
    assert (newest(own).action, "oidc" in str(newest(own).after)) == ("sign_in_refused", True)


@pytest.mark.parametrize(
    "who", ["nobody", "yanshi", "admin", "", "li wang", "l\u0131", "\u212aate", "li@evil.example", "../li"]
)
def test_no_account_is_made_by_a_name_from_outside(
    browser: TestClient, own: sa.Engine, idp: IdentityProvider, who: str
) -> None:
    with write(own) as connection:
        accounts.add_account(connection, "kate", "凯", Role.VIEWER, None, by="li")
    idp.who = who
    answer = browser.get(at_the_provider(browser))
    assert (answer.status_code, signed_in(own, answer)) == (403, False)
    assert "没有对应的账号" in answer.text
    with own.connect() as connection:
        assert {one.name for one in accounts.accounts(connection)} == {"li", "wang", "yanshi", "kate"}
    assert newest(own).action == "sign_in_refused"


def test_a_disabled_account_stays_out(browser: TestClient, own: sa.Engine, idp: IdentityProvider) -> None:
    with own.connect() as connection:
        held = accounts.account_named(connection, "wang")
    assert held is not None
    accounts.change_account(own, held.id, {"disabled": True}, by="li")
    idp.who = "wang"
    answer = browser.get(at_the_provider(browser))
    assert (answer.status_code, signed_in(own, answer)) == (403, False)
    assert (newest(own).action, newest(own).actor) == ("sign_in_refused", "wang")


def test_a_way_back_is_gone_once_and_by_the_browser_that_set_out(
    browser: TestClient, own: sa.Engine, idp: IdentityProvider
) -> None:
    back = at_the_provider(browser)
    kept = browser.cookies.get("__Host-edu_oidc")
    other = TestClient(browser.app, OWN, follow_redirects=False)
    assert other.get(back).status_code == 400  # another browser, led to finish the sign-in of this one
    assert signed_in(own, browser.get(back))
    assert browser.get(back).status_code == 400  # the cookie was taken
    idp.asked.clear()
    again = other.get(back, headers={"cookie": f"__Host-edu_oidc={kept}"})  # kept by somebody who saw it all
    assert (again.status_code, signed_in(own, again), idp.asked) == (400, False, [])


def test_a_code_is_good_for_one_sign_in(browser: TestClient, own: sa.Engine) -> None:
    code = asked_of(at_the_provider(browser))["code"]
    state = asked_of(browser.get(OIDC).headers["location"])["state"]
    answer = browser.get(f"{OIDC_BACK}?code={code}&state={state}")  # a stolen code in a sign-in of one's own: PKCE
    assert (answer.status_code, signed_in(own, answer)) == (403, False)


@pytest.mark.parametrize(
    "change",
    [
        lambda back, state: back.replace(state, "x" * len(state)),
        lambda back, state: back.replace(f"state={state}", ""),
        lambda back, state: back + f"&state={state}",
        lambda back, state: back + "&state=other",
        lambda back, state: back.replace(state, "%E5%B7%9E"),
    ],
)
def test_another_state_is_refused_before_the_provider_is_asked(
    browser: TestClient, own: sa.Engine, idp: IdentityProvider, change: Callable[[str, str], str]
) -> None:
    back = at_the_provider(browser)
    idp.asked.clear()
    answer = browser.get(change(back, asked_of(back)["state"]))
    assert (answer.status_code, signed_in(own, answer), idp.asked) == (400, False, [])
    assert "没有从本页开始" in answer.text


@pytest.mark.parametrize("cookie", ["", "x", "eyJzdGF0ZSI6ICJ4In0.aaaa.bbbb"])
def test_a_cookie_that_this_program_did_not_sign_is_none(browser: TestClient, own: sa.Engine, cookie: str) -> None:
    back = at_the_provider(browser)
    browser.cookies.clear()
    answer = browser.get(back, headers={"cookie": f"__Host-edu_oidc={cookie}"})
    assert (answer.status_code, signed_in(own, answer)) == (400, False)


def test_after_ten_minutes_one_starts_anew(
    browser: TestClient, own: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = at_the_provider(browser)
    monkeypatch.setattr(oidc_sign_in, "_FLOW_S", -1)
    assert browser.get(back).status_code == 400


def test_the_answer_of_another_provider_is_refused(browser: TestClient, own: sa.Engine, idp: IdentityProvider) -> None:
    back = at_the_provider(browser)
    idp.asked.clear()
    answer = browser.get(back.split("&iss=")[0] + "&iss=https://evil.example")
    assert (answer.status_code, signed_in(own, answer), idp.asked) == (403, False, [])


def test_who_turns_back_at_the_provider_is_told_so(browser: TestClient, own: sa.Engine) -> None:
    state = asked_of(browser.get(OIDC).headers["location"])["state"]
    answer = browser.get(f"{OIDC_BACK}?error=access_denied&error_description=<script>&state={state}")
    assert (answer.status_code, "没有完成" in answer.text, "<script>" in answer.text) == (401, True, False)


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_one_comes_back_to_this_server_only(browser: TestClient, wanted: str) -> None:
    assert browser.get(at_the_provider(browser, f"?next={wanted}")).headers["location"] == "/"


def test_a_long_address_still_fits_a_cookie(browser: TestClient) -> None:
    wanted = "/trends?units=" + "".join(chr(0x4E00 + n) for n in range(1900))
    answer = browser.get(OIDC, params={"next": wanted})
    assert len(answer.headers["set-cookie"]) < 4096
    assert browser.get(httpx2.get(answer.headers["location"]).headers["location"]).status_code == 303


def test_a_provider_that_is_down_is_a_sentence_and_no_failure_of_the_person(
    own: sa.Engine, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = newest(own)
    browser = opened(monkeypatch, environment("http://127.0.0.1:9"))
    with caplog.at_level(logging.DEBUG):
        answer = browser.get(OIDC)
    assert (answer.status_code, "暂时连不上" in answer.text, 'name="password"' in answer.text) == (503, True, True)
    assert (newest(own), SECRET in caplog.text) == (before, False)
    browser = opened(monkeypatch, environment(idp.issuer))
    back = at_the_provider(browser)
    monkeypatch.setattr(oidc, "_PATIENCE_S", (0.5, 0.5))
    monkeypatch.setattr(Provider, "_endpoint", lambda self, name: "http://127.0.0.1:9/token")
    assert browser.get(back).status_code == 503


def test_a_provider_that_calls_itself_otherwise_is_not_asked_further(
    browser: TestClient, idp: IdentityProvider
) -> None:
    idp.says_issuer = "https://evil.example"
    assert browser.get(OIDC).status_code == 503


def test_a_provider_may_change_its_key(browser: TestClient, own: sa.Engine, idp: IdentityProvider,
                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    assert signed_in(own, browser.get(at_the_provider(browser)))
    fresh = RSAKey.generate_key(2048, {"kid": "b"}, private=True)
    idp.keys, idp.sign = KeySet([fresh]), lambda claims: jwt.encode({"alg": "RS256", "kid": "b"}, claims, fresh)
    assert browser.get(at_the_provider(browser)).status_code == 403  # asked for the keys a moment ago
    monkeypatch.setattr(oidc, "_KEYS_AGAIN_S", 0.0)
    assert signed_in(own, browser.get(at_the_provider(browser)))


def test_who_fails_too_often_waits_and_the_provider_is_left_alone(
    browser: TestClient, own: sa.Engine, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "FAILURES_OF_ADDRESS", 3)
    idp.sign = unsigned
    assert [browser.get(at_the_provider(browser)).status_code for _ in range(4)] == [403, 403, 403, 429]
    back = at_the_provider(browser)
    idp.asked.clear()
    assert (browser.get(back).status_code, idp.asked) == (429, [])
    later = sessions.moment() + sessions.WINDOW + timedelta(minutes=1)
    monkeypatch.setattr(sessions, "moment", lambda: later)
    idp.sign = signed
    assert browser.get(at_the_provider(browser)).status_code == 303


def test_the_gate_stands_before_these_routes_too(browser: TestClient) -> None:
    assert browser.get(OIDC, headers={"host": "evil.example"}).status_code == 400
    assert browser.post(OIDC, headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.post(OIDC_BACK).status_code == 405
    assert browser.get(OIDC + "/other").status_code == 401


@pytest.mark.parametrize("path", [OIDC, OIDC_BACK, OIDC_BACK + "?code=1&state=2"])
def test_without_a_provider_nothing_is_there(own: sa.Engine, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    browser = opened(monkeypatch, {})
    assert browser.get(path).status_code == 404
    assert "统一身份认证" not in browser.get("/sign-in").text


def test_the_form_offers_it_where_it_is_set_and_asks_nobody_for_that(
    browser: TestClient, idp: IdentityProvider
) -> None:
    assert 'href="/sign-in/oidc?next=%2Ftrends">统一身份认证登录' in browser.get("/sign-in?next=/trends").text
    assert 'href="/sign-in/oidc?lang=en">Single sign-on' in browser.get("/sign-in?lang=en").text
    assert idp.asked == []


def test_another_claim_may_name_the_account(
    own: sa.Engine, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = opened(monkeypatch, {**environment(idp.issuer), "EDU_OIDC_CLAIM": "staff"})
    held = sessions.session_account(own, browser.get(at_the_provider(browser)).cookies[COOKIE])
    assert held is not None
    assert held.name == "wang"


def test_who_signs_out_is_signed_out_here_and_there_where_that_is_wanted(
    own: sa.Engine, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = opened(monkeypatch, environment(idp.issuer))
    token = browser.get(at_the_provider(browser)).cookies[COOKIE]
    left = browser.get(SIGN_OUT).headers["location"]
    assert (left, sessions.session_account(own, token)) == ("/sign-in?out=1", None)
    assert "可能仍在有效期内" in browser.get(left).text
    browser = opened(monkeypatch, {**environment(idp.issuer), "EDU_OIDC_END_SESSION": "1"})
    browser.get(at_the_provider(browser))
    left = browser.get(SIGN_OUT).headers["location"]
    assert left.startswith(idp.issuer + "/end_session?")
    assert asked_of(left) == {"client_id": CLIENT, "post_logout_redirect_uri": OWN + "/sign-in"}
