"""The review page: one number after the other by key, in bulk, by name; every decision can be seen and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import queries
from db.engine import make_engine
from db.records import Evidence, Observation, OrgKind, OrgStatus, ProposedUnit, Rejected, SourceKind
from db.records_review import Doubt, Pending
from db.schema import source_file
from db.store import save_import
from pages.ui import fields, review_form
from tests.pages.conftest import Shelf, draft_of, grids, shown
from tests.pages.desk import HOSTILE, opened_desk  # noqa: F401 - a fixture

Open = Callable[..., AppTest]
TEXT = (
    f"西坪县情况汇报{HOSTILE}\n"
    "各校晨检实现全覆盖，食品留样做到全部落实。石岭中心小学在校生1,301人。\n"
    "石岭小校在校生77人。湾口小学查验率为97.5%。\n"
    "到2027年在校生达到9,000人。\n"
)


def observed(
    code: str, quote: str, value: str, unit: int | None, rule: str = "count_after_name", sure: float = 0.95
) -> Observation:
    at = TEXT.index(quote)
    first, last = TEXT.rfind("\n", 0, at) + 1, TEXT.index("\n", at)
    proof = Evidence(quote, rule, "1", sure, "第2段", at, at + len(quote), first, last)
    kind = "percent" if code.endswith("_rate") else "person"
    return Observation(code, "SY2025", {"level": "PRI"}, Decimal(value), kind, proof, SourceKind.REPORT, unit)


@pytest.fixture(name="waiting")
def stored_report(desk: Shelf) -> int:
    """A report with two inferred readings, a name of several units, an unknown name and a target; its file's id."""
    ids = desk.ids
    inferred = [
        Pending(
            observed("morning_check_rate", "全覆盖", "100", ids["west"], "implied_value", 0.5), (Doubt.LOW_CONFIDENCE,)
        ),
        Pending(
            observed("food_sample_rate", "全部落实", "100", ids["west"], "implied_value", 0.55), (Doubt.LOW_CONFIDENCE,)
        ),
    ]
    several = Pending(observed("vac_cert_check_rate", "97.5", "97.5", None), (Doubt.AMBIGUOUS_PLACE,), "湾口小学")
    stranger = replace(observed("enrollment", "77", "77", None), proposed_key="u")
    at = TEXT.index("9,000")
    draft = replace(
        draft_of(
            TEXT, [observed("enrollment", "1,301", "1301", ids["p3"]), stranger], "西坪县汇报.txt", SourceKind.REPORT
        ),
        pending=(*inferred, several),
        proposed_units=(ProposedUnit("u", "石岭小校", OrgKind.SCHOOL, OrgStatus.PROPOSED),),
        rejected=(Rejected("target", "9,000", at, at + 5, indicator="enrollment"),),
    )
    engine = make_engine()
    save_import(engine, draft, "李强")
    with engine.connect() as connection:
        number = connection.scalar(sa.select(source_file.c.id).where(source_file.c.name == "西坪县汇报.txt"))
    engine.dispose()
    return int(number or 0)


def value(unit: int, code: str) -> float | None:
    engine = make_engine()
    with engine.connect() as connection:
        found = queries.cells(connection, indicators=[code], org_unit_ids=[unit], periods=["SY2025"])
    engine.dispose()
    return None if found.empty else float(found.iloc[0]["value"])


def keys(app: AppTest) -> list[str]:
    return [str(each.key) for each in app.button]


def test_the_queue_lists_documents_with_their_counts_and_filters(waiting: int, open_page: Open) -> None:
    app = open_page("review")
    assert not app.exception
    assert "1份文件中有**3**个数等待认定" in shown(app)
    assert "待认定3 · 已认定0 · 待明确的单位名称2" in shown(app)
    app.selectbox(key="filter_doubt").select(Doubt.AMBIGUOUS_PLACE).run()
    assert "待认定1 ·" in shown(app)
    app.selectbox(key="filter_indicator").select("food_sample_rate").run()
    assert "西坪县汇报" not in shown(app)


