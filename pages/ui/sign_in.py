"""The routes before the pages: sign in, choose an own password, sign out. Plain HTML that needs no script."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from db import accounts, sessions
from db.engine import StoreError
from db.records_accounts import Account
from pages.text import LANGUAGES, language_or_first, phrase
from pages.ui import oidc, proxy
from pages.ui.gate import COOKIE, OIDC, PASSWORD, SIGN_IN, SIGN_OUT, own_path, token_of
from pages.ui.store import engine

_LONGEST_BODY = 8192


def account_of_token(token: str | None) -> Account | None:
    """Whom the gate lets in for a token."""
    return sessions.session_account(engine(), token)


async def sign_in(request: Request) -> Response:
    """GET: the form. POST: a new session, or the form with the reason. Behind a trusted proxy its word is the only way."""
    if proxy.active() is not None:
        return await _vouched_for(request)
    if request.method == "GET":
        return await form_page(request, own_path(request.query_params.get("next")))
    form = await _form(request)
    wanted = own_path(form.get("next"))
    try:
        found = await asyncio.to_thread(
            sessions.sign_in, engine(), form.get("name", ""), form.get("password", ""), address_of(request)
        )
    except sessions.SignInRefused as refused:
        status = 401 if refused.wait is None else 429
        answer = await form_page(request, wanted, str(refused), form.get("name", ""), status)
        if refused.wait is not None:
            answer.headers["retry-after"] = str(int(refused.wait.total_seconds()) + 1)
        return answer
    return entered(request, found, PASSWORD if found.account.one_time else wanted)


def entered(request: Request, found: sessions.SignedIn, where: str) -> Response:
    """On to a page, with the cookie of a new session."""
    answer = RedirectResponse(where, status_code=303)
    answer.set_cookie(
        COOKIE, found.token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )
    return answer


async def _vouched_for(request: Request) -> Response:
    """A new session for whom the proxy names; a sentence where it names nobody, or after signing out."""
    if request.method != "GET":
        return _sentence(request, "sign_in.proxy.no_password", 403)
    if request.query_params.get("out"):
        return _sentence(request, "sign_in.proxy.out", 200)
    name = request.scope.get(proxy.IDENTITY)
    if name is None:
        return _sentence(request, "sign_in.proxy.nobody", 401)
    await asyncio.to_thread(sessions.sign_out, engine(), token_of(request.headers), address_of(request))
    try:
        found = await asyncio.to_thread(sessions.sign_in_named, engine(), str(name), address_of(request))
    except sessions.SignInRefused as refused:
        return _page(
            language_of(request), SIGN_IN, "sign_in.title", {"lead": "", "fields": [], "fault": str(refused)}, 403
        )
    return entered(request, found, own_path(request.query_params.get("next")))


def _sentence(request: Request, key: str, status: int) -> HTMLResponse:
    language = language_of(request)
    return _page(language, SIGN_IN, "sign_in.title", {"lead": phrase(language, key), "fields": []}, status)


async def password(request: Request) -> Response:
    """The person's own new password. All sessions end with the old one, so the next step is to sign in again."""
    token = token_of(request.headers)
    held = await asyncio.to_thread(account_of_token, token)
    if proxy.active() is not None:
        return RedirectResponse("/", status_code=303)  # nobody has a password here
    if held is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    if request.method == "GET":
        return _password_form(request, held)
    form = await _form(request)
    if form.get("fresh", "") != form.get("again", ""):
        return _password_form(request, held, phrase(language_of(request), "sign_in.differ"), 400)
    try:
        await asyncio.to_thread(
            accounts.choose_password,
            engine(), held.id, form.get("old", ""), form.get("fresh", ""), address=address_of(request),
        )  # fmt: skip
    except StoreError as fault:
        return _password_form(request, held, str(fault), 400)
    return RedirectResponse(SIGN_IN, status_code=303)


