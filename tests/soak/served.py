"""A dashboard in a process of its own, as a bureau runs it, for tests that hurt it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from db.accounts import DEMONSTRATION_PASSWORD, demonstration_accounts
from db.engine import make_engine
from db.migrations import upgrade
from db.records_accounts import Role
from tests.conftest import ROOT

START_S = 60
WHO = "guanli"


@dataclass(slots=True)
class Served:
    """A running server: its address, its process and what it has logged."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def status(self, path: str, cookie: str = "", timeout: float = 35) -> int:
        return self.answer(path, cookie, timeout)[0]

    def answer(self, path: str, cookie: str = "", timeout: float = 35) -> tuple[int, bytes]:
        """(status, body) of a GET."""
        request = urllib.request.Request(self.address + path, headers={"Cookie": cookie} if cookie else {})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return int(response.status), response.read()
        except urllib.error.HTTPError as error:
            return int(error.code), error.read()

    def rss_mb(self) -> float:
        """Resident memory of the server in MB (Linux)."""
        held = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in held.splitlines() if line.startswith("VmRSS")) / 1024


def cpu_s(served: Served) -> float:
    """Processor time of the server so far in seconds (Linux)."""
    told = Path(f"/proc/{served.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def cookie_of(served: Served, name: str = WHO, password: str = DEMONSTRATION_PASSWORD) -> str:
    """The session cookie after signing in by the form."""
    body = urlencode({"name": name, "password": password}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=35)
    connection.request("POST", "/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    assert answer.status == 303, answer.read()[:500]
    connection.close()
    return str(answer.getheader("set-cookie")).partition(";")[0]


def allow(url: str) -> None:
    """A migrated store with the one account that tests sign in with."""
    engine = make_engine(url)
    upgrade(engine)
    demonstration_accounts(engine, [(WHO, "信息科", Role.ADMINISTRATOR, None)])
    engine.dispose()


@contextmanager
def running(
    data_dir: Path,
    environment: Mapping[str, str] | None = None,
    *,
    ready: bool = True,
    script: str = "dashboard.py",
    route: str = "/readyz",
) -> Iterator[Served]:
    """A server over a data folder until the block ends; `ready`: wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    values = {
        **os.environ,
        "EDU_DATA_DIR": str(data_dir),
        "EDU_DATABASE_URL": "",
        "EDU_LOG": "json",
        "PYTHONPATH": str(ROOT),
    }
    log = data_dir / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**values, **(environment or {})}, stdout=out, stderr=subprocess.STDOUT
        )
    served = Served(f"http://127.0.0.1:{port}", process, log)
    try:
        if ready:
            wait_until_ready(served, route)
        yield served
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(served: Served, route: str = "/readyz") -> None:
    """Raises AssertionError with the log where the server does not get ready."""
    until = time.monotonic() + START_S
    while True:
        assert served.process.poll() is None, served.said()[-2000:]
        assert time.monotonic() < until, served.said()[-2000:]
        try:
            if served.status(route, timeout=2) == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
