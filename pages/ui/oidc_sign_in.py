"""The two routes of sign-in through an identity provider: there and back. They answer 404 where it is not set.

What must be remembered between them (state, nonce, verifier, the page wanted) goes with the browser in a signed cookie of
ten minutes, so that it may come back to another process; it is taken once.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from db import sessions
from pages.text import language_or_first, phrase
from pages.ui import oidc
from pages.ui.gate import OIDC, OIDC_BACK, own_path, token_of
from pages.ui.oidc import NotBelieved, Provider, Unreachable
from pages.ui.sign_in import address_of, entered, form_page, language_of
from pages.ui.store import engine

_LOG = logging.getLogger(__name__)
_FLOW_S, _LONGEST_COOKIE, _PATIENCE_S = 600, 3800, 25.0
_ASKING = ThreadPoolExecutor(2, thread_name_prefix="oidc")  # a slow provider keeps nobody else waiting
_used: dict[str, float] = {}
T = TypeVar("T")


async def start(request: Request) -> Response:
    """Lead the browser to the provider."""
    provider = oidc.active()
    if provider is None:
        return _not_there()
    language, wanted = language_of(request), own_path(request.query_params.get("next"))
    flow = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
    }
    try:
        where = await _asked(lambda: provider.start(flow["state"], flow["nonce"], flow["verifier"]))
    except Unreachable as fault:
        return await _down(request, language, wanted, fault)
    answer = RedirectResponse(where, status_code=303, headers={"cache-control": "no-store"})
    kept = _signer(provider).dumps({**flow, "wanted": wanted, "language": language})
    if len(kept) > _LONGEST_COOKIE:
        kept = _signer(provider).dumps({**flow, "wanted": "/", "language": language})
    answer.set_cookie(
        _cookie(provider), str(kept), _FLOW_S, path="/", secure=_encrypted(provider), httponly=True, samesite="lax"
    )
    return answer


async def back(request: Request) -> Response:
    """A session of this program for whom the provider vouches for, or the form with the reason."""
    provider = oidc.active()
    if provider is None:
        return _not_there()
    answer = await _answer(request, provider)
    answer.headers["cache-control"] = "no-store"
    answer.delete_cookie(_cookie(provider), path="/", secure=_encrypted(provider), httponly=True, samesite="lax")
    return answer


async def _answer(request: Request, provider: Provider) -> Response:
    flow = _flow(request, provider)
    if flow is None:  # neither counted nor logged as a person's try: any page elsewhere can have a browser ask for this
        _LOG.warning("an answer of the identity provider that nobody waits for was refused")
        return await _told(request, language_of(request), "/", "state", 400, address=provider.settings.address)
    language, wanted = flow["language"], own_path(flow["wanted"])
    asked = request.query_params
    if "error" in asked:
        return await _told(request, language, wanted, "cancelled", 401)
    address = address_of(request)
    wait = await asyncio.to_thread(sessions.wait_of_address, engine(), address)
    if wait is not None:
        return await _told(request, language, wanted, "too_often", 429, minutes=wait)
    try:
        if asked.get("iss", provider.settings.issuer) != provider.settings.issuer:
            raise NotBelieved("iss")
        name = await _asked(lambda: provider.name(asked.get("code", ""), flow["verifier"], flow["nonce"]))
    except Unreachable as fault:
        return await _down(request, language, wanted, fault)
    except NotBelieved as fault:
        await asyncio.to_thread(sessions.note_refused, engine(), fault.said, address, {"by": "oidc", "why": fault.why})
        return await _told(request, language, wanted, "unknown" if fault.why == "name" else "not_believed", 403)
    return await _entered(request, name, language, wanted)


async def _entered(request: Request, name: str, language: str, wanted: str) -> Response:
    address = address_of(request)
    await asyncio.to_thread(sessions.sign_out, engine(), token_of(request.headers), address)
    try:
        found = await asyncio.to_thread(sessions.sign_in_named, engine(), name, address, sessions.OIDC)
    except sessions.SignInRefused:
        return await _told(request, language, wanted, "unknown", 403)
    return entered(request, found, wanted)


def _flow(request: Request, provider: Provider) -> dict[str, Any] | None:
    """What the browser set out with, where it comes back with the same state, in time and for the first time."""
    said = request.query_params.getlist("state")
    try:
        flow = _signer(provider).loads(request.cookies.get(_cookie(provider), ""), max_age=_FLOW_S)
    except BadData:
        return None
    if len(said) != 1 or not hmac.compare_digest(said[0].encode(), str(flow["state"]).encode()):
        return None
    now = time.monotonic()
    for old in [each for each, until in _used.items() if until < now]:
        del _used[old]
    if said[0] in _used:
        return None
    _used[said[0]] = now + _FLOW_S + 1
    return {**flow, "language": language_or_first(flow["language"])}


async def _asked(what: Callable[[], T]) -> T:
    """The answer of the provider. Raises Unreachable where it takes too long."""
    try:
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(_ASKING, what), _PATIENCE_S)
    except TimeoutError as error:
        raise Unreachable from error


async def _down(request: Request, language: str, wanted: str, fault: Unreachable) -> Response:
    _LOG.warning("the identity provider does not answer", extra={"kind": type(fault.__cause__ or fault).__name__})
    return await _told(request, language, wanted, "down", 503)


async def _told(request: Request, language: str, wanted: str, why: str, status: int, **values: object) -> Response:
    sentence = phrase(language, f"sign_in.oidc.{why}", **values)
    return await form_page(request, wanted, sentence, status=status, language=language)


def _signer(provider: Provider) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(provider.settings.secret, salt="edu-oidc-flow")


def _encrypted(provider: Provider) -> bool:
    return provider.settings.address.startswith("https:")


def _cookie(provider: Provider) -> str:
    """Over HTTPS a name that no other host of the same domain can set."""
    return "__Host-edu_oidc" if _encrypted(provider) else "edu_oidc"


def _not_there() -> Response:
    return PlainTextResponse("", status_code=404)


ROUTES = [Route(OIDC, start, methods=["GET"]), Route(OIDC_BACK, back, methods=["GET"])]
