"""The overview: what is wrong, where, since when, and who has not reported, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import RATES, Shelf, shown

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
    [("zh", "在校生数(在园幼儿数)", "3,485人"), ("en", "Enrolled students", "3,485")],
)
def test_counts_carry_separators_and_units(
    store: Shelf, open_page: Open, language: str, label: str, value: str
) -> None:
    app = open_page("overview", lang=language)
    assert not app.exception
    assert metric(app, label)[0] == value


def test_a_change_of_a_count_is_given_in_numbers_and_percent(store: Shelf, open_page: Open) -> None:
    assert metric(open_page("overview"), "在校生数(在园幼儿数)")[1] == "-18（-0.5%）"


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
    assert [each.value for each in app.code] == ["西坪县（1所）：青崖小学"]
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
