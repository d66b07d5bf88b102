"""Sums of places that are worked out by columns are those that folding cell by cell makes of the same facts."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from db import rollups
from db.engine import write
from db.rollups import rebuild_all
from db.schema import cell_count, rollup
from db.store import save_import
from tests.db.makers import Place, sheet
from tests.db.test_school_cells import SCHOOLS, chosen, told
from tests.depth import seeds


def derived(engine: sa.Engine) -> list[set[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return [{tuple(row) for row in connection.execute(sa.select(table))} for table in (rollup, cell_count)]


@pytest.mark.parametrize(("backend", "seed"), seeds(4, 2), indirect=["backend"])
@pytest.mark.parametrize("places", [True, False])
def test_folding_every_place_gives_the_same_rows(
    engine: sa.Engine, place: Place, seed: int, places: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With facts of places beside those of schools, and with facts of schools alone."""
    chance = random.Random(seed)
    for n in range(4):
        facts = [fact for fact in (chosen(chance) for _ in range(20)) if places or fact.unit in SCHOOLS]
        unique = {(f.unit, f.indicator, f.dims, f.period): f for f in facts}
        save_import(
            engine,
            sheet(place, list(unique.values()), name=f"表{n}.xlsx") if n != 2 else told(place, unique, n),
            "甲",
        )
    by_columns = derived(engine)
    monkeypatch.setattr(rollups, "in_groups", lambda book, own, groups: np.ones(len(own), bool))
    with write(engine) as connection:
        rebuild_all(connection)
    assert derived(engine) == by_columns
    assert by_columns[0]


def test_sums_of_columns_are_most_of_what_is_stored(
    engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the test above would hold one way against itself."""
    summed: list[int] = []
    kept = rollups.place_sums

    def counted(*given: Any) -> Any:
        found = kept(*given)
        summed.append(len(found))
        return found

    monkeypatch.setattr(rollups, "place_sums", counted)
    facts = {f.unit: f for f in (chosen(random.Random(n)) for n in range(90)) if f.unit in SCHOOLS and f.value}
    save_import(engine, sheet(place, list(facts.values())), "甲")
    assert sum(summed) > 10
