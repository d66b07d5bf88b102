"""Counts of catching up are of doses where the unit says so, wherever it stands: label, row of units, line above, title."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import by_cell, read

_DOSES = [
    "vac_catchup_due{basis=dose;level=PRI}=20", "vac_catchup_done{basis=dose;level=PRI}=18",
    "vac_catchup_rate{basis=dose;level=PRI}=90",
]  # fmt: skip
_BARE = [text.replace("basis=dose;", "") for text in _DOSES]


@pytest.mark.parametrize(
    "drawing",
    [
        """澜江县2024年秋季入学查验补种情况
        学校 | 应补种(剂次) | 实补种(剂次) | 补种率(%)
        ^ | ^ | ^ | ^""",
        """澜江县2024年秋季入学查验补种情况
        学校 | 应补种 | 实补种 | 补种率
        ^ | 剂次 | 剂次 | %""",
        """澜江县2024年秋季入学查验补种情况
         | > | > | 单位:剂次
        学校 | 应补种 | 实补种 | 补种率(%)""",
        """澜江县2024年秋季入学查验补种情况(剂次)
        澜江县疾控中心 | > | > | 单位:剂次、%
        学校 | 应补种 | 实补种 | 补种率""",
        """澜江县2024年秋季入学查验补种情况(计量单位:针次)
        学校 | 应补种 | 实补种 | 补种率
        ^ | ^ | ^ | ^""",
        """澜江县2024年秋季入学查验补种剂次统计表
        学校 | 应补种 | 实补种 | 补种率(%)
        ^ | ^ | ^ | ^""",
        """澜江县2024年秋季入学查验补种情况
        学校 | 补种剂次 | > | >
        ^ | 应补 | 实补 | 补种率(%)""",
    ],
)
def test_the_unit_says_doses(drawing: str) -> None:
    found = read(f"{drawing}\n东河小学 | 20 | 18 | 90\n西河小学 | 30 | 27 | 90")
    row = drawing.count("\n") + 2
    assert by_cell(found, f"B{row}", f"C{row}", f"D{row}") == _DOSES


@pytest.mark.parametrize(
    "title",
    ["澜江县2024年秋季入学查验补种情况", "澜江县2024年秋季分疫苗分剂次补种情况", "澜江县2024年秋季补种人数、剂次统计"],
)
@pytest.mark.parametrize("unit", ["单位:人", "单位:人、剂次", "单位:人、%", "单位:人次、剂次"])
def test_other_units_and_titles_say_no_doses(title: str, unit: str) -> None:
    found = read(
        f"""
        {title}
         | > | > | {unit}
        学校 | 应补种 | 实补种 | 补种率(%)
        东河小学 | 20 | 18 | 90
        """
    )
    assert by_cell(found, "B4", "C4", "D4") == _BARE


def test_a_column_of_units_beside_the_items_says_doses() -> None:
    found = read(
        """
        澜江县2024年秋季入学查验补种
        指标 | 单位 | 幼儿园 | 小学
        应补种 | 剂次 | 30 | 20
        实补种 | 剂次 | 27 | 18
        补种率 | % | 90 | 90
        """
    )
    assert by_cell(found, "D3", "D4", "D5") == _DOSES


def test_a_long_list_names_the_unit_of_every_row() -> None:
    found = read(
        """
        单位名称 | 指标名称 | 数值 | 计量单位 | 统计期
        东河小学 | 应补种 | 20 | 剂次 | 2024年秋季
        东河小学 | 实补种 | 18 | 剂次 | 2024年秋季
        西河小学 | 应补种 | 7 | 人 | 2024年秋季
        """
    )
    assert by_cell(found, "C2", "C3", "C4") == [*_DOSES[:2], "vac_catchup_due{level=PRI}=7"]


def test_the_unit_above_holds_for_every_vaccine_and_their_sum() -> None:
    found = read(
        """
        白沙街道2025年春季漏种儿童补种进度
        接种单位:白沙街道社区卫生服务中心 | > | > | > | 单位:剂次
        学校 | 麻腮风疫苗 | > | 乙脑疫苗 | > | 合计 | >
        ^ | 应补 | 已补 | 应补 | 已补 | 应补 | 已补
        白沙小学 | 5 | 5 | 3 | 2 | 8 | 7
        """
    )
    assert by_cell(found, "B5", "E5", "F5") == [
        "vac_catchup_due{basis=dose;level=PRI;vaccine=MMR}=5", "vac_catchup_done{basis=dose;level=PRI;vaccine=JE}=2",
        "vac_catchup_due{basis=dose;level=PRI}=8",
    ]  # fmt: skip
