"""Groups beside names and counts: grades below a school's name, 小班/中班/大班 behind the children, 在校 beside 学籍."""

from __future__ import annotations

import pytest

from tests.etl.test_as_counties_fill_in import asked, at, mentioned

GRADES = """启明区2024-2025学年初小学分年级学生数
学校,年级,班数,学生数,女
启明一小,一年级,5,220,105
,二年级,5,214,104
,{sum_},10,434,209
白沙小学,一年级,2,78,38
,二年级,2,71,34
,{sum_},4,149,72
总计,,14,583,281
"""


@pytest.mark.parametrize("sum_", ["小计", "合计"])
def test_grades_below_a_name_are_those_of_the_school(sum_: str) -> None:
    text = GRADES.format(sum_=sum_)
    assert at(text, "R4C4") == ("enrollment", "grade=2;level=PRI", "启明一小", "SY2024")
    assert at(text, "R5C3") == ("classes", "level=PRI", "启明一小", "SY2024")
    assert at(text, "R7C5") == ("enrollment", "grade=2;level=PRI;sex=F", "白沙小学", "SY2024")
    assert at(text, "R9C4") == ("enrollment", "level=PRI", "启明区", "SY2024")
    assert asked(text) == []


def test_the_last_sum_of_a_list_of_groups_is_of_all_units() -> None:
    text = "启明区2024年秋季学期学生数\n学校,学段,在校生数\n白沙学校,小学,300\n,初中,200\n海口学校,小学,410\n,初中,220\n,合计,1130\n"
    assert at(text, "R4C3")[2] == "白沙学校"
    assert at(text, "R7C3")[2] == "启明区"
    assert asked(text) == []


KINDERGARTENS = """启明区幼儿园基本情况(截至2024年9月30日)
园名,班级数,在园幼儿数,小班,中班,大班,教职工
启明区第一幼儿园,12,352,110,118,124,48
金苹果幼儿园,9,241,80,78,83,33
小天使幼儿园,6,130,{small},44,45,18
"""


def test_bare_grades_are_parts_of_the_count_that_they_add_up_to() -> None:
    assert at(KINDERGARTENS.format(small=41), "R3C4")[:2] == ("enrollment", "grade=small;level=KG")
    assert asked(KINDERGARTENS.format(small=41)) == []
    assert asked(KINDERGARTENS.format(small=51)) == [("B08", "R5C3")]


def test_bare_grades_that_add_up_to_nothing_stay_unread() -> None:
    text = "启明区幼儿园基本情况(2024年9月)\n园名,在园幼儿数,小班,中班,大班\n启明区第一幼儿园,352,4,4,4\n金苹果幼儿园,241,3,3,3\n"
    assert {one.evidence.cell for one in mentioned(text)} == {"R3C2", "R4C2"}


def test_stages_behind_the_first_part_of_a_count_are_parts_too() -> None:
    text = "启明区2024年9月学校传染病报告情况\n病种,病例数(例),其中:幼儿园,小学,初中\n手足口病,31,28,3,0\n水痘,17,2,12,3\n流行性腮腺炎,3,0,2,1\n"
    assert at(text, "R4C5")[:2] == ("infectious_cases", "disease=水痘;level=JUN")


def test_those_present_are_held_against_the_register() -> None:
    text = "启明区控辍保学月报(2024—2025学年第一学期)\n学校,月份,学籍数,在校数,流失人数,流失率(‰)\n启明中学,9月,1502,1502,0,0\n启明中学,10月,1501,1500,1,0.67\n"
    found = {one.evidence.cell: one for one in mentioned(text)}
    assert "R4C4" not in found
    assert (found["R4C6"].unit, found["R4C6"].numerator, found["R4C6"].denominator) == ("permille", 1, 1501)
    assert asked(text) == []


def test_canteens_among_the_inspected_are_inspected_canteens() -> None:
    text = "启明区2024年第三季度校园食品安全检查情况\n监管所,检查单位数,其中:学校食堂,发现问题数\n城关所,42,38,66\n白沙所,21,20,30\n"
    assert at(text, "R3C3")[:2] == ("hygiene_inspected_count", "object=canteen")


def test_terms_under_a_school_year_are_terms() -> None:
    text = "青泽区近两学年各校在校生数\n学校,2022-2023学年,,2023-2024学年,\n,第一学期,第二学期,第一学期,第二学期\n青泽一小,454,451,443,449\n青泽二小,272,270,265,269\n"
    periods = [at(text, f"R4C{col}")[3] for col in (2, 3, 4, 5)]
    assert periods == ["SY2022-T1", "SY2022-T2", "SY2023-T1", "SY2023-T2"]


def test_a_ratio_is_no_sum_of_its_stages() -> None:
    text = "河东县中小学教师基本情况(截至2024年9月1日)\n学校类别,学校数,专任教师数,生师比\n小学,31,965,17.2\n初中,12,640,12.6\n合计,43,1605,15.1\n"
    assert asked(text) == []


def test_kinds_of_supply_are_no_units_and_water_has_its_own_rate() -> None:
    text = "河东县2024年学校生活饮用水监测结果\n供水方式,采样份数,合格份数,合格率(%)\n市政供水,48,48,100\n自备井,18,15,83.33\n合计,66,63,95.45\n"
    assert [(one.indicator, one.entity) for one in mentioned(text)] == [("water_quality_pass_rate", "河东县")]


def test_the_base_year_of_a_plan_is_not_the_year_before() -> None:
    text = "河东县教育事业规划主要指标完成情况\n指标,2020年基数,2025年目标,2024年完成\n普惠性幼儿园覆盖率(%),80.3,88,90.1\n高中阶段毛入学率(%),90.5,92.5,92.7\n"
    assert asked(text) == []


def test_a_term_alone_is_one_of_the_school_year_of_the_title() -> None:
    text = "青泽区2023-2024学年各校在校生数\n学校,第一学期,第二学期\n青泽一小,443,449\n青泽二小,265,269\n"
    assert [at(text, f"R3C{col}")[3] for col in (2, 3)] == ["SY2023-T1", "SY2023-T2"]


def test_rates_of_attendance_by_month_are_held_against_their_counts() -> None:
    text = "启明区2024年春季学期各校出勤情况\n学校,3月,,,4月,,\n,应出勤,实出勤,出勤率,应出勤,实出勤,出勤率\n启明一小,12600,12380,98.25,13230,13040,{rate}\n启明二小,8400,8310,98.93,8820,8690,98.53\n"
    assert asked(text.format(rate="98.56")) == []
    assert asked(text.format(rate="95.86")) == [("B07", "R4C7")]


def test_a_rate_per_mille_is_held_against_its_counts() -> None:
    text = "启明区2024年初中控辍情况\n学校,学籍数,流失人数,流失率(‰)\n启明中学,1501,1,0.67\n白沙中学,880,{n},2.27\n"
    assert asked(text.format(n=2)) == []
    assert asked(text.format(n=0)) == [("B07", "R4C4")]


def test_more_examined_than_were_due_and_more_passed_than_sampled() -> None:
    text = "河东县2024年学生视力检查汇总\n学校,应检人数,受检人数,受检率\n河东一小,820,{n},99.02%\n河东二小,610,600,98.36%\n"
    assert asked(text.format(n=812)) == []
    assert ("B06", "R3C3") in asked(text.format(n=832))
    text = "河东县2024年学校生活饮用水监测结果\n学校,采样份数,合格份数,合格率(%)\n河东一小,4,{n},100\n河东二小,4,3,75\n"
    assert asked(text.format(n=4)) == []
    assert ("B06", "R3C3") in asked(text.format(n=5))
