"""The proof page: a number is marked to the character or cell, its history and parts stand beside it, nothing runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db.catalogue import load_catalogue
from db.engine import make_engine
from db.store import save_import, undo_import
from pages.ui import proof
from tests.pages.conftest import Shelf, shown
from tests.pages.desk import HOSTILE, REPORT, SENTENCE, opened_desk, sheet  # noqa: F401 - a fixture
from tests.pages.test_document import Seen

Open = Callable[..., AppTest]


def box(app: AppTest) -> Seen:
    """The one document or sheet drawn on the page."""
    [html] = [each.value for each in app.get("html") if 'class="doc"' in each.value]
    return Seen(html)


def tables(app: AppTest) -> str:
    return "\n".join(each.value for each in app.get("html") if 'class="grid"' in each.value)


def test_a_number_of_a_report_is_marked_in_its_sentence_in_the_whole_document(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", obs=1)
    assert not app.exception
    seen = box(app)
    assert seen.text == REPORT
    assert seen.inside["focus"] == seen.here == "82,437"
    assert seen.inside["sentence"] == SENTENCE
    assert app.metric[0].value == "约82,437人"


def test_other_numbers_of_the_document_are_links(desk: Shelf, open_page: Open) -> None:
    seen = box(open_page("evidence", obs=1))
    assert seen.links == {"51,206": "./evidence?obs=2&lang=zh"}
    assert box(open_page("evidence", obs=2)).links == {"82,437": "./evidence?obs=1&lang=zh"}


def test_text_of_the_file_stays_text_everywhere_on_the_page(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", obs=1)
    assert {"script", "img"} & box(app).tags == set()
    app.session_state["open_issues_1"] = True
    app.run()
    for each in app.get("html"):
        assert "<script" not in each.value
        assert "<img" not in each.value
    assert HOSTILE not in "".join(str(each.value) for each in app.markdown)
    assert r"\<script\>" in "".join(str(each.value) for each in app.markdown)


def test_numbers_not_used_are_marked_on_request_with_their_reason(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", obs=1)
    assert "rejected" not in box(app).inside
    app.toggle(key="show_rejected").set_value(True).run()
    assert box(app).inside["rejected"] == "83,000"
    assert box(app).tags_said == {"83,000": "目标"}
    [reasons] = app.get("button_group")
    assert reasons.options == ["目标值，不是实际数（1个）"]
    reasons.set_value([]).run()
    assert "rejected" not in box(app).inside


def test_a_cell_is_marked_with_its_numerator_and_denominator(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", obs=3)
    seen = box(app)
    assert seen.inside["focus"] == seen.here == "95"
    assert seen.inside["part"] == "220209"
    assert seen.text.startswith("ABCD1学校应查验人数")
    assert "湾口小学 · 查验率\\(%\\)" in shown(app)
    assert "209 / 220" in tables(app)


def test_history_tells_every_version_and_leads_to_it(desk: Shelf, open_page: Open) -> None:
    engine = make_engine()
    save_import(engine, sheet(desk.ids, done=211, name="查验表(更正).xlsx"), "王芳")
    engine.dispose()
    old = open_page("evidence", obs=3)
    assert "这个数值已被后来的数据替换" in shown(old)
    history = tables(old)
    assert "查验表(更正).xlsx" in history
    assert './evidence?obs=4&amp;lang=zh">95.9%' in history
    assert "这个数值已被后来的数据替换" not in shown(open_page("evidence", obs=4))


def test_a_number_of_an_undone_import_says_so(desk: Shelf, open_page: Open) -> None:
    engine = make_engine()
    undo_import(engine, 2, "张敏")
    engine.dispose()
    assert "导入已被撤销" in shown(open_page("evidence", obs=3))


@pytest.mark.parametrize("typed", ["82437", "82,437", "８２４３７"])
def test_a_number_is_found_however_it_is_typed(desk: Shelf, open_page: Open, typed: str) -> None:
    app = open_page("evidence", q=typed)
    assert app.dataframe[0].value.iloc[:, 0].tolist() == ["82,437人"]
    assert "情况汇报.txt" in shown(app)


def test_choosing_a_result_opens_its_proof(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", q="51206")
    app.session_state["found"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    assert box(app).here == "51,206"
    assert app.query_params["obs"] == "2"
    assert app.text_input(key="q").value == ""


def test_a_search_without_result_says_what_to_do(desk: Shelf, open_page: Open) -> None:
    assert "没有找到" in shown(open_page("evidence", q="99999999"))


def test_a_computed_rate_shows_what_it_is_made_of_and_the_sum_comes_out(store: Shelf, open_page: Open) -> None:
    where = {"indicator": "vac_cert_check_rate", "period": "SY2025", "dims": "level=PRI"}
    app = open_page("evidence", unit=store.ids["city"], **where)
    assert not app.exception
    assert app.metric[0].value == "88.4%"
    made_of = tables(app)
    assert f"unit={store.ids['west']}&amp;indicator=vac_cert_check_rate&amp;period=SY2025" in made_of
    rows = [row.split("</th>") for row in made_of.split('<th scope="row">')[1:]]
    counts = {
        row[0].split("<")[0]: [int(c.split("<")[0].replace(",", "")) for c in row[1].split("<td>")[2:4]] for row in rows
    }
    assert counts == {"东渡区": [370, 370], "西坪县": [240, 320], "岚川市": [610, 690]}


def test_a_leaf_value_leads_straight_to_its_sentence(store: Shelf, open_page: Open) -> None:
    where = {"indicator": "vac_cert_check_rate", "period": "SY2025", "dims": "level=PRI"}
    app = open_page("evidence", unit=store.ids["p3"], **where)
    assert not app.exception
    assert "#240#320#" in box(app).here


@pytest.mark.parametrize("params", [{"obs": "4711"}, {"doc": "99"}, {"obs": "<script>"}, {"doc": "-1"}, {"unit": "x"}])
def test_a_link_to_nothing_shows_the_list_of_documents(desk: Shelf, open_page: Open, params: dict[str, str]) -> None:
    app = open_page("evidence", **params)
    assert not app.exception
    assert sorted(app.dataframe[0].value.iloc[:, 0]) == ["情况汇报.txt", "查验表.xlsx"]
    known = next(iter(params.values())).isdigit()
    assert ("不在库中" in shown(app)) is known


def test_choosing_another_number_of_the_document_opens_it(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", obs=1)
    assert len(app.dataframe) == 0  # the list is closed and costs nothing
    app.session_state["open_others_1"] = True
    app.run()
    assert len(app.dataframe[0].value) == 2
    app.session_state["others_1"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    assert box(app).here == "51,206"


def test_a_document_of_the_list_opens(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence")
    app.session_state["documents"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    assert app.query_params["doc"] == "2"
    assert "应查验人数" in box(app).text


def test_the_documents_are_listed_for_a_phone_too(desk: Shelf, open_page: Open) -> None:
    [html] = [each.value for each in open_page("evidence").get("html") if "<table" in each.value]
    assert 'href="./evidence?doc=2&' in html
    assert "已入库" in html


def test_an_empty_store_says_what_to_do(empty_store: object, open_page: Open) -> None:
    app = open_page("evidence")
    assert not app.exception
    assert "请先上报一份工作报告" in shown(app)


def test_the_page_speaks_english(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", obs=1, lang="en")
    assert not app.exception
    assert app.title[0].value == "Sources"
    assert app.metric[0].value.startswith("about 82,437")


def test_rule_and_confidence_are_said_in_words(desk: Shelf, open_page: Open) -> None:
    said = tables(open_page("evidence", obs=1))
    assert "高（93%）" in said
    assert "report.count（第3版）" in said  # a rule without words of its own
    assert proof.rule_words("sheet.wide", "2") == "一行一个单位的表，按列标题确定（第2版）"


@pytest.mark.parametrize(("confidence", "word"), [(0.9, "高"), (0.89, "中"), (0.7, "中"), (0.69, "低")])
def test_confidence_has_three_words(confidence: float, word: str) -> None:
    assert proof.certainty(confidence).startswith(word)


def test_a_search_for_a_school_leads_to_its_page(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", q="渡头小学")
    assert "渡头小学" in [each.label for each in app.get("page_link")]


@pytest.mark.parametrize(
    "params",
    [
        {"obs": "9" * 5000},
        {"obs": "9223372036854775808"},
        {"q": "\x00"},
        {"q": "1e999"},
        {"unit": "1", "indicator": "enrollment", "period": "\x00"},
        {"unit": "1", "indicator": "no_such", "period": "SY2025"},
    ],
)
def test_hostile_addresses_are_answered(desk: Shelf, open_page: Open, params: dict[str, str]) -> None:
    app = open_page("evidence", **params)
    assert not app.exception
    assert app.title[0].value == "出处"


def test_a_value_that_does_not_exist_is_said_to_be_unknown(desk: Shelf, open_page: Open) -> None:
    app = open_page("evidence", unit=desk.ids["p1"], indicator="enrollment", period="SY1999")
    assert "不在库中" in shown(app)


def test_a_stated_value_that_prints_alike_is_no_other_value() -> None:
    rate = load_catalogue().indicator("vac_cert_check_rate")
    assert "一致" in proof.stated_beside(41.22, 100 * 61 / 148, rate)
    assert "不同" in proof.stated_beside(41.9, 100 * 61 / 148, rate)
