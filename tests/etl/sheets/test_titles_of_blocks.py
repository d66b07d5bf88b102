"""Blocks of years on one sheet: each is of the indicator that its own title or its corner names, never of another's."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import by_cell, lines, read

_HEADING = "清源县2021—2023年毛入园率、辍学率和近视率"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("表1 学前三年毛入园率(%)", "表2 小学生近视率(%)"),
        ("一、学前毛入园率", "二、小学近视率"),
        ("(一)学前三年毛入园率情况", "(二)小学学生近视率情况"),
        ("学前毛入园率 | > | 单位:%", "小学生近视率 | > | 单位:%"),
        (" | 学前三年毛入园率(%)", " | 小学生近视率(%)"),
        ("学前三年毛入园率 | 统计时间:2024年1月 | 单位:%", "小学生近视率 | 统计时间:2024年1月 | 单位:%"),
    ],
)
@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_block_of_years_is_of_the_indicator_that_its_own_title_names(first: str, second: str, blank: str) -> None:
    found = read(
        f"""
        {_HEADING}
        {first}
        乡镇 | 2021年 | 2022年 | 2023年
        东河镇 | 91.2 | 92.3 | 93.1
        西河镇 | 90.4 | 91.5 | 92.6{blank}
        {second}
        乡镇 | 2021年 | 2022年 | 2023年
        东河镇 | 41.2 | 40.3 | 39.1
        西河镇 | 38.8 | 37.9 | 36.7
        """
    )
    below = 9 if blank else 8
    assert by_cell(found, "B4", "D5", f"B{below}", f"D{below + 1}") == [
        "gross_enrollment_rate{level=KG}=91.2", "gross_enrollment_rate{level=KG}=92.6",
        "myopia_rate{level=PRI}=41.2", "myopia_rate{level=PRI}=36.7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("毛入园率(%)", "近视率(%)"),
        ("乡镇\\毛入园率(%)", "乡镇\\近视率(%)"),
        ("毛入园率/乡镇", "近视率/乡镇"),
    ],
)
@pytest.mark.parametrize("blank", ["", "\n"])
def test_the_corner_over_the_names_says_what_the_years_hold(first: str, second: str, blank: str) -> None:
    found = read(
        f"""
        {_HEADING}
        {first} | 2021年 | 2022年 | 2023年
        东河镇 | 91.2 | 92.3 | 93.1
        西河镇 | 90.4 | 91.5 | 92.6{blank}
        {second} | 2021年 | 2022年 | 2023年
        东河镇 | 41.2 | 40.3 | 39.1
        """
    )
    below = 7 if blank else 6
    assert by_cell(found, "B3", f"D{below}") == ["gross_enrollment_rate{level=KG}=91.2", "myopia_rate{}=39.1"]


@pytest.mark.parametrize("corner", ["学校", "单位", "乡镇"])
def test_a_heading_of_names_in_the_corner_is_no_indicator(corner: str) -> None:
    found = read(
        f"""
        沛水县近三年小学巩固率对比(%)
        {corner} | 2022年 | 2023年 | 2024年
        沛水镇中心小学 | 97.1 | 97.4 | 97.3
        """
    )
    assert by_cell(found, "B3", "D3") == ["retention_rate{level=PRI}=97.1", "retention_rate{level=PRI}=97.3"]


@pytest.mark.parametrize("title", [_HEADING, "清源县毛入园率和近视率对比", "清源县辍学率及巩固率历年情况"])
def test_a_title_that_lists_several_indicators_names_none_for_bare_years(title: str) -> None:
    drawing = """
        乡镇 | 2021年 | 2022年 | 2023年
        东河镇 | 41.2 | 42.3 | 43.1
        """
    assert read(title + drawing) == []


def test_years_may_stand_below_each_other_and_the_towns_side_by_side() -> None:
    found = read(
        """
        榕江县2021—2022年辍学率、巩固率和体检率
        表一 小学辍学率(‰)
        年份 | 全县 | 古州镇 | 忠诚镇
        2021年 | 0.4 | 0.3 | 0.5
        2022年 | 0.2 | 0.1 | 0.3

        表二 九年义务教育巩固率
        年份 | 全县 | 古州镇 | 忠诚镇
        2021年 | 95.1% | 96.2% | 94.3%
        """
    )
    assert found[3:] == lines(
        """
        B5 dropout_rate{level=PRI}=0.2 permille 榕江县 2022 total
        C5 dropout_rate{level=PRI}=0.1 permille 古州镇 2022
        D5 dropout_rate{level=PRI}=0.3 permille 忠诚镇 2022
        B9 retention_rate{level=CE}=95.1 percent 榕江县 2021 total
        C9 retention_rate{level=CE}=96.2 percent 古州镇 2021
        D9 retention_rate{level=CE}=94.3 percent 忠诚镇 2021
        """
    )
