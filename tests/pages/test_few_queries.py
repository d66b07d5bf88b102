"""A page that is looked at again asks the store next to nothing: whether it has changed, and what does not wait for that.
The first view after a change asks a number of statements that does not grow with units, indicators or forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.names import Names
from db.records_accounts import Role
from pages.ui import access, data
from pages.ui import store as pages_store
from tests.conftest import ROOT
from tests.db.plans import caught
from tests.pages.conftest import Shelf

Open = Callable[..., AppTest]
MOST = 4
FIRST = 20  # after a change of the store
NOW = "running"  # tells how the store is at this moment: nothing of it is kept
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("[a-z]*.py")} - {"frame", NOW})
AUDITOR = access.Person("shenji", "审计", Role.AUDITOR)


def statements(app: AppTest) -> list[str]:
    with caught(sa.Engine) as found:
        app.run()
    assert not app.exception
    return [statement for statement, _ in found]


@pytest.fixture
def opened(store: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    def opened(page: str) -> AppTest:
        if page == "audit":
            monkeypatch.setattr(access, "look", lambda: AUDITOR)
        return open_page(page)

    return opened


@pytest.mark.parametrize("page", PAGES)
def test_a_rerun_asks_at_most_four_statements(opened: Callable[[str], AppTest], page: str) -> None:
    found = statements(opened(page))
    assert len(found) <= MOST, found


@pytest.mark.parametrize("page", PAGES)
def test_the_first_view_after_a_change_asks_few_statements(opened: Callable[[str], AppTest], page: str) -> None:
    app = opened(page)
    data.forget()
    pages_store._scoped().names = Names()
    found = statements(app)
    assert len(found) <= FIRST, found
