"""Exports and looks at what may name persons are in the log; an export belongs to the session that asked for it."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.testing.v1 import AppTest

from db import accounts, audit
from db.engine import StoreError, make_engine
from db.records_accounts import Action, Role
from pages.ui import access, media, trail
from tests.pages.conftest import FRAME, Shelf
from tests.pages.desk import opened_desk  # noqa: F401 - a fixture
from tests.soak.client import Browser
from tests.soak.served import Served, cookie_of, running

Open = Callable[..., AppTest]
OPENED = [("evidence", {"doc": 1}, "document 1"), ("evidence", {"obs": 1}, "document 1"), ("review", {"doc": 1}, "document 1"),
          ("accounts", {}, "accounts")]  # fmt: skip


def told(action: Action) -> list[tuple[str, str]]:
    engine = make_engine()
    with engine.connect() as connection:
        found = [(one.actor, one.subject) for one in audit.events(connection, action=action)]
    engine.dispose()
    return found[::-1]


@pytest.mark.parametrize(("page", "asked", "subject"), OPENED)
def test_who_opens_what_may_name_persons_is_in_the_log_once(
    desk: Shelf,
    open_page: Open, page: str, asked: dict[str, int], subject: str,
) -> None:  # fmt: skip
    app = open_page(page, **asked)
    assert not app.exception
    app.run()
    assert told(Action.VIEW) == [("wangfang", subject)]


def test_who_reads_the_log_is_in_the_log(empty_store: object, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "look", lambda: access.Person("shenji", "梁岩", Role.AUDITOR))
    open_page("audit")
    assert told(Action.VIEW) == [("shenji", "audit")]


def test_a_page_of_numbers_alone_leaves_no_mark(
    desk: Shelf,
    open_page: Open,
) -> None:
    open_page("overview")
    open_page("trends")
    assert told(Action.VIEW) == []


def test_where_nothing_can_be_written_looking_goes_on(
    desk: Shelf,
    open_page: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    @contextlib.contextmanager
    def full(engine: object) -> Iterator[object]:
        raise StoreError("磁盘已满")
        yield

    monkeypatch.setattr(trail, "write", full)
    assert not open_page("evidence", doc=1).exception
    assert "not in the log of the store" in caplog.text


def test_no_page_hands_a_file_to_streamlit_without_an_owner() -> None:
    """Every button's work goes through media.claimed, or the gate would not let even its own person fetch the file."""
    for path in FRAME.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            assert (
                node.func.attr not in ("image", "audio", "video", "pdf", "logo") or ast.unparse(node.func.value) != "st"
            ), path
            if node.func.attr == "download_button":
                made = ast.unparse(node.args[1])
                assert made.startswith(("made_later(", "downloads.made_later(", "media.claimed(")), (path, made)


def test_an_address_that_is_old_or_unknown_belongs_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST", 2)
    for number in ("a", "b", "c"):
        media.claim(number, "one")
    assert not media.owned("/media/a.csv", "one")
    assert media.owned("/media/c.csv", "one")
    assert not media.owned("/media/c.csv", "two")
    assert not media.owned("/media/../c", "one")


@pytest.mark.slow
def test_an_export_is_fetched_by_the_session_that_asked_for_it_only(
    desk: Shelf,
) -> None:
    engine = make_engine()
    people = [("guanli", "苏敏", Role.ADMINISTRATOR, None), ("chakan", "李", Role.VIEWER, None)]
    accounts.demonstration_accounts(engine, people)
    with running(desk.folder) as served:
        mine, other = cookie_of(served, "guanli"), cookie_of(served, "chakan")
        address = saved(served, mine)
        status, content = served.answer(address, mine)
        assert status == 200
        assert content.startswith(b"\xef\xbb\xbf")
        assert served.status(address, other) == 404
        assert served.status(address) == 401
        assert served.status(address, cookie_of(served, "guanli")) == 404  # another session of the same person
    with engine.connect() as connection:
        [event] = audit.events(connection, action=Action.EXPORT)
        assert connection.scalar(sa.text("SELECT COUNT(*) FROM audit_event WHERE action = 'export'")) == 1
    assert event.actor == "guanli"
    assert event.subject.endswith(".csv")
    assert event.address == "127.0.0.1"
    engine.dispose()


def saved(served: Served, cookie: str) -> str:
    """The address of a table that was saved as a CSV on the page of the catalogue."""
    with Browser(served, cookie) as tab:
        buttons = [message.delta.new_element.download_button for message in tab.open("catalogue")
                   if message.WhichOneof("type") == "delta"
                   and message.delta.new_element.WhichOneof("type") == "download_button"]  # fmt: skip
        [button] = [one for one in buttons if one.label.startswith("CSV")]
        asked = BackMsg()
        asked.backend_operation_request.request_id = "1"
        asked.backend_operation_request.session_id = tab.session
        asked.backend_operation_request.deferred_file.file_id = button.deferred_file_id
        answer = tab.answer_to(asked)
        assert not answer.backend_operation_response.error_msg, answer
        url: str = answer.backend_operation_response.deferred_file.url
        return url
