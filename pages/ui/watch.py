"""The outermost layer: one log line for each request, and a page instead of a bare error.

Nothing of an address's query, of a form or of a person is in the log: an account is its number.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import time
from html import escape
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.engine import StoreError
from db.faults import sentence_of
from db.meters import FAULTS, REQUESTS, SOCKETS
from pages.text import LANGUAGES, phrase
from pages.ui.gate import ACCOUNT, HEALTH, METRICS, READY, add_headers

_LOG = logging.getLogger("dashboard.requests")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is misread on the phone
QUIET = ("/static/", "/_stcore/health", "/component/", "/vendor/")  # many a visit; only their refusals are told
SILENT = (HEALTH, READY, METRICS)  # asked every few seconds; a change is told once, by the route itself


def fault_number() -> str:
    """A number under which the log and a person speak of the same fault."""
    return "".join(secrets.choice(_LETTERS) for _ in range(6))


class Watch:
    """ASGI middleware, to be put before the gate."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        held: dict[str, Any] = {"status": None, ACCOUNT: None, "gone": False}
        scope = {**scope, ACCOUNT: held}
        began = time.monotonic()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                held["status"] = message["status"]
            elif message["type"] == "websocket.accept":
                held["status"] = 101
                SOCKETS.inc()
            try:
                await send(message)
            except Exception:  # the client hung up or broke the protocol: nobody is there to read a page
                held["gone"] = True
                raise

        async def received() -> Message:
            message = await receive()
            # The page sends no text; Streamlit stumbles over it.
            is_text = message["type"] == "websocket.receive" and message.get("bytes") is None
            return {"type": "websocket.disconnect", "code": 1003} if is_text else message

        try:
            await self.app(scope, received, noted)
        except Exception as error:
            if not held["gone"]:
                await _failed(scope, send, error, held)
        finally:
            if held["status"] == 101:
                SOCKETS.dec()
            _count(scope["path"], scope["type"], held["status"])
            _note(scope, held, time.monotonic() - began)


def _count(path: str, kind: str, status: int | None) -> None:
    """An answer in the numbers of the process; files of the program itself are left out."""
    if not path.startswith(QUIET) and path not in SILENT:
        REQUESTS.labels(kind, "none" if status is None else f"{status // 100}xx").inc()


def _note(scope: Scope, held: dict[str, Any], seconds: float) -> None:
    path, status = scope["path"], held["status"]
    if path in SILENT or (path.startswith(QUIET) and (status or 200) < 400):
        return
    fields = {
        "kind": scope["type"], "method": scope.get("method", ""), "path": _known(path), "status": status,
        "ms": round(seconds * 1000), "account": held[ACCOUNT],
    }  # fmt: skip
    _LOG.log(logging.WARNING if (status or 0) >= 500 else logging.INFO, "request", extra=fields)


def _known(path: str) -> str:
    """A path without what a person may have typed into it."""
    plain = path.isascii() and path.isprintable() and len(path) <= 120
    return path if plain else f"({len(path)})"


async def _failed(scope: Scope, send: Send, error: Exception, held: dict[str, Any]) -> None:
    """The fault in the log, and its number to the person, if nothing was answered yet."""
    number = fault_number()
    sentence = str(error) if isinstance(error, StoreError) else sentence_of(error)
    FAULTS.inc()
    _LOG.error("fault %s", number, exc_info=error)
    if scope["type"] == "websocket":
        with contextlib.suppress(Exception):  # it may be closed already
            await send({"type": "websocket.close", "code": 1011})
        return
    if held["status"] is not None:
        return
    status = 500 if sentence is None else 503
    body, kind = _body(Headers(scope=scope), number, sentence, status)
    start: dict[str, Any] = {
        "type": "http.response.start", "status": status,
        "headers": [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")],
    }  # fmt: skip
    add_headers(start)
    held["status"] = status
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _body(headers: Headers, number: str, sentence: str | None, status: int) -> tuple[bytes, bytes]:
    """A page for a browser, problem details (RFC 9457) for a program."""
    if "text/html" not in headers.get("accept", ""):
        problem = {
            "type": "about:blank",
            "title": phrase("en", "frame.fault_title"),
            "status": status,
            "number": number,
        }
        return json.dumps(problem).encode(), b"application/problem+json"
    said = [sentence] if sentence else []
    said += [phrase(language, "frame.fault", number=number) for language in LANGUAGES]
    words = "".join(f"<p>{escape(one)}</p>" for one in said)
    title = escape(phrase(LANGUAGES[0], "frame.fault_title"))
    page = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>body{{font-family:sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;"
        f'line-height:1.7;color:#1c2733}}</style></head><body><h1 style="font-size:1.3rem">{title}</h1>{words}</body></html>'
    )
    return page.encode(), b"text/html; charset=utf-8"
