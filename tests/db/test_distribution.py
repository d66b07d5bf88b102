"""A store on Citus says what one on SQLite says; one county's queries go to one node, sums are made where the rows lie.

Runs where EDU_TEST_CITUS_URL names a database on the coordinator of a Citus whose workers are registered in it."""

from __future__ import annotations

import dataclasses
import os
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from db.bulk_load import load_forms
from db.catalogue import load_catalogue
from db.distribution import DISTRIBUTED, distribute, undistributed
from db.engine import make_engine, write
from db.migrations import upgrade
from db.opening import open_store
from db.org import load_org_units, org_directory
from db.roles import role_faults
from db.schema import cell_count, metadata, observation, org_unit
from db.scope import ScopedReaders
from db.store import save_import, undo_import
from db.verify import verify
from etl.pipeline import draft_from_file
from etl.places import Directory
from tests.db.makers import Fact, load_place, sheet, snapshot
from tests.db.plans import caught
from tests.db.test_plans import PROVINCE, REPORT, Arguments, query_functions

GIVEN = os.environ.get("EDU_TEST_CITUS_URL", "")
pytestmark = [
    pytest.mark.citus,
    pytest.mark.skipif(not GIVEN, reason="EDU_TEST_CITUS_URL names no Citus coordinator (docs/scale.md says how)"),
]
OF_ONE_COUNTY = ("cells", "cells_page", "known_counts", "unreported")


def _alone(url: URL) -> sa.Engine:
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )


def _run(url: URL, *statements: str) -> list[Any]:
    with _alone(url).connect() as connection:
        return [connection.exec_driver_sql(one) for one in statements]


def _nodes(url: URL) -> Sequence[Any]:
    with _alone(url).connect() as connection:
        return connection.exec_driver_sql("SELECT nodename, nodeport, groupid FROM pg_dist_node ORDER BY groupid").all()


def _registered(nodes: Sequence[Any]) -> list[str]:
    names = ("citus_set_coordinator_host", "citus_add_node")
    return [f"SELECT {names[group > 0]}('{host}', {port})" for host, port, group in nodes]


@pytest.fixture(scope="module")
def new_database() -> Iterator[Any]:
    """Makes databases on all nodes; they are gone afterwards."""
    first, made = make_url(GIVEN), []
    nodes = _nodes(first)

    def make() -> str:
        name = f"edu_{uuid.uuid4().hex[:12]}"
        for host, port, _ in nodes:
            node = first.set(host=host, port=port)
            _run(node, f"CREATE DATABASE {name}")
            made.append(node.set(database=name))
            _run(made[-1], "CREATE EXTENSION citus")
        here = first.set(database=name)
        _run(here, *_registered(nodes))
        return here.render_as_string(hide_password=False)

    yield make
    for url in made:
        _run(url.set(database=first.database), f"DROP DATABASE {url.database} WITH (FORCE)")


def _filled(engine: sa.Engine) -> sa.Engine:
    list(load_forms(engine, PROVINCE.forms(), load_org_units(engine, PROVINCE.org_units), "样例"))
    with engine.connect() as connection:
        directory = Directory(org_directory(connection))
    save_import(engine, draft_from_file("总结.txt", REPORT.encode(), load_catalogue(), directory), "样例")
    return engine


