"""When this browser was here before. Two cookies hold times and nothing else; accounts that use the same browser
share them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.cookies import CookieError, SimpleCookie

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SEEN, BEFORE = "edu_seen", "edu_before"  # the last time a page was opened; the end of the visit before this one
PAUSE = timedelta(minutes=30)  # without a page opened for so long, the next one begins another visit
KEEP_S = 400 * 24 * 3600  # the longest that browsers keep a cookie
_OWN = ("/_stcore", "/static", "/healthz", "/readyz", "/component", "/media", "/vendor")


def last() -> datetime | None:
    """When the visit before this one ended (UTC, as the store keeps times); None on the first visit."""
    text = st.context.cookies.get(BEFORE)
    return _time(text) if isinstance(text, str) else None  # a run without a browser has no cookies


def stamps(cookies: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The cookies to set when a page is opened at `now` (UTC), given those that the browser sent."""
    seen = _time(cookies.get(SEEN, ""))
    found = {SEEN: _text(now)}
    if seen is not None and seen <= now - PAUSE:
        found[BEFORE] = _text(seen)
    return found


def _text(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%S")


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - UTC, as the store keeps it
    except ValueError:
        return None


class VisitCookies:
    """Sets the cookies with every page that a browser opens; what pages load afterwards is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _opens_a_page(scope):
            await self.app(scope, receive, send)
            return
        cookies = _sent(Headers(scope=scope).get("cookie", ""))

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    for name, text in stamps(cookies, datetime.now(UTC).replace(tzinfo=None)).items():
                        headers.append("set-cookie", f"{name}={text}; Path=/; Max-Age={KEEP_S}; HttpOnly; SameSite=Lax")
            await send(message)

        await self.app(scope, receive, stamped)


def _opens_a_page(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith(_OWN)


def _sent(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
