"""Whose a sum, a block or a filing is: groups and places named in sums, townships behind their central school, months
that the title names and the day of filing dates, rates over sums of columns."""

from __future__ import annotations

from tests.etl.test_as_counties_fill_in import asked, at, mentioned

KINDERGARTENS = """启明区2024年秋季学期幼儿园办园情况
序号,园名,性质,班数,在园幼儿数
1,启明区第一幼儿园,公办,12,352
2,启明区第二幼儿园,公办,9,240
公办小计,,,21,592
3,童心幼儿园,普惠民办,6,150
普惠民办小计,,,6,150
总计,,,27,742
"""


def test_a_sum_of_a_sort_of_kindergartens_is_of_that_sort() -> None:
    assert at(KINDERGARTENS, "R5C5")[:3] == ("enrollment", "level=KG;sponsor=public", "启明区")
    cells = {one.evidence.cell for one in mentioned(KINDERGARTENS)}
    assert not cells & {"R5C4", "R7C4", "R7C5"}  # classes are kept by no sponsor, children by no 普惠
    assert {"R8C4", "R8C5"} <= cells


def test_the_column_of_towns_tells_whose_a_subtotal_is() -> None:
    text = "启明区2024-2025学年初小学学生数\n所属镇街,学校,在校生数\n白沙镇,白沙小学,300\n,南坡小学,200\n,小计,500\n海口镇,海口小学,410\n,小计,410\n"
    assert [at(text, cell)[2] for cell in ("R3C3", "R5C3", "R7C3")] == ["白沙小学", "白沙镇", "海口镇"]


def test_the_inspected_are_the_units_of_a_list_of_visits() -> None:
    text = "启明区2024年春季学期食品安全检查台账\n检查日期,被检查学校,得分,发现问题(条),已整改(条)\n2024-03-12,白沙小学,92.5,3,3\n2024-03-13,海口小学,88,5,4\n"
    assert at(text, "R4C4")[2] == "海口小学"


MONTHLY = """白沙镇3月份控辍保学工作月报表
填报单位:白沙镇中心学校
2024年4月2日
学校,在籍学生数,疑似辍学学生数
白沙小学,300,0
白沙中学,512,1
合计,812,1
"""


def test_a_month_in_the_title_takes_its_year_from_the_day_of_filing() -> None:
    assert at(MONTHLY, "R5C3")[3] == "2024-03"
    assert at(MONTHLY.replace("3月份", "12月份"), "R5C3")[3] == "2023-12"


def test_a_central_school_files_for_its_township() -> None:
    assert at(MONTHLY, "R7C2")[2] == "白沙镇"
    assert at(MONTHLY.replace("白沙镇3月份", "白沙镇中心学校3月份"), "R7C2")[2] == "白沙镇中心学校"


def test_a_date_beside_the_seal_is_no_school() -> None:
    text = "启明区城南小学2024年春季学期班级情况\n学校(盖章):,,2024年3月1日\n年级,班级,学生数\n一年级,一(1)班,40\n一年级,一(2)班,38\n二年级,二(1)班,41\n二年级,二(2)班,39\n全校合计,,158\n"
    assert [(one.value, one.entity) for one in mentioned(text)] == [(158, "启明区城南小学")]


def test_two_subjects_of_a_heading_are_not_of_one_level() -> None:
    text = "启明区2024年度学校卫生与学前教育监测汇总表\n表一 学生体检情况\n学校,应检人数,受检人数,受检率\n启明一中,300,297,99%\n启明二中,200,199,99.5%\n\n表二 学前教育情况\n镇街,在园幼儿数,毛入园率\n白沙镇,410,91.2%\n海口镇,300,90.1%\n"
    assert at(text, "R4C4")[:2] == ("student_exam_coverage", "")
    assert at(text, "R9C2")[:2] == ("enrollment", "level=KG")


SHARES = """启明区2024年学前教育普及普惠情况
镇街,在园幼儿数,公办园,普惠性民办园,其他民办园,普惠率
白沙镇,400,200,120,80,80.0%
海口镇,300,160,100,40,86.7%
南坡镇,500,300,100,100,{rate}%
合计,1200,660,320,220,81.7%
"""


