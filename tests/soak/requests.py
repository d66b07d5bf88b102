"""Mutated requests against a running server: every one is answered or its connection closed, none is an error without
a page, none hangs, and the server lives."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from websockets.exceptions import WebSocketException

from tests.soak.client import Browser
from tests.soak.served import Served

LONGEST_S, PATIENCE_S = 35.0, 0.5
AT_ONCE, WEBSOCKETS = 4, 0.02
PATHS = (
    "/", "/overview", "/trends", "/school", "/evidence", "/upload", "/accounts", "/audit", "/sign-in", "/sign-out", "/password",
    "/healthz", "/readyz", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/stream",
    "/_stcore/upload_file/a/b", "/_stcore/script-health-check", "/media/abc.csv", "/static/index.html", "/app/static/a",
    "/component/a/b", "/api/v1", "/api/v1/observations", "/api/v1/indicators", "/api/v1/org-units", "/api/v1/openapi.json",
)  # fmt: skip
QUERIES = (
    "",
    "unit=1",
    "units=1,2",
    "next=//evil",
    "draft=999999999999999999999",
    "obs=-1",
    "lang=xx",
    "page_size=-1",
    "since=x",
)
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW", "get", "")
SIGNS = (
    "%00",
    "..",
    "../",
    "%2e%2e/",
    "\\",
    "//",
    "%",
    "%zz",
    "'",
    '"',
    "<script>",
    "{}",
    "${x}",
    "张",
    "\x7f",
    "%c0%ae",
    "*",
    "=" * 50,
)
HEADERS = (
    "Cookie: edu_session=", "Cookie: " + "a=b; " * 500, "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999999",
    "Transfer-Encoding: chunked", "Upgrade: websocket", "Connection: Upgrade", "Origin: http://evil.example", "Origin: null",
    "Range: bytes=0-,5-1,-3", "Range: bytes=" + "0-1," * 300, "Accept-Encoding: gzip;q=x", "If-None-Match: *", "Expect: 100-continue",
    "X-Forwarded-For: 1.2.3.4", "x-edu-session: 1", "Authorization: Bearer x", "Authorization: Basic !!", "Content-Type: multipart/form-data",
    "Content-Type: application/x-www-form-urlencoded", "Accept: text/html", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 99",
    "X-Long: " + "x" * 9000, "Bad Header", ": none", "A: \x00b",
)  # fmt: skip
BODIES = (
    b"",
    b"name=a&password=b",
    b"name=" + b"x" * 9000,
    b"\x00\xff" * 200,
    b"{",
    b"[" * 5000,
    b"5\r\nhello\r\n0\r\n\r\n",
    b"zz\r\n",
    b"%",
)


@dataclass(slots=True)
class Told:
    """How requests ended, by status ("closed" where the connection was), and the longest time in seconds."""

    by_status: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0


def run(served: Served, cookies: Sequence[str], count: int, seed: int = 1) -> Told:
    """`cookies` are of sessions that some of the requests will sign out. Raises AssertionError at the first request that is
    an error without a page, hangs, or ends the server."""
    told = Told()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for status, seconds in pool.map(
            lambda number: _one(served, cookies, random.Random(seed * 10**6 + number)), range(count)
        ):
            told.by_status[status] += 1
            told.longest = max(told.longest, seconds)
    assert served.process.poll() is None, served.said()[-2000:]
    assert served.status("/healthz") == 200
    assert served.status("/readyz") == 200
    assert "Traceback" not in served.said()
    assert '"event": "fault ' not in served.said(), [line for line in served.said().splitlines() if "fault" in line][:3]
    return told


def _one(served: Served, cookies: Sequence[str], rng: random.Random) -> tuple[str, float]:
    """(status, seconds) of one request."""
    cookie, began = rng.choice(cookies), time.monotonic()
    if rng.random() < WEBSOCKETS:
        _websocket(served, cookie, rng)
        return "websocket", time.monotonic() - began
    raw = mutated(rng, served.port, cookie)
    status, body = asked(served.port, raw)
    seconds = time.monotonic() - began
    if status.startswith("5"):
        assert b"number" in body or "错误编号".encode() in body, (raw[:300], body[:300])
    assert seconds < LONGEST_S, raw[:300]
    return status, seconds


def mutated(rng: random.Random, port: int, cookie: str) -> bytes:
    """The bytes of one request."""
    path = rng.choice(PATHS)
    for _ in range(rng.choice((0, 0, 1, 3))):
        at = rng.randint(0, len(path))
        path = path[:at] + rng.choice(SIGNS) + path[at:]
    query = rng.choice(QUERIES) + (rng.choice(SIGNS) if rng.random() < 0.3 else "")
    host = f"127.0.0.1:{port}" if rng.random() < 0.85 else rng.choice(("", "evil", "127.0.0.1:1@x", "a" * 300))
    lines = [
        f"{rng.choice(METHODS[:3] if rng.random() < 0.7 else METHODS)} {path}{'?' + query if query else ''} HTTP/1.1",
        f"Host: {host}",
    ]
    if rng.random() < 0.6:
        lines.append(f"Cookie: {cookie}")
    lines += rng.sample(HEADERS, rng.choice((0, 1, 1, 2, 4)))
    body = rng.choice(BODIES) if rng.random() < 0.5 else b""
    if body and rng.random() < 0.7:
        lines.append(f"Content-Length: {len(body)}")
    raw = "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "surrogateescape") + body
    for _ in range(rng.choice((0, 0, 0, 0, 0, 0, 1, 4))):
        at = rng.randrange(len(raw))
        raw = raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :]
    return raw if rng.random() < 0.95 else raw[: rng.randrange(len(raw))]


def asked(port: int, raw: bytes) -> tuple[str, bytes]:
    """(status, first bytes of the answer; "closed" where there is none). A request that is not complete by its own words
    is waited for by the server: after a while the client says that nothing more comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
        with contextlib.suppress(OSError):
            line.sendall(raw)
        held = _received(line)
        if not held:
            line.settimeout(LONGEST_S)
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_WR)
            held = _received(line)
    head = held[:15].decode("latin-1").split(" ")
    return (head[1] if len(head) > 1 and head[0].startswith("HTTP/") else "closed"), held


def _received(line: socket.socket) -> bytes:
    held = b""
    with contextlib.suppress(OSError):
        while len(held) < 20_000 and (part := line.recv(20_000)):
            held += part
    return held


def _websocket(served: Served, cookie: str, rng: random.Random) -> None:
    """Rubbish over a websocket that was let in: it may hang up on it, and nothing else."""
    with contextlib.suppress(WebSocketException, OSError, TimeoutError), Browser(served, cookie) as tab:
        for _ in range(5):
            tab.send_raw(rng.choice((rng.randbytes(50), b"\x0a\xff" * 30, "text", b"", rng.randbytes(5000))))
        tab.open("overview", query=rng.choice(SIGNS), timeout=LONGEST_S)
