"""Headings that say only where columns stand, units beside items, sections of a card, targets beside years, scores."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import lines, read


def test_a_heading_of_unknown_words_does_not_hide_the_names_below_it() -> None:
    found = read(
        """
        铜坪区小学学籍异动情况统计(2025-2026学年第一学期)
        学校 | 学籍增加 | > | 学籍减少 | >
        ^ | 转学转入 | 复学 | 转学转出 | 休学
        石板小学 | 17 | 2 | 7 | 1
        """
    )
    assert [line.split()[1] for line in found] == [
        "transfer_in{level=PRI}=17", "resumed{level=PRI}=2", "transfer_out{level=PRI}=7", "suspended{level=PRI}=1",
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["党员", "参加培训", "骨干", "本县户籍", "跨区县", "营养餐"])
def test_a_heading_that_narrows_does(heading: str) -> None:
    found = read(
        f"""
        铜坪区小学教师情况(2025年秋季)
        学校 | 教学班数 | {heading}
        ^ | ^ | 专任教师数
        石板小学 | 12 | 7
        """
    )
    assert [line.split()[1] for line in found] == ["classes{level=PRI}=12"]


def test_units_and_grades_beside_the_items_under_one_heading() -> None:
    found = read(
        """
        沅江市2026年春季开学校园食品安全检查统计表
        检查内容 | > | 小学 | 初中
        1.食堂数 | 个 | 64 | 33
        2.从业人员 | 人 | 331 | 288
        3.量化等级 | A级 | 18 | 12
        ^ | B级 | 37 | 19
        4.排查发现隐患 | 处 | 84 | 39
        """
    )
    assert [line.split()[1] for line in found if "PRI" in line] == [
        "canteens{level=PRI}=64", "food_handlers{level=PRI}=331", "canteen_graded_count{grade_abc=A;level=PRI}=18",
        "canteen_graded_count{grade_abc=B;level=PRI}=37", "hygiene_findings{level=PRI}=84",
    ]  # fmt: skip


def test_the_first_column_of_a_card_may_name_its_sections() -> None:
    found = read(
        """
        松溪口县学校(幼儿园)基本信息卡
        学年:2025-2026学年 | > | > | > | > | > | >
        基本信息 | 单位名称 | 竹园九年一贯制学校 | 标识码 | 3135001163 | 办学类别 | 九年一贯制学校
        在校学生 | 现有学生数 | 1343人 | 其中女生 | 629人 | 班级总数 | 31个
        ^ | 班均人数 | 43.3 | 留守儿童 | 302 | 住校生 | 518
        教职工 | 教职员工 | 119 | 其中专任教师 | 108 | 高级职称 | 24
        """
    )
    assert found == lines(
        """
        C4 enrollment{level=CE}=1343 person 竹园九年一贯制学校 SY2025
        E4 enrollment{level=CE;sex=F}=629 person 竹园九年一贯制学校 SY2025
        G4 classes{level=CE}=31 class 竹园九年一贯制学校 SY2025
        C5 average_class_size{level=CE}=43.3 person_per_class 竹园九年一贯制学校 SY2025 1343/31@C4/G4
        E5 left_behind_children{level=CE}=302 person 竹园九年一贯制学校 SY2025
        G5 boarders{level=CE}=518 person 竹园九年一贯制学校 SY2025
        C6 staff{level=CE}=119 person 竹园九年一贯制学校 SY2025
        E6 teachers{level=CE}=108 person 竹园九年一贯制学校 SY2025
        """
    )


def test_years_beside_a_column_of_targets_are_no_targets() -> None:
    found = read(
        """
        汶水河县教育事业发展主要指标完成情况(2023—2025年)
        汶水河县教育和体育局发展规划股 | > | > | > | >
        指标 | 2023年 | 2024年 | 2025年 | “十四五”规划目标
        九年义务教育巩固率(%) | 95.6 | 96.1 | 96.5 | 96
        """
    )
    assert [line.split()[0] for line in found] == ["B4", "C4", "D4"]


def test_in_a_plan_later_years_are_targets_where_no_column_is_called_so() -> None:
    found = read(
        """
        汶水河县教育发展规划主要指标
        指标 | 2020年 | 2025年 | 目标属性
        九年义务教育巩固率(%) | 95.6 | 96.5 | 预期性
        """
    )
    assert [line.split()[0] for line in found] == ["B3"]


def test_only_the_total_of_an_evaluation_is_a_score() -> None:
    found = read(
        """
        学校卫生综合评价评分表
        学校名称:双塔小学 | > | 评价日期:2025年10月16日 | >
        项目 | 评价要点 | 分值 | 得分
        组织管理 | 有校医 | 3 | 2
        ^ | 年度计划 | 2 | 2
        总得分 | | 5 | 4
        """
    )
    assert [line.split()[:2] for line in found] == [["D6", "hygiene_score{level=PRI}=4"]]


def test_a_heading_that_only_says_how_its_columns_divide_the_count_beside_it() -> None:
    found = read(
        """
        清江坝县2025-2026学年初小学分年级学生数
        学校 | 在校生 | 按年级 | > | >
        ^ | ^ | 一年级 | 二年级 | 三年级
        宝峰小学 | 345 | 115 | 112 | 118
        梨园小学 | 238 | 77 | 83 | 78
        """
    )
    assert [line.split()[1] for line in found[:4]] == [
        "enrollment{level=PRI}=345", "enrollment{grade=1;level=PRI}=115", "enrollment{grade=2;level=PRI}=112",
        "enrollment{grade=3;level=PRI}=118",
    ]  # fmt: skip


@pytest.mark.parametrize("band", ["六至十一周岁(小学段)", "6—11周岁(小学)", "六到十一岁"])
def test_bands_of_ages_in_words(band: str) -> None:
    found = read(
        f"""
        乌箐镇适龄儿童就学情况(2025年秋)
        村 | {band} | >
        ^ | 户籍人口 | 净入学率(%)
        大田村 | 238 | 99.58
        """
    )
    assert [line.split()[1] for line in found] == [
        "school_age_population{level=PRI}=238", "net_enrollment_rate{level=PRI}=99.58",
    ]  # fmt: skip


@pytest.mark.parametrize(("stamp", "month"), [("九月", "2025-09"), ("十一月", "2025-11"), ("10月", "2025-10")])
def test_months_in_words(stamp: str, month: str) -> None:
    found = read(
        f"""
        海西县第二初级中学食堂台账(2025年秋季学期)
        月 | 从业人员
        {stamp} | 17
        """
    )
    assert found == [f"B3 food_handlers{{level=JUN}}=17 person 海西县第二初级中学 {month}"]


def test_a_row_without_a_number_is_of_the_numbered_one_above() -> None:
    found = read(
        """
        龙潭镇学校食堂食品安全监管情况(2025年第四季度)
        内容 | 小学 | 初中
        一、食堂数(个) | 6 | 3
        二、餐饮具抽检(份) | 30 | 24
        合格(份) | 28 | 24
        合格率(%) | 93.3 | 100
        """
    )
    assert [line.split()[1].split("{")[0] for line in found][-2:] == ["tableware_pass_rate"] * 2


def test_the_kind_of_an_aim_is_no_item() -> None:
    found = read(
        """
        澧南县教育发展主要指标
        指标名称 | 2025年实际 | 性质
        九年义务教育巩固率(%) | 97.9 | 约束性
        高中阶段毛入学率(%) | 93.5 | 预期性
        """
    )
    assert [line.split()[0] for line in found] == ["B3", "B4"]


@pytest.mark.parametrize("head", ["单位", "计量单位", "计算单位", "数据单位"])
def test_the_column_of_units_by_its_other_names(head: str) -> None:
    found = read(
        f"""
        澧南县教育事业年度对照
        项目 | {head} | 2024年 | 2025年
        小学在校生 | 万人 | 4.12 | 4.05
        九年义务教育巩固率 | % | 97.8 | 97.9
        """
    )
    assert [line.split()[1] for line in found[:2]] == ["enrollment{level=PRI}=41200", "enrollment{level=PRI}=40500"]
