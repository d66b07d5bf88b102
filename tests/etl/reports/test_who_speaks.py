"""Who speaks in a document: numbered compilations, prefectures, the school that runs a town, what a school says it is."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Reading
from etl.reports import extract_report
from etl.reports.places import issuer_in
from etl.reports.segments import find_reports

COMPILED = """砚川州2022年秋季学期学校工作总结汇编
目  录
{one}松坪镇中心小学工作总结……1
{two}**县特殊教育学校自评材料……5

{one} 松坪镇中心小学2022—2023学年度第一学期工作总结
我校现有在校学生512人。
{two} **县特殊教育学校迎检自评材料(节选)
我校现有在校生61名。校园食堂自查发现隐患4处。
{three} 河湾民族寄宿制学校工作汇报
学校系九年一贯制学校。住校生640人,辍学率为0。
"""


def told(text: str) -> list[tuple[str, str, str | None, str | None, str | None]]:
    found = extract_report(Reading("text/plain", text), load_catalogue())
    return [(m.indicator, str(m.value), m.dims.get("level"), m.entity, m.period) for m in found.mentions]


@pytest.mark.parametrize(
    "marks", [("第一篇", "第二篇", "第三篇"), ("【篇1】", "【篇2】", "【篇3】"), ("交流材料之一:", "交流材料之二:", "交流材料之三:")]
)  # fmt: skip
def test_a_compilation_is_split_where_its_reports_are_numbered(marks: tuple[str, str, str]) -> None:
    assert told(COMPILED.format(one=marks[0], two=marks[1], three=marks[2])) == [
        ("enrollment", "512", "PRI", "松坪镇中心小学", "SY2022-T1"),
        ("enrollment", "61", "SPE", None, "SY2022-T1"),
        ("hygiene_findings", "4", "SPE", None, "SY2022-T1"),
        ("boarders", "640", "CE", "河湾民族寄宿制学校", "SY2022-T1"),
        ("dropout_rate", "0", "CE", "河湾民族寄宿制学校", "SY2022-T1"),
    ]


def test_numbered_chapters_of_one_report_are_no_compilation() -> None:
    text = "安宁县教育局2021年工作总结\n第一部分 学前教育\n全县幼儿园45所。\n第二部分 义务教育\n全县小学30所。\n"
    assert [r.issuer.name for r in find_reports(text, "")] == ["安宁县"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("云岭州教育局", "云岭州"), ("青原盟2020年教育事业统计公报", "青原盟"), ("云岭州人民政府", "云岭州"),
        ("郑州市教育局", "郑州市"), ("通州区教育局", "通州区"), ("兖州第一中学", "兖州第一中学"),
        ("**县职业技术学校", None), ("××区民族小学工作总结", None),
    ],
)  # fmt: skip
def test_prefectures_and_redacted_schools_sign(line: str, name: str | None) -> None:
    found = issuer_in(line)
    assert (found.name if found else None) == name


def test_the_whole_prefecture_is_the_issuer() -> None:
    text = "云岭州教育局2016年工作总结\n全州初中52所。我州高中阶段毛入学率88.6%。全州县不在此列。\n"
    assert told(text) == [
        ("schools", "52", "JUN", "云岭州", "2016"), ("gross_enrollment_rate", "88.6", "SEN", "云岭州", "2016"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("opening", "entity"), [("全镇小学在校生890人。", "石梁镇"), ("我校小学部在校生890人。", "石梁镇中心学校")]
)
def test_a_central_school_speaks_for_its_town_where_it_tells_of_the_town(opening: str, entity: str) -> None:
    text = f"石梁镇中心学校2019年工作总结\n一、概况\n{opening}\n二、学籍\n本学年转入23人。\n"
    assert [row[3] for row in told(text)] == [entity, entity]


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("学校是一所农村九年一贯制学校,", "CE"), ("我校为市属高级中学,", "SEN"), ("学校系全市唯一的特殊教育学校,", "SPE"),
        ("学校是市级文明单位,", None), ("学校是幼儿园教师的培训基地,", None),
    ],
)  # fmt: skip
def test_a_school_is_of_the_level_that_it_says(said: str, level: str | None) -> None:
    text = f"河湾民族学校2020年工作总结\n{said}现有食堂1个。\n"
    assert [(row[0], row[2]) for row in told(text)] == [("canteens", level)]


@pytest.mark.parametrize(
    ("between", "school"),
    [("", "白水初级中学"), ("大家认真学习。" * 600, "白水初级中学"), ("\n二、其他情况\n大家认真学习。", None)],
)
def test_a_school_is_remembered_over_sentences_that_count_nothing_up_to_the_next_heading(
    between: str, school: str | None
) -> None:
    text = f"青川县教育局汇报\n一、基本情况\n白水初级中学在校生812人。{between}该校实际辍学2人。"
    found = extract_report(Reading("text/plain", text), load_catalogue()).mentions
    assert [(m.indicator, m.entity) for m in found] == [("enrollment", "白水初级中学"), ("dropout_count", school)]
