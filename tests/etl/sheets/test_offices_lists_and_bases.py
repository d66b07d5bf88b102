"""Offices that file a sheet for others, cards that the title names, the others of a list, and what a rate is made over."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import by_cell, lines, read


def _entity(line: str) -> str:
    return line.split()[3]


@pytest.mark.parametrize(
    ("office", "unit"),
    [
        ("松溪县控辍保学工作领导小组办公室", "松溪县"),
        ("松溪县学校食品安全工作专班", "松溪县"),
        ("松溪县教育局", "松溪县"),
        ("松溪县青少年活动中心", "松溪县青少年活动中心"),
        ("松溪县第一中学", "松溪县第一中学"),
        ("松溪县第一中学营养餐工作领导小组", "松溪县第一中学"),
        ("松溪县人民医院防疫办公室", "松溪县人民医院防疫办公室"),
    ],
)
def test_what_a_county_has_set_up_for_a_task_files_for_the_county_and_a_unit_for_itself(office: str, unit: str) -> None:
    found = read(
        f"""
        义务教育阶段控辍保学台账汇总表
        填报单位(盖章):{office} | 截止时间:2024年4月30日
        项目 | 小学 | 初中
        疑似辍学 | 3 | 10
        """
    )
    assert [_entity(line) for line in found] == [unit, unit]


@pytest.mark.parametrize("school", ["松溪县第一中学", "松溪县城关一中", "松溪县第三初级中学"])
def test_a_title_that_begins_with_the_name_of_a_school_is_of_it(school: str) -> None:
    found = read(
        f"""
        {school}学生健康体检结果
        项目 | 2023年 | 2024年
        近视率(%) | 51.2 | 53.4
        """
    )
    assert [_entity(line) for line in found] == [school, school]


@pytest.mark.parametrize(
    ("filed_by", "unit"),
    [
        ("柳河区向阳幼儿园保健室", "柳河区向阳幼儿园"),
        ("柳河区向阳小学教导处", "柳河区向阳小学"),
        ("枫林村卫生室", "枫林村卫生室"),
        ("柳河区向阳幼儿园东园", "柳河区向阳幼儿园东园"),
    ],
)
def test_a_room_of_a_school_files_for_the_school(filed_by: str, unit: str) -> None:
    found = read(
        f"""
        2024年儿童出勤情况表
        填报单位:{filed_by}
        月份 | 应出勤人次 | 实出勤人次 | 出勤率(%)
        3月 | 200 | 190 | 95
        """
    )
    assert [_entity(line) for line in found] == [unit]


def test_the_rows_of_a_clinic_keep_their_schools_and_their_sum_is_of_the_town() -> None:
    found = read(
        """
        青石镇2024年秋季入托入学儿童预防接种证查验情况
        报告单位:青石镇中心卫生院预防接种门诊
        类别 | 托育机构及学校名称 | 应查验人数 | 实查验人数
        幼儿园 | 青石镇中心幼儿园 | 49 | 48
        ^ | 苗苗幼儿园 | 18 | 18
        小学 | 青石镇第二小学 | 141 | 141
        合计 | > | 208 | 207
        """
    )
    assert [_entity(line) for line in found[::2]] == ["青石镇中心幼儿园", "苗苗幼儿园", "青石镇第二小学", "青石镇"]


def test_a_count_of_institutions_is_no_column_of_names() -> None:
    found = read(
        """
        2024年秋季接种证查验情况
        乡镇 | 托幼机构 | 应查验人数 | 实查验人数
        青石镇 | 12 | 490 | 480
        白水镇 | 9 | 300 | 300
        """
    )
    assert [_entity(line) for line in found if line.startswith(("C3", "C4"))] == ["青石镇", "白水镇"]


@pytest.mark.parametrize("over", ["实绩", "完成值", "实际值"])
def test_values_of_years_under_a_heading_that_says_values_are_read(over: str) -> None:
    found = read(
        f"""
        沙湾区教育事业主要指标
        指标名称 | 单位 | {over} | > | 2025年目标值
        ^ | ^ | 2022年 | 2023年 | ^
        九年义务教育巩固率 | % | 95.1 | 95.9 | 97
        小学在校生 | 人 | 8200 | 8100 | —
        """
    )
    assert by_cell(found, "C4", "D4", "E4", "D5") == [
        "retention_rate{level=CE}=95.1", "retention_rate{level=CE}=95.9", "-", "enrollment{level=PRI}=8100",
    ]  # fmt: skip


def test_years_under_another_heading_are_not_taken_for_values() -> None:
    found = read(
        """
        沙湾区教育事业主要指标
        指标名称 | 单位 | 邻区情况 | >
        ^ | ^ | 2022年 | 2023年
        九年义务教育巩固率 | % | 95.1 | 95.9
        小学在校生 | 人 | 8200 | 8100
        """
    )
    assert found == []


def test_the_others_of_a_list_of_diseases_and_the_sum_of_them_all_are_read() -> None:
    found = read(
        """
        新桥小学2024年传染病情况月统计表
        月份 | 水痘(例) | 流感(例) | 其它传染病(例) | 传染病合计(例) | 备注
        3月 | 1 | 2 | 0 | 3 |
        4月 | 0 | 1 | 1 | 2 |
        """
    )
    assert by_cell(found, "D3", "E3", "D4", "E4") == [
        "infectious_cases{disease=其他;level=PRI}=0", "infectious_cases{level=PRI}=3",
        "infectious_cases{disease=其他;level=PRI}=1", "infectious_cases{level=PRI}=2",
    ]  # fmt: skip


def test_others_of_another_list_are_no_cases() -> None:
    found = read(
        """
        新桥小学2024年学生缺勤原因统计
        月份 | 应出勤人次 | 实出勤人次 | 出勤率(%) | 其他疾病 | 发病合计
        3月 | 200 | 190 | 95 | 3 | 5
        4月 | 200 | 180 | 90 | 6 | 8
        """
    )
    assert by_cell(found, "D3", "E3", "F3", "E4", "F4") == ["attendance_rate{level=PRI}=95", "-", "-", "-", "-"]


def test_the_rate_under_the_results_of_an_inspection_is_that_of_the_schools() -> None:
    found = read(
        """
        2023年学校卫生监督检查情况
        项目 | > | 小学 | 初中
        监督检查学校数(所) | > | 120 | 40
        检查结果 | 合格学校数(所) | 117 | 38
        ^ | 合格率(%) | 97.5 | 95
        满意度调查结果 | 合格率(%) | 88 | 86
        """
    )
    assert by_cell(found, "C5", "C6", "D6") == [
        "hygiene_inspection_pass_rate{level=PRI;object=school}=97.5", "-", "-",
    ]  # fmt: skip


def test_children_of_inclusive_private_kindergartens_are_not_those_of_all_private_ones() -> None:
    found = read(
        """
        2024年秋季学前教育基本情况统计表
        乡镇 | 在园幼儿(人) | > | >
        ^ | 合计 | 民办园在园 | 普惠性民办园在园
        青石镇 | 400 | 150 | 96
        白水镇 | 420 | 180 | 73
        """
    )
    assert by_cell(found, "C4", "D4", "C5", "D5") == [
        "enrollment{level=KG;sponsor=private}=150", "-", "enrollment{level=KG;sponsor=private}=180", "-",
    ]  # fmt: skip


def test_a_card_under_the_name_of_its_school_is_read_by_pairs() -> None:
    found = read(
        """
        河湾县第二小学2024-2025学年度基本信息
        学校(章):河湾县第二小学 | | | | 填表时间:2024年9月15日 |
        学校标识码 | 2143000187 | 办学类型 | 小学 | 举办者 | 县级教育部门
        教学班(个) | 12 | 在校学生(人) | 506 | 教职工(人) | 34
        辍学率 | 0 | 平均班额(人) | 42.2 | 学生体检率(%) | 99.3
        """
    )
    assert found == lines(
        """
        B4 classes{level=PRI}=12 class 河湾县第二小学 SY2024
        D4 enrollment{level=PRI}=506 person 河湾县第二小学 SY2024
        F4 staff{level=PRI}=34 person 河湾县第二小学 SY2024
        B5 dropout_rate{level=PRI}=0 percent 河湾县第二小学 SY2024
        D5 average_class_size{level=PRI}=42.2 person_per_class 河湾县第二小学 SY2024 506/12@D4/B4
        F5 student_exam_coverage{level=PRI}=99.3 percent 河湾县第二小学 SY2024
        """
    )


def test_a_list_of_schools_that_begins_with_their_codes_is_no_card() -> None:
    found = read(
        """
        河湾县2024-2025学年度学校一览
        学校标识码 | 办学类型 | 学校名称 | 在校学生(人)
        2143000187 | 小学 | 河湾县第二小学 | 506
        2143000188 | 小学 | 河湾县第三小学 | 610
        """
    )
    assert [line.split()[:4:3] for line in found] == [["D3", "河湾县第二小学"], ["D4", "河湾县第三小学"]]


def test_a_dropout_rate_of_those_who_left_last_year_is_over_those_who_were_there_then() -> None:
    found = read(
        """
        梅岭镇2023-2024学年初学生变动情况统计表
        学校名称 | 上学年初报表在校生数 | 本学年初报表在校生数 | 上学年辍学人数 | 辍学率(%)
        梅岭中学 | 526 | 524 | 1 | 0.19
        梅岭第二初级中学 | 598 | 615 | 0 | 0
        """
    )
    assert [line.split()[-1] for line in found if line.startswith("E")] == ["1/526@D3/B3", "0/598@D4/B4"]


def test_a_dropout_rate_of_those_who_left_this_year_is_not_over_others() -> None:
    found = read(
        """
        梅岭镇2023-2024学年初学生变动情况统计表
        学校名称 | 上学年初报表在校生数 | 在校生数 | 辍学人数 | 辍学率(%)
        梅岭中学 | 800 | 524 | 5 | 0.95
        """
    )
    assert [line.split()[-1] for line in found if line.startswith("E")] == ["5/524@D3/C3"]


def test_the_timely_first_dose_among_the_doses_is_made_of_the_counts_of_its_row() -> None:
    found = read(
        """
        南坪县2024年9月免疫规划疫苗接种率报表
        疫苗 | 剂次 | 应种人数 | 实种人数 | 接种率(%)
        卡介苗 | 1 | 200 | 190 | 95
        乙肝首针及时 | | 199 | 192 | 96.48
        """
    )
    assert found[-1].startswith("E4 hepb_birth_timely_rate{}=96.48")
    assert found[-1].endswith("192/199@D4/C4")
    assert by_cell(found, "C4", "D4", "D3") == ["-", "-", "vaccination_given{dose=1;vaccine=BCG}=190"]


@pytest.mark.parametrize(("of_all", "base"), [("51.67", "108/209"), ("50.99", "108/397")])
def test_a_sum_without_the_group_that_has_no_rate_is_over_the_others(of_all: str, base: str) -> None:
    found = read(
        f"""
        2023年学校卫生监督情况统计表
        项目 | 托幼机构 | 小学 | 初中 | 高中 | 合计
        学校数(所) | 188 | 143 | 47 | 19 | 397
        配备专兼职人员的学校数(所) | / | 62 | 29 | 17 | 108
        卫生专业技术人员(保健教师)配备率(%) | / | 43.36 | 61.7 | 89.47 | {of_all}
        """
    )
    assert f"health_staff_rate{{}}={of_all} percent" in found[-1]
    assert base in found[-1]


def test_samples_down_the_rows_are_what_their_rate_is_made_of() -> None:
    found = read(
        """
        2023年学校卫生监督抽检情况统计表
        项目 | > | 小学 | 初中 | 高中
        生活饮用水 | 抽检份数(份) | 66 | 38 | 20
        ^ | 合格份数(份) | 59 | 35 | 20
        ^ | 水质合格率(%) | 89.39 | 92.11 | 100
        ^ | 整改率(%) | 70 | 80 | 90
        """
    )
    assert [line.split()[-1] for line in found if "water" in line] == ["59/66@C4/C3", "35/38@D4/D3", "20/20@E4/E3"]
    assert not any("/" in line.split()[-1] for line in found if line.startswith(("C6", "D6", "E6")))


def test_children_who_enter_are_entrants_but_those_present_in_the_morning_are_not() -> None:
    export = """
        填报机构 | 指标名称 | 统计期 | 指标值 | 计量单位
        清江中心幼儿园 | 在园幼儿数 | 2024-2025学年 | 286 | 人
        清江中心幼儿园 | 入园幼儿数 | 2024-2025学年 | 95 | 人
        """
    assert by_cell(read(export), "D2", "D3") == ["enrollment{level=KG}=286", "entrants{level=KG}=95"]
    daily = """
        清江中心幼儿园2024年9月晨检情况
        班级 | 入园幼儿数 | 晨检人数 | 晨检率(%)
        全园 | 286 | 286 | 100
        """
    assert not any("entrants" in line for line in read(daily))
