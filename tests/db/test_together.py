"""Several selects in one statement give what each gives alone."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from db import queries, together
from db.names import Names
from db.schema import import_batch, indicator, observation, org_unit, period
from db.store import save_import
from db.together import Asking, Unanswered, answers
from db.versions import noting, read_state
from tests.db.makers import YEAR, Fact, Place, report, sheet
from tests.db.plans import caught

PRI = "level=PRI"


@pytest.fixture(autouse=True)
def filled(engine: sa.Engine, place: Place) -> None:
    facts = [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 100.5, PRI)]
    save_import(engine, sheet(place, facts), "甲")
    save_import(engine, report(place, [Fact("n1a", "enrollment", "320", PRI)]), "乙")


SELECTS: list[Any] = [
    sa.select(org_unit.c.id, org_unit.c.name, org_unit.c.valid_to).order_by(org_unit.c.name.desc()),
    sa.select(period.c.code, indicator.c.code, period.c.start_date).join_from(period, indicator, indicator.c.id == 1),
    sa.select(observation.c.value, observation.c.numerator, observation.c.valid_from, observation.c.id).order_by(
        observation.c.value.desc()
    ),
    sa.select(sa.func.count(), sa.func.max(import_batch.c.created_at)).select_from(import_batch),
    sa.select(org_unit.c.name).where(org_unit.c.id == -1),
    sa.select(org_unit.c.id).order_by(org_unit.c.id.desc()).limit(3),
    sa.select(org_unit.c.id, sa.literal(True)).where(org_unit.c.name == sa.bindparam("name", "澄湖市")),
]


def test_each_answer_is_what_the_select_gives_alone(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        alone = [[tuple(row) for row in connection.execute(each)] for each in SELECTS]
        with caught(engine) as sent:
            found = answers(connection, SELECTS)
        assert len(sent) == 1
    assert found == alone
    kinds = [[type(value) for row in rows for value in row] for rows in found]
    assert kinds == [[type(value) for row in rows for value in row] for rows in alone]
    assert date(2023, 8, 31) in [row[2] for row in found[0]]


ASKED: list[Any] = [
    queries.imports, queries.documents, queries.discrepancies, queries.waiting_count, queries.periods, queries.dims_held,
    queries.review_documents, queries.claims, queries.org_units, queries.successions, queries.all_units, queries.upper_units,
    partial(queries.aliases, org_unit_ids=range(1, 12)), partial(queries.units_at, org_unit_ids=[3, 9]),
    partial(queries.recent_changes, limit=5), partial(queries.document, source_file_id=2),
    partial(queries.document_rejected, source_file_id=2), partial(queries.decided, source_file_id=2),
    partial(queries.observation, observation_id=1), partial(queries.history, observation_id=1),
    partial(queries.cells, indicators=["enrollment"], org_unit_ids=[1, 2, 7, 9]),
    partial(queries.reporting, pairs=[("enrollment", YEAR)]), partial(queries.findings, root_id=1),
    partial(queries.unreported, form="school_basics", period=YEAR, root_id=1),
    partial(queries.contributions, indicator="enrollment", period=YEAR, dims=PRI, org_unit_id=2),
    partial(queries.files_of_unit, org_unit_id=7), partial(queries.document_issues, source_file_id=2),
    partial(queries.document_observations, source_file_id=2), partial(queries.notes, indicator="enrollment"),
]  # fmt: skip


def same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
        return True
    return bool(one == other)


def test_functions_asked_together_give_what_they_give_alone_in_few_statements(engine: sa.Engine) -> None:
    with engine.connect() as connection, Names().lent(connection, read_state(connection)):
        alone = [ask(connection) for ask in ASKED]
    found: dict[int, Any] = {}
    with engine.connect() as connection, Names().lent(connection, read_state(connection)):
        asking = Asking(connection)

        def ask(number: int) -> None:
            if number not in found:
                found[number] = ASKED[number](asking)

        with caught(engine) as sent:
            asking.all_of([partial(ask, number) for number in range(len(ASKED))])
    assert [n for n in range(len(ASKED)) if not same(alone[n], found[n])] == []
    assert len(sent) <= 5


def test_too_many_values_are_sent_in_parts_and_a_fault_of_one_leaves_the_others(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST_VALUES", 10)
    found = []
    with engine.connect() as connection, noting(connection) as tables:
        asking = Asking(connection)

        def ask(first: int) -> None:
            ids = list(range(first, first + 6))
            found.append(len(asking.scalars(sa.select(org_unit.c.id).where(org_unit.c.id.in_(ids))).all()))

        def fail() -> None:
            raise ValueError

        with caught(engine) as sent:
            asking.all_of([partial(ask, 1), fail, partial(ask, 7)])
        with pytest.raises(Unanswered):
            asking.execute(sa.select(period.c.id))
    assert found == [6, 6]
    assert len(sent) == 2
    assert "org_unit" in tables


def test_what_asks_another_thing_each_time_is_left_alone(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        numbers = iter(range(1000))

        def restless(asking: Any) -> int:
            return int(asking.scalar(sa.select(org_unit.c.id).where(org_unit.c.id > -next(numbers)).limit(1)))

        with caught(engine) as sent:
            assert together.at_once(connection, restless, lambda asking: asking.scalar(sa.select(sa.literal(7)))) == [
                1,
                7,
            ]
    assert len(sent) <= together.MOST_ROUNDS + 1


def test_functions_that_do_not_wait_for_one_another_ask_at_once(engine: sa.Engine) -> None:
    def both(connection: Any) -> list[Any]:
        return together.several(
            lambda: connection.scalar(sa.select(sa.func.count()).select_from(org_unit)),
            lambda: connection.scalar(sa.select(sa.func.count()).select_from(period)),
        )

    with engine.connect() as connection, caught(engine) as sent:
        alone = both(connection)
        assert together.at_once(connection, both) == [alone]
    assert len(sent) == 3
