"""Turns that tables take within one layout: where the total stands, how parts hang on, where the year is."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import lines, told


def read(text: str) -> list[str]:
    drawing = "\n".join(line.strip() for line in text.strip().splitlines())
    return told(extract_sheets(reading(grid(drawing)), load_catalogue()).mentions)


def test_flat_part_belongs_to_the_column_before_it() -> None:
    found = read(
        """
        北湖区2025-2026学年初中小学基本情况统计表
        序号 | 学校名称 | 学校标识码 | 学校类别 | 在校生数 | 其中:女生 | 生师比 | 专任教师数
        1 | 石桥中学 | '3143000556 | 初级中学 | 460 | 221 | 11.5:1 | 40
        """
    )
    assert found == lines(
        """
        E3 enrollment{level=JUN}=460 person 石桥中学 SY2025
        F3 enrollment{level=JUN;sex=F}=221 person 石桥中学 SY2025
        G3 pupil_teacher_ratio{level=JUN}=11.5 ratio 石桥中学 SY2025 460/40@E3/H3
        H3 teachers{level=JUN}=40 person 石桥中学 SY2025
        """
    )


def test_part_row_belongs_to_the_indicator_above_it() -> None:
    found = read(
        """
        南坡县教育主要指标
        指标名称 | 单位 | 2024年
        小学在校生数 | 人 | 4,300
        其中:女生 | 人 | 2,050
        """
    )
    assert found == lines(
        """
        C3 enrollment{level=PRI}=4300 person 南坡县 2024
        C4 enrollment{level=PRI;sex=F}=2050 person 南坡县 2024
        """
    )


def test_quarters_across_lie_in_the_year_of_the_title() -> None:
    found = read(
        """
        北湖区2025年食品安全检查
        项目 | 一季度 | 三季度 | 全年合计
        发现问题数 | 12 | 9 | 21
        已整改问题数 | 12 | 8 | 20
        整改率(%) | 100 | 88.89 | 95.24
        """
    )
    assert found == lines(
        """
        B3 hygiene_findings{}=12 finding 北湖区 2025-Q1
        C3 hygiene_findings{}=9 finding 北湖区 2025-Q3
        D3 hygiene_findings{}=21 finding 北湖区 2025 total
        B4 hygiene_findings_closed{}=12 finding 北湖区 2025-Q1
        C4 hygiene_findings_closed{}=8 finding 北湖区 2025-Q3
        D4 hygiene_findings_closed{}=20 finding 北湖区 2025 total
        B5 hygiene_rectification_rate{}=100 percent 北湖区 2025-Q1 12/12@B4/B3
        C5 hygiene_rectification_rate{}=88.89 percent 北湖区 2025-Q3 8/9@C4/C3
        D5 hygiene_rectification_rate{}=95.24 percent 北湖区 2025 total 20/21@D4/D3
        """
    )


def test_a_title_may_name_the_only_indicator() -> None:
    found = read(
        """
        云川市各区县九年义务教育巩固率统计表
        区县 | 2023年 | 2024年
        北湖区 | 95.1% | 0.96
        全市 | 94.8 | 95.5
        """
    )
    assert found == lines(
        """
        B3 retention_rate{level=CE}=95.1 percent 北湖区 2023
        C3 retention_rate{level=CE}=96 percent 北湖区 2024
        B4 retention_rate{level=CE}=94.8 percent 云川市 2023 total
        C4 retention_rate{level=CE}=95.5 percent 云川市 2024 total
        """
    )


@pytest.mark.parametrize("stamp", ["2024-2025", "2024—2025学年", "2024/2025", "24-25学年", "2024"])
def test_a_column_of_school_years(stamp: str) -> None:
    found = read(f"单位名称 | 学年 | 学段 | 招生数\n北湖区 | {stamp} | 小学 | 800")
    assert found == ["D2 entrants{level=PRI}=800 person 北湖区 SY2024"]


def test_subtotals_by_kind_and_by_town_are_totals() -> None:
    found = read(
        """
        南坡县2025年秋季查验情况
        序号 | 学校(幼儿园)名称 | 实查验人数
        一 | 幼儿园小计 | 90
        1 | 红星幼儿园 | 90
        二 | 柳林镇小计 | 40
        2 | 柳林小学 | 40
        总计 | | 130
        """
    )
    assert found == lines(
        """
        C3 vac_cert_check_done{level=KG}=90 person 南坡县 SY2025-T1 total
        C4 vac_cert_check_done{level=KG}=90 person 红星幼儿园 SY2025-T1
        C5 vac_cert_check_done{}=40 person 柳林镇 SY2025-T1 total
        C6 vac_cert_check_done{level=PRI}=40 person 柳林小学 SY2025-T1
        C7 vac_cert_check_done{}=130 person 南坡县 SY2025-T1 total
        """
    )


def test_levels_over_and_under_the_indicator() -> None:
    over = read("南坡县2025年情况\n乡镇 | 小学 | > | 初中\n^ | 在校生数 | 专任教师 | 在校生数\n柳林镇 | 700 | 40 | 300")
    under = read("南坡县2025年情况\n乡镇 | 在校生数 | > | 专任教师\n^ | 小学 | 初中 | 小学\n柳林镇 | 700 | 300 | 40")
    assert (
        {line.split(" ", 1)[1] for line in over}
        == {line.split(" ", 1)[1] for line in under}
        == set(
            lines(
                """
            enrollment{level=PRI}=700 person 柳林镇 2025
            enrollment{level=JUN}=300 person 柳林镇 2025
            teachers{level=PRI}=40 person 柳林镇 2025
            """
            )
        )
    )


def test_three_columns_per_vaccine() -> None:
    found = read(
        """
        南坡县2025年小学生疫苗接种情况统计表
        学校 | 乙肝疫苗第3剂 | > | > | 麻腮风2剂接种率
        ^ | 应种人数 | 实种人数 | 接种率(%) | ^
        柳林小学 | 90 | 89 | 98.89 | 97.2
        """
    )
    assert found == lines(
        """
        B4 vaccination_due{dose=3;level=PRI;vaccine=HepB}=90 person 柳林小学 2025
        C4 vaccination_given{dose=3;level=PRI;vaccine=HepB}=89 person 柳林小学 2025
        D4 vaccination_coverage{dose=3;level=PRI;vaccine=HepB}=98.89 percent 柳林小学 2025 89/90@C4/B4
        E4 vaccination_coverage{dose=2;level=PRI;vaccine=MMR}=97.2 percent 柳林小学 2025
        """
    )


def test_no_canteen_makes_every_canteen_value_not_applicable() -> None:
    found = read("南坡县2025年食堂检查\n学校 | 食堂数 | 从业人员数 | 明厨亮灶覆盖率\n柳林小学 | 0 | / | 不适用")
    assert [line.split(" ")[1] for line in found] == [
        "canteens{level=PRI}=0", "food_handlers{level=PRI}=not_applicable", "open_kitchen_coverage{level=PRI}=not_applicable",
    ]  # fmt: skip


def test_a_group_heading_that_only_repeats_what_its_columns_say_is_no_obstacle() -> None:
    found = read(
        """
        南坡县2025年秋季入学儿童预防接种证查验情况汇总表
        学校名称 | 查验 | > | > | 持证 | >
        ^ | 应查验人数 | 实查验人数 | 查验率(%) | 有证人数 | 持证率(%)
        石桥小学 | 100 | 90 | 90 | 81 | 90
        """
    )
    assert sorted(line.split("{")[0].split("=")[0].split()[1] for line in found) == [
        "vac_cert_check_done", "vac_cert_check_due", "vac_cert_check_rate", "vac_cert_held", "vac_cert_held_rate",
    ]  # fmt: skip
