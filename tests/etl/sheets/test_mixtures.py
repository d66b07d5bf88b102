"""Sheets that mix layouts: captions, plans, ledgers beside tables, units across, stamps without a year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets
from etl.types import Extraction
from tests.etl.sheets.mixtures import MIXTURES
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import lines, told


def extract(drawing: str, *, merges: bool = True, hidden: bool = False) -> Extraction:
    sheet = replace(grid(drawing, merges=merges), hidden=hidden)
    return extract_sheets(reading(sheet), load_catalogue())


def short(found: Extraction) -> set[tuple[str, str, str | None]]:
    return {(issue.code, issue.severity.value, issue.cell) for issue in found.issues}


@pytest.mark.parametrize("case", MIXTURES)
def test_mixture_reads_as_a_person_reads_it(case: str) -> None:
    drawing, expected = MIXTURES[case]
    found = extract(drawing, merges="lost merges" not in case)
    assert told(found.mentions) == lines(expected)


def test_a_stated_period_comes_before_the_day_of_filling_in() -> None:
    drawing = MIXTURES["one school, dated by the day of filling in"][0].replace("食堂数 | 1", "学年 | 2025-2026学年")
    assert {m.period for m in extract(drawing).mentions} == {"SY2025"}


@pytest.mark.parametrize(
    ("head", "rows", "targets"),
    [
        ("2025年 | 2030年 | 属性", ["93.1 | 95 | 预期性", "96.2 | 97 | 约束性"], {"C3", "C4"}),
        ("2025年 | 2030年", ["93.1 | 95以上", "96.2 | 97以上"], {"C3", "C4"}),
        ("2025年 | 2030年目标", ["93.1 | 95", "96.2 | 97"], {"C3", "C4"}),
        ("2025年 | 2026年", ["93.1 | 93.5", "≥96.2 | 96.6"], set()),
        ("2020年基数 | 2025年完成 | 属性", ["93.1 | 95 | 预期性", "96.2 | 97 | 约束性"], set()),
    ],
)
def test_targets_of_a_plan_are_no_values(head: str, rows: list[str], targets: set[str]) -> None:
    names = ("学前三年毛入园率(%)", "九年义务教育巩固率(%)")
    body = "\n".join(f"{name} | {row}" for name, row in zip(names, rows, strict=True))
    found = extract(f"古渡县教育主要指标\n指标 | {head}\n{body}")
    assert {r.cell for r in found.rejected if r.reason == "target"} == targets
    assert {m.evidence.cell for m in found.mentions} == {"B3", "B4", "C3", "C4"} - targets


def test_rows_of_single_classes_are_no_value_of_the_school() -> None:
    found = extract(
        """
        古渡县学生晨检日报(2026年)
        日期 | 学校 | 班级 | 应到 | 实到 | 出勤率
        3月9日 | 白沙小学 | 一(1)班 | 40 | 39 | 97.5%
        3月9日 | 白沙小学 | 一(2)班 | 40 | 40 | 100%
        3月9日 | 白沙小学 | 全校 | 80 | 79 | 98.8%
        """
    )
    assert told(found.mentions) == ["F5 attendance_rate{level=PRI}=98.8 percent 白沙小学 2026-03-09 79/80@E5/D5"]
    assert {r.reason for r in found.rejected if r.cell in ("F3", "F4")} == {"out_of_domain"}
    assert ("class_rows", "note", "C3") in short(found)  # the school stands below its classes


def test_single_classes_of_a_long_table_are_left_out() -> None:
    found = extract(
        """
        机构名称 | 指标名称 | 期间 | 班级 | 数值
        白沙小学 | 在校生数 | 2025-2026学年 | 一(1)班 | 40
        白沙小学 | 在校生数 | 2025-2026学年 | 一(2)班 | 42
        白沙小学 | 在校生数 | 2025-2026学年 | 合计 | 82
        """
    )
    assert [(m.evidence.cell, m.value) for m in found.mentions] == [("E4", 82)]
    assert [(r.cell, r.reason) for r in found.rejected] == [("E2", "out_of_domain"), ("E3", "out_of_domain")]


SUMMARY = "学校 | 发现问题数 | 已整改数\n白沙小学 | 4 | 3\n竹溪小学 | 2 | 2"
LEDGER = (
    "检查日期 | 学校 | 存在问题 | 是否销号\n2025/3/12 | 白沙小学 | 留样不足 | 是\n2025/3/13 | 竹溪小学 | 无台账 | 否"
)


@pytest.mark.parametrize("blocks", [(SUMMARY, LEDGER), (LEDGER, SUMMARY)])
def test_a_ledger_silences_only_its_own_block(blocks: tuple[str, str]) -> None:
    found = extract(f"古渡县2025年3月食品安全检查情况\n{blocks[0]}\n\n{blocks[1]}")
    assert [(m.indicator, m.value, m.period) for m in found.mentions] == [
        ("hygiene_findings", 4, "2025-03"), ("hygiene_findings_closed", 3, "2025-03"),
        ("hygiene_findings", 2, "2025-03"), ("hygiene_findings_closed", 2, "2025-03"),
    ]  # fmt: skip
    assert [issue.code for issue in found.issues] == ["ledger"]


def test_a_hidden_roster_is_refused_like_a_visible_one() -> None:
    roster = "一年级名单\n姓名 | 出生日期 | 班级\n甲×× | 2018.05.06 | 一(2)\n乙×× | 2018.07.16 | 一(2)"
    assert [(i.code, i.severity.value) for i in extract(roster, hidden=True).issues] == [("personal_data", "block")]
    assert [i.code for i in extract(SUMMARY, hidden=True).issues] == ["hidden_sheet"]


def test_pupils_that_look_like_years_are_no_header() -> None:
    found = extract("古渡县2025年9月在校生数\n乡镇 | 小学 | 初中\n白沙镇 | '2040 | '1990\n竹溪乡 | '2012 | '2050")
    assert [m.value for m in found.mentions] == [2040, 1990, 2012, 2050]
