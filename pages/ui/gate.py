"""The gate: a pure ASGI layer before everything the server answers, websockets included.

It refuses foreign hosts and origins, strips what a client says about its own identity, looks the cookie's session up
in the store and hands the session's key on in a header that Streamlit gives to the script as `st.user`. Nothing but
the health and the sign-in routes answers without a session. The path is read from the scope, never from a rebuilt
address, because a Host header can carry one.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db import sessions
from db.records_accounts import Account, Right
from pages.ui import assets
from pages.ui.proxy import IDENTITY, Proxy, active

COOKIE = "edu_session"
KEY_HEADER = b"x-edu-session"
SIGN_IN, SIGN_OUT, PASSWORD, HEALTH, READY = "/sign-in", "/sign-out", "/password", "/healthz", "/readyz"
OIDC, OIDC_BACK = "/sign-in/oidc", "/sign-in/oidc/callback"
METRICS = "/metrics"  # asks for its own token
UPLOADS = "/_stcore/upload_file"  # what is sent here stays in memory: nobody who may only look may fill it
OPEN = frozenset({SIGN_IN, OIDC, OIDC_BACK, HEALTH, READY, METRICS})
MEDIA = "/media/"
API = "/api/"  # its own routes ask every request for a token; no cookie opens them
ACCOUNT = "edu_account"  # where the gate notes whose request it is, for the log
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_STATIC_S = 10.0  # files of the program itself: hundreds a visit, the same for everyone
_LONGEST_COOKIE = 8192

Look = Callable[[str | None], Account | None]
Owns = Callable[[str, str], bool]


def allowed_hosts() -> frozenset[str]:
    """Names under which this server may be asked: `EDU_HOSTS` (comma-separated) besides the machine itself."""
    said = os.environ.get("EDU_HOSTS", "")
    return frozenset({*LOOPBACK, *(one.strip().lower() for one in said.split(",") if one.strip())})


class Gate:
    """ASGI middleware. `look` finds the account of a token (default: the store's sessions), `owns` whether a file that was
    made for saving was made for a session."""

    def __init__(
        self,
        app: ASGIApp,
        look: Look,
        hosts: Iterable[str] | None = None,
        owns: Owns | None = None,
        proxy: Callable[[], Proxy | None] = active,
    ) -> None:
        self.app, self.look, self.proxy = app, look, proxy
        self.owns = owns or (lambda path, key: False)
        self.hosts = frozenset(hosts) if hosts is not None else allowed_hosts()
        self._static: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not host_is_known(headers.get("host"), self.hosts):
            await _refuse(scope, receive, send, 400)
        elif not origin_is_own(scope, headers):
            await _refuse(scope, receive, send, 403)
        else:
            await self._with_session(scope, receive, _hardened(scope, send), headers)

    async def _with_session(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        token, path, proxy = token_of(headers), scope["path"], self.proxy()
        scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != KEY_HEADER]}
        if proxy is not None:
            scope = {**scope, IDENTITY: proxy.identity(scope), "headers": proxy.without_header(scope)}
        if path in OPEN or path.startswith(API):
            await self.app(scope, receive, send)
            return
        if path.startswith("/static/") and self._known_lately(token):
            await self.app(scope, receive, send)
            return
        held = await asyncio.to_thread(self.look, token)
        other = proxy is not None and held is not None and held.name != scope[IDENTITY]
        if held is None or token is None or other:
            await _to_sign_in(scope, receive, send, headers, SIGN_IN)
            return
        by_password = proxy is None and not sessions.by_provider(token)
        if held.one_time and by_password and path not in (PASSWORD, SIGN_OUT):
            await _to_sign_in(scope, receive, send, headers, PASSWORD)
            return
        if path.startswith(UPLOADS) and not held.may(Right.UPLOAD):
            await _refuse(scope, receive, send, 403)
            return
        if path.startswith(MEDIA) and not self.owns(path, sessions.key_of(token)):
            await _refuse(scope, receive, send, 404)
            return
        if ACCOUNT in scope:
            scope[ACCOUNT][ACCOUNT] = held.id
        self._static[token] = time.monotonic() + _STATIC_S
        scope["headers"].append((KEY_HEADER, sessions.key_of(token).encode()))
        await self.app(scope, receive, send)

    def _known_lately(self, token: str | None) -> bool:
        now = time.monotonic()
        for old in [each for each, until in self._static.items() if until < now]:
            del self._static[old]
        return token is not None and token in self._static


def host_is_known(host: str | None, hosts: frozenset[str]) -> bool:
    """Whether a Host header is one of the names, with or without a port, and nothing else."""
    found = re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", (host or "").lower())
    return found is not None and found[1] in hosts


def origin_is_own(scope: Scope, headers: Headers) -> bool:
    """Whether what changes something, or opens a websocket, comes from a page of this server (or from no page)."""
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
        return True
    said = headers.getlist("origin")
    return all(_netloc(one) == headers["host"].lower() for one in said)


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def token_of(headers: Headers) -> str | None:
    """The session's token, from its cookie."""
    said = headers.get("cookie", "")
    if len(said) > _LONGEST_COOKIE:
        return None
    try:
        found = SimpleCookie(said).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def own_path(said: str | None) -> str:
    """Where to go after sign-in: a path of this server, else the first page."""
    text = said or ""
    fine = re.fullmatch(r"/[^\s\\]*", text) and not text.startswith("//") and len(text) <= 2000
    return text if fine else "/"


async def _to_sign_in(scope: Scope, receive: Receive, send: Send, headers: Headers, where: str) -> None:
    """A person's browser is led on; everything else gets 401."""
    if scope["type"] == "http" and scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        location = f"{where}?next={quote(wanted, safe='')}"
        await _answer(send, 303, [(b"location", location.encode("ascii"))])
        return
    await _refuse(scope, receive, send, 401)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the client sees 403
        return
    await _answer(send, status, [])


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    fixed = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": fixed + headers})
    await send({"type": "http.response.body", "body": b""})


def _hardened(scope: Scope, send: Send) -> Send:
    """`send` that adds the security headers to every answer."""
    if scope["type"] == "websocket":
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            add_headers(message)
        await send(message)

    return sent


def add_headers(message: MutableMapping[str, Any]) -> None:
    """What a browser may do with an answer (operations of the program itself need no eval and no other host)."""
    headers = MutableHeaders(raw=message["headers"])
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", content_policy())


FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@functools.cache
def content_policy() -> str:
    """Scripts of this server only, and the inline scripts of Streamlit's own page and of ours by their hashes."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = [*re.findall(r"<script>(.*?)</script>", page, re.DOTALL), assets.CONNECT]
    digests = " ".join(
        "'sha256-" + base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() + "'" for one in inline
    )
    return (
        f"default-src 'self'; script-src 'self' {digests}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
