"""Files as people send them: hostile names, too many, too large; and who may send any (operations, cases 18, 19, 24)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.records_accounts import Account, Role
from db.schema import source_file
from pages.ui.gate import COOKIE
from pages.ui.text import plain
from tests.pages.conftest import Shelf, shown
from tests.pages.desk import opened_desk, sheet  # noqa: F401 - a fixture
from tests.pages.test_gate import HOST, TOKEN, asked
from tests.pages.test_upload import drafted, hand_in
from tests.soak.client import Browser
from tests.soak.served import allow, cookie_of, running

Open = Callable[..., AppTest]
ENDPOINT = "/_stcore/upload_file/session/file"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR])
def test_who_may_only_look_sends_no_file_to_the_endpoint(role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    who = Account(1, "li", "李", role, None, "", False, False, False)
    cookie = (b"cookie", f"{COOKIE}={TOKEN}".encode())
    monkeypatch.setattr("tests.pages.test_gate.look", lambda token: who if token == TOKEN else None)
    sent, reached = asked(ENDPOINT, (HOST, cookie), method="PUT")
    assert (sent[0]["status"], reached) == (403, [])


def test_a_hostile_name_is_shown_as_text_and_stored_without_its_folders(
    desk: Shelf,
    open_page: Open, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    name = "../../\u202e=x<b>[a](javascript:alert(1)).csv"
    drafted(monkeypatch, sheet(desk.ids, 215))
    app = hand_in(open_page("upload"), name, b"x")
    assert not app.exception
    said = shown(app)
    assert "javascript:alert(1))" not in said.replace(plain("[a](javascript:alert(1))"), "")
    assert "\u202e" not in said
    engine = make_engine()
    with engine.connect() as connection:
        drafts = list(connection.scalars(sa.text("SELECT file_name FROM draft")))
        names = list(connection.scalars(sa.select(source_file.c.name)))
    engine.dispose()
    assert drafts == ["=x<b>[a](javascript:alert(1)).csv"]
    assert not any("/" in one for one in names)


def test_the_file_over_the_quota_is_not_read_and_the_person_is_told_when(
    desk: Shelf,
    open_page: Open, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("EDU_QUOTA_FILES", "1")
    hand_in(open_page("upload"), "一.csv", b"x")
    read: list[str] = []
    monkeypatch.setattr("pages.ui.uploading.prepare", lambda source, *_: read.append(source.name))
    app = hand_in(open_page("upload"), "二.csv", b"y")
    assert "明天 0 时起可继续上传" in shown(app)
    assert read == []


@pytest.mark.slow
def test_51_mb_are_refused_by_the_server_and_50_are_taken(tmp_path: Path) -> None:
    allow(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with running(tmp_path) as served, Browser(served, cookie_of(served)) as tab:
        tab.open("upload")
        assert tab.upload("a.xlsx", b"x" * (51 << 20)) == 413
        assert tab.upload("a.xlsx", b"x" * (51 << 20), said_length=False) == 413
        assert tab.upload("a.xlsx", b"MZ" + b"x" * 1000) == 204
        assert tab.upload("a.xlsx", b"x", token="") == 403
        assert tab.upload("a.xlsx", b"x", session="unknown") == 400
        assert served.status("/readyz") == 200


HEADER = re.compile(r"""attachment; (?:filename="[^"\\\r\n]*"|filename\*=utf-8''[A-Za-z0-9%!#$&+.^_`|~-]*)""")


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        'a".csv',
        "a\\b.csv",
        "长" * 300 + ".csv",
        "=1.csv",
        "a\r\nX: 1.csv",
        "\u202ecsv.exe",
        "总览 2024.xlsx",
    ],
)
def test_the_header_of_a_download_holds_any_name(name: str) -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient
    from streamlit.runtime.media_file_storage import MediaFileKind
    from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
    from streamlit.web.server.starlette.starlette_routes import create_media_routes

    storage = MemoryMediaFileStorage("/media")
    number = storage.load_and_get_id(b"x", "text/csv", MediaFileKind.DOWNLOADABLE, name)
    address = storage.get_url(number)
    answer = TestClient(Starlette(routes=create_media_routes(storage, ""))).get(address)
    said = answer.headers["content-disposition"]
    assert HEADER.fullmatch(said), said
    assert "x" not in answer.headers
    held = unquote(said.partition("''")[2] or said.partition('"')[2][:-1])
    assert held == name


@pytest.mark.parametrize(
    "text", ["[点我](javascript:alert(1))", "![x](http://evil.example/a.png)", "<script>", "`a`", ":red[a]"]
)
def test_markdown_of_a_file_stays_text(text: str) -> None:
    """Streamlit renders markdown: every sign that could begin a link, a picture or a tag is escaped."""
    assert re.sub(r"\\[^\w\s]", "", plain(text)).translate(str.maketrans("", "", "./@=,;'\"&%?")).strip().isalnum()
