"""Faults that show only in the table as it is printed: notes, row labels, rows of noughts, rates of many units, blanks of
exported lists, lists that go back a year."""

from __future__ import annotations

import pytest

from db.records import Severity
from tests.etl.test_as_counties_fill_in import asked, draft, mentioned

MOVES = """临溪市2023-2024学年初中学生变动情况统计表(单位:人)
学校,学年初在校生数,增加,,,减少,,,,学年末在校生数
,,招生,复学,县内转入,毕业,休学,退学,县内转出,
第三中学,600,200,1,5,190,1,0,5,610
新河中学,500,160,0,4,150,1,0,{sent},{end}
青云中学,{rest}
合计,1100,360,1,9,340,2,0,{sum},{both}
"""
MONTHS = """古田县2024年春季学期控辍保学月报汇总
月份,学籍人数,实到人数,疑似辍学人数
3月,18215,18203,6
4月,18220,18214,6
5月,18222,18216,6
合计,{sum},{there},
"""
ITEMS = """通海区2024年学校卫生监督检查情况汇总表
项目,幼儿园,小学,初中,合计
辖区学校数(所),20,30,12,62
检查学校数(所),20,30,12,62
应检样品数(件),40,60,24,124
合格数(件),38,{passed},22,{all}
不合格数(件),1,3,1,5
未检数(件),1,2,1,4
食堂数(个),20,28,12,60
A级食堂数,6,9,4,19
B级食堂数,10,12,6,28
C级食堂数({c}),2,5,1,8
未评级食堂数,2,2,1,5
"""


def moves(sent: int = 4, end: int = 509, rest: str = "0,0,0,0,0,0,0,0,0", total: int = 9, both: int = 1119) -> str:
    return MOVES.format(sent=sent, end=end, rest=rest, sum=total, both=both)


def test_transfers_inside_the_county_under_headings_are_matched() -> None:
    busy = "50,1,0,0,1,0,0,0,50"
    text = moves(rest=busy).replace("合计,1100,360,1,9,340,2,0,9,1119", "")
    assert asked(text) == []
    text = moves(7, 506, busy).replace("合计,1100,360,1,9,340,2,0,9,1119", "")
    assert [code for code, _ in asked(text)] == ["B11"]


def test_a_school_in_which_nobody_is_and_nobody_moves() -> None:
    assert [(code, cell) for code, cell in asked(moves())] == [("B20", "R6C2")]


@pytest.mark.parametrize(("note", "faults"), [
    ("注:已入学人数按学籍系统统计,适龄人口按户籍人口统计。", [("B32", "R5C1")]),
    ("注:人口数为公安户籍数,不含随迁子女。", []),
    ("注:学籍不在本县的户籍儿童已计入。", []),
])  # fmt: skip
def test_a_note_may_tell_that_two_bases_are_mixed(note: str, faults: list[tuple[str, str]]) -> None:
    text = f'固原岭县2024年适龄儿童入学情况\n乡镇,6-11周岁人口,已入学人数,入学率(%)\n城厢镇,900,899,99.89\n红崖镇,700,700,100\n"{note}"\n'
    assert asked(text) == faults


def test_a_list_that_says_how_far_it_goes_is_of_its_year() -> None:
    text = "桐柏县2024年问题整改台账(截至2024年12月20日)\n序号,检查日期,学校,问题描述,整改期限,完成日期\n1,{day},县一小,留样不足,2024-04-12,2024-04-10\n2,2024-05-10,县二小,台账不全,2024-05-20,2024-05-18\n"
    assert asked(text.format(day="2024-04-02")) == []
    assert asked(text.format(day="2023-04-02")) == [("B23", "R3C2")]


def test_outcomes_below_each_other_are_those_of_the_items() -> None:
    text = ITEMS.format(passed=55, all=115, c="一般")
    assert asked(text) == []
    assert {one.indicator for one in mentioned(text)} == {
        "schools",
        "hygiene_inspected_count",
        "canteens",
        "canteen_graded_count",
    }
    assert asked(ITEMS.format(passed=52, all=112, c="一般"))[0] == ("B34", "R5C3")
    assert asked(ITEMS.format(passed=55, all=115, c="不合格")) == [("B38", "R12C1")]


