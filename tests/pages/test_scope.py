"""Every page of the frame, looked at by an account of one district: nothing of another district is on it, whatever
stands in the address. A new page is looked at by itself, because the list is the frame's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from google.protobuf import text_format
from streamlit.testing.v1 import AppTest

from db import accounts, locks, notes, tokens
from db.engine import make_engine, write
from db.records_accounts import RIGHTS, Right, Role
from pages.ui import access, menu
from tests.pages.conftest import TREE, Shelf
from tests.pages.test_frame import PAGE_FILES

# What only the other district, or the city above both, can have brought onto a page.
FOREIGN = ("东渡", "湾口", "渡头", "岚川", "990101", "2199000001", "2199000002", "210", "910")


def everything(app: AppTest) -> str:
    """All that the browser is sent of a page: texts, tables, options of widgets, figures of charts."""

    def nodes(block: Any) -> Iterator[Any]:
        for child in getattr(block, "children", {}).values():
            yield child
            yield from nodes(child)

    held = [node.proto for part in (app.main, app.sidebar) for node in nodes(part) if getattr(node, "proto", None)]
    words = [text_format.MessageToString(proto, as_utf8=True) for proto in held if hasattr(proto, "DESCRIPTOR")]
    return "\n".join([*words, *(each.value.to_csv() for each in app.dataframe)])


def role_for(page: str) -> Role:
    """The role of most rights that has the page in its menu."""
    [right] = [row.right for row in menu.PAGES if row.name == page]
    return next(role for role in (Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR) if Right(right) in RIGHTS[role])


@pytest.fixture
def of_one_district(corrected: Shelf, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Shelf]:
    """The person at the screen may see 西坪县 only; the other district has accounts, tokens and locks of its own."""
    engine = make_engine()
    east = corrected.ids["east"]
    with write(engine) as connection:
        path = connection.scalar(sa.text("SELECT path FROM org_unit WHERE code = '990102'"))
        accounts.add_account(connection, "dongdu", "东渡区教育局", Role.UPLOADER, east, by="东渡")
    tokens.add_token(engine, "东渡取数", east, 30, "东渡")
    locks.lock(engine, "SY2023", east, "东渡已审定", "东渡")
    notes.pin(engine, corrected.ids["p1"], "vac_cert_check_rate", "level=PRI", "SY2025", "东渡的批注", "东渡")
    engine.dispose()

    def seated(page: str) -> Shelf:
        person = access.Person("xiping", "西坪县教育局", role_for(page), str(path))
        monkeypatch.setattr(access, "look", lambda: person)
        return corrected

    return seated


def addresses(shelf: Shelf) -> list[dict[str, Any]]:
    foreign = [shelf.ids[unit.key] for unit in TREE if unit.key in ("city", "east", "p1")]
    asked: list[dict[str, Any]] = [{}]
    asked += [{"unit": unit, "units": unit, "root": unit, "district": unit} for unit in foreign]
    asked += [{"units": ",".join(map(str, foreign)), "indicator": "vac_cert_check_rate", "dims": "level=PRI"}]
    asked += [{"obs": number, "doc": 1, "file": 1} for number in (1, 4)]
    return asked


@pytest.mark.parametrize("name", [path.stem for path in PAGE_FILES])
def test_no_page_shows_anything_of_another_district(
    name: str, of_one_district: Callable[[str], Shelf], open_page: Callable[..., AppTest]
) -> None:
    for asked in addresses(of_one_district(name)):
        app = open_page(name, **asked)
        assert not app.exception, (asked, app.exception)
        said = everything(app)
        assert [word for word in FOREIGN[:7] if word in said] == [], asked


def test_the_scan_sees_what_a_page_shows(store: Shelf, open_page: Callable[..., AppTest]) -> None:
    said = everything(open_page("districts"))
    assert all(word in said for word in ("东渡", "岚川"))
