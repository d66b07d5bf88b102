"""The workbook of a form: what is locked, what a cell lets in, what the sums and colours say, how it prints."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import replace
from random import Random

import openpyxl
import pytest

from db.catalogue import Form
from pages.exports.template import template_bytes
from pages.exports.template_model import Column, Row, Sheet, Template, Words
from pages.ui.form_book import Filing, FormUnit, form_book
from tests.pages.form_filing import CATALOGUE, COUNTY, FORMS, Filled, periods_of, units_of
from tests.pages.spreadsheet import Office

CHECK = CATALOGUE.form("vaccination_check")
CHANGES = CATALOGUE.form("pupil_changes")
CANTEENS = CATALOGUE.form("canteen_inspection")
RED, AMBER = "FFC7CE", "FFEB9C"


def filing(form: Form | None, n: int = 3, last: float | None = None) -> Filled:
    assert form is not None
    return Filled(form, periods_of(form)[0], units_of(form, n), last)


def place(filled: Filled, key: str, row: int = 0, stage: str = "PRI") -> tuple[str, str]:
    unit = [each for each in filled.units if each.stage == stage][row]
    column = next(each for each in filled.form.columns_of(unit.stage) if each.key == key)
    return filled.sheet(unit), filled.address(unit, column)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_only_cells_to_be_filled_in_are_open(form: Form) -> None:
    filled = filing(form)
    typed = {
        (filled.sheet(unit), filled.address(unit, column))
        for unit in filled.units for column in form.columns_of(unit.stage) if not column.is_computed
    }  # fmt: skip
    open_cells = {
        (sheet.title, cell.coordinate)
        for sheet in filled.office.book.worksheets for row in sheet.iter_rows(min_row=3) for cell in row
        if not cell.protection.locked
    }  # fmt: skip
    assert open_cells == typed
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in filled.office.book.worksheets)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_nothing_is_cut_off_by_the_limits_of_the_format(form: Form) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the writer warns where a message or formula is too long and leaves it out
        filing(form, 3, 123456.0)


def test_the_sheet_is_headed_and_prints_on_a4() -> None:
    sheet = filing(CHECK).office.book["小学"]
    assert sheet["A1"].value == f"{COUNTY}2026—2027学年第一学期小学新生预防接种证查验情况汇总表"
    assert [cell.value for cell in sheet[2] if cell.value] == [f"填报单位：{COUNTY}", "填报日期：", "单位：人、剂次、%"]
    assert {"I3:J3", "K3:L3", "A3:A4", "C3:C4"} <= {str(each) for each in sheet.merged_cells.ranges}
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)  # one page wide
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$4", "C5")
    assert sheet["A9"].value.startswith("注：应查验人数")
    assert sheet["A10"].value.startswith("填表人：")


def test_codes_stay_text_and_units_without_codes_are_numbered() -> None:
    filled = filing(CHECK)
    assert [filled.office.book["小学"].cell(5, col).value for col in (1, 2)] == ["2134000001", "鹤溪县河西镇中心小学"]
    assert CHECK is not None
    plain = Filled(CHECK, "SY2026-T1", units_of(CHECK, 2, coded=False)).office.book["小学"]
    assert [plain.cell(row, 1).value for row in (3, 5, 6)] == ["序号", "1", "2"]


@pytest.mark.parametrize("name", ["=1+1", "+SUM(A1)", "-2+3", "@A1", '=HYPERLINK("http://x")'])
def test_a_name_is_never_a_formula(name: str) -> None:
    assert CHECK is not None
    content = template_bytes(
        form_book(Filing(CHECK, "SY2026-T1", name), [FormUnit("PRI", 1, name, name)], {}, CATALOGUE)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content))["小学"]
    assert [sheet.cell(5, col).data_type for col in (1, 2)] == ["s", "s"]
    assert [sheet.cell(5, col).value for col in (1, 2)] == [name, name]
    assert sheet["A1"].data_type == "s"


def test_formulas_carry_the_value_they_have_come_to() -> None:
    """A program that only reads the file finds nothing in an empty sum, not a nought and not a missing result."""
    with zipfile.ZipFile(io.BytesIO(filing(CHANGES, 2, 300.0).content)) as package:
        xml = package.read("xl/worksheets/sheet2.xml").decode()
    sums = re.findall(r'<c r="([A-Z]+)7"([^>]*)><f>[^<]*</f><v>([^<]*)</v>', xml)
    assert [(col, value.strip()) for col, _, value in sums if value.strip()] == [("C", "600")]
    assert all('t="str"' in look for col, look, value in sums if not value.strip())


def test_a_sum_appears_when_the_whole_column_is_filled_in() -> None:
    filled = filing(CHECK)
    sheet, first = place(filled, "due")
    total = first[0] + str(int(first[1:]) + 3)
    for n, value in enumerate((100, 120), 5):
        filled.office.type_in(sheet, f"C{n}", value)
    assert openpyxl.load_workbook(io.BytesIO(filled.office.save()))[sheet][total].value is None
    whole = filing(CHECK)
    for n, value in enumerate((100, 120, 80), 5):
        whole.office.type_in(sheet, f"C{n}", value)
    assert openpyxl.load_workbook(io.BytesIO(whole.office.save()))[sheet][total].value == 300


@pytest.mark.parametrize(
    ("key", "value", "fine"),
    [
        ("due", 0, True), ("due", 12, True), ("due", -1, False), ("due", 1.5, False), ("due", "十二", False),
        ("done", 100, True), ("done", 101, False), ("done", 1.5, False), ("done", "不适用", False), ("doses", 101, True),
    ],
)  # fmt: skip
def test_what_a_cell_lets_in(key: str, value: object, fine: bool) -> None:
    filled = filing(CHECK)
    filled.office.type_in(*place(filled, "due"), 100)
    filled.office.type_in(*place(filled, key), value)
    assert filled.office.accepts(*place(filled, key)) is fine


@pytest.mark.parametrize(("value", "fine"), [("不适用", True), (2, True), (3, False), ("没有", False)])
def test_where_something_may_not_apply_that_may_be_said(value: object, fine: bool) -> None:
    filled = filing(CANTEENS)
    filled.office.type_in(*place(filled, "canteens"), 2)
    filled.office.type_in(*place(filled, "inspected"), value)
    assert filled.office.accepts(*place(filled, "inspected")) is fine


def test_the_refusal_says_what_is_wrong() -> None:
    filled = filing(CHECK)
    sheet, address = place(filled, "caught")
    rule = next(
        each for each in filled.office.book[sheet].data_validations.dataValidation if address in each.sqref
    )  # fmt: skip
    assert rule.error == "“已补种/人数”须为0或正整数,且不能大于“需补种/人数”。"
    assert (rule.showErrorMessage, rule.errorStyle) == (True, None)  # none given: the value is stopped


def test_a_remark_offers_its_list_and_takes_other_words() -> None:
    filled = filing(CATALOGUE.form("dropout_monthly"))
    sheet, address = place(filled, "remark")
    rules = filled.office.book[sheet].data_validations.dataValidation
    [rule] = [each for each in rules if address in each.sqref]
    assert (rule.type, rule.formula1, rule.showErrorMessage) == ("list", '"零报告"', False)


def test_a_sum_that_does_not_come_out_is_red() -> None:
    filled = filing(CHANGES)
    filled.fill(Random(2))
    sheet, address = place(filled, "closing")
    assert filled.office.colours(sheet, address) == []
    filled.office.type_in(sheet, address, int(filled.office.book[sheet][address].value) + 1)
    assert filled.office.colours(sheet, address) == [RED]
    filled.office.type_in(*place(filled, "died"), None)
    assert filled.office.colours(sheet, address) == []  # not all is filled in yet


@pytest.mark.parametrize(("value", "colours"), [(500, []), (590, []), (601, [AMBER]), (399, [AMBER]), (None, [])])
def test_a_count_far_from_last_year_is_amber(value: int | None, colours: list[str]) -> None:
    filled = filing(CATALOGUE.form("school_basics"), 2, 500.0)
    spot = place(filled, "teachers")
    filled.office.type_in(*spot, value)
    assert filled.office.colours(*spot) == colours


def test_last_year_stands_in_the_message_of_the_cell_and_on_a_sheet_of_its_own() -> None:
    filled = filing(CHECK, 3, 1234.0)
    spot = place(filled, "due", 1)
    assert filled.office.message(*spot) == "2025—2026学年第一学期 1,234"
    last = filled.office.book["上年数(小学)"]
    assert last["A1"].value == f"{COUNTY}2025—2026学年第一学期小学新生预防接种证查验情况汇总表"
    assert last["A2"].value == "仅供对照,不作上报"
    assert last[spot[1]].value == 1234
    assert filled.office.book.sheetnames == ["幼儿园", "小学", "上年数(幼儿园)", "上年数(小学)", "填表说明"]
    assert filing(CHECK).office.book.sheetnames == ["幼儿园", "小学", "填表说明"]


def test_the_guide_explains_the_form() -> None:
    sheet = filing(CHECK).office.book["填表说明"]
    lines = [str(row[0].value) for row in sheet.iter_rows()]
    assert lines[0] == "预防接种证查验情况汇总表"
    assert any("没有的填0" in line for line in lines)
    assert lines[-1].startswith("应查验人数含新入学和转入")


def test_many_rows_take_one_rule_for_a_column() -> None:
    """A message for each of very many cells would make the file slow to open; the rule stays."""
    words = Words("合计", "不读", "不适用", "填整数", "{part}{whole}", "", "填日期", "可选项", "上年")
    rows = tuple(Row((str(n), f"学校{n}"), (None,) * 3, (5,) * 3) for n in range(7000))
    sheet = Sheet(
        "表",
        "题",
        ("", "", ""),
        ("代码", "名称"),
        (Column(("甲",)), Column(("乙",)), Column(("丙",))),
        rows,
        (),
        "上年",
        "题",
    )
    book = Template("局", (sheet,), "说明", ("说明",), words, (20, 30))
    [held, *_] = openpyxl.load_workbook(io.BytesIO(template_bytes(book))).worksheets
    assert [str(rule.sqref) for rule in held.data_validations.dataValidation] == ["C4:C7003", "D4:D7003", "E4:E7003"]
    few = replace(book, sheets=(replace(sheet, rows=rows[:2]),))
    assert len(Office(template_bytes(few)).book["表"].data_validations.dataValidation) == 6


def test_a_form_without_rows_is_no_workbook() -> None:
    assert CHECK is not None
    with pytest.raises(ValueError, match="vaccination_check"):
        form_book(Filing(CHECK, "SY2026-T1", COUNTY), [], {}, CATALOGUE)
