"""What a cell is by what stands around it: cohorts of a level, kinds of values, months of a season, units above, visits."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import by_cell, lines, read


def test_a_cohort_that_names_its_level_gives_it_to_its_rows_and_their_sum() -> None:
    found = read(
        """
        桐桥县2025年义务教育巩固率核算表(2024-2025学年)
        届别 | 学校 | 入学时招生数 | 减少 | > | 2025年毕业生数 | 巩固率
        ^ | ^ | ^ | 转出 | 辍学 | ^ | ^
        初中2022级 | 桐桥学校 | 200 | 4 | 1 | 195 | 99.49%
        ^ | 小计 | 200 | 4 | 1 | 195 | 99.49%
        小学(2019级) | 榆树学校 | 90 | 3 | 0 | 87 | 100.00%
        ^ | 小计 | 90 | 3 | 0 | 87 | 100.00%
        """
    )
    assert by_cell(found, "F4", "F5", "F6", "F7") == [
        "graduates{level=JUN}=195", "graduates{level=JUN}=195", "graduates{level=PRI}=87", "graduates{level=PRI}=87",
    ]  # fmt: skip
    assert "C7 entrants{level=PRI}=90 person 桐桥县 SY2019 total" in found
    assert "E4 dropout_count{level=JUN}=1 person 桐桥学校 SY2022..SY2024" in found


def test_a_sum_over_several_cohorts_has_the_level_of_none() -> None:
    found = read(
        """
        桐桥县2025年义务教育巩固率核算表(2024-2025学年)
        届别 | 学校 | 2025年毕业生数
        小学(2019级) | 榆树学校 | 87
        初中(2022级) | 桐桥学校 | 195
        | 合计 | 282
        """
    )
    assert by_cell(found, "C3", "C4", "C5") == [
        "graduates{level=PRI}=87", "graduates{level=JUN}=195", "graduates{level=CE}=282",
    ]  # fmt: skip


def test_rows_of_an_export_that_a_column_calls_aims_are_no_values() -> None:
    found = read(
        """
        机构名称 | 指标名称 | 期间 | 数据性质 | 数值 | 单位
        柏溪小学 | 辍学率 | 2024-2025学年 | 实际值 | 0.1 | %
        柏溪小学 | 辍学率 | 2025-2026学年 | 目标值 | 0 | %
        柏溪小学 | 学生体检率 | 2025年 | 计划 | 100 | %
        柏溪小学 | 学生体检率 | 2024年 | 完成值 | 98.5 | %
        """
    )
    assert by_cell(found, "E2", "E3", "E4", "E5") == [
        "dropout_rate{level=PRI}=0.1", "-", "-", "student_exam_coverage{level=PRI}=98.5",
    ]  # fmt: skip


def test_a_column_of_groups_without_aims_leaves_no_row_out() -> None:
    found = read(
        """
        机构名称 | 指标名称 | 期间 | 数据性质 | 数值 | 单位
        柏溪小学 | 在校生数 | 2024-2025学年 | 实际值 | 310 | 人
        柏溪小学 | 招生数 | 2024-2025学年 | 快报数 | 52 | 人
        """
    )
    assert by_cell(found, "E2", "E3") == ["enrollment{level=PRI}=310", "entrants{level=PRI}=52"]


@pytest.mark.parametrize(
    ("first", "second", "months", "periods"),
    [
        ("2024年秋季", "2025年春季", ("9月", "12月", "3月", "6月"), ("2024-09", "2024-12", "2025-03", "2025-06")),
        ("2024-2025学年第一学期", "2024-2025学年第二学期", ("10月份", "1月份", "3月份", "5月份"),
         ("2024-10", "2025-01", "2025-03", "2025-05")),
        ("2024年", "2025年", ("4月", "5月", "4月", "5月"), ("2024-04", "2024-05", "2025-04", "2025-05")),
        ("2024年秋季", "2025年春季", ("6月", "12月", "3月", "9月"), ("SY2024-T1", "2024-12", "2025-03", "SY2024-T2")),
    ],
)  # fmt: skip
def test_a_month_below_a_season_is_the_month_of_that_season_and_of_no_other(
    first: str, second: str, months: tuple[str, ...], periods: tuple[str, ...]
) -> None:
    found = read(
        f"""
        槐荫幼儿园幼儿出勤情况
        项目 | {first} | > | {second} | >
        ^ | {" | ".join(months)}
        出勤率(%) | 94.2 | 94.6 | 95.1 | 95.3
        因病缺勤率(%) | 4.2 | 4.6 | 4.1 | 3.9
        """
    )
    assert [line.split()[4] for line in found[:4]] == list(periods)


def test_the_whole_school_year_behind_its_months_is_read_with_both_checks_of_the_day() -> None:
    found = read(
        """
        槐荫幼儿园2024-2025学年幼儿出勤、晨午检记录
        单位:人、天、人次、%
        项目 | 2024年秋季 | > | 全学年
        ^ | 9月 | 10月 | ^
        实际出勤人次 | 4000 | 3000 | 7000
        晨检人次 | 3996 | 2997 | 6993
        晨检率(%) | 99.9 | 99.9 | 99.9
        午检人次 | 3980 | 2997 | 6977
        午检率(%) | 99.5 | 99.9 | 99.67
        """
    )
    assert found == lines(
        """
        B7 morning_check_rate{level=KG;session=morning}=99.9 percent 槐荫幼儿园 2024-09 3996/4000@B6/B5
        C7 morning_check_rate{level=KG;session=morning}=99.9 percent 槐荫幼儿园 2024-10 2997/3000@C6/C5
        D7 morning_check_rate{level=KG;session=morning}=99.9 percent 槐荫幼儿园 SY2024 6993/7000@D6/D5
        B9 morning_check_rate{level=KG;session=noon}=99.5 percent 槐荫幼儿园 2024-09 3980/4000@B8/B5
        C9 morning_check_rate{level=KG;session=noon}=99.9 percent 槐荫幼儿园 2024-10 2997/3000@C8/C5
        D9 morning_check_rate{level=KG;session=noon}=99.67 percent 槐荫幼儿园 SY2024 6977/7000@D8/D5
        """
    )


@pytest.mark.parametrize(("checked", "rate", "fraction"), [("199", "99.5", " 199/200@C3/B3"), ("4000", "99.1", "")])
def test_the_checked_are_of_those_enrolled_only_where_the_rate_says_so(checked: str, rate: str, fraction: str) -> None:
    found = read(
        f"""
        槐荫幼儿园2025年晨检记录
        月份 | 月末在园人数 | 晨检人次 | 晨检率(%)
        3月 | 200 | {checked} | {rate}
        """
    )
    assert found[-1] == f"D3 morning_check_rate{{level=KG;session=morning}}={rate} percent 槐荫幼儿园 2025-03{fraction}"


def test_a_check_of_both_kinds_in_one_word_is_of_neither() -> None:
    found = read(
        """
        槐荫幼儿园2025年3月保健报表
        项目 | 数值
        晨午检率(%) | 99.5
        """
    )
    assert found == lines("B3 morning_check_rate{level=KG}=99.5 percent 槐荫幼儿园 2025-03")


@pytest.mark.parametrize(
    ("units", "issuer"), [("人/针次/%", "槐荫县"), ("人、天、人次", "槐荫县"), ("石门镇中心学校", "石门镇中心学校")]
)
def test_units_of_measure_are_no_reporting_unit(units: str, issuer: str) -> None:
    found = read(
        f"""
        槐荫县2024年秋季儿童接种情况
        单位:{units}
        疫苗 | 应种人数 | 实种人数
        卡介苗 | 320 | 318
        """
    )
    assert {line.split()[3] for line in found} == {issuer}


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("云渡县示范幼儿园2024年秋季在园幼儿情况", "云渡县示范幼儿园"),
        ("云渡县示范幼儿园创建2024年秋季在园幼儿情况", "云渡县"),
    ],
)
def test_the_kindergarten_of_that_name_is_one_and_those_to_become_models_are_not(title: str, unit: str) -> None:
    found = read(
        f"""
        {title}
        项目 | 数值
        在园幼儿数(人) | 410
        """
    )
    assert [line.split()[3] for line in found] == [unit]


def test_an_age_group_may_say_in_brackets_whose_school_age_it_is() -> None:
    found = read(
        """
        石门镇2025年秋季适龄儿童少年入学情况表
        村 | 7-12周岁(小学学龄段) | > | > | 13-15岁(初中学龄) | > | >
        ^ | 总人口 | 已入学 | 入学率 | 总人口 | 已入学 | 入学率
        枣林村 | 80 | 80 | 100% | 40 | 39 | 97.5%
        """
    )
    assert by_cell(found, "B4", "D4", "E4", "G4") == [
        "school_age_population{level=PRI}=80", "net_enrollment_rate{level=PRI}=100",
        "school_age_population{level=JUN}=40", "net_enrollment_rate{level=JUN}=97.5",
    ]  # fmt: skip
    assert any(line.startswith("D4") and "80/80@C4/B4" in line for line in found)


def test_special_schools_under_those_taken_in_are_a_placement_and_elsewhere_schools() -> None:
    placed = read(
        """
        石门镇2025年残疾儿童少年就学情况
        村 | 已就读人数 | > | >
        ^ | 随班就读 | 特殊教育学校 | 送教上门
        枣林村 | 3 | 2 | 1
        """
    )
    assert by_cell(placed, "B4", "C4", "D4") == [
        "disabled_students{placement=inclusive}=3", "disabled_students{placement=special}=2",
        "disabled_students{placement=home}=1",
    ]  # fmt: skip
    counted = read(
        """
        云渡县2025年学校情况
        乡镇 | 学校数 | > | 随班就读人数
        ^ | 小学 | 特殊教育学校 | ^
        石门镇 | 3 | 1 | 12
        """
    )
    assert by_cell(counted, "C4") == ["schools{level=SPE}=1"]


def test_a_vaccine_that_is_always_paid_for_is_read_in_sums_too() -> None:
    found = read(
        """
        云渡县2025年3月入园儿童接种情况
        乡镇 | 疫苗 | 剂次 | 应种人数 | 实种人数
        石门镇 | 水痘疫苗(自费) | 1 | 90 | 60
        | 脊灰(自费) | 4 | 30 | 20
        合计 | 水痘疫苗(自费) | 1 | 90 | 60
        | 脊灰(自费) | 4 | 30 | 20
        """
    )
    sums = by_cell(found, "D5", "E5", "D6", "E6")
    assert sums == [
        "vaccination_due{dose=1;vaccine=Varicella}=90", "vaccination_given{dose=1;vaccine=Varicella}=60", "-", "-",
    ]  # fmt: skip


def test_cases_by_disease_and_level_are_told_by_the_title_and_what_was_done_is_of_the_outbreaks() -> None:
    found = read(
        """
        云渡县2025年学校卫生监督检查情况
        表二 2025年1-6月学校传染病报告情况(例)
        病名 | 幼儿园 | 小学 | 高中(职高) | 合计 | 暴发疫情(起) | 其中:已处置
        水痘 | 3 | 20 | 1 | 24 | 2 | 2
        手足口病 | 30 | 4 | 0 | 34 | 1 | 1
        合计 | 33 | 24 | 1 | 58 | 3 | 3
        """
    )
    assert by_cell(found, "B4", "D4", "E4", "C6", "E6") == [
        "infectious_cases{disease=水痘;level=KG}=3", "infectious_cases{disease=水痘;level=SEN}=1",
        "infectious_cases{disease=水痘}=24", "infectious_cases{level=PRI}=24", "infectious_cases{}=58",
    ]  # fmt: skip
    assert by_cell(found, "G4", "G5", "G6") == ["-", "-", "-"]


@pytest.mark.parametrize(
    "title", ["云渡县2025年学校传染病聚集性疫情(起)", "云渡县2025年学校传染病发病率", "云渡县2025年疫苗应种情况(例)"]
)
def test_diseases_under_a_title_of_something_else_are_no_cases(title: str) -> None:
    found = read(
        f"""
        {title}
        病名 | 幼儿园 | 小学
        水痘 | 3 | 2
        手足口病 | 3 | 4
        """
    )
    assert not any("infectious_cases" in line for line in found)


def test_findings_that_were_closed_stay_findings_behind_findings() -> None:
    found = read(
        """
        云渡县2025年4月学校食堂检查情况
        乡镇 | 检查学校数 | 发现问题(条) | 其中:已整改
        石门镇 | 9 | 12 | 10
        """
    )
    assert by_cell(found, "C3", "D3") == ["hygiene_findings{}=12", "hygiene_findings_closed{}=10"]


def test_visits_are_of_what_was_inspected_where_it_is_one_kind() -> None:
    schools = read(
        """
        云渡县2025年卫生监督情况
        单位类别 | 监督学校数 | 监督户次 | 合格学校数
        小学 | 20 | 31 | 19
        """
    )
    assert by_cell(schools, "C3") == ["hygiene_visits{level=PRI;object=school}=31"]
    both = read(
        """
        云渡县2025年卫生监督情况
        单位类别 | 检查学校数 | 合格食堂数 | 检查户次
        小学 | 20 | 17 | 31
        """
    )
    assert by_cell(both, "D3") == ["hygiene_visits{level=PRI}=31"]


@pytest.mark.parametrize(
    ("filed", "begin", "end"),
    [
        ("2025年9月20日", "SY2024", "SY2025"),
        ("2024年9月20日", "SY2023", "SY2024"),
        ("2025年7月2日", "SY2023", "SY2024"),
    ],
)
def test_a_table_of_moves_filled_in_when_the_next_year_has_begun_ends_with_that_year(
    filed: str, begin: str, end: str
) -> None:
    found = read(
        f"""
        云渡县2024-2025学年学生变动情况
        填表日期:{filed}
        学校 | 上学年初在校生数 | 转入 | 毕业 | 本学年初在校生数
        石门小学 | 300 | 5 | 50 | 310
        """
    )
    told = {line.split()[0]: line.split()[4] for line in found}
    assert (told["B4"], told["C4"], told["E4"]) == (begin, "SY2024", end)


def test_what_meets_the_requirements_is_a_result_and_the_requirement_is_not() -> None:
    found = read(
        """
        云渡县2025年春季食堂检查汇总
        项目 | 小学 | 要求
        食品留样符合要求率(%) | 98.5 | 100
        """
    )
    assert found == lines("B3 food_sample_rate{level=PRI}=98.5 percent 云渡县 SY2024-T2")


@pytest.mark.parametrize(
    ("label", "wanted"), [("离园数", "graduates{level=KG}=60"), ("离园幼儿数", "graduates{level=KG}=60")]
)
def test_those_who_leave_a_kindergarten_are_its_graduates(label: str, wanted: str) -> None:
    found = read(
        f"""
        幼儿园 | 指标 | 学年 | 数值
        云渡县幼儿园 | {label} | 2023-2024学年 | 60
        """
    )
    assert by_cell(found, "D2") == [wanted]
