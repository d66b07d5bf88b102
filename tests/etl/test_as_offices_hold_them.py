"""Sheets as offices hold them: sums by kind of institution, a last row of everything, who reports and for when."""

from __future__ import annotations

from db.catalogue import load_catalogue
from db.records import Draft, Severity, dims_key
from etl.pipeline import draft_from_file, extract, read_safely
from etl.places import Directory
from etl.types import Mention

CHECKED = """清河区2025年秋季入托入学儿童预防接种证查验工作汇总表
单位,机构类别,应查验人数,实查验人数,查验率(%)
城东街道,托幼机构,412,412,100.00
城东街道,小学,655,653,99.69
河西镇,托幼机构,208,207,99.52
河西镇,小学,331,331,100.00
合计,托幼机构,{kindergartens},619,99.84
合计,小学,986,984,99.80
总计,,1606,1603,99.81
"""
MEASURED = """云溪县2025年春季学期学生近视监测情况
监测点学校,学段,年级,应检人数,实检人数,近视人数,近视率
实验小学,小学,三年级,186,184,49,26.6%
县二中,初中,八年级,305,301,207,68.8%
合计,,,491,485,256,52.8%
"""


def draft(text: str) -> Draft:
    return draft_from_file("表.csv", text.encode(), load_catalogue(), Directory([]))


def test_sums_of_each_kind_are_no_fault() -> None:
    blocks = [one for one in draft(CHECKED.format(kindergartens=620)).issues if one.severity is Severity.BLOCK]
    assert blocks == []


def test_a_wrong_sum_of_one_kind_is_told_with_its_cell() -> None:
    found = draft(CHECKED.format(kindergartens=630)).issues
    told = [one for one in found if one.severity is Severity.BLOCK]
    assert [(one.code, one.cell) for one in told] == [("B08", "R7C3")]


def told(text: str, code: str) -> list[tuple[str, str, str | None, str | None]]:
    """(cell, dims, unit as printed, period) of an indicator's values."""
    found = [one for one in draft(text).observations if one.indicator == code]
    names = {unit.key: unit.name for unit in draft(text).proposed_units}
    return [
        (one.evidence.cell or "", dims_key(one.dims), names.get(one.proposed_key or ""), one.period) for one in found
    ]


def mentioned(text: str) -> list[Mention]:
    """All that is read, sums included, in the order of the sheet."""
    reading = read_safely("表.csv", text.encode())
    return list(extract(reading, load_catalogue(), "表.csv").mentions)


def test_the_sum_of_everything_takes_no_level_from_the_row_above() -> None:
    rates = [one for one in mentioned(MEASURED) if one.evidence.cell == "R5C7"]
    assert [(one.indicator, dims_key(one.dims), one.entity) for one in rates] == [("myopia_rate", "", "云溪县")]


def test_who_makes_the_table_is_its_unit_wherever_that_stands() -> None:
    text = "2025年春季学期学校传染病疫情\n月份,报告病例数,聚集性疫情起数\n3月,64,1\n4月,88,2\n填表单位:江北区疾病预防控制中心,,\n"
    assert {row[2] for row in told(text, "infectious_cases")} == {"江北区"}
    text = "学校卫生监督检查情况(截至2024年12月31日)\n编制单位:宁海县卫生监督所,\n学校类型,辖区学校数\n小学,46\n初级中学,19\n"
    assert {row[2] for row in told(text, "schools")} == {"宁海县"}


def test_a_year_between_labelled_facts_is_the_period_and_a_bare_kind_is_the_unit_itself() -> None:
    text = "单位名称:红旗学区  2024-2025学年第二学期  单位:人,\n学校,教职工总数\n红旗中心小学,78\n前进小学,31\n学区合计,109\n"
    rows = [one for one in mentioned(text) if one.indicator == "staff"]
    assert {one.period for one in rows} == {"SY2024-T2"}
    assert rows[-1].entity == "红旗学区"


def test_a_middle_school_among_schools_of_compulsory_education_is_junior() -> None:
    text = "永宁县2023-2024学年义务教育巩固情况\n学校,年末学生数,巩固率\n城南小学,853,99.77%\n桃源镇中学,608,99.67%\n"
    assert [row[1] for row in told(text, "enrollment")] == ["level=PRI", "level=JUN"]


def test_an_export_tells_the_period_in_a_column_of_its_own() -> None:
    text = "机构代码,机构名称,指标名称,期别,数值,单位\n2133000101,青山小学,在校生数,2025-2026学年,812,人\n3133000201,青山初中,年辍学率,2024-2025学年,0.12,%\n"
    assert [row[3] for row in told(text, "enrollment")] == ["SY2025"]
