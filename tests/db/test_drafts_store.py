"""From draft to stored: ticks, approval, one transaction, and what is kept of who confirmed what."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from db import queries
from db.drafts import events_of, load_draft, open_draft, save_draft
from db.drafts_store import approve_draft, return_draft, store_draft, submit_draft
from db.engine import StoreError
from db.org import org_directory
from db.records import Draft, ImportResult, Issue, Severity
from db.records_drafts import Choices, DraftStatus, Step, StoredDraft, issue_key, summary_of, with_tick
from db.schema_drafts import draft_content
from db.settings import Approval, Settings
from db.store import save_import, undo_import
from tests.db.makers import Fact, Place, assert_same, sheet, snapshot, value_of

PRI = "level=PRI"
ASKS = (
    Issue("B17", Severity.CONFIRM, "C7 比上年增加 45%,请核对。", "填报表!C7", "450", sheet="填报表", cell="C7"),
    Issue("B21", Severity.CONFIRM, "A3 与 A9 重复,请确认。", "填报表!A3", "", sheet="填报表", cell="A3"),
    Issue("hidden_rows", Severity.NOTE, "第 4 行隐藏。"),
)


def a_file(place: Place, value: float = 300, **more: object) -> Draft:
    return sheet(place, [Fact("n1a", "enrollment", value, PRI)], **more)


def now(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return queries.revision(connection)


def kept(engine: sa.Engine, prepared: Draft, user: str = "甲", **choices: object) -> StoredDraft:
    chosen = Choices(**choices)  # type: ignore[arg-type]
    for one in ASKS[:2]:
        if one in prepared.issues:
            chosen = with_tick(chosen, issue_key(one), user, f"已核对{one.code}")
    held = open_draft(engine, prepared.source, user)
    return save_draft(
        engine, held.id, held.version, user, step=Step.CONFIRM, choices=chosen, summary=summary_of(prepared),
        revision=now(engine),
    )  # fmt: skip


def store(engine: sa.Engine, held: StoredDraft, prepared: Draft, user: str = "甲", **more: object) -> ImportResult:
    given = {"seen": now(engine), **more}
    return store_draft(engine, held.id, held.version, prepared, user, **given)  # type: ignore[arg-type]


def test_a_stored_draft_leaves_its_ticks_with_the_import(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place, issues=ASKS)
    held = kept(engine, prepared, note="学籍办王老师确认")
    result = store(engine, held, prepared)
    assert (result.outcome, result.new) == ("stored", 1)
    assert value_of(engine, place, "C", "enrollment", PRI)["value"] == 300
    with engine.connect() as connection:
        ended = load_draft(connection, held.id)
        assert (ended.status, ended.import_id) == (DraftStatus.STORED, result.import_id)
        assert connection.scalar(sa.select(sa.func.count()).select_from(draft_content)) == 0
        found = queries.confirmations(connection, import_id=result.import_id)
        assert found[["code", "cell", "reason", "confirmed_by"]].to_numpy().tolist() == [
            ["B17", "C7", "已核对B17", "甲"], ["B21", "A3", "已核对B21", "甲"],
        ]  # fmt: skip
        assert found["sentence"].tolist() == [one.sentence for one in ASKS[:2]]
        assert found["confirmed_at"].notna().all()
        assert len(queries.confirmations(connection, code="B21")) == 1
        assert queries.confirmations(connection, confirmed_by="乙").empty
        steps = reversed(events_of(connection, held.id))  # the newest first
        assert [[one.kind, one.by, one.reason] for one in steps] == [
            ["stored", "甲", "学籍办王老师确认"], ["opened", "甲", ""],
        ]  # fmt: skip
    undo_import(engine, result.import_id or 0, "乙")
    with engine.connect() as connection:
        assert queries.confirmations(connection)["status"].tolist() == ["undone", "undone"]


def test_every_doubt_wants_its_own_tick(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place, issues=ASKS)
    held = kept(engine, prepared)
    before = snapshot(engine)
    less = {issue_key(ASKS[0]): held.choices.ticks[issue_key(ASKS[0])]}
    held = save_draft(
        engine, held.id, held.version, "甲", step=Step.CONFIRM, choices=replace(held.choices, ticks=less),
        summary=held.summary, revision=now(engine),
    )  # fmt: skip
    with pytest.raises(StoreError, match=r"还有 1 处问题没有逐条确认.*填报表!A3"):
        store(engine, held, prepared)
    with pytest.raises(StoreError, match="还有 1 处"):
        submit_draft(engine, held.id, held.version, prepared, "甲")
    assert_same(before, snapshot(engine))


def test_a_blocked_draft_is_not_stored(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place, issues=(Issue("B06", Severity.BLOCK, "第 3 行大于分母。"),))
    held = kept(engine, prepared)
    with pytest.raises(StoreError, match="必须更正"):
        store(engine, held, prepared)


def test_a_difference_that_was_not_seen_is_not_stored(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place)
    held = kept(engine, prepared)
    seen = now(engine)
    save_import(engine, a_file(place, 310), "乙")
    with pytest.raises(StoreError, match="有了变动"):
        store(engine, held, prepared, seen=seen)
    assert value_of(engine, place, "n1a", "enrollment", PRI)["value"] == 310
    assert store(engine, held, prepared).changed == 1


def test_another_file_is_not_stored_in_a_drafts_name(engine: sa.Engine, place: Place) -> None:
    held = kept(engine, a_file(place))
    with pytest.raises(StoreError, match="不是同一份"):
        store(engine, held, a_file(place, 301))


def test_a_draft_of_a_file_that_is_stored_already_ends_without_a_change(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place)
    first = save_import(engine, prepared, "乙")
    held = kept(engine, prepared)
    result = store(engine, held, prepared)
    assert (result.outcome, result.import_id) == ("same", first.import_id)


def test_an_interrupted_store_leaves_nothing(engine: sa.Engine, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = a_file(place, issues=ASKS)
    held = kept(engine, prepared)
    before = snapshot(engine)

    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("db.drafts_store.drop_content", broken)
    with pytest.raises(RuntimeError):
        store(engine, held, prepared)
    assert_same(before, snapshot(engine))
    with engine.connect() as connection:
        assert load_draft(connection, held.id) == held
        assert queries.confirmations(connection).empty


def test_where_approval_is_wanted_another_person_stores(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place, issues=ASKS)
    held = kept(engine, prepared)
    with pytest.raises(StoreError, match="请先提交"):
        store(engine, held, prepared, approval=Approval.OTHER)
    submitted = submit_draft(engine, held.id, held.version, prepared, "甲")
    assert (submitted.status, submitted.submitted_by) == (DraftStatus.SUBMITTED, "甲")
    assert value_of(engine, place, "n1a", "enrollment", PRI) == {}
    with pytest.raises(StoreError, match="已提交审核"):
        store(engine, submitted, prepared)
    given = {"seen": now(engine), "approval": Approval.OTHER}
    with pytest.raises(StoreError, match="须由另一人审核"):
        approve_draft(engine, held.id, submitted.version, prepared, "甲", **given)  # type: ignore[arg-type]
    result = approve_draft(engine, held.id, submitted.version, prepared, "乙", **given)  # type: ignore[arg-type]
    assert result.outcome == "stored"
    with engine.connect() as connection:
        assert queries.confirmations(connection)["confirmed_by"].tolist() == ["甲", "甲"]
        assert queries.imports(connection)["created_by"].tolist() == ["甲"]
        assert [(e.kind.value, e.by) for e in events_of(connection, held.id)] == [
            ("opened", "甲"), ("submitted", "甲"), ("approved", "乙"), ("stored", "乙"),
        ]  # fmt: skip


def test_where_any_person_may_approve_the_submitter_may(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place)
    held = kept(engine, prepared)
    submitted = submit_draft(engine, held.id, held.version, prepared, "甲")
    given = {"seen": now(engine), "approval": Approval.ANY}
    assert approve_draft(engine, held.id, submitted.version, prepared, "甲", **given).outcome == "stored"  # type: ignore[arg-type]


def test_a_draft_that_was_not_submitted_cannot_be_approved(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place)
    held = kept(engine, prepared)
    with pytest.raises(StoreError, match="还没有提交审核"):
        approve_draft(engine, held.id, held.version, prepared, "乙", seen=now(engine), approval=Approval.ANY)


def test_a_returned_draft_says_why_and_can_be_submitted_again(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place)
    held = kept(engine, prepared)
    submitted = submit_draft(engine, held.id, held.version, prepared, "甲")
    with pytest.raises(StoreError, match="退回的原因"):
        return_draft(engine, held.id, submitted.version, "  ", "乙")
    back = return_draft(engine, held.id, submitted.version, "缺镇中心校", "乙")
    assert (back.status, back.reason) == (DraftStatus.RETURNED, "缺镇中心校")
    again = submit_draft(engine, held.id, back.version, prepared, "甲")
    assert (again.status, again.reason) == (DraftStatus.SUBMITTED, "")
    with engine.connect() as connection:
        assert [e.reason for e in events_of(connection, held.id) if e.kind.value == "returned"] == ["缺镇中心校"]


def test_a_name_that_a_person_gave_to_a_unit_is_its_alias(engine: sa.Engine, place: Place) -> None:
    prepared = a_file(place)
    held = kept(engine, prepared, places={"河口完小": place["n1a"], "石塘镇小学": place["n2a"]})
    store(engine, held, prepared)
    with engine.connect() as connection:
        aliases = {unit.id: unit.aliases for unit in org_directory(connection)}
    assert aliases[place["n1a"]] == ("河口小学", "河口完小")
    assert aliases[place["n2a"]] == ()  # 石塘镇小学 is the name of another unit: the choice held for that file only


def test_a_file_can_take_the_place_of_an_earlier_import(engine: sa.Engine, place: Place) -> None:
    facts = [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 200, PRI)]
    old = save_import(engine, sheet(place, facts), "乙").import_id
    prepared = a_file(place, 310)
    held = kept(engine, prepared, replaces=old)
    store(engine, held, prepared)
    assert value_of(engine, place, "C", "enrollment", PRI)["value"] == 310
    with engine.connect() as connection:
        assert queries.imports(connection)["status"].tolist() == ["stored", "undone"]
        assert queries.recent_changes(connection)["user"].tolist() == ["甲", "甲"]


def test_a_stored_file_does_not_take_the_place_of_another(engine: sa.Engine, place: Place) -> None:
    prepared, other = a_file(place, 310), a_file(place, 300)
    save_import(engine, prepared, "乙")
    old = save_import(engine, other, "乙").import_id
    held = kept(engine, prepared, replaces=old)
    before = snapshot(engine)
    with pytest.raises(StoreError, match="先前已经入库"):
        store(engine, held, prepared)
    assert_same(before, snapshot(engine))


@pytest.mark.parametrize(
    ("said", "meant"),
    [("", Approval.OFF), ("off", Approval.OFF), (" Any ", Approval.ANY), ("other", Approval.OTHER), ("yes", Approval.OTHER)],
)  # fmt: skip
def test_the_bureau_says_whether_it_wants_approval(said: str, meant: Approval) -> None:
    assert Settings.from_environment({"EDU_APPROVAL": said}).approval is meant
