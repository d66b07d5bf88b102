"""The province for loads: written straight into the store, it holds what an import of its files would bring."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.bulk_load import load_forms
from db.catalogue import load_catalogue
from db.engine import StoreError, make_engine
from db.migrations import upgrade
from db.org import load_org_units, org_directory
from db.schema import (
    cell_count,
    dim_set,
    evidence,
    import_batch,
    indicator,
    metadata,
    observation,
    org_unit,
    period,
    rollup,
)
from db.store import save_import
from db.verify import verify
from etl.pipeline import draft_from_file
from etl.places import Directory
from etl.samples import Province
from etl.samples.province import MEASURES, STAGES
from etl.sandbox import read_safely
from tests.db.conftest import new_database

SMALL = Province(schools=40, years=2, indicators=len(MEASURES))
FACTS = 40 * 2 * len(MEASURES)


def load(engine: sa.Engine, province: Province) -> int:
    ids = load_org_units(engine, province.org_units)
    coming = province.schools * province.years * province.indicators
    return sum(step.facts for step in load_forms(engine, province.forms(), ids, "样例", coming))


def facts(engine: sa.Engine) -> set[tuple[object, ...]]:
    """Every fact with its proof, in words."""
    columns = (org_unit.c.code, indicator.c.code, period.c.code, dim_set.c.key, observation.c.value, observation.c.unit,
               observation.c.qualifier, observation.c.obs_status, observation.c.source_kind, evidence.c.quote,
               evidence.c.sheet, evidence.c.cell, evidence.c.locator, evidence.c.rule, evidence.c.rule_version)  # fmt: skip
    query = (
        sa.select(*columns)
        .join_from(observation, org_unit, observation.c.org_unit_id == org_unit.c.id)
        .join(indicator, observation.c.indicator_id == indicator.c.id)
        .join(period, observation.c.period_id == period.c.id)
        .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
        .join(evidence, sa.and_(evidence.c.area_id == observation.c.area_id, evidence.c.observation_id == observation.c.id))
    )  # fmt: skip
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(query)}


def derived(engine: sa.Engine) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Rollups and counts without the numbers of observations."""
    with engine.connect() as connection:
        names = [one for one in rollup.c if "observation_id" not in one.name and one is not rollup.c.dim_set_id]
        rows = connection.execute(sa.select(dim_set.c.key, *names).where(dim_set.c.id == rollup.c.dim_set_id))
        return {tuple(row) for row in rows}, {
            tuple(row) for row in connection.execute(sa.select(cell_count.c.n_schools))
        }


def test_it_holds_what_an_import_of_its_files_brings(
    engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert load(engine, SMALL) == FACTS
    by_hand = make_engine(f"sqlite:///{tmp_path_factory.mktemp('hand') / 'store.sqlite3'}")
    upgrade(by_hand)
    load_org_units(by_hand, SMALL.org_units)
    with by_hand.connect() as connection:
        directory = Directory(org_directory(connection))
    for forms in SMALL.forms():
        for form in forms:
            assert read_safely(form.source.name, form.source.content) == form.reading
            draft = draft_from_file(form.source.name, form.source.content, load_catalogue(), directory)
            assert not draft.blocked
            assert save_import(by_hand, draft, "手工").new == form.size
    assert facts(engine) == facts(by_hand)
    assert derived(engine) == derived(by_hand)


def test_the_store_is_in_order_afterwards(engine: sa.Engine) -> None:
    load(engine, SMALL)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.sum(import_batch.c.n_new))) == FACTS
        report = list(verify(connection))
    assert [fault for check in report for fault in check.faults] == []


def test_the_same_load_again_adds_nothing(engine: sa.Engine) -> None:
    load(engine, SMALL)
    held = facts(engine)
    assert load(engine, SMALL) == 0
    assert facts(engine) == held


def test_a_load_that_was_cut_off_goes_on(engine: sa.Engine) -> None:
    two_counties = Province(schools=520, years=1, indicators=2)
    ids = load_org_units(engine, two_counties.org_units)
    list(load_forms(engine, islice(two_counties.forms(), 1), ids, "样例"))
    assert load(engine, two_counties) == 20 * 2
    assert len(facts(engine)) == 520 * 2


def test_another_load_into_the_same_counties_is_refused(engine: sa.Engine) -> None:
    load(engine, SMALL)
    with pytest.raises(StoreError, match="请换一个空库"):
        load(engine, Province(schools=40, years=2, indicators=3))
    assert len(facts(engine)) == FACTS


def test_more_years_and_measures_change_none_of_the_others() -> None:
    few = {form.source.name: form for forms in Province(600, 1, 4).forms() for form in forms}
    many = {form.source.name: form for forms in Province(600, 3, 25).forms() for form in forms}
    for name, form in few.items():
        assert [row[:4] for row in many[name].values] == [list(row) for row in form.values]


def test_its_numbers_are_like_those_of_schools() -> None:
    at = {heading: n for n, (heading, *_) in enumerate(MEASURES)}
    forms = [form for forms in Province(2000, 2, len(MEASURES)).forms() for form in forms]
    for stage in STAGES:
        rows = [row for form in forms if stage.name in form.source.name for row in form.values]
        pupils, teachers, girls, boarders = (
            sum(row[at[name]] for row in rows) for name in ("在校生数", "专任教师数", "其中:女生数", "寄宿生数")
        )
        assert 0.7 < pupils / teachers / stage.to_teacher < 1.1
        assert 0.45 < girls / pupils < 0.5
        assert 0.5 < boarders / pupils / stage.boarding < 1.5
        assert all(0 <= row[at["其中:女生数"]] <= row[at["在校生数"]] for row in rows)
        assert all(row[at["持健康证从业人员数"]] <= row[at["食堂从业人员数"]] for row in rows)


def everything(engine: sa.Engine) -> dict[str, list[str]]:
    """All that a store holds, except moments and what they are part of (the log)."""
    found = {}
    with engine.connect() as connection:
        for table in (one for one in metadata.sorted_tables if one.name != "audit_event"):
            columns = [column for column in table.columns if not isinstance(column.type, sa.DateTime)]
            rows = connection.execute(sa.select(*columns)) if columns else ()
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found


def test_postgresql_holds_what_sqlite_holds(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every column of every table, numbers of rows and observations too, loaded without indexes on both."""
    monkeypatch.setattr("db.bulk_load.MOST_OF_STORE", 1)
    stores = []
    for url in (f"sqlite:///{tmp_path / 'other.sqlite3'}", new_database(postgres_server)):
        made = make_engine(url)
        upgrade(made)
        assert load(made, SMALL) == FACTS
        stores.append(everything(made))
        made.dispose()
    assert stores[0].keys() == stores[1].keys()
    for name, rows in stores[0].items():
        assert stores[1][name] == rows, name
    assert len(stores[0]["observation"]) == len(stores[0]["evidence"]) == FACTS
