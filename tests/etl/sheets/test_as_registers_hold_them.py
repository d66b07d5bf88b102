"""What registers of counties and platforms write otherwise: units of a hundred, kinds in one character, numbers under headings."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets
from etl.sheets.kinds import spelled_out
from etl.sheets.periods import lone_month
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import by_cell, read


def test_hundreds_of_persons_are_persons_and_the_prefecture_itself_is_a_unit() -> None:
    found = read(
        """
        额敏州2020—2022年各县市在园幼儿数
        单位:百人
        年份 | 青禾市 | 乌兰旗 | 州直 | 全州
        2020年 | 88.3 | 41.2 | 6.1 | 135.6
        2021年 | 90.1 | 40.7 | 6.3 | 137.1
        """
    )
    assert by_cell(found, "B4", "D5") == ["enrollment{level=KG}=8830", "enrollment{level=KG}=630"]
    assert any(line.startswith("E4 enrollment{level=KG}=13560 person 额敏州 2020 total") for line in found)


@pytest.mark.parametrize(("name", "kind"), [("小太阳", "民办普惠"), ("育英(民办)", "民办"), ("红旗完小附设班", "公办")])
def test_what_a_kindergarten_is_divides_none_of_its_numbers(name: str, kind: str) -> None:
    found = read(
        f"""
        云台镇2024年秋季幼儿园接种证查验统计
        园名 | 性质 | 应查验人数 | 实查验人数 | 有接种证人数
        中心园 | 公办 | 96 | 96 | 94
        {name} | {kind} | 58 | 58 | 57
        合计 | | 154 | 154 | 151
        """
    )
    assert by_cell(found, "C4", "D4", "E4") == [
        "vac_cert_check_due{level=KG}=58", "vac_cert_check_done{level=KG}=58", "vac_cert_held{level=KG}=57",
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["完成值", "年度数据(审定)", "当前"])
def test_the_only_values_beside_indicators_are_theirs_whatever_they_are_called(head: str) -> None:
    found = read(
        f"""
        霞泉县2022年主要发展指标
        指标 | {head} | 省定目标 | 计算单位
        1.学前三年毛入园率 | 88.9 | 85 | %
        2.小学适龄儿童净入学率 | 99.98 | 99.5 | %
        3.初中辍学率 | 0.01 | 1以下 | %
        """
    )
    assert by_cell(found, "B3", "B4", "B5", "C3") == [
        "gross_enrollment_rate{level=KG}=88.9", "net_enrollment_rate{level=PRI}=99.98", "dropout_rate{level=JUN}=0.01", "-",
    ]  # fmt: skip


def test_a_platform_names_kinds_of_units_that_are_no_groups() -> None:
    found = read(
        """
        机构标识码 | 机构名称 | 办学类型 | 指标名称 | 口径 | 统计时间 | 数值 | 单位
        3452010009 | 澄河县第一中学 | 完全中学 | 在校生数 | 合计 | 2024-2025学年 | 3104 | 人
        3452010009 | 澄河县第一中学 | 完全中学 | 在校生数 | 女 | 2024-2025学年 | 1522 | 人
        520103000000 | 澄河县教育局 | 管理机构 | 小学净入学率 | - | 2023学年 | 99.9 | %
        1152010156 | 东坡镇中心幼儿园 | 幼儿园 | 入园数 | 合计 | 2024-2025学年 | 92 | 人
        """
    )
    assert by_cell(found, "G2", "G3", "G4", "G5") == [
        "enrollment{}=3104", "enrollment{sex=F}=1522", "net_enrollment_rate{level=PRI}=99.9", "entrants{level=KG}=92",
    ]  # fmt: skip


def test_boys_girls_and_their_sum_beside_classes_are_the_pupils_of_the_grades() -> None:
    found = read(
        """
        河东镇北塬教学点分年级情况(2022年9月)
        年级 | 班数 | 男 | 女 | 小计 | 其中寄宿
        一年级 | 1 | 3 | 2 | 5 | 1
        二年级 | 1 | 2 | 4 | 6 | 0
        合计 | 2 | 5 | 6 | 11 | 1
        """
    )
    assert by_cell(found, "C3", "D4", "E4") == [
        "enrollment{grade=1;level=PRI;sex=M}=3", "enrollment{grade=2;level=PRI;sex=F}=4", "enrollment{grade=2;level=PRI}=6",
    ]  # fmt: skip


def test_institutions_that_were_checked_are_no_children() -> None:
    found = read(
        """
        望湖区2024年秋季入托入学预防接种证查验汇总表
        街道 | 类别 | 查验机构 | > | 查验儿童 | >
        ^ | ^ | 应查 | 已查 | 应查验 | 实查验
        古渡镇 | 幼儿园 | 6 | 6 | 547 | 547
        ^ | 小学 | 4 | 4 | 618 | 617
        """
    )
    assert by_cell(found, "C4", "D4", "E4", "F5") == [
        "-", "-", "vac_cert_check_due{level=KG}=547", "vac_cert_check_done{level=PRI}=617",
    ]  # fmt: skip


def test_kinds_of_problems_under_a_heading_divide_what_it_counts() -> None:
    found = read(
        """
        清溪区学校卫生联合督导问题整改情况(截至2023年11月30日)
        学校名称 | 发现问题 | > | > | 已整改 | > | > | 整改率
        ^ | 食品 | 饮水 | 教室 | 食品 | 饮水 | 教室 | ^
        区实验小学 | 2 | 1 | 3 | 2 | 1 | 2 | 0.8333
        马家堰中心小学 | 5 | 2 | 4 | 5 | 1 | 4 | 0.9091
        """
    )
    assert by_cell(found, "B4", "G5") == [
        "hygiene_findings{category=食品;level=PRI}=2", "hygiene_findings_closed{category=教室;level=PRI}=4",
    ]  # fmt: skip


def test_traditional_characters_are_read_and_names_stay_as_they_are_written() -> None:
    found = read(
        """
        嘉屏縣溪埔國民小學112學年度第1學期學生健康檢查統計表
        年級 | 班級數 | 學生數 | > | > | 視力不良率
        ^ | ^ | 男 | 女 | 計 | ^
        一年級 | 3 | 36 | 33 | 69 | 24.6%
        四年級 | 4 | 48 | 44 | 92 | 46.7%
        受檢合計 | 7 | 84 | 77 | 161 | 37.3%
        """
    )
    assert by_cell(found, "C4", "E5", "F6") == [
        "enrollment{grade=1;level=PRI;sex=M}=36", "enrollment{grade=4;level=PRI}=92", "low_vision_rate{level=PRI}=37.3",
    ]  # fmt: skip
    assert all("嘉屏縣溪埔國民小學 SY2023-T1" in line for line in found)


def test_a_simplified_sheet_is_left_as_it_is() -> None:
    source = reading(grid("某县2024年小学在校生\n学校 | 在校生数\n后山小学 | 12", "Sheet1"))
    found = extract_sheets(source, load_catalogue(), name="表.xlsx")
    assert [one.entity for one in found.mentions] == ["后山小学"]


def test_age_bands_divide_every_count_over_them() -> None:
    found = read(
        """
        云岭县2023年义务教育学龄人口入学情况统计表
        乡(镇) | 学龄人口 | > | 已入学 | > | 未入学 | > | 入学率 | >
        ^ | 6-11岁 | 12-14岁 | 6-11岁 | 12-14岁 | 6-11岁 | 12-14岁 | 6-11岁 | 12-14岁
        大箐镇 | 830 | 312 | 828 | 310 | 2 | 2 | 99.76 | 99.36
        河沿乡 | 612 | 294 | 611 | 292 | 1 | 2 | 99.84 | 99.32
        """
    )
    assert by_cell(found, "F4", "G5", "H4", "I5") == [
        "out_of_school_count{level=PRI}=2", "out_of_school_count{level=JUN}=2",
        "net_enrollment_rate{level=PRI}=99.76", "net_enrollment_rate{level=JUN}=99.32",
    ]  # fmt: skip


def test_children_aimed_at_are_those_due_and_no_aim() -> None:
    found = read(
        """
        达木旗2022年10月分疫苗接种情况
        苏木(镇) | 项目 | 麻腮风第2剂 | 乙脑第2剂
        巴音镇 | 目标儿童数 | 354 | 349
        ^ | 已种人数 | 343 | 337
        乌兰苏木 | 目标儿童数 | 281 | 280
        ^ | 已种人数 | 267 | 266
        """
    )
    assert "C3 vaccination_due{dose=2;vaccine=MMR}=354 person 巴音镇 2022-10" in found
    assert "D6 vaccination_given{dose=2;vaccine=JE}=266 person 乌兰苏木 2022-10" in found


def test_the_unit_below_the_last_table_has_filled_in_those_above_too() -> None:
    found = read(
        """
        秋季开学学校食堂检查情况统计表(2024年9月)
        检查项目 | 幼儿园 | 小学
        检查食堂数(家) | 35 | 22

        续表
        检查项目 | 小学 | 幼儿园
        发现隐患(条) | 41 | 64
        填报单位:松岭县市场监督管理局
        """
    )
    assert len(found) == 4
    assert all(" 松岭县 " in line for line in found)


@pytest.mark.parametrize(
    ("head", "text", "kind"),
    [
        ("学段", "小", "小学"), ("学校类型", "九", "九年一贯制学校"), ("学段", "点", "小学"), ("备注", "小", "小"),
        ("办学类型", "九年一贯制学校初中部", "初中"), ("类别", "完全中学高中部", "高中"), ("学段", "初中", "初中"),
    ],
)  # fmt: skip
def test_kinds_of_schools_are_spelled_out(head: str, text: str, kind: str) -> None:
    assert spelled_out(head, text) == kind


@pytest.mark.parametrize(("text", "month"), [("9-11月", None), ("9月", 9), ("1—3月份", None), ("十月", 10)])
def test_several_months_are_no_single_one(text: str, month: int | None) -> None:
    assert lone_month(text) == month


def test_a_rate_of_its_own_among_the_doses_is_not_a_coverage() -> None:
    found = read(
        """
        青杨街道2025年6月常规免疫接种情况
        疫苗 | 剂次 | 应种 | 实种 | 接种率
        乙肝疫苗 | 1(首针) | 52 | 49 | 94.2
        ^ | 2 | 59 | 59 | 100
        乙肝首针24小时及时率 | | 58 | 56 | 96.6
        """
    )
    assert by_cell(found, "C3", "E3", "C5", "E5") == [
        "vaccination_due{dose=1;vaccine=HepB}=52", "vaccination_coverage{dose=1;vaccine=HepB}=94.2",
        "-", "hepb_birth_timely_rate{}=96.6",
    ]  # fmt: skip


def test_the_sum_of_a_part_of_town_is_not_of_urban_pupils() -> None:
    found = read(
        """
        云岫县2025年3月控辍保学月报
        片区 | 学校 | 学段 | 学籍数 | 疑似辍学
        城区片 | 第二小学 | 小 | 2318 | 0
        ^ | 凤鸣实验学校 | 九 | 1577 | 2
        城区片小计 | | | 3895 | 2
        """
    )
    assert "E5 suspected_dropout_count{}=2 person 城区片 2025-03 total" in found
    assert by_cell(found, "D3", "D4") == ["enrollment{level=PRI}=2318", "enrollment{level=CE}=1577"]
