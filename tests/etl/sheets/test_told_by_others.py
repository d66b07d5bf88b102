"""What a column or a row is, as those beside it tell: people beside classes, sums, placements, parts, single classes."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import lines, read


def test_people_beside_classes_are_pupils_and_never_schools() -> None:
    found = read(
        """
        清水县2025-2026学年初学校基本情况统计
        乡镇 | 小学 | > | 初中 | >
        ^ | 班数 | 人数 | 班数 | 人数
        白塔镇 | 12 | 480 | 6 | 280
        """
    )
    assert found == lines(
        """
        B4 classes{level=PRI}=12 class 白塔镇 SY2025
        C4 enrollment{level=PRI}=480 person 白塔镇 SY2025
        D4 classes{level=JUN}=6 class 白塔镇 SY2025
        E4 enrollment{level=JUN}=280 person 白塔镇 SY2025
        """
    )


def test_sexes_beside_classes_are_no_parts_of_them() -> None:
    found = read(
        """
        清水县第二小学各年级学生数
        2025年9月 | > | > | >
        年级 | 班级数 | 男 | 女 | 合计
        一年级 | 3 | 60 | 58 | 118
        合计 | 3 | 60 | 58 | 118
        """
    )
    assert found[:3] == lines(
        """
        C4 enrollment{grade=1;level=PRI;sex=M}=60 person 清水县第二小学 2025-09
        D4 enrollment{grade=1;level=PRI;sex=F}=58 person 清水县第二小学 2025-09
        E4 enrollment{grade=1;level=PRI}=118 person 清水县第二小学 2025-09
        """
    )


def test_the_sum_of_diseases_stands_behind_other_counts_too() -> None:
    found = read(
        """
        清水县学校传染病疫情监测月报(2025年11月)
        学校 | 在校学生数 | 水痘 | 流感 | 合计
        东湾小学 | 800 | 3 | 12 | 15
        """
    )
    assert found[-1:] == lines("E3 infectious_cases{level=PRI}=15 case 东湾小学 2025-11")


def test_special_schools_beside_other_placements_are_one() -> None:
    found = read(
        """
        清水县残疾儿童少年安置情况(2025年10月)
        学段 | 随班就读 | 特教学校 | 送教上门 | 合计
        小学 | 30 | 12 | 5 | 47
        """
    )
    assert found[1:2] + found[3:] == lines(
        """
        C3 disabled_students{level=PRI;placement=special}=12 person 清水县 2025-10
        E3 disabled_students{level=PRI}=47 person 清水县 2025-10
        """
    )


def test_how_far_open_kitchens_have_come_is_their_coverage() -> None:
    found = read(
        """
        清水县2025年学校食堂“明厨亮灶”建设进度表
        单位 | 食堂数 | 已建成明厨亮灶 | 建成率 | 接入互联网平台 | 接入率
        白塔镇 | 10 | 9 | 90% | 8 | 80%
        """
    )
    assert found == lines(
        """
        B3 canteens{}=10 canteen 白塔镇 2025
        D3 open_kitchen_coverage{}=90 percent 白塔镇 2025 9/10@C3/B3
        F3 internet_kitchen_coverage{}=80 percent 白塔镇 2025 8/10@E3/B3
        """
    )


@pytest.mark.parametrize("head", ["下降幅度", "上升百分点", "提高幅度", "增减", "较上学年增减"])
def test_a_column_of_differences_is_none_of_values(head: str) -> None:
    found = read(
        f"""
        清水县2025年中小学生近视防控监测数据
        学段 | 近视率 | {head}
        小学 | 35.1% | 0.9
        """
    )
    assert found == lines("B3 myopia_rate{level=PRI}=35.1 percent 清水县 2025")


def test_a_part_without_a_group_of_its_own_is_not_the_whole_again() -> None:
    found = read(
        """
        清水县2025-2026学年初教育统计
        类别 | 学校数 | 在校生数
        小学 | 40 | 20000
        其中:教学点 | 8 | 400
        初中 | 14 | 10000
        """
    )
    assert found == lines(
        """
        B3 schools{level=PRI}=40 school 清水县 SY2025
        C3 enrollment{level=PRI}=20000 person 清水县 SY2025
        B5 schools{level=JUN}=14 school 清水县 SY2025
        C5 enrollment{level=JUN}=10000 person 清水县 SY2025
        """
    )


def test_single_classes_are_no_units_and_the_sum_below_is_the_school() -> None:
    found = read(
        """
        东湾小学疫苗查验情况统计(2025年秋一年级)
        班级 | 应查验人数 | 持证人数
        一(1)班 | 45 | 45
        一(2)班 | 44 | 43
        合计 | 89 | 88
        """
    )
    assert found == lines(
        """
        B5 vac_cert_check_due{level=PRI}=89 person 东湾小学 SY2025-T1 total
        C5 vac_cert_held{level=PRI}=88 person 东湾小学 SY2025-T1 total
        """
    )


def test_number_and_percent_under_what_was_found() -> None:
    found = read(
        """
        清水县中小学生体检结果汇总表(2025年)
        学校 | 受检人数 | 视力不良 | > | 龋齿 | >
        ^ | ^ | 人数 | % | 人数 | %
        东湾小学 | 790 | 300 | 37.97 | 200 | 25.32
        石桥小学 | 400 | 120 | 30 | 90 | 22.5
        """
    )
    assert found == lines(
        """
        D4 low_vision_rate{level=PRI}=37.97 percent 东湾小学 2025 300/790@C4/B4
        F4 caries_rate{level=PRI}=25.32 percent 东湾小学 2025 200/790@E4/B4
        D5 low_vision_rate{level=PRI}=30 percent 石桥小学 2025 120/400@C5/B5
        F5 caries_rate{level=PRI}=22.5 percent 石桥小学 2025 90/400@E5/B5
        """
    )


def test_how_far_a_check_has_come_is_its_rate() -> None:
    found = read(
        """
        清水县2025年秋季入学新生接种证查验日报(9月10日)
        学校名称 | 应查验新生数 | 已查验数 | 查验进度
        东湾小学 | 180 | 175 | 97.2%
        """
    )
    assert found[-1:] == lines("D3 vac_cert_check_rate{level=PRI}=97.2 percent 东湾小学 SY2025-T1 175/180@C3/B3")


@pytest.mark.parametrize("day", ["2025年10月31日", "2025年11月3日"])
def test_the_sheet_of_a_month_is_of_that_month_whenever_it_was_filed(day: str) -> None:
    found = read(
        f"""
        清水县控辍保学工作月报表
        填报单位:清水县教育局 | > | {day}
        学段 | 学籍学生数 | 月末辍学
        小学 | 2100 | 0
        """,
        sheet="10月",
    )
    assert {one.split(" ")[-1] for one in found} == {"2025-10"}


def test_those_who_leave_in_a_year_leave_at_the_end_of_its_school_year() -> None:
    found = read(
        """
        清水县初中三年巩固率统计表(2025届)
        学校 | 2022年七年级入学数 | 三年转入 | 三年转出 | 应有人数 | 毕业生数 | 巩固率(%)
        石桥初级中学 | 200 | 10 | 12 | 198 | 197 | 99.49
        """
    )
    assert found == lines(
        """
        B3 entrants{level=JUN}=200 person 石桥初级中学 SY2022
        F3 graduates{level=JUN}=197 person 石桥初级中学 SY2024
        G3 retention_rate{level=JUN}=99.49 percent 石桥初级中学 SY2024 197/198@F3/E3
        """
    )


def test_certificates_of_kitchen_staff_are_not_those_of_vaccination() -> None:
    found = read(
        """
        清水县食堂从业人员健康管理(2025年9月)
        学校名称 | 从业人员(人) | 健康证(人) | 持证率
        东湾小学 | 14 | 13 | 92.86%
        """
    )
    assert found[1:] == lines(
        """
        C3 food_handlers_certified{level=PRI}=13 person 东湾小学 2025-09
        D3 food_handler_cert_rate{level=PRI}=92.86 percent 东湾小学 2025-09 13/14@C3/B3
        """
    )


@pytest.mark.parametrize("unit", ["户次", "家次", "校次"])
def test_visits_are_no_schools_inspected(unit: str) -> None:
    found = read(
        f"""
        清水县2025年上半年学校食品安全监管统计
        单位 | 检查学校食堂({unit}) | 发现问题(个)
        白塔镇 | 20 | 18
        """
    )
    assert found[0].startswith("B3 hygiene_visits{")


def test_girls_under_the_heading_of_a_level_are_a_part_of_its_pupils() -> None:
    found = read(
        """
        清水县九年一贯制学校学生情况(2025-2026学年初)
        学校 | 小学部 | > | > | 初中部 | > | >
        ^ | 班数 | 学生数 | 女生 | 班数 | 学生数 | 女生
        双河学校 | 6 | 240 | 110 | 3 | 130 | 60
        """
    )
    assert found[2:3] + found[5:] == lines(
        """
        D4 enrollment{level=PRI;sex=F}=110 person 双河学校 SY2025
        G4 enrollment{level=JUN;sex=F}=60 person 双河学校 SY2025
        """
    )


def test_women_among_teachers_are_not_taken_for_pupils() -> None:
    found = read(
        """
        清水县第二小学学生数及教师情况(2025年9月)
        年级 | 班级数 | 在校学生数 | 专任教师 | 其中:女
        合计 | 6 | 234 | 20 | 15
        """
    )
    assert [one for one in found if one.startswith("E")] == []


@pytest.mark.parametrize("dose", ["首针", "首剂", "第1剂", "第一针"])
def test_the_first_dose_by_any_name(dose: str) -> None:
    found = read(
        f"""
        清水县2025年9月预防接种月报
        乡镇 | 乙肝{dose} | >
        ^ | 应种 | 实种
        白塔镇 | 120 | 119
        """
    )
    assert found == lines(
        """
        B4 vaccination_due{dose=1;vaccine=HepB}=120 person 白塔镇 2025-09
        C4 vaccination_given{dose=1;vaccine=HepB}=119 person 白塔镇 2025-09
        """
    )
