"""Whatever is imported and undone in whatever order, the store is what the imports that are left make of an empty one."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from db import queries
from db.engine import make_engine
from db.records import Draft, OrgKind, OrgStatus, ProposedUnit
from db.schema import rollup
from db.store import save_import, undo_import
from db.verify import verify
from tests.db.makers import Fact, Place, load_place, report, sheet
from tests.depth import seeds
from tests.stores import prepared

CELLS = [
    (unit, indicator, period)
    for unit in ("n1a", "n1b", "N", "?柳林小学")
    for indicator, period in (("enrollment", "SY2024"), ("dropout_rate", "SY2024"), ("enrollment", None))
]
NAMES = ("甲表.xlsx", "乙表.xlsx", "甲表(更正).xlsx")
STEPS = 12


FACT = ["org_unit_id", "indicator", "period", "dims", "value", "unit", "qualifier", "obs_status"]
LIU = ProposedUnit("?柳林小学", "柳林小学", OrgKind.SCHOOL, OrgStatus.PROPOSED)


class Store:
    """A store and the imports that are left in it, in their order."""

    def __init__(self, engine: sa.Engine, place: Place) -> None:
        self.engine, self.place = engine, place
        self.left: list[tuple[int, Draft]] = []
        self.gone: list[Draft] = []

    def save(self, draft: Draft) -> None:
        result = save_import(self.engine, draft, "甲")
        if result.outcome == "stored":
            self.left.append((result.import_id or 0, draft))

    def undo(self, at: int) -> None:
        number, draft = self.left.pop(at)
        undo_import(self.engine, number, "乙")
        self.gone.append(draft)

    def seen(self) -> dict[str, Any]:
        """All that pages show of the values, units by name and without running numbers."""
        with self.engine.connect() as connection:
            units = queries.org_units(connection).set_index("org_unit_id")["name"]
            codes = sorted({one.indicator for _, draft in self.left for one in draft.observations}) or ["enrollment"]
            facts = queries.search_observations(connection, limit=100_000)
            cells = queries.cells(connection, indicators=codes, org_unit_ids=list(units.index))
        return {"facts": plain(facts[FACT], units), "cells": plain(cells, units)}


def plain(frame: pd.DataFrame, units: pd.Series) -> list[str]:
    """Rows as text in a fixed order, without what only counts or dates them."""
    shown = frame.assign(unit=frame["org_unit_id"].map(units)) if "org_unit_id" in frame else frame
    dropped = [name for name in shown if name.endswith("_id")]
    return sorted(str(sorted(row.items())) for row in shown.drop(columns=dropped).astype(str).to_dict("records"))


def folded(store: Store, path: Path) -> dict[str, Any]:
    """What an empty store shows after the imports that are left, in their order."""
    place = prepared(path, load_place)
    other = make_engine(f"sqlite:///{path}")
    again = Store(other, place)
    for _, draft in store.left:
        again.save(draft)
    seen = again.seen()
    other.dispose()
    return seen


def some_file(chance: random.Random, place: Place) -> Draft:
    """A sheet or a report that states some of the cells, with few values so that files often agree."""
    facts = [
        Fact(unit, indicator, chance.choice([10, 20]), "level=PRI", period)
        for unit, indicator, period in CELLS
        if chance.random() < 0.4
    ]
    make = chance.choice([sheet, sheet, report])
    return make(place, facts or [Fact("n1a", "enrollment", 30)], name=chance.choice(NAMES), proposed_units=(LIU,))


@pytest.mark.parametrize(("backend", "seed"), seeds(4, 3), indirect=["backend"])
def test_the_store_is_the_fold_of_the_imports_that_are_left(
    engine: sa.Engine, place: Place, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    store = Store(engine, place)
    for step in range(STEPS):
        choice = chance.random()
        if choice < 0.35 and len(store.left) > 1:
            store.undo(chance.randrange(len(store.left)))
            assert store.seen() == folded(store, tmp_path / f"{step}.sqlite3"), f"after step {step}"
        elif choice < 0.5 and store.gone:
            store.save(store.gone.pop(chance.randrange(len(store.gone))))
        else:
            store.save(some_file(chance, place))
    with engine.connect() as connection:
        assert [check.faults for check in verify(connection) if check.faults] == []
    while store.left:
        store.undo(chance.randrange(len(store.left)))
    assert store.seen()["facts"] == []
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(rollup)) == 0
