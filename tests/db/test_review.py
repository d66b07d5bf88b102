"""What waits is no fact; a decision carries it into the facts, can be changed and taken back, and leaves its trace."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import StoreError
from db.records_review import Answer, Choice, Doubt, Origin, Statement
from db.review import decide, revoke
from db.schema import import_batch
from db.schema_review import review_decision
from db.store import save_import, undo_import
from tests.db.makers import Fact, Place, assert_same, report, sheet, snapshot, value_of
from tests.db.reviewed import (
    PRI,
    fact_of,
    rejected_of,
    sound,
    stored_id,
    take,
    waiting_report,
    waits,
    with_rejected,
)


def held(engine: sa.Engine, place: Place, unit: str = "n1a", indicator: str = "enrollment") -> float | None:
    return value_of(engine, place, unit, indicator, PRI).get("value")


def test_what_waits_is_no_fact_and_is_listed_in_the_order_of_the_text(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(
        place,
        [Fact("n2a", "enrollment", 200, PRI)],
        [Fact("n1a", "enrollment", 312, PRI), Fact("q1a", "enrollment", 50, PRI)],
    )
    file_id = stored_id(engine, draft)
    assert held(engine, place) is None
    assert held(engine, place, "C") == 200
    found = waits(engine)
    assert [one.evidence.quote for one in found] == ["312", "50"]
    assert [one.doubts for one in found] == [(Doubt.LOW_CONFIDENCE,)] * 2
    with engine.connect() as connection:
        assert queries.waiting_count(connection) == 2
        [line] = queries.review_documents(connection).to_dict("records")
    assert (line["source_file_id"], line["waiting"], line["decided"]) == (file_id, 2, 0)
    sound(engine)


def test_an_accepted_reading_is_a_fact_with_its_own_evidence(engine: sa.Engine, place: Place) -> None:
    stored_id(
        engine, waiting_report(place, [Fact("n2a", "enrollment", 200, PRI)], [Fact("n1a", "enrollment", 312, PRI)])
    )
    [one] = waits(engine)
    outcome = take(engine, one, Choice.ACCEPT)
    assert outcome.added == 1
    assert waits(engine) == []
    assert (held(engine, place), held(engine, place, "C")) == (312, 512)
    with engine.connect() as connection:
        [row] = queries.search_observations(connection, text="312").to_dict("records")
        detail = queries.observation(connection, row["observation_id"])
        [decided] = queries.decided(connection, one.source_file_id)
    assert detail is not None
    assert (detail.rule, detail.confidence, detail.imported_by) == ("review.accept", 1.0, "王芳")
    assert (detail.start, detail.sentence_start) == (one.evidence.start, one.evidence.sentence_start)
    assert (decided.observation_id, decided.decided_by) == (row["observation_id"], "王芳")
    assert decided.decision.evidence.rule == "implied_value"
    sound(engine)


def test_a_corrected_reading_stands_for_what_the_person_said(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, waiting_report(place, [], [Fact("n1a", "enrollment", 312, PRI)]))
    [one] = waits(engine)
    assert one.said is not None
    said = replace(one.said, org_unit_id=place["n2a"], period="SY2023", value=321.0, qualifier="about")
    take(engine, one, Choice.CORRECT, said)
    assert held(engine, place) is None
    cell = value_of(engine, place, "n2a", "enrollment", PRI, "SY2023")
    assert (cell["value"], cell["qualifier"]) == (321, "about")
    sound(engine)


def test_a_rejected_reading_wants_a_reason_and_enters_nothing(engine: sa.Engine, place: Place) -> None:
    file_id = stored_id(engine, waiting_report(place, [], [Fact("n1a", "enrollment", 312, PRI)]))
    [one] = waits(engine)
    with pytest.raises(StoreError, match="选一个原因"):
        take(engine, one, Choice.REJECT)
    before = snapshot(engine)
    take(engine, one, Choice.REJECT, reason="target")
    assert waits(engine) == []
    assert_same(before, snapshot(engine))
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == 1
        assert queries.document_rejected(connection, file_id)[["reason", "text"]].values.tolist() == [["target", "312"]]
    sound(engine)


def test_a_decision_is_changed_by_a_new_row(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, waiting_report(place, [], [Fact("n1a", "enrollment", 312, PRI)]))
    [one] = waits(engine)
    take(engine, one, Choice.ACCEPT)
    take(engine, one, Choice.REJECT, reason="other_entity")
    assert held(engine, place) is None
    assert one.said is not None
    take(engine, one, Choice.CORRECT, replace(one.said, value=313.0))
    assert held(engine, place) == 313
    again = fact_of(engine, "312")
    assert again.said is not None
    assert again.said.value == 313
    take(engine, again, Choice.CORRECT, replace(one.said, value=314.0))
    assert held(engine, place) == 314
    with engine.connect() as connection:
        choices = connection.scalars(sa.select(review_decision.c.choice).order_by(review_decision.c.id)).all()
        assert len(queries.decided(connection, one.source_file_id)) == 1
    assert choices == ["accept", "reject", "correct", "correct"]
    sound(engine)


@pytest.mark.parametrize("choice", [Choice.ACCEPT, Choice.CORRECT, Choice.REJECT])
def test_taking_back_restores_the_state_before(engine: sa.Engine, place: Place, choice: Choice) -> None:
    save_import(engine, report(place, [Fact("n1a", "enrollment", 300, PRI)], "去年的总结.txt"), "甲")
    stored_id(engine, waiting_report(place, [], [Fact("n1a", "enrollment", 312, PRI)]))
    before = snapshot(engine)
    [one] = waits(engine)
    assert one.said is not None
    outcome = take(engine, one, choice, replace(one.said, value=315.0), "target")
    assert held(engine, place) == {"accept": 312, "correct": 315, "reject": 300}[choice]
    revoke(engine, outcome.decisions, "赵")
    assert_same(before, snapshot(engine))
    assert [each.number for each in waits(engine)] == [one.number]
    with pytest.raises(StoreError, match="已被撤销或改过"):
        revoke(engine, outcome.decisions, "赵")
    sound(engine)


def test_a_wrong_fact_is_corrected_or_removed_and_comes_back(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, report(place, [Fact("n1a", "enrollment", 312, PRI), Fact("n2a", "enrollment", 200, PRI)]))
    before = snapshot(engine)
    one = fact_of(engine, "312")
    assert one.said is not None
    moved = take(engine, one, Choice.CORRECT, replace(one.said, indicator="dropout_count"))
    assert held(engine, place) is None
    assert held(engine, place, indicator="dropout_count") == 312
    sound(engine)
    revoke(engine, moved.decisions, "赵")
    assert_same(before, snapshot(engine))
    gone = take(engine, fact_of(engine, "312"), Choice.REJECT, reason="other_entity")
    assert (held(engine, place), held(engine, place, "C")) == (None, 200)
    sound(engine)
    revoke(engine, gone.decisions, "赵")
    assert_same(before, snapshot(engine))
    sound(engine)


def test_a_removed_fact_does_not_come_back_over_a_later_file(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, report(place, [Fact("n1a", "enrollment", 312, PRI)]))
    gone = take(engine, fact_of(engine, "312"), Choice.REJECT, reason="other_entity")
    later = save_import(engine, report(place, [Fact("n1a", "enrollment", 340, PRI)], "补报.txt"), "甲")
    revoke(engine, gone.decisions, "赵")
    assert held(engine, place) == 340
    sound(engine)
    undo_import(engine, later.import_id or 0, "甲")
    assert held(engine, place) == 312
    sound(engine)


def test_a_number_that_was_not_taken_becomes_a_reading(engine: sa.Engine, place: Place) -> None:
    draft = with_rejected(report(place, [Fact("n2a", "enrollment", 200, PRI)]), "小结")
    file_id = stored_id(engine, draft)
    before = snapshot(engine)
    one = rejected_of(engine, file_id)
    said = Statement("enrollment", PRI, place["n1a"], "SY2024", 400.0, "person")
    outcome = take(engine, one, Choice.CORRECT, said)
    assert held(engine, place) == 400
    with engine.connect() as connection:
        assert queries.document_rejected(connection, file_id).empty
    sound(engine)
    revoke(engine, outcome.decisions, "赵")
    assert_same(before, snapshot(engine))
    with engine.connect() as connection:
        assert len(queries.document_rejected(connection, file_id)) == 1


def test_two_readings_of_one_number_wait(engine: sa.Engine, place: Place) -> None:
    file_id = stored_id(
        engine, with_rejected(report(place, [Fact("n2a", "enrollment", 200, PRI)]), "小结", "ambiguous")
    )
    [one] = waits(engine, file_id)
    with engine.connect() as connection:
        assert queries.waiting_count(connection) == 1
    assert (one.origin, one.said, one.doubts) == (Origin.REJECTED, None, (Doubt.TWO_READINGS,))
    with pytest.raises(StoreError, match="先填写"):
        take(engine, one, Choice.ACCEPT)
    outcome = take(engine, one, Choice.REJECT, reason="out_of_domain")
    assert waits(engine) == []
    with engine.connect() as connection:
        assert queries.waiting_count(connection) == 0
    revoke(engine, outcome.decisions, "赵")
    assert len(waits(engine)) == 1


def test_many_at_once_are_one_change_that_can_be_taken_back(engine: sa.Engine, place: Place) -> None:
    units = ("n1a", "n2a", "q1a")
    file_id = stored_id(
        engine, waiting_report(place, [], [Fact(u, "enrollment", 100 + n, PRI) for n, u in enumerate(units)])
    )
    before = snapshot(engine)
    answers = [Answer(one.origin, one.number, Choice.ACCEPT) for one in waits(engine)]
    outcome = decide(engine, answers, "王芳")
    assert (outcome.added, len(outcome.decisions)) == (3, 3)
    assert held(engine, place, "C") == 303
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == 2
        assert len(queries.imports(connection)) == 1
        assert queries.recent_changes(connection).iloc[0]["kind"] == "review"
        [listed] = queries.documents(connection).to_dict("records")
    assert (listed["source_file_id"], listed["import_id"]) == (file_id, 1)
    revoke(engine, outcome.decisions[1:2], "赵")
    assert held(engine, place, "C") == 202
    sound(engine)
    revoke(engine, [outcome.decisions[0], outcome.decisions[2]], "赵")
    assert_same(before, snapshot(engine))
    sound(engine)


def test_a_sheet_stays_above_a_reviewed_report(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 305, PRI)]), "甲")
    stored_id(engine, waiting_report(place, [], [Fact("n1a", "enrollment", 312, PRI)]))
    take(engine, waits(engine)[0], Choice.ACCEPT)
    assert held(engine, place) == 305
    with engine.connect() as connection:
        assert len(queries.discrepancies(connection)) == 1
    sound(engine)


def test_values_of_an_unknown_time_stand_side_by_side(engine: sa.Engine, place: Place) -> None:
    facts = [Fact("n1a", "enrollment", 300, PRI, None)]
    stored_id(engine, waiting_report(place, facts, [Fact("n1a", "enrollment", 312, PRI, None)]))
    outcome = take(engine, waits(engine)[0], Choice.ACCEPT)
    with engine.connect() as connection:
        assert sorted(queries.search_observations(connection)["value"]) == [300, 312]
    sound(engine)
    revoke(engine, outcome.decisions, "赵")
    with engine.connect() as connection:
        assert list(queries.search_observations(connection)["value"]) == [300]
    sound(engine)
