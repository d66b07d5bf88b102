"""What a page asks the store: next to nothing when it is looked at again, and few statements after a change.

The first after a change comes to an address at which somebody of the same scope was since the process began; who is the very
first there asks one thing after the other (FIRST). Counted is every SELECT (or WITH) that a run of the script sends for the page, the one for the store's state among them. Not
counted, as before: who is at the screen (`access.look`, which these tests stand in for; two statements at every run), and
what a reader of a part of the tree needs once for each connection and change, the temporary tables of the scope.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import bureau
from db.engine import make_engine
from db.names import Names
from db.records_accounts import Role
from db.schema import import_batch
from db.store import save_import
from pages.ui import access, asked, data
from pages.ui import store as pages_store
from tests.conftest import ROOT
from tests.db.plans import caught
from tests.pages.conftest import FRAME, Shelf
from tests.pages.test_never_stale import changed

Open = Callable[..., AppTest]
MOST = 4
FIRST = 26  # of a process that holds nothing and remembers nothing
NOW = "running"  # tells how the store is at this moment: nothing of it is kept
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("[a-z]*.py")} - {"frame", NOW})
AUDITOR = access.Person("shenji", "审计", Role.AUDITOR)
ASKED: dict[str, dict[str, Any]] = {"evidence": {"obs": 1}}


def statements(app: AppTest) -> list[str]:
    with caught(sa.Engine) as found:
        app.run()
    assert not app.exception
    return [statement for statement, _ in found]


@pytest.fixture
def opened(corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    def opened(page: str) -> AppTest:
        if page == "audit":
            monkeypatch.setattr(access, "look", lambda: AUDITOR)
        asked = {"unit": corrected.ids["p3"]} if page == "school" else ASKED.get(page, {})
        app = open_page(page, **asked)
        app.run()
        return app

    return opened


@pytest.mark.parametrize("page", PAGES)
def test_a_rerun_asks_at_most_four_statements(opened: Callable[[str], AppTest], page: str) -> None:
    found = statements(opened(page))
    assert len(found) <= MOST, found


@pytest.mark.parametrize("page", PAGES)
def test_the_first_view_of_a_process_asks_few_statements(opened: Callable[[str], AppTest], page: str) -> None:
    app = opened(page)
    data.forget()
    pages_store._scoped().names = Names()
    found = statements(app)
    assert len(found) <= FIRST, found


@pytest.mark.parametrize("page", PAGES)
def test_the_first_view_after_an_import_reads_the_facts_alone(
    opened: Callable[[str], AppTest], corrected: Shelf, page: str
) -> None:
    app = opened(page)
    engine = make_engine()
    save_import(engine, changed(corrected.ids, 777, "更正.csv"), "甲")
    engine.dispose()
    found = statements(app)
    assert len(found) <= MOST, found
    assert len(statements(app)) <= MOST
    assert [text for text in found if "FROM org_unit ORDER BY" in text or "FROM setting" in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_first_view_after_a_setting_reads_no_facts(opened: Callable[[str], AppTest], page: str) -> None:
    app = opened(page)
    engine = make_engine()
    on = date(2020, 9, 1)
    bureau.add_target(engine, "vac_cert_check_rate", "PRI", Decimal(99), "school", on, "县教发〔2026〕8号", "王芳")
    engine.dispose()
    found = statements(app)
    assert len(found) <= MOST, found
    assert [text for text in found if " rollup" in text] == []


@pytest.mark.parametrize("page", ["overview", "school", "evidence", "quality"])
def test_whoever_comes_first_after_an_import_asks_as_little(
    opened: Callable[[str], AppTest], corrected: Shelf, page: str
) -> None:
    asked = dict(opened(page).query_params)
    engine = make_engine()
    save_import(engine, changed(corrected.ids, 777, "更正.csv"), "甲")
    engine.dispose()
    other = AppTest.from_file(str(FRAME), default_timeout=30)
    other.switch_page(f"{page}.py")
    for name, values in asked.items():
        other.query_params[name] = values
    found = statements(other)
    assert len(found) <= MOST, found


@pytest.mark.parametrize(("page", "name", "most"), [("school", "unit", 8), ("trends", "units", MOST)])
def test_an_address_nobody_opened_is_asked_like_another_of_its_page(
    corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str, name: str, most: int
) -> None:
    def first_view() -> list[str]:
        """Of an address nobody opened, after an import."""
        data.forget()
        open_page(page, **{name: corrected.ids["p1"]}).run()
        engine = make_engine()
        with engine.begin() as connection:
            connection.execute(sa.update(import_batch).values(status=import_batch.c.status))
        engine.dispose()
        app = AppTest.from_file(str(FRAME), default_timeout=30)
        app.switch_page(f"{page}.py")
        app.query_params[name] = str(corrected.ids["p4"])
        return statements(app)

    guessed = first_view()
    monkeypatch.setattr(asked, "likely", lambda page, chosen: ())
    one_by_one = first_view()
    assert len(guessed) <= most < len(one_by_one), guessed
