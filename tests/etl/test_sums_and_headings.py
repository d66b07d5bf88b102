"""Sums that a table states without the word 合计, and headings whose meaning the columns beside them tell."""

from __future__ import annotations

import pytest

from tests.etl.test_as_counties_fill_in import asked, at, mentioned

LISTED = """安化县2024-2025学年初小学学生数
单位,学校数,在校生数,招生数
安化县,3,{pupils},378
城关一小,,1020,170
城关二小,,860,142
羊角小学,,410,66
"""
TOWNS = """云溪县2024-2025学年初小学学生数
单位,班数,在校生数,招生数
云溪县,{classes},2050,342
云溪镇,38,1560,260
云溪镇中心小学,22,930,155
西关小学,16,630,105
石门乡,13,490,82
石门乡中心小学,9,350,{entrants}
大坪小学,4,140,24
"""
MONTHS = """金桥中学2024年各月情况
月份,在校生数,转入,转出
9月,802,3,2
10月,803,1,0
11月,804,1,0
{closing},,{came},2
"""
YEARS = """城南小学近五年基本数据
项目,2020-2021,2021-2022,2022-2023
在校生数(人),880,902,915
学生体检率(%),98.5,98.9,{rate}
"""
DOSES = """松江县2024学年入学儿童累计接种情况
学校,在册人数,乙肝疫苗,,脊灰疫苗,
,,第1剂,第2剂,第1剂,第2剂
松江一小,210,209,{second},210,208
松江二小,156,156,155,155,154
"""
INSPECTED = """宁远县2024年上半年学校卫生监督检查情况
学校类别,学校数,检查学校数,应检项次,合格,不合格,未检,合格率(%)
幼儿园,30,28,56,48,6,2,88.9
小学,24,24,48,44,{failed},0,91.7
初中,10,10,20,19,1,0,95.0
"""


@pytest.mark.parametrize(("pupils", "faults"), [(2290, []), (2390, [("B29", "R3C3")])])
def test_a_county_over_its_schools_is_their_sum(pupils: int, faults: list[tuple[str, str]]) -> None:
    assert asked(LISTED.format(pupils=pupils)) == faults


@pytest.mark.parametrize(
    ("classes", "entrants", "faults"), [(51, 58, []), (54, 58, [("B29", "R3C2")]), (51, 50, [("B29", "R7C4")])]
)
def test_a_county_over_its_towns_and_a_town_over_its_schools(
    classes: int, entrants: int, faults: list[tuple[str, str]]
) -> None:
    assert asked(TOWNS.format(classes=classes, entrants=entrants)) == faults


def test_a_county_beside_its_school_districts_is_their_sum() -> None:
    text = "槲岭县小学在校生上报情况(2025年9月)\n单位,应上报学校数,已上报学校数,在校生数\n槲岭县(县级填报),37,37,{n}\n城区学区,12,12,8406\n石臼学区,14,14,5211\n北乡学区,11,11,2690\n"
    assert asked(text.format(n=16307)) == []
    assert asked(text.format(n=16980)) == [("B29", "R3C4")]


def test_a_town_whose_list_is_not_complete_is_not_its_sum() -> None:
    text = (
        "云溪县2024-2025学年初小学学生数\n单位,班数,在校生数\n云溪镇,60,2600\n云溪镇中心小学,22,930\n西关小学,16,630\n"
    )
    assert asked(text) == []


@pytest.mark.parametrize("closing", ["合计", "全年", "全学年"])
def test_the_flows_of_the_months_add_up(closing: str) -> None:
    assert asked(MONTHS.format(closing=closing, came=5)) == []
    assert asked(MONTHS.format(closing=closing, came=15)) == [("B08", "R6C3")]


def test_a_running_figure_closes_with_its_last_month() -> None:
    text = "金桥中学2024年各月情况\n月份,转入,劝返复学人数\n9月,3,1\n10月,1,2\n11月,1,4\n合计,5,4\n"
    assert asked(text) == []


def test_school_years_side_by_side_head_columns() -> None:
    assert at(YEARS.format(rate=99.2), "R3C4") == ("enrollment", "level=PRI", "城南小学", "SY2022")
    assert ("B25", "R4C4") in asked(YEARS.format(rate="0.992"))


