"""The files of Streamlit's own page (scripts, styles, fonts), from memory and small: a first visit loads more than a hundred of
them, and reading each in pieces from the disk took longer than all else before the first word.

A script or style goes out compressed, packed once at the first request; the names carry a digest of their contents, so a
browser never asks again."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

STATIC = Path(st.__file__).parent / "static" / "static"
# Run before Streamlit's own script: where the server is, and whose words it takes. Without it the browser first asks below the
# page's own address, waits, asks again, and only then connects.
CONNECT = (
    "window.__streamlit={BACKEND_BASE_URL:new URL('./',location.href).href,"
    "HOST_CONFIG:{allowedOrigins:[location.origin],useExternalAuthToken:false}}"
)
_PREFIX = "/static/"
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
_PACKED = frozenset({".js", ".css"})
_LEVEL = 6
_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.$-]+\.js)"')


class Asset(NamedTuple):
    """A file as it is sent."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Assets:
    """ASGI layer inside the gate: answers for the files it knows, to browsers that take them as they are held; everything else
    is the inner app's."""

    def __init__(self, app: ASGIApp, folder: Path = STATIC) -> None:
        self.app = app
        self._files = {
            f"{_PREFIX}{path.relative_to(folder).as_posix()}": path
            for path in folder.rglob("*.*")
            if path.suffix in _KINDS
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path not in self._files or not _plain(scope):
            await self.app(scope, receive, send)
            return
        asset = _HELD.get(self._files[path]) or await asyncio.to_thread(pack, self._files[path])
        await send({"type": "http.response.start", "status": 200, "headers": list(asset.headers)})
        await send({"type": "http.response.body", "body": asset.body})


def _plain(scope: Scope) -> bool:
    """Whether a request is for the whole of a file by a browser that unpacks it."""
    headers = Headers(scope=scope)
    takes = {one.strip() for one in headers.get("accept-encoding", "").split(",")}
    return scope["method"] == "GET" and "gzip" in takes and "range" not in headers


def pack(path: Path) -> Asset:
    """A file as it is sent, held from now on."""
    body, packed = path.read_bytes(), path.suffix in _PACKED
    if packed:
        body = gzip.compress(body, _LEVEL, mtime=0)
    headers = [
        (b"content-type", _KINDS[path.suffix].encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"public, immutable, max-age=31536000"),
        (b"vary", b"accept-encoding"),
    ]
    made = Asset((*headers, *([(b"content-encoding", b"gzip")] if packed else [])), body)
    _HELD[path] = made
    return made


_HELD: dict[Path, Asset] = {}


def needed(elements: Iterable[str], folder: Path = STATIC) -> list[str]:
    """The script files behind kinds of Streamlit's elements (`DataFrame`) and all that they are built on, each once: the page
    itself names only those of its frame, and learns of the others one after the other while it draws."""
    found: dict[str, None] = {}
    asked = [path.name for each in elements for path in sorted((folder / "js").glob(f"{each}.*.js"))]
    while asked:
        name = asked.pop(0)
        if name not in found and (folder / "js" / name).is_file():
            found[name] = None
            asked += _IMPORT.findall((folder / "js" / name).read_text("utf-8"))
    return list(found)
