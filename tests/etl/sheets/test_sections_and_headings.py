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
