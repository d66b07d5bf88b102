"""Labels that no list holds: read by how they are built, and by what stands beside and over them."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Grid, dims_key
from etl.sheets import extract_sheets
from etl.types import Extraction
from tests.etl.sheets.notation import grid, reading

CASES = {
    "a level over short names of counts": (
        """
平川县2024年秋季入托入学接种证查验汇总
乡镇 | 幼儿园 | > | 小学 | >
^ | 应验证数 | 持证数 | 实验证数 | 持证数
东关镇 | 100 | 98 | 199 | 197
""",
        {"B4 vac_cert_check_due KG", "C4 vac_cert_held KG", "D4 vac_cert_check_done PRI", "E4 vac_cert_held PRI"},
    ),
    "an age band over plain names": (
        """
平川县适龄儿童少年入学统计表(2024年)
乡镇 | 6—11周岁 | > | 12—14周岁 | >
^ | 学龄人口 | 入学率 | 学龄人口 | 入学率
单位 | 人 | % | 人 | %
东关镇 | 300 | 99.67 | 150 | 100
""",
        {"B5 school_age_population PRI", "C5 net_enrollment_rate PRI", "D5 school_age_population JUN", "E5 net_enrollment_rate JUN"},
    ),
    "a rate over the names of what was found": (
        """
平川县2024年学生体检汇总
学校 | 检出率(%) | > | >
^ | 近视 | 龋齿 | 贫血
东关小学 | 40.8 | 30.6 | 1.2
""",
        {"B4 myopia_rate PRI", "C4 caries_rate PRI", "D4 anemia_rate PRI"},
    ),
    "the counts beside say whose certificates": (
        """
平川县2024年春季食堂从业人员情况
学校 | 从业人员 | 持证人数 | 持证率
东关小学 | 10 | 10 | 100%
西河小学 | 5 | 4 | 80%
""",
        {f"{cell} PRI" for cell in ("B3 food_handlers", "C3 food_handlers_certified", "D3 food_handler_cert_rate",
                                    "B4 food_handlers", "C4 food_handlers_certified", "D4 food_handler_cert_rate")},
    ),
    "and the counts of schools say what was inspected": (
        """
平川县2024年学校卫生双随机抽检情况
学校类别 | 抽检学校数 | 合格学校数 | 抽检合格率
小学 | 10 | 9 | 90%
""",
        {"B3 hygiene_inspected_count PRI", "C3 hygiene_passed_count PRI", "D3 hygiene_inspection_pass_rate PRI"},
    ),
    "kinds before the names are groups, a heading in brackets is none": (
        """
平川县2024年秋季控辍保学情况
机构类别 | 乡镇 | 劝返情况(小学+初中) | > | 劝返复学比例
^ | ^ | 应劝返人数 | 已劝返人数 | ^
小学 | 东关镇 | 4 | 3 | 75%
初中 | 东关镇 | 2 | 2 | 100%
""",
        {"C4 dropout_return_due PRI", "D4 dropout_returned_count PRI", "E4 dropout_return_rate PRI",
         "C5 dropout_return_due JUN", "D5 dropout_returned_count JUN", "E5 dropout_return_rate JUN"},
    ),
    "how a vaccine is made is no part of its name": (
        """
平川县2025年1月疫苗接种统计表
疫苗名称 | 剂次 | 应种 | 实种
乙肝疫苗(CHO) | 第一剂 | 30 | 30
A群流脑多糖疫苗 | 第1剂 | 20 | 20
麻腮风联合减毒活疫苗 | 2 | 22 | 21
""",
        {"C3 vaccination_due HepB 1", "D3 vaccination_given HepB 1", "C4 vaccination_due MenA 1",
         "D4 vaccination_given MenA 1", "C5 vaccination_due MMR 2", "D5 vaccination_given MMR 2"},
    ),
    "a vaccine that only the title names": (
        """
平川县2024年初中女生HPV疫苗接种情况
学校 | 应接种人数 | 第1剂接种人数
红旗中学 | 130 | 120
""",
        {"B3 vaccination_due JUN HPV", "C3 vaccination_given JUN HPV 1"},
    ),
    "a part under a row of units": (
        """
平川县2023—2024学年小学基本情况一览
学校名称 | 在校生 | 其中女生 | 专任教师
 | 人 | 人 | 人
东关小学 | 500 | 240 | 30
""",
        {"B4 enrollment PRI", "C4 enrollment PRI", "D4 teachers PRI"},
    ),
    "some of the private ones are not the private ones": (
        """
