"""The directory sheet: every unit, or every mistake with its cell."""

from __future__ import annotations

from datetime import date, datetime

from db.records import Block, Grid, OrgKind, Reading, Severity
from etl.units import read_units

HEAD = ("代码", "名称", "上级代码", "类型", "学段", "城乡类型", "别名", "设立日期")


def reading(*rows: tuple[object, ...]) -> Reading:
    grid = Grid("名录", (("澄江市机构名录",), HEAD, *rows))
    return Reading("xlsx", blocks=(Block(0, "grid", "名录", grid=grid),))


def test_rows_become_units() -> None:
    units, issues = read_units(
        reading(
            (990100.0, "澄江市", None, "市"),
            ("990102", "望河区", "990100", "区"),
            (
                "2199000001",
                "望河区实验小学",
                "990102",
                "学校",
                "小学",
                "城区",
                "实验小学,望河实小",
                datetime(2001, 9, 1),
            ),
            (None, None, None),
        )
    )
    assert issues == []
    assert [(u.key, u.kind, u.parent_key) for u in units] == [
        ("990100", OrgKind.CITY, None), ("990102", OrgKind.COUNTY, "990100"), ("2199000001", OrgKind.SCHOOL, "990102"),
    ]  # fmt: skip
    assert units[2].level == "PRI"
    assert units[2].aliases == ("实验小学", "望河实小")
    assert units[2].valid_from == date(2001, 9, 1)


def test_every_mistake_is_named_with_its_cell() -> None:
    _, issues = read_units(
        reading(("1", "甲区", None, "地方"), ("2", "乙区", "9", "区", "大学"), ("3", None, None, "区"),
                ("4", "丙区", None, "区", None, None, None, "去年"))
    )  # fmt: skip
    said = {(issue.cell, issue.sentence.split("。")[0]) for issue in issues}
    assert ("D3", "类型“地方”不认识") in said
    assert ("E4", "学段“大学”不认识") in said
    assert ("B5", "这一行没有名称") in said
    assert ("H6", "日期“去年”看不懂,请写成 2024-09-01 的形式") in said
    assert (None, "“乙区”的上级“9”不在表中") in said
    assert all(issue.severity is Severity.BLOCK for issue in issues)


def test_a_sheet_without_the_header_is_refused() -> None:
    units, issues = read_units(Reading("xlsx", blocks=(Block(0, "grid", "表", grid=Grid("表", (("a", "b"),))),)))
    assert units == []
    assert "“名称”和“类型”" in issues[0].sentence
