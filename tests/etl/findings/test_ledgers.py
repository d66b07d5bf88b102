"""A ledger with a problem a row: its school, days and state."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Grid, Reading
from etl.findings import FoundFinding, extract_findings
from etl.findings.ledgers import day_of

HEAD = ("序号", "检查日期", "学校", "问题描述", "类别", "整改措施", "整改期限", "完成日期", "是否销号")


def found(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD, **grid: bool) -> list[FoundFinding]:
    title = ("松溪县2025年春季学期学校食堂问题整改台账", *[None] * (len(head) - 1))
    sheet = Grid("台账", (title, head, *rows), merges=((0, 0, 0, len(head) - 1),), **grid)
    reading = Reading("application/vnd.ms-excel", blocks=(Block(0, "grid", "台账", grid=sheet),))
    held = list(extract_findings(reading, load_catalogue(), name="台账.xlsx"))
    assert all(one.evidence.holds_in(reading) for one in held)
    return held


def test_each_row_is_a_finding_with_its_cell() -> None:
    held = found(
        (1, "2025/3/12", "青泉小学", "留样柜温度记录缺失", "食品", "补记", "2025.3.15", "3月14日", "是"),
        (2, datetime(2025, 3, 13), "松溪二中", "饮水机滤芯过期", "饮水", "更换", "3月20日", None, "否"),
        (3, "3月18日", "松溪三中", "库房地面积水", "环境", "疏通", "/", "/", None),
    )
    assert [(f.category, f.entity, str(f.state), f.found_on, f.due_on, f.closed_on, f.evidence.cell) for f in held] == [
        ("sample_retention", "青泉小学", "rectified", date(2025, 3, 12), date(2025, 3, 15), date(2025, 3, 14), "D3"),
        ("drinking_water", "松溪二中", "open", date(2025, 3, 13), date(2025, 3, 20), None, "D4"),
        ("storage", "松溪三中", "unstated", date(2025, 3, 18), None, None, "D5"),
    ]


def test_one_cell_may_hold_two_problems() -> None:
    held = found((1, "2025/3/12", "青泉小学", "留样不足;餐具消毒记录不全", "食品", "补足", None, None, "是"))
    assert [(f.text, f.category) for f in held] == [
        ("留样不足", "sample_retention"),
        ("餐具消毒记录不全", "disinfection"),
    ]


def test_a_problem_that_no_word_tells_falls_under_the_ledgers_kind() -> None:
    held = found((1, "2025/3/12", "青泉小学", "门口堆放旧桌椅", "环境卫生", "搬走", None, None, "是"))
    assert [f.category for f in held] == ["cleanliness"]


def test_a_table_of_counts_and_a_hidden_sheet_have_no_findings() -> None:
    row = (1, "2025/3/12", "青泉小学", "留样不足", "食品", "补足", None, None, "是")
    assert found(row, hidden=True) == []
    assert found((1, "2025/3/12", "青泉小学", 3, "食品", "", None, None, 2)) == []


@pytest.mark.parametrize(
    ("value", "near", "expected"),
    [
        ("2024.3.5", None, date(2024, 3, 5)),
        ("2024年3月5日", None, date(2024, 3, 5)),
        (datetime(2024, 3, 5, 9, 30), None, date(2024, 3, 5)),
        ("3.5", date(2024, 3, 1), date(2024, 3, 5)),
        ("1月5日", date(2024, 11, 20), date(2025, 1, 5)),
        ("3月5日", None, None),
        ("2月30日", date(2024, 1, 1), None),
        ("/", date(2024, 1, 1), None),
        (None, date(2024, 1, 1), None),
    ],
)
def test_days_in_every_spelling(value: object, near: date | None, expected: date | None) -> None:
    assert day_of(value, near) == expected
