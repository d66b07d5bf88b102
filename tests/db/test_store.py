"""Imports: new, same, changed; whole or not at all; nothing is ever overwritten."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from db import queries
from db.blocks import original
from db.engine import StoreError
from db.records import (
    Issue,
    ObsStatus,
    OrgKind,
    OrgStatus,
    ProposedUnit,
    Reading,
    Rejected,
    Severity,
)
from db.schema import evidence, import_batch, observation, org_unit, source_file
from db.store import compare, file_state, save_import
from tests.db.makers import YEAR, Fact, Place, assert_same, report, sheet, snapshot, value_of

PRI = "level=PRI"


def rows(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def revision(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return queries.revision(connection)


def test_an_import_is_stored_with_everything(engine: sa.Engine, place: Place) -> None:
    issue = Issue("B11", Severity.NOTE, "与去年相差较大,请核对。", "填报表!A1", sheet="填报表", cell="A1")
    refused = Rejected("target", "力争达到99%", 3, 9)
    draft = sheet(place, [Fact("n1a", "enrollment", 300, PRI)], issues=(issue,), rejected=(refused,))
    before = revision(engine)
    result = save_import(engine, draft, "王老师")
    assert (result.outcome, result.new, result.same, result.changed) == ("stored", 1, 0, 0)
    assert revision(engine) == before + 1
    with engine.connect() as connection:
        [listed] = queries.documents(connection).to_dict("records")
        assert (listed["n_observations"], listed["n_issues"], listed["n_rejected"]) == (1, 1, 1)
        assert listed["uploaded_by"] == "王老师"
        assert original(connection, listed["source_file_id"]) == draft.source.content
        assert queries.document_issues(connection, 1)["sentence"].tolist() == [issue.sentence]
        assert queries.document_rejected(connection, 1)["start"].tolist() == [3]
        view = queries.document(connection, listed["source_file_id"])
    assert view is not None
    assert view.grids == draft.reading.grids


def test_the_same_file_twice_changes_nothing(engine: sa.Engine, place: Place) -> None:
    draft = sheet(place, [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 200, PRI)])
    first = save_import(engine, draft, "甲")
    before, number = snapshot(engine), revision(engine)
    again = save_import(engine, replace(draft, source=replace(draft.source, name="另存为.xlsx")), "乙")
    assert (again.outcome, again.import_id, again.same) == ("same", first.import_id, 2)
    assert_same(before, snapshot(engine))
    assert revision(engine) == number
    assert rows(engine, import_batch) == 1


def test_another_file_with_the_same_values_adds_no_facts(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI)]), "甲")
    more = sheet(place, [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 7, PRI)])
    result = save_import(engine, more, "甲")
    assert (result.new, result.same, result.changed) == (1, 1, 0)
    assert rows(engine, observation) == rows(engine, evidence) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"value": 301},
        {"value": None, "status": ObsStatus.NOT_REPORTED},
        {"numerator": 10, "denominator": 20},
    ],
)
def test_a_change_closes_the_old_row_and_adds_a_new_one(
    engine: sa.Engine, place: Place, change: dict[str, object]
) -> None:
    old = Fact("n1a", "enrollment", 300, PRI)
    first = save_import(engine, sheet(place, [old, Fact("n2a", "enrollment", 200, PRI)]), "甲")
    with engine.connect() as connection:
        kept = connection.execute(sa.select(observation).order_by(observation.c.id)).mappings().all()
    second = save_import(engine, sheet(place, [replace(old, **change)]), "乙")  # type: ignore[arg-type]
    assert (second.new, second.same, second.changed) == (0, 0, 1)
    with engine.connect() as connection:
        now = connection.execute(sa.select(observation).order_by(observation.c.id)).mappings().all()
        history = queries.history(connection, kept[0]["id"])
    ended = {"valid_to": now[2]["valid_from"], "closed_by": second.import_id}
    assert [dict(row) for row in now[:2]] == [{**kept[0], **ended}, dict(kept[1])]
    assert now[2]["value"] == change.get("value", 300)
    assert history["import_id"].tolist() == [second.import_id, first.import_id]


def test_a_blocked_draft_stores_nothing(engine: sa.Engine, place: Place) -> None:
    block = Issue("B01", Severity.BLOCK, "合计与各校之和不符,请改正后再上传。")
    before = revision(engine)
    result = save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI)], issues=(block,)), "甲")
    assert (result.outcome, result.import_id, result.issues) == ("rejected", None, (block,))
    assert rows(engine, source_file) == rows(engine, observation) == 0
    assert revision(engine) == before


def test_a_fault_in_the_middle_leaves_nothing(engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = sheet(place, [Fact("n1a", "enrollment", 300, PRI, period="2024-13")])
    with pytest.raises(ValueError, match="2024-13"):
        save_import(engine, draft, "甲")
    lost = sheet(place, [Fact("n1a", "enrollment", 300, PRI)])
    lost = replace(lost, observations=(replace(lost.observations[0], org_unit_id=99_999),))
    with pytest.raises(StoreError, match="编号 99999"):
        save_import(engine, lost, "甲")
    assert rows(engine, source_file) == rows(engine, observation) == 0


def proposed(key: str, name: str, status: OrgStatus = OrgStatus.PROPOSED) -> ProposedUnit:
    return ProposedUnit(key, name, OrgKind.COUNTY, status)


def test_a_proposed_name_is_one_unit_and_unnamed_ones_are_many(engine: sa.Engine, place: Place) -> None:
    def told(number: int) -> None:
        units = (
            proposed("?a", "远山县"),
            proposed("?b", "某县", OrgStatus.UNNAMED),
            proposed("?c", "某县", OrgStatus.UNNAMED),
        )
        facts = [Fact(key, "enrollment", number + n, PRI) for n, key in enumerate(("?a", "?b", "?c"))]
        save_import(engine, report(place, facts, f"总结{number}.txt", proposed_units=units), "甲")

    told(100)
    told(200)
    with engine.connect() as connection:
        outside = connection.execute(
            sa.select(org_unit.c.name, org_unit.c.status, org_unit.c.parent_id, org_unit.c.id, org_unit.c.area_id,
                      org_unit.c.path).where(org_unit.c.status.in_(["proposed", "unnamed"]))
        ).all()  # fmt: skip
    assert sorted(row.status for row in outside) == ["proposed"] + ["unnamed"] * 4
    assert all(row.parent_id is None and row.area_id == row.id and row.path == f"/{row.id}/" for row in outside)


def test_a_cell_stated_twice_in_one_file_is_kept_twice(engine: sa.Engine, place: Place) -> None:
    facts = [Fact("n1a", "enrollment", 300, PRI), Fact("n1a", "enrollment", 320, PRI)]
    assert save_import(engine, report(place, facts), "甲").new == 2
    assert value_of(engine, place, "n1a", "enrollment", PRI)["value"] == 300
    with engine.connect() as connection:
        assert queries.history(connection, 1)["ordinal"].tolist() == [1, 0]


def test_undated_values_of_two_files_stand_side_by_side(engine: sa.Engine, place: Place) -> None:
    def undated(value: int, name: str) -> tuple[int, int, int]:
        result = save_import(engine, report(place, [Fact("n1a", "enrollment", value, PRI, period=None)], name), "甲")
        return result.new, result.same, result.changed

    assert undated(300, "甲.txt") == (1, 0, 0)
    assert undated(410, "乙.txt") == (1, 0, 0)
    assert undated(305, "甲.txt") == (0, 0, 1)  # a new version of the first file
    assert undated(415, "乙.txt") == (0, 0, 1)
    with engine.connect() as connection:
        current = queries.search_observations(connection, indicator="enrollment")
    assert sorted(current["value"]) == [305, 415]


def test_text_that_a_database_cannot_hold_keeps_its_offsets(engine: sa.Engine, place: Place) -> None:
    draft = report(place, [Fact("n1a", "enrollment", 300, PRI)])
    broken = draft.reading.text.replace("本年度", "本\0\ud800", 1)
    save_import(engine, replace(draft, reading=Reading("text/plain", broken)), "甲")
    with engine.connect() as connection:
        detail = queries.observation(connection, 1)
        view = queries.document(connection, 1)
    assert detail is not None
    assert view is not None
    assert view.text[detail.start : detail.end] == detail.quote == "300"
    assert view.text.startswith("本\ufffd?工作")


def test_compare_says_what_a_save_would_do_and_writes_nothing(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 200, PRI)]), "甲")
    before, number = snapshot(engine), revision(engine)
    facts = [
        Fact("n1a", "enrollment", 300, PRI),
        Fact("n2a", "enrollment", 190, PRI),
        Fact("q1a", "enrollment", 80, "level=PRI;sex=F", period="SY2019"),
        Fact("?z", "enrollment", 5, PRI),
    ]
    draft = sheet(place, facts, proposed_units=(proposed("?z", "远山县"),))
    with engine.connect() as connection:
        difference = compare(connection, draft)
    assert [change.kind for change in difference.changes] == ["same", "changed", "new", "new"]
    assert difference.changes[1].old_value == 200
    assert difference.changes[1].old_observation_id == 2
    assert_same(before, snapshot(engine))
    assert revision(engine) == number
    result = save_import(engine, draft, "甲")
    assert (result.new, result.same, result.changed) == tuple(difference.count(k) for k in ("new", "same", "changed"))


def test_compare_names_who_reported_last_time_and_is_absent(engine: sa.Engine, place: Place) -> None:
    for period in ("SY2022", "SY2023"):
        units = ["n1a", "n1b", "old", "q1a"] + (["n2b"] if period == "SY2022" else [])
        save_import(engine, sheet(place, [Fact(unit, "enrollment", 100, PRI, period) for unit in units]), "甲")
    draft = sheet(place, [Fact("n1a", "enrollment", 110, PRI, YEAR)])
    with engine.connect() as connection:
        assert compare(connection, draft).missing == ("河口镇初级中学",)  # 南岸小学 is closed, 青山县 untouched
        told = report(place, [Fact("n1a", "enrollment", 110, PRI, YEAR)])
        assert compare(connection, told).missing == ()


def test_file_state_tells_what_became_of_a_file(engine: sa.Engine, place: Place) -> None:
    draft = sheet(place, [Fact("n1a", "enrollment", 300, PRI)], "秋季.xlsx")
    with engine.connect() as connection:
        assert file_state(connection, draft.source.sha256).status == "unknown"
    result = save_import(engine, draft, "甲")
    with engine.connect() as connection:
        state = file_state(connection, draft.source.sha256)
    assert (state.status, state.import_id, state.name, state.uploaded_by) == (
        "stored",
        result.import_id,
        "秋季.xlsx",
        "甲",
    )
