"""Cards and other small things that say more than a label and its value: parts, months, grades in brackets, captions."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import by_cell, lines, read

_CARD = """
学校名称 | 青山九年一贯制学校 | 学校标识码 | 3144000007 | 办学类型 | 九年一贯制学校
学年 | 2023-2024学年 | 教学班 | 15 | 专任教师 | 46
"""


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("其中:小学部", "初中部", ("level=PRI", "level=JUN")),
        ("其中:小学", "初中", ("level=PRI", "level=JUN")),
        ("其中:女生", "男生", ("level=CE;sex=F", "level=CE;sex=M")),
    ],
)
def test_what_stands_behind_a_part_is_another_part_of_its_kind(first: str, second: str, told: tuple[str, str]) -> None:
    found = read(_CARD + f"在校生(人) | 600 | {first} | 390 | {second} | 210")
    cells = [f"enrollment{{{told[0]}}}=390", f"enrollment{{{told[1]}}}=210"]
    assert by_cell(found, "D3", "F3") == cells


@pytest.mark.parametrize("between", ["教师 | 40", "占地面积 | 9000"])
def test_parts_end_where_another_label_stands(between: str) -> None:
    found = read(_CARD + f"在校生(人) | 600 | 其中:小学部 | 390 | {between}\n初中部 | 210 | 电话 | 123")
    assert by_cell(found, "D3", "B4") == ["enrollment{level=PRI}=390", "-"]


@pytest.mark.parametrize(
    ("label", "period"),
    [
        ("9月出勤率", "2023-09"), ("2024年3月出勤率", "2024-03"), ("出勤率", "SY2023"), ("上学年出勤率", "SY2022"),
        ("第二学期出勤率", "SY2023-T2"),
    ],
)  # fmt: skip
def test_the_label_of_a_card_may_name_a_time_of_its_own(label: str, period: str) -> None:
    found = read(_CARD + f"{label} | 96.5%")
    assert found[-1] == f"B3 attendance_rate{{level=CE}}=96.5 percent 青山九年一贯制学校 {period}"


@pytest.mark.parametrize(
    ("value", "count"),
    [("1个(B级)", "1"), ("2个(A级、B级)", "2"), ("有(1个,A级)", "1"), ("1个,B级", "1"), ("1所(A级)", "1"), ("3", "3")],
)
def test_canteens_may_have_their_grade_behind_them(value: str, count: str) -> None:
    assert by_cell(read(_CARD + f"食堂 | {value}"), "B3") == [f"canteens{{level=CE}}={count}"]


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("小升初升学率", "PRI"),
        ("小学升初中升学率", "PRI"),
        ("小学毕业生升学率", "PRI"),
        ("初中毕业生升学率", "JUN"),
        ("初升高升学率", "JUN"),
    ],
)
def test_the_rate_of_those_who_go_on_is_of_the_level_that_they_leave(label: str, level: str) -> None:
    assert by_cell(read(_CARD + f"{label} | 98.5%"), "B3") == [f"transition_rate{{level={level}}}=98.5"]


@pytest.mark.parametrize("label", ["食堂A级", "A级食堂数", "食堂量化A级"])
def test_canteens_of_a_grade_are_not_all_canteens(label: str) -> None:
    assert by_cell(read(_CARD + f"{label} | 4"), "B3") == ["canteen_graded_count{grade_abc=A;level=CE}=4"]


@pytest.mark.parametrize("key", ["评价日期", "检查时间", "评估日期"])
def test_the_day_of_an_evaluation_comes_before_the_year_of_the_file(key: str) -> None:
    found = read(
        f"""
        学校名称:青山小学 | > | {key}:2024年5月8日
        项目 | 评价指标 | 分值 | 实际得分
        饮水卫生 | 有制度 | 40 | 36
        食堂卫生 | 有许可 | 60 | 51
        合计 | > | 100 | 87
        """,
        name="登记表(2024-2025学年).xlsx",
    )
    assert found == lines("D5 hygiene_score{level=PRI}=87 score 青山小学 2024-05-08")


@pytest.mark.parametrize("word", ["在册", "在园", "在籍", "现在册", "在册(人)"])
def test_a_bare_word_for_those_enrolled_counts_pupils_and_is_what_was_to_be_examined(word: str) -> None:
    found = read(
        f"""
        松坪县2023年春季体检结果
        学校 | {word} | 受检人数 | 体检率
        一小幼儿园 | 98 | 97 | 98.98%
        二小幼儿园 | 116 | 115 | 99.14%
        """
    )
    assert found[:2] == lines(
        """
        B3 enrollment{level=KG}=98 person 一小幼儿园 SY2022-T2
        D3 student_exam_coverage{level=KG}=98.98 percent 一小幼儿园 SY2022-T2 97/98@C3/B3
        """
    )


@pytest.mark.parametrize("title", ["清水县2024年教师在册情况", "清水县食堂从业人员在岗统计"])
def test_under_a_title_of_staff_it_counts_none(title: str) -> None:
    assert read(f"{title}\n学校 | 在册 | 在岗\n东河小学 | 30 | 29") == []


_TABLE = """
清水县东河小学2025年秋季入学查验汇总
疫苗 | 应种人数 | 实种人数 | 漏种人数 | 接种率(%)
麻腮风疫苗 | 67 | 66 | 1 | 98.51
乙脑疫苗 | 67 | 65 | 2 | 97.01
"""


@pytest.mark.parametrize("between", ["\n", "接种证查验情况\n", "\n接种证查验情况\n", "\n二、查验小结\n"])
@pytest.mark.parametrize("below", ["", "\n校医:洪×   审核:卫生院"])
def test_labels_with_values_below_a_table_may_have_a_caption_and_stand_three_in_a_row(between: str, below: str) -> None:
    found = read(
        _TABLE
        + between
        + "应查验人数 | 67 | 实查验人数 | 67 | 查验率 | 100%\n有证人数 | 65 | 持证率 | 97.01% | 查验人 | 王×"
        + below
    )
    row = 5 + between.count("\n")
    assert by_cell(found, f"B{row}", f"D{row}", f"F{row}", f"B{row + 1}", f"D{row + 1}") == [
        "vac_cert_check_due{level=PRI}=67", "vac_cert_check_done{level=PRI}=67", "vac_cert_check_rate{level=PRI}=100",
        "vac_cert_held{level=PRI}=65", "vac_cert_held_rate{level=PRI}=97.01",
    ]  # fmt: skip
    assert len(found) == 13


@pytest.mark.parametrize(("group", "whole"), [("组", "全园"), ("级部", "本园"), ("年级组", "全园"), ("", "全园")])
def test_groups_of_classes_are_grades_and_the_whole_is_the_kindergarten_itself(group: str, whole: str) -> None:
    found = read(
        f"""
        松坪幼儿园2024年秋季幼儿健康检查汇总表
        班级 | 在园 | 检查人数 | 体检率(%)
        小班{group} | 60 | 58 | 96.67
        大班{group} | 70 | 69 | 98.57
        {whole} | 130 | 127 | 97.69
        """
    )
    assert found == lines(
        """
        B3 enrollment{grade=small;level=KG}=60 person 松坪幼儿园 SY2024-T1
        B4 enrollment{grade=large;level=KG}=70 person 松坪幼儿园 SY2024-T1
        B5 enrollment{level=KG}=130 person 松坪幼儿园 SY2024-T1
        D5 student_exam_coverage{level=KG}=97.69 percent 松坪幼儿园 SY2024-T1 127/130@C5/B5
        """
    )
