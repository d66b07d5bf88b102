"""Numbers of a wider place that stand in a table for comparison are no values of its unit."""

from __future__ import annotations

import pytest

from etl.sheets.wider import is_of_wider_place
from tests.etl.sheets.telling import by_cell, read

_OWN = ["net_enrollment_rate{level=PRI}=99.85", "gross_enrollment_rate{level=JUN}=102.1"]


@pytest.mark.parametrize(
    ("issuer", "own", "wider"),
    [
        ("榆关县", "全县", "全市平均"), ("榆关县", "全县", "全省平均"), ("榆关县", "全县平均", "全市"), ("榆关县", "合计", "省均"),
        ("榆关县", "全县", "全国"), ("榆关县", "全县", "2023年全省平均水平"), ("榆关县", "全县", "全省(参考)"),
        ("榆关县", "全县", "参考:全市"), ("榆关县", "全县", "兄弟县平均"), ("榆关县", "全县", "市平均值"),
        ("淮川市", "全市", "全省平均"), ("淮川市", "全市", "全省"), ("淮川市", "全市", "全州"),
        ("赤桑州", "全州", "全省"), ("乌兰旗", "全旗", "全盟"), ("乌兰旗", "全旗", "全区平均"),
        ("淮川市东湖区", "全区", "全市"), ("榆关县石榕镇", "全镇", "全县"),
    ],
)  # fmt: skip
def test_a_row_of_a_wider_place_is_no_value_of_the_unit(issuer: str, own: str, wider: str) -> None:
    found = read(
        f"""
        {issuer}2024年教育指标对比
        序号 | 单位 | 小学净入学率 | 初中毛入学率
        1 | 东河镇 | 99.8 | 101
        2 | 西河镇 | 99.4 | 103
        | {own} | 99.85 | 102.1
        | {wider} | 99.5 | 100.3
        """
    )
    assert by_cell(found, "C5", "D5", "C6", "D6") == [*_OWN, "-", "-"]


@pytest.mark.parametrize(
    ("label", "issuer", "wider"),
    [
        ("全市", "淮川市", False), ("全县", "榆关县", False), ("全区", "东湖区", False), ("全县平均", "桃源自治县", False),
        ("全州", "赤桑自治州", False), ("全市合计", "淮川市直属学校", False), ("全市", None, False), ("全省", None, False),
        ("全国", None, True), ("全校", "东河小学", False), ("全县", "榆关县东河小学", True), ("全镇", "石榕镇中心学校", False),
        ("区直", "榆关县", False), ("省", "榆关县", False), ("市", "榆关县", False), ("全市", "宁夏自治区", False),
        ("全市小学", "榆关县", True), ("全省初中平均", "榆关县", True), ("全县小学", "榆关县", False), ("全市义务教育阶段学校平均", "榆关县", True),
    ],
)  # fmt: skip
def test_what_is_wider_than_the_unit(label: str, issuer: str | None, wider: bool) -> None:
    assert is_of_wider_place(label, issuer) is wider


@pytest.mark.parametrize("own", ["本县", "全县", "榆关县"])
@pytest.mark.parametrize("wider", ["全市", "全市平均", "全省"])
def test_a_column_of_a_wider_place_is_left_out_and_the_own_one_read(own: str, wider: str) -> None:
    found = read(
        f"""
        榆关县2024年教育指标
        指标 | {own} | {wider} | 全国
        小学净入学率 | 99.8 | 99.7 | 99.6
        九年义务教育巩固率 | 96.8 | 96.7 | 95.9
        """
    )
    assert by_cell(found, "B3", "B4") == ["net_enrollment_rate{level=PRI}=99.8", "retention_rate{level=CE}=96.8"]
    assert len(found) == 2


def test_a_long_list_may_hold_rows_of_a_wider_place() -> None:
    found = read(
        """
        单位名称 | 指标名称 | 数值 | 计量单位 | 统计期
        榆关县 | 小学净入学率 | 99.8 | % | 2024年
        全市 | 小学净入学率 | 99.7 | % | 2024年
        全县 | 九年义务教育巩固率 | 96 | % | 2024年
        """,
        name="平台导出_榆关县_20240312.xlsx",
    )
    assert found == [
        "C2 net_enrollment_rate{level=PRI}=99.8 percent 榆关县 2024",
        "C4 retention_rate{level=CE}=96 percent 榆关县 2024 total",
    ]


@pytest.mark.parametrize(
    ("name", "total", "place"),
    [
        ("平台导出_榆关县_20240312.csv", "合计", "榆关县"),
        ("学籍系统 榆关县 2024.csv", "全县合计", "榆关县"),
        ("导出.csv", "榆关县直属学校合计", "榆关县"),
        ("导出_榆关县.csv", "石榕镇合计", "石榕镇"),
        ("导出.csv", "合计", "-"),
    ],
)
def test_the_sum_of_a_long_list_is_of_the_place_that_it_or_the_file_names(name: str, total: str, place: str) -> None:
    found = read(
        f"""
        机构代码 | 机构名称 | 指标名称 | 期间 | 数值
        2137001018 | 东河小学 | 在校生数 | 2023-2024学年 | 300
        2137001020 | 西河小学 | 在校生数 | 2023-2024学年 | 200
        | {total} | 在校生数 | 2023-2024学年 | 500
        """,
        name=name,
    )
    assert found[-1] == f"E4 enrollment{{}}=500 person {place} SY2023 total"
