"""Periods, issuers, levels and header labels."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets, periods
from etl.sheets.issuers import place_in_title
from etl.sheets.labels import read_label
from etl.sheets.titles import frame_from_lines
from etl.sheets.vocabulary import Vocabulary
from tests.etl.sheets.notation import grid
from tests.etl.sheets.notation import reading as file_of

PERIODS = [
    ("2024-2025学年初", "SY2024"),
    ("2024—2025学年度", "SY2024"),
    ("2024/2025学年", "SY2024"),
    ("24-25学年", "SY2024"),
    ("2024学年", "SY2024"),
    ("2024-2025学年第一学期", "SY2024-T1"),
    ("2024-2025学年度第二学期", "SY2024-T2"),
    ("2025年秋季学期", "SY2025-T1"),
    ("2025年春季", "SY2024-T2"),
    ("2025年3月", "2025-03"),
    ("2025年12月1日", "2025-12-01"),
    ("2025.9.5", "2025-09-05"),
    ("2025/9/5", "2025-09-05"),
    ("2024-09-18 09:12", "2024-09-18"),
    ("2025年上半年", "2025-H1"),
    ("2025年第三季度", "2025-Q3"),
    ("2025年二季度", "2025-Q2"),
    ("2025年度", "2025"),
    ("2021-2024年", "2021..2024"),
    ("２０２５年", "2025"),
    (date(2025, 5, 6), "2025-05-06"),
    (datetime(2025, 5, 6, 8, 30), "2025-05-06"),
    ("2025年2月30日", "2025-02"),
    ("共12345人", None),
    ("第5周", None),
]


@pytest.mark.parametrize(("text", "code"), PERIODS)
def test_period(text: object, code: str | None) -> None:
    assert periods.find_period(text) == code


def test_months_lie_in_the_year_of_the_sheet() -> None:
    assert periods.month_within("SY2024", 10) == "2024-10"
    assert periods.month_within("SY2024", 3) == "2025-03"
    assert periods.month_within("2025", 3) == "2025-03"
    assert periods.month_within(None, 3) is None


def test_previous_and_cumulative() -> None:
    assert (periods.previous("SY2024"), periods.previous("SY2024-T1"), periods.previous("2025-03")) == (
        "SY2023", "SY2023-T1", "2024-03",
    )  # fmt: skip
    assert periods.since_school_year("2025-03") == "2024-09..2025-03"
    assert periods.cohort_years("2018级", 6) == (2018, 2023)
    assert periods.cohort_years("2024届", 3) == (2021, 2023)


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("南坡县2024年度查验情况汇总表", "南坡县"),
        ("云川市北湖区中小学食堂检查表", "云川市北湖区"),
        ("北湖区向阳幼儿园出勤统计", "北湖区向阳幼儿园"),
        ("2024-2025学年初南坡县小学学生数", "南坡县"),
        ("××县2024年巩固率", "××县"),
        ("全县中小学校基本情况", None),
        ("城区小学学生数", None),
        ("义务教育学校校际差异系数表", None),
    ],
)
def test_place_in_title(title: str, place: str | None) -> None:
    assert place_in_title(title) == place


def test_frame_from_lines() -> None:
    frame = frame_from_lines(
        ["预防接种证查验情况表", "填报单位(盖章):柳林镇卫生院", "2025年度", "单位:人"],
        ["填表日期:2025年11月3日"],
        ("Sheet1", "表.xlsx"),
    )
    assert (frame.issuer, frame.period, frame.unit, frame.level) == ("柳林镇卫生院", "SY2025-T1", "人", None)


def test_struck_out_issuer_is_not_a_name() -> None:
    frame = frame_from_lines(["××县2024年小学巩固率"], [], ("Sheet1", ""))
    assert (frame.issuer, frame.issuer_redacted, frame.level) == (None, True, "PRI")


def test_filing_date_is_the_last_resort() -> None:
    lines = ["小学学生数", "填表日期:2025.9.20"]
    assert frame_from_lines(lines, [], ("Sheet1", "")).period == "2025-09-20"
    assert frame_from_lines(lines, [], ("Sheet1", "2025-2026学年初.xlsx")).period == "SY2025"


LABELS = [
    (("1.辖区内学校食堂数(个)",), "canteens", {}),
    (("在校学生数", "其中:女"), "enrollment", {"sex": "F"}),
    (("在校学生数", "合计"), "enrollment", {}),
    (("在园幼儿数", "大班"), "enrollment", {"level": "KG", "grade": "large"}),
    (("12-14周岁人口", "计"), "school_age_population", {"level": "JUN"}),
    (("学前三年毛入园率(%)",), "gross_enrollment_rate", {"level": "KG"}),
    (("小学净入学率",), "net_enrollment_rate", {"level": "PRI"}),
    (("九年义务教育巩固率",), "retention_rate", {"level": "CE"}),
    (("需补种", "剂次"), "vac_catchup_due", {"basis": "dose"}),
    (("应种人数", "脊灰", "3"), "vaccination_due", {"vaccine": "Polio", "dose": "3"}),
    (("麻腮风接种率",), "vaccination_coverage", {"vaccine": "MMR"}),
    (("食堂量化分级", "B级"), "canteen_graded_count", {"grade_abc": "B"}),
]


@pytest.mark.parametrize(("path", "indicator", "dims"), LABELS)
def test_label(path: tuple[str, ...], indicator: str, dims: dict[str, str]) -> None:
    label = read_label(path, Vocabulary(load_catalogue()), "")
    assert (label.indicator, dict(label.dims), label.rest) == (indicator, dims, "")


@pytest.mark.parametrize(
    "path",
    [
        ("增加学生数", "其他"),
        ("招生数", "其中:受过学前教育"),
        ("疑似辍学", "当月新增"),
        ("图书册数",),
    ],
)
def test_label_that_is_not_understood_keeps_a_rest(path: tuple[str, ...]) -> None:
    assert read_label(path, Vocabulary(load_catalogue()), "").rest


def test_the_children_under_a_year_are_no_value_of_their_own() -> None:
    assert read_label(("应种人数", "其中<12月龄"), Vocabulary(load_catalogue()), "").ignored == "out_of_domain"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("目标值", "target"),
        ("全省平均", "other_entity"),
        ("全市排名", "ordinal"),
        ("同比", "definition"),
        ("备注", "noise"),
    ],
)
def test_columns_that_are_no_observation(name: str, reason: str) -> None:
    assert read_label((name,), Vocabulary(load_catalogue()), "").ignored == reason


@pytest.mark.parametrize(
    ("text", "code"),
    [("二〇二三年十二月", "2023-12"), ("二〇二三年九月二十三日", "2023-09-23"), ("二〇二三年十十月", "2023")],
)
def test_dates_in_words_and_what_looks_like_one(text: str, code: str) -> None:
    assert periods.find_period(text) == code


def test_the_titles_of_other_sheets_name_the_unit_better_than_the_name_of_the_file() -> None:
    sheets = (
        ("到园", "云湖区梧溪街道中心幼儿园2025年秋季到园情况\n月份 | 到园率(%)\n9月 | 92.0"),
        ("缺勤", "梧溪街道中心幼儿园因病缺勤情况(2025年秋季)\n月份 | 因病缺勤率(%)\n9月 | 5.01"),
        ("体检", "2025年秋季在园幼儿健康体检结果\n项目 | 人数\n在园幼儿 | 289"),
    )
    file = file_of(*(grid(drawing, name) for name, drawing in sheets))
    found = extract_sheets(file, load_catalogue(), name="梧溪幼儿园保健统计.xlsx").mentions
    assert {mention.evidence.sheet: mention.entity for mention in found} == {
        "到园": "云湖区梧溪街道中心幼儿园", "缺勤": "梧溪街道中心幼儿园", "体检": "云湖区梧溪街道中心幼儿园",
    }  # fmt: skip