@pytest.fixture(scope="module")
def citus(new_database: Any) -> Iterator[sa.Engine]:
    """A province on Citus."""
    engine = make_engine(new_database())
    upgrade(engine)
    yield _filled(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """The same province on SQLite."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('same') / 'store.sqlite3'}")
    upgrade(engine)
    yield _filled(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def arguments(sqlite: sa.Engine) -> Arguments:
    return Arguments(sqlite)


def test_an_upgrade_distributes_once(citus: sa.Engine) -> None:
    with citus.connect() as connection:
        kinds = dict(connection.exec_driver_sql("SELECT table_name::text, citus_table_type FROM citus_tables").all())
        assert {name for name, kind in kinds.items() if kind == "distributed"} == set(DISTRIBUTED)
        assert set(sa.inspect(connection).get_table_names()) - kinds.keys() == {"alembic_version"}
        assert undistributed(connection) == []
    with write(citus) as connection:
        distribute(connection)


def test_a_store_with_facts_is_distributed_when_citus_comes(new_database: Any) -> None:
    url = new_database()
    engine = make_engine(url)
    nodes = _nodes(make_url(url))
    _run(make_url(url), "SELECT citus_remove_node(nodename, nodeport) FROM pg_dist_node WHERE groupid > 0",
         "SELECT citus_remove_node(nodename, nodeport) FROM pg_dist_node", "DROP EXTENSION citus")  # fmt: skip
    open_store(engine)
    place = load_place(engine)
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 411, "level=PRI")]), "市")
    before = snapshot(engine)
    _run(make_url(url), "CREATE EXTENSION citus", *_registered(nodes))
    engine.dispose()
    open_store(engine)
    with engine.connect() as connection:
        assert undistributed(connection) == []
    for name, table in snapshot(engine).items():
        pd.testing.assert_frame_equal(before[name], table)
    engine.dispose()


def test_a_reader_role_is_refused(citus: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDU_READER_URL", citus.url.render_as_string(hide_password=False))
    assert [fault.refuses for fault in role_faults(citus)] == [True]


def test_verify_finds_nothing(citus: sa.Engine) -> None:
    with citus.connect() as connection:
        assert [fault for check in verify(connection) for fault in check.faults] == []


def _plain(value: Any) -> Any:
    """What a query gave, without the moments at which it was written."""
    if isinstance(value, pd.DataFrame):
        kept = [name for name in value.columns if not pd.api.types.is_datetime64_any_dtype(value[name])]
        return value[kept].astype(object).where(value[kept].notna(), None).to_dict("records")
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    return None if isinstance(value, datetime) else value


@pytest.mark.parametrize("name", sorted(query_functions()))
def test_every_query_gives_the_same(citus: sa.Engine, sqlite: sa.Engine, arguments: Arguments, name: str) -> None:
    function = query_functions()[name]
    with citus.connect() as there, sqlite.connect() as here:
        for call in arguments.calls(name, function):
            assert _plain(function(there, **call)) == _plain(function(here, **call)), call


@pytest.mark.parametrize("name", sorted(query_functions()))
def test_so_does_it_for_a_reader_of_one_county(
    citus: sa.Engine, sqlite: sa.Engine, arguments: Arguments, name: str
) -> None:
    function = query_functions()[name]
    readers = ScopedReaders(citus), ScopedReaders(sqlite)
    with readers[0].reading(arguments.scope) as there, readers[1].reading(arguments.scope) as here:
        for call in arguments.calls(name, function):
            assert _plain(function(there, **call)) == _plain(function(here, **call)), call
    for one in readers:
        one.close()


def _explained(engine: sa.Engine, name: str, call: dict[str, Any]) -> list[str]:
    """The plans of the statements that ask tables which are spread out."""
    with engine.connect() as connection:
        with caught(engine) as statements:
            query_functions()[name](connection, **call)
        plans = []
        for text, values in statements:
            if any(re.search(rf"\b{table}\b", text) for table in DISTRIBUTED):
                plans.append("\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {text}", values)))
    return plans


@pytest.mark.parametrize("name", OF_ONE_COUNTY)
def test_a_county_asks_one_node(citus: sa.Engine, arguments: Arguments, name: str) -> None:
    for call in list(arguments.calls(name, query_functions()[name]))[:1]:
        for plan in _explained(citus, name, call):
            assert set(re.findall(r"Task Count: (\d+)", plan)) <= {"1"}, plan
            assert "Distributed Subplan" not in plan, plan


def test_the_page_of_a_province_is_answered_where_the_rows_lie(citus: sa.Engine, arguments: Arguments) -> None:
    with citus.connect() as connection:
        counties = list(
            connection.scalars(sa.select(org_unit.c.id).where(org_unit.c.kind.in_(("province", "city", "county"))))
        )
    call = {**next(iter(arguments.calls("cells", query_functions()["cells"]))), "org_unit_ids": counties}
    for plan in _explained(citus, "cells", call):
        assert "Distributed Subplan" not in plan, plan


def test_sums_over_counties_are_made_on_each_node_first(citus: sa.Engine) -> None:
    sums = sa.select(cell_count.c.indicator_id, sa.func.sum(cell_count.c.n_schools)).where(cell_count.c.area_id != 0)
    by_county = sa.select(observation.c.area_id, sa.func.sum(observation.c.value)).group_by(observation.c.area_id)
    with citus.connect() as connection:
        for query in (sums.group_by(cell_count.c.indicator_id), by_county):
            text = str(query.compile(citus, compile_kwargs={"literal_binds": True}))
            plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {text}"))
            task = plan.index("->  Task")
            assert re.search(r"(Hash|Group)Aggregate", plan[task:]), plan


def _held(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in the tables that are spread out and in those of names, without the moments of writing."""
    with engine.connect() as connection:
        return {
            name: sorted(
                (tuple(row) for row in connection.execute(sa.select(*_lasting(metadata.tables[name])))), key=repr
            )
            for name in (*DISTRIBUTED, "indicator", "period", "dim_set", "org_unit")
        }


def _lasting(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if not isinstance(column.type, sa.DateTime)]


def test_an_import_and_its_undo_leave_what_was(citus: sa.Engine, sqlite: sa.Engine) -> None:
    text = "2025年岚海省教育工作总结\n霁坞霁垭县小学在校生23456人。\n"
    found = []
    for engine in (citus, sqlite):
        before = _held(engine)
        with engine.connect() as connection:
            directory = Directory(org_directory(connection))
        draft = draft_from_file("更正.txt", text.encode(), load_catalogue(), directory)
        stored = save_import(engine, draft, "样例")
        found.append((before, _held(engine)))
        undo_import(engine, stored.import_id, "样例")
        assert _held(engine)["rollup"] == before["rollup"]
        assert _held(engine)["cell_count"] == before["cell_count"]
    assert found[0][0]["rollup"] != found[0][1]["rollup"]
    for there, here in zip(*found, strict=True):
        for name in there:
            assert there[name] == here[name], name
