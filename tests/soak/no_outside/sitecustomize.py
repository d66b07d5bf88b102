"""Loaded by Python itself when this folder is on its path: no host but this machine can be resolved or reached, and each
attempt is noted in the file `EDU_OUTSIDE_LOG`."""

from __future__ import annotations

import json
import os
import sys

_LOG = os.environ.get("EDU_OUTSIDE_LOG", "")
_OWN = ("127.", "localhost", "::1", "0.0.0.0", "::")
_EVENTS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    said = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
    host = said[0] if isinstance(said, tuple) else said
    name = host.decode("latin-1") if isinstance(host, bytes) else str(host or "localhost")
    if name.startswith(_OWN) or name.startswith("/"):  # itself, or a socket file
        return
    with open(_LOG, "a", encoding="utf-8") as file:
        file.write(json.dumps([event, name]) + "\n")
    raise OSError(-2, "Name or service not known")


if _LOG:
    sys.addaudithook(_watch)
