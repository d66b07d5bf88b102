"""A draft outlives its browser, knows when the store has moved on, and ends only by a person's word."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from db import queries
from db.drafts import discard_draft, events_of, list_drafts, load_draft, open_draft, save_draft, source_of
from db.engine import StoreError, make_engine
from db.records import Draft, Issue, Severity
from db.records_drafts import (
    Choices,
    DraftEventKind,
    DraftStatus,
    DraftSummary,
    Step,
    StoredDraft,
    choices_from_json,
    choices_to_json,
    issue_key,
    summary_of,
    unticked,
    with_tick,
    without_tick,
)
from db.records_layout import LineOverride, LineRole, TableOverride
from db.schema_drafts import draft, draft_content
from db.store import save_import
from tests.db.makers import Fact, Place, sheet

ASK = Issue("B17", Severity.CONFIRM, "C7 比上年增加 45%,请核对。", "填报表!C7", "450", sheet="填报表", cell="C7")


def a_file(place: Place, value: float = 300, **more: object) -> Draft:
    return sheet(place, [Fact("n1a", "enrollment", value, "level=PRI")], **more)


def saved(engine: sa.Engine, held: StoredDraft, user: str = "甲", **more: object) -> StoredDraft:
    with engine.connect() as connection:
        now = queries.revision(connection)
    given = {"step": Step.ISSUES, "choices": Choices(), "summary": DraftSummary(), "revision": now, **more}
    return save_draft(engine, held.id, held.version, user, **given)  # type: ignore[arg-type]


def test_a_draft_is_there_after_a_restart_with_bytes_and_choices(
    engine: sa.Engine, store_url: str, place: Place
) -> None:
    prepared = a_file(place, issues=(ASK,))
    opened = open_draft(engine, prepared.source, "甲", summary_of(prepared, {"new": 1}))
    chosen = Choices(
        {
            "填报表#1": TableOverride(
                period="SY2024", lines={"人数": LineOverride(role=LineRole.PLACE, dims={"sex": "F"})}
            )
        },
        {"河口完小": place["n1a"]},
        note="核对过学籍系统",
        replaces=7,
    )
    chosen = with_tick(chosen, issue_key(ASK), "甲", " 新建  校区 ")
    saved(engine, opened, choices=chosen, step=Step.DIFFERENCE, summary=summary_of(prepared))
    engine.dispose()
    again = make_engine(store_url)
    with again.connect() as connection:
        [found] = list_drafts(connection, user="甲")
        assert source_of(connection, found.id).content == prepared.source.content
    again.dispose()
    assert (found.id, found.step, found.status, found.version) == (opened.id, Step.DIFFERENCE, DraftStatus.OPEN, 2)
    assert found.choices == chosen
    assert found.choices.ticks[issue_key(ASK)].reason == "新建 校区"
    assert (found.summary.observations, found.summary.confirm, opened.summary.new) == (1, 1, 1)


def test_the_same_file_is_taken_up_again_by_the_same_person_only(engine: sa.Engine, place: Place) -> None:
    source = a_file(place).source
    first = saved(engine, open_draft(engine, source, "甲"), choices=Choices(note="等校长回话"))
    assert open_draft(engine, source, "甲") == first
    other = open_draft(engine, source, "乙")
    assert other.id != first.id
    with engine.connect() as connection:
        assert {one.created_by for one in list_drafts(connection, sha256=source.sha256)} == {"甲", "乙"}
        assert [one.id for one in list_drafts(connection, user="乙")] == [other.id]


def test_a_draft_knows_that_the_store_has_changed(engine: sa.Engine, place: Place) -> None:
    held = saved(engine, open_draft(engine, a_file(place).source, "甲"))
    with engine.connect() as connection:
        before = queries.revision(connection)
    assert not held.stale(before)
    save_import(engine, a_file(place, 310), "乙")
    with engine.connect() as connection:
        assert load_draft(connection, held.id).stale(queries.revision(connection))


def test_saving_a_draft_does_not_touch_the_revision(engine: sa.Engine, place: Place) -> None:
    with engine.connect() as connection:
        before = queries.revision(connection)
    held = saved(engine, open_draft(engine, a_file(place).source, "甲"))
    discard_draft(engine, held.id, "甲")
    with engine.connect() as connection:
        assert queries.revision(connection) == before


def test_two_windows_do_not_overwrite_each_other(engine: sa.Engine, place: Place) -> None:
    opened = open_draft(engine, a_file(place).source, "甲")
    saved(engine, opened, choices=Choices(note="第一个窗口"))
    with pytest.raises(StoreError, match="另一个窗口"):
        saved(engine, opened, choices=Choices(note="第二个窗口"))
    with engine.connect() as connection:
        assert load_draft(connection, opened.id).choices.note == "第一个窗口"


def test_of_a_file_with_persons_only_the_counts_are_kept(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place)
    source = replace(prepared.source, content=b"", kept=False)
    held = open_draft(engine, source, "甲", summary_of(prepared))
    assert (held.resumable, held.summary.observations) == (False, 1)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(draft_content)) == 0
        with pytest.raises(StoreError, match="名单类文件不保存原件"):
            source_of(connection, held.id)


def test_a_discarded_draft_loses_its_bytes_and_keeps_its_history(engine: sa.Engine, place: Place) -> None:
    held = open_draft(engine, a_file(place).source, "甲")
    discard_draft(engine, held.id, "乙")
    with engine.connect() as connection:
        assert list_drafts(connection) == []
        [gone] = list_drafts(connection, statuses=(DraftStatus.DISCARDED,))
        assert (gone.id, gone.updated_by) == (held.id, "乙")
        assert [(e.kind, e.by) for e in events_of(connection, held.id)] == [
            (DraftEventKind.OPENED, "甲"), (DraftEventKind.DISCARDED, "乙"),
        ]  # fmt: skip
        assert connection.scalar(sa.select(sa.func.count()).select_from(draft_content)) == 0
        with pytest.raises(StoreError, match="已放弃"):
            source_of(connection, held.id)
    for again in (lambda: discard_draft(engine, held.id, "甲"), lambda: saved(engine, gone)):
        with pytest.raises(StoreError, match="已放弃"):
            again()
    assert open_draft(engine, a_file(place).source, "甲").id != held.id


def test_a_draft_that_is_not_there(engine: sa.Engine) -> None:
    with engine.connect() as connection, pytest.raises(StoreError, match="没有第 99 号草稿"):
        load_draft(connection, 99)


def test_a_note_that_is_too_long_is_refused_with_its_length(engine: sa.Engine, place: Place) -> None:
    held = open_draft(engine, a_file(place).source, "甲")
    with pytest.raises(StoreError, match="1001 个字"):
        saved(engine, held, choices=Choices(note="注" * 1001))


def test_what_a_database_cannot_hold_is_replaced(engine: sa.Engine, place: Place) -> None:
    held = open_draft(engine, a_file(place).source, "甲" * 120)
    kept = saved(engine, held, choices=Choices(note="a\0b\ud800"), user="甲" * 120)
    assert kept.choices.note == "a\ufffdb?"
    assert kept.created_by == "甲" * 100
    assert open_draft(engine, a_file(place).source, "甲" * 120).id == held.id


def test_a_tick_holds_for_what_it_said_and_nothing_else() -> None:
    ticked = with_tick(Choices(), issue_key(ASK), "甲")
    assert unticked([ASK], ticked) == []
    note = replace(ASK, severity=Severity.NOTE)
    assert unticked([note], Choices()) == []
    for other in (replace(ASK, cell="C8"), replace(ASK, sentence="C7 比上年增加 90%。"), replace(ASK, code="B18")):
        assert unticked([other], ticked) == [other]
    assert unticked([ASK], without_tick(ticked, issue_key(ASK))) == [ASK]


def test_choices_as_json_come_back_whole_and_empty_ones_are_empty() -> None:
    assert choices_to_json(Choices()) == {}
    assert choices_from_json({}) == Choices()


def test_every_column_of_a_draft_is_filled(engine: sa.Engine, place: Place) -> None:
    held = open_draft(engine, a_file(place).source, "甲")
    with engine.connect() as connection:
        row = connection.execute(sa.select(draft).where(draft.c.id == held.id)).mappings().one()
    assert {name for name, value in row.items() if value is None} == {"import_id"}
