"""The frame: one list of pages, no page outside it, language and freshness, the empty store."""

from __future__ import annotations

import ast
import os
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from pages.text import words
from tests.browser.conftest import allow, sign_in
from tests.pages.conftest import FRAME, Shelf, shown

ROOT = FRAME.parent.parent
PAGE_FILES = sorted(path for path in FRAME.parent.glob("*.py") if path.stem not in ("__init__", "frame"))
SECTIONS = {"look": 7, "hand_in": 3, "check": 3, "manage": 7}
RIGHTS = {"upload": "upload", "review": "upload", "accounts": "administer", "api_tokens": "administer", "settings": "administer", "org_units": "administer",
          "running": "administer",
          "locks": "approve", "audit": "audit"}  # fmt: skip


def test_the_list_of_pages_is_the_folder(store: Shelf) -> None:
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    listed = {Path(str(info["script_path"])).name for info in app._registered_pages.values() if info.get("script_path")}
    assert not app.exception
    assert listed == {path.name for path in PAGE_FILES} - {"audit.py"}  # an administrator audits nothing
    assert sum(SECTIONS.values()) == len(PAGE_FILES)


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.stem)
def test_the_first_call_of_every_page_asks_who_is_there(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    calls = [each.value for each in body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)]
    assert ast.unparse(calls[0].func) == "access.require"
    assert [ast.literal_eval(each) for each in calls[0].args] == [RIGHTS.get(path.stem, "look")]


def test_streamlit_finds_no_pages_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the main script lies no folder `pages`: the old discovery would run a page without the frame."""
    from dashboard import app

    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    manager = PagesManager(str((ROOT / app.script_path).resolve()))
    assert (ROOT / app.script_path).resolve() == FRAME
    assert PagesManager.uses_pages_directory is False
    manager.set_script_intent("", "upload")
    first = manager.get_initial_active_script("")
    assert first is not None
    assert first["script_path"] == str(FRAME)


@pytest.mark.parametrize(("language", "title"), [("zh", "总览"), ("en", "Overview")])
def test_the_language_stands_in_the_address(store: Shelf, language: str, title: str) -> None:
    app = AppTest.from_file(str(FRAME), default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert [each.value for each in app.title] == [title]
    assert app.query_params["lang"] == language


def test_choosing_a_language_changes_the_words_and_the_address(store: Shelf) -> None:
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    app.selectbox(key="pick_lang").select("en").run()
    assert not app.exception
    assert app.title[0].value == words("en")["overview.title"]
    assert app.query_params["lang"] == "en"


def test_an_unknown_language_is_answered_in_chinese(store: Shelf) -> None:
    app = AppTest.from_file(str(FRAME), default_timeout=30)
    app.query_params["lang"] = "xx"
    app.run()
    assert app.title[0].value == words("zh")["overview.title"]


def test_the_language_stays_when_the_page_changes(store: Shelf, open_page: Callable[..., AppTest]) -> None:
    app = open_page("upload")  # no choice on it whose words AppTest would look up in the other language
    app.selectbox(key="pick_lang").select("en").run()
    app.switch_page("trends.py")
    del app.query_params["lang"]
    app.run()
    assert app.title[0].value == words("en")["trends.title"]
    assert app.query_params["lang"] == "en"


def test_a_store_that_cannot_be_opened_is_answered_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, fresh_cache: None
) -> None:
    monkeypatch.setenv("EDU_DATABASE_URL", "oracle://office/indicators")
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    assert not app.exception
    assert [each.value for each in app.error] == ["不支持数据库类型 oracle,请使用 sqlite 或 postgresql。"]


def test_the_sidebar_says_how_fresh_the_store_is(store: Shelf) -> None:
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    assert any("数据更新于" in each.value for each in app.sidebar.caption)


@pytest.mark.parametrize("page", ["overview", "trends", "districts"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_store_says_what_to_do(
    empty_store: Path, open_page: Callable[..., AppTest], page: str, language: str
) -> None:
    app = open_page(page, lang=language)
    assert not app.exception
    assert words(language)["common.empty.title"] in shown(app)
    assert words(language)["common.empty.what"] in shown(app)


def free_port() -> int:
    with socket.socket() as at:
        at.bind(("127.0.0.1", 0))
        return int(at.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, home = free_port(), tmp_path_factory.mktemp("served")
    allow(home)
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "EDU_DATA_DIR": str(home)}, stdout=subprocess.DEVNULL
    )
    try:
        yield wait_for(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(10)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert process.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("the server did not answer")


def test_the_server_says_that_it_is_alive(server: str) -> None:
    with urllib.request.urlopen(f"{server}/healthz", timeout=5) as answer:
        assert (answer.status, answer.read()) == (200, b"ok")


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
def test_a_page_asks_no_server_but_its_own(server: str) -> None:
    asked: list[str] = []
    with sync_playwright() as playwright:
        options = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
        ]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        context = browser.new_context()
        sign_in(context, server)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(server)
        page.wait_for_selector("h1", timeout=30_000)
        page.wait_for_load_state("networkidle")
        browser.close()
    assert asked
    assert [url for url in asked if not url.startswith((server, "data:", "blob:"))] == []


@pytest.mark.parametrize("path", ["pages/overview.py", "app/static/dashboard.py", "static/../dashboard.py"])
def test_the_server_hands_out_no_source_file(server: str, path: str) -> None:
    assert b"access.require" not in fetched(f"{server}/{path}")


def fetched(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as refused:
        return bytes(refused.read())


def test_the_settings_that_keep_the_office_safe_are_set() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["server"]["enableStaticServing"] is False
    assert settings["server"]["maxUploadSize"] == 50
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["runner"]["postScriptGC"] is False
    assert len(set(settings["theme"]["chartCategoricalColors"])) == 10
