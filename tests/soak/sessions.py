"""Tabs opened and closed by the hundred: the memory of the server and what it asked other hosts for."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.client import Browser
from tests.soak.served import Served

PAGES = ("", "trends", "districts", "overview", "school")
HOOK = Path(__file__).parent / "no_outside"


@dataclass(slots=True)
class Told:
    """Resident memory in MB by the number of tabs opened and closed so far; times of reruns in milliseconds."""

    rss: dict[int, float] = field(default_factory=dict)
    rerun_ms: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        held = sorted(self.rerun_ms)
        return held[min(int(len(held) * share), len(held) - 1)]


def environment(attempts: Path) -> dict[str, str]:
    """The environment of a server for which no outside host can be resolved or reached; each try is noted in a file."""
    return {"PYTHONPATH": str(HOOK), "EDU_OUTSIDE_LOG": str(attempts)}


def run(served: Served, cookie: str, tabs: int, reruns: int, every: int = 50) -> Told:
    """Opens and closes `tabs` tabs one after the other with about `reruns` runs of pages in all."""
    told = Told({0: served.rss_mb()})
    each = max(reruns // tabs, 1)
    for number in range(1, tabs + 1):
        with Browser(served, cookie) as tab:
            for run_number in range(each):
                began = time.perf_counter()
                tab.open(PAGES[(number + run_number) % len(PAGES)])
                told.rerun_ms.append(1000 * (time.perf_counter() - began))
        if number % every == 0 or number == tabs:
            told.rss[number] = served.rss_mb()
    return told


def foreign_origin(served: Served, cookie: str) -> tuple[str, float]:
    """(status line, milliseconds) of a websocket from a page of another server: by itself Streamlit would ask the internet
    for its own address."""
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: 127.0.0.1:{served.port}", "Origin: http://evil.example", f"Cookie: {cookie}",
        "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: streamlit", "", "",
    ]  # fmt: skip
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", served.port), timeout=35) as line:
        line.sendall("\r\n".join(lines).encode())
        status = line.recv(200).split(b"\r\n")[0].decode("latin-1")
    return status, 1000 * (time.perf_counter() - began)


def attempts_of(path: Path) -> list[object]:
    """What the server tried to reach outside."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
