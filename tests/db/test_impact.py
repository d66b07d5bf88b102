"""Before a file takes the place of another, the store tells what would change and what rests on it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import write
from db.impact import impact
from db.records import Draft
from db.records_claims import Base, BaseKind, Claim, ClaimKind, Direction, Verdict
from db.records_impact import Impact
from db.records_review import Choice
from db.rulings import revoke, rule
from db.schema import observation, rollup
from db.store import save_import, save_in, undo_import, undo_in
from tests.db.makers import Fact, Place, report, sheet
from tests.db.reviewed import fact_of, take

PRI = "level=PRI"
OLD = [("n1a", 300), ("n2a", 200), ("q1a", 50)]
NEW = [("n1a", 310), ("n2a", 200), ("n1b", 80)]


def a_file(place: Place, values: list[tuple[str, float]], name: str = "秋季报表.xlsx") -> Draft:
    return sheet(place, [Fact(unit, "enrollment", value, PRI) for unit, value in values], name=name)


def told(engine: sa.Engine, draft: Draft, replaces: int | None = None) -> Impact:
    with engine.connect() as connection:
        return impact(connection, draft, replaces)


def stored(engine: sa.Engine, draft: Draft) -> int:
    return save_import(engine, draft, "甲").import_id or 0


def sums(found: Impact, place: Place) -> set[tuple[str, str, int]]:
    keys = {number: key for key, number in place.ids.items()}
    return {(keys[one.org_unit_id], one.indicator, one.cells) for one in found.sums if not one.rate}


def test_a_first_file_has_no_earlier_version(engine: sa.Engine, place: Place) -> None:
    found = told(engine, a_file(place, OLD))
    assert found.difference.count("new") == 3
    assert (found.earlier, found.left, found.discrepancies, found.rulings, found.claims, found.decisions) == ((),) * 6
    assert sums(found, place) == {
        ("N1", "enrollment", 1), ("N2", "enrollment", 1), ("N", "enrollment", 2), ("Q1", "enrollment", 1),
        ("Q", "enrollment", 1), ("C", "enrollment", 3),
    }  # fmt: skip


def test_a_corrected_file_says_what_it_no_longer_states(engine: sa.Engine, place: Place) -> None:
    number = stored(engine, a_file(place, OLD))
    stored(engine, a_file(place, [("q1a", 51)], "别的表.xlsx"))
    stored(engine, a_file(place, [("q1b", 7)], "秋季报表(更正).xlsx"))
    found = told(engine, a_file(place, NEW, "秋季报表(2).xlsx"))
    assert [(one.import_id - number, one.file_name, one.n_values) for one in found.earlier] == [
        (2, "秋季报表(更正).xlsx", 1), (0, "秋季报表.xlsx", 2),
    ]  # fmt: skip
    assert [found.difference.count(kind) for kind in ("same", "changed", "new")] == [1, 1, 1]
    assert [(one.org_unit_name, one.value) for one in found.left] == [("石塘镇幼儿园", 7)]
    assert sums(found, place) == {("N1", "enrollment", 2), ("N", "enrollment", 2), ("C", "enrollment", 2)}
    assert {one.indicator for one in found.sums if one.rate} >= {"dropout_rate"}
    assert next(one.name for one in found.sums if not one.rate) == "河口镇"


def test_replacing_counts_what_would_go(engine: sa.Engine, place: Place) -> None:
    number = stored(engine, a_file(place, OLD))
    found = told(engine, a_file(place, NEW), number)
    assert [(one.org_unit_name, one.value) for one in found.left] == [("石塘镇小学", 50)]
    assert ("Q", "enrollment", 1) in sums(found, place)
    assert told(engine, a_file(place, NEW)).left == found.left
    assert ("Q", "enrollment", 1) not in sums(told(engine, a_file(place, NEW)), place)


def test_an_undone_version_is_no_version(engine: sa.Engine, place: Place) -> None:
    undo_import(engine, stored(engine, a_file(place, OLD)), "甲")
    assert told(engine, a_file(place, NEW)).earlier == ()


def test_discrepancies_and_rulings_that_stand_on_a_value_are_told(engine: sa.Engine, place: Place) -> None:
    stored(engine, a_file(place, OLD))
    save_import(engine, report(place, [Fact("n1a", "enrollment", 333, PRI), Fact("n2a", "enrollment", 222, PRI)]), "甲")
    with engine.connect() as connection:
        both = queries.discrepancies(connection).set_index("told_value")["told_observation_id"]
    about, other = int(both[333.0]), int(both[222.0])
    rule(engine, about, Verdict.BOTH, "口径不同", "甲")
    rule(engine, other, Verdict.BOTH, "口径不同", "甲")
    found = told(engine, a_file(place, NEW))
    assert found.discrepancies == (about,)
    assert len(found.rulings) == 1
    revoke(engine, about, "甲")
    assert told(engine, a_file(place, NEW)).rulings == ()
    assert told(engine, a_file(place, [("q1a", 51)])).discrepancies == ()


def test_claims_about_a_value_and_the_sums_above_it_are_told(engine: sa.Engine, place: Place) -> None:
    stored(engine, a_file(place, OLD))
    draft = report(place, [Fact("C", "enrollment", 600, PRI)])
    proof = draft.observations[0].evidence
    claim = Claim(
        ClaimKind.COUNT, Direction.UP, None, "person", Base(BaseKind.PERIOD, "上年"), proof, "enrollment",
        {"level": "PRI"}, "SY2024", org_unit_id=place["C"],
    )  # fmt: skip
    save_import(engine, Draft(draft.source, draft.reading, draft.source_kind, claims=(claim,)), "甲")
    assert len(told(engine, a_file(place, NEW)).claims) == 1
    before = sheet(place, [Fact("n1a", "enrollment", 290, PRI, period="SY2023")])
    assert len(told(engine, before).claims) == 1
    assert told(engine, sheet(place, [Fact("n1a", "teachers", 20, PRI)])).claims == ()


def test_review_decisions_on_a_value_are_told(engine: sa.Engine, place: Place) -> None:
    save_import(engine, report(place, [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 200, PRI)]), "甲")
    take(engine, fact_of(engine, "300"), Choice.ACCEPT)
    corrected = report(place, [Fact("n1a", "enrollment", 301, PRI), Fact("n2a", "enrollment", 200, PRI)])
    assert len(told(engine, corrected).decisions) == 1
    assert told(engine, report(place, [Fact("n2a", "enrollment", 201, PRI)])).decisions == ()


@pytest.mark.parametrize("replacing", [False, True])
def test_what_is_told_is_what_happens(engine: sa.Engine, place: Place, replacing: bool) -> None:
    number = stored(engine, a_file(place, OLD))
    draft = a_file(place, NEW)
    replaces = number if replacing else None
    found = told(engine, draft, replaces)
    before = cells(engine)
    with write(engine) as connection:
        if replaces is not None:
            undo_in(connection, replaces, "甲")
        save_in(connection, draft, "甲")
    after = cells(engine)
    moved = {unit for unit, value in {**before, **after}.items() if before.get(unit) != after.get(unit)}
    inner = {place[key] for key in ("C", "N", "Q", "N1", "N2", "Q1")}
    assert {one.org_unit_id for one in found.sums if one.indicator == "enrollment"} == moved & inner
    assert found.difference.count("changed") == 1
    with engine.connect() as connection:
        standing = set(connection.scalars(sa.select(observation.c.id).where(observation.c.valid_to.is_(None))))
    assert {one.observation_id in standing for one in found.left} == {not replacing}


def cells(engine: sa.Engine) -> dict[int, float]:
    """The sums of 小学 pupils by unit."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.select(rollup.c.org_unit_id, sa.func.sum(rollup.c.value)).group_by(rollup.c.org_unit_id)
        )
        return {unit: value for unit, value in rows}  # noqa: C416
