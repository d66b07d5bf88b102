"""The quality page: two values with their proofs, a ruling made and taken back, claims with their results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.records import Evidence, Observation, SourceKind
from db.records_accounts import Role
from db.records_claims import Base, BaseKind, Claim, ClaimKind, Direction
from db.store import save_import
from pages.ui.access import Person
from tests.pages.conftest import Shelf, draft_of, proof, shown
from tests.pages.desk import opened_desk, sheet

__all__ = ["opened_desk"]
Open = Callable[..., AppTest]
TEXT = (
    "湾口小学预防接种证查验率为91.0%,比上年提高1.4个百分点。\n石岭中心小学查验率与上年持平。\n"
    "西坪县查验率比2010年提高20个百分点。\n"
)


def evidence(quote: str) -> Evidence:
    return replace(proof(TEXT, quote), rule="claim")


def claim(ids: dict[str, int], kind: ClaimKind, unit: str, quote: str, size: str | None, base: Base) -> Claim:
    way = Direction.LEVEL if size is None else Direction.UP
    number = None if size is None else Decimal(size)
    return Claim(
        kind, way, number, "points", base, evidence(quote), "vac_cert_check_rate", {"level": "PRI"}, "SY2025",
        org_unit_id=ids[unit],
    )  # fmt: skip


@pytest.fixture(name="told")
def with_a_report(desk: Shelf) -> Shelf:
    """The desk with a report that disagrees with the sheet, and three comparisons of it."""
    ids = desk.ids
    made = Observation(
        "vac_cert_check_rate", "SY2025", {"level": "PRI"}, Decimal("91.0"), "percent", proof(TEXT, "91.0"),
        SourceKind.REPORT, ids["p1"],
    )  # fmt: skip
    before = Base(BaseKind.PERIOD, "上年", "SY2024")
    claims = (
        claim(ids, ClaimKind.POINTS, "p1", "1.4", "1.4", before),
        claim(ids, ClaimKind.UNCHANGED, "p3", "持平", None, before),
        claim(ids, ClaimKind.POINTS, "west", "20", "20", Base(BaseKind.PERIOD, "2010年", "SY2010")),
    )
    engine = make_engine()
    save_import(engine, old_sheet(ids), "张敏")
    save_import(engine, replace(draft_of(TEXT, [made], "查验小结.txt", SourceKind.REPORT), claims=claims), "李强")
    engine.dispose()
    return desk


def old_sheet(ids: dict[str, int]):  # type: ignore[no-untyped-def]
    """The same school a year earlier: 206 of 220."""
    draft = sheet(ids, 206, "上年查验表.xlsx")
    return replace(draft, observations=tuple(replace(each, period="SY2024") for each in draft.observations))


def links_of(app: AppTest) -> str:
    return "\n".join(each.value for each in app.get("html"))


def test_both_values_stand_side_by_side_with_their_proofs(told: Shelf, open_page: Open) -> None:
    app = open_page("quality")
    assert not app.exception
    words = shown(app)
    assert "待认定的分歧（1处）" in words
    assert "**湾口小学**" in words
    assert "相差4个百分点，约9人" in words
    assert "看不出原因" in words
    html = links_of(app)
    assert "95.0%" in html
    assert "91.0%" in html
    assert html.count("evidence?obs=") == 2
    assert "查验小结.txt" in html


def test_a_ruling_is_stored_shown_and_taken_back(told: Shelf, open_page: Open) -> None:
    app = open_page("quality")
    [save] = [each for each in app.button if each.label == "保存认定"]
    save.click().run()
    assert [each.value for each in app.error] == ["请写明认定的理由(例如核对了哪份原始记录),再保存。"]
    [verdict] = app.radio
    verdict.set_value("told").run()
    [why] = [each for each in app.text_input if each.label == "理由"]
    why.set_value("已核对接种门诊记录").run()
    [save] = [each for each in app.button if each.label == "保存认定"]
    save.click().run()
    assert not app.exception
    assert not app.error
    words = shown(app)
    assert "没有待认定的分歧" in words
    assert "已认定（1处）" in words
    assert "以另一说法为准" in words
    assert "已核对接种门诊记录" in words
    assert "认定前采用" in links_of(app)
    overview = shown(open_page("overview"))
    assert "数字两种说法" not in overview
    [back] = [each for each in app.button if each.label == "撤回认定"]
    back.click().run()
    assert "待认定的分歧（1处）" in shown(app)


def test_who_may_not_upload_sees_everything_and_rules_on_nothing(
    told: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.access.current", lambda: Person("fangke", "访客", Role.VIEWER))
    app = open_page("quality")
    assert "待认定的分歧（1处）" in shown(app)
    assert not app.radio
    assert not [each for each in app.button if each.label in ("保存认定", "撤回认定")]


def test_claims_say_what_the_report_says_and_what_the_data_say(told: Shelf, open_page: Open) -> None:
    app = open_page("quality")
    words = shown(app)
    assert "共3条：**不符0条**，相符1条，无法核对2条。" in words
    tables = "\n".join(each.value.to_csv() for each in app.dataframe)
    assert "报告称比上年提高1.4个百分点，按库中数据计算为提高1.36个百分点。" in tables
    assert "报告称与上年持平，无法核对：库中没有本期的数据。" in tables
    engine = make_engine()
    save_import(engine, sheet(told.ids, 211, "查验表更正.xlsx"), "张敏")
    engine.dispose()
    app = open_page("quality")
    assert "报告称比上年提高1.4个百分点，按库中数据计算为提高2.27个百分点。" in shown(app).replace("\\", "")
    assert "evidence?doc=" in links_of(app)


def test_a_district_and_a_document_narrow_the_page(told: Shelf, open_page: Open) -> None:
    app = open_page("quality", within=told.ids["west"])
    words = shown(app)
    assert "没有待认定的分歧" in words
    assert "共2条" in words
    app = open_page("quality", file=999)
    assert not app.exception
    assert "待认定的分歧（1处）" in shown(app)


def test_the_evidence_page_lists_the_claims_of_a_document_and_marks_one(told: Shelf, open_page: Open) -> None:
    doc = 4
    app = open_page("evidence", doc=doc, claim=1)
    assert not app.exception
    assert any("文中的比较（3条：不符0，相符1，无法核对2）" in each.label for each in app.expander)
    marked = next(each.value for each in app.get("html") if 'class="doc"' in each.value)
    assert "报告称比上年提高1.4个百分点" in marked
    assert 'id="here"' in marked
    assert "报告称" not in next(
        each.value for each in open_page("evidence", doc=doc, claim=77).get("html") if 'class="doc"' in each.value
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_store_says_what_to_do(empty_store: object, open_page: Open, language: str) -> None:
    app = open_page("quality", lang=language)
    assert not app.exception
    assert app.header


def test_every_word_of_the_page_is_there_in_english(told: Shelf, open_page: Open) -> None:
    app = open_page("quality", lang="en")
    assert not app.exception
    assert "Discrepancies to decide (1)" in shown(app)
