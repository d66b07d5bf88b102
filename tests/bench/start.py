"""From the command to the first healthy answer: the dashboard with a store, against a Streamlit app of one line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from db.engine import make_engine
from db.migrations import upgrade
from tests.bench.measure import ROOT, Figure

LIMIT = 2.5
PATIENCE_S = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def started(script: Path, folder: Path, route: str) -> float:
    """Seconds until the route answers 200; the server is ended afterwards."""
    port = free_port()
    environment = {**os.environ, "EDU_DATA_DIR": str(folder), "EDU_DATABASE_URL": ""}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=script.parent, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - start < PATIENCE_S:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{route}", timeout=5) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - start
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise TimeoutError(f"{script.name} does not become healthy")
    finally:
        process.terminate()
        process.wait()


def figures(repeats: int) -> Iterator[Figure]:
    """In turns, the first pair thrown away: it fills the disk cache."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = folder / "bare.py"
        bare.write_text("import streamlit as st\n\nst.write(1)\n", encoding="utf-8")
        engine = make_engine(f"sqlite:///{folder / 'store.sqlite3'}")
        upgrade(engine)
        engine.dispose()
        pairs = [
            (started(ROOT / "dashboard.py", folder, "/readyz"), started(bare, folder, "/_stcore/health"))
            for _ in range(repeats + 1)
        ][1:]
    ours, theirs = zip(*pairs, strict=True)
    yield Figure("从启动命令到 /readyz 通过(含核对数据库)", ours, LIMIT, "s", "只有一行的 Streamlit 程序", theirs)
