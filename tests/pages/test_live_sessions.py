"""Sessions of a running server: signed out, disabled, taken over (operations, cases 5, 6, 7, 10)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from google.protobuf import text_format
from websockets.exceptions import InvalidStatus

from db import accounts, audit
from db.engine import make_engine
from db.records_accounts import Action, Role
from tests.conftest import ROOT
from tests.pages.conftest import Shelf
from tests.pages.desk import opened_desk  # noqa: F401 - a fixture
from tests.soak.client import Browser
from tests.soak.served import Served, cookie_of, running

NUMBERS = "东渡"


@pytest.fixture
def served(desk: Shelf) -> Iterator[Served]:
    """A server of a small store with three people."""
    engine = make_engine()
    people = [("guanli", "苏敏", Role.ADMINISTRATOR), ("chakan", "李", Role.VIEWER), ("shenhe", "王", Role.APPROVER)]
    accounts.demonstration_accounts(engine, [(name, shown, role, None) for name, shown, role in people])
    engine.dispose()
    with running(desk.folder) as one:
        yield one


def words(tab: Browser, page: str = "districts") -> str:
    return "\n".join(text_format.MessageToString(message, as_utf8=True) for message in tab.open(page))


@pytest.mark.slow
def test_who_signed_out_in_one_tab_sees_nothing_in_the_other(served: Served) -> None:
    cookie = cookie_of(served, "chakan")
    with Browser(served, cookie) as tab:
        assert NUMBERS in words(tab)
        assert served.status("/sign-out", cookie) == 200  # the sign-in page, after a redirect
        said = words(tab)
        assert NUMBERS not in said
        assert "/sign-in" in said
        old = tab.session
    assert served.status("/overview", cookie) == 401
    with pytest.raises(InvalidStatus, match="403"), Browser(served, cookie, resume=old):
        pass


@pytest.mark.slow
def test_who_was_disabled_or_lowered_in_a_live_session_gets_no_further(served: Served) -> None:
    engine = make_engine()
    with engine.connect() as connection:
        ids = {one.name: one.id for one in accounts.accounts(connection)}
    with Browser(served, cookie_of(served, "shenhe")) as tab, Browser(served, cookie_of(served, "chakan")) as other:
        assert NUMBERS in words(other)
        assert "file_uploader" in words(tab, "upload")
        accounts.change_account(engine, ids["shenhe"], {"role": Role.VIEWER}, by="guanli")
        assert "file_uploader" not in words(tab, "upload")
        assert tab.upload("a.csv", b"x") == 403
        accounts.change_account(engine, ids["chakan"], {"disabled": True}, by="guanli")
        assert NUMBERS not in words(other)
    with engine.connect() as connection:
        changed = [one.subject for one in audit.events(connection, action=Action.ACCOUNT_CHANGED)]
    assert len(changed) == 2
    engine.dispose()


@pytest.mark.slow
def test_nobody_takes_up_the_dropped_tab_of_another(served: Served) -> None:
    mine, others = cookie_of(served, "guanli"), cookie_of(served, "chakan")
    with Browser(served, mine) as tab:
        words(tab)
        dropped = tab.session
    with Browser(served, others, resume=dropped) as thief:
        assert "苏敏" not in words(thief)
        assert thief.session != dropped
    with Browser(served, mine, resume=dropped) as again:
        words(again)
        assert again.session == dropped  # its own person does come back


def test_no_secret_comes_with_the_program() -> None:
    """Tokens are random and kept as hashes; nothing is signed with a secret that a bureau could forget to change."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert "cookieSecret" not in config["server"]
    assert not (ROOT / ".streamlit" / "secrets.toml").exists()
