"""The page of the data interface: a token is handed out once, listed, and ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db import tokens
from db.engine import make_engine
from db.records_accounts import Role
from pages.ui import access
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]


def handed_out(app: AppTest, purpose: str) -> str:
    app.text_input(key="token_name").input(purpose)
    app.button(key="add_token").click().run()
    assert not app.exception
    return next(each.value for each in app.code if each.value.startswith("edu_"))


def test_a_token_is_shown_once_and_opens_the_interface(corrected: Shelf, open_page: Open) -> None:
    app = open_page("api_tokens")
    assert "还没有发放过令牌" in shown(app)
    token = handed_out(app, "市大数据中心")
    engine = make_engine()
    held = tokens.token_of(engine, token)
    engine.dispose()
    assert held is not None
    assert (held.name, held.org_unit_id) == ("市大数据中心", None)
    app = open_page("api_tokens")
    assert token not in shown(app) + grids(app) + "".join(each.value for each in app.code)
    assert "市大数据中心" in grids(app)


def test_a_token_is_revoked(corrected: Shelf, open_page: Open) -> None:
    app = open_page("api_tokens")
    token = handed_out(app, "取数")
    app = open_page("api_tokens")
    app.button(key="revoke_token").click().run()
    assert not app.exception
    assert "已收回" in grids(app)
    engine = make_engine()
    assert tokens.token_of(engine, token) is None
    engine.dispose()


def test_a_token_without_a_purpose_is_answered(corrected: Shelf, open_page: Open) -> None:
    app = open_page("api_tokens")
    app.button(key="add_token").click().run()
    assert "请写明令牌的用途" in shown(app)


def test_who_rules_over_one_county_hands_out_tokens_of_it_only(
    corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine()
    tokens.add_token(engine, "全市的", None, 30, "李强")
    with engine.connect() as connection:
        scope = str(connection.exec_driver_sql("SELECT path FROM org_unit WHERE code = '990102'").scalar())
    monkeypatch.setattr(access, "look", lambda: access.Person("xiping", "西坪县", Role.ADMINISTRATOR, scope))
    app = open_page("api_tokens")
    assert "全市的" not in grids(app)
    assert app.selectbox(key="token_scope").options == ["西坪县", "石岭镇"]
    held = tokens.token_of(engine, handed_out(app, "本县"))
    engine.dispose()
    assert held is not None
    assert held.scope == scope