def test_a_rate_over_a_sum_of_columns() -> None:
    found = {one.evidence.cell: one for one in mentioned(SHARES.format(rate="80.0"))}
    rate = found["R3C6"]
    assert (rate.indicator, rate.numerator, rate.denominator) == ("inclusive_kindergarten_coverage", 320, 400)
    assert asked(SHARES.format(rate="80.0")) == []
    assert asked(SHARES.format(rate="85.0")) == [("B07", "R5C6")]


def test_a_period_column_may_be_called_anything_that_ends_in_it() -> None:
    text = "机构标识码,机构名称,统计期间,指标名称,指标值\n2136004417,白沙小学,2023-2024学年,在校生数,612\n2136004418,海口小学,2023-2024学年,在校生数,300\n"
    assert at(text, "R2C5")[3] == "SY2023"


def test_grades_with_a_mistake_in_them_are_still_parts_of_the_pupils() -> None:
    text = "启明区2024-2025学年小学在校生\n学校,在校生数,一年级,二年级,三年级\n白沙小学,300,100,100,100\n海口小学,210,70,70,{n}\n南坡小学,150,50,,50\n城关小学,240,80,80,80\n"
    assert ("B01", "R4C5") in asked(text.format(n=69.5))


def test_pupils_are_never_what_they_are_a_part_of() -> None:
    text = "启明区城南小学2024年春季学期班级情况\n年级,班级,学生数,,\n,,男,女,合计\n一年级,一(1)班,20,20,40\n一年级,一(2)班,20,18,38\n二年级,二(1)班,21,20,41\n全校合计,,61,58,119\n"
    assert {one.indicator for one in mentioned(text)} == {"enrollment"}


def test_the_check_at_entry_is_the_check() -> None:
    text = "启明区近三年指标\n指标,单位,2021年,2022年\n入学接种证查验率,%,99.1,99.5\n"
    assert at(text, "R3C3")[0] == "vac_cert_check_rate"


def test_levels_under_a_bare_heading_are_parts_of_the_count_beside_it() -> None:
    text = "启明区随迁子女就学情况(2023-2024学年)\n镇街,随迁子女总数,其中,,公办就读比例(含购买学位)\n,,小学,初中,\n白沙镇,300,200,100,88.3%\n海口镇,410,250,160,90.1%\n"
    assert at(text, "R4C3")[:2] == ("migrant_children", "level=PRI")
    assert at(text, "R5C5")[0] == "migrant_public_place_share"


def test_kinds_of_senior_schools_under_their_stage() -> None:
    text = "临淮市2023年毕业生升学情况\n县区,初中招生数,高中阶段招生数,\n,,普高,中职\n东河区,3000,1800,990\n西河区,2800,1700,900\n"
    assert [at(text, f"R4C{col}")[:2] for col in (2, 3, 4)] == [
        ("entrants", "level=JUN"),
        ("entrants", "level=SEN"),
        ("entrants", "level=VOC"),
    ]


def test_a_level_over_the_names_of_a_table_beside_another() -> None:
    text = "汶水县2024年秋季学期小学、初中在校生\n小学,在校生,,初中,在校生\n城北小学,300,,城北中学,361\n康驿小学,280,,康驿中学,402\n"
    assert at(text, "R3C5") == ("enrollment", "level=JUN", "城北中学", "SY2024-T1")


def test_vaccinations_are_counted_from_january_on() -> None:
    text = "桂阳县2024年{m}月疫苗接种月报\n疫苗,剂次,应种人数,实种人数,接种率(%),累计接种率(%)\n麻腮风疫苗,第1剂,120,118,98.33,97.5\n麻腮风疫苗,第2剂,110,109,99.09,98.2\n"
    assert at(text.format(m=6), "R3C6")[3] == "2024-H1"
    assert at(text.format(m=5), "R4C6")[3] == "2024-01..2024-05"
    assert at(text.format(m=1), "R4C6")[3] == "2024-01"


def test_certificates_held_and_examinations_at_entry() -> None:
    text = "汤阴县2024年春季学期学前教育卫生保健\n指标,计量单位,城关镇,韩庄镇\n1.新入园儿童体检率,%,99.2,98.1\n2.保教人员持健康合格证比例,%,100,98.9\n"
    assert [at(text, cell)[0] for cell in ("R3C3", "R4C4")] == ["entry_exam_rate", "staff_cert_rate"]
