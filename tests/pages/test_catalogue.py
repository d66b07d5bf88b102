"""The catalogue: found by any spelling, shown with formula, targets and what it rests on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db.catalogue import load_catalogue
from pages.analysis.display import chinese_marks
from tests.pages.conftest import Shelf, shown

Open = Callable[..., AppTest]


def card(app: AppTest) -> str:
    return "\n".join(each.value for each in app.get("html"))


def test_every_indicator_is_listed(store: Shelf, open_page: Open) -> None:
    app = open_page("catalogue")
    assert not app.exception
    assert app.dataframe[0].value.iloc[:, -1].tolist() == [each.code for each in load_catalogue().indicators]


@pytest.mark.parametrize("word", ["巩固率", "RETENTION", "retention_rate"])
def test_an_indicator_is_found_by_its_names_and_code(store: Shelf, open_page: Open, word: str) -> None:
    found = open_page("catalogue", q=word).dataframe[0].value.iloc[:, -1].tolist()
    assert "retention_rate" in found
    assert len(found) < 20


def test_an_indicator_is_found_by_a_spelling_of_sheets(store: Shelf, open_page: Open) -> None:
    each = next(one for one in load_catalogue().indicators if one.sheet_synonyms)
    assert each.code in open_page("catalogue", q=each.sheet_synonyms[0]).dataframe[0].value.iloc[:, -1].tolist()


def test_the_card_says_formula_unit_aggregation_targets_and_ground(store: Shelf, open_page: Open) -> None:
    html = card(open_page("catalogue", indicator="vac_cert_check_rate"))
    each = next(one for one in load_catalogue().indicators if one.code == "vac_cert_check_rate")
    assert chinese_marks(each.definition_zh) in html
    assert "÷" in html
    assert "分子之和除以分母之和" in html
    assert "<td>%</td>" in html
    assert "目标 ≥100%" in html
    assert "适用于" in html


def test_an_indicator_without_target_says_that_it_is_not_judged(store: Shelf, open_page: Open) -> None:
    assert "不作达标判断" in shown(open_page("catalogue", indicator="enrollment"))


def test_a_domain_narrows_the_list(store: Shelf, open_page: Open) -> None:
    codes = open_page("catalogue", domain="dropout").dataframe[0].value.iloc[:, -1].tolist()
    assert codes == [each.code for each in load_catalogue().indicators if each.domain == "dropout"]


def test_a_word_without_result_is_answered_with_what_to_do(store: Shelf, open_page: Open) -> None:
    app = open_page("catalogue", q="<b>没有这种指标</b>")
    assert not app.exception
    assert r"\<b\>没有这种指标\</b\>" in shown(app)


def test_every_vaccine_stands_in_the_table_in_both_languages(store: Shelf, open_page: Open) -> None:
    zh, en = card(open_page("catalogue")), card(open_page("catalogue", lang="en"))
    for vaccine in load_catalogue().vaccines:
        assert vaccine.name_zh in zh
        assert vaccine.name_en.replace("&", "&amp;") in en
        assert chinese_marks(vaccine.doses_zh) in zh
        assert vaccine.doses_en in en


def test_the_page_says_that_rates_are_never_averaged(store: Shelf, open_page: Open) -> None:
    assert "率只计算，不平均" in shown(open_page("catalogue"))