def test_those_present_are_no_more_added_over_months_than_those_enrolled() -> None:
    assert asked(MONTHS.format(sum="", there="")) == []
    assert ("B28", "R6C3") in [(code, cell) for code, cell in asked(MONTHS.format(sum="", there=54633))]
    days = MONTHS.replace("学籍人数,实到人数", "应出勤人次,实际出勤人次").replace("疑似辍学人数", "病假人次")
    assert asked(days.format(sum=54657, there=54633)) == []


def test_spaces_inside_a_code_are_told_and_read_over() -> None:
    text = (
        "新平县2024-2025学年学校情况\n学校标识码,学校名称,在校生数\n2153008801,桂山小学,912\n2153 008802,老厂小学,180\n"
    )
    found = [one for one in draft(text).issues if one.code == "B21"]
    assert [(one.cell, one.severity) for one in found] == [("R4C1", Severity.NOTE)]


@pytest.mark.parametrize(("head", "n", "faults"), [
    ("66人以上班数", 2, ["B33"]), ("56人以上班数", 1, ["B33"]), ("大班额比例(%)", 5, []), ("66人以上班数", 0, []),
])  # fmt: skip
def test_classes_that_the_table_itself_counts_as_large(head: str, n: int, faults: list[str]) -> None:
    text = f"石泉县2024年秋季学期班额统计\n学校,班数,在校生数,{head}\n石泉中学,20,1000,{n}\n后柳中学,12,504,0\n"
    assert [code for code, _ in asked(text)] == faults


def test_a_retention_rate_is_held_to_how_the_others_are_made() -> None:
    text = "永宁区2024届初中三年巩固率(2023-2024学年)\n学校,入学人数,转入,转出,毕业人数,巩固率(%)\n一中,520,6,14,512,98.46\n三中,310,2,6,306,98.71\n河湾中学,205,2,6,201,{rate}\n沙河中学,148,0,3,145,97.97\n"
    assert asked(text.format(rate="98.05")) == []
    assert asked(text.format(rate="96.30")) == [("B07", "R5C6")]


def test_a_county_near_the_sum_of_its_schools_was_meant_to_be_it() -> None:
    text = "青禾县2024年秋季学期学校情况\n单位,在校生数,传染病病例数\n青禾县,{n},{cases}\n青禾一小,1500,3\n青禾二小,1320,2\n禾丰小学,880,1\n金穗小学,760,5\n青禾三中,1180,0\n"
    assert asked(text.format(n=5640, cases=11)) == []
    assert asked(text.format(n=5600, cases=12)) == [("B29", "R3C2"), ("B29", "R3C3")]
    assert asked(text.format(n=9200, cases=30)) == []  # not all of its schools are listed


def test_one_rate_that_is_a_hundred_everywhere() -> None:
    rows = "".join(f"第{n}小学,{n}00,{{rate}},9{n}.5\n" for n in range(1, 8))
    text = "青禾县2024年秋季学期学校情况\n学校,在校生数,晨检率(%),健康体检率(%)\n" + rows
    assert asked(text.format(rate=100)) == [("B19", "R3C3")]
    assert asked(text.replace("{rate}", "99.8", 1).format(rate=100)) == []


def test_blanks_of_an_exported_list() -> None:
    text = "学校标识码,学校名称,指标,期间,数值,单位\n2136004417,桥头小学,在校生数,2023-2024学年,612,人\n2136004418,江背小学,在校生数,2023-2024学年,,人\n2136004419,洋塘小学,在校生数,2023-2024学年,233,人\n"
    assert [(one.cell, one.severity) for one in draft(text).issues if one.code == "B27"] == [("R3C5", Severity.NOTE)]
