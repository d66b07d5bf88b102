"""Blocks of one unit each, stamps under a heading of their own, starts of cohorts, rows of means, grades on a card."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import lines, read


def test_a_heading_over_school_years_only_announces_them() -> None:
    found = read(
        """
        鹤渚县教育发展主要指标
        指标 | 学    年 | >
        ^ | 2022—2023 | 2023—2024
        小学净入学率(%) | 99.98 | 100
        """
    )
    assert found == lines(
        """
        B4 net_enrollment_rate{level=PRI}=99.98 percent 鹤渚县 SY2022
        C4 net_enrollment_rate{level=PRI}=100 percent 鹤渚县 SY2023
        """
    )


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("二、南苑分园", "南苑分园"), ("二、实验小学", "实验小学"), ("二、渡口镇", "渡口镇"),
        ("二、完全小学", "澄川县"), ("二、九年一贯制学校", "澄川县"), ("二、城区", "澄川县"),
    ],
)  # fmt: skip
def test_the_caption_of_a_block_may_be_a_unit_but_not_a_kind_of_school(caption: str, unit: str) -> None:
    found = read(
        f"""
        澄川县学生视力不良情况(2025年秋季)
        一、城关镇
        学段 | 视力不良率(%)
        小学 | 41.5

        {caption}
        学段 | 视力不良率(%)
        小学 | 38.2
        """
    )
    assert [line.split()[3] for line in found] == ["城关镇", unit]


def test_what_a_heading_joins_without_a_subject_of_its_own_is_of_its_level_in_every_block() -> None:
    found = read(
        """
        澄川县幼儿出勤、晨检情况(2024年秋季学期)
        一、总园区
        月份 | 出勤率(%)
        9月 | 95.5

        二、南苑分园
        月份 | 出勤率(%)
        9月 | 94.5
        """
    )
    assert found == lines(
        """
        B4 attendance_rate{level=KG}=95.5 percent 总园区 2024-09
        B8 attendance_rate{level=KG}=94.5 percent 南苑分园 2024-09
        """
    )


def test_the_start_of_a_cohort_is_also_what_was_taken_in_that_year() -> None:
    found = read(
        """
        棠溪县初中三年巩固率统计表(2025届)
        学校 | 2022年秋季招生数 | 三年内转入 | 三年内转出 | 2025年毕业生数 | 三年巩固率
        高桥中学 | 246 | 5 | 14 | 233 | 98.31%
        """
    )
    assert "B3 entrants{level=JUN}=246 person 高桥中学 SY2022" in found
    assert any(line.startswith("F3 retention_rate{level=JUN}=98.31 percent 高桥中学") for line in found)


@pytest.mark.parametrize(
    ("title", "head", "cohort", "school_year"),
    [
        ("白鹭县小学六年巩固率统计表(2023-2024学年)", "6年前招生数", "2018级", "SY2018"),
        ("白鹭县小学六年巩固率统计表(2023-2024学年)", "6年前招生数", "2024届", "SY2018"),
        ("白鹭县小学六年巩固率统计表(2023-2024学年)", "六年前招生数", "", "SY2018"),
        ("白鹭县小学六年巩固率统计表(2024年)", "6年前招生数", "", "SY2018"),
        ("白鹭县小学六年巩固率统计表", "6年前招生数", "", None),
    ],
)
def test_the_year_of_a_cohort_is_told_by_its_name_or_counted_back(
    title: str, head: str, cohort: str, school_year: str | None
) -> None:
    found = read(
        f"""
        {title}
        届别 | 学校 | {head} | 毕业生数 | 六年巩固率
        {cohort} | 育英小学 | 244 | 241 | 98.77%
        """
    )
    started = [line for line in found if " " in line and line.split()[1].startswith("entrants")]
    assert started == ([f"C3 entrants{{level=PRI}}=244 person 育英小学 {school_year}"] if school_year else [])


def test_a_mean_of_the_county_is_its_own_rate_unless_it_is_the_mean_of_the_rates_above() -> None:
    drawing = """
        鹤渚县各乡镇初中辍学率(%)
        乡镇 | 2023年 | 2024年
        渚口镇 | 0.18 | 0.10
        双堰镇 | 0.36 | 0.22
        全县平均 | 0.21 | 0.16
        """
    found = read(drawing)
    assert "B5 dropout_rate{level=JUN}=0.21 percent 鹤渚县 2023 total" in found
    assert not any(line.startswith("C5 ") for line in found)


def test_a_mean_of_counts_is_nobodys() -> None:
    found = read(
        """
        鹤渚县2025年秋季初中在校生数
        乡镇 | 在校生数
        渚口镇 | 300
        双堰镇 | 500
        全县平均 | 410
        """
    )
    assert [line.split()[0] for line in found] == ["B3", "B4"]


def test_grades_after_the_pupils_of_a_card_are_parts_of_them() -> None:
    found = read(
        """
        学校基本信息卡
        学校名称 | 磨盘湾中学 | 学校标识码 | 3152000417
        办学类型 | 初级中学 | 在校生数 | 698人
        七年级 | 352人 | 八年级 | 346人
        寄宿生数 | 40人 | 九年级 | 0人
        """
    )
    told = [line.split()[1] for line in found]
    assert told[1:3] == ["enrollment{grade=7;level=JUN}=352", "enrollment{grade=8;level=JUN}=346"]
    assert not any("grade=9" in line for line in told)


@pytest.mark.parametrize(
    "name", ["持有有效健康证明人数(人)", "取得健康合格证人数", "持有健康证书数", "持有效健康证明的人数"]
)
def test_certificates_of_health_by_all_their_names(name: str) -> None:
    found = read(
        f"""
        青禾市学校食堂从业人员情况(2025年9月)
        学校 | 食堂从业人员数 | {name}
        第一小学 | 12 | 11
        """
    )
    assert found[1].split()[1] == "food_handlers_certified{level=PRI}=11"
