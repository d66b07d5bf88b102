"""Whose certificates are meant, of which level a sum is, when those of a card of autumn left, rates that rows name."""

from __future__ import annotations

import pytest

from etl.sheets.words import strip_numbering
from tests.etl.sheets.telling import by_cell, read


@pytest.mark.parametrize(
    ("heads", "rate"),
    [
        ("食堂数(家) | 已取得食品经营许可证(家) | 持证率", "canteen_license_rate{}=95"),
        ("从业人员数 | 持健康证人数 | 持证率", "food_handler_cert_rate{}=95"),
        ("实查验人数 | 有证人数 | 持证率", "vac_cert_held_rate{}=95"),
        ("食堂数(家) | 备案(家) | 持证率", "-"),
    ],
)
def test_a_bare_rate_of_holders_is_of_the_certificate_that_stands_beside(heads: str, rate: str) -> None:
    found = read(f"青杉县2024年校园食品安全检查汇总\n乡镇 | {heads}\n柏木镇 | 40 | 38 | 0.95\n松岭乡 | 20 | 18 | 0.9")
    assert by_cell(found, "D3") == [rate]


@pytest.mark.parametrize(("head", "code"), [("检查家次", "hygiene_visits"), ("巡查食堂户次数", "hygiene_visits")])
def test_how_often_was_inspected_is_a_count_of_visits(head: str, code: str) -> None:
    found = read(f"青杉县2024年学校食堂监督检查汇总\n乡镇 | 食堂数(家) | {head}\n柏木镇 | 4 | 9\n松岭乡 | 2 | 5")
    assert by_cell(found, "C3") == [f"{code}{{object=canteen}}=9"]


@pytest.mark.parametrize(
    ("title", "level"),
    [("托幼机构、学校新生", "level=PRI"), ("学校和托幼机构新生", "level=PRI"), ("托幼机构新生", "level=KG")],
)
def test_a_title_of_kindergartens_and_schools_is_of_neither_alone(title: str, level: str) -> None:
    found = read(f"2024年秋季{title}预防接种证查验表\n单位名称 | 应查验人数\n青杉镇第一小学 | 57\n青杉镇中心园 | 30")
    assert by_cell(found, "B3") == [f"vac_cert_check_due{{{level}}}=57"]


@pytest.mark.parametrize(
    ("grades", "total"),
    [
        (("七年级", "八年级", "九年级"), "enrollment{level=JUN}=900"),
        (("七年级", "八年级", "高一"), "enrollment{}=900"),
        (("六年级", "七年级", "八年级"), "enrollment{}=900"),
    ],
)
def test_the_sum_of_grades_of_one_level_is_of_that_level(grades: tuple[str, ...], total: str) -> None:
    rows = "\n".join(f"{grade} | 6 | 300" for grade in grades)
    found = read(f"青杉县实验中学2024年秋季各年级学生数\n年级 | 班数 | 学生数\n{rows}\n合计 | 18 | 900")
    assert by_cell(found, "C6") == [total]


@pytest.mark.parametrize(
    ("school", "told"), [("青杉县第二中学", "level=JUN"), ("青杉县第十一中学", "level=JUN"), ("各中学", "")]
)
def test_the_name_of_a_middle_school_leaves_the_level_of_the_title(school: str, told: str) -> None:
    found = read(f"初中学生情况统计表\n{school}\n项目 | 2023年 | 2024年\n在校生数 | 810 | 820")
    assert by_cell(found, "B4") == [f"enrollment{{{told}}}=810"]


_CARD = """
青杉县学校基本情况卡
填表日期:{day} | > | > | 青杉县教育局制 | > | >
学校名称 | 青杉县城北小学 | 办学类型 | 小学 | 标识码 | 2143000011
在校学生(人) | 400 | 本年毕业(人) | 66 | 班数(个) | 10
体检人数(人) | 392 | 体检率(%) | 98 | 上学期卫生检查得分 | 91
"""


@pytest.mark.parametrize(
    ("day", "left", "scored"),
    [("2024年9月18日", "SY2023", "SY2023-T2"), ("2024年6月20日", "2024-06-20", "2024-06-20")],
)
def test_a_card_has_the_day_that_stands_beside_who_printed_it(day: str, left: str, scored: str) -> None:
    found = {line.split()[1].split("{")[0]: line.split() for line in read(_CARD.format(day=day))}
    assert found["graduates"][4] == left
    assert found["hygiene_score"][4] == scored
    assert found["enrollment"][4].startswith("2024-0")
    assert found["student_exam_coverage"][5].startswith("392/400")


