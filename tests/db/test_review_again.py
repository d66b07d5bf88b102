"""A decision outlives a new reading of the same file, also by another extractor, and a name once told is known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa

from db import queries
from db.org import org_directory
from db.records import Block, Draft, OrgStatus, Reading
from db.records_review import Answer, Choice, Doubt, sentence_around
from db.review import revoke
from db.review_bulk import preview, settle_name
from db.store import compare, save_import, undo_import
from tests.db.makers import Fact, Place, assert_same, report, snapshot, value_of
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

ONE = [Fact("n1a", "enrollment", 312, PRI)]


def held(engine: sa.Engine, place: Place, unit: str = "n1a", period: str = "SY2024") -> float | None:
    return value_of(engine, place, unit, "enrollment", PRI, period).get("value")


def again(engine: sa.Engine, draft: Draft) -> None:
    """The file is taken out and handed in anew."""
    with engine.connect() as connection:
        [import_id] = queries.imports(connection).query("status == 'stored'")["import_id"]
    undo_import(engine, int(import_id), "甲")
    assert save_import(engine, draft, "乙").outcome == "stored"
    sound(engine)


def test_the_same_file_again_changes_nothing(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(place, [], ONE)
    stored_id(engine, draft)
    take(engine, waits(engine)[0], Choice.ACCEPT)
    before = snapshot(engine)
    assert save_import(engine, draft, "乙").outcome == "same"
    assert_same(before, snapshot(engine))


def test_undoing_the_file_takes_its_reviewed_values_with_it(engine: sa.Engine, place: Place) -> None:
    save_import(engine, report(place, [Fact("n1a", "enrollment", 300, PRI)], "去年.txt"), "甲")
    before = snapshot(engine)
    draft = waiting_report(place, [Fact("n2a", "enrollment", 200, PRI)], ONE)
    stored_id(engine, draft)
    take(engine, waits(engine)[0], Choice.ACCEPT)
    with engine.connect() as connection:
        newest = int(queries.imports(connection)["import_id"].max())
    undo_import(engine, newest, "甲")
    assert_same(before, snapshot(engine))
    assert waits(engine) == []
    sound(engine)


def test_an_accepted_reading_holds_when_the_file_is_read_again(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(place, [], ONE)
    stored_id(engine, draft)
    outcome = take(engine, waits(engine)[0], Choice.ACCEPT)
    again(engine, replace(draft, extractor_version="2"))
    assert held(engine, place) == 312
    assert waits(engine) == []
    revoke(engine, outcome.decisions, "赵")
    assert held(engine, place) is None
    assert len(waits(engine)) == 1
    sound(engine)


def test_a_decision_holds_when_a_newer_extractor_reads_the_number_otherwise(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(place, [], ONE)
    stored_id(engine, draft)
    one = waits(engine)[0]
    assert one.said is not None
    outcome = take(engine, one, Choice.CORRECT, replace(one.said, period="SY2023"))
    sure = replace(draft.pending[0].observation, indicator="dropout_count")
    again(engine, replace(draft, observations=(sure,), pending=(), extractor_version="3"))
    assert held(engine, place, period="SY2023") == 312
    assert value_of(engine, place, "n1a", "dropout_count", PRI) == {}
    again(engine, replace(draft, pending=(), extractor_version="4"))
    assert held(engine, place, period="SY2023") == 312
    revoke(engine, outcome.decisions, "赵")
    assert held(engine, place, period="SY2023") is None
    sound(engine)


def test_a_decision_finds_its_number_in_a_text_that_was_read_anew(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(place, [], [*ONE, Fact("q1a", "enrollment", 50, PRI)])
    stored_id(engine, draft)
    take(engine, waits(engine)[0], Choice.ACCEPT)
    text = "页眉一行\n" + draft.reading.text
    moved = []
    for one in draft.pending:
        at = one.observation.evidence
        shift = len("页眉一行\n")
        places = {n: getattr(at, n) + shift for n in ("start", "end", "sentence_start", "sentence_end")}
        moved.append(replace(one, observation=replace(one.observation, evidence=replace(at, **places))))
    reading = Reading("text/plain", text, (Block(0, "paragraph", "全文", text),))
    again(engine, replace(draft, reading=reading, pending=tuple(moved)))
    assert held(engine, place) == 312
    assert [one.evidence.quote for one in waits(engine)] == ["50"]


def test_a_number_that_is_gone_from_the_text_is_said(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(place, [], ONE)
    file_id = stored_id(engine, draft)
    take(engine, waits(engine)[0], Choice.ACCEPT)
    reading = Reading("text/plain", "全文另是一样。\n", (Block(0, "paragraph", "全文", "全文另是一样。\n"),))
    again(engine, replace(draft, reading=reading, pending=()))
    assert held(engine, place) is None
    with engine.connect() as connection:
        [issue] = queries.document_issues(connection, file_id).to_dict("records")
    assert (issue["code"], issue["severity"]) == ("decision_lost", "confirm")
    assert "312" in issue["sentence"]


def test_a_wrong_fact_stays_away_when_the_file_is_read_again(engine: sa.Engine, place: Place) -> None:
    draft = report(place, [*ONE, Fact("n2a", "enrollment", 200, PRI)])
    stored_id(engine, draft)
    gone = take(engine, fact_of(engine, "312"), Choice.REJECT, reason="other_entity")
    again(engine, draft)
    assert (held(engine, place), held(engine, place, "N")) == (None, 200)
    with engine.connect() as connection:
        assert compare(connection, draft).count("new") == 0
    revoke(engine, gone.decisions, "赵")
    assert (held(engine, place), held(engine, place, "N")) == (312, 512)
    assert fact_of(engine, "312").evidence.rule == "test"
    sound(engine)


def test_a_number_made_a_reading_stays_one(engine: sa.Engine, place: Place) -> None:
    draft = with_rejected(report(place, [Fact("n2a", "enrollment", 200, PRI)]), "小结")
    file_id = stored_id(engine, draft)
    one = rejected_of(engine, file_id)
    said = replace(fact_of(engine, "200").said, org_unit_id=place["n1a"], value=400.0)  # type: ignore[type-var]
    outcome = take(engine, one, Choice.CORRECT, said)
    again(engine, draft)
    assert held(engine, place) == 400
    revoke(engine, outcome.decisions, "赵")
    assert held(engine, place) is None
    sound(engine)


def test_the_second_of_two_values_takes_the_place_of_the_first(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(place, [Fact("n1a", "enrollment", 300, PRI)], ONE, (Doubt.TWO_READINGS,))
    stored_id(engine, draft)
    outcome = take(engine, waits(engine)[0], Choice.ACCEPT)
    assert held(engine, place) == 312
    again(engine, draft)
    assert held(engine, place) == 312
    with engine.connect() as connection:
        assert list(queries.search_observations(connection)["value"]) == [312]
        [issue] = queries.document_issues(connection, 1).to_dict("records")
    assert (issue["code"], issue["quote"]) == ("overruled", "300")
    assert waits(engine) == []
    revoke(engine, outcome.decisions, "赵")
    assert held(engine, place) == 300
    sound(engine)


# ---- names -------------------------------------------------------------------------------------------


def aliases(engine: sa.Engine, unit: int) -> tuple[str, ...]:
    with engine.connect() as connection:
        return next(each.aliases for each in org_directory(connection) if each.id == unit)


def test_a_corrected_name_becomes_an_alias_until_it_is_taken_back(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, waiting_report(place, [], [Fact("?枫桥小校", "enrollment", 312, PRI)]))
    one = waits(engine)[0]
    assert one.said is not None
    outcome = take(engine, one, Choice.CORRECT, replace(one.said, org_unit_id=place["n2a"]))
    assert held(engine, place, "n2a") == 312
    assert aliases(engine, place["n2a"]) == ("枫桥小校",)
    revoke(engine, outcome.decisions, "赵")
    assert aliases(engine, place["n2a"]) == ()
    sound(engine)


def test_an_accepted_reading_of_an_unknown_name_stays_outside_the_tree(engine: sa.Engine, place: Place) -> None:
    draft = waiting_report(place, [], [Fact("?云外小学", "enrollment", 312, PRI)])
    stored_id(engine, draft)
    take(engine, waits(engine)[0], Choice.ACCEPT)
    for _ in range(2):
        with engine.connect() as connection:
            [row] = queries.search_observations(connection).to_dict("records")
        assert (row["org_unit_name"], row["value"]) == ("云外小学", 312)
        assert held(engine, place, "C") is None
        again(engine, draft)


def test_a_name_is_settled_for_the_whole_document(engine: sa.Engine, place: Place) -> None:
    facts = [Fact("?枫桥小校", "enrollment", 300, PRI), Fact("?枫桥小校", "dropout_count", 2, PRI)]
    draft = waiting_report(place, facts, [Fact("?枫桥小校", "enrollment", 312, PRI, "SY2023")])
    file_id = stored_id(engine, draft)
    before = snapshot(engine)
    with engine.connect() as connection:
        [line] = queries.names_of(connection, file_id).to_dict("records")
    assert (line["name"], line["kind"], line["values"]) == ("枫桥小校", "unknown", 2)
    outcome = settle_name(engine, "枫桥小校", place["n2a"], "王芳", file_id)
    assert (held(engine, place, "n2a"), held(engine, place, "C")) == (300, 300)
    assert value_of(engine, place, "n2a", "dropout_rate", PRI)["value"] == 2 / 3
    [left] = waits(engine)
    assert left.doubts == (Doubt.LOW_CONFIDENCE,)
    assert left.said is not None
    assert left.said.org_unit_id == place["n2a"]
    with engine.connect() as connection:
        assert queries.names_of(connection, file_id).empty
    assert aliases(engine, place["n2a"]) == ("枫桥小校",)
    sound(engine)
    revoke(engine, outcome.decisions, "赵")
    assert_same(before, snapshot(engine))
    sound(engine)


def test_a_name_of_several_units_is_chosen_without_an_alias(engine: sa.Engine, place: Place) -> None:
    waiting = [Fact("!中心小学", "enrollment", 312, PRI), Fact("!中心小学", "dropout_count", 1, PRI)]
    draft = waiting_report(place, [], waiting, (Doubt.AMBIGUOUS_PLACE,))
    file_id = stored_id(engine, draft)
    settle_name(engine, "中心小学", place["n1a"], "王芳", file_id)
    assert held(engine, place) == 312
    assert waits(engine) == []
    assert aliases(engine, place["n1a"]) == ("河口小学",)
    again(engine, draft)
    assert held(engine, place) == 312
    assert waits(engine) == []


def test_a_proposed_unit_is_claimed_in_all_documents(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, report_of_stranger(place, 300, "SY2023", "前年.txt"))
    stored_id(engine, report_of_stranger(place, 312, "SY2024", "去年.txt"))
    before = snapshot(engine)
    outcome = settle_name(engine, "枫桥小校", place["n2a"], "王芳")
    assert (held(engine, place, "n2a", "SY2023"), held(engine, place, "n2a")) == (300, 312)
    sound(engine)
    with engine.connect() as connection:
        assert queries.outside_in_use(connection) == []
    revoke(engine, outcome.decisions, "赵")
    assert_same(before, snapshot(engine))
    with engine.connect() as connection:
        [unit] = [each for each in org_directory(connection) if each.status is OrgStatus.PROPOSED]
    assert unit.name == "枫桥小校"


def report_of_stranger(place: Place, value: int, period: str, name: str) -> Draft:
    return waiting_report(place, [Fact("?枫桥小校", "enrollment", value, PRI, period)], [], name=name)


# ---- looking ahead -----------------------------------------------------------------------------------


def test_a_preview_says_what_would_be_new_or_replaced_and_writes_nothing(engine: sa.Engine, place: Place) -> None:
    save_import(engine, report(place, [Fact("n1a", "enrollment", 300, PRI)], "前.txt"), "甲")
    stored_id(engine, waiting_report(place, [], [*ONE, Fact("q1a", "enrollment", 50, PRI)]))
    before = snapshot(engine)
    with engine.connect() as connection:
        changes = preview(connection, [Answer(one.origin, one.number, Choice.ACCEPT) for one in waits(engine)])
    assert [(one.kind, one.old_value, one.observation.value) for one in changes] == [
        ("changed", 300, Decimal("312.0")),
        ("new", None, Decimal("50.0")),
    ]
    assert_same(before, snapshot(engine))


def test_a_sentence_is_cut_at_its_marks() -> None:
    text = "前一句。本校共312人,其中女生150人;后一句。\n另起"
    at = text.index("150")
    assert text[slice(*sentence_around(text, at, at + 3))] == "本校共312人,其中女生150人;"
    assert text[slice(*sentence_around(text, len(text) - 1, len(text)))] == "另起"
