"""What each import, undoing and ruling added to a number: the steps lead exactly from the old value to the new one."""

from __future__ import annotations

import random
from datetime import datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from db import changes as told
from db import queries
from db.engine import moment
from db.records_claims import Verdict
from db.rulings import rule
from db.store import save_import, undo_import
from tests.db.makers import Fact, Place, report, sheet
from tests.db.test_known import CODES, STEPS, one_step
from tests.depth import seeds

PRI, KG, ALL = "level=PRI", "level=KG", "level=ALL"
Place3 = tuple[str, str, str]


def changes(engine: sa.Engine, place: Place, since: datetime, *series: told.Series, unit: str = "C") -> pd.DataFrame:
    with engine.connect() as connection:
        return told.changes(connection, series=list(series), org_unit_id=place[unit], since=since)


def rate(unit: str, top: int, base: int, dims: str = PRI) -> Fact:
    return Fact(unit, "dropout_rate", round(100 * top / base, 2), dims, numerator=top, denominator=base)


def put(engine: sa.Engine, place: Place, *facts: Fact, name: str = "报表.xlsx") -> int:
    return save_import(engine, sheet(place, facts, name), "甲").import_id or 0


def steps(frame: pd.DataFrame) -> list[tuple[str, str, float, float]]:
    return [
        (row.kind, row.cause, row.added_numerator, row.added_denominator)
        for row in frame[frame["step"] > 0].itertuples()
    ]


def test_late_schools_corrections_and_withdrawals_are_told_apart(engine: sa.Engine, place: Place) -> None:
    put(engine, place, rate("n1a", 2, 100), rate("n2a", 1, 200), name="甲表.xlsx")
    since = moment()
    put(engine, place, rate("n1a", 5, 110), rate("q1a", 3, 100), name="乙表.xlsx")
    third = put(engine, place, rate("n2b", 4, 90), name="丙表.xlsx")
    undo_import(engine, third, "丁")
    found = changes(engine, place, since, ("dropout_rate", PRI))
    assert steps(found) == [
        ("file", "late", 3, 100),
        ("file", "corrected", 3, 10),
        ("file", "late", 4, 90),
        ("undone", "withdrawn", -4, -90),
    ]
    first, last = found.iloc[0], found.iloc[-1]
    assert (first["kind"], first["value"], first["numerator"]) == ("start", 1.0, 3)
    assert (last["numerator"], last["denominator"]) == (9, 410)
    assert last["value"] - first["value"] == pytest.approx(found["added_value"].sum())
    assert found["unit_ids"].tolist() == [
        (), (place["q1a"],), (place["n1a"],), (place["n2b"],), (place["n2b"],)
    ]  # fmt: skip
    assert found["user"].tolist()[1:] == ["甲", "甲", "甲", "丁"]
    assert found["file_name"].tolist()[1:3] == ["乙表.xlsx", "乙表.xlsx"]


def test_the_first_reports_of_a_period_begin_at_nothing(engine: sa.Engine, place: Place) -> None:
    since = moment()
    put(engine, place, Fact("n1a", "enrollment", 300, PRI), Fact("q1a", "enrollment", 50, PRI))
    found = changes(engine, place, since, ("enrollment", PRI))
    assert found["cause"].tolist() == ["start", "first"]
    assert found["added_value"].tolist()[1:] == [350]
    assert pd.isna(found["value"][0])


def test_what_a_county_states_itself_is_no_school(engine: sa.Engine, place: Place) -> None:
    save_import(engine, report(place, [Fact("N", "enrollment", 900, PRI)], "汇报.txt"), "甲")
    since = moment()
    save_import(engine, report(place, [Fact("N", "enrollment", 950, PRI)], "汇报更正.txt"), "甲")
    found = changes(engine, place, since, ("enrollment", PRI))
    assert found["cause"].tolist() == ["start", "other"]
    assert found["unit_ids"].tolist()[1] == (place["N"],)
    assert found["added_value"].tolist()[1] == 50


def test_a_ruling_is_a_step_of_its_own(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI))
    save_import(engine, report(place, [Fact("n1a", "enrollment", 320, PRI)], "总结.txt"), "乙")
    since = moment()
    with engine.connect() as connection:
        [number] = queries.discrepancies(connection)["told_observation_id"]
    rule(engine, int(number), Verdict.TOLD, "核对过原始记录", "丙")
    found = changes(engine, place, since, ("enrollment", PRI))
    assert found[["kind", "cause", "user"]].to_numpy().tolist()[1:] == [["ruling", "ruling", "丙"]]
    assert found["value"].tolist() == [300, 320]


