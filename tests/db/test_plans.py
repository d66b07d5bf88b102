"""No page reads the facts from end to end: every query function is run on a store with enough in it, and every statement
it makes is explained by the database. A new query function is found by itself; where it takes something unheard of, this
test says so."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

import db
from db import queries
from db.bulk_load import load_forms
from db.catalogue import load_catalogue
from db.engine import make_engine
from db.migrations import upgrade
from db.org import load_org_units, org_directory
from db.queries_api import CellsAsked, UnitsAsked
from db.records import OrgKind
from db.schema import evidence, import_batch, observation, org_unit, period
from db.scope import ScopedReaders
from db.store import save_import
from etl.pipeline import draft_from_file
from etl.places import Directory
from etl.samples import Province
from tests.db.conftest import new_database
from tests.db.plans import LARGE, caught, scanned

PROVINCE = Province(schools=1540, years=4, indicators=20)  # four counties, 123,000 facts
REPORT = """2025年岚海省教育工作总结
2025—2026学年初,霁坞霁垭县小学在校生12345人,比上年增加300人。云外县小学在校生4321人。某校巩固率为98.2%。
霁坞霁垭县义务教育巩固率为99.1%,比上年提高0.3个百分点。
"""
CE = "level=PRI"


def query_functions() -> dict[str, Callable[..., Any]]:
    """All that pages and programs read by: the public functions of db/queries*.py that take a connection."""
    found: dict[str, Callable[..., Any]] = {name: getattr(queries, name) for name in queries.__all__}
    for module in pkgutil.iter_modules(db.__path__, "db."):
        if module.name.startswith("db.queries_"):
            held = importlib.import_module(module.name)
            found |= {name: one for name, one in vars(held).items()
                      if not name.startswith("_") and getattr(one, "__module__", "") == module.name}  # fmt: skip
    return {
        name: one
        for name, one in found.items()
        if inspect.isfunction(one) and "connection" in inspect.signature(one).parameters
    }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A province, a report about it, and statistics for the planner."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('large') / 'store.sqlite3'}"
    else:
        url = new_database(request.getfixturevalue("postgres_server"))
    engine = make_engine(url)
    upgrade(engine)
    list(load_forms(engine, PROVINCE.forms(), load_org_units(engine, PROVINCE.org_units), "样例"))
    with engine.connect() as connection:
        directory = Directory(org_directory(connection))
    draft = draft_from_file("总结.txt", REPORT.encode(), load_catalogue(), directory)
    save_import(engine, draft, "样例")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    yield engine
    engine.dispose()


class Arguments:
    """Something for every parameter that a query function may have, by its name."""

    def __init__(self, engine: sa.Engine) -> None:
        with engine.connect() as connection:
            counties = sa.select(org_unit).where(org_unit.c.kind == "county").order_by(org_unit.c.id.desc())
            county = connection.execute(counties.limit(1)).one()  # the last one is small: 40 schools of 1540
            school = sa.select(org_unit.c.id).where(org_unit.c.kind == "school", org_unit.c.area_id == county.id)
            schools = list(connection.scalars(school.limit(20)))
            last = connection.scalar(sa.select(sa.func.max(import_batch.c.created_at)))
            number = connection.scalar(
                sa.select(observation.c.id).where(observation.c.org_unit_id == schools[0]).limit(1)
            )
            file_id = connection.scalar(sa.select(evidence.c.source_file_id).where(evidence.c.observation_id == number))
            codes = list(connection.scalars(sa.select(period.c.code).where(period.c.code != "")))
            directory = Directory(org_directory(connection))
        form = list(PROVINCE.forms())[-1][0]
        draft = draft_from_file("又一次.csv", form.source.content + b"\n", load_catalogue(), directory)
        self.scope = str(county.path)
        self.values: dict[str, Any] = {
            "org_unit_ids": (county.id, *schools), "org_unit_id": county.id, "root_id": county.id, "indicator": "enrollment",
            "indicators": ("enrollment", "boarder_share"), "indicator_code": "enrollment", "period": "SY2025",
            "periods": tuple(codes), "dims": CE, "observation_id": number, "observation_ids": (number,),
            "told_observation_id": number, "source_file_id": file_id, "finding_id": 1, "number": 1, "form": "school_basics",
            "series": (("enrollment", CE),), "since": last - timedelta(milliseconds=1), "at": datetime(2030, 1, 1), "limit": 5,
            "text": "小学", "value": 5.0, "draft": draft, "catalogue": load_catalogue(), "numbers": (1,), "import_id": 1,
            "sheet": "Sheet1", "addresses": ("A1", "B2", "R2C2"), "after": 0, "asked": UnitsAsked(county.id, below=True), "code": "B06", "confirmed_by": "张敏", "event": 1,
            "kind": OrgKind.SCHOOL, "period_code": "SY2025", "levels": ("PRI",), "indicator_codes": ("enrollment",),
            "area_ids": (county.id,), "path": tuple(int(step) for step in county.path.split("/") if step), "most": 5,
            "level": "PRI", "status": "active", "outside": True,
            "pairs": (("enrollment", "SY2025"), ("boarder_share", "SY2025"), ("enrollment", "SY2024")),
        }  # fmt: skip
        self.of = {
            "parts_of_rate": {"indicator": "boarder_share"},
            "cells_page": {"after": (0, 0), "asked": CellsAsked(("enrollment",), UnitsAsked(county.id, below=True))},
        }

    def calls(self, name: str, function: Callable[..., Any]) -> Iterator[dict[str, Any]]:
        """What to call it with: only what it must have, then all that it may have."""
        taken = [one for one in inspect.signature(function).parameters.values() if one.name != "connection"]
        held = {**self.values, **self.of.get(name, {})}
        unknown = [one.name for one in taken if one.name not in held]
        assert not unknown, f"{name} takes {unknown}: say in Arguments what to call it with"
        if name == "search_observations":  # nobody asks for just anything
            yield from (
                {"text": "小学"},
                {"text": "岚海省"},
                {"value": 1234.0},
                {"value": 1234.0, "indicator": "enrollment"},
            )
            return
        # Of all schools of a province everything is asked, which no plan can make less; of one county it must be little.
        must = {
            one.name: held[one.name] for one in taken if one.default is inspect.Parameter.empty or one.name == "root_id"
        }
        yield must
        if len(must) < len(taken):
            yield {one.name: held[one.name] for one in taken}


@pytest.fixture(scope="module")
def arguments(large: sa.Engine) -> Arguments:
    return Arguments(large)


def test_the_functions_are_found() -> None:
    assert {"cells", "periods", "history_of", "cells_page", "unreported", "changes"} <= set(query_functions())


@pytest.mark.parametrize("name", sorted(query_functions()))
def test_no_query_goes_through_a_large_table(large: sa.Engine, arguments: Arguments, name: str) -> None:
    function = query_functions()[name]
    with large.connect() as connection:
        for call in arguments.calls(name, function):
            with caught(large) as statements:
                function(connection, **call)
            assert statements
            found = {text: steps for text, values in statements if (steps := scanned(connection, (text, values)))}
            assert found == {}, f"{name}({', '.join(call)})"


@pytest.mark.parametrize("name", sorted(query_functions()))
def test_nor_does_it_for_a_reader_of_one_county(large: sa.Engine, arguments: Arguments, name: str) -> None:
    function = query_functions()[name]
    readers = ScopedReaders(large)
    with readers.reading(arguments.scope) as connection:
        for call in arguments.calls(name, function):
            with caught(connection.engine) as statements:
                function(connection, **call)
            found = {text: steps for text, values in statements if (steps := scanned(connection, (text, values)))}
            assert found == {}, f"{name}({', '.join(call)})"
    readers.close()


def test_a_query_that_goes_through_the_facts_is_seen(large: sa.Engine) -> None:
    with large.connect() as connection:
        for table in LARGE[:3]:
            text = f"SELECT COUNT(*) FROM {table} AS t WHERE 1 = 1"  # noqa: S608
            assert scanned(connection, (text, ())), table
