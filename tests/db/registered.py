"""Two years of pupils in the small city, and what tests ask of its units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from db import audit, queries
from db.org import org_directory
from db.records import OrgKind, OrgStatus, OrgUnit, ProposedUnit
from db.records_org import (
    Asked,
    NewUnit,
)
from db.schema import org_unit, rollup
from db.store import save_import
from db.verify import verify
from tests.db.makers import Fact, Place, sheet, value_of

PRI = "level=PRI"
OLD_YEAR, YEAR = "SY2023", "SY2024"
DAY = date(2024, 9, 1)  # the first of SY2024
BEFORE = {"n1a": 300, "n2a": 200, "q1a": 90}
NEW = ProposedUnit("?河口镇新城小学", "河口镇新城小学", OrgKind.SCHOOL, OrgStatus.PROPOSED)


def fill(engine: sa.Engine, place: Place) -> sa.Engine:
    """Two years of pupils; the second has ten more at each school."""
    facts = [Fact(unit, "enrollment", n, PRI, OLD_YEAR) for unit, n in BEFORE.items()]
    facts += [Fact(unit, "enrollment", n + 10, PRI, YEAR) for unit, n in BEFORE.items()]
    save_import(engine, sheet(place, facts), "甲")
    return engine


def unit(engine: sa.Engine, number: int) -> OrgUnit:
    with engine.connect() as connection:
        return next(one for one in org_directory(connection) if one.id == number)


def kinds(engine: sa.Engine, number: int) -> list[str]:
    with engine.connect() as connection:
        return [one.kind.value for one in queries.unit_changes(connection, org_unit_id=number)]


def pupils(engine: sa.Engine, place: Place, unit: str, period: str) -> float | None:
    return value_of(engine, place, unit, "enrollment", PRI, period).get("value")


def assert_sound(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert [(check.name, check.faults) for check in verify(connection) if check.faults] == []


def everything(engine: sa.Engine) -> tuple[Any, ...]:
    with engine.connect() as connection:
        tables = (sa.select(org_unit).order_by(org_unit.c.id), sa.select(rollup).order_by(*rollup.primary_key))
        rows = [tuple(map(tuple, connection.execute(query))) for query in tables]
        return (*rows, len(queries.unit_changes(connection)), len(audit.events(connection)))


def new(**given: Any) -> Callable[[Place], Asked]:
    def made(place: Place) -> Asked:
        fields = {
            "name": "桥头小学",
            "kind": OrgKind.SCHOOL,
            "parent": "N1",
            "valid_from": DAY,
            "level": "PRI",
            **given,
        }
        return NewUnit(parent_id=place[fields.pop("parent")], **fields)

    return made
