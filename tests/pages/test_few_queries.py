"""A page that is looked at again asks the store next to nothing: whether it has changed, and what does not wait for that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.records_accounts import Role
from pages.ui import access
from tests.conftest import ROOT
from tests.db.plans import caught
from tests.pages.conftest import Shelf

Open = Callable[..., AppTest]
MOST = 4
NOW = "running"  # tells how the store is at this moment: nothing of it is kept
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("[a-z]*.py")} - {"frame", NOW})
AUDITOR = access.Person("shenji", "审计", Role.AUDITOR)


@pytest.mark.parametrize("page", PAGES)
def test_a_rerun_asks_at_most_four_statements(
    store: Shelf, open_page: Open, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if page == "audit":
        monkeypatch.setattr(access, "look", lambda: AUDITOR)
    app = open_page(page)
    with caught(sa.Engine) as found:
        app.run()
    assert not app.exception
    assert len(found) <= MOST, [statement for statement, _ in found]