def test_nothing_waiting_is_said(desk: Shelf, open_page: Open) -> None:
    assert "没有等待认定的数" in shown(open_page("review"))


def test_a_reading_is_shown_with_its_sentence_and_accepted_and_the_next_one_comes(
    waiting: int, desk: Shelf, open_page: Open
) -> None:
    app = open_page("review", doc=waiting)
    assert not app.exception
    page = grids(app)
    assert "全覆盖</mark>" in page
    assert "<script" not in page
    assert "晨检率" in page
    assert "西坪县" in page
    assert "100.0%" in page
    said = shown(app)
    assert "按措辞推断" in said
    assert "低，请核对原文（50%）" in said
    assert "采用后新增入库" in said
    shortcuts = {each.key: each.proto.shortcut for each in app.button}
    assert (shortcuts["accept"], shortcuts["correct"], shortcuts["refuse_target"]) == ("a", "e", "1")
    app.button(key="accept").click().run()
    assert value(desk.ids["west"], "morning_check_rate") == 100
    assert "全部落实</mark>" in grids(app)
    app.button(key="refuse_vague").click().run()
    assert value(desk.ids["west"], "food_sample_rate") is None
    assert "已认定2个" in str(app.get("progress")[0].proto)
    app.button(key="undo_last").click().run()
    assert "全部落实</mark>" in grids(app)


def test_a_number_put_off_comes_back_at_the_end(waiting: int, open_page: Open) -> None:
    app = open_page("review", doc=waiting)
    for quote in ("全部落实", "97.5", "全覆盖"):
        app.button(key="skip").click().run()
        assert f"{quote}</mark>" in grids(app)


def test_a_reading_without_a_unit_is_corrected_with_one(waiting: int, desk: Shelf, open_page: Open) -> None:
    app = open_page("review", doc=waiting)
    app.button(key="skip").click().run()
    app.button(key="skip").click().run()
    assert app.button(key="accept").disabled
    assert "湾口小学”在名录中对应多个单位" in shown(app)
    app.button(key="correct").click().run()
    assert "请选定单位" in shown(app)
    assert app.button(key="save_form").disabled
    unit = next(each for each in app.selectbox if str(each.key).endswith("_unit"))
    assert unit.options[0].startswith("湾口小学")
    unit.select(desk.ids["p2"]).run()
    number = next(each for each in app.text_input if str(each.key).endswith("_value"))
    number.set_value("九十七").run()
    assert "“数值”应填数字，现为“九十七”" in shown(app)
    for text, words in (("976", "不能超过100"), ("-1", "不能小于0"), ("", "请填写数值")):
        next(each for each in app.text_input if str(each.key).endswith("_value")).set_value(text).run()
        assert words in shown(app)
        assert app.button(key="save_form").disabled
    next(each for each in app.text_input if str(each.key).endswith("_value")).set_value("97.6").run()
    app.button(key="save_form").click().run()
    assert not app.exception
    assert value(desk.ids["p2"], "vac_cert_check_rate") == 97.6


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-06-30", "2025-06-30"),
        (" SY2024-T2 ", "SY2024-T2"),
        ("2016..2018", "2016..2018"),
        ("", ""),
        ("去年", None),
    ],
)
def test_a_typed_period_is_read_or_refused(text: str, code: str | None) -> None:
    assert fields.period_code(text) == code


def test_many_are_previewed_and_accepted_at_once_and_taken_back(waiting: int, desk: Shelf, open_page: Open) -> None:
    app = open_page("review", doc=waiting, side="bulk")
    assert not app.exception
    assert "选出3个，其中2个可以直接采用" in shown(app)
    preview = next(each.value for each in app.dataframe if "入库结果" in each.value)
    assert preview["数值"].tolist() == ["100.0%", "100.0%"]
    app.select_slider(key="bulk_confidence").set_value(0.55).run()
    assert "选出2个，其中1个可以直接采用" in shown(app)
    app.button(key="bulk_accept").click().run()
    assert value(desk.ids["west"], "food_sample_rate") == 100
    assert value(desk.ids["west"], "morning_check_rate") is None
    assert "已采用。" in str(app.get("toast")[0].proto)
    app.button(key="undo_last").click().run()
    assert value(desk.ids["west"], "food_sample_rate") is None
    app.button(key="bulk_accept").click().run()
    app = open_page("review", doc=waiting, side="decided")
    [table] = [each.value for each in app.dataframe]
    assert table["认定"].tolist() == ["采用", "采用"]
    assert app.button(key="revoke").disabled


