"""What each page asks the store: its statements are caught while the page runs, then put again and timed alone.

`python -m tests.bench.page_sql URL` prints, as JSON, for each page and each kind of reader the number of statements and
the milliseconds they take in sum (each the shortest of several rounds, for other programs use the machine too): `cold` for the first reader after a change of the store,
`warm` for the next one.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.records_accounts import Role
from db.schema import evidence, observation, org_unit
from pages.ui import access, data, store
from tests.db.plans import Statement, caught

ROUNDS = 5
FRAME = Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py"


def milliseconds(connection: sa.Connection, statements: list[Statement]) -> list[float]:
    """Of each statement the shortest time from asking to the last row, by the driver alone."""
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()
    taken: list[list[float]] = [[] for _ in statements]
    for _ in range(ROUNDS):
        for place, (statement, parameters) in enumerate(statements):
            start = perf_counter()
            cursor.execute(statement, parameters)
            cursor.fetchall()
            taken[place].append(1000 * (perf_counter() - start))
    return [min(each) for each in taken]


def addresses(engine: sa.Engine, top: str) -> dict[str, dict[str, Any]]:
    """The pages that read facts, each with an address below a unit as people come to it."""
    with engine.connect() as connection:
        school = connection.scalar(
            sa.select(org_unit.c.id).where(org_unit.c.kind == "school", org_unit.c.path.startswith(top)).limit(1)
        )
        number = connection.scalar(
            sa.select(observation.c.id).where(observation.c.org_unit_id == school).order_by(observation.c.id).limit(1)
        )
        proof = sa.select(evidence.c.source_file_id).join_from(
            observation, evidence, sa.and_(evidence.c.area_id == observation.c.area_id, evidence.c.observation_id == observation.c.id)
        )  # fmt: skip
        file_id = connection.scalar(proof.where(observation.c.id == number))
    return {
        "overview": {}, "trends": {}, "districts": {}, "compare": {}, "school": {"unit": school}, "findings": {},
        "templates": {}, "upload": {}, "review": {}, "quality": {}, "evidence": {"obs": number},
        "evidence?doc": {"doc": file_id}, "evidence?list": {}, "catalogue": {},
    }  # fmt: skip


def visit(name: str, params: dict[str, Any]) -> list[Statement]:
    """What a page asks."""
    app = AppTest.from_file(str(FRAME), default_timeout=600)
    app.switch_page(f"{name.partition('?')[0]}.py")
    for key, value in params.items():
        app.query_params[key] = str(value)
    with caught(sa.Engine) as found:
        app.run()
    if app.exception:
        raise RuntimeError(f"{name}: {app.exception[0].message}")
    return found


def measured(url: str, scope: str = "") -> dict[str, dict[str, Any]]:
    """By page the statements and their time, for a reader of a scope (a path; "" sees everything)."""
    os.environ["EDU_DATABASE_URL"] = url
    access.look = lambda: access.Person("wangfang", "王芳", Role.ADMINISTRATOR, scope)
    found: dict[str, dict[str, Any]] = {}
    engine = make_engine(url)
    for name, params in addresses(engine, scope or "/").items():
        data.forget()
        cold = visit(name, params)
        warm = visit(name, params)
        with store.reading(scope) as connection:
            each = milliseconds(connection, cold)
            later = milliseconds(connection, warm)
        slowest = sorted(zip(each, cold, strict=True), key=lambda one: -one[0])[:3]
        found[name] = {
            "statements": len(cold), "cold": sum(each), "warm": sum(later),
            "slowest": [(round(ms, 2), statement[:2000]) for ms, (statement, _) in slowest],
        }  # fmt: skip
    engine.dispose()
    return found


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], *sys.argv[2:]), ensure_ascii=False))
