"""The overview: what is wrong, where, since when, and who has not reported, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from db.catalogue import load_catalogue
from db.engine import make_engine
from db.records import Observation, OrgKind, OrgStatus, ProposedUnit, SourceKind
from db.store import save_import
from pages.ui import sentences, text
from tests.pages.conftest import RATES, Shelf, draft_of, proof, shown
from tests.pages.desk import opened_desk  # noqa: F401 - a fixture

Open = Callable[..., AppTest]


def metric(app: AppTest, label: str) -> tuple[str, str]:
    [found] = [each for each in app.metric if each.label == label]
    return str(found.value), str(found.delta)


def test_the_city_value_is_the_quotient_of_sums(store: Shelf, open_page: Open) -> None:
    pairs = [series[-1] for (_, code, _), series in RATES.items() if code == "vac_cert_check_rate" and series[-1]]
    due, done = sum(n for _, n in pairs), sum(x for x, _ in pairs)
    app = open_page("overview")
    assert not app.exception
    assert (done, due) == (610, 690)
    assert metric(app, "预防接种证查验率") == ("88.4%", "-7.4个百分点")
    assert any("610 / 690" in str(each.proto.help) for each in app.markdown)


@pytest.mark.parametrize(
    ("language", "label", "value"),
    [("zh", "在校生数（在园幼儿数）", "3,485人"), ("en", "Enrolled students", "3,485")],
)
def test_counts_carry_separators_and_units(
    store: Shelf, open_page: Open, language: str, label: str, value: str
) -> None:
    app = open_page("overview", lang=language)
    assert not app.exception
    assert metric(app, label)[0] == value


def test_a_change_of_a_count_is_given_in_numbers_and_percent(store: Shelf, open_page: Open) -> None:
    assert metric(open_page("overview"), "在校生数（在园幼儿数）")[1] == "-18（-0.5%）"


def test_each_tile_draws_its_course_with_the_first_and_the_last_value_told(store: Shelf, open_page: Open) -> None:
    drawn = [each.proto.body for each in open_page("overview").get("html") if "spark" in each.proto.body]
    assert any('title="自2023-2024学年 3,460人至2025-2026学年 3,485人"' in each for each in drawn)


def test_attention_names_the_school_the_gap_and_since_when(store: Shelf, open_page: Open) -> None:
    [first, *_] = [each.value for each in open_page("overview").markdown if each.value.startswith("**")]
    for part in ("石岭中心小学", "75.0%", "低于目标100%", "还差80人", "自2024-2025学年起连续2期"):
        assert part in first


def test_attention_does_not_name_a_school_that_chance_explains(store: Shelf, open_page: Open) -> None:
    lines = "\n".join(each.value for each in open_page("overview").markdown if each.value.startswith("**"))
    assert "石岭初中" in lines
    assert "湾口小学" not in lines
    hygiene = [line for line in lines.splitlines() if "卫生" in line]
    assert [("石岭中心小学" in line) for line in hygiene] == [False]


def test_attention_at_the_level_of_districts(store: Shelf, open_page: Open) -> None:
    app = open_page("overview", kind="county")
    lines = [each.value for each in app.markdown if each.value.startswith("**")]
    assert lines
    assert all("西坪县" in line for line in lines)


def test_who_has_not_reported_is_listed_by_district(store: Shelf, open_page: Open) -> None:
    app = open_page("overview", missing="enrollment")
    assert "应报5所，已报4所，未报**1**所" in shown(app)
    assert [each.value for each in app.code if "known=" not in each.value] == ["西坪县（1所）：青崖小学"]
    assert any("青崖小学" in each.value.to_csv() and "2024-2025学年" in each.value.to_csv() for each in app.dataframe)


def test_the_latest_imports_stand_at_the_foot(store: Shelf, open_page: Open) -> None:
    table = open_page("overview").dataframe[-1].value
    assert table["文件"].tolist() == ["西坪县汇报.txt", "学年统计.csv"]
    assert table["经手人"].tolist() == ["李强", "张敏"]


def test_every_link_keeps_the_language(store: Shelf, open_page: Open) -> None:
    app = open_page("overview", lang="en")
    links = [each.proto.query_string for each in app.get("page_link")]
    assert links
    assert all("lang=en" in each for each in links)


def test_the_verdict_names_what_is_missed_and_leads_on(store: Shelf, open_page: Open) -> None:
    first, second = [
        each.value for each in open_page("overview").markdown if "项主要指标" in each.value or "](#" in each.value
    ]
    assert "未达标2项" in first
    assert "预防接种证查验率" in first
    assert "[学校中2处差距超出偶然波动](#attention)" in second
    assert "[预防接种证查验率本期1所学校未报](#reporting)" in second
    assert "两种说法" not in second


def test_attention_says_what_chance_was_tested_against(store: Shelf, open_page: Open) -> None:
    [first, *_] = [each.value for each in open_page("overview").markdown if each.value.startswith("**")]
    assert "明显差于全市88.4%，超出偶然波动" in first


def test_imports_of_one_day_and_person_are_one_row(desk: Shelf, open_page: Open) -> None:
    app = open_page("overview")
    assert not app.exception
    [grouped] = [each.value for each in app.get("html") if "文件数" in each.value]
    assert re.findall(r"<td>(?:张敏|李强)</td><td>(\d+)</td>", grouped) == ["1", "1"]


def test_two_versions_of_a_number_stand_side_by_side_with_both_proofs(desk: Shelf, open_page: Open) -> None:
    text = "湾口小学预防接种证查验率为91.0%。\n"
    told = Observation(
        "vac_cert_check_rate", "SY2025", {"level": "PRI"}, Decimal("91.0"), "percent", proof(text, "91.0%"),
        SourceKind.REPORT, desk.ids["p1"],
    )  # fmt: skip
    engine = make_engine()
    save_import(engine, draft_of(text, [told], "查验小结.txt", SourceKind.REPORT), "李强")
    engine.dispose()
    app = open_page("overview")
    assert not app.exception
    assert "[1处数字两种说法](#conflicts)" in shown(app)
    [row] = [each.value.iloc[0] for each in app.dataframe if "另一说法出处" in each.value.columns]
    assert (row["单位"], row["页面采用"], row["另一说法"]) == ("湾口小学", "95.0%", "91.0%")
    assert "evidence?obs=" in row["页面数值出处"]
    assert row["页面数值出处"] != row["另一说法出处"]


@pytest.mark.parametrize(("language", "label"), [("zh", "待认领 · 远山县"), ("en", "unclaimed · 远山县")])
def test_a_unit_outside_the_tree_can_be_chosen(desk: Shelf, open_page: Open, language: str, label: str) -> None:
    text = "远山县在校生1,200人。\n"
    told = Observation(
        "enrollment", "SY2025", {"level": "ALL"}, Decimal(1200), "person", proof(text, "1,200"), SourceKind.REPORT,
        proposed_key="far",
    )  # fmt: skip
    draft = draft_of(text, [told], "远山县汇报.txt", SourceKind.REPORT)
    engine = make_engine()
    save_import(
        engine,
        replace(draft, proposed_units=(ProposedUnit("far", "远山县", OrgKind.COUNTY, OrgStatus.PROPOSED),)),
        "李强",
    )
    engine.dispose()
    assert open_page("trends", lang=language).multiselect(key="pick_units").options[-1] == label
    assert label not in open_page("districts", lang=language).selectbox(key="pick_within").options


def test_attention_names_who_follows_up(store: Shelf, open_page: Open) -> None:
    app = open_page("overview")
    [first, *_] = [each.value for each in app.markdown if each.value.startswith("**")]
    assert "由西坪县督办" in first
    assert "按督办单位：西坪县" in shown(app)


def test_how_many_flags_chance_alone_would_raise_stands_below_the_list(store: Shelf, open_page: Open) -> None:
    [line] = [each.value for each in open_page("overview").caption if "仅因偶然" in each.value]
    assert line.startswith("共比较")
    assert "2项超出偶然波动" in line


def test_a_change_that_nobody_could_test_has_no_colour(store: Shelf, open_page: Open) -> None:
    colours = {each.label: each.proto.color for each in open_page("overview").metric}
    assert set(colours.values()) == {open_page("overview").metric[0].proto.GRAY}


def test_what_is_missing_has_the_unit_of_what_the_rate_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "language", lambda: "zh")
    indicator = load_catalogue().indicator
    assert sentences.short_text(26, indicator("vac_cert_check_rate")) == "26人"
    assert sentences.short_text(3, indicator("hygiene_inspection_pass_rate")) == "3所"
    assert sentences.short_text(6, indicator("open_kitchen_coverage")) == "6个"


def test_on_paper_chinese_words_stand_without_the_spaces_of_the_screen() -> None:
    screen = "**湾口小学（湾口镇 · 东渡区）** 预防接种证查验率（小学） **75.0%**，低于目标"
    assert text.spoken(screen) == "湾口小学（湾口镇 · 东渡区）预防接种证查验率（小学）75.0%，低于目标"
    assert text.spoken("**West** rate **75.0%**") == "West rate 75.0%"