平川县2024年学前教育情况
类别 | 幼儿园数
公办园 | 10
民办园 | 8
其中:普惠性民办园 | 6
""",
        {"B3 schools KG public", "B4 schools KG private"},
    ),
}  # fmt: skip


def extract(drawing: str) -> Extraction:
    return extract_sheets(reading(grid(drawing)), load_catalogue(), name="表.xlsx")


@pytest.mark.parametrize("case", CASES)
def test_labels_are_read_by_how_they_are_built(case: str) -> None:
    drawing, expected = CASES[case]
    found = {
        " ".join(
            [m.evidence.cell or "", m.indicator, *(v for k, v in sorted(m.dims.items(), key=_first) if k in _SHOWN)]
        )
        for m in extract(drawing).mentions
    }
    assert found == expected


_SHOWN = ("level", "vaccine", "dose", "sponsor")


def _first(pair: tuple[str, str]) -> int:
    return _SHOWN.index(pair[0]) if pair[0] in _SHOWN else 9


def test_sums_of_sections_are_of_the_place_that_heads_them() -> None:
    found = extract(
        "平川县2024年秋季学期各校情况\n序号 | 学校 | 学生数\n一、东关镇 | > | >\n1 | 东关小学 | 500\n2 | 城东小学 | 300\n小计 | | 800\n"
        "二、西河乡 | > | >\n1 | 西河小学 | 200\n小计 | | 200\n总计 | | 1000\n"
    )
    totals = {(m.evidence.cell, m.entity) for m in found.mentions if str(m.role) == "total"}
    assert totals == {("C6", "东关镇"), ("C9", "西河乡"), ("C10", "平川县")}


@pytest.mark.parametrize(
    ("title", "period"),
    [("平川县二〇二三年秋季小学接种证查验情况", "SY2023-T1"), ("平川县2023年10月—11月小学接种证查验情况", "2023-10..2023-11"),
     ("平川县2024年1—6月小学接种证查验情况", "2024-H1"), ("平川县2023年11月至2024年2月小学接种证查验情况", "2023-11..2024-02")],
)  # fmt: skip
def test_years_in_words_and_months_from_one_to_another(title: str, period: str) -> None:
    found = extract(f"{title}\n学校 | 应查验人数 | 实查验人数\n东关小学 | 66 | 66\n西河小学 | 34 | 34\n")
    assert {m.period for m in found.mentions} == {period}


def test_a_school_called_red_flag_is_no_banner() -> None:
    found = extract("平川县红旗中学2024年秋季各年级学生情况\n年级 | 学生数\n七年级 | 270\n八年级 | 265\n")
    assert {m.entity for m in found.mentions} == {"平川县红旗中学"}


def test_a_long_table_may_call_its_fields_otherwise() -> None:
    found = extract(
        "单位名称 | 单位编码 | 统计指标 | 统计时间 | 分组 | 指标数值 | 计量单位\n东关小学 | 2143000112 | 在校学生数 | 2023-2024学年 | 女 | 240 | 人\n"
        "东关小学 | 2143000112 | 近视率 | 2023年 | 全部 | 38.5 | %\n"
    )
    assert [(m.indicator, m.dims.get("sex"), m.period) for m in found.mentions] == [
        ("enrollment", "F", "SY2023"), ("myopia_rate", None, "2023"),
    ]  # fmt: skip


def test_bare_numbers_under_months_are_months() -> None:
    found = extract("小星星幼儿园2024年出勤统计\n月份 | 在园人数\n3 | 120\n4 | 121\n12 | 125\n")
    assert [m.period for m in found.mentions] == ["2024-03", "2024-04", "2024-12"]


SUMMARY = "{title}\n应查验新生数(人) | 17\n实际查验人数(人) | 17\n持有接种证人数 | 16人\n持证率 | 94.1%\n查验日期 | 2024年9月6日\n"


def test_a_sheet_of_labels_and_values_needs_no_table() -> None:
    found = extract(SUMMARY.format(title="石桥镇中心小学2024年秋季预防接种证查验小结"))
    assert [(m.evidence.cell, m.indicator, m.entity, m.period) for m in found.mentions] == [
        ("B2", "vac_cert_check_due", "石桥镇中心小学", "SY2024-T1"), ("B3", "vac_cert_check_done", "石桥镇中心小学", "SY2024-T1"),
        ("B4", "vac_cert_held", "石桥镇中心小学", "SY2024-T1"), ("B5", "vac_cert_held_rate", "石桥镇中心小学", "SY2024-T1"),
    ]  # fmt: skip


def test_the_summary_of_a_single_class_is_no_value_of_the_school() -> None:
    found = extract(SUMMARY.format(title="石桥镇中心小学2024年秋季查验小结\n班级:一(1)班"))
    assert not found.mentions
    assert [issue.code for issue in found.issues] == ["class_rows"]


def test_a_column_of_sums_over_groups_is_the_units_own_value_and_says_so() -> None:
    found = extract(
        "平川县2024年3月学校传染病月报\n学校 | 发病例数 | > | >\n^ | 流感 | 水痘 | 小计\n东关小学 | 3 | 1 | 4\n"
    )
    assert [(dims_key(m.dims) != dims_key({"level": "PRI"}), m.sums_dims, str(m.role)) for m in found.mentions] == [
        (True, False, "unit"), (True, False, "unit"), (False, True, "unit"),
    ]  # fmt: skip


def test_a_row_that_is_half_understood_is_named() -> None:
    found = extract("平川县教育指标\n指标 | 2022年 | 2023年\n小学在校生流动 | 21 | 20\n小学近视率(%) | 39 | 38\n")
    assert [issue.cell for issue in found.issues if issue.code == "unknown_row"] == ["A3"]


HEADER_ONLY = grid("平川县查验汇总表\n乡镇 | 应查验人数 | 实查验人数\n")


@pytest.mark.parametrize(("sheet", "code"), [(Grid("Sheet1", ()), "empty_sheet"), (HEADER_ONLY, "not_filled_in")])
def test_a_file_that_was_not_filled_in_is_told_so(sheet: Grid, code: str) -> None:
    [issue] = extract_sheets(reading(sheet), load_catalogue()).issues
    assert (issue.code, str(issue.severity)) == (code, "block")
