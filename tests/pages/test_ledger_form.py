"""The ledger of findings as a form: lists to choose from, days in order, and every row back as a finding."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

import pytest

from db.records import Severity
from db.records_findings import FindingState
from etl.findings import extract_findings
from etl.pipeline import extract, problems
from etl.readers import read_file
from pages.exports.template import template_bytes
from pages.ui.form_book import Filing, FormUnit, form_book
from tests.pages.form_filing import CATALOGUE, COUNTY
from tests.pages.spreadsheet import Office

FORM = CATALOGUE.form("findings_ledger")
SHEET = "问题整改台账"
SCHOOLS = tuple(f"{COUNTY}第{n}实验学校小学部" for n in range(1, 41))
FOUND = date(2026, 10, 8)


@pytest.fixture
def office() -> Office:
    assert FORM is not None
    units = [FormUnit("PRI", n, f"21340{n:05d}", name) for n, name in enumerate(SCHOOLS)]
    return Office(template_bytes(form_book(Filing(FORM, "SY2026-T1", COUNTY), units, {}, CATALOGUE)))


def read(content: bytes) -> tuple[list[object], list[object], list[str]]:
    reading = read_file("台账.xlsx", content)
    found = extract(reading, CATALOGUE, "台账.xlsx")
    told = problems(reading, found, CATALOGUE, "台账.xlsx")
    asked = [f"{one.code} {one.sheet} {one.cell}" for one in told if one.severity is not Severity.NOTE]
    return list(extract_findings(reading, CATALOGUE, name="台账.xlsx")), [one.code for one in told], asked


def test_it_is_one_sheet_of_numbered_blank_rows(office: Office) -> None:
    sheet = office.book[SHEET]
    assert office.book.sheetnames == [SHEET, "可选项", "填表说明"]
    assert sheet["A1"].value == f"{COUNTY}2026—2027学年第一学期学校卫生与食品安全问题整改台账"
    assert [cell.value for cell in sheet[3]] == [
        "序号", "检查日期", "学校", "检查类型", "问题描述", "类别", "整改措施", "整改期限", "完成日期", "是否销号",
    ]  # fmt: skip
    assert [sheet.cell(row, 1).value for row in (4, 63)] == ["1", "60"]
    assert sheet.cell(4, 1).protection.locked
    assert not any(cell.protection.locked for cell in sheet[4][1:])


def test_long_lists_stand_on_a_sheet_that_intake_leaves_alone(office: Office) -> None:
    lists = office.book["可选项"]
    assert lists["A1"].value == "仅供对照,不作上报"
    assert [lists.cell(row, 1).value for row in (2, 3, 42)] == ["学校", SCHOOLS[0], SCHOOLS[-1]]
    rules = {
        str(rule.sqref): rule.formula1
        for rule in office.book[SHEET].data_validations.dataValidation
        if rule.type == "list"
    }
    assert rules["C4:C63"] == "'可选项'!$A$3:$A$42"
    assert rules["J4:J63"] == '"是,否"'
    assert rules["F4:F63"].startswith('"食品留样,')


@pytest.mark.parametrize(
    ("address", "value", "fine"),
    [
        ("B4", FOUND, True), ("B4", "去年", False), ("B4", 3, False), ("H4", FOUND, True),
        ("H4", date(2026, 10, 7), False), ("I4", date(2026, 10, 7), False), ("I4", date(2026, 10, 9), True),
    ],
)  # fmt: skip
def test_days_are_days_and_in_order(office: Office, address: str, value: object, fine: bool) -> None:
    office.type_in(SHEET, "B4", FOUND)
    office.type_in(SHEET, address, value)
    assert office.accepts(SHEET, address) is fine


def test_an_untouched_ledger_says_that_nothing_was_filled_in(office: Office) -> None:
    found, codes, _ = read(office.save())
    assert (found, codes) == ([], ["not_filled_in"])


def test_every_row_comes_back_as_a_finding(office: Office) -> None:
    random = Random(4)
    expected = []
    for row, category in enumerate(CATALOGUE.finding_categories, 4):
        school, closed = random.choice(SCHOOLS), random.random() < 0.5
        day = date(2026, 10, random.randint(8, 30))
        cells = {
            "B": day,
            "C": school,
            "D": "秋季专项",
            "E": f"第{row}项待办事宜",
            "F": category.name_zh,
            "H": date(2026, 11, 20),
        }
        cells |= {"I": date(2026, 11, 10), "J": "是"} if closed else {"J": "否"}
        for column, value in cells.items():
            office.type_in(SHEET, f"{column}{row}", value)
            assert office.accepts(SHEET, f"{column}{row}")
        state = FindingState.RECTIFIED if closed else FindingState.OPEN
        expected.append((category.code, school, state, day, date(2026, 11, 20), f"E{row}", "SY2026-T1"))
    found, _, asked = read(office.save())
    assert asked == []
    told = [
        (f.category, f.entity, f.state, f.found_on, f.due_on, f.evidence.cell, f.period)  # type: ignore[attr-defined]
        for f in found
    ]
    assert told == expected


def test_a_day_that_cannot_be_is_named_by_intake(office: Office) -> None:
    for column, value in {
        "B": FOUND,
        "C": SCHOOLS[0],
        "E": "留样不足",
        "H": date(2026, 11, 1),
        "I": datetime(2026, 9, 30),
    }.items():
        office.type_in(SHEET, f"{column}4", value)
    _, _, asked = read(office.save())
    assert [one for one in asked if one.startswith("B36")] == [f"B36 {SHEET} I4"]
