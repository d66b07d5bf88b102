"""Handing in: nothing is stored before the confirmation, bad files are refused with a sentence, imports come back out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import queries
from db.engine import make_engine
from db.records import Draft, Issue, OrgKind, OrgStatus, ProposedUnit, Severity
from db.records_accounts import Role
from db.records_layout import RecalledLayouts
from db.schema import import_batch, observation
from pages.ui import access, actions, proof
from tests.pages.conftest import Shelf, shown
from tests.pages.desk import HOSTILE, opened_desk, report, sheet  # noqa: F401 - a fixture

Open = Callable[..., AppTest]


def stored() -> tuple[int, int]:
    """How many imports and current values the store holds."""
    engine = make_engine()
    with engine.connect() as connection:
        imports = connection.scalar(sa.select(sa.func.count()).select_from(import_batch))
        current = sa.select(sa.func.count()).select_from(observation).where(observation.c.valid_to.is_(None))
        values = connection.scalar(current)
    engine.dispose()
    return int(imports or 0), int(values or 0)


def hand_in(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key="upload_file").set_value((name, content, "application/octet-stream"))
    return app.run()


def drafted(monkeypatch: pytest.MonkeyPatch, draft: Draft) -> None:
    """The pipeline is tested elsewhere: here a file is understood as the given draft."""
    monkeypatch.setattr(actions, "draft", lambda *asked: (draft, RecalledLayouts(), {}))


def tables(app: AppTest) -> str:
    return "\n".join(each.value.split("</style>")[-1] for each in app.get("html"))


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.txt", b""), ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 400), ("坏.xlsx", b"PK\x03\x04" + b"x" * 500)],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    desk: Shelf, open_page: Open, name: str, content: bytes
) -> None:
    before = stored()
    app = hand_in(open_page("upload"), name, content)
    assert not app.exception
    assert len(app.error) == 1
    assert len(app.error[0].value) > 10
    assert "没有存入任何内容" in shown(app)
    assert not [each for each in app.button if each.key == "store"]
    assert stored() == before


def test_a_preview_shows_what_was_understood_and_stores_nothing(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted(monkeypatch, sheet(desk.ids, done=211, name="更正.xlsx"))
    before = stored()
    app = hand_in(open_page("upload"), "更正.xlsx", b"x")
    assert not app.exception
    assert "统计表：读懂1个数值，涉及1项指标、1个单位" in shown(app)
    sample = next(each.value for each in app.dataframe if "原文" in each.value)
    assert sample.iloc[0].tolist()[2:6] == ["湾口小学", "2025-2026学年", "95.9%", "查验!D2"]
    assert [(each.label, each.value) for each in app.metric] == [
        ("新增", "0"),
        ("变更", "1"),
        ("相同", "0"),
        ("缺少", "0"),
    ]
    assert ">95.0%</a>" in tables(app)
    assert "<td>95.9%</td>" in tables(app)
    assert stored() == before


def test_confirming_stores_and_leads_to_the_file(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted(monkeypatch, sheet(desk.ids, done=211, name="更正.xlsx"))
    app = hand_in(open_page("upload"), "更正.xlsx", sheet(desk.ids, done=211, name="更正.xlsx").source.content)
    app.button(key="store").click().run()
    assert not app.exception
    assert "已入库：新增0个，变更1个，相同0个。" in shown(app)
    assert any("doc=3" in each.proto.query_string for each in app.get("page_link"))
    assert stored() == (3, 3)


def test_the_same_file_again_changes_nothing(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    same = sheet(desk.ids)
    drafted(monkeypatch, same)
    before = stored()
    app = hand_in(open_page("upload"), same.source.name, same.source.content)
    app.button(key="store").click().run()
    assert "这个文件以前已经入库" in shown(app)
    assert stored() == before


def test_a_blocking_issue_prevents_storing_and_says_what_to_do(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = Issue(
        "B01", Severity.BLOCK, f"湾口小学已查验人数大于应查验人数{HOSTILE}，请核对。", sheet="查验", cell="C2"
    )
    drafted(monkeypatch, replace(sheet(desk.ids, done=211), issues=(issue,)))
    app = hand_in(open_page("upload"), "错.xlsx", b"x")
    assert not app.exception
    assert "不能入库，库中数据没有任何改动" in shown(app)
    assert not [each for each in app.button if each.key == "store"]
    assert "查验!C2" in tables(app)
    assert "&lt;script&gt;" in tables(app)
    assert "<script" not in tables(app)


def test_every_doubtful_point_wants_its_own_tick_and_takes_a_reason(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    issues = tuple(
        Issue("B17", Severity.CONFIRM, f"查验率比上年低{n}个百分点，请确认。", sheet="查验", cell="D2")
        for n in (20, 30)
    )
    drafted(monkeypatch, replace(sheet(desk.ids, done=211), issues=issues))
    app = hand_in(open_page("upload"), "疑.xlsx", b"x")
    assert app.button(key="store").disabled
    assert not app.text_input
    app.checkbox[0].check().run()
    assert app.button(key="store").disabled
    assert "还有1条疑点没有确认" in shown(app)
    app.text_input[0].set_value("两校合并").run()
    assert [each.reason for each in app.session_state["desk"].choices.ticks.values()] == ["两校合并"]
    app.checkbox[1].check().run()
    assert not app.button(key="store").disabled
    app.checkbox[0].uncheck().run()
    assert app.button(key="store").disabled


def test_ticks_of_one_file_do_not_count_for_the_next(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = Issue("B17", Severity.CONFIRM, "查验率比上年低20个百分点，请确认。", sheet="查验", cell="D2")
    drafted(monkeypatch, replace(sheet(desk.ids, done=211), issues=(issue,)))
    app = hand_in(open_page("upload"), "疑.xlsx", b"x")
    app.checkbox[0].check().run()
    app = hand_in(app, "又一份.xlsx", b"y")
    assert not app.checkbox[0].value
    assert app.button(key="store").disabled


def test_units_the_register_does_not_know_are_named(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = report(desk.ids)
    unit = ProposedUnit("u", "<b>云外小学", OrgKind.SCHOOL, OrgStatus.PROPOSED)
    unknown = tuple(replace(each, org_unit_id=None, proposed_key="u") for each in known.observations)
    drafted(monkeypatch, replace(known, observations=unknown, proposed_units=(unit,)))
    app = hand_in(open_page("upload"), "报告.txt", b"x")
    assert not app.exception
    assert r"\<b\>云外小学" in shown(app)
    sample = next(each.value for each in app.dataframe if "原文" in each.value)
    assert sample.iloc[0].tolist()[-1].startswith("2025学年初全市在校生约82,437人")


def test_a_file_without_numbers_says_so(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted(monkeypatch, replace(report(desk.ids), observations=(), rejected=()))
    assert "没有读到任何指标数值" in shown(hand_in(open_page("upload"), "空话.txt", b"x"))


def test_undo_takes_an_import_back_after_confirmation(desk: Shelf, open_page: Open) -> None:
    app = open_page("upload")
    assert stored() == (2, 3)
    app.button(key="undo_1").click().run()
    assert not app.exception
    assert "已撤销，停用2个数值" in shown(app)
    assert stored() == (2, 1)
    assert "undo_1" not in [each.key for each in app.button]


def test_undoing_twice_is_answered_with_a_sentence(desk: Shelf, open_page: Open) -> None:
    first, second = open_page("upload"), open_page("upload")
    first.button(key="undo_2").click().run()
    second.button(key="undo_2").click().run()
    assert not second.exception
    assert "已撤销过" in shown(second)


def test_the_page_speaks_english(desk: Shelf, open_page: Open) -> None:
    app = open_page("upload", lang="en")
    assert not app.exception
    assert "Latest submissions" in shown(app)


def test_issues_are_grouped_by_kind_and_only_the_first_stand_open(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(
        Issue("unknown_place", Severity.CONFIRM, f"第{n}校不在名录中。", sheet="查验", cell=f"A{n}")
        for n in range(2, 14)
    )
    one = Issue("B04", Severity.CONFIRM, "查验率偏低。", sheet="查验", cell="D2")
    strange = Issue("brand_new", Severity.CONFIRM, "从未见过的问题。", sheet="查验", cell="D3")
    drafted(monkeypatch, replace(sheet(desk.ids, done=211), issues=(*many, one, strange)))
    app = hand_in(open_page("upload"), "疑.xlsx", b"x")
    assert not app.exception
    said = shown(app)
    assert said.index("不在常见范围内**（1条") < said.index("单位不在名录中**（12条，未确认12条）")
    assert "**其他**（1条" in said
    labels = [each.label for each in app.checkbox]
    assert len(labels) == 14
    assert labels[0].startswith(r"查验\!D2：")


def test_notes_stand_in_one_table_and_the_rest_of_a_kind_on_request(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(
        Issue("unknown_column", Severity.NOTE, f"第{n}列没有取数。", sheet="查验", cell=f"A{n}") for n in range(2, 14)
    )
    drafted(monkeypatch, replace(sheet(desk.ids, done=211), issues=many))
    app = hand_in(open_page("upload"), "疑.xlsx", b"x")
    assert "不认识的列：其余7条" in shown(app)
    listed = [each.value for each in app.get("html") if "列没有取数" in each.value]
    assert [each.count("列没有取数") for each in listed] == [5, 7]


def test_what_blocks_is_said_first_and_no_difference_is_offered(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = Issue("B08", Severity.BLOCK, "合计不等于各行之和，请核对。", sheet="查验", cell="C9")
    drafted(monkeypatch, replace(sheet(desk.ids, done=211), issues=(issue,)))
    app = hand_in(open_page("upload"), "错.xlsx", b"x")
    assert app.error[0].value.startswith("有1条必须改正的问题")
    assert [each.value for each in app.header][:2] == ["一、读懂的内容", "二、疑点"]
    assert not app.metric
    assert not app.checkbox
    assert "查验!C9" in tables(app)


def test_a_file_without_values_cannot_be_stored(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted(monkeypatch, replace(report(desk.ids), observations=(), rejected=()))
    app = hand_in(open_page("upload"), "空话.txt", b"x")
    assert "没有可以入库的数值" in shown(app)
    assert not [each for each in app.button if each.key == "store"]


def test_a_cell_of_a_csv_is_named_by_row_and_column() -> None:
    assert proof.cell_place("csv", "R12C3") == "第12行第3列"
    assert proof.cell_place("查验", "C12") == "查验!C12"
    assert proof.cell_place(None, "C12") == "C12"


def test_a_draft_outlives_the_browser_and_is_gone_on_with(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = Issue("B17", Severity.CONFIRM, "查验率比上年低20个百分点，请确认。", sheet="查验", cell="D2")
    draft = replace(sheet(desk.ids, done=211), issues=(issue,))
    drafted(monkeypatch, draft)
    before = stored()
    app = hand_in(open_page("upload"), draft.source.name, draft.source.content)
    app.checkbox[0].check().run()
    app.text_input[0].set_value("已核实").run()

    later = open_page("upload")
    assert "未办完的草稿（1份）" in shown(later)
    assert "已确认1条，共1条" in shown(later)
    later.button(key="resume_1").click().run()
    assert later.checkbox[0].value
    assert later.text_input[0].value == "已核实"
    later.button(key="store").click().run()
    assert "已入库" in shown(later)
    assert stored() == (before[0] + 1, before[1])
    assert "未办完的草稿" not in shown(open_page("upload"))
    engine = make_engine()
    with engine.connect() as connection:
        kept = queries.confirmations(connection)
    engine.dispose()
    assert kept["reason"].tolist() == ["已核实"]


def test_the_address_of_a_draft_opens_it_again(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = sheet(desk.ids, done=211)
    drafted(monkeypatch, draft)
    app = hand_in(open_page("upload"), draft.source.name, draft.source.content)
    assert app.query_params["draft"] == "1"
    again = open_page("upload", draft="1")
    assert "三、与库中数据的差异" in [each.value for each in again.header]
    gone = open_page("upload", draft="77")
    assert not gone.exception
    assert "没有第 77 号草稿" in shown(gone)


def test_a_draft_is_given_up_after_confirmation(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = sheet(desk.ids, done=211)
    drafted(monkeypatch, draft)
    before = stored()
    hand_in(open_page("upload"), draft.source.name, draft.source.content)
    later = open_page("upload")
    later.button(key="discard_1").click().run()
    assert not later.exception
    assert "未办完的草稿" not in shown(later)
    assert stored() == before


def test_a_blocked_file_leaves_no_draft_behind(desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = Issue("B08", Severity.BLOCK, "合计不等于各行之和，请核对。", sheet="查验", cell="C9")
    draft = replace(sheet(desk.ids, done=211), issues=(issue,))
    drafted(monkeypatch, draft)
    hand_in(open_page("upload"), draft.source.name, draft.source.content)
    assert "未办完的草稿" not in shown(open_page("upload"))


def test_where_approval_is_wanted_a_file_is_handed_in_looked_at_and_stored_or_sent_back(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDU_APPROVAL", "other")
    draft = sheet(desk.ids, done=211)
    drafted(monkeypatch, draft)
    before = stored()
    app = hand_in(open_page("upload"), draft.source.name, draft.source.content)
    assert not [each for each in app.button if each.key == "store"]
    app.button(key="submit").click().run()
    assert "正在等待审核" in shown(app)
    app.button(key="approve").click().run()
    assert "须由另一人审核" in shown(app)
    assert stored() == before

    monkeypatch.setattr(access, "current", lambda: access.Person("王芳", "王芳", Role.ADMINISTRATOR))
    other = open_page("upload")
    assert "已提交，待审核" in shown(other)
    other.button(key="resume_1").click().run()
    other.text_area(key="return_reason").set_value("请写明变动原因").run()
    other.button(key="return").click().run()
    assert "审核退回：请写明变动原因" in shown(other)
    other.button(key="submit").click().run()

    monkeypatch.setattr(access, "current", lambda: access.Person("李明", "李明", Role.ADMINISTRATOR))
    third = open_page("upload", draft="1")
    third.button(key="approve").click().run()
    assert "已入库：新增0个，变更1个" in shown(third)
    assert stored() == (before[0] + 1, before[1])


def test_two_windows_on_one_draft_do_not_overwrite_each_other(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = Issue("B17", Severity.CONFIRM, "查验率比上年低20个百分点，请确认。", sheet="查验", cell="D2")
    draft = replace(sheet(desk.ids, done=211), issues=(issue,))
    drafted(monkeypatch, draft)
    one = hand_in(open_page("upload"), draft.source.name, draft.source.content)
    two = open_page("upload", draft="1")
    one.checkbox[0].check().run()
    two.checkbox[0].check().run()
    assert "已由" in two.error[0].value
    two.button(key="newest").click().run()
    assert not two.error
    assert two.checkbox[0].value


def test_what_changed_in_the_store_meanwhile_is_looked_at_before_storing(
    desk: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = sheet(desk.ids, done=211)
    drafted(monkeypatch, draft)
    app = hand_in(open_page("upload"), draft.source.name, draft.source.content)
    open_page("upload").button(key="undo_2").click().run()
    app.button(key="store").click().run()
    assert "库中数据在您核对之后有了变动" in shown(app)
    assert [each.value for each in app.metric][:2] == ["1", "0"]
    app.button(key="store").click().run()
    assert "已入库：新增1个" in shown(app)
