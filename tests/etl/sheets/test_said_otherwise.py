"""The same said otherwise: levels and ages in headings, kinds of both, English repeats, differences below the years."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from etl.sheets.labels import read_label
from etl.sheets.vocabulary import vocabulary_of
from etl.sheets.words import is_aim, is_difference
from tests.etl.sheets.telling import lines, read

LABELS = {
    ("学校(园)总数(所)",): "schools {}",
    ("学校(幼儿园)数",): "schools {}",
    ("中小学(幼儿园)数",): "schools {}",
    ("小学教育(6-11周岁)", "人口数"): "school_age_population {'level': 'PRI'}",
    ("6—11周岁(小学)", "学龄人口数"): "school_age_population {'level': 'PRI'}",
    ("12—14周岁(初中)", "净入学率"): "net_enrollment_rate {'level': 'JUN'}",
    ("12—14周岁", "常住人口"): "school_age_population {'level': 'JUN'}",
    ("初中教育", "毛入学率"): "gross_enrollment_rate {'level': 'JUN'}",
    ("小学、初中在校生数",): "enrollment {}",
    ("普通小学", "在校生数"): "enrollment {'level': 'PRI'}",
    ("初中部", "在校生数"): "enrollment {'level': 'JUN'}",
    ("初中", "一年级", "在校生数"): "enrollment {'level': 'JUN', 'grade': '7'}",
    ("小学", "一年级", "在校生数"): "enrollment {'level': 'PRI', 'grade': '1'}",
    ("小学(一年级新生)", "应查验人数"): "vac_cert_check_due {'level': 'PRI'}",
    ("七年级新生", "实查验人数"): "vac_cert_check_done {'level': 'JUN'}",
    ("初一新生",): "entrants {'level': 'JUN'}",
    ("新招幼儿数",): "entrants {'level': 'KG'}",
    ("减少", "批准休学"): "suspended {}",
    ("减少", "转往外校"): "transfer_out {}",
    ("全国中小学生学籍系统", "在籍人数"): "enrollment {}",
    ("学籍系统在籍",): "enrollment {}",
    ("2025届毕业年级", "三年巩固率"): "retention_rate {}",
    ("应届毕业生", "毕业生数"): "graduates {}",
    ("分年级在校生", "三年级"): "enrollment {'grade': '3'}",
}  # fmt: skip


@pytest.mark.parametrize("path", LABELS)
def test_a_label_is_read_whole(path: tuple[str, ...]) -> None:
    label = read_label(path, vocabulary_of(load_catalogue()), "")
    dims = {name: label.dims[name] for name in ("level", "grade") if name in label.dims}
    assert (f"{label.indicator} {dims}", label.rest) == (LABELS[path], "")


def test_a_register_on_its_own_is_not_those_who_are_off_it() -> None:
    label = read_label(("在籍不在校人数",), vocabulary_of(load_catalogue()), "")
    assert label.rest or label.indicator != "enrollment"


@pytest.mark.parametrize(
    "text", ["比上学年增减", "同比", "环比增长(%)", "2025年比2024年增减", "近五年增幅", "较去年同期增加"]
)
def test_a_row_of_differences_is_known(text: str) -> None:
    assert is_difference(text)
    assert not is_aim(text)


@pytest.mark.parametrize("text", ["“十五五”规划目标", "2027年目标", "省定目标", "2026年计划", "本年度目标值"])
def test_a_row_of_aims_is_known(text: str) -> None:
    assert is_aim(text)
    assert not is_difference(text)


@pytest.mark.parametrize("text", ["2025年", "较场口小学", "比塔镇", "目标小学", "2025年度"])
def test_years_and_names_are_neither(text: str) -> None:
    assert not is_aim(text)
    assert not is_difference(text)


def test_only_the_years_of_a_table_of_years_are_read() -> None:
    found = read(
        """
        清水县教育事业发展主要指标
        学年 | 小学在校生数 | 小学净入学率(%)
        2023-2024学年 | 2010 | 99.9
        2024-2025学年 | 1980 | 100
        比上学年增减 | -30 | 0.1
        2025年规划目标 | 2000 | 100
        """
    )
    assert found == lines(
        """
        B3 enrollment{level=PRI}=2010 person 清水县 SY2023
        C3 net_enrollment_rate{level=PRI}=99.9 percent 清水县 SY2023
        B4 enrollment{level=PRI}=1980 person 清水县 SY2024
        C4 net_enrollment_rate{level=PRI}=100 percent 清水县 SY2024
        """
    )


def test_an_english_repeat_makes_no_name_of_a_group() -> None:
    found = read(
        """
        清水县2025-2026学年初小学校数 Number of Primary Schools
        | 学校数(所) | 在校生数
        总 计 Total | 30 | 9000
        教育部门 Run by Edu. Dept. | 28 | 8600
        民办 Non-gov. | 2 | 400
        """
    )
    assert found == lines(
        """
        B3 schools{level=PRI}=30 school 清水县 SY2025 total
        C3 enrollment{level=PRI}=9000 person 清水县 SY2025 total
        B4 schools{level=PRI;sponsor=public}=28 school 清水县 SY2025
        C4 enrollment{level=PRI;sponsor=public}=8600 person 清水县 SY2025
        B5 schools{level=PRI;sponsor=private}=2 school 清水县 SY2025
        C5 enrollment{level=PRI;sponsor=private}=400 person 清水县 SY2025
        """
    )


def test_the_sum_of_several_levels_is_of_no_single_one() -> None:
    found = read(
        """
        清水县控辍保学月报(2025年11月)
        学校 | 学段 | 学籍系统在籍 | 疑似辍学人数
        东湾小学 | 小学 | 300 | 1
        石桥初级中学 | 初中 | 500 | 2
        合计 | 小学、初中 | 800 | 3
        """
    )
    assert found[-2:] == lines(
        """
        C5 enrollment{}=800 person 清水县 2025-11 total
        D5 suspected_dropout_count{}=3 person 清水县 2025-11 total
        """
    )


def test_the_period_of_a_card_stands_beside_the_day_of_filling_in() -> None:
    found = read(
        """
        清水县学校基本情况登记卡
        2025—2026学年 | > | 填表日期:2025年10月10日 | >
        学校名称 | 东湾小学 | 办学类型 | 完全小学
        在校学生(人) | 355 | 其中:女生 | 165
        """
    )
    assert found == lines(
        """
        B4 enrollment{level=PRI}=355 person 东湾小学 SY2025
        D4 enrollment{level=PRI;sex=F}=165 person 东湾小学 SY2025
        """
    )


@pytest.mark.parametrize("head", ["学年学期", "学年度学期", "年度学期", "统计学期"])
def test_an_export_names_year_and_term_in_one_column(head: str) -> None:
    found = read(
        f"""
        学校标识码 | 学校名称 | 指标 | {head} | 数值
        '2144003071 | 清水县第一小学 | 在校学生数 | 2025-2026学年第一学期 | 812
        """
    )
    assert found == lines("E2 enrollment{level=PRI}=812 person 清水县第一小学 SY2025-T1")


@pytest.mark.parametrize(
    "filed_by", ["白塔镇卫生院", "白塔镇中心卫生院", "白塔镇社区卫生服务中心", "白塔镇预防接种门诊"]
)
def test_the_clinic_files_the_sheet_of_its_township(filed_by: str) -> None:
    found = read(
        f"""
        白塔镇国家免疫规划疫苗接种情况报表(2026年3月)
        报告单位:{filed_by} | > | >
        疫苗名称 | 应种人数 | 实种人数
        乙肝疫苗 | 40 | 39
        """
    )
    assert found == lines(
        """
        B4 vaccination_due{vaccine=HepB}=40 person 白塔镇 2026-03
        C4 vaccination_given{vaccine=HepB}=39 person 白塔镇 2026-03
        """
    )
