"""A large draft is compared with the store by columns; the result is that of comparing every observation."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db.book import read_facts
from db.catalogue import load_catalogue
from db.engine import make_engine
from db.impact import impact
from db.migrations import upgrade
from db.observed import chosen, columns_in, distinct, of_units, outside_columns, proposed_in, units_in
from db.org import load_org_units, org_directory
from db.queries_history import history_of
from db.records import Block, Draft, Grid, OrgKind, OrgUnitInput, Reading, SourceFile, dims_key
from db.schema import indicator, metadata
from db.school_cells import Facts
from db.store import compare, save_import, undo_import
from etl.pipeline import draft_from_reading, with_history
from etl.places import Directory
from etl.sheets import bulk
from tests.db.conftest import new_database
from tests.etl.test_quiet import FAULTS, HEAD, schools, sheet, table
from tests.stores import migrated

SCHOOLS = 200


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    made = make_engine(migrated(tmp_path / "store.sqlite3"))
    with_units(made)
    return made


def with_units(made: sa.Engine) -> None:
    above = [
        ("p", None, OrgKind.PROVINCE, "甲省"),
        ("c", "p", OrgKind.CITY, "甲市"),
        ("x", "c", OrgKind.COUNTY, "榆湾县"),
    ]
    load_org_units(made, [
        *(OrgUnitInput(*one) for one in above),
        *(OrgUnitInput(code, "x", OrgKind.SCHOOL, name, code) for code, name in schools(SCHOOLS)),
    ])  # fmt: skip


def draft_of(engine: sa.Engine, grid: Grid, sha: str) -> Draft:
    with engine.connect() as connection:
        directory = Directory(org_directory(connection))
    reading = Reading("x", blocks=(Block(0, "grid", grid.sheet, grid=grid),))
    return draft_from_reading(SourceFile(f"{sha}.xlsx", b"x", sha * 64, "x"), reading, load_catalogue(), directory)


def years(grid: Grid, title: str) -> Grid:
    return replace(grid, cells=((title, *grid.cells[0][1:]), *grid.cells[1:]))


def _nothing(engine: sa.Engine) -> None:
    """Nothing is stored."""


def _last_year(engine: sa.Engine) -> None:
    grid = years(sheet(HEAD, table(random.Random(8), SCHOOLS)), "榆湾县2024—2025学年初小学基本情况统计表")
    assert save_import(engine, replace(draft_of(engine, grid, "1"), issues=()), "甲").outcome == "stored"


def _some_of_it(engine: sa.Engine) -> None:
    rows = table(random.Random(1), SCHOOLS)[30:60]
    rows[3][3] = 7.0
    assert save_import(engine, replace(draft_of(engine, sheet(HEAD, rows), "2"), issues=()), "甲").outcome == "stored"


def _strangers_of_last_year(engine: sa.Engine) -> None:
    rows = table(random.Random(8), SCHOOLS)
    FAULTS["many unknown places"][0](random.Random(1), rows)
    grid = years(sheet(HEAD, rows[:60]), "榆湾县2024—2025学年初小学基本情况统计表")
    assert save_import(engine, replace(draft_of(engine, grid, "4"), issues=()), "甲").outcome == "stored"


def _strangers_of_this_year(engine: sa.Engine) -> None:
    rows = table(random.Random(8), SCHOOLS)
    FAULTS["many unknown places"][0](random.Random(1), rows)
    assert (
        save_import(engine, replace(draft_of(engine, sheet(HEAD, rows[:40]), "5"), issues=()), "甲").outcome == "stored"
    )


def _both(engine: sa.Engine) -> None:
    _last_year(engine)
    _some_of_it(engine)


@pytest.mark.parametrize(
    ("store", "fault"),
    [
        *product((_nothing, _last_year, _some_of_it, _both), ("none", "blanks", "everything")),
        *product((_nothing, _strangers_of_last_year, _strangers_of_this_year), ("many unknown places",)),
    ],
)
def test_by_columns_and_one_by_one(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, store: Callable[[sa.Engine], None], fault: str
) -> None:
    store(engine)
    chance = random.Random(1)
    rows = table(chance, SCHOOLS)
    for put in FAULTS[fault]:
        put(chance, rows)
    monkeypatch.setattr(bulk, "LONG", 100)
    quick = draft_of(engine, sheet(HEAD, rows), "3")
    full = replace(quick, observations=tuple(quick.observations))
    held = (*columns_in(quick.observations), *proposed_in(quick.observations))
    assert sum(len(one.numbers) for one in held) > len(full.observations) / 2
    catalogue = load_catalogue()
    with engine.connect() as connection:
        histories = [history_of(connection, one, catalogue) for one in (quick, full)]
        impacts = [impact(connection, one) for one in (quick, full)]
        differences = [compare(connection, one) for one in (quick, full)]
    assert histories[0] == histories[1]
    told = [with_history(one, histories[0], catalogue).issues for one in (quick, full)]
    assert told[0] == told[1]
    for some in ([one.difference for one in impacts], differences):
        for kind in ("new", "same", "changed"):
            assert some[0].count(kind) == some[1].count(kind)
        changed = [[one for one in each.changes if one.kind == "changed"] for each in some]
        assert sorted(map(repr, changed[0])) == sorted(map(repr, changed[1]))
        assert some[0].missing == some[1].missing
    empty = impacts[1].difference
    assert replace(impacts[0], difference=empty) == replace(impacts[1], difference=empty)


def test_columns_hold_what_they_stand_for(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LONG", 100)
    rows = table(random.Random(1), SCHOOLS)
    FAULTS["everything"][2](random.Random(1), rows)
    held = draft_of(engine, sheet(HEAD, rows), "3").observations
    each = list(held)
    assert distinct(held) == {(one.indicator, one.period, dims_key(one.dims)) for one in each}
    assert units_in(held) == {(one.org_unit_id, one.proposed_key) for one in each}
    for column in columns_in(held):
        for unit, number in zip(column.org_unit_ids.tolist(), column.numbers.tolist(), strict=True):
            one = each[number]
            assert (one.indicator, one.period, one.dims) == (column.indicator, column.period, column.dims)
            assert (one.org_unit_id, one.unit) == (unit, column.unit)
        for cell, row, number in zip(column.cells.tolist(), column.rows.tolist(), column.numbers.tolist(), strict=True):
            value, proof = each[number].value, each[number].evidence
            assert (float(value or 0), proof.quote) == column.said(cell)
            assert proof.cell == f"{column.letters}{row}"
            assert proof == replace(column.proof, quote=proof.quote, cell=proof.cell, locator=proof.locator)
    for column in proposed_in(held):
        for place, number in zip(column.org_unit_ids.tolist(), column.numbers.tolist(), strict=True):
            assert (each[number].org_unit_id, each[number].proposed_key) == (None, column.keys[place])
    columns = (*columns_in(held), *proposed_in(held))
    standing = {number for column in columns for number in column.numbers.tolist()}
    assert list(outside_columns(held)) == [one for number, one in enumerate(each) if number not in standing]
    some = {each[-1].org_unit_id or 0, each[-200].org_unit_id or 0}
    assert [one.org_unit_id for one in chosen(held, of_units(held, some)) if one.org_unit_id in some] == [
        one.org_unit_id for one in each if one.org_unit_id in some
    ]


@pytest.mark.parametrize(
    ("store", "fault"),
    [
        *product((_nothing, _some_of_it, _both), ("none", "everything")),
        *product((_nothing, _strangers_of_last_year, _strangers_of_this_year), ("many unknown places",)),
    ],
)
def test_stored_by_columns_and_one_by_one(
    engine: sa.Engine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    store: Callable[[sa.Engine], None],
    fault: str,
) -> None:
    """Every row of every table is the same, numbers and proofs too; and undoing leaves the same."""
    store(engine)
    monkeypatch.setattr(bulk, "LONG", 100)
    monkeypatch.setattr("db.fresh.AT_ONCE", 700)  # in several goes
    monkeypatch.setattr("db.bulk.MOST_OF_STORE", 700)  # the indexes of an empty store after the rows
    chance = random.Random(1)
    rows = table(chance, SCHOOLS)
    for put in FAULTS[fault]:
        put(chance, rows)
    rows[40][3] = 12.25
    quick = replace(draft_of(engine, sheet(HEAD, rows), "3"), issues=())
    assert columns_in(quick.observations)
    copy = tmp_path / "copy.sqlite3"
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
    for module in ("store", "discrepancies"):
        monkeypatch.setattr(f"db.{module}.moment", lambda: datetime(2026, 1, 2))
    other = make_engine(f"sqlite:///{copy}")
    results = [
        save_import(engine, quick, "甲"),
        save_import(other, replace(quick, observations=tuple(quick.observations)), "甲"),
    ]
    assert results[0] == results[1]
    assert results[0].outcome == "stored"
    assert results[0].new > SCHOOLS
    assert contents(engine) == contents(other)
    for each in (engine, other):
        assert undo_import(each, results[0].import_id or 0, "甲") == results[0].new + results[0].changed
    assert contents(engine) == contents(other)


@pytest.mark.parametrize("fault", ["none", "everything"])
def test_postgresql_stores_the_columns_that_sqlite_stores(
    engine: sa.Engine, postgres_server: str, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    other = make_engine(new_database(postgres_server))
    upgrade(other)
    with_units(other)
    monkeypatch.setattr(bulk, "LONG", 100)
    monkeypatch.setattr("db.fresh.AT_ONCE", 700)
    for module in ("store", "discrepancies"):
        monkeypatch.setattr(f"db.{module}.moment", lambda: datetime(2026, 1, 2))
    chance = random.Random(1)
    rows = table(chance, SCHOOLS)
    for put in FAULTS[fault]:
        put(chance, rows)
    results = []
    for each in (engine, other):
        _some_of_it(each)
        draft = replace(draft_of(each, sheet(HEAD, rows), "3"), issues=())
        assert columns_in(draft.observations)
        results.append(save_import(each, draft, "甲"))
    assert results[0] == results[1]
    assert results[0].new > SCHOOLS
    kept = [contents(each) for each in (engine, other)]
    other.dispose()
    for name in ("observation", "evidence", "rollup", "cell_count", "import_batch", "restatement"):
        assert kept[0][name] == kept[1][name], name


def test_sums_of_what_an_import_brings_alone_read_nothing_back(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LONG", 100)
    rows = table(random.Random(1), SCHOOLS)
    draft = replace(draft_of(engine, sheet(HEAD, rows), "3"), issues=())
    about = {one.indicator for one in columns_in(draft.observations)}
    about -= {one.indicator for one in outside_columns(draft.observations)}
    asked: list[int] = []

    def read(*args: Any) -> Facts:
        facts = read_facts(*args)
        asked.extend(facts.indicator.tolist())
        return facts

    monkeypatch.setattr("db.book.read_facts", read)
    assert save_import(engine, draft, "甲").outcome == "stored"
    assert about
    assert not {_codes(engine)[number] for number in asked} & about


def _codes(engine: sa.Engine) -> dict[int, str]:
    with engine.connect() as connection:
        return {row.id: row.code for row in connection.execute(sa.select(indicator))}


def contents(engine: sa.Engine) -> dict[str, list[str]]:
    """The rows of all tables that an import writes to, without the times of the audit."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in metadata.tables.values()
            if not table.name.startswith("audit")
        }
