"""Many rows at once are what the same rows are one by one, on both databases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db import bulk
from db.bulk import indexes_after, insert_alike, insert_many
from db.engine import make_engine, write
from db.schema import evidence, observation
from tests.stores import migrated

NAMES = ("area_id", "id", "org_unit_id", "indicator_id", "period_id", "dim_set_id", "source_kind", "ordinal", "value",
         "value_high", "unit", "qualifier", "obs_status", "import_id", "valid_from", "valid_to")  # fmt: skip
MOMENT = datetime(2026, 11, 28, 18, 0, 0, 1200)


def facts(count: int) -> list[tuple[Any, ...]]:
    """Rows that share much, with a text that must be quoted."""
    return [
        (7, n, 40 + n, 3, 2, 1, "sheet", 0, n / 7, None, "人'次\"?1 :a %s\\", "exact", "normal", 5, MOMENT,
         None if n % 2 else MOMENT)
        for n in range(1, count + 1)
    ]  # fmt: skip


def stored(engine: sa.Engine, table: sa.Table) -> list[Any]:
    with engine.connect() as connection:
        return [row._asdict() for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]


def one_by_one(engine: sa.Engine, rows: list[tuple[Any, ...]]) -> None:
    with write(engine) as connection:
        for row in rows:
            connection.execute(sa.insert(observation).values(dict(zip(NAMES, row, strict=True))))


@pytest.mark.parametrize("count", [0, 1, bulk._MANY, 3 * bulk._MANY])
def test_what_rows_share_is_stored_as_it_is(engine: sa.Engine, count: int) -> None:
    rows = facts(count)
    with write(engine) as connection:
        insert_many(connection, observation, NAMES, rows)
    together = stored(engine, observation)
    assert len(together) == count
    with write(engine) as connection:
        connection.execute(sa.delete(observation))
    one_by_one(engine, rows)
    assert together == stored(engine, observation)


def test_a_text_that_no_statement_holds_and_fractions_are_bound(tmp_path: Path) -> None:
    engine = make_engine(migrated(tmp_path / "s.sqlite3"))
    rows = [(1, n, 1, "表\0一", "x", "r", "1", 0.1 + 0.2) for n in range(bulk._MANY)]
    names = ("area_id", "observation_id", "source_file_id", "locator", "quote", "rule", "rule_version", "confidence")
    with write(engine) as connection:
        insert_many(connection, evidence, names, rows)
    assert {(row["locator"], row["confidence"]) for row in stored(engine, evidence)} == {("表\0一", 0.1 + 0.2)}


def test_a_number_stands_behind_a_text_as_far_as_the_column_goes(engine: sa.Engine) -> None:
    same = {"area_id": 4, "source_file_id": 1, "rule": "r", "rule_version": "1", "start": None}
    long = "表" * 198 + "!B"
    with write(engine) as connection:
        insert_alike(connection, evidence, same, ("observation_id", "quote", "confidence"),
                     [(1, "3", 0.9, 12), (2, "4", 0.9, 100003)], {"locator": long, "cell": "B"})  # fmt: skip
    rows = stored(engine, evidence)
    assert [row["cell"] for row in rows] == ["B12", "B100003"]
    assert [row["locator"] for row in rows] == [long[:200], long[:200]]


def indexes(engine: sa.Engine) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'").all()
        return {(name, sql) for name, sql in found}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> sa.Engine:
    """A store in which ten rows are many."""
    monkeypatch.setattr(bulk, "MOST_OF_STORE", 10)
    return make_engine(migrated(tmp_path / "s.sqlite3"))


@pytest.mark.parametrize(("coming", "held", "without"), [(9, 0, False), (10, 0, True), (20, 21, False), (21, 20, True)])
def test_indexes_are_built_after_rows_that_make_up_most_of_the_store(
    small: sa.Engine, coming: int, held: int, without: bool
) -> None:
    before = indexes(small)
    with write(small) as connection, indexes_after(connection, coming, held, observation, evidence):
        within = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'")}
        assert ("uq_observation_current" not in within) == without
        assert ("ix_evidence_source_file_id" not in within) == without
        assert "ix_rollup_unit" in within
        insert_many(connection, observation, NAMES, facts(coming))
    assert indexes(small) == before
    with small.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check('observation')").scalar() == "ok"


def test_a_cell_that_is_stated_twice_is_refused_with_indexes_built_after_too(small: sa.Engine) -> None:
    before = indexes(small)
    twice = [row for row in facts(12) if row[-1] is None]
    twice += [(row[0], row[1] + 100, *row[2:]) for row in twice]
    with (
        pytest.raises(sa.exc.IntegrityError),
        write(small) as connection,
        indexes_after(connection, 12, 0, observation),
    ):
        insert_many(connection, observation, NAMES, twice)
    assert indexes(small) == before
    assert stored(small, observation) == []