def test_a_ruling_ends_when_its_words_go_over_to_a_document_that_was_corrected(engine: sa.Engine, place: Place) -> None:
    first = put(engine, place, Fact("n1a", "enrollment", 300, PRI), name="甲.xlsx")
    put(engine, place, Fact("n1a", "enrollment", 300, PRI), Fact("q1b", "enrollment", 50, KG), name="乙.xlsx")
    put(engine, place, Fact("n1a", "enrollment", 310, PRI), name="丙.xlsx")
    put(engine, place, Fact("n1a", "enrollment", 320, PRI), name="乙(2).xlsx")
    with engine.connect() as connection:
        found = queries.discrepancies(connection)
    number = found.loc[found["told_value"] == 300, "told_observation_id"].iloc[0]
    rule(engine, int(number), Verdict.TOLD, "核对过原始记录", "丙")
    since = moment()
    undo_import(engine, first, "丁")
    told = changes(engine, place, since, ("enrollment", PRI))
    assert told[["kind", "user", "value"]].to_numpy().tolist() == [["start", "", 300], ["undone", "丁", 320]]


def test_steps_that_change_nothing_are_left_out(engine: sa.Engine, place: Place) -> None:
    put(engine, place, rate("n1a", 2, 100))
    since = moment()
    put(engine, place, rate("q1b", 1, 50, KG), name="乙表.xlsx")
    assert changes(engine, place, since, ("dropout_rate", PRI), ("no_such_code", PRI)).empty
    assert changes(engine, place, since, ("dropout_rate", KG))["kind"].tolist() == ["start", "file"]


def test_a_period_that_begins_is_one_step(engine: sa.Engine, place: Place) -> None:
    since = moment()
    put(engine, place, rate("n1a", 2, 100), name="甲表.xlsx")
    put(engine, place, rate("q1a", 1, 50), name="乙表.xlsx")
    found = changes(engine, place, since, ("dropout_rate", PRI))
    assert found[["kind", "cause", "n_events"]].to_numpy().tolist() == [["start", "start", 0], ["several", "first", 2]]
    assert found["denominator"].tolist()[1] == 150


def test_many_steps_are_told_as_one_and_the_last_ones(
    engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "MOST", 3)
    put(engine, place, Fact("n1a", "enrollment", 299, PRI), name="起.xlsx")
    since = moment()
    for n in range(6):
        put(engine, place, Fact("n1a", "enrollment", 300 + n, PRI), name=f"{n}.xlsx")
    found = changes(engine, place, since, ("enrollment", PRI))
    assert found["kind"].tolist() == ["start", "several", "file", "file"]
    assert found["n_events"].tolist() == [0, 4, 1, 1]
    assert found["value"].tolist()[1:] == [303, 304, 305]


def test_nothing_asked_is_an_empty_frame_of_the_same_columns(engine: sa.Engine, place: Place) -> None:
    found = changes(engine, place, moment())
    assert found.empty
    assert list(found.columns) == list(told.CHANGE)


def values(engine: sa.Engine, place: Place, unit: str, at: datetime | None = None) -> dict[Place3, list[float]]:
    with engine.connect() as connection:
        cells = queries.cells(connection, indicators=CODES, org_unit_ids=[place[unit]], at=at)
    rows = cells[cells["period"] != ""].itertuples()
    return {(row.indicator, row.dims, row.period): [row.value, row.numerator, row.denominator] for row in rows}


# 8: see `test_known`.
@pytest.mark.parametrize(("backend", "seed"), list(dict.fromkeys([*seeds(4, 2), ("sqlite", 8)])), indirect=["backend"])
def test_the_steps_lead_from_the_old_number_to_the_new_one(engine: sa.Engine, place: Place, seed: int) -> None:
    rng = random.Random(seed)
    left: list[int] = []
    for _ in range(STEPS // 2):
        one_step(engine, place, rng, left)
    since, before = moment(), {unit: values(engine, place, unit) for unit in ("C", "N")}
    for _ in range(STEPS):
        one_step(engine, place, rng, left)
    for unit, known in before.items():
        lead_to_now(engine, place, unit, since, known)


def lead_to_now(engine: sa.Engine, place: Place, unit: str, since: datetime, before: dict[Place3, list[float]]) -> None:
    after = values(engine, place, unit)
    places = sorted(before.keys() | after.keys())
    found = changes(engine, place, since, *{key[:2] for key in places}, unit=unit)
    for key in places:
        rows = found[(found["indicator"] == key[0]) & (found["dims"] == key[1]) & (found["period"] == key[2])]
        if rows.empty:
            assert after.get(key) == pytest.approx(before.get(key), nan_ok=True)
            continue
        states = rows[["value", "numerator", "denominator"]].to_numpy(float).tolist()
        assert states[0] == pytest.approx(before.get(key, [float("nan")] * 3), nan_ok=True)
        assert states[-1] == pytest.approx(after.get(key, [float("nan")] * 3), nan_ok=True)
        for (old, _, _), (new, _, _), added in zip(states, states[1:], rows["added_value"].iloc[1:], strict=False):
            if not pd.isna(added) and not pd.isna(old):
                assert new - old == pytest.approx(added)
