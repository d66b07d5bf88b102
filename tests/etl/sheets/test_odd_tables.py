"""Tables that are put together unusually: exports with other field names, bare rates, targets beside years, pairs below."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import lines, told


def read(drawing: str, sheet: str = "Sheet1", name: str = "表.xlsx") -> list[str]:
    text = "\n".join(line.strip() for line in drawing.strip().splitlines())
    return told(extract_sheets(reading(grid(text, sheet)), load_catalogue(), name=name).mentions)


@pytest.mark.parametrize(
    "head",
    ["学校代码 | 填报单位 | 阶段 | 数据项 | 报告期 | 数据值 | 计量单位", "机构编码 | 单位名称 | 学段 | 统计项名称 | 统计年度 | 指标数据 | 数据单位",
     "单位代码 | 学校名称 | 学段 | 指标项 | 统计期 | 填报值 | 单位"],
)  # fmt: skip
def test_exports_call_their_fields_otherwise(head: str) -> None:
    found = read(
        f"""
        {head}
        2143000112 | 东湾小学 | 小学 | 在校学生数 | 2024-2025学年第一学期 | 300 | 人
        2143000112 | 东湾小学 | 小学 | 其中:女生 | 2024-2025学年第一学期 | 141 | 人
        2143000112 | 东湾小学 | 小学 | 留守儿童数 | 2024-2025学年第一学期 | 20 | 人
        2143000112 | 东湾小学 | 小学 | 值班电话 | 2024-2025学年第一学期 | 0730-1234567 |
        """
    )
    assert [line.split(" ", 1)[1] for line in found] == lines(
        """
        enrollment{level=PRI}=300 person 东湾小学 SY2024-T1
        enrollment{level=PRI;sex=F}=141 person 东湾小学 SY2024-T1
        left_behind_children{level=PRI}=20 person 东湾小学 SY2024-T1
        """
    )


def test_a_bare_percent_is_the_rate_of_the_counts_under_its_heading() -> None:
    found = read(
        """
        白塔镇2025年3月疫苗接种情况
        村 | 卡介苗 | > | > | 含麻成分疫苗 | > | >
        ^ | 应种 | 实种 | % | 第2剂 | > | >
        ^ | ^ | ^ | ^ | 应种 | 实种 | %
        东湾村 | 10 | 10 | 100 | 8 | 7 | 87.5
        """
    )
    assert [line for line in found if "coverage" in line] == lines(
        """
        D5 vaccination_coverage{vaccine=BCG}=100 percent 东湾村 2025-03 10/10@C5/B5
        G5 vaccination_coverage{dose=2;vaccine=MMR}=87.5 percent 东湾村 2025-03 7/8@F5/E5
        """
    )


@pytest.mark.parametrize("word", ["率", "比例(%)", "百分比", "%"])
def test_a_bare_rate_without_a_heading_is_that_of_the_two_columns_before_it(word: str) -> None:
    found = read(
        f"清水县2024年秋季查验\n乡镇 | 在校生 | 应查验人数 | 实查验人数 | {word}\n白塔镇 | 900 | 40 | 39 | 97.5"
    )
    assert found[-1] == "E3 vac_cert_check_rate{}=97.5 percent 白塔镇 SY2024-T1 39/40@D3/C3"


def test_a_bare_rate_of_unknown_counts_stays_unknown() -> None:
    found = read("清水县2024年情况\n乡镇 | 在校生 | 图书册数 | 占比\n白塔镇 | 900 | 4000 | 12.5")
    assert [line.split(" ")[1] for line in found] == ["enrollment{}=900"]


MOVES = "清水县2023-2024学年小学学生变动\n学校 | 增加 | > | > | 减少 | >\n^ | 招生 | {more} | 毕业 | 转出\n东湾小学 | 50 | 7 | 5 | 48 | 6"


def test_transfers_from_elsewhere_are_the_transfers_where_no_others_are_told() -> None:
    assert "C4 transfer_in{level=PRI}=7 person 东湾小学 SY2023" in read(MOVES.format(more="外县转入 | 复学"))
    assert not [line for line in read(MOVES.format(more="县内转入 | 县外转入")) if "transfer_in" in line]


INDICATORS = """
清水县“十四五”教育主要指标{what}
指标 | 单位 | 2021年 | 2022年 | 2023年{target} | 属性
小学净入学率 | % | 99.9 | 99.9 | 100 | 约束性
学前三年毛入园率 | % | 90 | 91 | 92 | 预期性
"""


@pytest.mark.parametrize(
    ("what", "target", "years"),
    [("规划表", "", {"2021"}), ("规划表", "目标", {"2021", "2022"}), ("监测表", "", {"2021", "2022", "2023"}),
     ("完成情况", "", {"2021", "2022", "2023"})],
)  # fmt: skip
def test_years_of_a_plan_and_of_what_follows_it_up(what: str, target: str, years: set[str]) -> None:
    assert {line.split(" ")[-1] for line in read(INDICATORS.format(what=what, target=target))} == years


def test_labels_with_values_below_a_table() -> None:
    found = read(
        """
        双山区2023-2024学年幼儿园情况
        序号 | 园名 | 性质 | 班数 | 在园幼儿数 | 教职工
        1 | 红旗幼儿园 | 公办 | 6 | 180 | 20
        2 | 小星星幼儿园 | 民办 | 3 | 80 | 12
        合计 | | | 9 | 260 | 32

        | 公办园在园幼儿占比 | 69.2%
        | 普惠性幼儿园覆盖率 | 85% | 在编教师 | 21
        """
    )
    assert found[-3:] == lines(
        """
        C7 public_kindergarten_share{level=KG}=69.2 percent 双山区 SY2023
        C8 inclusive_kindergarten_coverage{level=KG}=85 percent 双山区 SY2023
        E8 teachers{level=KG}=21 person 双山区 SY2023
        """
    )


def test_a_row_of_a_table_after_a_blank_line_is_still_a_row() -> None:
    found = read(
        "清水县2024年情况\n学校 | 班数 | 在校生 | 教职工 | 寄宿生 | 食堂数\n东湾小学 | 6 | 200 | 15 | 20 | 1\n\n城北小学 | 12 |  |  |  |\n"
    )
    assert "B5 classes{level=PRI}=12 class 城北小学 2024" in found


def test_blocks_side_by_side_that_name_only_their_time_have_the_level_of_the_title() -> None:
    found = read(
        """
        清水县小学两年对照
        2024年秋季 | > |  | 2025年秋季 | >
        乡镇 | 在校生 |  | 乡镇 | 在校生
        东湾镇 | 901 |  | 东湾镇 | 879
        西林镇 | 1789 |  | 西林镇 | 1803
        """
    )
    assert found == lines(
        """
        B4 enrollment{level=PRI}=901 person 东湾镇 SY2024-T1
        B5 enrollment{level=PRI}=1789 person 西林镇 SY2024-T1
        E4 enrollment{level=PRI}=879 person 东湾镇 SY2025-T1
        E5 enrollment{level=PRI}=1803 person 西林镇 SY2025-T1
        """
    )


def test_ten_thousands_that_the_cell_says_itself_are_not_multiplied_twice() -> None:
    found = read(
        "清水县2025年情况\n指标 | 2024年 | 2025年\n高中在校生(万人) | 1.26万 | 1.3\n小学在校生(人) | 8800 | 8700"
    )
    assert [line.split(" ")[1] for line in found][:2] == ["enrollment{level=SEN}=12600", "enrollment{level=SEN}=13000"]


def test_pupils_with_disabilities_by_placement_beside_all_of_school_age() -> None:
    found = read(
        """
        清水县2025年秋季残疾学生安置方式统计
        学段 | 在籍残疾学生数 | 安置方式 | > | > | 适龄残疾儿童数 | 入学率(%)
        ^ | ^ | 随班就读 | 特教学校 | 送教上门 | ^ | ^
        小学 | 113 | 64 | 31 | 18 | 115 | 98.3
        """
    )
    assert [line.split(" ")[1] for line in found] == lines(
        """
        disabled_students{level=PRI}=113
        disabled_students{level=PRI;placement=inclusive}=64
        disabled_students{level=PRI;placement=special}=31
        disabled_students{level=PRI;placement=home}=18
        disabled_enrollment_rate{level=PRI}=98.3
        """
    )


def test_children_who_entered_kindergarten_are_entrants_and_those_in_it_are_not() -> None:
    found = read("清水县2025-2026学年初学前教育\n乡镇 | 入园人数 | 在园幼儿\n东湾镇 | 417 | 1175\n西林镇 | 86 | 295")
    assert [line.split(" ")[1] for line in found if "东湾镇" in line] == lines(
        """
        entrants{level=KG}=417
        enrollment{level=KG}=1175
        """
    )
