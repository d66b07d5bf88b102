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


TERM = """丹河市2023-2024学年度第二学期小学学籍异动情况统计表
学校,期初学籍人数,转入人数,,,转出人数,,,休学,死亡,期末学籍人数
,,小计,县内转入,县外转入,小计,县内转出,县外转出,,,
丹河一小,614,6,4,2,5,3,2,1,0,614
丹河二小,820,2,0,2,2,1,1,0,0,{last}
城北小学,431,{came},1,3,1,0,1,2,0,432
柳河小学,390,1,0,1,1,{left},0,0,0,390
"""


def test_both_ends_of_a_term_are_two_numbers() -> None:
    right = TERM.format(last=820, came=4, left=1)
    assert at(right, "R4C2") == ("enrollment", "level=PRI", "丹河一小", "SY2023-T2")
    assert at(right, "R4C11")[3] == "2024-08-31"
    assert asked(right) == []


@pytest.mark.parametrize(
    ("last", "came", "left", "fault"),
    [
        (825, 4, 1, ("B10", "R5C11")),
        (820, 5, 1, ("B08", "R6C3")),
        (820, 4, 0, ("B11", "R4C7")),
    ],
)
def test_transfers_inside_and_outside_the_county(last: int, came: int, left: int, fault: tuple[str, str]) -> None:
    assert fault in asked(TERM.format(last=last, came=came, left=left))


def test_the_end_of_a_month_is_that_of_the_month() -> None:
    text = (
        "丹河一小2024年学生变动月报\n月份,月初在校学生数,转入,转出,月末在校学生数\n3月,614,2,1,615\n4月,615,0,3,612\n"
    )
    assert at(text, "R3C2")[3] == "2024-03-01"
    assert at(text, "R3C5")[3] == "2024-03"


KITCHENS = """永安区学校食堂基本情况统计表(2024年秋季学期)
学校名称,食堂数,食堂从业人员数,量化等级
永安一小,1,12,A级
永安二小,2,15,B
红星小学,1,7,未评级
河口小学,1,6,{grade}
合计,5,40,A级1个 B级2个 C级1个 未评级1个
"""


def test_a_grade_in_words_counts_the_canteens_of_its_school() -> None:
    found = {
        one.evidence.cell: (one.value, one.dims.get("grade_abc")) for one in mentioned(KITCHENS.format(grade="C级"))
    }
    assert [found[cell] for cell in ("R3C4", "R4C4", "R5C4", "R6C4")] == [(1, "A"), (2, "B"), (1, "none"), (1, "C")]
    assert asked(KITCHENS.format(grade="C级")) == []


def test_a_word_that_is_no_grade_is_told() -> None:
    assert ("unreadable_number", "R6C4") in asked(KITCHENS.format(grade="合格"))


CHECKED = """临湖县2024年秋季学期小学新生预防接种证查验情况表
学校,入学日期,查验日期,应查验人数,实查验人数,复验日期
湖滨小学,45536,{checked},120,120,{again}
东坝小学,45536,45550,98,98,45620
新渡小学,20240901,20240914,77,77,20241120
"""


@pytest.mark.parametrize(
    ("checked", "again", "faults"),
    [
        (45545, 45615, []),
        (45530, 45615, [("B23", "R3C3")]),
        (45545, 45540, [("B23", "R3C6")]),
        (45545, 45672, [("B24", "R3C6")]),
        (45580, 45615, [("B24", "R3C3")]),
    ],
)
def test_dates_that_the_spreadsheet_shows_as_numbers(checked: int, again: int, faults: list[tuple[str, str]]) -> None:
    assert asked(CHECKED.format(checked=checked, again=again)) == faults


def test_rounding_to_no_dropout_is_no_contradiction() -> None:
    text = "汀南县2024年小学控辍情况\n乡镇,在校生数,疑似辍学人数,辍学人数,辍学率(%)\n城关镇,21507,6,{n},0.00\n青林乡,10269,0,0,0.00\n"
    assert asked(text.format(n=1)) == []
    assert ("B31", "R3C4") in asked(text.format(n=0)) or ("B31", "R3C3") in asked(text.format(n=0))


def test_quarters_of_few_children_jump_by_chance() -> None:
    rows = "一季度,1,1,100\n二季度,4,4,100\n三季度,2,2,100\n四季度,5,2,40\n"
    text = f"汀南县2024年初中控辍保学季度统计表\n季度,应劝返人数,劝返复学人数,劝返复学率(%)\n{rows}"
    assert asked(text) == []


def test_more_pupils_short_sighted_than_examined() -> None:
    text = "白鹤县2024年小学生健康体检结果汇总表\n学校,受检,近视,\n,人数,人数,近视率(%)\n白鹤一小,600,{n},{rate}\n白鹤二小,500,160,32\n"
    assert asked(text.format(n=180, rate=30)) == []
    assert ("B06", "R4C3") in asked(text.format(n=620, rate=61))


def test_more_schools_inspected_than_there_are_although_canteens_stand_beside() -> None:
    text = (
        "永安区2024年秋季学校食堂检查情况\n类别,学校数(所),食堂数(个),检查学校数(所)\n小学,38,35,38\n初中,14,13,{n}\n"
    )
    assert asked(text.format(n=14)) == []
    assert ("B35", "R4C4") in asked(text.format(n=19))


def test_a_wrong_sum_of_a_grade_is_named_beside_a_faulty_row() -> None:
    text = "永安区2024年学校食堂量化分级情况\n类别,食堂数,A级,B级,C级,未评级\n幼儿园,31,9,20,4,1\n小学,35,12,20,3,0\n初中,13,6,7,0,0\n合计,79,27,47,9,1\n"
    found = asked(text)
    assert ("B39", "R3C2") in found
    assert ("B08", "R6C5") in found


def test_a_rate_out_of_its_range_is_told_as_that_and_not_as_a_jump() -> None:
    text = "青屏县义务教育主要指标\n指标,单位,2021-2022学年,2022-2023学年,2023-2024学年\n学前三年毛入园率,%,92.1,93.0,126.8\n小学六年巩固率,%,99.2,99.5,104.6\n小学招生数,人,3105,2960,2871\n"
    assert set(asked(text)) == {("B04", "R3C5"), ("B05", "R4C5")}
