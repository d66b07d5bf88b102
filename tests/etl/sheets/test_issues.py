"""What is not read is said: with the cell, the severity and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.catalogue import load_catalogue
from db.records import Issue, Severity
from etl import pipeline
from etl.sheets import extract_sheets
from etl.types import Extraction
from tests.etl.sheets.drawings import DRAWINGS
from tests.etl.sheets.notation import grid, reading


def extract(drawing: str, **options: bool) -> Extraction:
    sheet = replace(grid(drawing), **options)
    return extract_sheets(reading(sheet), load_catalogue())


def problems(drawing: str) -> list[Issue]:
    read = reading(grid(drawing))
    return pipeline.problems(read, extract_sheets(read, load_catalogue()), load_catalogue(), "")


def short(issues: tuple[Issue, ...]) -> set[tuple[str, str, str | None]]:
    return {(issue.code, issue.severity.value, issue.cell) for issue in issues}


CHECK = """
南坡县2025年秋季预防接种证查验情况
单位 | 应查验人数 | 实查验人数 | 查验率(%)
柳林镇 | {0} | {1} | {2}
石桥乡 | 80 | 76 | 95
"""


@pytest.mark.parametrize(
    ("cells", "code", "severity", "cell"),
    [
        (("200", "#DIV/0!", "99"), "cell_error", "block", "C3"),
        (("二百", "198", "99"), "unreadable_number", "confirm", "B3"),
        (("200", "99%", "99"), "unreadable_number", "confirm", "C3"),
        (("200", "198", "优秀"), "unreadable_number", "confirm", "D3"),
        (("@2025-04-11", "198", "99"), "unreadable_number", "confirm", "B3"),
    ],
)
def test_bad_cell_is_named(cells: tuple[str, str, str], code: str, severity: str, cell: str) -> None:
    found = extract(CHECK.format(*cells))
    assert (code, severity, cell) in short(found.issues)
    issue = next(issue for issue in found.issues if issue.code == code)
    assert cell in issue.sentence
    assert issue.locator == f"Sheet1!{cell}"
    assert all(m.evidence.cell != cell for m in found.mentions)


def test_good_cells_raise_no_issue() -> None:
    assert extract(CHECK.format(200, 198, 99)).issues == ()


def test_lone_fraction_among_percents_is_asked_about() -> None:
    found = extract(
        """
        南坡县2025年秋季全程接种情况
        单位 | 全程接种率
        柳林镇 | 0.93
        石桥乡 | 95.5
        上坝乡 | 91
        """
    )
    assert ("B25", "confirm", "B3") in short(found.issues)
    assert {float(m.value) for m in found.mentions if m.value is not None} == {93, 95.5, 91}


def test_unknown_columns_and_rows_are_named() -> None:
    found = short(extract(DRAWINGS["breakdown"]).issues)
    assert found == {("unknown_column", "note", "D4"), ("unknown_row", "note", "A10")}


def test_a_column_that_mixes_levels_is_asked_about() -> None:
    assert ("mixed_level", "confirm", "E2") in short(extract(DRAWINGS["transposed"]).issues)


def test_rosters_are_refused_whole() -> None:
    found = extract(
        """
        一(2)班学生免疫状况登记表
        姓名 | 出生日期 | 年级班级 | 是否有证 | 卡介苗 | 乙肝疫苗 | >
        ^ | ^ | ^ | ^ | ^ | 1 | 2
        甲×× | 2018.05.06 | 一(2) | 1 | 1 | 1 | 1
        乙×× | 2018.07.16 | 一(2) | 1 | 1 | 1 | 0
        """
    )
    assert found.mentions == ()
    assert [(i.code, i.severity) for i in found.issues] == [("personal_data", Severity.BLOCK)]


def test_identity_card_numbers_are_refused_wherever_they_stand() -> None:
    found = extract("学校 | 在校生数 | 说明\n柳林小学 | 300 | '11010120180307123X\n上坝小学 | 200 |")
    assert found.mentions == ()
    assert short(found.issues) == {("personal_data", "block", "C2")}


def test_person_in_charge_is_no_roster() -> None:
    assert all(i.code != "personal_data" for i in extract(DRAWINGS["dropout"]).issues)


def test_ledger_of_findings_is_a_worklist() -> None:
    found = extract(
        """
        北湖区春季学校食堂问题整改台账
        序号 | 检查日期 | 学校 | 问题描述 | 类别 | 整改措施 | 责任人 | 完成日期 | 是否销号
        1 | 2025/3/12 | 向阳幼儿园 | 留样不足;无台账 | 食品 | 立即补足 | 周× | 3月14日 | 是
        2 | 2025.3.13 | 柳林小学 | 消毒记录缺失 | 食品 | 补记 | 吴× | / | 否
        """
    )
    assert found.mentions == ()
    assert short(found.issues) == {("ledger", "note", "D2")}
    assert "共2行" in found.issues[0].sentence


def test_hidden_sheet_is_not_read() -> None:
    found = extract(DRAWINGS["check"], hidden=True)
    assert found.mentions == ()
    assert [i.code for i in found.issues] == ["hidden_sheet"]


def test_sheet_without_header_says_so() -> None:
    assert short(extract("1 | 2 | 3\n4 | 5 | 6").issues) == {("no_table", "confirm", None)}


def test_missing_period_is_asked_once() -> None:
    found = extract("小学学生数\n学校 | 在校生数 | 招生数\n柳林小学 | 300 | 50\n上坝小学 | 200 | 31")
    assert [i.code for i in found.issues] == ["no_period"]
    assert all(m.period is None for m in found.mentions)


def test_movements_must_balance() -> None:
    assert all(i.code != "B10" for i in problems(DRAWINGS["movements"]))
    issue = next(i for i in problems(DRAWINGS["movements"].replace("| 1,250", "| 1,252")) if i.code == "B10")
    assert (issue.cell, issue.severity) == ("N5", Severity.BLOCK)
    assert "差2人" in issue.sentence


def test_certificates_must_add_up() -> None:
    assert all(i.code != "B12" for i in problems(DRAWINGS["check"]))
    assert ("B12", "confirm", "D5") in short(tuple(problems(DRAWINGS["check"].replace("| 310 | 6 |", "| 301 | 6 |"))))


def test_a_guess_that_never_adds_up_is_doubtful() -> None:
    text = "南坡县2025年秋季查验\n单位 | 实查验人数 | 有证人数 | 无证人数\n柳林镇 | 90 | 50 | 5\n石桥乡 | 80 | 40 | 3"
    found = extract(text)
    doubtful = {m.evidence.cell for m in found.mentions if m.evidence.confidence <= 0.6}
    assert doubtful == {"C3", "C4"}


def test_struck_out_names_are_units_of_their_own() -> None:
    found = extract("南坡县2025年秋季查验\n单位 | 实查验人数\n×× | 90\n×× | 80")
    assert [m.entity for m in found.mentions] == [None, None]
    assert len({m.scope for m in found.mentions}) == 2


def test_targets_and_others_values_are_rejected_with_their_reason() -> None:
    years = {(r.cell, r.reason) for r in extract(DRAWINGS["years"]).rejected}
    assert years == {("H3", "other_entity"), ("I3", "target"), ("F4", "definition")}
    plan = {(r.cell, r.reason) for r in extract(DRAWINGS["plan"]).rejected}
    assert plan == {("C4", "target"), ("C5", "target")}


def test_month_figures_beside_a_running_stock_are_left_out() -> None:
    assert ("G4", "out_of_domain") in {(r.cell, r.reason) for r in extract(DRAWINGS["dropout"]).rejected}


def test_ten_thousands_become_persons() -> None:
    found = extract("云川市2024年教育情况\n单位:万人\n地区 | 在校生数\n北湖区 | 1.25\n南坡县 | 3")
    assert [(m.value, m.unit) for m in found.mentions] == [(12500, "person"), (30000, "person")]