async def sign_out(request: Request) -> Response:
    """End the session on the server and take the cookie back; where it is wanted, the provider's own session too."""
    token, provider = token_of(request.headers), oidc.active()
    await asyncio.to_thread(sessions.sign_out, engine(), token, address_of(request))
    outside = provider is not None and sessions.by_provider(token)
    where = SIGN_IN + ("?out=1" if outside or proxy.active() is not None else "")
    if provider is not None and outside:
        with contextlib.suppress(oidc.Unreachable):
            where = await asyncio.to_thread(provider.sign_out) or where
    answer = RedirectResponse(where, status_code=303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


ROUTES = [
    Route(SIGN_IN, sign_in, methods=["GET", "POST"]),
    Route(PASSWORD, password, methods=["GET", "POST"]),
    Route(SIGN_OUT, sign_out, methods=["GET", "POST"]),
]


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else ""


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form: text only, each once, nothing longer than a form of this page can be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_BODY:
            return {}
    try:
        found = parse_qs(body.decode("utf-8"), max_num_fields=10, keep_blank_values=True)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def language_of(request: Request) -> str:
    """The language that the address asks for."""
    return language_or_first(request.query_params.get("lang"))


async def form_page(
    request: Request, wanted: str, fault: str = "", name: str = "", status: int = 200, language: str = ""
) -> HTMLResponse:
    """The form, with the reason why it is shown again and `next` as it was asked for."""
    language = language or language_of(request)
    people = await asyncio.to_thread(_people)
    shown = [one for one in people if one.demonstration and not one.disabled]
    fields = [
        _field(language, "name", "text", "username", name[: sessions.LONGEST_NAME]),
        _field(language, "password", "password", "current-password"),
    ]
    values = {
        "lead": phrase(language, _lead(request) if people else "sign_in.no_account"),
        "fields": fields if people else [],
        "action": _address(SIGN_IN, language),
        "button": phrase(language, "sign_in.button"),
        "next": wanted,
        "fault": fault,
        "provider": phrase(language, "sign_in.oidc.button") if people and oidc.active() is not None else "",
        "provider_href": _address(OIDC, language, wanted),
        "demonstration": [_shown(language, one) for one in shown],
        "demonstration_title": phrase(language, "sign_in.demonstration.title"),
        "demonstration_lead": phrase(language, "sign_in.demonstration.lead", password=accounts.DEMONSTRATION_PASSWORD),
        "demonstration_password": accounts.DEMONSTRATION_PASSWORD,
        "demonstration_heads": [phrase(language, f"sign_in.demonstration.{one}") for one in ("name", "role", "place")],
    }
    return _page(language, SIGN_IN, "sign_in.title", values, status, wanted)


def _lead(request: Request) -> str:
    left = request.query_params.get("out") and oidc.active() is not None
    return "sign_in.oidc.out" if left else "sign_in.lead"


def _password_form(request: Request, held: Account, fault: str = "", status: int = 200) -> HTMLResponse:
    language = language_of(request)
    values = {
        "lead": phrase(language, "sign_in.choose", name=held.display_name),
        "fields": [
            _field(language, "old", "password", "current-password"),
            _field(language, "fresh", "password", "new-password"),
            _field(language, "again", "password", "new-password"),
        ],
        "action": _address(PASSWORD, language),
        "button": phrase(language, "sign_in.change"),
        "fault": fault,
    }
    return _page(language, PASSWORD, "sign_in.password_title", values, status)


def _page(
    language: str, route: str, title: str, values: Mapping[str, Any], status: int, wanted: str = "/"
) -> HTMLResponse:
    other = next(code for code in LANGUAGES if code != language)
    shown = _template().render(
        language="zh-CN" if language == "zh" else language,
        other=other,
        other_name=phrase(other, f"frame.languages.{other}"),
        other_href=_address(route, other, wanted),
        title=phrase(language, title),
        **values,
    )
    return HTMLResponse(shown, status_code=status, headers={"cache-control": "no-store"})


def _address(route: str, language: str, wanted: str = "/") -> str:
    asked = {} if language == LANGUAGES[0] else {"lang": language}
    if wanted != "/":
        asked["next"] = wanted
    return route + ("?" + urlencode(asked) if asked else "")


def _field(language: str, name: str, kind: str, autocomplete: str, value: str = "") -> dict[str, str]:
    label = phrase(language, f"sign_in.field.{name}")
    return {"name": name, "label": label, "type": kind, "autocomplete": autocomplete, "value": value}


def _shown(language: str, one: Account) -> dict[str, str]:
    return {"name": one.name, "role": phrase(language, f"frame.role.{one.role.value}"), "place": one.display_name}


def _people() -> tuple[Account, ...]:
    with engine().connect() as connection:
        return accounts.accounts(connection)


@functools.cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.Undefined).get_template(
        "sign_in.html.j2"
    )
