"""The pages of accounts and of the log, as an administrator and an auditor use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import accounts, audit, sessions
from db.engine import make_engine, write
from db.records_accounts import Action, Role
from db.schema_accounts import audit_event
from pages.ui import access
from tests.pages.conftest import Shelf, grids, shown


def by_key(widgets: object, key: str) -> object:
    return next(each for each in widgets if each.key == key)  # type: ignore[attr-defined]


@pytest.fixture
def auditor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "look", lambda: access.Person("shenji", "梁岩", Role.AUDITOR))


@pytest.fixture
def own(empty_store: object) -> object:
    """A store that nothing else writes to."""
    engine = make_engine()
    yield engine
    engine.dispose()


def test_an_account_is_made_changed_and_disabled(own: sa.Engine, open_page: Callable[..., AppTest]) -> None:
    accounts.first_administrator(own, "boss")
    app = open_page("accounts")
    by_key(app.text_input, "new_name").input("li.na").run()
    by_key(app.text_input, "new_who").input("李娜").run()
    by_key(app.selectbox, "new_role").select("uploader").run()
    by_key(app.button, "add_account").click().run()
    assert not app.exception
    password = app.success[0].value.split("**")[1].replace("\\", "")
    session = sessions.sign_in(own, "li.na", password, "127.0.0.1")
    assert (session.account.role, session.account.one_time) == (Role.UPLOADER, True)
    app = open_page("accounts")
    by_key(app.selectbox, "pick_account").select(session.account.id).run()
    by_key(app.selectbox, f"role_{session.account.id}").select("viewer").run()
    by_key(app.button, "save_account").click().run()
    now = sessions.session_account(own, session.token)
    assert now is not None
    assert now.role is Role.VIEWER
    by_key(app.button, "switch_account").click().run()
    assert sessions.session_account(own, session.token) is None
    with own.connect() as connection:
        told = audit.events(connection, actors=["wangfang"])
    changes = [event.action for event in told if event.action != Action.VIEW]
    assert changes == [Action.ACCOUNT_CHANGED, Action.ACCOUNT_CHANGED, Action.ACCOUNT_MADE]


def test_what_cannot_be_is_said(own: sa.Engine, open_page: Callable[..., AppTest]) -> None:
    accounts.first_administrator(own, "boss")
    app = open_page("accounts")
    by_key(app.text_input, "new_name").input("李").run()
    by_key(app.button, "add_account").click().run()
    assert "账号名用" in shown(app)
    by_key(app.button, "switch_account").click().run()
    assert "最后一个" in shown(app)


def test_the_log_is_shown_and_its_damage_told(own: sa.Engine, open_page: Callable[..., AppTest], auditor: None) -> None:
    accounts.first_administrator(own, "boss")
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in(own, "boss", "wrong", "10.9.8.7")
    app = open_page("audit")
    assert not app.exception
    assert "日志完整" in shown(app)
    assert all(word in grids(app) for word in ("登录失败", "10.9.8.7", "建立账号"))
    with write(own) as connection:
        connection.execute(sa.update(audit_event).where(audit_event.c.id == 1).values(actor="nobody"))
    assert "第1条" in shown(open_page("audit"))


@pytest.mark.parametrize(("name", "role"), [("audit", Role.ADMINISTRATOR), ("accounts", Role.AUDITOR),
                                            ("accounts", Role.APPROVER), ("upload", Role.VIEWER), ("review", Role.AUDITOR)])  # fmt: skip
def test_a_page_beyond_the_role_is_not_there(
    store: Shelf, monkeypatch: pytest.MonkeyPatch, name: str, role: Role
) -> None:
    from tests.pages.conftest import FRAME

    monkeypatch.setattr(access, "look", lambda: access.Person("x", "x", role))
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    assert f"{name}.py" not in {
        str(each.get("script_path", "")).rsplit("/", 1)[-1] for each in app._registered_pages.values()
    }


def test_a_session_that_has_ended_shows_nothing(store: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.pages.conftest import FRAME

    monkeypatch.setattr(access, "look", lambda: None)
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    assert not app.exception
    assert "登录已结束" in shown(app)
    assert not app.title
