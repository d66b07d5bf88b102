"""Whose a row or a table is: sums of the reporting unit, offices without a place, schools that are called like a kind."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets
from etl.sheets.issuers import place_in_title, place_of_office
from etl.sheets.titles import frame_from_lines
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import lines, told


def read(drawing: str, sheet: str = "Sheet1", name: str = "表.xlsx") -> list[str]:
    text = "\n".join(line.strip() for line in drawing.strip().splitlines())
    return told(extract_sheets(reading(grid(text, sheet)), load_catalogue(), name=name).mentions)


@pytest.mark.parametrize("total", ["本镇合计", "全镇", "合计", "本镇", "全镇合计"])
def test_the_sum_of_the_reporting_town_has_its_name_from_the_sheet(total: str) -> None:
    found = read(
        f"""
        义务教育学校概况(小学)
        填报单位(章) | > | > | 单位:人
        序号 | 学校 | 在校生 | 专任教师
        1 | 河湾学校 | 100 | 9
        2 | 沙坡教学点 | 20 | 2
        | {total} | 120 | 11
        """,
        "白塔镇",
        "清水县2025年秋季学期小学概况.xlsx",
    )
    assert found == lines(
        """
        C4 enrollment{level=PRI}=100 person 河湾学校 SY2025-T1
        D4 teachers{level=PRI}=9 person 河湾学校 SY2025-T1
        C5 enrollment{level=PRI}=20 person 沙坡教学点 SY2025-T1
        D5 teachers{level=PRI}=2 person 沙坡教学点 SY2025-T1
        C6 enrollment{level=PRI}=120 person 白塔镇 SY2025-T1 total
        D6 teachers{level=PRI}=11 person 白塔镇 SY2025-T1 total
        """
    )


@pytest.mark.parametrize(
    ("office", "place"),
    [("县疾控中心", None), ("区教育局基教科", None), ("市卫生健康委员会", None), ("清水县教育局", "清水县"), ("双山区疾控中心", "双山区"),
     ("清水县白塔镇人民政府", "清水县白塔镇"), ("清水县第一小学", "清水县第一小学")],
)  # fmt: skip
def test_an_office_speaks_of_the_place_it_names(office: str, place: str | None) -> None:
    assert place_of_office(office) == place


@pytest.mark.parametrize(
    ("title", "place"),
    [("2024年秋季开学学校食堂检查汇总", None), ("1_清水县2025年小学概况", "清水县"), ("附表3 清水县食堂检查", "清水县"),
     ("附件2.清水县幼儿园情况", "清水县"), ("春季开学前清水县排查情况", None), ("2025年清水县开学检查", "清水县")],
)  # fmt: skip
def test_words_of_the_calendar_are_no_school(title: str, place: str | None) -> None:
    assert place_in_title(title) == place


@pytest.mark.parametrize(
    ("line", "issuer"),
    [("承检单位:区妇幼保健院、双山区第二医院", "双山区"), ("填报单位:县疾控中心", "双山区"), ("街道:枫桥街道", "枫桥街道"),
     ("县(市、区):清水县", "清水县"), ("所在乡镇:白塔镇", "白塔镇"), ("检查单位:市卫生监督所", "双山区")],
)  # fmt: skip
def test_who_reports_and_who_only_examined(line: str, issuer: str) -> None:
    frame = frame_from_lines(["双山区2024年学生健康体检结果", line], (), ("Sheet1", "表"))
    assert frame.issuer == issuer


def test_the_caption_of_a_block_tells_its_level() -> None:
    found = frame_from_lines(["白塔镇中小学巩固率统计", "二、初中三年巩固率"], (), ("Sheet1", "表"))
    assert found.level == "JUN"


def test_a_school_that_is_called_like_its_kind_is_a_school_and_the_sum_may_stand_among_the_ranks() -> None:
    found = read(
        """
        2025年秋季学校食品安全检查
        名次 | 被查单位 | 类别 | 得分 | 发现问题
        1 | 东湾小学 | 小学 | 97 | 3
        2 | 城北中学 | 初中 | 95 | 2
        3 | 特殊教育学校 | 特教 | 92 | 4
        4 | 红旗幼儿园 | 幼儿园 | 90 | 1
        合计 | | | | 10
        """
    )
    assert [line.split(" person ")[0] for line in found][-3:] == [
        "D6 hygiene_score{level=KG}=90 score 红旗幼儿园 SY2025-T1", "E6 hygiene_findings{level=KG}=1 finding 红旗幼儿园 SY2025-T1",
        "E7 hygiene_findings{}=10 finding - SY2025-T1 total",
    ]  # fmt: skip
    assert "D5 hygiene_score{level=SPE}=92 score 特殊教育学校 SY2025-T1" in found


def test_kinds_of_schools_among_kinds_stay_groups() -> None:
    found = read(
        """
        清水县2025年基本情况
        序号 | 学校 | 在校生
        1 | 小学 | 900
        2 | 初中 | 500
        3 | 特殊教育学校 | 40
        """
    )
    assert found[-1] == "C5 enrollment{level=SPE}=40 person 清水县 2025"


KINDERGARTENS = """
清水县2024-2025学年幼儿园概况
园名 | 性质 | 班数 | 教职工
{rows}
"""


def test_what_a_single_school_is_like_does_not_keep_its_counts_back() -> None:
    rows = "红旗幼儿园 | 公办 | 6 | 20\n小星星幼儿园 | 民办 | 3 | 12\n江铁幼儿园 | 公办(其他部门) | 4 | 13"
    assert [line.split(" ")[1] for line in read(KINDERGARTENS.format(rows=rows))] == [
        "classes{level=KG}=6", "staff{level=KG}=20", "classes{level=KG}=3", "staff{level=KG}=12", "classes{level=KG}=4",
        "staff{level=KG}=13",
    ]  # fmt: skip


def test_the_parts_of_a_place_by_owner_are_not_the_place() -> None:
    rows = "白塔镇 | 公办 | 6 | 20\n白塔镇 | 民办 | 3 | 12"
    assert not read(KINDERGARTENS.format(rows=rows))