def test_an_unknown_name_is_settled_for_the_document(waiting: int, desk: Shelf, open_page: Open) -> None:
    app = open_page("review", doc=waiting, side="names")
    assert not app.exception
    assert "石岭小校** · 不在名录中 · 已单独存放1个数" in shown(app)
    app.button(key=f"settle_石岭小校_{desk.ids['p3']}").click().run()
    assert not app.exception
    assert value(desk.ids["p3"], "enrollment") == 77
    assert "石岭小校**" not in shown(app)
    assert "归入1个数，其中1个替换了该单位原有的数" in str(app.get("toast")[0].proto)
    app.button(key="undo_last").click().run()
    assert value(desk.ids["p3"], "enrollment") == 1301
    assert "石岭小校**" in shown(app)


def test_numbers_left_out_are_listed_with_their_reasons(waiting: int, open_page: Open) -> None:
    app = open_page("review", doc=waiting, side="left_out")
    assert not app.exception
    [table] = [each.value for each in app.dataframe]
    assert table["未采用的原因"].tolist() == ["目标值，不是实际数"]
    assert "9,000" in table["上下文"].iloc[0]


def test_a_stored_value_that_is_wrong_is_removed_from_its_evidence(waiting: int, desk: Shelf, open_page: Open) -> None:
    engine = make_engine()
    with engine.connect() as connection:
        number = int(queries.search_observations(connection, value=1301.0)["observation_id"].iloc[0])
    engine.dispose()
    app = open_page("evidence", obs=number)
    assert any(
        f"obs={number}" in each.proto.query_string and each.proto.label == "这个数不对" for each in app.get("page_link")
    )
    app = open_page("review", obs=number)
    assert "accept" not in keys(app)
    app.button(key="refuse_other_entity").click().run()
    assert not app.exception
    assert value(desk.ids["p3"], "enrollment") is None
    assert "这个数已处理" in shown(app)
    app.button(key="undo_last").click().run()
    assert not app.exception
    assert value(desk.ids["p3"], "enrollment") == 1301
    assert "refuse_other_entity" in keys(app)


def test_other_pages_say_that_something_waits(waiting: int, open_page: Open) -> None:
    for page in ("overview", "upload"):
        links = [each.proto.label for each in open_page(page).get("page_link")]
        assert "有3个数等待人工认定" in links, page


def test_the_page_speaks_english(waiting: int, open_page: Open) -> None:
    for side in ("one", "bulk", "names", "decided", "left_out"):
        app = open_page("review", doc=waiting, side=side, lang="en")
        assert not app.exception, side
        assert "Review" in [each.value for each in app.title]


def test_a_broken_address_leads_to_the_queue(waiting: int, open_page: Open) -> None:
    for params in ({"doc": 99}, {"obs": 4711}, {"doc": "x"}, {"obs": "9" * 30}):
        app = open_page("review", **params)
        assert not app.exception
        assert "等待认定" in shown(app)


def test_period_choices_begin_with_the_reading_and_hold_the_unknown() -> None:
    choices = fields.period_choices("SY2024-T1", ["2025-06-30"])
    assert choices[0] == "SY2024-T1"
    assert {"SY2025", "2024", "2025-06-30", ""} <= set(choices)
    assert len(choices) == len(set(choices))


@pytest.mark.parametrize(("text", "number"), [("1,301", 1301.0), ("97.5", 97.5), ("全部", None), ("约3千", 3.0)])
def test_the_figures_of_a_number(text: str, number: float | None) -> None:
    assert review_form.number_in(text) == number
