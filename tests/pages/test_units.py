"""A store whose units are many is read part by part: pages show what they show where all units are read at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import units as stored_units
from pages.ui import data, units, wide
from tests.conftest import ROOT
from tests.db.plans import caught
from tests.pages.conftest import Shelf

Open = Callable[..., AppTest]
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("[a-z]*.py")} - {"frame", "running", "audit"})
ADDRESSES: dict[str, dict[str, Any]] = {
    "school": {"unit": "p3"}, "trends": {"units": "p3"}, "compare": {"units": "p1"}, "districts": {"within": "west"},
    "findings": {"within": "west"}, "quality": {"within": "west"}, "bulletin": {"unit": "west"}, "templates": {"within": "hill"},
}  # fmt: skip
WHOLE = "SELECT org_unit.id, org_unit.parent_id"


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Four units are many."""
    monkeypatch.setattr(stored_units, "FEW", 3)
    data.forget()
    yield
    data.forget()


def words(app: AppTest) -> list[Any]:
    """What stands on a page, element by element."""
    assert not app.exception
    return [(each.type, getattr(each, "value", None), getattr(each, "options", None)) for each in app.main]


def address(page: str, ids: dict[str, int]) -> dict[str, Any]:
    return {name: ids[key] for name, key in ADDRESSES.get(page, {}).items()}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_the_same_where_units_are_read_part_by_part(
    store: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    at_once = words(open_page(page, **address(page, store.ids)))
    monkeypatch.setattr(stored_units, "FEW", 3)
    data.forget()
    in_parts = words(open_page(page, **address(page, store.ids)))
    assert repr(in_parts) == repr(at_once)


def test_units_found_one_by_one_are_those_read_at_once(store: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = sorted(store.ids.values())

    def told() -> list[Any]:
        each = [
            (data.unit(one), data.above(one), data.children(one), data.within(one), data.county(one)) for one in ids
        ]
        below = [data.below(one, kind) for one in ids for kind in ("county", "town", "school")]
        return [
            each,
            below,
            data.root_id(),
            data.upper(),
            data.tree(),
            data.first("school"),
            data.find(999),
            data.whole(),
        ]

    at_once = told()
    monkeypatch.setattr(stored_units, "FEW", 3)
    data.forget()
    assert told() == at_once


def test_a_page_of_a_county_reads_no_unit_of_another_county(
    store: Shelf, open_page: Open, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "MOST", 1)
    with caught(sa.Engine) as found:
        app = open_page("districts", within=store.ids["west"])
    assert not app.exception
    everything = [text for text, _ in found if WHOLE in text and "WHERE" not in text and "LIMIT" not in text]
    assert everything == []
    areas = [values for text, values in found if "org_unit.area_id IN" in text]
    assert set(areas) == {(store.ids["west"],)}


def test_units_that_are_met_are_asked_for_at_once_and_never_again(store: Shelf, many: None) -> None:
    with caught(sa.Engine) as found:
        data.meet(store.ids.values())
        assert data.name(store.ids["p3"]) == "石岭中心小学"
        assert data.above(store.ids["p3"]) == [store.ids[key] for key in ("city", "west", "hill", "p3")]
    assert (
        len([text for text, _ in found if "FROM org_unit" in text]) == 3
    )  # whether they are few, the counties, the rest
    with caught(sa.Engine) as found:
        data.meet(store.ids.values())
    assert [text for text, _ in found if "FROM org_unit" in text] == []


@pytest.mark.parametrize(("kind", "most", "more"), [("school", 4, True), ("school", 5, False), ("town", 1, True)])
def test_it_is_told_whether_there_are_more_than_so_many(
    store: Shelf, many: None, kind: str, most: int, more: bool
) -> None:
    assert units.has_more(store.ids["city"], kind, most) is more