_EXAM = "青杉县机关幼儿园2024年儿童健康检查结果\n项目 | 应查人数 | 受检(检出)人数 | 比例(%) | {last}\n"


@pytest.mark.parametrize(("last", "year"), [("上年(2023年)比例(%)", "2023"), ("上年比例(%)", "2023")])
def test_rates_that_rows_name_stand_in_columns_of_bare_rates(last: str, year: str) -> None:
    found = read(
        _EXAM.format(last=last) + "视力不良检出率 | 156 | 17 | 10.9 | 11.8\n龋齿患病率 | 238 | 61 | 25.6 | 27.4"
    )
    assert by_cell(found, "D3", "D4") == ["low_vision_rate{level=KG}=10.9", "caries_rate{level=KG}=25.6"]
    assert [line.split()[4] for line in found if line.startswith("E")] == [year, year]
    assert [line.split()[5] for line in found if line.startswith("D")] == ["17/156@C3/B3", "61/238@C4/B4"]


def test_rates_under_rates_of_their_own_are_not_those_of_the_rows() -> None:
    found = read(
        "青杉县2024年疫苗接种情况\n疫苗 | 应种 | 实种 | 率(%)\n乙肝首针及时率 | 100 | 96 | 96\n"
        "麻腮风 | 90 | 81 | 90\n乙脑 | 80 | 76 | 95"
    )
    assert by_cell(found, "D4") == ["vaccination_coverage{vaccine=MMR}=90"]


@pytest.mark.parametrize("label", ["实得分", "实际得分"])
def test_what_a_school_was_given_of_the_full_marks_is_its_score(label: str) -> None:
    found = read(f"2024年春季学校卫生评价表\n学校名称 | 应得分 | {label}\n青杉小学 | 100 | 93.5\n柏木小学 | 95 | 71")
    assert by_cell(found, "B3", "C3", "C4") == ["-", "hygiene_score{level=PRI}=93.5", "hygiene_score{level=PRI}=71"]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("在校生中:寄宿生", "boarders{level=PRI}=42"),
        ("学生中:随迁子女", "migrant_children{level=PRI}=42"),
        ("教师中:寄宿生", "-"),
    ],
)
def test_some_of_the_pupils_in_an_export_are_what_they_are_called(item: str, told: str) -> None:
    found = read(
        f"机构代码 | 机构名称 | 指标名称 | 统计学年 | 数值 | 计量单位\n2143 | 青杉小学 | 在校生数 | 2024-2025 | 300 | 人\n"
        f"2143 | 青杉小学 | {item} | 2024-2025 | 42 | 人"
    )
    assert by_cell(found, "E3") == [told]


@pytest.mark.parametrize("item", ["8.56人以上大班额比例", "3.大班额比例", "12.66人以上大班额占比"])
def test_a_number_before_the_size_of_a_class_is_that_of_the_row(item: str) -> None:
    found = read(
        f"青杉县主要指标\n指标名称 | 单位 | 2023年 | 2024年\n在校生数 | 人 | 900 | 910\n{item} | % | 2.31 | 1.06"
    )
    assert by_cell(found, "C4") == ["large_class_share{}=2.31"]


@pytest.mark.parametrize(
    ("label", "plain"), [("8.56人以上", "56人以上"), ("8.5人以上", "8.5人以上"), ("3.56%", "3.56%")]
)
def test_a_decimal_number_is_no_number_of_a_row(label: str, plain: str) -> None:
    assert strip_numbering(label) == plain


@pytest.mark.parametrize(("of_persons", "basis"), [("人", "{basis=person}"), ("元", "-")])
def test_children_beside_doses_under_one_heading_are_persons(of_persons: str, basis: str) -> None:
    found = read(
        f"青杉镇2024年秋季接种证查验补种统计\n村 | 应补种 | >\n^ | {of_persons} | 剂次\n柏木村 | 9 | 14\n松岭村 | 6 | 7"
    )
    told = by_cell(found, "B4", "C4")
    assert told[1] == "vac_catchup_due{basis=dose}=14"
    assert told[0] == (f"vac_catchup_due{basis}=9" if basis != "-" else "-")
