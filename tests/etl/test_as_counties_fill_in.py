"""Sheets as county offices fill them in: quarters down the rows, school years side by side, names under a merged group."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Draft, Severity, dims_key
from etl.pipeline import draft_from_file, extract, read_safely
from etl.places import Directory
from etl.types import Mention

QUARTERS = """汀南县2024年控辍保学工作季度统计表
{head},学段,学籍在校生数,疑似辍学人数,应劝返人数,劝返复学人数
一季度,小学,21507,3,2,2
,初中,10269,5,7,6
二季度,小学,21449,4,3,3
,初中,10218,2,4,4
"""
YEARS = """青屏县城区小学近三学年基本情况
学校,2021-2022学年,,,2022-2023学年,,
,在校生数,其中:女,班数,在校生数,其中:女,班数
青屏一小,620,289,14,640,313,15
城东小学,508,241,12,515,249,12
"""
CLINICS = """松江县2024年6月各接种门诊实种人数统计表
接种门诊,卡介苗,乙肝疫苗,,
,,第1剂,第2剂,第3剂
城厢街道社区卫生服务中心,56,58,57,82
松江镇卫生院,40,84,21,44
合计,96,142,78,126
"""
EXAMINED = """白鹤县2024年中小学生健康体检结果汇总表
学段,学校,在校生数,近视率
小学,白鹤一小,620,31.2
,白鹤二小,480,33.4
,小计,1100,32.2
初中,白鹤县第一中学,900,51.4
,小计,900,51.4
"""
KINDERGARTENS = """龙湾区2024-2025学年初学前教育基本情况统计表
街道,幼儿园数,,,在园幼儿数,,,
,合计,公办,民办,合计,其中:女,公办园,普惠性民办园
龙湾街道,11,5,6,859,403,477,333
海滨街道,9,4,5,780,371,420,301
"""


def mentioned(text: str) -> list[Mention]:
    return list(extract(read_safely("表.csv", text.encode()), load_catalogue(), "表.csv").mentions)


def draft(text: str) -> Draft:
    return draft_from_file("表.csv", text.encode(), load_catalogue(), Directory([]))


def at(text: str, cell: str) -> tuple[str, str, str | None, str | None]:
    """(indicator, dims, unit, period) of what a cell says."""
    found = next(one for one in mentioned(text) if one.evidence.cell == cell)
    return found.indicator, dims_key(found.dims), found.entity, found.period


def asked(text: str) -> list[tuple[str, str | None]]:
    """(code, cell) of what a person is asked or told to mend."""
    told = (one for one in draft(text).issues if one.severity is not Severity.NOTE)
    return [(one.code, one.cell) for one in told if one.code != "unknown_place"]  # the directory is empty


@pytest.mark.parametrize("head", ["季度", "季别", "时间"])
def test_quarters_down_the_rows_are_periods(head: str) -> None:
    text = QUARTERS.format(head=head)
    assert at(text, "R4C3") == ("enrollment", "level=JUN", "汀南县", "2024-Q1")
    assert at(text, "R5C4") == ("suspected_dropout_count", "level=PRI", "汀南县", "2024-Q2")
    assert asked(text) == []


def test_a_term_down_the_rows_is_one_of_the_sheets_school_year() -> None:
    text = "小太阳幼儿园2023-2024学年出勤统计\n学期,应出勤人次,实出勤人次,出勤率(%)\n上学期,16579,15575,93.9\n下学期,16000,15200,95.0\n"
    assert at(text, "R3C4")[3] == "SY2023-T1"
    assert at(text, "R4C4")[3] == "SY2023-T2"


def test_girls_beside_pupils_under_a_school_year_are_pupils_of_that_year() -> None:
    assert at(YEARS, "R4C3") == ("enrollment", "level=PRI;sex=F", "青屏一小", "SY2021")
    assert at(YEARS, "R5C6") == ("enrollment", "level=PRI;sex=F", "城东小学", "SY2022")


def test_doses_alone_are_what_the_title_counts_of_clinics() -> None:
    assert at(CLINICS, "R4C2") == ("vaccination_given", "vaccine=BCG", "城厢街道社区卫生服务中心", "2024-06")
    assert at(CLINICS, "R5C4") == ("vaccination_given", "dose=2;vaccine=HepB", "松江镇卫生院", "2024-06")
    assert asked(CLINICS) == []


def test_a_group_beside_the_names_fills_down_to_its_sum() -> None:
    assert at(EXAMINED, "R5C4")[:2] == ("myopia_rate", "level=PRI")
    assert at(EXAMINED, "R7C4")[:2] == ("myopia_rate", "level=JUN")


def test_children_of_kinds_of_kindergartens_are_no_kindergartens() -> None:
    told = [one.evidence.cell for one in mentioned(KINDERGARTENS) if one.indicator == "schools"]
    assert told == ["R4C2", "R4C3", "R4C4", "R5C2", "R5C3", "R5C4"]
    assert ("B09", "R4C8") not in asked(KINDERGARTENS)


@pytest.mark.parametrize(
    ("head", "indicator", "dims"),
    [
        ("学籍在校生数", "enrollment", "level=PRI"),
        ("适龄儿童人口数", "school_age_population", "level=PRI"),
        ("小学生辍学率(%)", "dropout_rate", "level=PRI"),
    ],
)
def test_what_offices_call_them(head: str, indicator: str, dims: str) -> None:
    text = f"古渡县2024-2025学年小学情况\n乡镇,{head}\n城关镇,12\n青林乡,15\n"
    assert at(text, "R3C2")[:2] == (indicator, dims)


def test_canteens_not_graded_are_counted_apart() -> None:
    text = "永安区2024年学校食堂量化分级情况\n类别,食堂数,A级,B级,C级,未评定\n小学,36,12,20,3,1\n初中,13,6,7,0,0\n"
    assert at(text, "R3C6")[:2] == ("canteen_graded_count", "grade_abc=none;level=PRI")
    assert asked(text) == []
