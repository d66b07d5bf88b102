"""A load without indexes: they come back at its end, and a store that lacks some says so and is mended when it is opened."""

from __future__ import annotations

from itertools import islice

import pytest
import sqlalchemy as sa

from db import bulk_load, indexes
from db.bulk_load import load_forms
from db.indexes import build_each, drop_last, missing
from db.opening import open_store
from db.org import load_org_units
from db.verify import verify
from etl.samples import Province

TWO_COUNTIES = Province(schools=520, years=1, indicators=3)
FACTS = 520 * 3


def lacking(engine: sa.Engine) -> set[str]:
    with engine.connect() as connection:
        return {str(index.name) for index in missing(connection)}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand facts are many, and each county is a transaction."""
    monkeypatch.setattr(bulk_load, "MOST_OF_STORE", 1000)
    monkeypatch.setattr(bulk_load, "AT_ONCE", 1)


def load(engine: sa.Engine, counties: int, coming: int = FACTS) -> int:
    ids = load_org_units(engine, TWO_COUNTIES.org_units)
    forms = islice(TWO_COUNTIES.forms(), counties)
    return sum(step.facts for step in load_forms(engine, forms, ids, "样例", coming))


def test_a_load_that_was_cut_off_leaves_a_store_that_says_so(engine: sa.Engine, few: None) -> None:
    load(engine, 1)
    assert lacking(engine) == set(indexes._LAST)
    with engine.connect() as connection:
        first, *others = verify(connection)
    assert len(first.faults) == len(indexes._LAST)
    assert "uq_observation_current" in "".join(first.faults)
    assert [fault for check in others for fault in check.faults] == []


def test_opening_a_store_builds_what_it_lacks_unless_the_load_goes_on(
    engine: sa.Engine, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(engine, 1)
    open_store(engine, loading=True)
    assert lacking(engine) == set(indexes._LAST)
    open_store(engine)
    assert lacking(engine) == set()


def test_a_load_goes_on_without_indexes_and_has_all_of_them_at_its_end(engine: sa.Engine, few: None) -> None:
    load(engine, 1)
    assert load(engine, 2) == 20 * 3
    assert lacking(engine) == set(indexes._LAST)
    assert set(build_each(engine)) == set(indexes._LAST)
    with engine.connect() as connection:
        assert [fault for check in verify(connection) for fault in check.faults] == []
        if engine.dialect.name == "postgresql":  # plans by what the tables hold
            assert connection.scalar(sa.text("SELECT reltuples FROM pg_class WHERE relname = 'observation'")) == FACTS
    assert list(build_each(engine)) == []


def test_few_facts_are_loaded_with_all_indexes(engine: sa.Engine, few: None) -> None:
    load(engine, 1, coming=999)
    assert lacking(engine) == set()
    load(engine, 2, coming=FACTS)  # most of them are there
    assert lacking(engine) == set()


def test_indexes_that_are_gone_already_are_not_dropped_again(engine: sa.Engine) -> None:
    drop_last(engine)
    drop_last(engine)
    assert lacking(engine) == set(indexes._LAST)
