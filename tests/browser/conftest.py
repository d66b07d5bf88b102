"""Debian's chromium before a dashboard of its own: a copy of the sample city's store, served on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest

from db.accounts import DEMONSTRATION_PASSWORD, demonstration_accounts
from db.engine import make_engine
from db.migrations import upgrade
from db.records_accounts import Role
from tests.conftest import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
NO_BROWSER = "no chromium on this machine: apt-get install chromium"
START_S = 60
WHO = "guanli"  # the administrator of the sample store
# Every page that the administrator may open, the first one by the name it has in addresses; the auditor's is not his.
PAGES = ("", *sorted({path.stem for path in (ROOT / "pages").glob("[a-z]*.py")} - {"frame", "overview", "audit"}))
# Streamlit asks for these two below the page's own address first, and then at the root.
KNOWN_404 = ("/_stcore/health", "/_stcore/host-config")


def executable() -> str | None:
    """Where the browser of this machine is."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser. Raises FileNotFoundError where there is none."""
    from playwright.sync_api import sync_playwright

    path = executable()
    if path is None:
        raise FileNotFoundError(NO_BROWSER)
    with sync_playwright() as run:
        opened = run.chromium.launch(executable_path=path, args=list(OPTIONS))
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def dashboard(data_dir: Path) -> Iterator[str]:
    """The address of a dashboard that serves a data folder until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    environment = {**os.environ, "EDU_DATA_DIR": str(data_dir), "EDU_DATABASE_URL": ""}
    allow(data_dir)
    log = data_dir / "dashboard.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_S
        while not answers(f"{address}/healthz"):
            assert server.poll() is None, log.read_text(encoding="utf-8")[-2000:]
            assert time.monotonic() < until, "the dashboard did not answer: " + log.read_text(encoding="utf-8")[-2000:]
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def allow(data_dir: Path) -> None:
    """A store without accounts gets the one that the tests sign in with."""
    engine = make_engine(f"sqlite:///{data_dir / 'store.sqlite3'}")
    upgrade(engine)
    demonstration_accounts(engine, [(WHO, "信息科 苏敏", Role.ADMINISTRATOR, None)])
    engine.dispose()


def sign_in(context: Any, address: str, name: str = WHO) -> None:
    """A browser's context signed in, as by the form."""
    form = {"name": name, "password": DEMONSTRATION_PASSWORD}
    answer = context.request.post(f"{address}/sign-in", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()


def answers(url: str) -> bool:
    """Whether the address answers at all."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def copied(sample_dir: Path, to: Path) -> Path:
    """The store of the sample city in a folder that a journey may write to."""
    shutil.copy(sample_dir / "store.sqlite3", to)  # nobody writes to it: nothing of it is in a log beside the file
    return to


@pytest.fixture(scope="module")
def served(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory, browser: object) -> Iterator[str]:
    """A dashboard of the sample city that is only looked at."""
    with dashboard(copied(sample_dir, tmp_path_factory.mktemp("look"))) as address:
        yield address


@pytest.fixture
def writable(sample_dir: Path, tmp_path: Path, browser: object) -> Iterator[str]:
    """A dashboard with a store of its own, to hand files in."""
    with dashboard(copied(sample_dir, tmp_path)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium; without it these tests are skipped and say so. Closed after the module: an open Playwright keeps its
    loop in the worker, and another test could not start its own."""
    if executable() is None:
        pytest.skip(NO_BROWSER)
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: tests/requirements.txt")
    with chromium() as opened:
        yield opened


@dataclass
class Tab:
    """One tab, what it asked other hosts for, and what its console complained about."""

    page: object
    address: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page by its address and wait until it stands still."""
        self.page.goto(self.address + path)
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run and the page has been drawn."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="running"]', state="detached")
        self.page.wait_for_selector('[data-testid="stMainBlockContainer"] [data-testid="stElementContainer"]')
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        self.page.wait_for_selector('[data-testid="stSpinner"], [data-stale="true"]', state="detached")

    def text(self) -> str:
        """What the page says, beside menu and header."""
        return str(self.page.locator('[data-testid="stMainBlockContainer"]').inner_text())

    def awaits(self, *words: str) -> None:
        """Wait until the page says all of the words: between two runs of the script a busy machine shows neither the old
        page nor the new one."""
        held = "w => { const t = document.querySelector('[data-testid=\"stMainBlockContainer\"]')?.innerText ?? ''; return w.every(x => t.includes(x)) }"
        self.page.wait_for_function(held, arg=list(words))
        self.settle()

    def listen(self) -> None:
        """Note requests to other hosts, failed answers and errors of the console."""
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)

    def _asked(self, request: object) -> None:
        where = urlsplit(request.url)
        if where.scheme in ("http", "https", "ws", "wss") and where.netloc != urlsplit(self.address).netloc:
            self.foreign.append(request.url)

    def _answered(self, response: object) -> None:
        if response.status >= 400 and not response.url.endswith(KNOWN_404):
            self.complaints.append(f"{response.status} {response.url}")

    def _said(self, message: object) -> None:
        # "Failed to load resource" names no address; the answer itself is looked at above.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)


@pytest.fixture
def open_tab(browser: object) -> Iterator[Callable[..., Tab]]:
    """`open_tab(address, width, theme)`: a fresh tab in a session of its own."""
    contexts = []

    def opened(address: str, width: int = 1440, theme: str = "light") -> Tab:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, color_scheme=theme, accept_downloads=True)
        contexts.append(context)
        context.set_default_timeout(30_000)
        sign_in(context, address)
        tab = Tab(context.new_page(), address)
        tab.listen()
        return tab

    yield opened
    for each in contexts:
        each.close()
