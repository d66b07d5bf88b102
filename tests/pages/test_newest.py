"""What units are compared by is the same whether their past is read or not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
import sqlalchemy as sa

from db.engine import make_engine
from db.records_accounts import Role
from pages.ui import access, data, newest, profile
from tests.pages.conftest import Shelf

Chosen = list[tuple[profile.Choice, str | None, list[tuple[int, float | None]]]]


def chosen(read: Callable[[], object], unit_ids: list[int]) -> Chosen:
    """Each indicator with its breakdown, its period, and the values of all units in it."""
    cells = read()
    groups = profile.grouped(cells)  # type: ignore[arg-type]
    own = profile.grouped(cells[cells["org_unit_id"].isin(unit_ids)])  # type: ignore[index]
    found: Chosen = []
    for choice in profile.main_choices(own, profile.level_of(unit_ids)):
        period = profile.common_period(own[choice], len(unit_ids))
        found.append(
            (choice, period, [(row["org_unit_id"], row["value"]) for row in groups[choice] if row["period"] == period])
        )
    return found


@pytest.mark.parametrize("keys", [*combinations(("p1", "p2", "p3", "p4", "j1"), 2), ("east", "west"), ("city", "east", "p1"),
                                  ("p1", "p2", "p3", "p4"), ("bay", "hill", "j1")])  # fmt: skip
def test_the_same_is_compared(store: Shelf, keys: tuple[str, ...]) -> None:
    unit_ids, more = [store.ids[key] for key in keys], [store.ids["city"]] if "city" not in keys else []
    whole = chosen(lambda: profile.everything([*unit_ids, *more]), unit_ids)
    assert whole
    assert chosen(lambda: newest.cells(unit_ids, more), unit_ids) == whole


def test_the_same_is_compared_by_a_reader_of_a_part(store: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a part of an area nothing is counted but what units state themselves."""
    engine = make_engine(f"sqlite:///{store.folder / 'store.sqlite3'}")
    with engine.connect() as connection:
        path = str(connection.scalar(sa.text("SELECT path FROM org_unit WHERE code = '990102101'")))
    engine.dispose()
    monkeypatch.setattr(access, "look", lambda: access.Person("shiling", "石岭镇", Role.VIEWER, path))
    monkeypatch.setattr(access, "current", access.look)
    data.forget()
    for keys in (("hill", "p3"), ("p3", "p4"), ("p3", "j1"), ("hill", "j1", "p4")):
        unit_ids = [store.ids[key] for key in keys]
        whole = chosen(lambda ids=unit_ids: profile.everything(ids), unit_ids)  # type: ignore[misc]
        assert whole
        assert chosen(lambda ids=unit_ids: newest.cells(ids, []), unit_ids) == whole  # type: ignore[misc]


def test_of_a_past_that_nobody_compares_nothing_is_read(store: Shelf) -> None:
    found = newest.cells([store.ids["p1"], store.ids["p2"]], [])
    assert set(found.loc[found["indicator"] == "enrollment", "period"]) == {"SY2025"}
