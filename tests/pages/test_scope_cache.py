"""Two people of different scope ask the same cached functions of one process (operations, case 13)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.records_accounts import Role
from pages.ui import access
from tests.pages.conftest import WHO, Shelf
from tests.pages.test_scope import everything


@pytest.mark.parametrize("page", ["trends", "districts", "compare", "quality"])
def test_what_was_cached_for_one_is_not_shown_to_another(
    store: Shelf, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    engine = make_engine(f"sqlite:///{store.folder / 'store.sqlite3'}")
    with engine.connect() as connection:
        path = str(connection.scalar(sa.text("SELECT path FROM org_unit WHERE code = '990102'")))
    engine.dispose()
    whole = everything(open_page(page))
    monkeypatch.setattr(access, "look", lambda: access.Person("xiping", "西坪县", Role.VIEWER, path))
    part = everything(open_page(page))
    monkeypatch.setattr(access, "look", lambda: WHO)
    again = everything(open_page(page))
    assert "东渡" in whole
    assert "东渡" not in part
    assert "东渡" in again