def test_whole_numbers_under_doses_are_children_and_decimals_are_rates() -> None:
    assert at(DOSES.format(second=208), "R4C4") == (
        "vaccination_given",
        "dose=2;level=PRI;vaccine=HepB",
        "松江一小",
        "SY2024",
    )
    assert asked(DOSES.format(second=208)) == []
    assert ("B06", "R4C4") in asked(DOSES.format(second=215))
    rates = (
        "松江县2024年上半年疫苗接种情况统计表\n乡镇,乙肝疫苗,,\n,1,2,3\n城关镇,99.6,99.1,98.7\n北溪乡,100,99.4,98.2\n"
    )
    assert at(rates, "R4C3")[:2] == ("vaccination_coverage", "dose=2;vaccine=HepB")


def test_outcomes_of_items_are_not_those_of_schools() -> None:
    assert [one for one in mentioned(INSPECTED.format(failed=4)) if one.indicator == "hygiene_passed_count"] == []
    assert asked(INSPECTED.format(failed=4)) == []
    assert asked(INSPECTED.format(failed=9)) == [("B34", "R4C4")]


@pytest.mark.parametrize("head", ["疫苗名称及剂次", "疫苗及剂次", "疫苗种类与剂次", "疫苗"])
def test_vaccines_and_their_doses_under_one_heading(head: str) -> None:
    text = f"松江县2024年5月免疫规划疫苗接种报表\n{head},,应种人数,实种人数\n乙肝疫苗,1,120,120\n,2,118,117\n脊灰疫苗,1,119,118\n,2,116,114\n"
    assert at(text, "R4C4")[:2] == ("vaccination_given", "dose=2;vaccine=HepB")
    assert asked(text) == []


def test_fields_that_are_blank_to_the_end_of_a_row_are_no_broken_row() -> None:
    rows = "太和一小,1,9,9,100\n北街小学,1,6,6,100\n崇文小学,1,5,5,100\n"
    text = f"太和县2024年10月学校食堂情况表\n学校,食堂数,从业人员,健康证人数,明厨亮灶覆盖率(%)\n{rows}岭背小学,0"
    assert asked(text + ",,,\n") == []
    assert ("ragged_row", "R6C3") in asked(text + "\n")


def test_a_grade_on_a_card_counts_its_canteens() -> None:
    text = "学校名称,岭南镇中心小学,统计日期,2024年9月30日\n在校生数(人),612,班级数(个),14\n食堂数(个),2,食堂量化等级,B级\n从业人员数(人),8,持健康证人数(人),8\n"
    graded = [
        (one.value, one.dims.get("grade_abc")) for one in mentioned(text) if one.indicator == "canteen_graded_count"
    ]
    assert graded == [(2, "B")]
    assert asked(text) == []


def test_more_examined_than_enrolled_is_asked() -> None:
    text = "海棠区2024年小学生视力监测\n学校,在校生数,受检人数,近视人数,近视率(%)\n海棠一小,820,812,301,37.1\n海棠二小,640,{n},240,{rate}\n"
    assert asked(text.format(n=640, rate=37.5)) == []
    assert ("B06", "R4C3") in asked(text.format(n=650, rate=36.9))


def test_of_two_stages_the_one_whose_transfers_differ_is_named() -> None:
    text = "北岸县2024年3月学生流动情况\n项目,小学,初中\n县内转出人数,31,22\n县内转入人数,31,29\n"
    issues = dict(asked(text))
    assert set(issues) == {"B11"}


def test_one_code_twice_is_told_at_the_code() -> None:
    text = "机构代码,机构名称,指标名称,期间,数值,单位\n2143000101,梅山一小,在校生数,2024-2025学年,812,人\n2143000101,梅山一小,在校生数,2024-2025学年,655,人\n2143000102,梅山二小,在校生数,2024-2025学年,400,人\n"
    assert ("B21", "R3C2") in asked(text)


def test_outcomes_under_a_heading_make_up_what_was_to_be_examined() -> None:
    text = "荷屿区2025年春季小学生体检结果\n学校,应检人数,体检结果,,\n,,合格,不合格,未检\n荷屿一小,1210,1066,132,12\n荷屿二小,864,771,80,{n}\n莲花小学,397,352,41,4\n"
    assert asked(text.format(n=13)) == []
    assert asked(text.format(n=18)) == [("B34", "R5C2")]


def test_a_step_to_a_new_level_is_a_jump_and_a_trend_is_none() -> None:
    text = "槲岭县教育主要指标\n指标,单位,2021,2022,2023,2024,2025\n小学在校生数,人,{}\n初中在校生数,人,10834,10951,11060,11172,11203\n"
    assert asked(text.format("21408,21166,20935,24377,24012")) == [("B17", "R3C6")]
    assert asked(text.format("21408,22900,24500,26200,28000")) == []
